"""A composed report with a bookmark on every figure, date, name and row text, and its manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from pathlib import PurePath
from typing import NamedTuple
from zlib import crc32

from templates.blocks import Block, Document, Grid, Paragraph, Role
from templates.provenance.manifest import Manifest, Mark
from templates.provenance.places import LedgerPlaces
from templates.provenance.sentences import sentence_at
from templates.provenance.settling import placed, seams, settled
from templates.report import Report
from workbook.facts import Facts
from workbook.faults import safe
from workbook.files import shown_name
from workbook.fill import figure_source
from workbook.findings import Cell
from workbook.identity import LEDGER_KEY, content_digest, ledger_id
from workbook.ledger import Ledger
from workbook.spans import Bookmark, Origin, Source, Span, Spans, new, text_of

PREFIX = "_tz"
FIRST_NUMBER = 1000  # w:id of the first bookmark; headers of a reference.docx may hold some of their own
IMPRINTED = "印发"
UNMARKED = (Origin.TEXT, Origin.MARK)


class Marked(NamedTuple):
    """A report whose document carries bookmarks, and the manifest that explains them."""

    report: Report
    manifest: Manifest


def marked(report: Report, *, file: str = "", unseen: bool = False) -> Marked:
    """The report with its bookmarks; `file` is the ledger's name. The same ledger gives the same marks.

    `unseen`: the bookmarks stand where they move nothing on paper (`settling`), not exactly around each phrase,
    and `context` stays empty: reading the JSON cuts it from the paragraphs again.
    """
    ledger = report.facts.ledger
    marker = _Marker(LedgerPlaces(ledger), unseen=unseen)
    document = _in_order(report.document, marker, official=report.layout == "公文")
    window = report.facts.window
    period = f"{window.start}..{window.end}" if window.start and window.end else ""
    manifest = Manifest(
        ledger_id=_ledger_id(ledger), ledger_digest=content_digest(ledger.book), ledger_file=_named(file),
        title=document.title, period=period, kind=report.kind.name, layout=report.layout,
        paragraphs=tuple(marker.paragraphs), marks=tuple(marker.marks),
    )
    return Marked(report._replace(document=document), manifest)


def _named(file: str) -> str:
    """The ledger's name as the manifest tells it."""
    return safe(shown_name(PurePath(file).name))


def manifest_of(report: Report, *, file: str = "") -> Manifest:
    return marked(report, file=file).manifest


def _ledger_id(ledger: Ledger) -> str:
    text = ledger.head.text
    return ledger.book.meta.get(LEDGER_KEY) or ledger_id(text("机关全称"), text("报告年度"), text("报告类型"))


def _in_order(document: Document, marker: _Marker, *, official: bool) -> Document:
    """Mark block by block in the order of the docx: in 公文 the 发文字号 stands first, the 版记 last."""
    number = document.letterhead.number if official and document.letterhead else ""
    order = sorted(range(len(document.blocks)), key=lambda at: not _is_number(document.blocks[at], number))
    done = {}
    for at, following in zip(order, [*order[1:], -1], strict=True):
        carry = following >= 0 and isinstance(document.blocks[following], Paragraph)
        carry = carry and not _is_number(document.blocks[at], number)
        done[at] = marker.block(document.blocks[at], carry=carry)
    imprint = document.imprint
    if imprint and imprint.issued:
        imprint = imprint._replace(issued=marker.line(imprint.issued, behind=IMPRINTED))
    return document._replace(blocks=tuple(done[at] for at in range(len(done))), imprint=imprint)


def _is_number(block: Block, number: str) -> bool:
    return bool(number) and isinstance(block, Paragraph) and block.role is Role.DOCUMENT_NUMBER and block.text == number


