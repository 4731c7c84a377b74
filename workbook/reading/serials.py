"""Excel's day numbers, and which number formats make a number a day ([ECMA-376] 18.8.30, 18.17.4.1)."""

from __future__ import annotations

import datetime as dt
import math
import re
from enum import Enum

from workbook.raw import ErrorValue, RawValue

_EPOCH = dt.datetime(1899, 12, 30)
_DAYS_1904 = 1462
_DAY_MS = 86_400_000

_CHINESE_DATES = frozenset({*range(27, 37), *range(50, 59)})
_BUILT_IN_DATES = frozenset({*range(14, 23), 45, 47}) | _CHINESE_DATES
_BUILT_IN_SPANS = frozenset({46})
_LITERALS = r'(?is)"[^"]*"?|[_\\*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]'
_SPAN = r"(?i)\[(?:h+|m+|s+)\]"
_DATE = r"(?i)[dmhys]|a/p|am/pm"


class Kind(Enum):
    """What a number format makes of a number."""

    NUMBER = 0
    MOMENT = 1
    SPAN = 2


def kind_of_format(number: int, code: str | None) -> Kind:
    """The kind of a format by its code where the file gives one, else by its built-in number.

    A Chinese Excel writes its own date formats (31: yyyy"年"m"月"d"日") without their code.
    """
    if code is not None:
        return _kind_of_code(code)
    if number in _BUILT_IN_SPANS:
        return Kind.SPAN
    return Kind.MOMENT if number in _BUILT_IN_DATES else Kind.NUMBER


def _kind_of_code(code: str) -> Kind:
    tokens = re.sub(_LITERALS, "", code).split(";")[0]
    span, date = re.search(_SPAN, tokens), re.search(_DATE, re.sub(_SPAN, "", tokens))
    if span and not (date and date.start() < span.start()):
        return Kind.SPAN
    return Kind.MOMENT if date else Kind.NUMBER


def from_serial(value: float, kind: Kind, epoch1904: bool) -> float | dt.date | dt.datetime | dt.time | dt.timedelta:
    """What a stored number means: a day, a moment, a time of day (below 1), a span, or the number itself.

    Moments are exact to the millisecond, as Excel's; a number before or beyond the calendar stays a number.
    """
    try:
        if kind is Kind.SPAN:
            return dt.timedelta(milliseconds=_rounded(value * _DAY_MS))
        if kind is Kind.MOMENT:
            return _moment(value, epoch1904)
    except (OverflowError, ValueError):
        return value
    return value


def _moment(value: float, epoch1904: bool) -> float | dt.date | dt.datetime | dt.time:
    if value < 0:
        return value
    days = value + (_DAYS_1904 if epoch1904 else 0)
    days += 0 if days >= 60 else 1
    moment = _EPOCH + dt.timedelta(milliseconds=_rounded(days * _DAY_MS))
    if value < 1:
        return moment.time()
    return plain_day(moment)


def whole(value: RawValue) -> RawValue:
    """A number without a fraction as int; what is no number as Excel shows it."""
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return ErrorValue("#NUM!")
    return int(value) if value.is_integer() else value


def plain_day(moment: dt.datetime) -> dt.date | dt.datetime:
    """A moment at midnight is a day."""
    return moment.date() if moment.time() == dt.time() else moment


def _rounded(milliseconds: float) -> int:
    return math.floor(abs(milliseconds) + 0.5) * (1 if milliseconds >= 0 else -1)
