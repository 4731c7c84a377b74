"""Periods out of a clerk's text: 11月23日-29日, 2021—2025年, 上半年, 截至11月底.

A period has a start, an end and the precision it was written with; a later date
inherits what it leaves out from the one before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from re import Match
from typing import NamedTuple

from workbook.numerals import from_chinese, from_digits
from workbook.readings import compiled, tidy


class Precision(StrEnum):
    """How exactly a date was written."""

    DAY = "日"
    TEN_DAYS = "旬"
    MONTH = "月"
    QUARTER = "季度"
    HALF = "半年"
    YEAR = "年"
    NOW = "目前"


class Period(NamedTuple):
    """From `start` to `end`, both included; None where the text leaves it open.

    目前 has neither, 截至11月底 only an end, 2023年以来 only a start.
    """

    start: dt.date | None
    end: dt.date | None
    precision: Precision


_Parts = tuple[int | None, int | None, int | None]
"""Year, month and day as far as a text gives them."""
LONGEST = 40
_Y = r"(?P<year>(?:19|20)\d\d)"
_FORMS = (
    rf"{_Y}([-/.])(?P<month>\d{{1,2}})(?:\2(?P<day>\d{{1,2}}))?[月日号]?",
    rf"(?:{_Y}年度?|今年|本年)?(?:(?P<month>\d{{1,2}})月份?)?(?:(?P<day>\d{{1,2}})[日号])?",
    rf"{_Y}(?P<month>\d\d)(?P<day>\d\d)?",
    rf"{_Y}(?P<month>)(?P<day>)",
)
SHORT = r"(?P<year>)(?P<month>0?[1-9]|1[0-2])[-/.·](?P<day>\d{1,2})[日号]?"
"""5.20: a day of the report's year."""

_OF_YEAR = rf"(?:{_Y}年度?|今年|本年)?"
_TEN_DAYS = rf"{_OF_YEAR}(?P<month>\d{{1,2}})月(?P<ten>[上中下])旬"
_MONTHS: tuple[tuple[str, Precision, Callable[[str], tuple[int, int]]], ...] = (
    (rf"{_OF_YEAR}([上下])半年", Precision.HALF, lambda half: (1, 6) if half == "上" else (7, 12)),
    (rf"{_OF_YEAR}第?([1-4])季度", Precision.QUARTER, lambda q: (3 * int(q) - 2, 3 * int(q))),
    (rf"{_OF_YEAR}(?:前|第?1(?:至|[-—~])第?)([234])个?季度", Precision.QUARTER, lambda q: (1, 3 * int(q))),
    (rf"{_OF_YEAR}(全年度?|年内|本年度?|今年|当年)", Precision.YEAR, lambda _: (1, 12)),
)
_NOW = frozenset({"目前", "至今", "迄今", "现在", "当前"})
_UNTIL = "截[至止]到?"
_ABOUT = "(?<=[年月])[底末初中]$"
_SINCE = "(?:以来|起|[至到](?:今|目前|现在))$"
_TO = "至|到|[-—–―~]+"
_LAST_UNIT = r"[年月日号](?=\D?$)"
_CLOCK = (r"[ T]?(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?[ T]?"
          r"(?:上午|下午|晚上|凌晨|全天)?(?:\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?Z?)?[。.,;、]?$")
_CHINESE_DIGITS = "[零〇○一二三四五六七八九十]+"


def plain_date(raw: str) -> str:
    """A date text as the patterns see it: tidy, 五月二十日 as 5月20日, no weekday, no time of day."""
    text = tidy(raw)
    text = compiled(_CLOCK).sub("", text, count=1) or text
    return compiled(_CHINESE_DIGITS).sub(_arabic, text)


