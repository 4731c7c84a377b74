"""What the rows add up to: each metric's value, its phrase and its cells.

A metric is computed when it is first asked for. Cached values in the file are
never trusted; everything is counted again from the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from functools import cached_property
from typing import NamedTuple, overload

from workbook.book import Table
from workbook.columns import flags_of, rows_in
from workbook.conditions import Condition
from workbook.findings import Cell, Finding
from workbook.ledger import Ledger, Records
from workbook.metrics import Metric, read_metrics
from workbook.normalize import Quantity
from workbook.phrasing import Printed, say
from workbook.schema import METRICS
from workbook.selection import Rows

RATIO_DIGITS = 28
_EXACT = 10**15
"""Whole numbers below it have at most 15 digits."""
_AT_LEAST = ("以上", "不少于", "不低于", "超过", "超出", "超", "至少", "突破")


class Window(NamedTuple):
    """The days a report covers, both ends included; `plan_start` is 规划期起."""

    start: dt.date | None
    end: dt.date | None
    plan_start: dt.date | None = None


class Places(Sequence[Cell]):
    """The cells of some rows in one column or more; each is made when it is asked for."""

    def __init__(self, addends: tuple[Addends, ...]) -> None:
        self.addends = addends

    def __len__(self) -> int:
        return sum(one.chosen.bit_count() for one in self.addends)

    def __iter__(self) -> Iterator[Cell]:
        return (cell for one in self.addends for cell in one.cells)

    @overload
    def __getitem__(self, at: int) -> Cell: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Cell, ...]: ...
    def __getitem__(self, at: int | slice) -> Cell | tuple[Cell, ...]:
        return tuple(self)[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class Addends(NamedTuple):
    """The rows that one metric summed, in one column: a set of rows as `workbook.columns` keeps it."""

    table: Table
    chosen: int
    title: str

    @property
    def indexes(self) -> list[int]:
        """The rows, from 0."""
        return rows_in(self.chosen, len(self.table))

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
    def rows(self) -> Sequence[Cell]:
        return Places(self.addends)


class Figure(NamedTuple):
    """A metric as printed in this report."""

    metric: Metric
    amount: Amount
    printed: Printed


def window_of(ledger: Ledger) -> Window:
    """The days that 报告信息 says the report covers."""
    return Window(*(ledger.head.date(key) for key in ("统计起", "统计止", "规划期起")))


class Facts:
    """All metrics of one ledger over one span of time."""

    def __init__(self, ledger: Ledger, window: Window | None = None) -> None:
        self.ledger = ledger
        self.window = window or window_of(ledger)
        self._amounts: dict[tuple[str, bool], Amount] = {}
        self._open: list[str] = []
        self._figures: dict[int, Figure | None] = {}
        self._sources: dict[str, Rows] = {}
        self._value_findings: list[Finding] = []

    @cached_property
    def _definitions(self) -> tuple[list[Metric], list[Finding]]:
        return read_metrics(self.ledger)

    @property
    def metrics(self) -> list[Metric]:
        return self._definitions[0]

    @cached_property
    def by_code(self) -> dict[str, Metric]:
        return {metric.code: metric for metric in reversed(self.metrics) if metric.code}

    @cached_property
    def by_name(self) -> dict[str, Metric]:
        return {metric.identifier: metric for metric in reversed(self.metrics) if metric.name}

    @property
    def findings(self) -> list[Finding]:
        """Faults of the definitions and of the values computed so far."""
        return [*self._definitions[1], *self._value_findings]

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
        if metric.row not in self._figures:
            amount = self.amount(metric)
            printed = None if amount.value is None else self._printed(metric, amount)
            self._figures[metric.row] = printed and Figure(metric, amount, printed)
        return self._figures[metric.row]

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
        key = (metric.code or str(metric.row), this_year)
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
        definition = (self.ledger[METRICS.title].cell(metric.row, "名称"),)
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
        cell = self.ledger[METRICS.title].cell(metric.row, "填报值")
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
        rows = self.rows(metric.source)
        chosen = rows.meeting(metric.conditions) & rows.within(*span)
        total, inexact, places = self._summed(metric, rows, chosen)
        if not this_year and metric.period != "本年" and metric.base is not None:
            total, inexact = total + metric.base.value, inexact or metric.base.inexact
            definition += (self.ledger[METRICS.title].cell(metric.row, "基数"),)
        return Amount(total, inexact, False, definition, (places,), self._how(metric, chosen.bit_count(), this_year))

    def _how(self, metric: Metric, rows: int, this_year: bool) -> str:
        how = f"{metric.source} {rows} 行" + ("之和" if metric.method == "求和" else "计数")
        based = not this_year and metric.period != "本年" and metric.base is not None
        return how + (f"，加基数 {plain(metric.base.value)}" if based and metric.base else "")

    def _summed(self, metric: Metric, rows: Rows, chosen: int) -> tuple[Decimal, bool, Addends]:
        """The sum over some rows, whether it is inexact, and the rows that gave a number."""
        table = rows.records.table
        if metric.method == "计数" and metric.source != "活动":
            return Decimal(chosen.bit_count()), False, Addends(table, chosen, rows.records.sheet.key)
        counted = metric.method == "计数"
        title = "场次" if counted else metric.column
        column = rows.addable(title, Quantity(Decimal(1)) if counted else None)
        return (column.total(chosen), bool(chosen & column.inexact), Addends(table, chosen & column.stated, title))

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

    def rows(self, source: str) -> Rows:
        """The rows of a sheet that metrics count, ready to be selected."""
        if source not in self._sources:
            self._sources[source] = Rows(self.ledger[source])
        return self._sources[source]

    def within(self, source: str, rows: Sequence[int], window: tuple[dt.date, dt.date]) -> list[int]:
        """Those of `rows` that count between two days, both included.

        A row that names only a month or a half-year counts where all of it lies between them.
        """
        counts = flags_of(self.rows(source).within(*window), len(self.ledger[source]))
        return [index for index in rows if counts[index]]

    def day(self, records: Records, index: int) -> dt.date | None:
        """The date by which a row counts: the first date column that is filled."""
        days = (records.day(index, title) for title in records.sheet.date_columns)
        return next((day for day in days if day), None)

    def select(self, source: str, conditions: Sequence[Condition]) -> list[int]:
        """The counting rows that meet all conditions, whatever their date."""
        return rows_in(self.rows(source).meeting(tuple(conditions)), len(self.ledger[source]))

    def _fault(self, code: str, metric: Metric, title: str, **blanks: str) -> None:
        self._value_findings.append(self.ledger[METRICS.title].finding(code, metric.row, title, **blanks))


def plain(value: Decimal) -> str:
    """A raw value in digits: no exponent, no trailing zeros, at most 15 significant digits."""
    if value == value.to_integral_value() and abs(value) < _EXACT:
        return str(int(value))
    with localcontext() as context:
        context.prec = 15
        value = +value
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "") else text
