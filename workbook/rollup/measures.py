"""What one unit says of a metric, and which metrics of different units are the same one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from workbook.book import fold
from workbook.columns import Addable
from workbook.conditions import Condition
from workbook.facts import Facts, Window
from workbook.metrics import Metric
from workbook.normalize import Quantity
from workbook.schema import EVENTS

RATIO, TOTAL = "比率", "合计"


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


class Tally(NamedTuple):
    """How one metric of one ledger is made, as plain values: all that is left of it when its ledger is gone.

    `parts` are the places, among the tallies, of what it sums (合计) or divides (比率; -1: there is none);
    `counted` are sets of 活动 rows, each of which adds its number in `column`.
    """

    family: Family
    value: Decimal | None
    inexact: bool
    percent: bool
    missing: str
    parts: tuple[int, ...] = ()
    column: str = ""
    counted: tuple[int, ...] = ()


class Tallies(NamedTuple):
    """The metrics of one ledger, and the columns of its 活动 (`rows` in number) that they sum."""

    metrics: tuple[Tally, ...]
    columns: Mapping[str, Addable]
    rows: int


def tallies(facts: Facts) -> Tallies:
    """Every metric of a ledger as plain values."""
    places = {id(metric): at for at, metric in enumerate(facts.metrics)}
    columns = {_column(metric): _addable(facts, metric) for metric in facts.metrics if _sums_events(metric)}
    found = tuple(_tally(facts, metric, places) for metric in facts.metrics)
    return Tallies(found, columns, len(facts.ledger[EVENTS.title]))


def _tally(facts: Facts, metric: Metric, places: Mapping[int, int]) -> Tally:
    amount = facts.amount(metric)
    counted = tuple(one.chosen for one in amount.addends) if _sums_events(metric) else ()
    return Tally(family_of(facts, metric), amount.value, amount.inexact or amount.at_least, metric.style.percent,
                 amount.missing, tuple(places[id(part)] if part else -1 for part in _parts(facts, metric)),
                 _column(metric), counted)


def _parts(facts: Facts, metric: Metric) -> list[Metric | None]:
    if metric.method == RATIO:
        return [facts.find(code) for code in (metric.numerator, metric.denominator)]
    return list(facts.children.get(metric.code, [])) if metric.method == TOTAL else []


def _sums_events(metric: Metric) -> bool:
    return metric.source == EVENTS.title and metric.method in ("计数", "求和")


def _column(metric: Metric) -> str:
    """The column that a metric sums, empty for a count: that sums 场次, one where it is blank."""
    return metric.column if metric.method == "求和" else ""


def _addable(facts: Facts, metric: Metric) -> Addable:
    title = _column(metric)
    rows = facts.rows(metric.source)
    return rows.addable(title, None) if title else rows.addable("场次", Quantity(Decimal(1)))


def measures(given: Tallies, dropped: int) -> Iterator[Measure]:
    """Every metric of a ledger; `dropped` is the set of its 活动 rows that count in another unit."""
    for tally in given.metrics:
        yield Measure(tally.family, _share(given, tally, 0), _share(given, tally, dropped), tally.inexact,
                      tally.percent, tally.missing)


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
    if metric.method == TOTAL:
        parts = [f"{part.name}（{_defined(facts, part, inner)}）" for part in facts.children.get(metric.code, [])]
        return " ＋ ".join(sorted(parts))
    if metric.method == "填报":
        return "填报"
    what = f"{metric.source}.{metric.column}" if metric.method == "求和" else metric.source
    clauses = "；".join(sorted(map(_clause, metric.conditions)))
    return f"{fold(what)}　{clauses}" if clauses else fold(what)


def _clause(condition: Condition) -> str:
    return f"{fold(condition.column)}={'、'.join(sorted({fold(value) for value in condition.values}))}"


def _share(given: Tallies, tally: Tally, dropped: int) -> Share | None:
    """The metric without some rows; None where any part of it is unknown."""
    if tally.family.method == RATIO:
        return _ratio(given, tally, dropped)
    if tally.value is None:
        return None
    if tally.family.method == TOTAL:
        parts = [_share(given, given.metrics[at], dropped) for at in tally.parts]
        return Share(sum((part.value or Decimal(0) for part in parts if part), Decimal(0)))
    return Share(tally.value - _of_rows(given, tally, dropped))


def _ratio(given: Tallies, tally: Tally, dropped: int) -> Share | None:
    if -1 in tally.parts or any(given.metrics[at].value is None for at in tally.parts):
        return None
    over, under = (_share(given, given.metrics[at], dropped) for at in tally.parts)
    if over is None or under is None or over.value is None or under.value is None:
        return None
    return Share(over.value, under.value)


def _of_rows(given: Tallies, tally: Tally, rows: int) -> Decimal:
    """What some 活动 rows add to a counted metric."""
    if not rows or not tally.counted:
        return Decimal(0)
    column = given.columns[tally.column]
    return sum((column.total(chosen & rows) for chosen in tally.counted), Decimal(0))
