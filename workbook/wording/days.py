"""Days that no calendar has, and plan periods that are not the ledger's, in a text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from workbook.wording.hits import Hit, compiled, hit_of, signed

_DAY = r"(?<!\d)(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日"
_MONTH = r"(?<!\d)\d{4}年(?P<m>\d{1,2})月(?!\d)"
_YEAR = r"(?<!\d)(?:19|20)\d{3}年"
_LEAP = 2024
"""The year of a day without one."""
_PLAN = r"[“\"]?(?P<n>[一二三四五六七八九])五[”\"]?普法"
_HISTORY = r"总结|验收|终期|收官|成果|基础上|启动|谋划|编制|调研|起草|衔接|接续|开局"
"""What a sentence says that may well speak of the plan before or after."""


@signed(("日", "月", "年"))
def impossible_days(prose: str) -> Iterator[Hit]:
    """2月30日, 2025年13月, 20255年."""
    for match in compiled(_DAY).finditer(prose):
        if not _is_day(int(match["y"] or _LEAP), int(match["m"]), int(match["d"])):
            yield hit_of(match)
    for match in compiled(_MONTH).finditer(prose):
        if not 1 <= int(match["m"]) <= 12:
            yield hit_of(match)
    yield from map(hit_of, compiled(_YEAR).finditer(prose))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def other_plans(prose: str, own: str) -> Iterator[Hit]:
    """“七五”普法 where the plan period is called `own` (“八五”普法), but for sentences that look back or ahead."""
    named = compiled(_PLAN.removesuffix("普法")).search(own)
    for match in compiled(_PLAN).finditer(prose) if named else ():
        begin, end = prose.rfind("。", 0, match.start()) + 1, prose.find("。", match.end())
        sentence = prose[begin:end if end >= 0 else len(prose)]
        if named and match["n"] != named["n"] and not compiled(_HISTORY).search(sentence):
            yield hit_of(match)
