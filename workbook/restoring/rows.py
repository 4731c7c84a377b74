"""The rows of record sheets on their way into the new workbook: copies, repeated ids, totals, nameless cells."""

from __future__ import annotations

from workbook.findings import Cell, column_letters
from workbook.normalize import read_date
from workbook.raw import RawSheet, RawValue
from workbook.restoring.assembly import Assembly, Key
from workbook.restoring.balance import BLANK, key_of, shown
from workbook.restoring.tables import OldTable, cell_at, old_table
from workbook.rowkinds import RowKind
from workbook.schema import ID_COLUMN, Sheet, Type

Cells = dict[Key, tuple[Cell, RawValue, RawValue]]
"""One row: by column the place it comes from, the value there, the value to write."""
Content = frozenset[tuple[Key, tuple[str, str]]]
_ID = (ID_COLUMN, 0)
_WHAT = {RowKind.TOTAL: "合计行", RowKind.BANNER: "分段行", RowKind.EXAMPLE: "示例行"}


def add_records(made: Assembly, sheet: Sheet, found: list[RawSheet], *, epoch1904: bool = False) -> None:
    """All rows of a sheet and of its copies; `epoch1904`: what days count from where they stand as numbers."""
    adding = _Adding(made, sheet, epoch1904)
    for at, raw in enumerate(found):
        adding.add(old_table(sheet, raw), copy=at > 0)


