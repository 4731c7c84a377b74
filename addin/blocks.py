"""What is asked of one sheet of the open workbook, block by block, through the objects of xlwings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from addin.areas import Place, spelled
from addin.cells import as_excel, as_raw, format_for
from workbook.findings import Cell, Refusal
from workbook.raw import Merge, RawSheet, RawValue

if TYPE_CHECKING:
    import xlwings

MIXED = object()
"""What `one_colour` says of cells that differ."""
_BLOCK, _MOST = 200_000, 5_000_000


def read_sheet(sheet: xlwings.Sheet) -> RawSheet:
    """One sheet as the reader gives it."""
    bottom, right = last_place(sheet)
    rows = list(read_rows(sheet, bottom, right))
    while rows and rows[-1].count(None) == len(rows[-1]):
        rows.pop()
    return RawSheet(str(sheet.name), rows, shown(sheet), merges_of(sheet), notes_of(sheet))


def merges_of(sheet: xlwings.Sheet) -> tuple[Merge, ...]:
    """The merged ranges of a sheet."""
    return tuple(sorted(set(_merges(sheet, Merge(1, 1, *last_place(sheet))))))


def shown(sheet: xlwings.Sheet) -> bool:
    """Excel itself says -1 for a visible sheet, 2 for one that is very hidden."""
    return sheet.visible in (True, -1)


def last_place(sheet: xlwings.Sheet) -> Place:
    """The last row and column that a sheet uses."""
    used = sheet.used_range
    return used.row + used.shape[0] - 1, used.column + used.shape[1] - 1


def read_rows(sheet: xlwings.Sheet, bottom: int, right: int) -> Iterator[list[RawValue]]:
    """The rows of a sheet from A1 on, in blocks; raises Refusal for a sheet that is used too far down."""
    if bottom * right > _MOST:
        raise Refusal(f"工作表“{sheet.name}”用到了第 {bottom} 行，太大了，没有读。请删去下面的空行，再试一次。")
    step = max(1, _BLOCK // right)
    for top in range(1, bottom + 1, step):
        block = sheet.range((top, 1), (min(top + step - 1, bottom), right))
        yield from as_raw(block.options(ndim=2, err_to_str=True).value)


def _merges(sheet: xlwings.Sheet, area: Merge) -> Iterator[Merge]:
    """The merged ranges that reach into an area: halved where they are mixed with other cells."""
    held = sheet.range(area[:2], area[2:])
    if held.merge_cells is False:
        return
    first = held(1, 1).merge_area
    merge = Merge(first.row, first.column, first.row + first.shape[0] - 1, first.column + first.shape[1] - 1)
    if merge.top <= area.top and merge.left <= area.left and merge.bottom >= area.bottom and merge.right >= area.right:
        yield from (merge,) if merge[:2] != merge[2:] else ()
    elif area.top < area.bottom:
        middle = (area.top + area.bottom) // 2
        yield from _merges(sheet, area._replace(bottom=middle))
        yield from _merges(sheet, area._replace(top=middle + 1))
    else:
        middle = (area.left + area.right) // 2
        yield from _merges(sheet, area._replace(right=middle))
        yield from _merges(sheet, area._replace(left=middle + 1))


def notes_of(sheet: xlwings.Sheet) -> dict[Place, str]:
    """The notes of a sheet."""
    return {(note.location.row, note.location.column): note.text for note in sheet.notes}


def put_note(cell: xlwings.Range, text: str, *, there: bool) -> None:
    """Set the note of one cell, which has one already where it is `there`; an empty text takes it away."""
    held = cell.note if there else None
    if held is None:
        if text:
            cell.add_note(text)
    elif text:
        held.text = text
    else:
        held.delete()


def by_sheet(values: Mapping[Cell, Any]) -> dict[str, dict[Place, Any]]:
    """The same values, sheet by sheet."""
    sheets: dict[str, dict[Place, Any]] = {}
    for cell, value in values.items():
        sheets.setdefault(cell.sheet, {})[cell.row, cell.column] = value
    return sheets


def write_run(sheet: xlwings.Sheet, run: Sequence[Place], values: Sequence[RawValue]) -> None:
    """Write one vertical run, cut where the format must change."""
    first = 0
    wanted = [format_for(value) for value in values]
    for last in range(1, len(run) + 1):
        if last == len(run) or wanted[last] != wanted[first]:
            block = sheet.range(spelled(run[first], run[last - 1]))
            choose = wanted[first]
            code = choose(block.number_format) if choose else None
            if code is not None:
                block.number_format = code
            block.value = [[as_excel(value)] for value in values[first:last]]
            first = last


def one_colour(cells: xlwings.Range, count: int) -> Any:
    """The one colour of some cells; Excel says nothing usable, or black, where they differ."""
    try:
        colour = cells.color
    except (TypeError, ValueError):
        return MIXED
    return MIXED if count > 1 and colour == (0, 0, 0) else colour
