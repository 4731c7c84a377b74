"""Metrics against last year and against their targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from workbook.facts import plain
from workbook.findings import Finding, Severity
from workbook.metrics import PERCENT_UNITS, Metric
from workbook.rules.plausibility import latest_day
from workbook.rules.registry import Inspection, rule
from workbook.schema import METRICS

TIMES, LEAST = 3, 10
"""Of fewer than ten, a threefold change is chance."""
MANY_TIMES, MANY = 10, 50
"""Tenfold, and fifty of them now or then, is none."""
LATE = dt.timedelta(days=45)
_FEWER_IS_BETTER = ("投诉", "信访", "逾期", "超期", "复议", "诉讼", "败诉", "纠错", "违法", "事故", "案件", "纠纷",
                    "差错", "问题")


@rule("Q001", "和上年相差太多", "指标“{key}”今年是{value}，上年是{given}，相差三倍以上，可能有一个数不对。",
      "请核对条件、单位和上年值。", Severity.WARNING)
def far_from_last_year(inspection: Inspection) -> Iterator[Finding]:
    """同一件事两年相差几倍，要么口径变了，要么填错了，读报告的人一定会问。"""
    records, filled = inspection.ledger[METRICS.title], _nearly_complete(inspection)
    for metric in inspection.facts.metrics:
        now, before = _value(inspection, metric), metric.last_year
        if now is None or before is None or min(now, before.value) <= 0:
            continue
        less, more = sorted((now, before.value))
        times = TIMES if less >= LEAST else MANY_TIMES if more >= MANY else None
        if times and more > times * less and (filled or now == more):
            given = records.texts("上年值")[metric.row]
            yield records.finding("Q001", metric.row, "上年值", value=plain(now), given=given)


@rule("Q002", "没有达到目标", "指标“{key}”是{value}，没有达到目标值{given}，报告里要说得清楚。",
      "请核对这个数；确实没有达到的，在问题里写明。", Severity.INFO)
def target_is_missed(inspection: Inspection) -> Iterator[Finding]:
    """目标没有达到，报告又不提，上级会问。"""
    records = inspection.ledger[METRICS.title]
    for metric in inspection.facts.metrics if _nearly_complete(inspection) else ():
        now, target = _value(inspection, metric), metric.target
        if now is None or target is None or any(word in metric.name for word in _FEWER_IS_BETTER):
            continue
        if now < target.value:
            given = records.texts("目标值")[metric.row]
            yield records.finding("Q002", metric.row, "目标值", value=_said(metric, now), given=given)


def _value(inspection: Inspection, metric: Metric) -> Decimal | None:
    return inspection.facts.amount(metric).value


def _said(metric: Metric, value: Decimal) -> str:
    """A ratio as percent, a count as it is."""
    percent = metric.unit in PERCENT_UNITS or metric.style.numerals == "百分比"
    return f"{plain(round(value * 100, 2))}%" if percent else plain(value)


def _nearly_complete(inspection: Inspection) -> bool:
    """Whether the rows reach the end of the span: in March every number is small."""
    last, end = latest_day(inspection), inspection.facts.window.end
    return last is not None and end is not None and end - last <= LATE
