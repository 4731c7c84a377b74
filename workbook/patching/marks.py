"""Findings shown in a clerk's own file: colours, notes and the sheet 校验结果, all of which go again without trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook.findings import Cell, Finding, Severity
from workbook.patching.grid import Found, Grid, Made
from workbook.patching.listing import add_sheet
from workbook.patching.marking import fills, gravity, note_text, worst
from workbook.patching.notes import put_notes
from workbook.patching.package_edit import PackageEdit, edit, refused
from workbook.patching.record import as_comment
from workbook.patching.references import Place
from workbook.patching.result_sheet import TITLE, Restyled, names, result_sheet
from workbook.patching.style_part import main_vocabulary, styles_of
from workbook.patching.styles import Styles
from workbook.patching.unmarking import without_marks
from workbook.patching.values import blank_cell
from workbook.reading.sniff import Unusable
from workbook.standard.xlsx_cells import MOST_COLUMNS, MOST_ROWS

RESULTS_TAKEN = "工作表“校验结果”不是程序写的，不能覆盖。请给它改个名字再试。"


def marked(data: bytes, findings: Sequence[Finding], *, path: str = "") -> bytes:
    """The workbook with every finding's cell coloured and noted, and the sheet 校验结果 last.

    A finding that was acknowledged is only listed. Marks of an earlier check go first.
    Raises Refusal for what is no .xlsx or .xlsm, a sheet or cell that does not exist, or
    a sheet 校验结果 of someone else's.
    """
    try:
        book = edit(data, path)
        clean = without_marks(book)
        return _marked(book if clean is data else edit(clean, path), findings)
    except Unusable as why:
        raise refused(path, why) from None


def unmarked(data: bytes, *, path: str = "") -> bytes:
    """The workbook without our marks; the same bytes where it has none.

    A file that was only marked comes back part by part as it was. Where another program
    saved it, our sheet, notes and colours go and all else stays. Raises Refusal for what
    is no .xlsx or .xlsm.
    """
    try:
        return without_marks(edit(data, path))
    except Unusable as why:
        raise refused(path, why) from None


def _marked(book: PackageEdit, findings: Sequence[Finding]) -> bytes:
    if any(sheet.name == TITLE for sheet in book.sheets()):
        raise Unusable(RESULTS_TAKEN)
    styles = styles_of(book)
    colours = fills(styles)
    restyled: dict[Cell, Restyled] = {}
    for sheet, cells in _by_sheet(findings).items():
        restyled |= _mark_sheet(book, sheet, cells, styles, colours)
    content = result_sheet(findings, restyled, styles, colours, main_vocabulary(book))
    part = add_sheet(book, TITLE, content, names(findings))
    styles.finish()
    part.put(len(content), len(content), as_comment(book.undo()))
    return book.result()


def _by_sheet(findings: Sequence[Finding]) -> dict[str, dict[Place, list[Finding]]]:
    sheets: dict[str, dict[Place, list[Finding]]] = {}
    for finding in findings:
        if (cell := finding.cell) is None:
            continue
        if not (1 <= cell.row <= MOST_ROWS and 1 <= cell.column <= MOST_COLUMNS):
            raise Unusable(f"工作表“{cell.sheet}”没有第 {cell.row} 行第 {cell.column} 列这一格。请核对位置。")
        if finding.open:
            sheets.setdefault(cell.sheet, {}).setdefault((cell.row, cell.column), []).append(finding)
    return sheets


def _mark_sheet(book: PackageEdit, sheet: str, cells: Mapping[Place, list[Finding]], styles: Styles,
                colours: Mapping[Severity, int]) -> dict[Cell, Restyled]:
    """Colour and note the cells of one sheet; their styles, by the cells that the findings name."""
    place = book.worksheet(sheet)
    grid = Grid(book.part(place))
    shown: dict[Place, list[Finding]] = {}
    for at, held in cells.items():
        shown.setdefault(grid.visible(at), []).extend(held)
    restyled: dict[Place, Restyled] = {}
    grid.change({at: _colouring(grid, styles, colours[worst(held)], restyled) for at, held in shown.items()})
    by_weight = sorted(shown.items(), key=lambda item: (gravity(item[1]), item[0]))
    put_notes(book, place, grid, {at: note_text(held) for at, held in by_weight})
    return {Cell(sheet, *at): restyled[grid.visible(at)] for at in cells}


def _colouring(grid: Grid, styles: Styles, fill: int, restyled: dict[Place, Restyled]) -> Made:
    def colour(found: Found) -> bytes | None:
        new = styles.changed(found.style, fillId=str(fill), applyFill="1")
        restyled[found.row, found.column] = Restyled(new, found.style)
        if found.node is None:
            return blank_cell(grid.part.prefix, found, new)
        grid.part.set(found.node, "s", str(new))
        return None

    return colour

