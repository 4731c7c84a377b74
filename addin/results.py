"""The sheet 校验结果 in the open workbook: the same rows as in a marked file, and what each cell looked like before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from addin.areas import Place, areas, rows
from addin.busy import passing
from addin.cells import taken_for_else
from addin.sheet import Colour, OpenBook
from workbook.findings import Cell, Finding, Refusal, Severity
from workbook.patching.marking import COLOURS
from workbook.patching.marks import RESULTS_TAKEN
from workbook.patching.references import place
from workbook.patching.result_sheet import BEFORE, HEADER_ROW, HEADERS, NOW, TITLE, WIDTHS, legend, summary, texts
from workbook.standard import look

if TYPE_CHECKING:
    import xlwings

_LEVEL, _LINK, _TEXT_COLUMNS, _LONG_COLUMNS, _NUMBERS = 2, 4, (3, 5, 7, 8), (9, 10, 11, 12), (1, 6)
_CURSOR = (2, NOW)
_NONE = "无"
_NOT_ADDED = "工作簿的结构受保护，加不进工作表“校验结果”。请先在“审阅”里撤销工作簿保护，再校验一次。"
_READ_ONLY = "台账是只读打开的，加不进工作表“校验结果”。请另存一份，再校验一次。"
_NOT_REMOVED = "工作簿的结构受保护，删不掉工作表“校验结果”。请先在“审阅”里撤销工作簿保护，再试一次。"


class Listed(NamedTuple):
    """A row of the sheet that names a cell; `row` is its own, `now` and `before` say its colours ("" where unsaid)."""

    row: int
    cell: Cell
    level: str
    text: str
    now: str = ""
    before: str = ""


class Look(NamedTuple):
    """The colour a cell was given and the one it had."""

    now: Colour | None
    before: Colour | None


def colour_of(severity: Severity) -> Colour:
    """The colour of a mark, as red, green and blue."""
    number = COLOURS[severity]
    return number >> 16, number >> 8 & 255, number & 255


def listed(book: OpenBook) -> list[Listed] | None:
    """What the sheet says, row by row; None where the workbook has none of ours."""
    if TITLE not in book.sheets:
        return None
    held = [[str(value) if value is not None else "" for value in row] for row in book.values(TITLE, BEFORE)]
    if len(held) < HEADER_ROW or tuple(held[HEADER_ROW - 1][:len(HEADERS)]) != HEADERS:
        return None
    return [Listed(number, Cell(row[4], *place(row[3])), row[1], f"{row[2]}：{row[9]}{row[10]}", *row[NOW - 1:])
            for number, row in enumerate(held, 1) if number > HEADER_ROW and row[3] and row[4]]


def looks(book: OpenBook, found: Sequence[Listed]) -> dict[Cell, Look]:
    """What each coloured cell was made to look like, and what it looked like before, by the cell a row names.

    Said in words; a file that was marked by the command line says it with colours alone.
    """
    if any(one.now for one in found):
        return {one.cell: Look(_said(one.now), _said(one.before)) for one in reversed(found) if one.now}
    now, before = (book.colours(TITLE, [(one.row, column) for one in found]) for column in (NOW, BEFORE))
    return {one.cell: Look(now[one.row, NOW], before[one.row, BEFORE]) for one in reversed(found)
            if now[one.row, NOW] is not None}


def _word(colour: Colour | None) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour) if colour else _NONE


def _said(word: str) -> Colour | None:
    return _rgb(word) if word[:1] == "#" else None


def remove(book: OpenBook) -> None:
    """Take the sheet out; raises Refusal where the workbook is protected or the sheet is someone else's."""
    if TITLE not in book.sheets:
        return
    if listed(book) is None:
        raise Refusal(RESULTS_TAKEN)
    try:
        book.book.sheets[TITLE].delete()
    except Exception as why:
        if passing(why):
            raise
        raise Refusal(_NOT_REMOVED) from why


def write(book: OpenBook, findings: Sequence[Finding], given: Mapping[Cell, Look]) -> None:
    """Add the sheet as the last; `given` are the looks of the cells that findings name.

    Raises Refusal where the structure of the workbook is protected.
    """
    sheet = _added(book)
    _frame(sheet, findings)
    _body(sheet, findings, given)
    by_colour: dict[tuple[int, Colour], list[int]] = defaultdict(list)
    for row, one in enumerate(findings, HEADER_ROW + 1):
        by_colour[_LEVEL, colour_of(one.severity)].append(row)
        held = given.get(one.cell) if one.cell is not None else None
        for column, colour in ((NOW, held.now), (BEFORE, held.before)) if held else ():
            if colour is not None:
                by_colour[column, colour].append(row)
    for (column, colour), numbers in by_colour.items():
        book.paint(TITLE, colour, [(number, column) for number in numbers])


