"""A ledger with rows that are nowhere held: what is asked of them is told column by column."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import chain

from workbook.book import Book, Table, fold, recognize
from workbook.facts import Facts
from workbook.ledger import Ledger
from workbook.patching.pouring import Pouring
from workbook.raw import RawBook, RawValue
from workbook.rowkinds import RowKind, row_kinds

_COUNTED = ("场次",)
"""Columns that count whatever a metric says."""


def grown_book(raw: RawBook, pourings: Mapping[str, Pouring]) -> Book:
    """What a workbook holds once these rows are in it, by the sheet's name."""
    book = recognize(raw)
    wanted = _wanted(book)
    tables = {title: GrownTable(table, pourings[table.name], wanted.get(title, frozenset()))
              if table.name in pourings else table for title, table in book.tables.items()}
    return book._replace(tables=tables)


class GrownTable(Table):
    """A table with more rows below; the columns that are `wanted` are told all at once. New rows are facts."""

    def __init__(self, table: Table, more: Pouring, wanted: frozenset[str]) -> None:
        new = range(more.room.first, more.room.last + 1)
        super().__init__(table.sheet, table.name, table.header_row, table.headers,
                         array("L", chain(table.numbers, new)), table.raw, table.places)
        self.table, self._more, self._wanted = table, more, wanted
        self._told: dict[str, list[RawValue]] = {}

    @property
    def kinds(self) -> list[RowKind]:
        """What each row is."""
        return row_kinds(self.table) + [RowKind.FACT] * (len(self) - len(self.table))

    def values(self, title: str) -> list[RawValue]:
        if title not in self.places:
            return [None] * len(self)
        if title not in self._told:
            self._tell([one for one in {title, *self._wanted} if one in self.places and one not in self._told])
        return self._told[title]

    def numbered(self, number: int) -> list[RawValue]:
        title = next((title for title, at in self.places.items() if at == number), "")
        return self.values(title) if title else self.table.numbered(number) + [None] * (len(self) - len(self.table))

    def value(self, index: int, title: str) -> RawValue:
        return self.values(title)[index]

    def _tell(self, titles: Sequence[str]) -> None:
        columns = [(self._told.setdefault(title, list(self.table.values(title))).append, self.places[title])
                   for title in titles]
        same: dict[RawValue, RawValue] = {}
        for row in self._more.rows:
            for put, at in columns:
                value = row.get(at)
                put(same.setdefault(value, value) if isinstance(value, str) else value)


def _wanted(book: Book) -> dict[str, frozenset[str]]:
    """The columns by which metrics count, by sheet."""
    found: dict[str, set[str]] = {}
    for metric in Facts(Ledger(book)).metrics:
        named = {metric.column, *_COUNTED, *(one.column for one in metric.conditions)}
        found.setdefault(metric.source, set()).update(map(fold, named))
    return {title: frozenset(header.title for header in table.headers
                             if fold(header.title) in found[title] or header.title in table.sheet.date_columns)
            for title, table in book.tables.items() if title in found}
