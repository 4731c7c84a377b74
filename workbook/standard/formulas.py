"""A metric's row as live Excel formulas, so that a clerk sees the number move while typing.

They count what the program counts, on cells that need no normalizing: SUMPRODUCT
over the Excel tables, in its comma form where a column is summed, so that text in
it adds nothing. A ratio or a total holds the formulas of its parts instead of
pointing at their cells: sheet 指标 may be sorted, and no column refers to itself.
Where a definition cannot be said in Excel there is no formula, only the value.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workbook.book import Book, fold
from workbook.conditions import Condition
from workbook.ledger import Ledger
from workbook.metrics import Metric, read_metrics
from workbook.normalize import read_festival
from workbook.raw import RawValue
from workbook.schema import DICTIONARY, METRICS, Type
from workbook.standard.layout import Layout, values
from workbook.standard.terms import END, PLAN_START, START, counting, holds, reference, text, this_row, times, within
from workbook.standard.xlsx_cells import shown_text

LONGEST = 8000
"""Excel takes 8192 characters of formula."""
LONGEST_TEXT = 200
MOST_WORK = 8_000_000
"""Rows times metrics beyond which a book would open too slowly; then values stand alone."""


@dataclass(frozen=True, slots=True)
class Formulas:
    """The two live cells of a metric; empty where only the value can stand there."""

    this_year: str = ""
    reported: str = ""


@dataclass
class _Needs:
    """What must be a number (`numbers`) or must not be text (`bases`) before a formula can say anything."""

    numbers: list[str] = field(default_factory=list)
    bases: list[str] = field(default_factory=list)

    def number(self, *references: str) -> None:
        self.numbers += [one for one in references if one not in self.numbers]


class _NoFormula(Exception):
    """This metric cannot be said in Excel."""


def metric_formulas(book: Book, layouts: Mapping[str, Layout]) -> dict[str, Formulas]:
    """The formulas of every metric that has a 编号 of its own, by 编号."""
    maker = _Maker(book, layouts)
    if maker.work() > MOST_WORK:
        return {}
    return {code: maker.formulas(metric) for code, metric in maker.by_code.items()}


class _Maker:
    """The metrics of one book."""

    def __init__(self, book: Book, layouts: Mapping[str, Layout]) -> None:
        self.book = book
        self.layouts = layouts
        self.metrics, _ = read_metrics(Ledger(book))
        self.by_code: dict[str, Metric] = {}
        self.by_name: dict[str, Metric] = {}
        for metric in self.metrics:
            if metric.code:
                self.by_code.setdefault(metric.code, metric)
            self.by_name.setdefault(unicodedata.normalize("NFKC", metric.name), metric)
        self.head = head_values(book)
        self._open: list[int] = []

    def work(self) -> int:
        """Rows that all formulas together look at."""
        rows = {title: layout.rows for title, layout in self.layouts.items()}
        return sum(rows.get(metric.source, 0) for metric in self.metrics)

    def formulas(self, metric: Metric) -> Formulas:
        year = self._formula(metric, True)
        if metric.period == "本年" and year and metric.method in ("计数", "求和"):
            return Formulas(year, f"={this_row('本年值')}")
        return Formulas(year, self._formula(metric, False))

    def _formula(self, metric: Metric, this_year: bool) -> str:
        needs = _Needs()
        try:
            value = self._value(metric, this_year, needs, metric)
        except _NoFormula:
            return ""
        guards = [f"COUNT({','.join(needs.numbers)})<{len(needs.numbers)}"] if needs.numbers else []
        guards += [f"ISTEXT({base})" for base in needs.bases]
        guard = guards[0] if len(guards) == 1 else f"OR({','.join(guards)})"
        formula = f'=IF({guard},"",{value})' if guards else f"={value}"
        return formula if len(formula) <= LONGEST and formula == shown_text(formula) else ""

    def _value(self, metric: Metric, this_year: bool, needs: _Needs, owner: Metric) -> str:
        """The value of `metric` as a term of the formula in the row of `owner`."""
        if metric.row in self._open or not metric.usable:
            raise _NoFormula
        self._open.append(metric.row)
        try:
            make = {"比率": self._ratio, "合计": self._total, "填报": self._typed}.get(metric.method, self._counted)
            return make(metric, this_year, needs, owner)
        finally:
            self._open.pop()

    def _ratio(self, metric: Metric, this_year: bool, needs: _Needs, owner: Metric) -> str:
        parts = [self.by_code.get(code) or self.by_name.get(code) for code in (metric.numerator, metric.denominator)]
        terms = [f"({self._value(part, this_year, needs, owner)})" for part in parts if part]
        if len(terms) < 2:
            raise _NoFormula
        return f'IFERROR({terms[0]}/{terms[1]},"")'

    def _total(self, metric: Metric, this_year: bool, needs: _Needs, owner: Metric) -> str:
        parts = [part for part in self.metrics if part.parent and part.parent == metric.code]
        if not parts:
            raise _NoFormula
        return "+".join(self._value(part, this_year, needs, owner) for part in parts)

    def _typed(self, metric: Metric, this_year: bool, needs: _Needs, owner: Metric) -> str:
        if not _is_number(self._raw(metric, "填报值")):
            raise _NoFormula
        cell = self._own(metric, "填报值", owner)
        needs.number(cell)
        return cell

    def _counted(self, metric: Metric, this_year: bool, needs: _Needs, owner: Metric) -> str:
        layout = self.layouts[metric.source]
        based = not this_year and metric.period != "本年"
        first = {"规划期": PLAN_START, "截至": ""}.get(metric.period, START) if based else START
        self._dates(needs, *([first] if first else []), END)
        factors = [counting(layout), within(layout, first, END)]
        factors += [self._after_base(metric, layout, owner)] if based else []
        factors += [self._meets(layout, condition) for condition in metric.conditions]
        summed = self._summed(metric, layout, "*".join(factors))
        return f"{self._base(metric, needs, owner)}+{summed}" if based else summed

    def _dates(self, needs: _Needs, *names: str) -> None:
        for name in names:
            if not (self.head.get(name) is None or isinstance(self.head[name], dt.date)):
                raise _NoFormula
        needs.number(*names)

    def _summed(self, metric: Metric, layout: Layout, rows: str) -> str:
        if metric.method == "求和":
            place = layout.find(metric.column)
            if place is None:
                raise _NoFormula
            return f"SUMPRODUCT({rows},{reference(metric.source, place.title)})"
        return times(rows) if metric.source == "活动" else f"SUMPRODUCT({rows}*1)"

    def _base(self, metric: Metric, needs: _Needs, owner: Metric) -> str:
        raw = self._raw(metric, "基数")
        if not (raw is None or _is_number(raw)):
            raise _NoFormula
        cell = self._own(metric, "基数", owner)
        needs.bases.append(cell)
        return cell

    def _after_base(self, metric: Metric, layout: Layout, owner: Metric) -> str:
        raw = self._raw(metric, "基数截止")
        if not (raw is None or isinstance(raw, dt.date)):
            raise _NoFormula
        return within(layout, f"N({self._own(metric, '基数截止', owner)})+1", "")

    def _raw(self, metric: Metric, title: str) -> RawValue:
        return self.book.tables[METRICS.title].values(title)[metric.row]

    def _own(self, metric: Metric, title: str, owner: Metric) -> str:
        """A cell of the metric's row; for a part of the owner, found by its 编号."""
        if metric is owner:
            return this_row(title)
        column, codes = reference(METRICS.title, title), reference(METRICS.title, "编号")
        return f"INDEX({column},MATCH({text(metric.code)},{codes},0))"

    def _meets(self, layout: Layout, condition: Condition) -> str:
        place = layout.find(condition.column)
        if place is None or place.column.type in (Type.DATE, Type.PERCENT):
            raise _NoFormula
        spellings = [one for value in condition.values for one in self._spellings(layout, place.title, value)]
        if any("、" in one or len(one) > LONGEST_TEXT for one in spellings):
            raise _NoFormula
        default = place.column.default
        if default and fold(default) in {fold(value) for value in condition.values}:
            spellings.append("")
        return holds(reference(layout.sheet.title, place.title), dict.fromkeys(spellings))

    def _spellings(self, layout: Layout, title: str, value: str) -> list[str]:
        """The value, and how the sheet and 字典 spell it (（ for (, 12.4 for a day's name)."""
        name = _day if title == "节点" else fold
        table = self.book.tables.get(layout.sheet.title)
        cells = values(table, layout.by_title[title])
        words = {part for cell in cells if cell is not None for part in str(cell).split("、")}
        words |= set(_dictionary(self.book, f"{layout.sheet.title}.{title}"))
        return [value, *sorted(word for word in words if word != value and name(word) == name(value))]


def _day(word: str) -> str:
    return fold(read_festival(word).value or word)


def _dictionary(book: Book, category: str) -> list[str]:
    table = book.tables.get(DICTIONARY.title)
    if table is None:
        return []
    pairs = zip(table.values("类别"), table.values("值"), strict=True)
    return [str(value) for kind, value in pairs if kind == category and value is not None]


def head_values(book: Book) -> dict[str, RawValue]:
    """The first value of every key of 报告信息."""
    found: dict[str, RawValue] = {}
    for key, value in zip(book.head.values("项目"), book.head.values("内容"), strict=True):
        if key is not None:
            found.setdefault(fold(key), None if value == "" else value)
    return found


def _is_number(value: RawValue) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)

