"""What the board counts, computed by the program from the normalized ledger."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from workbook.book import Book, fold
from workbook.ledger import Ledger
from workbook.schema import EVENTS, METRICS, TASKS
from workbook.standard.formulas import head_values
from workbook.standard.terms import END, START

if TYPE_CHECKING:
    from workbook.standard.metric_cells import MetricValues

STATES = ("已完成", "进行中", "未开始", "已取消")
CLOSED = (STATES[0], STATES[3])
Value = int | float | str


@dataclass(frozen=True, slots=True)
class Aim:
    """A metric with a number as its 目标值; `row` counts from 1 over sheet 指标."""

    row: int
    name: str
    value: Decimal | None
    target: Decimal

    @property
    def reached(self) -> bool:
        return self.value is not None and self.value >= self.target


class Tally:
    """The counts of one ledger; without a known `today`, it is the day after 统计止."""

    def __init__(self, ledger: Ledger, metrics: Mapping[str, MetricValues], today: dt.date | None) -> None:
        self.ledger, self.metrics = ledger, metrics
        self.start, self.end = real_date(ledger.book, START), real_date(ledger.book, END)
        self.today = today or (self.end + dt.timedelta(days=1) if self.end else dt.date.min)
        self.tasks, self.events = ledger[TASKS.title], ledger[EVENTS.title]

    @cached_property
    def by_office(self) -> Counter[tuple[str, str]]:
        """(责任股室, 状态) → tasks."""
        offices, states = self.tasks.texts("责任股室"), self.tasks.texts("状态")
        return Counter((offices[row], states[row]) for row in self.tasks.facts)

    def state(self, state: str) -> int:
        return sum(count for (_, one), count in self.by_office.items() if one == state)

    def all_tasks(self) -> int:
        names = self.tasks.texts("任务名称")
        return sum(bool(names[row]) for row in self.tasks.facts)

    def overdue(self) -> int:
        days, states = self.tasks.dates("完成时限"), self.tasks.texts("状态")
        return sum(states[row] not in CLOSED and (day := days[row]) is not None and day < self.today
                   for row in self.tasks.facts)

    @property
    def spanned(self) -> bool:
        return self.start is not None and self.end is not None

    @cached_property
    def held(self) -> list[tuple[int, dt.date]]:
        """Row and day of every event within 统计起–统计止."""
        if self.start is None or self.end is None:
            return []
        days = self.events.dates("开始日期")
        return [(row, day) for row in self.events.facts if (day := days[row]) and self.start <= day <= self.end]

    @cached_property
    def by_month(self) -> Counter[tuple[int, int]]:
        """(year, month) → 场次."""
        months: Counter[tuple[int, int]] = Counter()
        for row, day in self.held:
            months[day.year, day.month] += self._times[row]
        return months

    @cached_property
    def by_type(self) -> Counter[str]:
        """Folded 类型 → 场次; an event of two types counts for both."""
        types: Counter[str] = Counter()
        sets = self.events.value_sets("类型")
        for row, _ in self.held:
            for one in set(sets[row]):
                types[one] += self._times[row]
        return types

    def of_type(self, name: str) -> int:
        return self.by_type[fold(name)]

    @property
    def times(self) -> Value:
        return sum(self._times[row] for row, _ in self.held)

    @cached_property
    def _times(self) -> list[int]:
        return [int(number.value) if number else 1 for number in self.events.numbers("场次")]

    def taking_part(self) -> Value:
        numbers = self.events.numbers("参与（人次）")
        return plain(sum((number.value for row, _ in self.held if (number := numbers[row])), Decimal(0)))

    @cached_property
    def aims(self) -> list[Aim]:
        records = self.ledger[METRICS.title]
        targets, names = records.table.values("目标值"), records.texts("名称")
        aims = []
        for row in records.facts:
            target, cached = targets[row], self.metrics.get(records.folded("编号")[row])
            if isinstance(target, int | float | Decimal) and not isinstance(target, bool):
                aims.append(Aim(row + 1, names[row], cached.reported if cached else None, Decimal(str(target))))
        return aims


def real_date(book: Book, title: str) -> dt.date | None:
    """A date of 报告信息 that Excel, too, takes for one."""
    value = head_values(book).get(title)
    return value.date() if isinstance(value, dt.datetime) else value if isinstance(value, dt.date) else None


def plain(number: Decimal) -> Value:
    """A number as Excel computes it."""
    return int(number) if number == number.to_integral_value() else float(number)
