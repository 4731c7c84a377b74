"""Twenty-five checks of sheet 活动 as an office with pandas would write them: whole columns, counted, not located."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests.reference_ledgers import FIRST_DAY, LAST_DAY, NEWEST, OLDEST
from tests.reference_words import SECTIONS, TYPES
from workbook.raw import RawBook

EVENTS, ATTENDED, PAPERS = "活动", "参与（人次）", "宣传资料（份）"
LONGEST_NAME, LONGEST_PLACE, CROWD, SESSIONS = 40, 60, 100_000, 366


def frame(raw: RawBook) -> Any:
    """The sheet as a DataFrame, its dates as datetimes."""
    import pandas as pd

    sheet = raw.sheet(EVENTS)
    headers, *rows = sheet.rows if sheet else [[]]
    events = pd.DataFrame(rows, columns=[str(header) for header in headers])
    for title in ("开始日期", "结束日期"):
        events[title] = pd.to_datetime(events[title])
    return events


def faults(events: Any) -> int:
    """How many faults twenty-five rules find."""
    return sum(int(mask.sum()) for mask in (*_of_names(events), *_of_days(events), *_of_numbers(events)))


def _of_names(events: Any) -> Sequence[Any]:
    key, name, kind, place, office = (events[title] for title in ("编号", "活动名称", "类型", "地点", "承办股室"))
    return (
        key.isna(), key.duplicated(), ~key.str.fullmatch(r"H\d+", na=False),
        name.isna(), name.str.len() > LONGEST_NAME, name.str.strip() != name, name.str.contains(r"[,;?!]", na=False),
        kind.isna(), ~kind.isin(set(TYPES)) & kind.notna(), place.str.len() > LONGEST_PLACE,
        office.isna(), ~office.isin({name for _, name, _ in SECTIONS}) & office.notna(),
    )


def _of_days(events: Any) -> Sequence[Any]:
    start, end = events["开始日期"], events["结束日期"]
    first, last, oldest, newest = (dt.datetime.combine(day, dt.time()) for day in (FIRST_DAY, LAST_DAY, OLDEST, NEWEST))
    return (start.isna(), ~start.between(oldest, newest), start > last, ~start.between(first, last) & end.notna(),
            end < start)


def _of_numbers(events: Any) -> Sequence[Any]:
    came, papers, held = events[ATTENDED], events[PAPERS], events["场次"]
    return (came.isna(), came < 0, came % 1 != 0, came >= CROWD, papers < 0, (papers % 1 != 0) & papers.notna(),
            held > SESSIONS, (papers > 1000) & ~(came > 0))