def cursor(book: OpenBook) -> int:
    """The row of the finding that was shown last; 0 for none."""
    held = book.book.sheets[TITLE].range(_CURSOR).value
    return int(held) if isinstance(held, int | float) else 0


def move_cursor(book: OpenBook, row: int) -> None:
    with book.aside():
        book.book.sheets[TITLE].range(_CURSOR).value = row


def _added(book: OpenBook) -> xlwings.Sheet:
    sheets = book.book.sheets
    try:
        return sheets.add(TITLE, after=sheets[-1])
    except Exception as why:
        if passing(why):
            raise
        raise Refusal(_READ_ONLY if book.read_only else _NOT_ADDED) from why


def _frame(sheet: xlwings.Sheet, findings: Sequence[Finding]) -> None:
    """Widths, heights, the two lines on top and the header."""
    whole = sheet.range((1, 1), (HEADER_ROW + len(findings), len(HEADERS)))
    whole.font.name, whole.font.size = look.FONT, look.BODY_SIZE
    for at, width in enumerate(WIDTHS, 1):
        sheet.range((1, at)).column_width = width + look.CELL_PADDING
    sheet.range((1, NOW), (1, BEFORE)).columns.hidden = True
    sheet.range((1, 1), (2, 1)).value = [[summary(findings)], [legend(findings)]]
    sheet.range((1, 1)).font.bold, sheet.range((1, 1)).font.size = True, 14
    header = sheet.range((HEADER_ROW, 1), (HEADER_ROW, len(HEADERS)))
    header.value = [list(HEADERS)]
    header.color, header.font.color, header.font.bold = _rgb(look.NAVY), (255, 255, 255), True


def _body(sheet: xlwings.Sheet, findings: Sequence[Finding], given: Mapping[Cell, Look]) -> None:
    if not findings:
        return
    said = [texts(number, one) for number, one in enumerate(findings, 1)]
    first, last = HEADER_ROW + 1, HEADER_ROW + len(said)
    sheet.range((first, 1), (last, len(HEADERS))).wrap_text = True
    by_height: dict[float, list[int]] = defaultdict(list)
    for row, cells in enumerate(said, first):
        lines = max(look.lines(text, width) for text, width in zip(cells, WIDTHS, strict=True))
        by_height[look.height(lines) * 0.75].append(row)
    for height, numbers in by_height.items():
        for address in rows(numbers):
            sheet.range(address).row_height = height
    short = [(row, column) for row in range(first, last + 1) for column in _TEXT_COLUMNS]
    for area in areas((*short, *_risky(said))):
        sheet.range(area.address).number_format = look.TEXT_FORMAT
    sheet.range((first, 1), (last, len(HEADERS))).value = [_row(cells) for cells in said]
    looked = [given.get(one.cell) if one.cell else None for one in findings]
    sheet.range((first, NOW), (last, BEFORE)).value = [[_word(one.now), _word(one.before)] if one else [None, None]
                                                       for one in looked]
    links = sheet.range((first, _LINK), (last, _LINK))
    links.formula = [[_link(cells)] for cells in said]
    links.font.color = _rgb(look.BLUE)


def _risky(said: Sequence[Sequence[str]]) -> list[Place]:
    return [(row, column) for row, cells in enumerate(said, HEADER_ROW + 1) for column in _LONG_COLUMNS
            if taken_for_else(cells[column - 1])]


def _row(cells: Sequence[str]) -> list[object]:
    """A row without its link; 序号 and 行 are numbers."""
    return [None if not text or at == _LINK else int(text) if at in _NUMBERS else text
            for at, text in enumerate(cells, 1)]


def _link(cells: Sequence[str]) -> str:
    """A formula that shows a place and goes there; every program has it."""
    name = cells[4].replace("'", "''").replace('"', '""')
    return f"""=HYPERLINK("#'{name}'!{cells[3]}","{cells[3]}")""" if cells[3] else ""


def _rgb(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
