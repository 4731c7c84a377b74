"""A rollup as one long table, a value a row: what other programs read (Parquet) and --json prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbook.rollup.measures import Share
from workbook.rollup.rollup import Line, Rollup, TableLine, number_of

UNIT, TOTAL, AFTER = "单位", "合计", "去重后"


class Fact(NamedTuple):
    """One value; `level` says whether it is one unit's, the total or the total with shared events counted once."""

    sheet: str
    name: str
    row: str
    column: str
    measure: str
    method: str
    period: str
    definition: str
    level: str
    office: str
    value: float | None
    numerator: float | None
    denominator: float | None
    inexact: str


TITLES = ("表", "名称", "行", "列", "单位", "统计方式", "统计期", "口径", "层级", "机关全称", "值",
          "分子", "分母", "约数")


def facts_of(made: Rollup) -> Iterator[Fact]:
    """Every value of a rollup, totals included."""
    for line in made.lines:
        yield from _of_line(line)
    for table in made.tables:
        yield from _of_table(table)


def _of_line(line: Line) -> Iterator[Fact]:
    for office, one in line.units.items():
        yield _fact(line, UNIT, office, one.own, one.inexact)
    yield _fact(line, TOTAL, "", line.total, line.inexact)
    yield _fact(line, AFTER, "", line.after, line.inexact)


def _fact(line: Line, level: str, office: str, share: Share | None, inexact: bool) -> Fact:
    name, unit, method, period, definition = line.family
    value = share.value if share else None
    parts = share if share and share.bottom is not None else None
    return Fact("指标", name, "", "", unit, method, period, definition, level, office, _float(value),
                _float(parts.top if parts else None), _float(parts.bottom if parts else None), "是" if inexact else "")


def _of_table(table: TableLine) -> Iterator[Fact]:
    def fact(level: str, office: str, value: object) -> Fact:
        return Fact("统计表", table.table, table.row, table.column, table.unit, "", "", "", level, office,
                    _float(value), None, None, "")

    for office, cell in table.units.items():
        yield fact(UNIT, office, number_of(cell))
    yield fact(TOTAL, "", table.total)


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))
