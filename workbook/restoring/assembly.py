"""A standard workbook in the making: rows with the places they come from, and what is set aside.

Nothing is written here; `workbook.restoring.settling` writes, reads back and proves the balance.
"""

from __future__ import annotations

from typing import NamedTuple

from workbook import schema
from workbook.book import HEAD
from workbook.findings import Cell
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.restoring.balance import BLANK, Change
from workbook.schema import EXCUSE_COLUMN, ID_COLUMN, META_SHEET, Sheet

ASIDE_HEADERS = ("原位置", "原内容", "说明")
Key = tuple[str, int]
"""A column of a draft: its header and, where several are headed alike, which one; a nameless one by its number."""


class Spot(NamedTuple):
    """A place in the making: row and column count from 0 below the header of a draft, in a stranger from its top."""

    table: str
    row: int
    column: int


class Placed(NamedTuple):
    """A cell of the old file and where its value goes; `written` is the same said in the new file's way."""

    cell: Cell
    value: RawValue
    written: RawValue
    spot: Spot


class Claim(NamedTuple):
    """A cell that the program makes anew in `table`; `sure` needs no look at the new file,
    `by_place` is content with anything at the same place."""

    cell: Cell
    value: RawValue
    table: str
    sure: bool
    by_place: bool = False


class Aside(NamedTuple):
    """A line of the sheet of what could not be placed; a remark (a formula, a note) is no cell of its own."""

    cell: Cell
    value: RawValue
    why: str
    settle: bool = True
    remark: bool = False


class Draft:
    """One table: the schema's columns, then the office's own, then nameless ones."""

    def __init__(self, sheet: Sheet) -> None:
        own = (*sheet.titles, *((EXCUSE_COLUMN,) if sheet.excusable else ()))
        self.sheet = sheet
        self.columns: list[Key] = [(title, 0) for title in (own if sheet is HEAD else (*own, ID_COLUMN))]
        self.at = {key: at for at, key in enumerate(self.columns)}
        self.rows: list[list[RawValue]] = []

    def place(self, key: Key) -> int:
        """Where a column stands, from 0; a new one is added."""
        if key not in self.at:
            self.at[key] = len(self.columns)
            self.columns.append(key)
        return self.at[key]

    def put(self, row: int, at: int, value: RawValue) -> None:
        cells = self.rows[row]
        cells.extend([None] * (at + 1 - len(cells)))
        cells[at] = value

    def sheet_as_made(self) -> RawSheet:
        width = len(self.columns)
        rows = [row + [None] * (width - len(row)) for row in self.rows]
        return RawSheet(self.sheet.title, [[title or None for title, _ in self.columns], *rows])


class Assembly:
    """Everything the new workbook will hold, and where every cell of the old one goes."""

    def __init__(self, path: str, aside_sheet: str) -> None:
        self.path, self.aside_sheet = path, aside_sheet
        self.drafts: dict[str, Draft] = {sheet.title: Draft(sheet) for sheet in (HEAD, *schema.SHEETS)}
        self.strangers: list[RawSheet] = []
        self.meta: dict[str, RawValue] = {}
        self.computed: set[tuple[str, int]] = set()
        self.placed: list[Placed] = []
        self.claims: list[Claim] = []
        self.asides: list[Aside] = []
        self.changes: list[Change] = []

    def add_row(self, title: str, cells: dict[Key, tuple[Cell, RawValue, RawValue]]) -> int:
        """A new row of a table from (place, value, value to write) by column; its number from 0."""
        draft = self.drafts[title]
        draft.rows.append([])
        self.put(title, len(draft.rows) - 1, cells)
        return len(draft.rows) - 1

    def put(self, title: str, row: int, cells: dict[Key, tuple[Cell, RawValue, RawValue]]) -> None:
        """Values of a row that is there already, or for the second time."""
        draft = self.drafts[title]
        for key, (cell, value, written) in cells.items():
            at = draft.place(key)
            draft.put(row, at, written)
            self.placed.append(Placed(cell, value, written, Spot(title, row, at)))

    def set_aside(self, cell: Cell, value: RawValue, why: str, *, settle: bool = True, remark: bool = False) -> None:
        self.asides.append(Aside(cell, value, why, settle, remark))

    def rebuild(self, cell: Cell, value: RawValue, table: str, *, sure: bool = False, by_place: bool = False) -> None:
        self.claims.append(Claim(cell, value, table, sure, by_place))

    def carry(self, sheet: RawSheet, name: str = "") -> None:
        """A sheet that is no part of the ledger, cell by cell."""
        title = self._unused(name or sheet.name)
        self.strangers.append(RawSheet(title, [list(row) for row in sheet.rows], sheet.visible))
        for number, row in enumerate(sheet.rows):
            for at, value in enumerate(row):
                if value not in BLANK:
                    cell = Cell(sheet.name, number + 1, at + 1)
                    self.placed.append(Placed(cell, value, value, Spot(title, number, at)))

    def _unused(self, name: str) -> str:
        """A name that no sheet of the new workbook has."""
        taken, kept = {*self.drafts, *(sheet.name for sheet in self.strangers)}, name
        while name in taken:
            name = f"{name}（原表）" if name == kept else f"{name}′"
        return name

    def change(self, text: str, *, settle: bool = False) -> None:
        self.changes.append(Change(text, settle))

    def as_raw(self) -> RawBook:
        """The new workbook before ids are given; every sheet of the schema is there."""
        meta: list[list[RawValue]] = [list(schema.HEAD_COLUMNS), *([key, value] for key, value in self.meta.items())]
        sheets = [draft.sheet_as_made() for draft in self.drafts.values()]
        return RawBook(self.path, (*sheets, *self._strangers(), RawSheet(META_SHEET, meta, visible=False)))

    def aside_start(self) -> int:
        """The row, from 0, where the lines of this run begin in the sheet of what was set aside."""
        known = next((sheet for sheet in self.strangers if sheet.name == self.aside_sheet), None)
        return len(known.rows) if known else 1

    def _strangers(self) -> list[RawSheet]:
        if not self.asides:
            return self.strangers
        lines: list[list[RawValue]] = [[str(one.cell), one.value, one.why] for one in self.asides]
        known = next((sheet for sheet in self.strangers if sheet.name == self.aside_sheet), None)
        if known is None:
            return [*self.strangers, RawSheet(self.aside_sheet, [list(ASIDE_HEADERS), *lines])]
        grown = RawSheet(known.name, [*known.rows, *lines], known.visible)
        return [grown if sheet is known else sheet for sheet in self.strangers]