class _Marker:
    """Gives out marks, line by line; `paragraphs` and `marks` grow."""

    def __init__(self, places: LedgerPlaces, *, unseen: bool = False) -> None:
        self.places, self.unseen = places, unseen
        self.paragraphs: list[str] = []
        self.marks: list[Mark] = []
        self._bookmarks: list[Bookmark] = []
        self._taken: set[str] = set()
        self._late: list[Bookmark] = []

    def block(self, block: Block, *, carry: bool = False) -> Block:
        """A block with its bookmarks; `carry`: those that reach to its end may end in the paragraph behind it."""
        if isinstance(block, Grid):
            return block._replace(rows=tuple(tuple(self.line(cell) for cell in row) for row in block.rows))
        heading = len(text_of(block.heading))
        line = self.line(block.heading + block.spans, carry=carry)
        if not heading:
            return block._replace(spans=line)
        cut = sum(end <= heading for end in accumulate(len(span.text) for span in line))
        return block._replace(heading=line[:cut], spans=line[cut:])

    def line(self, spans: Spans, behind: str = "", *, carry: bool = False) -> Spans:
        """One paragraph with its bookmarks; `behind` is what is printed right after it."""
        text, given = text_of(spans), len(self.marks)
        self.paragraphs.append(text)
        if not self.unseen:
            return self._line(spans)
        self._note(spans)
        places = [place for place in seams(text + behind) if place <= len(text)]
        bookmarks = [(one, *settled(places, mark))
                     for one, mark in zip(self._bookmarks[given:], self.marks[given:], strict=True)]
        late, self._late = self._late, [one for one, _, end in bookmarks if carry and end == len(text)]
        line = placed(spans, bookmarks, frozenset(self._late))
        return (Span("", closes=tuple(late)), *line) if late else line

    def _line(self, spans: Spans) -> Spans:
        """The spans with a bookmark exactly around each mark."""
        at, done = 0, []
        for place, group in groupby(spans, key=_place):
            inside = list(group)
            done += list(self._text(place, inside, at) if place else self._figures(inside, at))
            at += sum(len(span.text) for span in inside)
        return tuple(done)

    def _note(self, spans: Spans) -> None:
        """The same marks, without the spans."""
        at = 0
        for place, group in groupby(spans, key=_place):
            inside = list(group)
            if place:
                self._mark_text(place, inside, at)
            for text, source, _, _, _ in inside:
                end = at + len(text)
                if source and text and source.origin not in UNMARKED:
                    self._mark(source, at, end, *self.places.rows(source.rows))
                at = end

    def _mark_text(self, place: Cell, spans: Sequence[Span], at: int) -> Bookmark:
        end = at + len(text_of(spans))
        source = Source(Origin.TEXT, (place,), (), "", self.places.held(place), "", place)
        return self._mark(source, at, end, *self.places.row(place))

    def _text(self, place: Cell, spans: Sequence[Span], at: int) -> Iterator[Span]:
        """The text of one cell: a mark for all of it around the marks of its figures."""
        bookmark = self._mark_text(place, spans, at)
        first, *rest = self._figures(spans, at)
        first = first._replace(opens=(bookmark, *first.opens))
        *body, last = (first, *rest)
        yield from body
        yield last._replace(closes=(*last.closes, bookmark))

    def _figures(self, spans: Sequence[Span], at: int) -> Iterator[Span]:
        for span in spans:
            source = span.source
            if source and source.origin not in UNMARKED and span.text:
                bookmark = self._mark(source, at, at + len(span.text), *self.places.rows(source.rows))
                yield span._replace(opens=(bookmark,), closes=(bookmark,))
            else:
                yield span
            at += len(span.text)

    def _mark(self, source: Source, start: int, end: int, rows: Sequence[str], row_ids: tuple[str, ...]) -> Bookmark:
        text, places = self.paragraphs[-1], self.places
        kind, cells, _, how, value, slot, place = source
        origin, phrase = str(kind), text[start:end]
        at_name, column, key = places.place(place)
        name = self._name(f"{origin}|{slot or places.keys(cells)}|{key}")
        self.marks.append(new(Mark, (
            name, len(self.paragraphs) - 1, start, end, phrase, value or phrase, origin, places.names(cells), rows, how,
            slot, row_ids, column, at_name, "" if self.unseen else sentence_at(text, start, end),
        )))
        bookmark = Bookmark(FIRST_NUMBER + len(self._bookmarks), name)
        self._bookmarks.append(bookmark)
        return bookmark

    def _name(self, key: str) -> str:
        """Short and the same again while this slot stands in this cell, whatever other sentences say."""
        count = 0
        while (name := f"{PREFIX}{crc32(f'{key}|{count}'.encode()):08x}") in self._taken:
            count += 1
        self._taken.add(name)
        return name


def _place(span: Span) -> Cell | None:
    return span.source.place if span.source else None


def metrics_manifest(facts: Facts, *, file: str = "") -> Manifest:
    """Every metric that has a value, as if each were printed in a paragraph of its own: 名称 phrase."""
    marker = _Marker(LedgerPlaces(facts.ledger))
    for metric in facts.metrics:
        figure = facts.figure(metric)
        if figure:
            source = figure_source(figure, metric.name)
            marker.line((Span(f"{metric.name} "), Span(figure.printed.phrase or source.value, source)))
    return Manifest(
        ledger_id=_ledger_id(facts.ledger), ledger_digest=content_digest(facts.ledger.book),
        ledger_file=_named(file), title=facts.ledger.head.text("标题"),
        paragraphs=tuple(marker.paragraphs), marks=tuple(marker.marks),
    )
