"""What the rows add up to: each metric's value, its phrase and its cells.

A metric is computed when it is first asked for. Cached values in the file are
never trusted; everything is counted again from the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal, localcontext
from functools import cached_property
from typing import NamedTuple

from workbook.book import Table, fold
from workbook.conditions import Condition
from workbook.findings import Cell, Finding
from workbook.ledger import Ledger, Records
from workbook.metrics import Metric, read_metrics
from workbook.normalize import Quantity, read_festival
from workbook.periods import Period
from workbook.phrasing import Printed, say
from workbook.schema import METRICS

RATIO_DIGITS = 28
_AT_LEAST = ("以上", "不少于", "不低于", "超过", "超出", "超", "至少", "突破")


class Window(NamedTuple):
    """The days a report covers, both ends included; `plan_start` is 规划期起."""

    start: dt.date | None
    end: dt.date | None
    plan_start: dt.date | None = None


class Addends(NamedTuple):
    """The rows that one metric summed, from 0, in one column; cells are made only when asked for."""

    table: Table
    indexes: tuple[int, ...]
    title: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(self.table.cell(index, self.title) for index in self.indexes)


class Amount(NamedTuple):
    """A value and what it was made of.

    `value` None: it cannot be known, `missing` says why in the clerk's words.
    `cells` hold or define it; `rows` are the places summed.
    """

    value: Decimal | None
    inexact: bool = False
    at_least: bool = False
    cells: tuple[Cell, ...] = ()
    addends: tuple[Addends, ...] = ()
    how: str = ""
    missing: str = ""

    @property
    def rows(self) -> tuple[Cell, ...]:
        return tuple(cell for addends in self.addends for cell in addends.cells)


class Figure(NamedTuple):
    """A metric as printed in this report."""

    metric: Metric
    amount: Amount
    printed: Printed


class Facts:
    """All metrics of one ledger over one span of time."""

    def __init__(self, ledger: Ledger, window: Window | None = None) -> None:
        head = ledger.head
        self.ledger = ledger
        self.window = window or Window(head.date("统计起"), head.date("统计止"), head.date("规划期起"))
        self.metrics, self._definition_findings = read_metrics(ledger)
        self.by_code = {metric.code: metric for metric in reversed(self.metrics) if metric.code}
        self.by_name = {metric.identifier: metric for metric in reversed(self.metrics) if metric.name}
        self._amounts: dict[tuple[str, bool], Amount] = {}
        self._open: list[str] = []
        self._selections: dict[object, list[int]] = {}
        self._periods: dict[str, dict[int, Period]] = {}
        self._indexes: dict[tuple[str, str], dict[str, list[int]]] = {}
        self._value_findings: list[Finding] = []

    @property
    def findings(self) -> list[Finding]:
        """Faults of the definitions and of the values computed so far."""
        return [*self._definition_findings, *self._value_findings]

    @cached_property
    def children(self) -> dict[str, list[Metric]]:
        """The parts of each total, in the order of the sheet."""
        parts: dict[str, list[Metric]] = {}
        for metric in self.metrics:
            if metric.parent:
                parts.setdefault(metric.parent, []).append(metric)
        return parts

    def find(self, name: str) -> Metric | None:
        """A metric by its name (NFKC) or its code."""
        return self.by_name.get(name) or self.by_code.get(name)

    def figure(self, metric: Metric) -> Figure | None:
        """The metric as the report prints it; None where it has no value."""
        amount = self.amount(metric)
        return None if amount.value is None else Figure(metric, amount, self._printed(metric, amount))

    def _printed(self, metric: Metric, amount: Amount) -> Printed:
        assert amount.value is not None
        return say(amount.value, metric.style, inexact=amount.inexact, at_least=amount.at_least)

    def last_year(self, metric: Metric) -> Printed | None:
        """上年值 in this year's style."""
        value = metric.last_year
        if value is None:
            return None
        return say(value.value, metric.style, inexact=value.inexact, at_least=value.mark in _AT_LEAST)

    def parts(self, metric: Metric) -> list[Figure]:
        figures = (self.figure(part) for part in self.children.get(metric.code, []))
        return [figure for figure in figures if figure is not None]

    def amount(self, metric: Metric, *, this_year: bool = False) -> Amount:
        """The value over the metric's own 统计期, or over 本年."""
        key = (metric.code or str(metric.index), this_year)
        if key not in self._amounts:
            if key[0] in self._open:
                title = "分子" if metric.method == "比率" else "父指标"
                self._fault("M004", metric, title, value=" → ".join(self._open))
                return Amount(None, missing="指标互相引用")
            self._open.append(key[0])
            self._amounts[key] = self._compute(metric, this_year)
            self._open.pop()
        return self._amounts[key]

    def _compute(self, metric: Metric, this_year: bool) -> Amount:
        definition = (self.ledger[METRICS.title].cell(metric.index, "名称"),)
        if metric.method == "填报":
            return self._typed(metric)
        if not metric.usable:
            return Amount(None, cells=definition, missing="指标的定义不完整")
        if metric.method == "比率":
            return self._ratio(metric, this_year, definition)
        if metric.method == "合计":
            return self._total(metric, this_year, definition)
        return self._counted(metric, this_year, definition)

    def _typed(self, metric: Metric) -> Amount:
        cell = self.ledger[METRICS.title].cell(metric.index, "填报值")
        if metric.typed is None:
            return Amount(None, cells=(cell,), missing="没有填报值")
        return Amount(metric.typed.value, metric.typed.inexact, metric.typed.mark in _AT_LEAST, (cell,), how="填报")

    def _ratio(self, metric: Metric, this_year: bool, definition: tuple[Cell, ...]) -> Amount:
        parts = [self.by_code.get(code) or self.by_name.get(code) for code in (metric.numerator, metric.denominator)]
        if parts[0] is None or parts[1] is None:
            title = "分子" if parts[0] is None else "分母"
            self._fault("L001", metric, title, sheet_to="指标", near="")
            return Amount(None, cells=definition, missing=f"{title}没有这个指标")
        top, bottom = (self.amount(part, this_year=this_year) for part in parts if part)
        if top.value is None or bottom.value is None:
            return Amount(None, cells=definition, missing=top.missing or bottom.missing)
        if bottom.value == 0:
            self._fault("M005", metric, "分母")
            return Amount(None, cells=definition, missing="分母是 0")
        with localcontext() as context:
            context.prec = RATIO_DIGITS
            value = top.value / bottom.value
        how = f"{parts[0].name}{plain(top.value)} ÷ {parts[1].name}{plain(bottom.value)}"
        return Amount(value, top.inexact or bottom.inexact, False, definition + top.cells + bottom.cells,
                      top.addends + bottom.addends, how)

    def _total(self, metric: Metric, this_year: bool, definition: tuple[Cell, ...]) -> Amount:
        parts = [(part, self.amount(part, this_year=this_year)) for part in self.children.get(metric.code, [])]
        unknown = [part.name for part, amount in parts if amount.value is None]
        if unknown or not parts:
            missing = f"缺{unknown[0]}" if unknown else "没有哪个指标以它为父指标"
            return Amount(None, cells=definition, missing=missing)
        amounts = [amount for _, amount in parts]
        return Amount(
            sum((amount.value or Decimal(0) for amount in amounts), Decimal(0)),
            any(amount.inexact for amount in amounts), False,
            definition + tuple(cell for amount in amounts for cell in amount.cells),
            tuple(addends for amount in amounts for addends in amount.addends),
            "、".join(part.name for part, _ in parts) + "之和",
        )

    def _counted(self, metric: Metric, this_year: bool, definition: tuple[Cell, ...]) -> Amount:
        span = self._window(metric, this_year)
        if span is None:
            return Amount(None, cells=definition, missing="报告信息缺统计起、统计止或规划期起")
        records = self.ledger[metric.source]
        rows = self._rows(metric, span)
        title = "场次" if metric.source == "活动" and metric.method == "计数" else metric.column
        quantities, places = self._addends(metric, records, rows, title)
        based = not this_year and metric.period != "本年" and metric.base is not None
        if based and metric.base is not None:
            quantities.append(metric.base)
            definition += (self.ledger[METRICS.title].cell(metric.index, "基数"),)
        total = sum((one.value for one in quantities), Decimal(0))
        how = f"{metric.source} {len(rows)} 行" + ("之和" if metric.method == "求和" else "计数")
        how += f"，加基数 {plain(metric.base.value)}" if based and metric.base else ""
        return Amount(total, any(one.inexact for one in quantities), False, definition, (places,), how)

    def _addends(self, metric: Metric, records: Records, rows: list[int],
                 title: str) -> tuple[list[Quantity], Addends]:
        if metric.method == "计数" and metric.source != "活动":
            return [Quantity(Decimal(1))] * len(rows), Addends(records.table, tuple(rows), records.sheet.key)
        default = Quantity(Decimal(1)) if metric.method == "计数" else None
        numbers = records.numbers(_header(records, title))
        summed = [(index, numbers[index] or default) for index in rows]
        kept = [(index, value) for index, value in summed if value is not None]
        places = Addends(records.table, tuple(index for index, _ in kept), title)
        return [value for _, value in kept], places

    def _window(self, metric: Metric, this_year: bool) -> tuple[dt.date, dt.date] | None:
        """The days whose rows count, both included."""
        start, end = self.window.start, self.window.end
        if not this_year and metric.period == "规划期":
            start = self.window.plan_start
        elif not this_year and metric.period == "截至":
            start = dt.date.min
        if start is None or end is None:
            return None
        if not this_year and metric.period != "本年" and metric.base_until:
            start = max(start, metric.base_until + dt.timedelta(days=1))
        return start, end

    def _rows(self, metric: Metric, window: tuple[dt.date, dt.date]) -> list[int]:
        return self.within(metric.source, self.select(metric.source, metric.conditions), window)

    def within(self, source: str, rows: Sequence[int], window: tuple[dt.date, dt.date]) -> list[int]:
        """Those of `rows` that count between two days, both included.

        A row that names only a month or a half-year counts where all of it lies between them.
        """
        records = self.ledger[source]
        days, coarse = self.days(records), self._coarse(records)
        first, last = window
        kept = []
        for index in rows:
            day = days[index]
            if day is None and index in coarse:
                start, day = coarse[index].start, coarse[index].end
                day = day if start is None or start >= first else None
            if day is not None and first <= day <= last:
                kept.append(index)
        return kept

    def _coarse(self, records: Records) -> dict[int, Period]:
        if records.sheet.title not in self._periods:
            columns = [records.periods(title) for title in reversed(records.sheet.date_columns)]
            self._periods[records.sheet.title] = {index: one for column in columns for index, one in column.items()}
        return self._periods[records.sheet.title]

    def days(self, records: Records) -> list[dt.date | None]:
        """The date by which each row counts: the first date column that is filled."""
        first, *rest = (records.dates(title) for title in records.sheet.date_columns)
        if not rest:
            return first
        return [one or other for one, other in zip(first, rest[0], strict=True)]

    def select(self, source: str, conditions: Sequence[Condition]) -> list[int]:
        """The counting rows that meet all conditions, whatever their date."""
        key = (source, tuple(conditions))
        if key not in self._selections:
            records = self.ledger[source]
            meeting = [self._meeting(records, condition) for condition in conditions]
            self._selections[key] = sorted(set.intersection(*meeting)) if meeting else records.facts
        return self._selections[key]

    def _meeting(self, records: Records, condition: Condition) -> set[int]:
        """The counting rows one of whose values in the condition's column is wanted."""
        column = _header(records, condition.column)
        named = condition.values if column != "节点" else [read_festival(v).value or v for v in condition.values]
        rows = self._rows_by_value(records, column)
        return {index for value in named for index in rows.get(fold(value), ())}

    def _rows_by_value(self, records: Records, column: str) -> dict[str, list[int]]:
        key = (records.sheet.title, column)
        if key not in self._indexes:
            index: dict[str, list[int]] = {}
            sets = records.value_sets(column)
            for row in records.facts:
                for value in sets[row]:
                    index.setdefault(value, []).append(row)
            self._indexes[key] = index
        return self._indexes[key]

    def _fault(self, code: str, metric: Metric, title: str, **blanks: str) -> None:
        self._value_findings.append(self.ledger[METRICS.title].finding(code, metric.index, title, **blanks))


def _header(records: Records, title: str) -> str:
    """The header that reads like `title` (（ and ( are one)."""
    if records.has(title) or title in records.sheet.titles:
        return title
    folded = fold(title)
    return next((h.title for h in records.table.headers if fold(h.title) == folded), title)


def plain(value: Decimal) -> str:
    """A raw value in digits: no exponent, no trailing zeros, at most 15 significant digits."""
    with localcontext() as context:
        context.prec = 15
        value = +value
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "") else text
