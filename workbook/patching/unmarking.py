"""Our marks taken out again: exactly where nobody else saved the file, by what they look like where somebody did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workbook.findings import Cell
from workbook.patching.archive import repacked
from workbook.patching.grid import Grid
from workbook.patching.listing import remove_sheet
from workbook.patching.marking import BEGIN
from workbook.patching.package_edit import PackageEdit, SheetEntry
from workbook.patching.record import is_recorded, recorded, restored
from workbook.patching.references import place, whole
from workbook.patching.result_sheet import BEFORE, HEADER_ROW, HEADERS, NOW, TITLE
from workbook.patching.style_part import styles_of
from workbook.patching.styles import Styles, value_of
from workbook.patching.unnoting import remove_notes
from workbook.raw import RawValue
from workbook.reading.sheetxml import read_cells
from workbook.reading.stringsxml import shared_strings

_SHEET_COLUMN, _PLACE_COLUMN = HEADERS.index("表") + 1, HEADERS.index("位置") + 1


class Listed(NamedTuple):
    """What 校验结果 says of marked cells, in this file's style numbers: by cell, and by style (now → before)."""

    cells: Mapping[Cell, tuple[int, int]]
    styles: Mapping[int, int]


def without_marks(book: PackageEdit) -> bytes:
    """The workbook without our marks; the very same bytes where it has none."""
    results = _results(book)
    if results is not None:
        undo = recorded(book.part(results.relation.target).data)
        before = restored(book.package, undo) if undo else None
        if before is not None:
            return repacked(book.package, before)
    if results is None and not _noted(book):
        return book.package.data
    _remove(book, results)
    return book.result()


def _results(book: PackageEdit) -> SheetEntry | None:
    """Our sheet; one of that name with other headers is not ours."""
    entry = next((sheet for sheet in book.sheets() if sheet.name == TITLE), None)
    if entry is None or entry.relation.kind != "worksheet" or len(book.outline.sheets) < 2:
        return None
    if is_recorded(book.part(entry.relation.target).data):
        return entry
    headers = _values(book, entry).get(HEADER_ROW, {})
    return entry if [headers.get(at) for at in range(1, len(HEADERS) + 1)] == list(HEADERS) else None


def _values(book: PackageEdit, entry: SheetEntry) -> dict[int, dict[int, RawValue]]:
    part, strings = entry.relation.target, shared_strings(book.package, book.outline.strings)
    return read_cells(book.package.pieces(part), part, entry.name, strings, [], book.outline.epoch1904).rows


def _noted(book: PackageEdit) -> bool:
    """Whether a note of ours is left in a file whose 校验结果 is gone."""
    related = (book.related(sheet.part, "comments") for sheet in book.outline.sheets)
    return any(BEGIN.encode() in book.part(one.target).data for one in related if one and book.has(one.target))


def _remove(book: PackageEdit, results: SheetEntry | None) -> None:
    listed = _listed(book, results) if results else Listed({}, {})
    styles = styles_of(book)
    fills = {_fill(styles, style) for style in listed.styles}
    for sheet in book.outline.sheets:
        if results is not None and sheet.part == results.relation.target:
            continue
        grid = Grid(book.part(sheet.part))
        if fills:
            _uncolour(grid, sheet.name, listed, styles, fills)
        remove_notes(book, sheet.part, grid)
    if results is not None:
        remove_sheet(book, results)
    styles.finish()


def _listed(book: PackageEdit, results: SheetEntry) -> Listed:
    grid = Grid(book.part(results.relation.target))
    cells: dict[Cell, tuple[int, int]] = {}
    styles: dict[int, int] = {}
    values = _values(book, results)
    for row in grid.rows:
        held, said = grid.cells(row), values.get(row.number, {})
        both = grid.style_of(row, NOW, held.get(NOW)), grid.style_of(row, BEFORE, held.get(BEFORE))
        if row.number <= HEADER_ROW or both[0] == both[1]:
            continue
        styles.setdefault(*both)
        cells[Cell(str(said.get(_SHEET_COLUMN, "")), *place(str(said.get(_PLACE_COLUMN, ""))))] = both
    return Listed(cells, styles)


def _fill(styles: Styles, style: int) -> bytes:
    return value_of(styles.raw("cellXfs", style), "fillId")


def _uncolour(grid: Grid, sheet: str, listed: Listed, styles: Styles, fills: set[bytes]) -> None:
    """Give cells in our colours their own back; what else the clerk changed about them stays."""
    ours = {number for number in range(len(styles.members("cellXfs"))) if _fill(styles, number) in fills}
    held = {grid.visible(cell[1:]): both for cell, both in listed.cells.items() if cell.sheet == sheet}
    for row in grid.rows:
        for column, node in grid.cells(row).items():
            style = whole(node.get("s"))
            if style not in ours:
                continue
            now, before = held.get(grid.visible((row.number, column)), (-1, -1))
            grid.part.set(node, "s", str(_own(styles, style, now, before, listed)))


def _own(styles: Styles, style: int, now: int, before: int, listed: Listed) -> int:
    """The style a cell had before it was marked."""
    if style == now or style in listed.styles:
        return before if style == now else listed.styles[style]
    fill = _fill(styles, before).decode() if before >= 0 else ""
    return styles.changed(style, fillId=fill or "0")
