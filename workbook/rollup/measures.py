"""What one unit says of a metric, and which metrics of different units are the same one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from workbook.book import fold
from workbook.conditions import Condition
from workbook.facts import Facts, Window
from workbook.metrics import Metric
from workbook.normalize import Quantity
from workbook.schema import EVENTS

RATIO = "比率"


class Family(NamedTuple):
    """Metrics that may be added up: one name and unit, counted over the same days in the same way."""

    name: str
    unit: str
    method: str
    period: str
    definition: str

    @property
    def title(self) -> tuple[str, str]:
        return fold(self.name), fold(self.unit)


class Share(NamedTuple):
    """A quantity, or what a ratio divides by what; `bottom` None where it is no ratio."""

    top: Decimal
    bottom: Decimal | None = None

    def __add__(self, other: object) -> Share:
        assert isinstance(other, Share)
        bottom = None if self.bottom is None or other.bottom is None else self.bottom + other.bottom
        return Share(self.top + other.top, bottom)

    @property
    def value(self) -> Decimal | None:
        """None where it divides by zero."""
        if self.bottom is None:
            return self.top
        return self.top / self.bottom if self.bottom else None


class Measure(NamedTuple):
    """One metric of one unit: as it stands, and without the rows that count elsewhere; None where it is unknown."""

    family: Family
    own: Share | None
    after: Share | None
    inexact: bool
    percent: bool
    missing: str


def measures(facts: Facts, dropped: int) -> Iterator[Measure]:
    """Every metric of a ledger; `dropped` is the set of its 活动 rows that count in another unit."""
    for metric in facts.metrics:
        amount = facts.amount(metric)
        yield Measure(family_of(facts, metric), _share(facts, metric, 0), _share(facts, metric, dropped),
                      amount.inexact or amount.at_least, metric.style.percent, amount.missing)


def family_of(facts: Facts, metric: Metric) -> Family:
    period = _period(metric.period, facts.window)
    return Family(metric.name, metric.unit, metric.method, period, _defined(facts, metric))


def _period(period: str, window: Window) -> str:
    if period == "截至":
        return f"截至 {window.end}"
    return f"{period} {window.plan_start if period == '规划期' else window.start}至{window.end}"


def _defined(facts: Facts, metric: Metric, above: tuple[str, ...] = ()) -> str:
    """How a metric is counted, the same text for the same way; `above` are the metrics it is part of."""
    if metric.code in above:
        return metric.name
    inner = (*above, metric.code)
    if metric.method == RATIO:
        sides = [facts.find(code) for code in (metric.numerator, metric.denominator)]
        return " ÷ ".join(f"{side.name}（{_defined(facts, side, inner)}）" if side else "？" for side in sides)
    if metric.method == "合计":
        parts = [f"{part.name}（{_defined(facts, part, inner)}）" for part in facts.children.get(metric.code, [])]
        return " ＋ ".join(sorted(parts))
    if metric.method == "填报":
        return "填报"
    what = f"{metric.source}.{metric.column}" if metric.method == "求和" else metric.source
    clauses = "；".join(sorted(map(_clause, metric.conditions)))
    return f"{fold(what)}　{clauses}" if clauses else fold(what)


def _clause(condition: Condition) -> str:
    return f"{fold(condition.column)}={'、'.join(sorted({fold(value) for value in condition.values}))}"


def _share(facts: Facts, metric: Metric, dropped: int) -> Share | None:
    """The metric without some rows; None where any part of it is unknown."""
    if metric.method == RATIO:
        return _ratio(facts, metric, dropped)
    if facts.amount(metric).value is None:
        return None
    if metric.method == "合计":
        parts = [_share(facts, part, dropped) for part in facts.children[metric.code]]
        return Share(sum((part.value or Decimal(0) for part in parts if part), Decimal(0)))
    return Share((facts.amount(metric).value or Decimal(0)) - _of_rows(facts, metric, dropped))


def _ratio(facts: Facts, metric: Metric, dropped: int) -> Share | None:
    top, bottom = (facts.find(code) for code in (metric.numerator, metric.denominator))
    if top is None or bottom is None or any(facts.amount(part).value is None for part in (top, bottom)):
        return None
    over, under = _share(facts, top, dropped), _share(facts, bottom, dropped)
    if over is None or under is None or over.value is None or under.value is None:
        return None
    return Share(over.value, under.value)


def _of_rows(facts: Facts, metric: Metric, rows: int) -> Decimal:
    """What some 活动 rows add to a counted metric."""
    if not rows or metric.source != EVENTS.title or metric.method not in ("计数", "求和"):
        return Decimal(0)
    counted = metric.method == "计数"
    column = facts.rows(metric.source).addable("场次" if counted else metric.column,
                                               Quantity(Decimal(1)) if counted else None)
    return sum((column.total(one.chosen & rows) for one in facts.amount(metric).addends), Decimal(0))
