"""How a chapter prints: headings, enumerators, joined and separate rows, tables.

Numbers and enumerators are computed here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence

from templates.blocks import Block, Paragraph, Role
from templates.outline import Chapter, Row
from templates.statistics import StatisticsReader
from workbook.faults import found
from workbook.findings import Finding
from workbook.numerals import to_chinese
from workbook.spans import Span, Spans, computed, embolden, split_lines, text_of

HEADING_ROWS = "（一）"
ENDINGS = "。！？；：，、…!?;:,."
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"


def heading_number(level: int, position: int) -> str:
    """一、 （一） 1. （1）: GB/T 9704 7.3.3."""
    chinese = to_chinese(position)
    return (f"{chinese}、", f"（{chinese}）", f"{position}.", f"（{position}）")[level - 1]


def enumerator(mark: str, position: int) -> str:
    """一是 第一， 1. （1） ①, without a space; nothing for 无."""
    match mark:
        case "一是":
            return f"{to_chinese(position)}是"
        case "第一":
            return f"第{to_chinese(position)}，"
        case "1.":
            return f"{position}."
        case "（1）":
            return f"（{position}）"
        case "①":
            return _CIRCLED[position] if position < len(_CIRCLED) else f"（{position}）"
        case _:
            return ""


class ChapterPrinter:
    """Prints chapters as blocks; `findings` grows."""

    def __init__(self, tables: StatisticsReader) -> None:
        self.tables = tables
        self.findings: list[Finding] = []

    def chapters(self, chapters: Sequence[Chapter]) -> list[Block]:
        """Sibling chapters, numbered among those that print."""
        blocks: list[Block] = []
        printed = [chapter for chapter in chapters if not vanishes(chapter)]
        for position, chapter in enumerate(printed, 1):
            blocks += self.chapter(chapter, position)
        return blocks

    def chapter(self, chapter: Chapter, position: int) -> list[Block]:
        """One chapter with its children."""
        heading = _heading(chapter, position)
        paragraphs = self._body(chapter)
        blocks: list[Block] = []
        if chapter.run_in and paragraphs and not paragraphs[0].heading:
            first, *paragraphs = paragraphs
            blocks.append(Paragraph(Role.BODY, first.spans, chapter.level, heading))
        else:
            blocks.append(Paragraph(Role.HEADING, heading, chapter.level))
        blocks += paragraphs
        for title in chapter.tables:
            blocks += self.tables.blocks(chapter.code, title)
        blocks += self.chapters(chapter.children)
        return blocks + list(_body_paragraphs(chapter.close))

    def _body(self, chapter: Chapter) -> list[Paragraph]:
        if chapter.rows and chapter.mark == HEADING_ROWS:
            return [*_body_paragraphs(chapter.lead), *self._heading_rows(chapter.rows)]
        if chapter.rows and not chapter.separate:
            return self._joined(chapter)
        if chapter.rows:
            return [*_body_paragraphs(chapter.lead), *self._separate(chapter)]
        return self._without_rows(chapter)

    def _without_rows(self, chapter: Chapter) -> list[Paragraph]:
        empty = () if chapter.tables or _printed_children(chapter) else chapter.empty_spans
        if chapter.run_in:
            return _body_paragraphs(chapter.lead + empty)
        return _body_paragraphs(chapter.lead) + _body_paragraphs(empty)

    def _joined(self, chapter: Chapter) -> list[Paragraph]:
        spans = chapter.lead
        for row, mark in _marked(chapter):
            spans += mark + _row_text(row)
        *others, last = chapter.rows
        for row in others:
            titles = [("原因", row.cause), ("改进措施", row.remedy)]
            self.findings += [found("O003", cell, column=title, key=row.key)
                              for title, cell in row.extra_cells if dict(titles)[title]]
        return _body_paragraphs(spans) + _remarks(last)

    def _separate(self, chapter: Chapter) -> list[Paragraph]:
        paragraphs: list[Paragraph] = []
        for row, mark in _marked(chapter):
            paragraphs += _body_paragraphs(mark + _row_text(row)) + _remarks(row)
        return paragraphs

    def _heading_rows(self, rows: Sequence[Row]) -> list[Paragraph]:
        paragraphs: list[Paragraph] = []
        for position, row in enumerate(rows, 1):
            number = (computed(heading_number(2, position)),)
            subtitle = _ended(row.subtitle)
            first, *rest = split_lines(row.text) or [()]
            heading = number + subtitle
            paragraphs.append(Paragraph(Role.BODY, first, 2, heading))
            paragraphs += [Paragraph(Role.BODY, line) for line in rest]
            paragraphs += _remarks(row)
        return paragraphs


def vanishes(chapter: Chapter) -> bool:
    """Whether a chapter prints nothing: 空时=省略 without rows, or every child gone."""
    if chapter.rows or chapter.tables or _printed_children(chapter):
        return False
    return chapter.empty == "省略" or (bool(chapter.children) and not chapter.empty)


def _printed_children(chapter: Chapter) -> list[Chapter]:
    return [child for child in chapter.children if not vanishes(child)]


def _heading(chapter: Chapter, position: int) -> Spans:
    number = chapter.override or heading_number(chapter.level, position)
    stop = "" if text_of(chapter.title).endswith(tuple(ENDINGS)) else chapter.stop
    return (computed(number), *chapter.title, *((Span(stop),) if stop else ()))


def _marked(chapter: Chapter) -> list[tuple[Row, Spans]]:
    """Each row with its enumerator; a single row takes none."""
    if len(chapter.rows) == 1:
        return [(chapter.rows[0], ())]
    marks = (enumerator(chapter.mark, position) for position in range(1, len(chapter.rows) + 1))
    spans = ((computed(mark),) if mark else () for mark in marks)
    return list(zip(chapter.rows, (embolden(s) if chapter.bold else s for s in spans), strict=True))


def _ended(subtitle: Spans) -> Spans:
    """A 小标题 and its 。, unless it ends in punctuation."""
    if not subtitle or text_of(subtitle).endswith(tuple(ENDINGS)):
        return subtitle
    return (*subtitle, Span("。"))


def _row_text(row: Row) -> Spans:
    return _ended(row.subtitle) + row.text


def _remarks(row: Row) -> list[Paragraph]:
    """原因：… and 改进措施：…, where filled."""
    paragraphs: list[Paragraph] = []
    for title, spans in (("原因：", row.cause), ("改进措施：", row.remedy)):
        if spans:
            paragraphs += _body_paragraphs((Span(title), *spans))
    return paragraphs


def _body_paragraphs(spans: Spans) -> list[Paragraph]:
    """One paragraph per line of text; nothing for nothing."""
    return [Paragraph(Role.BODY, line) for line in split_lines(spans)]
