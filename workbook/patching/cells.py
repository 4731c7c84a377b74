"""Values put into the cells of a clerk's file; whatever is not asked for stays byte for byte."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from workbook.findings import Cell, Refusal
from workbook.patching.formula_cells import drop_formulas
from workbook.patching.grid import Grid, Made
from workbook.patching.package_edit import PackageEdit, edit, refused
from workbook.patching.references import Place, area
from workbook.patching.style_part import styles_of
from workbook.patching.styles import Styles
from workbook.patching.values import Writer, written
from workbook.patching.xmlbytes import Part
from workbook.raw import Merge, RawValue
from workbook.reading.cellvalues import unescaped
from workbook.reading.sniff import Unusable
from workbook.standard.xlsx_cells import MOST_COLUMNS, MOST_ROWS

_AFTER_CALCULATION = ("oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
                      "fileRecoveryPr", "webPublishObjects", "extLst")


def with_cells(data: bytes, changes: Mapping[Cell, RawValue], *, unmerge: Iterable[tuple[str, Merge]] = (),
               path: str = "") -> bytes:
    """The workbook with these values in these cells, and these merged ranges taken apart.

    None clears a cell and keeps its style; a formula gives way to its value. Excel
    calculates anew on opening. Raises Refusal for what is no .xlsx or .xlsm, a sheet or
    cell that does not exist, a cell hidden in a merge, inside an array formula, or the
    header of an Excel table.
    """
    try:
        return _with_cells(edit(data, path), changes, unmerge)
    except Unusable as why:
        raise refused(path, why) from None
    except Refusal as why:
        raise refused(path, why) from None


def _with_cells(book: PackageEdit, changes: Mapping[Cell, RawValue], unmerge: Iterable[tuple[str, Merge]]) -> bytes:
    wanted: dict[str, dict[Place, RawValue]] = {}
    for cell, value in changes.items():
        require_place(*cell)
        wanted.setdefault(cell.sheet, {})[cell.row, cell.column] = value
    merges: dict[str, set[Merge]] = {}
    for sheet, merge in unmerge:
        merges.setdefault(sheet, set()).add(merge)
    styles, dropped = styles_of(book) if wanted else None, False
    for sheet in dict.fromkeys((*wanted, *merges)):
        grid = Grid(book.part(book.worksheet(sheet)))
        if sheet in wanted and styles:
            dropped |= _put(book, grid, sheet, wanted[sheet], styles, merges.get(sheet, set()))
        grid.unmerge(merges.get(sheet, set()))
    if styles:
        styles.finish()
        calculate_on_opening(book.part(book.main))
    if dropped:
        forget_chain(book)
    return book.result()


def _put(book: PackageEdit, grid: Grid, sheet: str, values: Mapping[Place, RawValue], styles: Styles,
         unmerged: set[Merge]) -> bool:
    """Put values into one sheet; whether a formula went."""
    check_cells(book, grid, sheet, values, unmerged)
    writer = Writer(sheet, styles, book.outline.epoch1904, grid.part.prefix)
    dropped = drop_formulas(grid, sheet, values)
    grid.change({place: _making(writer, value) for place, value in values.items()})
    return dropped


def _making(writer: Writer, value: RawValue) -> Made:
    return lambda found: writer.cell(found, value)


def require_place(sheet: str, row: int, column: int) -> None:
    """Raises Unusable where Excel has no such cell."""
    if not (1 <= row <= MOST_ROWS and 1 <= column <= MOST_COLUMNS):
        raise Unusable(f"工作表“{sheet}”没有第 {row} 行第 {column} 列这一格。请核对位置。")


def check_cells(book: PackageEdit, grid: Grid, sheet: str, values: Mapping[Place, RawValue],
                unmerged: Collection[Merge] = ()) -> None:
    """Raises Unusable for a value that would be hidden in a merge, or that makes an Excel table a damaged one."""
    _check_merges(grid, sheet, values, unmerged)
    _check_tables(book, sheet, values)


def _check_merges(grid: Grid, sheet: str, values: Mapping[Place, RawValue], unmerged: Collection[Merge]) -> None:
    left = [merge for merge, _ in grid.merges if merge not in unmerged]
    for (row, column), value in values.items():
        for merge in left if written(value) else ():
            inside = merge.top <= row <= merge.bottom and merge.left <= column <= merge.right
            if inside and (row, column) != merge[:2]:
                first = Cell(sheet, merge.top, merge.left).a1
                raise Unusable(f"{Cell(sheet, row, column)} 并在 {first} 里，填了也看不见。请先取消合并。")


def _check_tables(book: PackageEdit, sheet: str, values: Mapping[Place, RawValue]) -> None:
    """Excel calls a workbook damaged whose table headers are not the names of the table's columns."""
    for relation in book.relations(book.worksheet(sheet)).values():
        if relation.kind != "table" or not book.has(relation.target):
            continue
        part = book.part(relation.target)
        held, columns = area(part.root.get("ref")), part.child("tableColumns")
        names = [unescaped(node.get("name")) for node in part.children(columns)] if columns else []
        for (row, column), value in values.items():
            at = column - held.left
            header = row == held.top and part.root.get("headerRowCount", "1") != "0" and 0 <= at < len(names)
            if header and value != names[at]:
                raise Unusable(f"{Cell(sheet, row, column)} 是 Excel 表格的列名“{names[at]}”，不能在文件里直接改。"
                               "请在 Excel 里改。")


def calculate_on_opening(part: Part) -> None:
    node = part.child("calcPr")
    if node is not None:
        part.set(node, "fullCalcOnLoad", "1")
    else:
        part.insert(b"<" + part.prefix + b'calcPr fullCalcOnLoad="1"/>', _AFTER_CALCULATION, part.children())


def forget_chain(book: PackageEdit) -> None:
    """Leave out the order of calculation, which names a cell without a formula now; Excel makes it anew."""
    relation = book.related(book.main, "calcChain")
    if relation is not None:
        book.unrelate(book.main, relation)
        book.remove(relation.target)
