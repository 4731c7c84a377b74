"""Sheet 汇总 row by row: a metric is one row, a ratio three, so that it divides the sums of its parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import NamedTuple

from workbook.rollup.measures import Family, Share
from workbook.rollup.rollup import Line

SUMMARY = "汇总"
LABEL_WIDTHS = (24, 8, 9, 30, 40)
TWO_PLACES = "0.00"
LABELS = ("指标", "单位", "统计方式", "统计期", "口径")
Numbers = tuple[Decimal | None, ...]
"""One a unit, blank where it has none."""


class SummaryRow(NamedTuple):
    """One row: `divides` a ratio, whose parts stand in the two rows below; `total`, `after` as they are computed."""

    labels: tuple[str, ...]
    numbers: Numbers
    total: Decimal | None
    after: Decimal | None
    divides: bool
    percent: bool
    note: str


def summary_rows(line: Line, units: Collection[str], *, several: bool) -> Iterator[SummaryRow]:
    """The rows of one metric; `several`: the same name and unit is counted in other ways too."""
    percent, note = any(one.percent for one in line.units.values()), _note(line, several)
    if line.total is None or line.total.bottom is None:
        yield _row(line, units, line.family, lambda share: share.value, percent, note)
        return
    name = line.family.name
    yield _row(line, units, line.family, lambda share: share.value, percent, note)._replace(divides=True)
    for word, pick in (("分子", _top), ("分母", _bottom)):
        label = line.family._replace(name=f"　{word}：{name}", unit="", definition="")
        yield _row(line, units, label, pick, False, "")


def _top(share: Share) -> Decimal | None:
    return share.top


def _bottom(share: Share) -> Decimal | None:
    return share.bottom


def _row(line: Line, units: Collection[str], label: Family, pick: Callable[[Share], Decimal | None], percent: bool,
         note: str) -> SummaryRow:
    own = (line.units[unit].own if unit in line.units else None for unit in units)
    total, after = (pick(share) if share else None for share in (line.total, line.after))
    return SummaryRow(tuple(label), tuple(pick(share) if share else None for share in own), total, after, False,
                      percent, note)


def _note(line: Line, several: bool) -> str:
    said = ["口径和别的单位不同，分开列"] if several else []
    said += [f"{'、'.join(line.lacking)}没有数（{next(one.missing for one in line.units.values() if one.own is None)}）"
             ] if line.lacking else []
    return "；".join((*said, *(("含约数",) if line.inexact else ())))
