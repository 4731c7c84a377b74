"""One record sheet of a damaged file: its header, its columns, its rows as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from workbook.book import Header, Table, fold_header, merged_down
from workbook.raw import RawSheet, RawValue
from workbook.restoring.assembly import Key
from workbook.restoring.balance import BLANK
from workbook.restoring.columns import Candidate, inferred, named
from workbook.restoring.sheets import header_row
from workbook.rowkinds import RowKind, row_kinds
from workbook.schema import Column, Sheet
from workbook.standard.layout import EXCUSE, ROW_ID
from workbook.standard.xlsx_cells import LONGEST_HEADER


@dataclass(frozen=True)
class OldTable:
    """`header` is the row with headers (0: none is left), `columns` what each column, from 1, is."""

    sheet: Sheet
    raw: RawSheet
    header: int
    first: int
    columns: dict[int, Key]
    guessed: dict[int, str] = field(default_factory=dict)

    def value(self, row: int, number: int) -> RawValue:
        """A cell by row and column from 1; under a vertical merge the merged value."""
        found = cell_at(self.raw.rows, row, number)
        top = self._under.get((row, number)) if found in BLANK else None
        return cell_at(self.raw.rows, top, number) if top and top >= self.first else found

    def filled(self, row: int, number: int) -> bool:
        """Whether the value stands in another cell, the top of a vertical merge."""
        held = not self._under or cell_at(self.raw.rows, row, number) not in BLANK
        return not held and self.value(row, number) not in BLANK

    @cached_property
    def _under(self) -> dict[tuple[int, int], int]:
        return merged_down(self.raw.merges)

    @cached_property
    def headed(self) -> list[int]:
        """The columns that have a header, or had one."""
        return [number for number, (title, _) in self.columns.items() if title]

    @cached_property
    def nameless(self) -> list[int]:
        """The columns without a header that hold anything beside the rows."""
        bare = [number for number, (title, _) in self.columns.items() if not title]
        return [at for at in bare if any(cell_at(self.raw.rows, row, at) not in BLANK for row in self.rows)]

    @cached_property
    def rows(self) -> list[int]:
        """The rows that hold anything under a header."""
        numbers = range(self.first, len(self.raw.rows) + 1)
        return [row for row in numbers if any(cell_at(self.raw.rows, row, at) not in BLANK for at in self.headed)]

    def repeats_header(self, row: int) -> bool:
        """Whether a row says nothing but the headers again."""
        values = ((number, cell_at(self.raw.rows, row, number)) for number in self.headed)
        held = [(number, value) for number, value in values if value not in BLANK]
        return len(held) > 2 and all(isinstance(value, str) and fold_header(value) == fold_header(self.columns[at][0])
                                     for at, value in held)

    def kinds(self) -> dict[int, RowKind]:
        """What each row is, as the file stands."""
        return self._kinds(self.raw, self.headed)

    def kinds_alone(self) -> dict[int, RowKind]:
        """What each row is in the order of the schema and without merges."""
        order = {column.title: at for at, column in enumerate(self.sheet.columns)}
        last = len(order)
        return self._kinds(RawSheet(self.raw.name, self.raw.rows),
                           sorted(self.headed, key=lambda at: (order.get(self.columns[at][0], last), at)))

    def _kinds(self, raw: RawSheet, order: list[int]) -> dict[int, RowKind]:
        known = {column.title: column for column in self.sheet.columns}
        headers = tuple(Header(self.columns[at][0], at, known.get(self.columns[at][0])) for at in order
                        if self.columns[at][1] == 0)
        places = {header.title: header.number for header in headers}
        table = Table(self.sheet, raw.name, self.header, headers, tuple(self.rows), raw, places)
        return dict(zip(self.rows, row_kinds(table), strict=True))


def old_table(sheet: Sheet, raw: RawSheet) -> OldTable:
    """Find the header and what every column is."""
    header = header_row(sheet, raw)
    top, first = (header, header + 1) if header else _where_it_was(sheet, raw)
    width = max(map(len, raw.rows), default=0)
    below = range(first, len(raw.rows) + 1)
    cells = [(number, cell_at(raw.rows, top, number), [cell_at(raw.rows, row, number) for row in below])
             for number in range(1, width + 1)]
    columns = _expected(sheet)
    candidates = named(cells, columns)
    guessed = inferred(candidates, columns)
    return OldTable(sheet, raw, top, first, _keys(candidates, guessed), guessed)


def _expected(sheet: Sheet) -> list[Column]:
    """The columns in the order the program writes them."""
    return [*sheet.columns, *((EXCUSE,) if sheet.excusable else ()), ROW_ID]


def _where_it_was(sheet: Sheet, raw: RawSheet) -> tuple[int, int]:
    """The header row (0: deleted) and the first row of a sheet of ours without any header."""
    band = bool(raw.rows) and sheet.purpose in raw.rows[0]
    below = raw.rows[1] if band and len(raw.rows) > 1 else raw.rows[0] if raw.rows else []
    is_data = any(value not in BLANK for value in below) and not all(
        isinstance(value, str) for value in below if value not in BLANK)
    top = 2 if band else 1
    return (0, top) if is_data else (top, top + 1)


def _keys(candidates: list[Candidate], guessed: dict[int, str]) -> dict[int, Key]:
    keys: dict[int, Key] = {}
    seen: dict[str, int] = {}
    titles = {one.title or guessed.get(one.number, "") for one in candidates}
    for one in candidates:
        title = one.title or guessed.get(one.number, "")
        if title:
            keys[one.number] = (title, 0)
        elif one.text in BLANK or not str(one.text).strip() or len(str(one.text)) > LONGEST_HEADER:
            keys[one.number] = ("", one.number)
        else:
            text = str(one.text)
            seen[text] = seen.get(text, 0) + 1
            keys[one.number] = (text, seen[text] - (text not in titles))
    return keys


def cell_at(rows: list[list[RawValue]], row: int, number: int) -> RawValue:
    """A stored value by row and column from 1; None where the file has no such cell."""
    line = rows[row - 1] if 0 < row <= len(rows) else []
    return line[number - 1] if number <= len(line) else None
