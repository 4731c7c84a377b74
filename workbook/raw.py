"""What a file holds before anyone interprets it.

The reader (xlsx), the text form (Markdown) and a live Excel book all give this
shape; recognition (`workbook.book`) starts from it and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

_NONE: Mapping[Any, Any] = {}


class ErrorValue(NamedTuple):
    """An Excel error such as #REF!; never a text, never a zero."""

    code: str

    def __str__(self) -> str:
        return self.code


RawValue = (
    None | str | bool | int | float | Decimal | dt.date | dt.datetime | dt.time | dt.timedelta | ErrorValue
)
"""A cell as stored; blank is None. Whole-number floats arrive as int."""


class Merge(NamedTuple):
    """A merged range, all four numbers counted from 1, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class RawSheet(NamedTuple):
    """One sheet: rows[r][c] is the cell in row r + 1, column c + 1; `notes` by (row, column) from 1."""

    name: str
    rows: list[list[RawValue]]
    visible: bool = True
    merges: tuple[Merge, ...] = ()
    notes: Mapping[tuple[int, int], str] = _NONE


class RawBook(NamedTuple):
    """A file's sheets in their order; `path` is what messages call it.

    `elsewhere` is what it says beside its cells, (where, text), filled where notes are asked for.
    """

    path: str
    sheets: tuple[RawSheet, ...]
    epoch1904: bool = False
    formulas: Mapping[str, Mapping[tuple[int, int], str]] = _NONE
    elsewhere: tuple[tuple[str, str], ...] = ()

    def sheet(self, name: str) -> RawSheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)
