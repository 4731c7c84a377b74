"""The computed columns of 指标: formulas with the values they have now, and the phrase the report prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workbook.book import Table, fold
from workbook.metrics import PERCENT_UNITS
from workbook.normalize import read_text
from workbook.raw import RawValue
from workbook.standard import look
from workbook.standard.formulas import Formulas
from workbook.standard.growing import LiveCell

YEAR, REPORTED, PHRASE = "本年值", "报告值", "报告表述"


@dataclass(frozen=True, slots=True)
class MetricValues:
    """What the computed columns of one metric hold: 本年值, 报告值 (None where unknown) and 报告表述."""

    this_year: Decimal | None
    reported: Decimal | None
    phrase: str


@dataclass(frozen=True, slots=True)
class Computed:
    """What the program knows of the metrics, by 编号."""

    formulas: Mapping[str, Formulas]
    metrics: Mapping[str, MetricValues]


@dataclass(frozen=True, slots=True)
class MetricRow:
    """What stands in the computed cells of one row; a 编号 seen before keeps its values but has no formulas."""

    formulas: Formulas
    values: MetricValues | None
    percent: bool

    @property
    def phrase(self) -> str | None:
        return self.values.phrase or None if self.values else None

    def cell(self, title: str, shown: dict[str, Any]) -> LiveCell | None:
        """The cell of 本年值 or 报告值; a value without a formula stands alone."""
        if self.values is None:
            return None
        year = title == YEAR
        formula = self.formulas.this_year if year else self.formulas.reported
        value = self.values.this_year if year else self.values.reported
        if not formula and value is None:
            return None
        form = {"num_format": look.TENTH_FORMAT if self.percent else look.GENERAL_FORMAT}
        return LiveCell(formula[1:], "" if value is None else plain(value), shown | form)


def metric_rows(table: Table, computed: Computed) -> list[MetricRow]:
    """Every row of sheet 指标, in its order."""
    rows, seen = [], {""}
    for code, unit, style in zip(*(table.values(title) for title in ("编号", "单位", "数字样式")), strict=True):
        key = "" if code is None else fold(code)
        formulas = Formulas() if key in seen else computed.formulas.get(key, Formulas())
        rows.append(MetricRow(formulas, computed.metrics.get(key), in_percent(unit, style)))
        seen.add(key)
    return rows


def in_percent(unit: RawValue, style: RawValue) -> bool:
    """Whether a metric of this 单位 and 数字样式 is shown as a percentage."""
    return read_text(unit) in PERCENT_UNITS or read_text(style) == "百分比"


def plain(value: Decimal) -> int | float:
    """A computed value as a cell stores it."""
    return int(value) if value == value.to_integral_value() else float(value)
