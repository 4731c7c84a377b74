"""Sheet 指标 as definitions: what to count, over what time, printed how."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from workbook.book import fold
from workbook.conditions import Condition, ConditionError, parse_condition
from workbook.findings import Finding
from workbook.ledger import Ledger, Records, near
from workbook.normalize import Quantity
from workbook.phrasing import Style
from workbook.schema import METRICS, SOURCE_SHEETS

PERCENT_UNITS = ("%", "％")


class Metric(NamedTuple):
    """One row of 指标. `row` is its index in the records; blanks are defaulted."""

    row: int
    code: str
    name: str
    unit: str
    method: str
    source: str
    column: str
    conditions: tuple[Condition, ...]
    numerator: str
    denominator: str
    parent: str
    exhaustive: bool
    period: str
    base: Quantity | None
    base_until: dt.date | None
    typed: Quantity | None
    last_year: Quantity | None
    target: Quantity | None
    style: Style
    usable: bool

    @property
    def identifier(self) -> str:
        """The name as a slot sees it (NFKC)."""
        return unicodedata.normalize("NFKC", self.name)


def read_metrics(ledger: Ledger) -> tuple[list[Metric], list[Finding]]:
    """Every counting row of 指标, in order, and what is wrong with the definitions."""
    reader = _MetricReader(ledger)
    return [reader.metric(index) for index in reader.records.facts], reader.findings


class _MetricReader:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.records: Records = ledger[METRICS.title]
        self.findings: list[Finding] = []
        self._columns: dict[str, Sequence[Any]] = {}
        self._known: dict[str, tuple[list[str], set[str]]] = {}

    def metric(self, index: int) -> Metric:
        text = self._text
        unit, method = text("单位", index), text("统计方式", index)
        percent = unit in PERCENT_UNITS or text("数字样式", index) == "百分比"
        conditions = self._conditions(index)
        source, column = text("来源表", index), text("来源列", index)
        usable = conditions is not None and self._source_is_usable(index, method, source, column, conditions or ())
        return Metric(
            index, fold(text("编号", index)), text("名称", index), unit, method, source, column, conditions or (),
            fold(text("分子", index)), fold(text("分母", index)), fold(text("父指标", index)),
            bool(self._at("穷尽", index, self.records.flags)), text("统计期", index) or "本年",
            self._number("基数", index, percent), self._at("基数截止", index, self.records.dates),
            self._number("填报值", index, percent), self._number("上年值", index, percent),
            self._number("目标值", index, percent), self._style(index, unit), usable,
        )

    def _text(self, title: str, index: int) -> str:
        text: str = self._at(title, index, self.records.texts)
        return text

    def _at(self, title: str, index: int, read: Callable[[str], Sequence[Any]]) -> Any:
        """One row of a column, which is read in one way only."""
        column = self._columns.get(title)
        if column is None:
            column = self._columns[title] = read(title)
        return column[index]

    def _titles(self, source: str) -> tuple[list[str], set[str]]:
        """The columns of a source sheet, and how they are compared."""
        if source not in self._known:
            records = self.ledger[source]
            titles = [*records.sheet.titles, *(header.title for header in records.table.headers)]
            self._known[source] = titles, {fold(title) for title in titles}
        return self._known[source]

    def _number(self, title: str, index: int, percent: bool) -> Quantity | None:
        stored = self._at(title, index, self.records.raw)
        return None if stored is None else self.records.number_at(index, title, percent=percent)

    def _style(self, index: int, unit: str) -> Style:
        step, places = (self._at(title, index, self.records.numbers) for title in ("取整", "小数位"))
        return Style(
            unit=unit, wording=self._text("表述", index) or "精确", step=max(1, int(step.value)) if step else 1,
            numerals=self._text("数字样式", index) or "数字", places=int(places.value) if places else None,
            rounding=self._text("舍入", index) or "四舍五入", zero=self._text("零值写法", index),
        )

    def _conditions(self, index: int) -> tuple[Condition, ...] | None:
        try:
            return parse_condition(self._text("条件", index))
        except ConditionError as error:
            self.findings.append(self.records.finding("M002", index, "条件", given=str(error)))
            return None

    def _source_is_usable(self, index: int, method: str, source: str, column: str,
                          conditions: tuple[Condition, ...]) -> bool:
        if method in ("计数", "求和"):
            return self._counts_rows(index, method, source, column, conditions)
        needs = {"比率": ("分子", "分母"), "填报": (), "合计": ()}.get(method)
        if needs is None:
            self._fault("M001", index, "统计方式")
            return False
        missing = [title for title in needs if not self._text(title, index)]
        for title in missing:
            self._fault("M001", index, title)
        return not missing

    def _counts_rows(self, index: int, method: str, source: str, column: str,
                     conditions: tuple[Condition, ...]) -> bool:
        if source not in SOURCE_SHEETS:
            self._fault("M001", index, "来源表")
            return False
        titles, known = self._titles(source)
        unknown = [c.column for c in conditions if fold(c.column) not in known]
        for name in unknown:
            self._fault("M003", index, "条件", value=name, given=source, near=near(name, titles))
        return not unknown and (method == "计数" or self._sums(index, source, column))

    def _sums(self, index: int, source: str, column: str) -> bool:
        titles, known = self._titles(source)
        if fold(column) in known:
            return True
        if column:
            self._fault("M014", index, "来源列", given=source, near=near(column, titles))
        else:
            self._fault("M001", index, "来源列")
        return False

    def _fault(self, code: str, index: int, title: str, **blanks: str) -> None:
        self.findings.append(self.records.finding(code, index, title, **blanks))

