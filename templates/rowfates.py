"""What became of each row of the ledger: used, left out for a reason, or unused with the likely cause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from templates.outline import PRINTED_COLUMNS
from workbook.facts import Facts
from workbook.ledger import Records
from workbook.personal import mask
from workbook.rowkinds import RowKind
from workbook.schema import (
    CASES,
    CHAPTERS,
    EVENTS,
    EXCUSE_COLUMN,
    ITEMS,
    METRICS,
    PROBLEMS,
    SOURCE_SHEETS,
    STATISTICS,
    TASKS,
)

COVERED = (CHAPTERS, TASKS, ITEMS, PROBLEMS, EVENTS, CASES, METRICS, STATISTICS)
"""Sheets whose rows a report is made of; 法规, 股室 and 字典 are registers to choose from."""
_KINDS = {RowKind.TOTAL: "合计行", RowKind.BANNER: "分段行", RowKind.EXAMPLE: "示例行"}
_CANCELLED = "已取消"


class Fate(StrEnum):
    """What became of a row."""

    USED = "用到"
    EXCLUDED = "说明不用"
    UNUSED = "未用"


class RowFate(NamedTuple):
    """One row: `reason` says why it is left out or, where it is unused, the likely cause."""

    sheet: str
    row: int
    key: str
    name: str
    fate: Fate
    reason: str = ""

    def as_json(self) -> dict[str, object]:
        """The place and the words of the row, numbers of persons masked."""
        return {"sheet": self.sheet, "row": self.row, "key": mask(self.key), "name": mask(self.name),
                "reason": mask(self.reason)}


class SheetFates(NamedTuple):
    """One sheet: its name, how many rows it has, and those that are not used, in order."""

    sheet: str
    total: int
    others: tuple[RowFate, ...]

    def count(self, fate: Fate) -> int:
        """How many rows have this fate."""
        if fate is Fate.USED:
            return self.total - len(self.others)
        return sum(row.fate is fate for row in self.others)


def row_fates(facts: Facts, used: Mapping[str, set[int]]) -> Iterator[SheetFates]:
    """The covered sheets in their order; `used` is sheet -> rows (from 1) that the report came from."""
    for sheet in COVERED:
        if sheet.title in facts.ledger.book.tables:
            records = facts.ledger[sheet.title]
            others = tuple(_Judge(facts, records, used.get(records.table.name, set())).others())
            yield SheetFates(records.table.name, len(records), others)


class _Judge:
    """The rows of one sheet."""

    def __init__(self, facts: Facts, records: Records, used: set[int]) -> None:
        self.facts = facts
        self.records = records
        self.title = records.sheet.title
        self.used = used
        # a printed table's rows of totals print too, computed from the others
        self.tables = {self._table(index) for index, number in enumerate(records.table.numbers)
                       if number in used} if self.title == STATISTICS.title else set()

    def others(self) -> Iterator[RowFate]:
        records = self.records
        names = records.sheet.name_column or records.sheet.key
        for index, number in enumerate(records.table.numbers):
            if number not in self.used and not (self.tables and self._table(index) in self.tables):
                fate, reason = self._fate(index)
                yield RowFate(records.table.name, number, records.key(index), self._text(names, index), fate, reason)

    def _fate(self, index: int) -> tuple[Fate, str]:
        reason = self._excuse(index)
        return (Fate.EXCLUDED, reason) if reason else (Fate.UNUSED, self._cause(index))

    def _table(self, index: int) -> tuple[str, str]:
        return self._text("章节", index), self._text("表题", index)

    def _text(self, title: str, index: int) -> str:
        return self.records.texts(title)[index]

    def _excuse(self, index: int) -> str:
        """Why the row is rightly not in the report, or nothing."""
        records = self.records
        if records.kinds[index] is not RowKind.FACT:
            return _KINDS[records.kinds[index]]
        if records.has(EXCUSE_COLUMN) and (given := self._text(EXCUSE_COLUMN, index)):
            return given
        if records.has("入报告") and records.flags("入报告")[index] is False:
            return "入报告填的是否"
        if self.title == TASKS.title and self._text("状态", index) == _CANCELLED:
            return "任务已取消"
        if self.title == CHAPTERS.title and self._text("空时", index) == "省略":
            return "空时填了省略，这一章没有内容"
        return self._outside(index) if self.title in SOURCE_SHEETS else ""

    def _outside(self, index: int) -> str:
        day, window = self.facts.day(self.records, index), self.facts.window
        if day is None or window.start is None or window.end is None:
            return ""
        first = min(window.start, window.plan_start or dt.date.max)
        return "" if first <= day <= window.end else f"{day.isoformat()} 不在统计期内"

    def _cause(self, index: int) -> str:
        if self.title in PRINTED_COLUMNS:
            return self._not_printed(index)
        if self.title in SOURCE_SHEETS:
            day = self.facts.day(self.records, index)
            return "报告里没有哪个数把它数进去" if day else "日期读不出，没有哪个数把它数进去"
        return {METRICS.title: "报告里没有哪句话用到这个指标", CHAPTERS.title: "这一章没有印出来"}.get(
            self.title, "这张表没有印出来")

    def _not_printed(self, index: int) -> str:
        column = PRINTED_COLUMNS[self.title][1]
        if not self._text(column, index):
            return f"“{column}”没有填"
        chapter = self.records.folded("章节")[index]
        if not chapter:
            return "“章节”没有填"
        return "没有印出来" if chapter in self.facts.ledger.chapters else f"提纲里没有章节“{chapter}”"
