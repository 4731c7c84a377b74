"""Dates against each other: of a task, an event, a problem, and of the report itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from workbook.facts import Facts
from workbook.findings import Finding, Severity
from workbook.ledger import Head, Records
from workbook.metrics import Metric
from workbook.rules.registry import Inspection, rule
from workbook.schema import EVENTS, METRICS, PROBLEMS, TASKS

_W = Severity.WARNING
_DATED = (("活动", "开始日期"), ("办件", "日期"), ("任务", "完成日期"))
"""What has happened; a 完成时限 may lie in any year."""
_YEAR, _HALF_YEAR = dt.timedelta(days=366), dt.timedelta(days=183)
_OPEN_TASK, _OPEN_PROBLEM = ("未开始", "进行中"), ("未整改", "整改中")
_FEW, _ONE_OF = 10, 100


@rule("D001", "结束日期早于开始日期", "结束日期{value}早于开始日期{given}，活动按开始日期计数，可能计错年份。",
      "请核对后改正其中一个。", _W)
def ends_before_it_starts(look: Inspection) -> Iterator[Finding]:
    """活动按开始日期计入统计期，前后颠倒说明其中一个填错，可能计进别的年份。"""
    return _backwards("D001", look.ledger[EVENTS.title], "开始日期", "结束日期")


@rule("D002", "完成时限早于计划开始", "完成时限{value}早于计划开始{given}，没开始就到期，看板会报逾期。",
      "请核对后改正其中一个。", _W)
def due_before_it_starts(look: Inspection) -> Iterator[Finding]:
    """没有完成日期的任务按完成时限计入统计期，时限填错就计错年份，也会误报逾期。"""
    return _backwards("D002", look.ledger[TASKS.title], "计划开始", "完成时限")


@rule("D003", "完成日期早于计划开始", "完成日期{value}早于计划开始{given}，任务按完成日期计数，可能计错年份。",
      "请核对后改正其中一个。", _W)
def done_before_it_starts(look: Inspection) -> Iterator[Finding]:
    """报告按完成日期统计当年任务，前后颠倒的任务会被漏计。"""
    return _backwards("D003", look.ledger[TASKS.title], "计划开始", "完成日期")


@rule("D004", "已完成而没有完成日期", "状态是“已完成”，没有填完成日期，只好按完成时限计数。",
      "请补填实际完成的那一天。", _W)
def done_without_a_day(look: Inspection) -> Iterator[Finding]:
    """任务按完成日期计入统计期，空着就按完成时限算，跨年完成的任务会计错年份。"""
    records = look.ledger[TASKS.title]
    if records.has("状态"):
        states, days = records.folded("状态"), records.raw("完成日期")
        for index in records.facts:
            if states[index] == "已完成" and days[index] in (None, ""):
                yield records.finding("D004", index, "完成日期")


@rule("D005", "填了完成日期而状态不是已完成", "完成日期填了{given}，状态却是“{value}”，按状态计数会漏掉它。",
      "确已完成的把状态改成“已完成”，没有完成的删掉完成日期。", _W)
def day_without_done(look: Inspection) -> Iterator[Finding]:
    """完成率按状态统计，状态没有跟着改，办完的任务会算成没办完。"""
    records = look.ledger[TASKS.title]
    states, days = records.folded("状态"), records.dates("完成日期")
    for index in records.rows_where("完成日期", records.different_dates("完成日期")):
        if (day := days[index]) and states[index] not in ("已完成", ""):
            yield records.finding("D005", index, "状态", given=day.isoformat())


@rule("D006", "进度已满而状态不是已完成", "进度是100%，状态却是“{value}”，按状态计数会漏掉它。",
      "确已完成的把状态改成“已完成”并填完成日期，否则改正进度。", _W)
def full_but_open(look: Inspection) -> Iterator[Finding]:
    """完成率按状态统计，进度和状态不一致，报告里的完成数就说不清。"""
    records = look.ledger[TASKS.title]
    still_open = [state not in ("已完成", "") for state in records.different_folded("状态")]
    full = records.having("进度", [progress == 1 for progress in _progress(records)])
    done = records.having("完成日期", records.different_dates("完成日期"))
    for index in records.rows(full & records.having("状态", still_open) & ~done):
        yield records.finding("D006", index, "状态")


@rule("D007", "已完成而进度不满", "状态是“已完成”，进度却是{given}%，两处对不上。", "请核对后改正其中一个。", _W)
def done_but_not_full(look: Inspection) -> Iterator[Finding]:
    """完成率按状态统计，没办完就标已完成，报告里的完成数会多算。"""
    records = look.ledger[TASKS.title]
    progress = _progress(records)
    done = records.having("状态", [state == "已完成" for state in records.different_folded("状态")])
    for index in records.rows(done & records.having("进度", [0 <= one < 1 for one in progress])):
        given = progress[records.column("进度").codes[index]]
        yield records.finding("D007", index, "进度", given=f"{given * 100:g}")


@rule("D008", "逾期未完成而没有说明", "完成时限{value}已过（统计到{given}），还没有完成，备注里也没有说明。",
      "已办完的请改状态、填完成日期，确实逾期的在备注写明原因。", _W)
def overdue(look: Inspection) -> Iterator[Finding]:
    """到统计止还没办完的任务，要么是忘了改状态，要么要向上级说明原因。"""
    return _overdue("D008", look, look.ledger[TASKS.title], "完成时限", ("状态", _OPEN_TASK, "完成日期"))


@rule("D009", "日期不在统计期和规划期里", "日期{value}不在{given}之间，可能写错了年份，这一行不会计入报告。",
      "请核对年份。", _W)
def far_away(look: Inspection) -> Iterator[Finding]:
    """年份写错一位，这一行就不计入任何一个数，报告会少算而看不出来。"""
    span = expected_span(look.ledger.head)
    if span is None:
        return
    first, last = span
    for sheet, title in _DATED:
        records = look.ledger[sheet]
        days, remarks = records.dates(title), records.texts("备注")
        astray = (day and not first <= day <= last for day in records.different_dates(title))
        outside = [i for i in records.rows_where(title, astray) if (day := days[i])
                   and not (remarks[i] and first - _YEAR <= day < first)]
        if _are_few(outside, records):
            for index in outside:
                yield records.finding("D009", index, title, given=f"{first.isoformat()}和{last.isoformat()}")


@rule("D015", "过了整改时限仍未整改", "整改时限{value}已过（统计到{given}），还没有整改完，备注里也没有说明。",
      "已整改的请改整改状态，没有的改时限或在备注写明原因。", _W)
def not_mended_in_time(look: Inspection) -> Iterator[Finding]:
    """报告里写着整改时限，时限已过还在整改，读报告的人会追问。"""
    return _overdue("D015", look, look.ledger[PROBLEMS.title], "整改时限", ("整改状态", _OPEN_PROBLEM, ""))


@rule("D016", "已办的事晚于成文日期", "日期{value}晚于成文日期{given}，报告写成时这件事还没有发生。",
      "请核对年份，下一年的事记到下一年的台账。", _W)
def later_than_the_report(look: Inspection) -> Iterator[Finding]:
    """已办的事不会发生在报告写成之后，多半是年份写错。"""
    head = look.ledger.head
    signed, span = head.date("成文日期"), expected_span(head)
    if signed is None or span is None or signed < (head.date("统计止") or signed):
        return
    for sheet, title in _DATED:
        records = look.ledger[sheet]
        days = records.different_dates(title)
        later = records.rows_where(title, (day and signed < day <= span[1] for day in days))
        if _are_few(later, records):
            for index in later:
                yield records.finding("D016", index, title, given=signed.isoformat())


@rule("D019", "活动超过一年", "结束日期{value}比开始日期{given}晚一年多，可能写错了年份。", "请核对年份。", _W)
def longer_than_a_year(look: Inspection) -> Iterator[Finding]:
    """活动一般当年办完，跨度超过一年多半是年份写错。"""
    records = look.ledger[EVENTS.title]
    if records.has("结束日期"):
        starts, ends = records.dates("开始日期"), records.dates("结束日期")
        for index in records.rows_where("结束日期", records.different_dates("结束日期")):
            if (start := starts[index]) and (end := ends[index]) and end - start > _YEAR:
                yield records.finding("D019", index, "结束日期", given=start.isoformat())


@rule("D021", "基数截止不早于统计止", "基数截止{value}不早于统计止{given}，台账里的行一行也不会再计。",
      "请写基数已经算到的那一天，一般是上年末。", _W)
def base_covers_everything(look: Inspection) -> Iterator[Finding]:
    """基数截止当天及以前的行不再计入，截止日写晚了，本年的数就没有加进累计数。"""
    records, end = look.ledger[METRICS.title], look.ledger.head.date("统计止")
    until = records.dates("基数截止")
    for index in records.facts:
        if end and (day := until[index]) and day >= end:
            yield records.finding("D021", index, "基数截止", given=end.isoformat())


@rule("D027", "基数没有写到哪一天", "有基数{value}，没有写基数截止，台账里{given}以前的 {count} 行也加了进去。",
      "这些行已经算在基数里的，请填“基数截止”；没有算过的，不用改。", Severity.INFO)
def base_without_a_day(look: Inspection) -> Iterator[Finding]:
    """往年的行既在基数里、又在台账里，累计数就算了两遍。"""
    start = look.facts.window.start
    based = (metric for metric in look.facts.metrics
             if metric.usable and metric.base and metric.base.value and metric.base_until is None)
    for metric in based:
        count = _rows_before(look.facts, metric, start) if start else 0
        if count:
            records = look.ledger[METRICS.title]
            yield records.finding("D027", metric.row, "基数", given=f"{start}", count=str(count))


def _rows_before(facts: Facts, metric: Metric, start: dt.date) -> int:
    """How many rows older than the report's period a cumulative metric counts."""
    first = {"规划期": facts.window.plan_start, "截至": dt.date.min}.get(metric.period)
    if metric.method not in ("计数", "求和") or first is None or first >= start:
        return 0
    rows = facts.rows(metric.source)
    return (rows.meeting(metric.conditions) & rows.within(first, start - dt.timedelta(days=1))).bit_count()


