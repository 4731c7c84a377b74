"""The texts a report prints, cell by cell, as the wording rules read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from workbook.book import fold
from workbook.faults import found
from workbook.findings import Cell, Finding
from workbook.ledger import Ledger, Records
from workbook.personal import mask
from workbook.rules.joined import Joined
from workbook.rules.once import once_a_ledger
from workbook.schema import CHAPTERS, HEAD_KEYS, ITEMS, PROBLEMS, STATISTICS, TASKS
from workbook.slots import Part, parse_slots
from workbook.wording.hits import CONTEXT, Detector, Hit, around, blotted
from workbook.wording.hits import HAN as HAN

_BODIES = {TASKS.title: "工作成效", ITEMS.title: "正文", PROBLEMS.title: "表现"}
_PRINTED = {
    TASKS.title: ("小标题", "工作成效"), ITEMS.title: ("小标题", "正文"),
    PROBLEMS.title: ("标题", "表现", "原因", "改进措施"),
}


class Passage(NamedTuple):
    """One text cell; `prose` has its slots blotted out. `chapter` is the folded 编号 it belongs to.

    `source` and `row` are its place: a record sheet's row, or -1 where `cell` says it (报告信息).
    """

    text: str
    prose: str
    sheet: str
    column: str
    chapter: str = ""
    source: Records | None = None
    row: int = -1
    cell: Cell | None = None

    def finding(self, code: str, value: str, **blanks: str) -> Finding:
        """A finding here; `value` is what was given, masked."""
        if self.source is None:
            return found(code, self.cell, column=self.column, value=mask(value), **blanks)
        return self.source.finding(code, self.row, self.column, value=mask(value), **blanks)

    def around(self, hit: Hit, context: int = CONTEXT) -> str:
        """What was hit with a few characters on both sides."""
        return around(self.text, self.prose, hit, context)

    @property
    def is_body(self) -> bool:
        return _BODIES.get(self.sheet) == self.column


class Texts:
    """Every text a report prints, and which of them hold what."""

    def __init__(self, passages: tuple[Passage, ...]) -> None:
        self.passages = passages
        self._joined = Joined([passage.prose for passage in passages], "\n")

    @property
    def digits(self) -> Iterator[str]:
        """The different digits of the texts, half-width and others."""
        return filter(str.isdecimal, self._joined.characters)

    def said(self, words: Iterable[str]) -> list[str]:
        """Which of some words stand in any text."""
        return self._joined.said(words)

    def holding(self, words: Iterable[str]) -> list[Passage]:
        """The texts that hold any of the words, in their order."""
        return [self.passages[place] for place in self._joined.holding(words)]

    def matching(self, pattern: re.Pattern[str]) -> list[Passage]:
        """The texts in which a pattern matches that neither reaches over a line's end nor asks for a text's."""
        return [self.passages[place] for place in self._joined.matching(pattern)]

    def hits(self, detect: Detector) -> Iterator[tuple[Passage, Hit]]:
        """Every hit of a detector, text by text."""
        return ((one, hit) for one in self.holding(detect.signs) for hit in detect(one.prose))

    def first_hits(self, detect: Detector) -> Iterator[tuple[Passage, Hit]]:
        """The first hit of every text that has one."""
        firsts = ((one, next(detect(one.prose), None)) for one in self.holding(detect.signs))
        return ((one, hit) for one, hit in firsts if hit)


@once_a_ledger
def texts(ledger: Ledger) -> Texts:
    """Every text a report prints."""
    return Texts((*_of_head(ledger), *_of_chapters(ledger), *_of_rows(ledger), *_of_statistics(ledger)))


def passages(ledger: Ledger) -> tuple[Passage, ...]:
    """The same one by one, in the order of the sheets."""
    return texts(ledger).passages


@once_a_ledger
def slotted(ledger: Ledger) -> list[tuple[Passage, list[Part]]]:
    """Every text that holds slots, split at them."""
    return [(one, parse_slots(one.text)) for one in passages(ledger) if "{{" in one.text]


def _of_head(ledger: Ledger) -> Iterator[Passage]:
    for key in HEAD_KEYS:
        entry = ledger.head.entries.get(key.title) if key.slots else None
        if entry and entry.text:
            yield Passage(entry.text, blotted(entry.text), "报告信息", key.title, cell=entry.cell)


def _of_column(records: Records, title: str, rows: list[int], chapters: list[str]) -> Iterator[Passage]:
    written, sheet = records.texts(title), records.sheet.title
    for index in rows:
        if text := written[index]:
            yield Passage(text, blotted(text), sheet, title, chapters[index], records, index)


def _of_chapters(ledger: Ledger) -> Iterator[Passage]:
    records = ledger[CHAPTERS.title]
    for title in ("标题", "引语", "空时", "结语"):
        yield from _of_column(records, title, records.facts, records.folded("编号"))


def _of_rows(ledger: Ledger) -> Iterator[Passage]:
    for sheet, titles in _PRINTED.items():
        records, rows = ledger[sheet], printed_rows(ledger, sheet)
        for title in titles:
            yield from _of_column(records, title, rows, records.folded("章节"))


def _of_statistics(ledger: Ledger) -> Iterator[Passage]:
    records = ledger[STATISTICS.title]
    yield from _of_column(records, "表题", records.facts, records.folded("章节"))


def printed_rows(ledger: Ledger, sheet: str) -> list[int]:
    """The rows of 任务, 条目 or 问题 that the report prints."""
    records = ledger[sheet]
    chapters, bodies, flags = records.folded("章节"), records.texts(_BODIES[sheet]), records.flags("入报告")
    known = ledger.chapters
    return [index for index in records.facts
            if chapters[index] and bodies[index] and flags[index] is not False and chapters[index] in known]


class Layout(NamedTuple):
    """How a chapter lists its rows: its 列举词 and whether they are joined in one paragraph."""

    mark: str
    joined: bool


@once_a_ledger
def layouts(ledger: Ledger) -> dict[str, Layout]:
    """Folded 编号 -> layout."""
    records = ledger[CHAPTERS.title]
    codes, marks, settings = records.folded("编号"), records.folded("列举词"), records.texts("列举排版")
    return {codes[index]: Layout("" if marks[index] in ("", fold("无")) else marks[index], settings[index] != "逐段")
            for index in records.facts}
