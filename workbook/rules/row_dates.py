"""Dates of rows that are possible by themselves, but not beside their neighbours, their day's name or their state."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from workbook.conditions import split_values
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger, Records
from workbook.normalize import FESTIVALS
from workbook.rules.dates import expected_span
from workbook.rules.metric_links import dictionary_values
from workbook.rules.registry import Inspection, rule
from workbook.schema import CASES, EVENTS, TASKS

_W = Severity.WARNING
_SLIPS = (("活动", "开始日期"), ("办件", "日期"))
_FAR_FROM_ITS_DAY = 31
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")
_GENERATIONS = 30
_FEW = 3
_PLANNED = ((TASKS.title, "计划开始"), (TASKS.title, "完成时限"), ("问题", "整改时限"))


@rule("D022", "年份像是填错了", "日期{value}不在统计期里，前后两行却在；改成{given}就排得上，像是年份没有改。",
      "请核对年份；确是别的年份的，在备注里写明。", _W)
def year_is_a_slip(look: Inspection) -> Iterator[Finding]:
    """年初补登时顺手写成上一年，这一行就不计入本年，报告少算一件。"""
    window, span = look.facts.window, expected_span(look.ledger.head)
    if window.start is None or window.end is None or span is None:
        return
    for sheet, title in _SLIPS:
        records = look.ledger[sheet]
        days, remarks, facts = records.dates(title), records.texts("备注"), records.facts
        slips: list[Finding] = []
        for before, index, after in zip(facts, facts[1:], facts[2:], strict=False):
            day, right = days[index], _between(days[before], days[index], days[after])
            if day and right and window.start <= right <= window.end and not remarks[index] \
                    and span[0] <= day <= span[1] and not window.start <= day <= window.end:
                slips.append(records.finding("D022", index, title, given=right.isoformat()))
        yield from _if_few(slips, records)


def _if_few(slips: list[Finding], records: Records) -> list[Finding]:
    """Many of a kind are no slips: such a ledger is in no order, or uses the column in another way."""
    return slips if len(slips) <= max(_FEW, len(records.facts) // 100) else []


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
    texts, starts, ends = records.texts("节点"), records.dates("开始日期"), records.dates("结束日期")
    slips: list[Finding] = []
    for index in records.facts if records.has("节点") else ():
        start, names = starts[index], split_values(texts[index])
        if start is None or len(names) != 1 or names[0] not in known:
            continue
        days = [known[names[0]].replace(year=year) for year in (start.year - 1, start.year, start.year + 1)]
        if all(_distance(day, start, ends[index] or start) > _FAR_FROM_ITS_DAY for day in days):
            slips.append(records.finding("D023", index, "节点", given=f"{days[1].month}月{days[1].day}日"))
    yield from _if_few(slips, records)


def _days(ledger: Ledger) -> dict[str, dt.date]:
    """Name -> day (the year says nothing): those that everyone knows, and those whose 说明 in 字典 gives one."""
    records = ledger["字典"]
    known = {name: dt.date(1, *day) for day, name in FESTIVALS.items()}
    for index, name in dictionary_values(ledger, "活动.节点"):
        match = _DAY.fullmatch(records.texts("说明")[index])
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
    states, done = records.folded("状态"), records.raw("完成日期")
    for index in records.facts if records.has("进度") else ():
        unstarted = states[index] == "未开始" and done[index] in (None, "")
        number = records.number_at(index, "进度", percent=True) if unstarted else None
        if number and number.value > 0:
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
