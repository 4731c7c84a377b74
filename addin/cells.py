"""Values on their way between Excel's cells and ours: nothing interpreted, nothing changed under way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from workbook.raw import ErrorValue, RawValue
from workbook.reading.fastreader import tidy
from workbook.reading.serials import Kind, kind_of_format
from workbook.standard import look

Format = Callable[[str | None], str | None]
"""The number format that a cell is to get, by the one it has (None: several); None where it may stay."""
LONGEST_AS_TEXT = 255
"""Excel shows a longer text in a cell of format @ as ####."""
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!",
                     "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#GETTING_DATA"))
_ERROR_NUMBERS = range(-2146826300, -2146826200)
_ZERO_DAY = dt.date(1899, 12, 30)
_TAKEN_FOR_ELSE = re.compile(
    r"\s*(?:[=+\-@'.(（$¥￥€£\d０-９]|(?:true|false)\s*$|[上下]午|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
    re.IGNORECASE)


def as_raw(rows: list[list[Any]]) -> list[list[RawValue]]:
    """A block as xlwings gives it, as the reader of files gives the same cells."""
    for row in rows:
        for at, value in enumerate(row):
            kind = value.__class__
            if kind is str:
                if value[:1] == "#" and value in _ERRORS:
                    row[at] = ErrorValue(value)
            elif kind is int:
                row[at] = ErrorValue("#ERROR!") if value in _ERROR_NUMBERS else value
            elif kind is Decimal:
                row[at] = float(value)
            elif isinstance(value, dt.datetime):
                row[at] = value.time() if value.date() == _ZERO_DAY else value.replace(tzinfo=None)
    tidy(rows)
    return rows


def as_excel(value: RawValue) -> Any:
    """A value as Excel takes it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        return str(value) if isinstance(value, ErrorValue) else value
    return dt.datetime(value.year, value.month, value.day)


def taken_for_else(text: str) -> bool:
    """Whether Excel takes a typed text for a number, a day, a truth value or a formula."""
    return len(text) <= LONGEST_AS_TEXT and _TAKEN_FOR_ELSE.match(text) is not None


def format_for(value: RawValue) -> Format | None:
    """What must be asked of a cell's format before a value is written; None where any will do."""
    if isinstance(value, str):
        return _text if taken_for_else(value) else None
    if value is None or isinstance(value, bool | ErrorValue):
        return None
    if isinstance(value, int | float | Decimal):
        return _number
    return _moment if isinstance(value, dt.datetime) else _day


def _text(held: str | None) -> str | None:
    return None if held == look.TEXT_FORMAT else look.TEXT_FORMAT


def _number(held: str | None) -> str | None:
    stays = held is not None and held != look.TEXT_FORMAT and kind_of_format(0, held) is Kind.NUMBER
    return None if stays else look.GENERAL_FORMAT


def _day(held: str | None) -> str | None:
    return None if held and kind_of_format(0, held) is Kind.MOMENT else look.DATE_FORMAT


def _moment(held: str | None) -> str | None:
    return None if held and kind_of_format(0, held) is Kind.MOMENT else look.MOMENT_FORMAT