def period_of(text: str, year: int | None) -> Period | None:
    """The period that a text of `plain_date` names; None where it names none.

    `year` stands in where the text gives none. Raises ValueError for a day or
    month that the calendar does not have.
    """
    if not text or len(text) > LONGEST:
        return None
    if text in _NOW:
        return Period(None, None, Precision.NOW)
    until, since = compiled(_UNTIL).match(text), compiled(_SINCE).search(text)
    if until:
        inner = period_of(text[until.end():], year)
        return inner and Period(None, inner.end, inner.precision)
    if since:
        inner = period_of(text[:since.start()], year)
        return inner and Period(inner.start, None, inner.precision)
    text = compiled(_ABOUT).sub("", text)
    parts = _parts(text)
    return _point(parts, year) if parts else _named(text, year) or _range(text, year)


def _arabic(match: Match[str]) -> str:
    digits = from_digits(match[0]) if len(match[0]) > 1 else None
    value = digits or from_chinese(match[0])
    return match[0] if value is None else str(value)


def _parts(text: str) -> _Parts | None:
    for form in (*_FORMS, SHORT):
        match = compiled(form).fullmatch(text)
        if match:
            year, month, day = (int(found) if (found := match[name]) else None for name in ("year", "month", "day"))
            return None if year is None and month is None and day is None else (year, month, day)
    return None


def _named(text: str, year: int | None) -> Period | None:
    for pattern, precision, months in _MONTHS:
        match = compiled(pattern).fullmatch(text)
        if match:
            return _months(_year(match, year), *months(match[2]), precision)
    match = compiled(_TEN_DAYS).fullmatch(text)
    return _ten_days(match, _year(match, year)) if match else None


def _year(match: Match[str], year: int | None) -> int | None:
    return int(match["year"]) if match["year"] else year


def _months(year: int | None, first: int, last: int, precision: Precision) -> Period | None:
    if year is None:
        return None
    return Period(dt.date(year, first, 1), _month_end(year, last), precision)


def _ten_days(match: Match[str], year: int | None) -> Period | None:
    if year is None:
        return None
    month, first = int(match["month"]), {"上": 1, "中": 11, "下": 21}[match["ten"]]
    end = _month_end(year, month) if first == 21 else dt.date(year, month, first + 9)
    return Period(dt.date(year, month, first), end, Precision.TEN_DAYS)


def _month_end(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1) if month <= 12 else dt.date(year, month, 1)
    return following - dt.timedelta(days=1)


def _point(parts: _Parts, year: int | None) -> Period | None:
    own, month, number = parts
    year = own or year
    if year is None or (number is not None and month is None):
        return None
    if month is None:
        return _months(year, 1, 12, Precision.YEAR)
    if number is None:
        return _months(year, month, month, Precision.MONTH)
    day = dt.date(year, month, number)
    return Period(day, day, Precision.DAY)


def _range(text: str, year: int | None) -> Period | None:
    for separator in compiled(_TO).finditer(text):
        ends = _ends(text[:separator.start()], text[separator.end():])
        start, end = (_point(ends[0], year), _point(ends[1], year)) if ends else (None, None)
        if start and end and start.start and end.end and start.start <= end.end:
            return Period(start.start, end.end, end.precision)
    return None


def _ends(left: str, right: str) -> tuple[_Parts, _Parts] | None:
    """Both ends of a range: 1—11月 and 2023.5.20-22 lend each other what they leave out."""
    unit = compiled(_LAST_UNIT).search(right)
    first = _parts(left + unit[0] if unit and left[-1:].isdecimal() else left)
    if first is None:
        return None
    last = _parts(right)
    if last is None and right.isdecimal() and len(right) <= 2:
        last = (None, None, int(right)) if first[2] is not None else (None, int(right), None)
    if last is None:
        return None
    last = _after(last, first)
    alike = [part is None for part in first[1:]] == [part is None for part in last[1:]]
    return (first, last) if alike else None


def _after(parts: _Parts, earlier: _Parts) -> _Parts:
    """A date, the larger parts that it leaves out taken from an earlier one."""
    year, month, day = parts
    inherited = earlier[1] if month is None and day is not None else month
    return earlier[0] if year is None else year, inherited, day
