"""Days and periods out of a clerk's cells: dates, Excel serials, 2023.5.20, 二〇二三年五月二十日.

A day the calendar does not have is never shifted to one it has, and a number
that may be two days is never guessed.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from re import Match

from workbook.names import day_choices, placeholder, spoken
from workbook.periods import SHORT, Period, Precision, period_of, plain_date
from workbook.raw import ErrorValue, RawValue
from workbook.readings import Problem, Reading, compiled, exact, plain, unread

_EPOCH = dt.date(1899, 12, 30).toordinal()
_EPOCH_1904 = dt.date(1904, 1, 1).toordinal()
_SERIALS = range(10_000, 100_000)
"""1927 to 2173: a smaller number is rather a year or 5.20, a larger one a date without marks."""
_SHORT_YEAR = r"'?(\d\d)(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])"
_NUMBERS = (int, float, Decimal)


def read_date(raw: RawValue, *, year: int | None, epoch1904: bool = False) -> Reading[dt.date]:
    """Read a cell that needs a day; `year` is the report's, for 5月20日.

    Problems: C002, C003, C007, C008 (given: the precision, 一段时间 for a range of days), C009 (given: the days
    it may be), C013; C014 (given: the ISO date) leaves the value.
    """
    if isinstance(raw, dt.date):
        return _day(raw.date() if isinstance(raw, dt.datetime) else raw)
    if raw is None:
        return Reading(None)
    if isinstance(raw, str):
        return _written_day(raw, year, epoch1904)
    if isinstance(raw, _NUMBERS) and not isinstance(raw, bool):
        return _numbered_day(raw, year, epoch1904)
    return unread("C007") if isinstance(raw, ErrorValue) else unread("C002")


def read_period(raw: RawValue, *, year: int | None, epoch1904: bool = False) -> Reading[Period]:
    """Read a cell that holds a day or a longer time: 11月23日-29日, 上半年, 截至11月底.

    Problems as of `read_date`, without C008.
    """
    reading = read_date(raw, year=year, epoch1904=epoch1904)
    day = reading.value
    if day:
        return Reading(Period(day, day, Precision.DAY), reading.problems)
    no_day = any(problem.code in ("C002", "C008") for problem in reading.problems)
    if no_day and isinstance(raw, str | int | float | Decimal):
        return Reading(*_found(plain_date(raw if isinstance(raw, str) else plain(raw)), year))
    return Reading(None, reading.problems)


@lru_cache(maxsize=1 << 12)
def _day(day: dt.date) -> Reading[dt.date]:
    return Reading(day)


@lru_cache(maxsize=1 << 14)
def _written_day(raw: str, year: int | None, epoch1904: bool) -> Reading[dt.date]:
    text = plain_date(raw)
    if len(text) == 5 and text.isdecimal():
        return _noted(_numbered_day(int(text), year, epoch1904))
    if match := compiled(_SHORT_YEAR).fullmatch(text):
        return _with_century(match)
    if len(choices := day_choices(text)) > 1:
        return unread("C009", spoken(choices))
    period, problems = _found(text, year)
    if period is None:
        return Reading(None, problems)
    if period.precision not in (Precision.DAY, Precision.NOW):
        return unread("C008", period.precision.value)
    if period.start is None or period.start != period.end:
        return unread("C008", "一段时间")
    return _noted(Reading(period.start)) if compiled(SHORT).fullmatch(text) else Reading(period.start)


def _found(text: str, year: int | None) -> tuple[Period | None, tuple[Problem, ...]]:
    """The period of a text, or what is wrong with it; neither for a blank."""
    try:
        period = period_of(text, year)
    except ValueError:
        return None, (Problem("C003"),)
    if period or not text:
        return period, ()
    return None, (Problem("C013" if placeholder(text) else "C002"),)


@lru_cache(maxsize=1 << 12)
def _numbered_day(number: int | float | Decimal, year: int | None, epoch1904: bool) -> Reading[dt.date]:
    """An Excel serial, a date typed without marks (20230520), or a typed 5.20."""
    value = exact(number)
    if not value.is_finite():
        return unread("C002")
    if int(value) in _SERIALS:
        return _day(dt.date.fromordinal(int(value) + (_EPOCH_1904 if epoch1904 else _EPOCH)))
    choices = day_choices(plain(value))
    return unread("C009", spoken(choices)) if choices else _written_day(plain(value), year, epoch1904)


def _noted(reading: Reading[dt.date]) -> Reading[dt.date]:
    """The same reading, with a note of what was read."""
    if reading.value is None:
        return reading
    return Reading(reading.value, (Problem("C014", reading.value.isoformat()),))


def _with_century(match: Match[str]) -> Reading[dt.date]:
    """23.5.20 names no century: what it may be is said, not read."""
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        dt.date(2000 + year, month, day)
    except ValueError:
        return unread("C003")
    return unread("C009", f"{2000 + year}年{month}月{day}日")
