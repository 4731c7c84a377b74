"""Dates of rows that are possible by themselves, but not beside their neighbours, their day's name or their state."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

from workbook.conditions import split_values
from workbook.facts import Window
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger, Records
from workbook.normalize import FESTIVALS
from workbook.readings import compiled
from workbook.rules.dates import expected_span
from workbook.rules.metric_links import dictionary_values
from workbook.rules.registry import Inspection, rule
from workbook.schema import CASES, EVENTS, TASKS

T = TypeVar("T")
_W = Severity.WARNING
_SLIPS = (("活动", "开始日期"), ("办件", "日期"))
_FAR_FROM_ITS_DAY = 31
_DAY = r"(\d{1,2})月(\d{1,2})日"
_GENERATIONS = 30
_FEW = 3
_PLANNED = ((TASKS.title, "计划开始"), (TASKS.title, "完成时限"), ("问题", "整改时限"))


@rule("D022", "年份像是填错了", "日期{value}不在统计期里，前后两行却在；改成{given}就排得上，像是年份没有改。",
      "请核对年份；确是别的年份的，在备注里写明。", _W)
def year_is_a_slip(look: Inspection) -> Iterator[Finding]:
    """年初补登时顺手写成上一年，这一行就不计入本年，报告少算一件。"""
    for sheet, title in _SLIPS:
        records = look.ledger[sheet]
        for index, right in _if_few(_slips(records, title, look), records):
            yield records.finding("D022", index, title, given=right.isoformat())


def _slips(records: Records, title: str, look: Inspection) -> Iterator[tuple[int, dt.date]]:
    """The rows without a remark whose day is outside the span and fits into it in another year, with that day."""
    window, span, facts = look.facts.window, expected_span(look.ledger.head), records.facts
    if window.start is None or window.end is None or span is None:
        return
    days = records.different_dates(title)
    outside = records.having(title, [day and span[0] <= day <= span[1] and not _inside(day, window) for day in days])
    codes, years = records.column(title).codes, [day.year if day else 0 for day in days]
    for index in records.rows(outside & ~records.filled("备注")):
        at = bisect_left(facts, index)
        beside = [codes[row] for row in facts[max(0, at - 1):at + 2:2]]
        if len(beside) == 2 and years[beside[0]] == years[beside[1]] != years[codes[index]]:
            right = _between(days[beside[0]], days[codes[index]], days[beside[1]])
            if right and _inside(right, window):
                yield index, right


def _inside(day: dt.date, window: Window) -> bool:
    return bool(window.start and window.end and window.start <= day <= window.end)


def _if_few(slips: Iterator[T], records: Records) -> list[T]:
    """Many of a kind are no slips: such a ledger is in no order, or uses the column in another way."""
    few = max(_FEW, len(records.facts) // 100)
    found = list(islice(slips, few + 1))
    return found if len(found) <= few else []


def _between(before: dt.date | None, day: dt.date | None, after: dt.date | None) -> dt.date | None:
    """The day in the year of its neighbours, where it then stands between them."""
    if before is None or day is None or after is None or not before.year == after.year != day.year:
        return None
    try:
        right = day.replace(year=before.year)
    except ValueError:
        return None
    return right if before <= right <= after else None


@rule("D023", "节点和日期对不上", "节点是“{value}”（{given}），活动的日期却离它一个多月，节点或日期填错了一个。",
      "请核对节点和日期。", _W)
def far_from_its_day(look: Inspection) -> Iterator[Finding]:
    """按节点统计时，填错节点的活动会算到别的宣传日里。"""
    records, known = look.ledger[EVENTS.title], _days(look.ledger)
    for index, day in _if_few(_far(records, known), records):
        yield records.finding("D023", index, "节点", given=f"{day.month}月{day.day}日")


def _far(records: Records, known: dict[str, dt.date]) -> Iterator[tuple[int, dt.date]]:
    """The rows that name one known day and lie far from it in every year, with that day."""
    named = [known.get(names[0]) if len(names := split_values(text)) == 1 else None
             for text in records.different_texts("节点")] if records.has("节点") else []
    dated = records.having("开始日期", records.different_dates("开始日期")) if any(named) else 0
    for index in records.rows(dated & records.having("节点", named)):
        day, start = named[records.column("节点").codes[index]], records.day(index, "开始日期")
        end = records.day(index, "结束日期") or start
        if day and start and end and all(_distance(day.replace(year=year), start, end) > _FAR_FROM_ITS_DAY
                                         for year in (start.year - 1, start.year, start.year + 1)):
            yield index, day


def _days(ledger: Ledger) -> dict[str, dt.date]:
    """Name -> day (the year says nothing): those that everyone knows, and those whose 说明 in 字典 gives one."""
    records = ledger["字典"]
    known = {name: dt.date(1, *day) for day, name in FESTIVALS.items()}
    for index, name in dictionary_values(ledger, "活动.节点"):
        match = compiled(_DAY).fullmatch(records.texts("说明")[index])
        if match and (month := int(match[1])) <= 12 and (day := int(match[2])) <= 28:
            known[name] = dt.date(1, month, day)
    return known


def _distance(day: dt.date, start: dt.date, end: dt.date) -> int:
    """Days between a day and a span; 0 within."""
    return max(0, (start - day).days, (day - end).days)


@rule("D024", "没开始却有进度", "状态是“未开始”，进度却是{value}，两处对不上。", "请核对后改正其中一个。", _W)
def progress_before_the_start(look: Inspection) -> Iterator[Finding]:
    """状态忘了改，催办时会去催已经在办的事。"""
    records = look.ledger[TASKS.title]
    begun = records.having("进度", [one and one.value > 0 for one in records.different_percents("进度")])
    unstarted = records.having("状态", [state == "未开始" for state in records.different_folded("状态")])
    undone = records.having("完成日期", [day in (None, "") for day in records.column("完成日期").different])
    for index in records.rows(begun & unstarted & undone):
        yield records.finding("D024", index, "进度")


@rule("D025", "晚于时限才完成而没有说明", "完成日期{value}晚于完成时限{given}，备注里没有说明。",
      "请核对两个日期；确实晚了的，在备注写明原因。", Severity.INFO)
def done_after_it_was_due(look: Inspection) -> Iterator[Finding]:
    """报告里说“按期完成”，台账里却晚了，检查时一对就看出来。"""
    records = look.ledger[TASKS.title]
    due, done, remarks = records.dates("完成时限"), records.dates("完成日期"), records.texts("备注")
    starts: list[dt.date | None] = [None] * len(due)
    if records.has("计划开始"):
        starts = records.dates("计划开始")
    for index in records.rows_where("完成日期", records.different_dates("完成日期")):
        until, day = due[index], done[index]
        backwards = until and (start := starts[index]) and until < start
        if until and day and day > until and not remarks[index] and not backwards:
            yield records.finding("D025", index, "完成日期", given=until.isoformat())


@rule("D026", "年份离得太远", "“{column}”是{value}，离统计期几十年，年份写错了。", "请核对年份。", _W)
def generations_away(look: Inspection) -> Iterator[Finding]:
    """时限写成 1925 年或 2205 年，看板上这件事不是永远逾期就是永远不到期。"""
    end = look.facts.window.end
    for sheet, title in _PLANNED if end else ():
        records: Records = look.ledger[sheet]
        far = (end and day and abs(day.year - end.year) > _GENERATIONS for day in records.different_dates(title))
        for index in records.rows_where(title, far):
            yield records.finding("D026", index, title)


@rule("Q014", "同一件办件登记了两次", "这一行和第{given}行的日期、事项、数量、金额都相同，会数成两次。",
      "重复的请删掉一行；确是两件的，在备注里写明。", _W)
def case_is_entered_twice(look: Inspection) -> Iterator[Finding]:
    """两个人各录一遍，数量和金额都会多算。"""
    records = look.ledger[CASES.title]
    titles = ("事项", "数量", "单位", "结果", "金额（元）", "户数", "人数", "承办股室", "备注")
    days, columns = records.dates("日期"), [records.folded(title) for title in titles]
    amounts, money = records.numbers("数量"), records.folded("金额（元）")
    first: dict[tuple[object, ...], int] = {}
    for index in records.facts:
        number = amounts[index]
        if days[index] and (money[index] not in ("", "0") or (number and number.value >= _SPEAKING)):
            same = first.setdefault((days[index], *(column[index] for column in columns)), index)
            if same != index:
                yield records.finding("Q014", index, "数量", given=str(records.table.numbers[same]))


_SPEAKING = 5
"""Small numbers are alike by chance."""
