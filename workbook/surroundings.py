"""What stands around a finding: some cells of its row under their headers, as Excel shows them.

Everything here is to be shown: numbers of persons stand masked, long texts cut.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from workbook.book import Table
from workbook.faults import safe
from workbook.findings import Cell, Finding, column_letters
from workbook.ledger import Ledger, shown
from workbook.raw import RawSheet, RawValue
from workbook.schema import ID_COLUMN

BESIDE = 2
LONGEST = 48
_OFFICE_SHEET = "股室"
_BLANK = (None, "")


class Around(NamedTuple):
    """A row and its header: `letters`, `headers` and `values` go together, `at` is the faulty one.

    `values` is empty where the fault is in the header itself; `header_row` is 0 where there is none.
    """

    header_row: int
    row: int
    letters: tuple[str, ...]
    headers: tuple[str, ...]
    values: tuple[str, ...]
    at: int


class Sighting(NamedTuple):
    """A finding, what stands around it, and the 股室 whose row it is."""

    finding: Finding
    around: Around | None = None
    office: str = ""


def sightings(ledger: Ledger, findings: Iterable[Finding]) -> tuple[Sighting, ...]:
    """Every finding with its surroundings."""
    viewer = _Viewer(ledger)
    return tuple(Sighting(one, *viewer.seen(one.cell)) if one.cell else Sighting(one) for one in findings)


@lru_cache(1 << 10, typed=True)
def glimpse(value: RawValue) -> str:
    """A value on one line, masked and cut."""
    text = safe(" ".join(shown(value).split())) if value is not None else ""
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"


class _Viewer:
    """One ledger looked at cell by cell."""

    def __init__(self, ledger: Ledger) -> None:
        self.sheets = {sheet.name: sheet for sheet in ledger.book.raw.sheets}
        self.tables = {table.name: table for table in (ledger.book.head, *ledger.book.tables.values())}
        self.offices = {name: _office_column(table) for name, table in self.tables.items()}
        self.headed: dict[str, tuple[int, list[int]]] = {}

    def seen(self, cell: Cell) -> tuple[Around | None, str]:
        sheet, table = self.sheets.get(cell.sheet), self.tables.get(cell.sheet)
        if sheet is None:
            return None, ""
        top, headed = self._header(sheet, table)
        office = self.offices.get(cell.sheet)
        around = _around(sheet, _columns(headed, table, cell.column), top, cell)
        return around, glimpse(_at(sheet, cell.row, office)) if office else ""

    def _header(self, sheet: RawSheet, table: Table | None) -> tuple[int, list[int]]:
        """The header's row, and the columns that have one; row ids are no clerk's business."""
        if sheet.name not in self.headed:
            top = table.header_row if table else _top(sheet)
            texts = enumerate(_row(sheet, top), 1)
            self.headed[sheet.name] = top, [at for at, text in texts if text not in _BLANK and text != ID_COLUMN]
        return self.headed[sheet.name]


def _around(sheet: RawSheet, columns: list[int], top: int, cell: Cell) -> Around:
    top = top if top < cell.row else 0 if top > cell.row else cell.row
    values = tuple(glimpse(_at(sheet, cell.row, number)) for number in columns) if top != cell.row else ()
    headers = tuple(glimpse(_at(sheet, top, number)) for number in columns)
    return Around(top, cell.row, tuple(map(column_letters, columns)), headers, values, columns.index(cell.column))


def _columns(headed: list[int], table: Table | None, faulty: int) -> list[int]:
    """The key of the row, the faulty cell and its neighbours that have a header, from left to right."""
    keys = [table.places[title] for title in (table.sheet.key, table.sheet.name_column) if title in table.places] \
        if table else []
    before, after = headed[:bisect_left(headed, faulty)], headed[bisect_right(headed, faulty):]
    return sorted({*keys, *before[-BESIDE:], faulty, *after[:BESIDE]})


def _office_column(table: Table) -> int:
    """The column that names the row's 股室; 0 where there is none."""
    refers = (one.number for one in table.headers if one.column and one.column.refers
              and one.column.refers[0] == _OFFICE_SHEET)
    return next(refers, 0)


def _top(sheet: RawSheet) -> int:
    """The first row that holds anything."""
    rows = enumerate(sheet.rows, 1)
    return next((number for number, row in rows if any(value not in _BLANK for value in row)), 1)


def _row(sheet: RawSheet, number: int) -> list[RawValue]:
    return sheet.rows[number - 1] if 0 < number <= len(sheet.rows) else []


def _at(sheet: RawSheet, row: int, column: int) -> RawValue:
    cells = _row(sheet, row)
    return cells[column - 1] if 0 < column <= len(cells) else None
