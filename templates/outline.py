"""The outline: which chapters there are, which rows each prints, in what order."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from workbook.book import fold
from workbook.faults import found
from workbook.fill import Filler
from workbook.findings import Cell, Finding
from workbook.ledger import Ledger, Records, near
from workbook.schema import CHAPTERS, ITEMS, PROBLEMS, STATISTICS, TASKS
from workbook.spans import Spans

MAX_LEVEL = 4
PRINTED_COLUMNS = {
    TASKS.title: ("小标题", "工作成效"), ITEMS.title: ("小标题", "正文"), PROBLEMS.title: ("标题", "表现"),
}
_LAST = Decimal("Infinity")


class Row(NamedTuple):
    """One row as a chapter prints it; every part is filled spans, empty where blank."""

    sheet: str
    key: str
    cell: Cell
    subtitle: Spans
    text: Spans
    cause: Spans = ()
    remedy: Spans = ()
    extra_cells: tuple[tuple[str, Cell], ...] = ()


class Chapter(NamedTuple):
    """One row of 章节 with its printed rows, its children and its 统计表, which are hung on it."""

    number: tuple[int, ...]
    code: str
    cell: Cell
    title: Spans
    run_in: bool
    stop: str
    lead: Spans
    mark: str
    separate: bool
    bold: bool
    empty: str
    empty_spans: Spans
    close: Spans
    override: str
    rows: list[Row]
    children: list[Chapter]
    tables: list[str]

    @property
    def level(self) -> int:
        return len(self.number)


class Outline(NamedTuple):
    """Top-level chapters in order, every chapter by folded 编号, and what was noticed."""

    chapters: tuple[Chapter, ...]
    by_code: dict[str, Chapter]
    findings: tuple[Finding, ...]


def build_outline(ledger: Ledger, filler: Filler) -> Outline:
    """Read 章节 and hang the rows of 任务, 条目 and 问题 on it."""
    return _Builder(ledger, filler).build()


class _Builder:
    def __init__(self, ledger: Ledger, filler: Filler) -> None:
        self.ledger = ledger
        self.filler = filler
        self.records: Records = ledger[CHAPTERS.title]
        self.findings: list[Finding] = []

    def build(self) -> Outline:
        chapters: dict[tuple[int, ...], Chapter] = {}
        for index in self.records.facts:
            chapter = self._chapter(index)
            if chapter and chapter.number not in chapters:
                chapters[chapter.number] = chapter
            elif chapter:
                first = chapters[chapter.number].cell.row
                self.findings.append(self.records.finding("L002", index, "编号", given=str(first)))
        by_code = {chapter.code: chapter for chapter in chapters.values()}
        self._hang_rows(by_code)
        self._hang_tables(by_code)
        top = self._tree(chapters)
        return Outline(tuple(top), by_code, tuple(self.findings))

    def _tree(self, chapters: dict[tuple[int, ...], Chapter]) -> list[Chapter]:
        top: list[Chapter] = []
        for number in sorted(chapters):
            chapter = chapters[number]
            parent = chapters.get(number[:-1])
            if parent is None and len(number) > 1:
                wanted = ".".join(map(str, number[:-1]))
                self.findings.append(found("O002", chapter.cell, value=chapter.code, given=wanted))
            (parent.children if parent else top).append(chapter)
        return top

    def _chapter(self, index: int) -> Chapter | None:
        text, fill = self._text, self._fill
        code = fold(text("编号", index))
        number = chapter_number(code)
        if number is None:
            self.findings.append(self.records.finding("O001", index, "编号"))
            return None
        run_in = text("标题形式", index) == "行内"
        stop = text("标题末标点", index) or ("。" if run_in else "无")
        empty = text("空时", index)
        return Chapter(
            number, code, self.records.cell(index, "编号"), fill("标题", index), run_in,
            "" if stop == "无" else stop, fill("引语", index), text("列举词", index) or "无",
            text("列举排版", index) == "逐段", bool(self.records.flags("列举加粗")[index]), empty,
            fill("空时", index) if empty and empty != "省略" else (), fill("结语", index), text("编号覆盖", index),
            [], [], [],
        )

    def _text(self, title: str, index: int) -> str:
        return self.records.texts(title)[index]

    def _fill(self, title: str, index: int) -> Spans:
        text = self._text(title, index)
        return self.filler.fill(text, self.records.cell(index, title)) if text else ()

    def _hang_rows(self, by_code: dict[str, Chapter]) -> None:
        waiting: dict[str, list[tuple[Decimal, Row]]] = {}
        for sheet in PRINTED_COLUMNS:
            reader = _RowReader(self.ledger[sheet], self.filler)
            for code, order, index in reader.printed():
                if code in by_code:
                    waiting.setdefault(code, []).append((order, reader.row(index)))
                elif code:
                    self.findings.append(reader.records.finding(
                        "L001", index, "章节", sheet_to="章节", near=near(code, by_code)))
        for code, rows in waiting.items():
            by_code[code].rows.extend(row for _, row in sorted(rows, key=lambda pair: pair[0]))

    def _hang_tables(self, by_code: dict[str, Chapter]) -> None:
        records = self.ledger[STATISTICS.title]
        for index in records.facts:
            code, title = records.folded("章节")[index], records.texts("表题")[index]
            if code not in by_code:
                self.findings.append(records.finding("L001", index, "章节", sheet_to="章节", near=near(code, by_code)))
            elif title not in by_code[code].tables:
                by_code[code].tables.append(title)


class _RowReader:
    """The rows of one sheet that print."""

    def __init__(self, records: Records, filler: Filler) -> None:
        self.records = records
        self.filler = filler
        self.subtitle, self.text = PRINTED_COLUMNS[records.sheet.title]
        self._extra = [title for title in ("原因", "改进措施") if records.has(title)]
        printed = filter(records.has, (self.subtitle, self.text, *self._extra))
        self._texts = {title: records.texts(title) for title in printed}

    def printed(self) -> list[tuple[str, Decimal, int]]:
        """(folded chapter code, order, row index) of every row that prints."""
        records = self.records
        codes, texts = records.folded("章节"), records.texts(self.text)
        flags, orders = records.flags("入报告"), records.numbers("序")
        return [
            (codes[i], order.value if (order := orders[i]) else _LAST, i)
            for i in records.facts
            if codes[i] and texts[i] and (flags[i] if flags[i] is not None else True)
        ]

    def row(self, index: int) -> Row:
        records = self.records
        extra = tuple((title, records.cell(index, title)) for title in self._extra)
        return Row(records.sheet.title, records.key(index), records.cell(index, self.text),
                   self._fill(self.subtitle, index), self._fill(self.text, index),
                   self._fill("原因", index), self._fill("改进措施", index), extra)

    def _fill(self, title: str, index: int) -> Spans:
        text = self._texts[title][index] if title in self._texts else ""
        return self.filler.fill(text, self.records.cell(index, title)) if text else ()


def chapter_number(code: str) -> tuple[int, ...] | None:
    """1.10 -> (1, 10); None where it is no chapter number of at most four levels."""
    parts = code.rstrip(".").split(".")
    if len(parts) > MAX_LEVEL or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return tuple(int(part) for part in parts)