def _backwards(code: str, records: Records, first: str, second: str) -> Iterator[Finding]:
    """Rows whose `second` day lies before the `first`."""
    if not (records.has(first) and records.has(second)):
        return
    starts, ends = records.dates(first), records.dates(second)
    for index in records.rows_where(second, records.different_dates(second)):
        if (start := starts[index]) and (end := ends[index]) and end < start:
            yield records.finding(code, index, second, given=start.isoformat())


def _overdue(code: str, look: Inspection, records: Records, due: str,
             by: tuple[str, tuple[str, ...], str]) -> Iterator[Finding]:
    """Open rows due before 统计止 without a remark; `by`: the state, its open values, the day it was done."""
    state, still_open, done = by
    end = look.ledger.head.date("统计止")
    if end is None or not records.has(state):
        return
    states, days, remarks, finished = (records.folded(state), records.dates(due), records.texts("备注"),
                                       records.raw(done))
    for index in records.facts:
        late = (day := days[index]) and day < end and states[index] in still_open
        if late and not remarks[index] and finished[index] in (None, ""):
            yield records.finding(code, index, due, given=end.isoformat())


def _progress(records: Records) -> list[float]:
    """Each different 进度 as a fraction; -1 where none is said."""
    return [float(number.value) if number else -1.0 for number in records.different_percents("进度")]


def expected_span(head: Head) -> tuple[dt.date, dt.date] | None:
    """The days in which rows of a ledger are expected: 规划期 and 统计期, and half a year of going on."""
    start, end = head.date("统计起"), head.date("统计止")
    if start is None or end is None or start > end:
        return None
    first = min(head.date("规划期起") or start, start)
    return first, max(end + _HALF_YEAR, head.date("规划期止") or end, head.date("成文日期") or end)


def _are_few(rows: list[int], records: Records) -> bool:
    """So few that they are slips; a ledger kept over many years holds more."""
    return len(rows) <= max(_FEW, len(records.facts) // _ONE_OF)
