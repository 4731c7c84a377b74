"""The sums: every metric by unit, in total and with shared events counted once; every 统计表 the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import add
from typing import NamedTuple

from workbook.columns import row_set
from workbook.normalize import Quantity, read_number
from workbook.rollup.events import Decisions, Shared, Verdict, shared
from workbook.rollup.measures import Family, Measure, Share, measures
from workbook.rollup.units import TableCell, Unit


class Line(NamedTuple):
    """One metric over all units; `total` adds what they say, `after` counts a shared event once."""

    family: Family
    units: Mapping[str, Measure]

    @property
    def total(self) -> Share | None:
        return _sum(one.own for one in self.units.values())

    @property
    def after(self) -> Share | None:
        return _sum(one.after for one in self.units.values())

    @property
    def inexact(self) -> bool:
        return any(one.inexact for one in self.units.values())

    @property
    def lacking(self) -> list[str]:
        """The units whose value is unknown."""
        return [name for name, one in self.units.items() if one.own is None]


class TableLine(NamedTuple):
    """One cell of a 统计表 over all units; `total` None where it cannot be added up."""

    table: str
    row: str
    column: str
    unit: str
    units: Mapping[str, TableCell]

    @property
    def total(self) -> Decimal | None:
        numbers = [number_of(cell) for cell in self.units.values()]
        return None if None in numbers else sum((one for one in numbers if one is not None), Decimal(0))


class Rollup(NamedTuple):
    """Everything that a rollup says, in an order that does not depend on that of the files."""

    units: tuple[Unit, ...]
    lines: tuple[Line, ...]
    tables: tuple[TableLine, ...]
    shared: Shared

    @property
    def undecided(self) -> int:
        return sum(group.verdict is Verdict.OPEN for group in self.shared.groups)

    @property
    def differences(self) -> list[tuple[str, str, list[Line]]]:
        """Metrics of one name and unit that are counted in different ways: name, unit and their lines."""
        named: dict[tuple[str, str], list[Line]] = {}
        for line in self.lines:
            named.setdefault(line.family.title, []).append(line)
        return [(lines[0].family.name, lines[0].family.unit, lines) for lines in named.values() if len(lines) > 1]


def roll_up(units: Iterable[Unit], decided: Decisions | None = None) -> Rollup:
    """The rollup of some units, each of them once."""
    ordered = _told_apart(sorted(units, key=lambda unit: (unit.name, unit.span, unit.digest)))
    found = shared([event for unit in ordered for event in unit.events], decided or {})
    return Rollup(ordered, tuple(_lines(ordered, found)), tuple(_tables(ordered)), found)


def _told_apart(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The units, those of one office for other days named by their days too."""
    count = Counter(unit.name for unit in units)
    return tuple(_renamed(unit, f"{unit.name}（{unit.span}）") if count[unit.name] > 1 else unit for unit in units)


def _renamed(unit: Unit, name: str) -> Unit:
    return unit._replace(name=name, events=tuple(event._replace(unit=name) for event in unit.events))


def _sum(shares: Iterable[Share | None]) -> Share | None:
    """The parts of a ratio are added, never the ratios; None where nobody has a value."""
    known = [share for share in shares if share is not None]
    return reduce(add, known) if known else None


def _lines(units: Sequence[Unit], found: Shared) -> list[Line]:
    by_family: dict[Family, dict[str, Measure]] = {}
    for unit in units:
        dropped = row_set(found.dropped.get(unit.name, ()), unit.tallies.rows)
        for one in measures(unit.tallies, dropped):
            by_family.setdefault(one.family, {}).setdefault(unit.name, one)
    return [Line(family, by_unit) for family, by_unit in by_family.items()]


def _tables(units: Sequence[Unit]) -> list[TableLine]:
    cells: dict[tuple[str, str, str, str], dict[str, TableCell]] = {}
    for unit in units:
        for cell in unit.tables:
            place = (cell.table, cell.row, cell.column, cell.unit)
            cells.setdefault(place, {}).setdefault(unit.name, cell)
    return [TableLine(*place, by_unit) for place, by_unit in cells.items()]


def number_of(cell: TableCell) -> Decimal | None:
    """The number of a cell that can be added up."""
    if cell.ratio:
        return None
    read = read_number(cell.value).value
    return read.value if isinstance(read, Quantity) else None
