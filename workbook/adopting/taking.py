"""The rows of foreign tables on their way into the standard sheets, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbook.adopting.blocks import Block
from workbook.adopting.headermap import ColumnMap, SheetMap
from workbook.adopting.rows import Row, rows_of
from workbook.book import fold, fold_header, merged_down
from workbook.findings import Cell
from workbook.normalize import read_date
from workbook.raw import RawValue
from workbook.restoring.assembly import Assembly, Key
from workbook.restoring.balance import BLANK, shown
from workbook.restoring.tables import cell_at
from workbook.schema import Sheet, Type

UNLISTED = "对照表里没有写这一列"
UNWANTED_WHY = "对照表里写了“不要”"
SHOWN = 12


class Taking:
    """The new workbook while tables arrive; `rewritten` are the cells that a value map changed, with the reason;
    `taken` the new rows by standard sheet, `records` the old ones by sheet."""

    def __init__(self, made: Assembly, *, epoch1904: bool) -> None:
        self.made, self.epoch1904 = made, epoch1904
        self.rewritten: dict[Cell, str] = {}
        self.taken: dict[str, list[int]] = {}
        self.records: set[tuple[str, int]] = set()
        self.extras: dict[tuple[str, str], Key] = {}

    def table(self, part: SheetMap, sheet: Sheet, block: Block, next_title: Iterable[int]) -> None:
        """All rows of one table; `next_title` are rows above the next table of the sheet."""
        one = _Table(self, part, sheet, block)
        one.header()
        kinds = rows_of(block, sheet, {at: key[0] for at, key in one.keys.items()}, next_title)
        for row, kind in kinds.items():
            if kind is Row.RECORD:
                one.record(row)
            else:
                one.beside(row, kind)
        one.tell(kinds)

    def extra(self, sheet: Sheet, name: str) -> Key:
        """The office's own column: one for all tables that name it alike."""
        return self.extras.setdefault((sheet.title, fold_header(name)), (name, 0))

    def tell_gaps(self) -> None:
        """What every record needs and the old file did not give."""
        for title, rows in self.taken.items():
            draft = self.made.drafts[title]
            for column in draft.sheet.columns:
                at = draft.at[column.title, 0]
                bare = sum(at >= len(draft.rows[row]) or draft.rows[row][at] in BLANK for row in rows)
                if column.required and bare:
                    self.made.change(f"“{title}”的必填列“{column.title}”有 {bare} 行空着，要补填。", settle=True)