class _Adding:
    """One table of the new workbook while its rows arrive."""

    def __init__(self, made: Assembly, sheet: Sheet, epoch1904: bool) -> None:
        self.made, self.sheet, self.epoch1904 = made, sheet, epoch1904
        self.days = {(column.title, 0) for column in sheet.columns if column.type is Type.DATE}
        self.computed = {(column.title, 0): column for column in sheet.columns if column.computed}
        self.ids: dict[str, tuple[Content, Cell]] = {}
        self.rows: dict[Content, list[int]] = {}
        self.spans = 0

    def add(self, table: OldTable, *, copy: bool) -> None:
        self._tell_names(table)
        self._tell_nameless(table)
        self._header(table)
        self.made.computed |= {(table.raw.name, at) for at, key in table.columns.items() if key in self.computed}
        kinds, alone = table.kinds(), table.kinds_alone()
        spare = {content: list(rows) for content, rows in self.rows.items()}
        told = [self._row(table, row, kinds, alone, spare if copy else None)
                for row in range(table.first, len(table.raw.rows) + 1)]
        if copy:
            known, new = told.count("same"), told.count("new")
            self.made.change(f"“{table.raw.name}”是“{self.sheet.title}”的副本：{known} 行原表里有，没有重复写；"
                             f"{new} 行原表里没有，接在后面。", settle=new > 0)
        if self.spans:
            self.made.change(f"“{table.raw.name}”的合并单元格拆开，补写了 {self.spans} 格。")
            self.spans = 0

    def _row(self, table: OldTable, row: int, kinds: dict[int, RowKind], alone: dict[int, RowKind],
             spare: dict[Content, list[int]] | None) -> str:
        """Place one row; says whether it was known (same), new, or neither."""
        cells = self._cells(table, row)
        if row not in kinds or table.repeats_header(row):
            self._no_record(cells, repeated=row in kinds)
            return ""
        if kinds[row] is not alone[row]:
            self._aside(cells, f"{_WHAT.get(kinds[row], '合并单元格的行')}，拆开合并或排好列以后认不出来")
            return ""
        kept = self._without_computed(cells)
        content = frozenset((key, key_of(written)) for key, (_, _, written) in kept.items() if key != _ID)
        if spare is not None and spare.get(content):
            self._again(kept, spare[content].pop(0))
            return "same"
        filled = {key: value for key, value in self._filled(table, row).items() if key not in kept}
        self._new(kept, filled, content, table.raw.name, row, told=spare is not None)
        return "new"

    def _new(self, cells: Cells, filled: dict[Key, RawValue], content: Content, name: str, row: int, *,
             told: bool) -> None:
        cells = self._with_own_id(cells, content)
        number = self.made.add_row(self.sheet.title, cells)
        draft = self.made.drafts[self.sheet.title]
        for key, value in filled.items():
            draft.put(number, draft.place(key), value)
        self.spans += len(filled)
        self.rows.setdefault(content, []).append(number)
        if told:
            self.made.change(f"　“{name}”第 {row} 行接在“{self.sheet.title}”后面，请核对。", settle=True)

    def _with_own_id(self, cells: Cells, content: Content) -> Cells:
        """The row's cells; an edited copy of another row loses the id it was copied with and will get its own."""
        if _ID not in cells:
            return cells
        cell, value, _ = cells[_ID]
        first, where = self.ids.setdefault(str(value), (content, cell))
        if where == cell:
            return cells
        place = f"“{cell.sheet}”第 {cell.row} 行"
        other = f"“{where.sheet}”第 {where.row} 行"
        if first == content:
            self.made.change(f"{place}和{other}完全相同，两行都留着；多余的请删掉。", settle=True)
            return cells
        self.made.change(f"{place}的内部编号和{other}相同、内容不同，给了新的内部编号。", settle=True)
        self.made.rebuild(cell, value, self.sheet.title)
        return {key: value for key, value in cells.items() if key != _ID}

    def _again(self, cells: Cells, number: int) -> None:
        """A row of a copy that stands in the original."""
        draft = self.made.drafts[self.sheet.title]
        held = draft.rows[number]
        at = draft.place(_ID)
        mine = held[at] if at < len(held) else None
        if _ID in cells and key_of(cells[_ID][1]) != key_of(mine):
            self.made.rebuild(cells[_ID][0], cells[_ID][1], self.sheet.title)
            cells = {key: value for key, value in cells.items() if key != _ID}
        self.made.put(self.sheet.title, number, cells)

    def _cells(self, table: OldTable, row: int) -> Cells:
        values = enumerate(table.raw.rows[row - 1], 1)
        return {table.columns[at]: (Cell(table.raw.name, row, at), value, self._same_day(table.columns[at], value))
                for at, value in values if value not in BLANK}

    def _same_day(self, key: Key, value: RawValue) -> RawValue:
        """A day that stands as a number counted from 1904, as a date: the new file counts from 1900."""
        if not self.epoch1904 or key not in self.days or not isinstance(value, int | float) or isinstance(value, bool):
            return value
        return read_date(value, year=None, epoch1904=True).value or value

    def _filled(self, table: OldTable, row: int) -> dict[Key, RawValue]:
        """What stands under vertical merges; a row's own id and computed columns are never taken from above."""
        return {table.columns[at]: table.value(row, at) for at in table.headed if table.filled(row, at)
                and table.columns[at] != _ID and table.columns[at] not in self.computed}

    def _without_computed(self, cells: Cells) -> Cells:
        """The cells to write; a computed column's are made anew, but a text over a number is a person's."""
        for key in cells.keys() & self.computed.keys():
            cell, value, _ = cells[key]
            sure = not isinstance(value, str) or self.computed[key].type is Type.TEXT
            self.made.rebuild(cell, value, self.sheet.title, sure=sure)
        return {key: one for key, one in cells.items() if key not in self.computed}

    def _no_record(self, cells: Cells, *, repeated: bool) -> None:
        if not repeated:
            self._aside(cells, "这一行在有表头的列里没有内容")
            return
        for (title, _), (cell, value, _) in cells.items():
            if title:
                self.made.rebuild(cell, value, self.sheet.title)
            else:
                self.made.set_aside(cell, value, "重复的表头旁边的内容")

    def _aside(self, cells: Cells, why: str) -> None:
        for cell, value, _ in cells.values():
            self.made.set_aside(cell, value, why)

    def _header(self, table: OldTable) -> None:
        """The header row and what stands above it."""
        title = self.sheet.title
        for row in range(1, min(table.first, len(table.raw.rows) + 1)):
            for at, value in enumerate(table.raw.rows[row - 1], 1):
                cell = Cell(table.raw.name, row, at)
                if value in BLANK:
                    continue
                if row == table.header and at in table.guessed:
                    self.made.set_aside(cell, value, f"占了表头“{table.guessed[at]}”的位置")
                else:
                    named = row == table.header and table.columns[at][0] in (*self.sheet.titles, ID_COLUMN)
                    self.made.rebuild(cell, value, title, sure=named)

    def _tell_nameless(self, table: OldTable) -> None:
        if table.nameless:
            letters = "、".join(column_letters(at) for at in table.nameless)
            self.made.change(f"“{table.raw.name}”的 {letters} 列没有表头，只凭内容认不出来，原样放在表的右边，"
                             "请补上表头。", settle=True)

    def _tell_names(self, table: OldTable) -> None:
        name, title = table.raw.name, self.sheet.title
        if name != title and not self.rows:
            self.made.change(f"工作表“{name}”是“{title}”，已改回标准名称。")
        for at, guess in table.guessed.items():
            old = cell_at(table.raw.rows, table.header, at)
            given = f"“{shown(old)}”" if old not in BLANK else "空着"
            place = Cell(name, table.header or table.first, at)
            self.made.change(f"{place} 的表头{given}，按左右两列和内容认作“{guess}”，请核对。", settle=old not in BLANK)
        for at, (key, number) in table.columns.items():
            old = cell_at(table.raw.rows, table.header, at)
            if key in self.sheet.titles and number == 0 and at not in table.guessed and old != key:
                self.made.change(f"{Cell(name, table.header, at)} 的表头“{shown(old)}”改回“{key}”。")
