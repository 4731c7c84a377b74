"""报告信息 of a ledger to be adopted: what the map says, what was given beside it, what follows from the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from workbook.book import fold
from workbook.findings import Refusal
from workbook.raw import RawValue
from workbook.restoring.balance import BLANK

YEAR = "报告年度"
_OPTIONS = {"报告类型": "--kind", "机关全称": "--office", YEAR: "--year"}


def completed(head: Mapping[str, RawValue], given: Mapping[str, RawValue], path: str) -> dict[str, RawValue]:
    """The head with blanks filled from `given`, and the whole year as its period where none is said.

    Raises Refusal where `given` contradicts the map at `path`, or the year is no number.
    """
    for key, value in given.items():
        held = head.get(key)
        if held not in BLANK and fold(held) != fold(value):
            raise Refusal(f"{path} 里 {key} 是“{held}”，{_OPTIONS[key]} 给的是“{value}”。请改掉一个。")
    made = dict(given) | {key: value for key, value in head.items() if value not in BLANK}
    made = {key: made.get(key, "") for key in (*head, *(key for key in given if key not in head))}
    year = year_of(made, path)
    days = {"统计起": dt.date(year, 1, 1), "统计止": dt.date(year, 12, 31)} if year else {}
    made |= {YEAR: year} if year else {}
    return made | {key: day for key, day in days.items() if made.get(key) in BLANK}


def year_of(head: Mapping[str, RawValue], path: str) -> int:
    """报告年度 as a number; 0 where it is blank. Raises Refusal for what is no year."""
    value = head.get(YEAR)
    if value in BLANK:
        return 0
    text = fold(value)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 9999):
        raise Refusal(f"{path}：{YEAR}写的是“{value}”，请写四位数字，如 2025。")
    return int(text)