class _Table:
    """One foreign table under its map."""

    def __init__(self, taking: Taking, part: SheetMap, sheet: Sheet, block: Block) -> None:
        self.taking, self.made, self.part, self.sheet, self.block = taking, taking.made, part, sheet, block
        self.maps = {one.number: one for one in part.columns}
        self.keys = {one.number: (one.title, 0) if one.title else taking.extra(sheet, one.extra)
                     for one in part.columns if one.wanted}
        self.columns = {column.title: column for column in sheet.columns}
        self.values = {title: {fold(old): new for old, new in pairs.items() if new}
                       for title, pairs in part.values.items()}
        self.fixed = {title: value for title, value in part.fixed.items() if value not in BLANK}
        for key in self.keys.values():
            self.made.drafts[sheet.title].place(key)
        self.under = merged_down(block.sheet.merges)
        self.filled_in = 0
        self.spread: set[Cell] = set()

    def header(self) -> None:
        """The header's cells: made anew where the new header says the same, else listed."""
        for row in range(self.block.top, self.block.bottom + 1):
            for cell, value in self._cells(row):
                told = self.maps.get(cell.column)
                if told and told.wanted and fold_header(value) == fold_header(self.keys[cell.column][0]):
                    self.made.rebuild(cell, value, self.sheet.title, sure=True)
                else:
                    self.made.set_aside(cell, value, f"表头，{self._why(told)}", settle=told is None)

    def record(self, row: int) -> None:
        """One row becomes one record; fixed values and merged cells fill only what is blank."""
        cells = {}
        for cell, value in self._cells(row):
            if cell.column in self.keys:
                cells[self.keys[cell.column]] = (cell, value, self._written(cell, value))
            else:
                told = self.maps.get(cell.column)
                self.made.set_aside(cell, value, self._why(told), settle=told is None)
        number = self.made.add_row(self.sheet.title, cells)
        self.taking.taken.setdefault(self.sheet.title, []).append(number)
        self.taking.records.add((self.part.name, row))
        draft = self.made.drafts[self.sheet.title]
        fixed: dict[Key, RawValue] = {(title, 0): value for title, value in self.fixed.items()}
        for key, value in (fixed | self._from_above(row)).items():
            if key not in cells:
                draft.put(number, draft.place(key), value)

    def beside(self, row: int, kind: Row) -> None:
        """A row that is no record."""
        for cell, value in self._cells(row):
            self.made.set_aside(cell, value, f"{kind.value}，没有当作记录", settle=kind is Row.BESIDE)

    def tell(self, kinds: Mapping[int, Row]) -> None:
        """How many rows were taken, and which were not and why."""
        name, records = self.part.name, [row for row, kind in kinds.items() if kind is Row.RECORD]
        self.made.change(f"“{name}”写进“{self.sheet.title}”：{len(records)} 行。")
        last = max((row for row, kind in kinds.items() if kind is not Row.BLANK), default=0)
        for kind in Row:
            rows = [row for row, one in kinds.items() if one is kind and row < last + (kind is not Row.BLANK)]
            if rows and kind is not Row.RECORD:
                self.made.change(f"“{name}”{_numbered(rows)}是{kind.value}，没有当作记录。", settle=kind is Row.BESIDE)
        if self.filled_in:
            self.made.change(f"“{name}”的合并单元格拆开，补写了 {self.filled_in} 格。")
        for cell in sorted(self.spread):
            self.made.change(f"{cell} 合并了几行的数只写在第一行，请核对各行该是多少。", settle=True)

    def _cells(self, row: int) -> list[tuple[Cell, RawValue]]:
        return [(Cell(self.block.sheet.name, row, at), value)
                for at, value in enumerate(self.block.sheet.rows[row - 1], 1) if value not in BLANK]

    def _why(self, told: ColumnMap | None) -> str:
        if told is None:
            return UNLISTED
        return f"按“{self.keys[told.number][0]}”写" if told.wanted else UNWANTED_WHY

    def _written(self, cell: Cell, value: RawValue) -> RawValue:
        """A value as the new file has it: in the map's words, a bare day number of 1904 as that day."""
        title, _ = self.keys[cell.column]
        new = self.values.get(title, {}).get(fold(value)) if isinstance(value, str) else None
        if new is not None and new != value:
            self.taking.rewritten[cell] = f"照对照表写成“{shown(new)}”"
            self.made.set_aside(cell, value, f"照对照表写成“{new}”", settle=False, remark=True)
            return new
        column = self.columns.get(title)
        bare = isinstance(value, int | float) and not isinstance(value, bool)
        if self.taking.epoch1904 and bare and column is not None and column.type is Type.DATE:
            return read_date(value, year=None, epoch1904=True).value or value
        return value

    def _from_above(self, row: int) -> dict[Key, RawValue]:
        """What stands under vertical merges; a number is one number, not one for every row; a key is one row's."""
        found: dict[Key, RawValue] = {}
        for at, key in self.keys.items():
            top = self.under.get((row, at), 0)
            value = cell_at(self.block.sheet.rows, top, at) if top > self.block.bottom else None
            column = self.columns.get(key[0])
            if value in BLANK or key[0] == self.sheet.key:
                continue
            if isinstance(value, int | float) or (column is not None and column.numeric):
                self.spread.add(Cell(self.block.sheet.name, top, at))
            else:
                new = self.values.get(key[0], {}).get(fold(value)) if isinstance(value, str) else None
                found[key] = new or value
        self.filled_in += len(found)
        return found


def _numbered(rows: list[int]) -> str:
    told = "、".join(map(str, rows[:SHOWN]))
    return f"第 {told} 行" if len(rows) <= SHOWN else f"第 {told} 等 {len(rows)} 行"
