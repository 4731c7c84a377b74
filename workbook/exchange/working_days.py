"""Working days: Monday to Friday, without the holidays and with the make-up days of the State Council's notices.

holidays.csv holds the years whose notice was read (全国年节及纪念日放假办法 leaves the days to it);
of any other year only weekends are known, and whoever counts says so.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).with_name("holidays.csv")
_SATURDAY = 5
_DAY = dt.timedelta(days=1)


class Calendar(NamedTuple):
    """The days that are no working days though in the week, and the other way round; the years it knows."""

    off: frozenset[dt.date]
    on: frozenset[dt.date]
    years: frozenset[int]


@cache
def calendar() -> Calendar:
    """The calendar of the years whose notice is known."""
    text = _TABLE.read_text("utf-8")
    days: dict[str, set[dt.date]] = {"放假": set(), "上班": set()}
    for line in csv.DictReader(text.splitlines()):
        days[line["安排"]].update(_days(dt.date.fromisoformat(line["起"]), dt.date.fromisoformat(line["止"])))
    return Calendar(frozenset(days["放假"]), frozenset(days["上班"]), frozenset(day.year for day in days["放假"]))


def is_working_day(day: dt.date) -> bool:
    """Whether offices work that day."""
    known = calendar()
    return day in known.on or (day.weekday() < _SATURDAY and day not in known.off)


def working_days(after: dt.date, until: dt.date) -> int:
    """How many working days there are after one day up to another, that one included; negative backwards."""
    if until < after:
        return -working_days(until, after)
    return sum(map(is_working_day, _days(after + _DAY, until)))


def unknown_years(first: dt.date, last: dt.date) -> list[int]:
    """The years between two days of which only weekends are known."""
    first, last = min(first, last), max(first, last)
    return [year for year in range(first.year, last.year + 1) if year not in calendar().years]


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
