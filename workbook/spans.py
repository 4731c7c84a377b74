"""Printed text that remembers the cells it came from.

A paragraph of a report is a tuple of spans. Cell texts, slots and templates all
yield spans, so a figure keeps its source through sentences, joins and tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from workbook.findings import Cell


class Origin(StrEnum):
    """What kind of thing a span is, for the reader of a trace."""

    FIGURE = "数字"
    DATE = "日期"
    NAME = "名称"
    TEXT = "文字"
    LAW = "法规"
    MISSING = "待补"
    MARK = "序次"


class Source(NamedTuple):
    """Where a span came from.

    `cells` are the cells that hold or define it, `rows` the first cells of the
    rows summed, `how` one Chinese phrase (活动 11 行之和), `value` the exact
    value behind a rounded phrase, `slot` the name it was asked for by, `place`
    the text cell it is printed in (None: a template's own text).
    """

    origin: Origin
    cells: tuple[Cell, ...] = ()
    rows: Sequence[Cell] = ()
    how: str = ""
    value: str = ""
    slot: str = ""
    place: Cell | None = None


class Bookmark(NamedTuple):
    """An invisible name for a stretch of a report, letters and digits alone; `number` is unique in it."""

    number: int
    name: str


class Span(NamedTuple):
    """A run of text with one source; None is template text or computed marks.

    `opens` are the bookmarks that begin before it, `closes` those that end after it.
    """

    text: str
    source: Source | None = None
    bold: bool = False
    opens: tuple[Bookmark, ...] = ()
    closes: tuple[Bookmark, ...] = ()


Spans = tuple[Span, ...]
new = tuple.__new__
"""new(Span, (…)) is Span(…) in half the time, for the places that make thousands of them."""


def computed(mark: str) -> Span:
    """A number or enumerator that the program computed."""
    return Span(mark, Source(Origin.MARK))


def joined(value: str, sources: Iterable[Source], how: str = "") -> Source:
    """One source for a value made of several: every cell and row once, in order."""
    given = list(sources)
    return Source(
        given[0].origin if given else Origin.FIGURE,
        tuple(dict.fromkeys(cell for one in given for cell in one.cells)),
        tuple(dict.fromkeys(row for one in given for row in one.rows)),
        how or "；".join(dict.fromkeys(one.how for one in given if one.how)), value, given[0].slot if given else "",
    )


def text_of(spans: Iterable[Span]) -> str:
    """The plain text of spans."""
    return "".join([span.text for span in spans])


def embolden(spans: Spans) -> Spans:
    """The same spans in bold."""
    return tuple(span._replace(bold=True) for span in spans)


def split_lines(spans: Spans) -> list[Spans]:
    """Cut at line breaks; a line without text is dropped."""
    text = text_of(spans)
    if "\n" not in text:
        return [spans] if text and not text.isspace() else []
    lines: list[list[Span]] = [[]]
    for span in spans:
        first, *rest = span.text.split("\n")
        lines[-1].append(span._replace(text=first))
        lines.extend([span._replace(text=part)] for part in rest)
    cut = [tuple(span for span in line if span.text) for line in lines]
    return [line for line in cut if text_of(line).strip()]
