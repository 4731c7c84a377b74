"""指标 of the next year: this year's value becomes 上年值, a cumulative value the base of what follows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbook.facts import Amount, Facts, plain
from workbook.metrics import Metric
from workbook.raw import RawValue
from workbook.rollover.head import Years
from workbook.rollover.notes import Fate, Note
from workbook.schema import METRICS

Change = dict[str, RawValue]
"""New values of some columns of one row."""
CUMULATIVE = ("规划期", "截至")
_OF_ROWS = ("计数", "求和")


def next_metrics(facts: Facts, years: Years) -> tuple[dict[int, Change], list[Note]]:
    """What changes in each row of 指标, by its row in the records, and what is said of it."""
    changes: dict[int, Change] = {}
    notes: list[Note] = []
    for metric in facts.metrics:
        amount = facts.amount(metric)
        changes[metric.row] = {"上年值": stored(metric, amount), "填报值": None}
        if based(metric):
            fresh = years.plan is not None and metric.period == "规划期"
            changes[metric.row] |= _started() if fresh else _based(metric, amount, years)
            notes += _told(metric, amount, years, fresh)
        if amount.value is None:
            notes.append(_unknown(metric, amount))
    return changes, notes + list(_looks(facts))


def based(metric: Metric) -> bool:
    """Whether the metric counts rows on top of a base."""
    return metric.period in CUMULATIVE and metric.method in _OF_ROWS


def stored(metric: Metric, amount: Amount) -> RawValue:
    """A value as a cell of 指标 holds it, so that reading it gives the same number with the same certainty."""
    if amount.value is None:
        return None
    mark = "以上" if amount.at_least else "余" if amount.inexact else ""
    if metric.style.percent and (mark or amount.value > 1):
        return f"{plain(amount.value.scaleb(2))}%{mark}"
    written = plain(amount.value)
    return f"{written}{mark}" if mark else Decimal(written)


def _started() -> Change:
    return {"基数": None, "基数截止": None}


def _based(metric: Metric, amount: Amount, years: Years) -> Change:
    """The new base; where this year's value is unknown, the old base stays and a person has to look."""
    return {} if amount.value is None else {"基数": stored(metric, amount), "基数截止": years.end}


def _told(metric: Metric, amount: Amount, years: Years, fresh: bool) -> Iterator[Note]:
    name = f"“{metric.name}”"
    if fresh:
        text = f"{name}进入新的规划期，基数清空，从{years.plan.start if years.plan else ''}重新起算。"
        yield Note(Fate.RESET, METRICS.title, text, metric.code)
    elif amount.value is not None:
        text = f"{name}{metric.period}基数 {stored(metric, amount)}，截止 {years.end}，这天及以前的行不再计。"
        yield Note(Fate.CARRIED, METRICS.title, text, metric.code)


def _unknown(metric: Metric, amount: Amount) -> Note:
    fate = Fate.SETTLE if based(metric) else Fate.LOOK
    lost = "上年值和基数没有算出" if based(metric) else "上年值没有算出"
    return Note(fate, METRICS.title, f"“{metric.name}”{lost}（{amount.missing}），请手工核对后填上。", metric.code)


def _looks(facts: Facts) -> Iterator[Note]:
    typed = sum(metric.method == "填报" for metric in facts.metrics)
    aims = sum(metric.target is not None for metric in facts.metrics)
    if typed:
        yield Note(Fate.RESET, METRICS.title, f"{typed} 个填报指标的填报值已清空，等着填新一年的数。")
    if aims:
        yield Note(Fate.LOOK, METRICS.title, f"{aims} 个指标的目标值照旧，新一年有变的请改。")
