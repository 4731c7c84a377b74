"""What a cell of the ledger is to a mark: its name, its row's `_id`, its column, what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from templates.provenance.rownames import RowNames
from workbook.book import Book, Table
from workbook.columns import flags_of
from workbook.facts import Places
from workbook.findings import Cell
from workbook.ledger import Ledger, shown
from workbook.schema import ID_COLUMN

Rows = tuple[RowNames, tuple[str, ...]]
"""活动!5 … and the `_id`s of the same rows."""
_NO_ROWS: Rows = RowNames(()), ()


class Place(NamedTuple):
    """A cell as the manifest tells it: 活动!C5, its header; `key` is what stays when rows are sorted and inserted."""

    name: str = ""
    column: str = ""
    key: str = ""


_NOWHERE = Place()


class LedgerPlaces:
    """The cells and rows of one ledger; each is looked up once."""

    def __init__(self, ledger: Ledger) -> None:
        book: Book = ledger.book
        self._tables: Mapping[str, Table] = {table.name: table for table in (book.head, *book.tables.values())}
        self._head = {entry.cell: title for title, entry in ledger.head.entries.items()}
        self._ids: dict[str, dict[int, str]] = {}
        self._all_ids: dict[str, list[str]] = {}
        self._columns: dict[str, dict[int, str]] = {}
        self._places: dict[Cell | None, Place] = {None: _NOWHERE}
        self._rows: dict[int, tuple[Sequence[Cell], Rows]] = {}

    def ids(self, sheet: str) -> dict[int, str]:
        """Row number -> `_id` of one sheet."""
        if sheet not in self._ids:
            table = self._tables.get(sheet)
            pairs = zip(table.numbers, self._ids_of(table), strict=True) if table else ()
            self._ids[sheet] = {number: one for number, one in pairs if one}
        return self._ids[sheet]

    def rows(self, cells: Sequence[Cell]) -> Rows:
        """The rows of the cells summed; figures of one metric share theirs."""
        if id(cells) not in self._rows:
            self._rows[id(cells)] = cells, self._summed(cells) if isinstance(cells, Places) else self._listed(cells)
        return self._rows[id(cells)][1]

    def _summed(self, places: Places) -> Rows:
        """The rows of a metric, each once, without making their cells."""
        seen: dict[str, int] = {}
        numbers: list[tuple[str, list[int]]] = []
        ids: list[str] = []
        for table, chosen, _ in places.addends:
            fresh = chosen & ~seen.get(table.name, 0)
            seen[table.name] = seen.get(table.name, 0) | chosen
            if fresh:
                flags = flags_of(fresh, len(table))
                numbers.append((table.name, list(compress(table.numbers, flags))))
                ids += compress(self._ids_of(table), flags)
        return (RowNames(numbers), tuple(ids)) if numbers else _NO_ROWS

    def _ids_of(self, table: Table) -> list[str]:
        """The `_id` of every row, "" where it has none."""
        if table.name not in self._all_ids:
            self._all_ids[table.name] = [str(one) if one else "" for one in table.values(ID_COLUMN)]
        return self._all_ids[table.name]

    def _listed(self, cells: Sequence[Cell]) -> Rows:
        rows = list(dict.fromkeys((cell.sheet, cell.row) for cell in cells))
        numbers, ids = [(sheet, [row]) for sheet, row in rows], [self.ids(sheet).get(row, "") for sheet, row in rows]
        return (RowNames(numbers), tuple(ids)) if rows else _NO_ROWS

    def row(self, cell: Cell) -> Rows:
        """The row that a cell stands in, where it has an `_id`."""
        sheet, number, _ = cell
        given = self.ids(sheet).get(number)
        return (RowNames(((sheet, (number,)),)), (given,)) if given else _NO_ROWS

    def place(self, cell: Cell | None) -> Place:
        """What a cell is; nothing for no cell."""
        known = self._places.get(cell)
        if known is None and cell is not None:
            known = self._places[cell] = self._placed(cell)
        return known or _NOWHERE

    def _placed(self, cell: Cell) -> Place:
        title, column = self._head.get(cell), self._column(cell)
        row = self.ids(cell.sheet).get(cell.row) or cell.row
        return Place(str(cell), title if title is not None else column, title or f"{cell.sheet}|{row}|{column}")

    def names(self, cells: Sequence[Cell]) -> tuple[str, ...]:
        """活动!C5 of every cell."""
        return tuple([self.place(cell).name for cell in cells])

    def keys(self, cells: Sequence[Cell]) -> str:
        """What stays of them when rows are sorted and inserted."""
        return "|".join([self.place(cell).key for cell in cells])

    def _column(self, cell: Cell) -> str:
        if cell.sheet not in self._columns:
            table = self._tables.get(cell.sheet)
            self._columns[cell.sheet] = {at: title for title, at in table.places.items()} if table else {}
        return self._columns[cell.sheet].get(cell.column, "")

    def held(self, cell: Cell) -> str:
        """The cell's own text, slots and all."""
        table = self._tables.get(cell.sheet)
        row = table.raw.rows[cell.row - 1] if table and cell.row <= len(table.raw.rows) else []
        return shown(row[cell.column - 1]) if cell.column <= len(row) else ""

