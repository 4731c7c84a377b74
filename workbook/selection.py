"""Which rows of a sheet count: those that meet conditions, those that lie between two days.

Sets of rows are the whole numbers of `workbook.columns`. Each column, each value
of a condition and each span of days is looked at once, however many metrics ask.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from workbook.book import fold
from workbook.columns import Addable, row_set
from workbook.conditions import Condition
from workbook.ledger import Records
from workbook.normalize import Quantity, read_festival
from workbook.periods import Period


class Rows:
    """The counting rows of one sheet."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self._addable: dict[tuple[str, bool], Addable] = {}
        self._met: dict[tuple[Condition, ...], int] = {}
        self._valued: dict[tuple[str, str], int] = {}
        self._named: dict[str, dict[str, list[int]]] = {}
        self._spans: dict[tuple[dt.date, dt.date], int] = {}

    def addable(self, title: str, blank: Quantity | None) -> Addable:
        """A quantity column, to be summed; a blank cell is `blank`."""
        key = (title, blank is None)
        if key not in self._addable:
            header = header_like(self.records, title)
            numbers = self.records.different_numbers(header)
            self._addable[key] = Addable(self.records.column(header), [one or blank for one in numbers])
        return self._addable[key]

    def meeting(self, conditions: tuple[Condition, ...]) -> int:
        """The rows that meet all conditions, whatever their date."""
        if conditions not in self._met:
            met = self.records.counted
            for condition in conditions:
                met &= self._meeting(condition)
            self._met[conditions] = met
        return self._met[conditions]

    def _meeting(self, condition: Condition) -> int:
        """The rows one of whose values in the condition's column is wanted."""
        column = header_like(self.records, condition.column)
        named = condition.values if column != "节点" else [read_festival(v).value or v for v in condition.values]
        met = 0
        for value in named:
            met |= self._with_value(column, fold(value))
        return met

    def _with_value(self, column: str, value: str) -> int:
        if (column, value) not in self._valued:
            self._valued[column, value] = self.records.column(column).having(self._places(column).get(value, ()))
        return self._valued[column, value]

    def _places(self, column: str) -> dict[str, list[int]]:
        """Folded value -> the places, among the different cells of a column, of those that name it."""
        if column not in self._named:
            places: dict[str, list[int]] = {}
            for place, values in enumerate(self.records.different_sets(column)):
                for value in dict.fromkeys(values):
                    places.setdefault(value, []).append(place)
            self._named[column] = places
        return self._named[column]

    def within(self, first: dt.date, last: dt.date) -> int:
        """The rows, of whatever kind, whose day lies between two days, both included.

        A row that names only a month or a half-year lies there where all of it does.
        """
        if (first, last) not in self._spans:
            inside, dated = 0, 0
            for title in self.records.sheet.date_columns:
                days = self.records.different_dates(title)
                chosen = self.records.having(title, [day is not None and first <= day <= last for day in days])
                inside |= chosen & ~dated
                dated |= self._dated[title]
            coarse = [index for index, period in self._coarse.items() if _covered(period, first, last)]
            self._spans[first, last] = inside | (row_set(coarse, len(self.records)) & ~dated if coarse else 0)
        return self._spans[first, last]

    @cached_property
    def _dated(self) -> dict[str, int]:
        """The rows that name a day, by date column."""
        titles = self.records.sheet.date_columns
        return {title: self.records.having(title, self.records.different_dates(title)) for title in titles}

    @cached_property
    def _coarse(self) -> dict[int, Period]:
        columns = [self.records.periods(title) for title in reversed(self.records.sheet.date_columns)]
        return {index: one for column in columns for index, one in column.items()}


def _covered(period: Period, first: dt.date, last: dt.date) -> bool:
    starts_inside = period.start is None or period.start >= first
    return starts_inside and period.end is not None and first <= period.end <= last


def header_like(records: Records, title: str) -> str:
    """The header that reads like `title` (（ and ( are one)."""
    if records.has(title) or title in records.sheet.titles:
        return title
    folded = fold(title)
    return next((h.title for h in records.table.headers if fold(h.title) == folded), title)
