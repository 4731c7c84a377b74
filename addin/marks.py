"""Marks in the open workbook: colours, notes and the sheet 校验结果, all of which go again; and the way through them.

A mark is known by its note, which moves with its cell, and by the row of 校验结果 that
says what the cell looked like. A file that was marked by the command line looks the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from addin.areas import Place, first_of
from addin.busy import passing
from addin.results import Listed, Look, colour_of, cursor, listed, looks, move_cursor, remove, write
from addin.sheet import Colour, OpenBook
from workbook.findings import Cell, Finding, Refusal, Severity
from workbook.patching.marking import BEGIN, gravity, note_text, without_marks, worst
from workbook.patching.notes import MOST_NOTES
from workbook.raw import Merge, RawBook
from workbook.schema import GENERATED_SHEETS

_OURS = frozenset(map(colour_of, Severity))
NOTHING_MARKED = "这本台账还没有校验，或标记已经清除。请先点“校验”。"


class Marked(NamedTuple):
    """What was marked; `refused` are the sheets that take no colours and notes because they are protected."""

    cells: int
    refused: tuple[str, ...]


def mark(book: OpenBook, raw: RawBook, findings: Sequence[Finding]) -> Marked:
    """Colour and note every finding's cell and list all of them; marks of an earlier check go first.

    Where it fails half-way the marks that are there go again. Raises Refusal where the
    structure of the workbook is protected or a sheet 校验结果 is someone else's.
    """
    with book.still():
        _clear(book)
        try:
            return _mark(book, raw, findings)
        except BaseException:
            _clear(book)
            raise


def clear(book: OpenBook) -> int:
    """Take every mark of ours away and say how many cells had one; what the clerk wrote or coloured stays."""
    with book.still():
        return _clear(book)


def _mark(book: OpenBook, raw: RawBook, findings: Sequence[Finding]) -> Marked:
    shown, merges = _shown(raw, findings), _merges(raw)
    given = {Cell(sheet, *place): Look(colour_of(worst(cells[place])), colour) for sheet, cells in shown.items()
             for place, colour in book.colours(sheet, cells).items()}
    named = {one.cell: _first(merges, one.cell) for one in findings if one.cell is not None}
    write(book, findings, {cell: given[first] for cell, first in named.items() if first in given})
    refused = []
    for number, (sheet, cells) in enumerate(shown.items(), 1):
        book.tell(f"正在标注工作表 {number}/{len(shown)}：{sheet}")
        try:
            _mark_sheet(book, sheet, cells)
        except Exception as why:
            if passing(why):
                raise
            refused.append(sheet)
    return Marked(len(given), tuple(refused))


def _mark_sheet(book: OpenBook, sheet: str, cells: Mapping[Place, list[Finding]]) -> None:
    by_colour: dict[Colour, list[Place]] = defaultdict(list)
    for place, held in cells.items():
        by_colour[colour_of(worst(held))].append(place)
    for colour, places in by_colour.items():
        book.paint(sheet, colour, places)
    own = book.notes(sheet)
    noted = sorted(cells.items(), key=lambda item: (gravity(item[1]), item[0]))[:MOST_NOTES]
    book.put_notes(sheet, {place: "\n".join(filter(None, (own.get(place), BEGIN, note_text(held))))
                           for place, held in noted}, own)


def _merges(raw: RawBook) -> dict[str, tuple[Merge, ...]]:
    return {sheet.name: sheet.merges for sheet in raw.sheets}


def _first(merges: Mapping[str, Iterable[Merge]], cell: Cell) -> Cell:
    return Cell(cell.sheet, *first_of(merges.get(cell.sheet, ()), (cell.row, cell.column)))


def _shown(raw: RawBook, findings: Iterable[Finding]) -> dict[str, dict[Place, list[Finding]]]:
    """The open findings by sheet and by the cell that shows them."""
    sheets: dict[str, dict[Place, list[Finding]]] = {}
    merges = _merges(raw)
    for one in findings:
        if one.cell is not None and one.open and one.cell.sheet in merges:
            sheet, row, column = _first(merges, one.cell)
            sheets.setdefault(sheet, {}).setdefault((row, column), []).append(one)
    return sheets


def _clear(book: OpenBook) -> int:
    found = listed(book)
    held = looks(book, found) if found else {}
    names = [name for name in book.sheets if name not in GENERATED_SHEETS]
    stuck, count = [], 0
    for number, sheet in enumerate(names, 1):
        book.tell(f"正在清除标记 {number}/{len(names)}：{sheet}")
        try:
            count += _clear_sheet(book, sheet, [(cell, one) for cell, one in held.items() if cell.sheet == sheet])
        except Exception as why:
            if passing(why):
                raise
            stuck.append(f"“{sheet}”")
    if stuck:
        raise Refusal(f"工作表{'、'.join(stuck)}受保护，标记去不掉。请先在“审阅”里撤销工作表保护，再试一次。")
    remove(book)
    return count


def _clear_sheet(book: OpenBook, sheet: str, listed_looks: Sequence[tuple[Cell, Look]]) -> int:
    """Give the cells of one sheet their own colours and notes back, wherever they stand now."""
    merges = book.merges(sheet) if listed_looks else ()
    held = {first_of(merges, (cell.row, cell.column)): one for cell, one in listed_looks}
    notes = {place: text for place, text in book.notes(sheet).items() if BEGIN in text}
    wanted = placed(held, notes)
    now = _colours_now(book, sheet, wanted)
    by_colour: dict[Colour | None, list[Place]] = defaultdict(list)
    for place, one in wanted.items():
        if now[place] in _OURS or now[place] == one.now:
            by_colour[one.before].append(place)
    for colour, places in by_colour.items():
        book.paint(sheet, colour, places)
    if notes:
        book.put_notes(sheet, {place: without_marks(text) for place, text in notes.items()}, notes)
    return sum(map(len, by_colour.values()))


def _colours_now(book: OpenBook, sheet: str, wanted: Mapping[Place, Look]) -> dict[Place, Colour | None]:
    """Asked for together where they should be alike."""
    now: dict[Place, Colour | None] = {}
    for colour in {one.now for one in wanted.values()}:
        now |= book.colours(sheet, [place for place, one in wanted.items() if one.now == colour])
    return now


def placed(held: Mapping[Place, Look], notes: Collection[Place]) -> dict[Place, Look]:
    """The same looks by the cells they belong to now: rows may have come or gone, and our notes went along.

    Where notes are missing it cannot be told which; then a cell that moved had what most had.
    """
    if len(notes) == len(held):
        return dict(zip(sorted(notes, key=_by_column), (held[place] for place in sorted(held, key=_by_column)),
                        strict=True))
    usual = Counter(held.values()).most_common(1)[0][0] if held else Look(None, None)
    return dict.fromkeys(notes, usual) | dict(held)


def _by_column(place: Place) -> Place:
    return place[1], place[0]


def step(book: OpenBook, by: int) -> str:
    """Select the finding that comes `by` places after the one the clerk is at, and say what it is.

    Raises Refusal where nothing is marked.
    """
    found = listed(book)
    if found is None:
        raise Refusal(NOTHING_MARKED)
    shown = set(filter(book.visible, {one.cell.sheet for one in found}))
    stops = list({one.cell: one for one in reversed(found) if one.cell.sheet in shown}.values())[::-1]
    if not stops:
        raise Refusal("问题都在隐藏的工作表里，见“校验结果”。" if found else "没有要处理的格子。")
    at = _at(book, stops, by) % len(stops)
    one = stops[at]
    move_cursor(book, one.row)
    cell = _now(book, found, one.cell)
    book.go(cell.sheet, cell.a1)
    return f"{at + 1}/{len(stops)} {one.level} {cell} {one.text}"


def _at(book: OpenBook, stops: Sequence[Listed], by: int) -> int:
    """Where to go: from the finding that is selected, else from the one that was shown last."""
    place, last = book.selected(), cursor(book)
    here = Cell(place.sheet, place.row, place.column) if place else None
    at = next((number for number, one in enumerate(stops) if one.cell == here), None)
    if at is None:
        at = next((number for number, one in enumerate(stops) if one.row == last), None)
    if at is None:
        return 0 if by > 0 else -1
    return at + by


def _now(book: OpenBook, found: Sequence[Listed], cell: Cell) -> Cell:
    """Where a marked cell stands now, where its note is no longer at the place that is listed."""
    if BEGIN in book.noted(cell.sheet, (cell.row, cell.column)):
        return cell
    places = sorted({(one.cell.row, one.cell.column) for one in found if one.cell.sheet == cell.sheet}, key=_by_column)
    notes = sorted((at for at, text in book.notes(cell.sheet).items() if BEGIN in text), key=_by_column)
    moved = dict(zip(places, notes, strict=True)) if len(places) == len(notes) else {}
    return Cell(cell.sheet, *moved.get((cell.row, cell.column), (cell.row, cell.column)))
