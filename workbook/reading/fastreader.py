"""The fast reader: calamine, and what its values lack to be ours.

It is used on bytes that have been looked over, since it cannot be stopped: it
answers some damage by a panic, which is caught here, and some by ending the process.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from math import isfinite
from typing import Any, NamedTuple, TypeVar

from workbook.raw import ErrorValue, Merge, RawSheet
from workbook.reading.serials import plain_day, whole

T = TypeVar("T")
Errors = dict[tuple[int, int], str]
Negatives = dict[tuple[int, int], float]


class FastBook(NamedTuple):
    """An open workbook."""

    book: Any

    def sheets(self, errors: list[Errors], negatives: list[Negatives]) -> tuple[RawSheet, ...] | None:
        """All sheets, with the error values and negative numbers of each; None where one cannot be read."""
        listed = [(index, about) for index, about in enumerate(self.book.sheets_metadata)
                  if str(about.typ).endswith(".WorkSheet")]
        return _unless_it_fails(lambda: tuple(
            self._sheet(index, about, errors[index] if index < len(errors) else {},
                        negatives[index] if index < len(negatives) else {}) for index, about in listed))

    def _sheet(self, index: int, about: Any, errors: Errors, negatives: Negatives) -> RawSheet:
        sheet = self.book.get_sheet_by_index(index)
        rows = sheet.to_python(skip_empty_area=False)
        tidy(rows)
        for (row, column), code in errors.items():
            rows[row - 1][column - 1] = ErrorValue(code)
        for (row, column), number in negatives.items():
            if isinstance(rows[row - 1][column - 1], (dt.time, dt.date)):  # no day is negative
                rows[row - 1][column - 1] = whole(number)
        while rows and rows[-1].count(None) == len(rows[-1]):
            rows.pop()
        merges = tuple(Merge(top + 1, left + 1, bottom + 1, right + 1)
                       for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
        return RawSheet(about.name, rows, str(about.visible).endswith(".Visible"), merges)


def fast_book(data: bytes) -> FastBook | None:
    """The workbook in these bytes; None where the fast reader gives up."""
    from python_calamine import CalamineWorkbook

    book = _unless_it_fails(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    return FastBook(book) if book is not None else None


def tidy(rows: list[list[Any]]) -> None:
    """Blanks as None, numbers without a fraction as int, midnight as the day; in place, for speed."""
    plans: dict[tuple[type, ...], list[int]] = {}
    for row in rows:
        types = tuple(map(type, row))
        places = plans.get(types)
        if places is None:
            places = plans[types] = [at for at, kind in enumerate(types) if kind in (float, dt.datetime)]
        for at in places:
            value = row[at]
            if value.__class__ is not float:
                row[at] = plain_day(value)
            elif value.is_integer():
                row[at] = int(value)
            elif not isfinite(value):
                row[at] = ErrorValue("#NUM!")
        if "" in row:
            row[:] = [None if value == "" else value for value in row]


def _unless_it_fails(action: Callable[[], T]) -> T | None:
    try:
        return action()
    except Exception:
        return None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return None
