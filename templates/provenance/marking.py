"""A composed report with a bookmark on every figure, date, name and row text, and its manifest."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, groupby
from pathlib import PurePath
from typing import NamedTuple

from templates.blocks import Block, Document, Grid, Paragraph, Role
from templates.provenance.manifest import Manifest, Mark
from templates.provenance.sentences import sentence_at
from templates.provenance.settling import placed, seams, settled
from templates.report import Report
from workbook.book import Book, Table
from workbook.facts import Facts, Places
from workbook.faults import safe
from workbook.files import shown_name
from workbook.fill import figure_source
from workbook.findings import Cell
from workbook.identity import LEDGER_KEY, content_digest, ledger_id
from workbook.ledger import Ledger, shown
from workbook.schema import ID_COLUMN
from workbook.spans import Bookmark, Origin, Source, Span, Spans, text_of

PREFIX = "_tz"
FIRST_NUMBER = 1000  # w:id of the first bookmark; headers of a reference.docx may hold some of their own
IMPRINTED = "印发"
MARKED = frozenset((Origin.FIGURE, Origin.DATE, Origin.NAME, Origin.LAW, Origin.MISSING))


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
    marker = _Marker(_Places(ledger), unseen=unseen)
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


class _Places:
    """What a cell of the ledger is: its row's `_id`, its column, what it holds."""

    def __init__(self, ledger: Ledger) -> None:
        book: Book = ledger.book
        self._tables: Mapping[str, Table] = {table.name: table for table in (book.head, *book.tables.values())}
        self._head = {entry.cell: title for title, entry in ledger.head.entries.items()}
        self._ids: dict[str, dict[int, str]] = {}
        self._columns: dict[str, dict[int, str]] = {}
        self._keys: dict[Cell, str] = {}
        self._rows: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._named: dict[str, list[tuple[str, str]]] = {}
        self._kept: list[Sequence[Cell]] = []
        self.name = cache(Cell.__str__)

    def ids(self, sheet: str) -> dict[int, str]:
        """Row number -> `_id` of one sheet."""
        if sheet not in self._ids:
            table = self._tables.get(sheet)
            pairs = zip(table.numbers, table.values(ID_COLUMN), strict=True) if table else ()
            self._ids[sheet] = {number: str(one) for number, one in pairs if one}
        return self._ids[sheet]

    def rows(self, cells: Sequence[Cell]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """活动!5 … and the `_id`s, of the cells summed; figures of one metric share theirs."""
        if id(cells) not in self._rows:
            named = dict(self._summed(cells) if isinstance(cells, Places) else map(self.row, cells))
            self._rows[id(cells)] = tuple(named), tuple(named.values())
            self._kept.append(cells)
        return self._rows[id(cells)]

    def row(self, cell: Cell) -> tuple[str, str]:
        """活动!5 and the `_id` of the row that a cell stands in."""
        return f"{cell.sheet}!{cell.row}", self.ids(cell.sheet).get(cell.row, "")

    def _summed(self, places: Places) -> Iterator[tuple[str, str]]:
        """The rows of a metric, without making their cells."""
        for addends in places.addends:
            table = addends.table
            if table.name not in self._named:
                ids = self.ids(table.name)
                self._named[table.name] = [(f"{table.name}!{row}", ids.get(row, "")) for row in table.numbers]
            yield from map(self._named[table.name].__getitem__, addends.indexes)

    def column(self, cell: Cell) -> str:
        if cell in self._head:
            return self._head[cell]
        if cell.sheet not in self._columns:
            table = self._tables.get(cell.sheet)
            self._columns[cell.sheet] = {at: title for title, at in table.places.items()} if table else {}
        return self._columns[cell.sheet].get(cell.column, "")

    def held(self, cell: Cell) -> str:
        """The cell's own text, slots and all."""
        table = self._tables.get(cell.sheet)
        row = table.raw.rows[cell.row - 1] if table and cell.row <= len(table.raw.rows) else []
        return shown(row[cell.column - 1]) if cell.column <= len(row) else ""

    def key(self, cell: Cell | None) -> str:
        """What stays of a cell when rows are sorted and inserted."""
        if cell is None:
            return ""
        if cell not in self._keys:
            row = self.ids(cell.sheet).get(cell.row) or cell.row
            self._keys[cell] = self._head.get(cell) or f"{cell.sheet}|{row}|{self.column(cell)}"
        return self._keys[cell]


class _Marker:
    """Gives out marks, line by line; `paragraphs` and `marks` grow."""

    def __init__(self, places: _Places, *, unseen: bool = False) -> None:
        self.places, self.unseen = places, unseen
        self.paragraphs: list[str] = []
        self.marks: list[Mark] = []
        self._taken: set[str] = set()
        self._late: list[Bookmark] = []

    def block(self, block: Block, *, carry: bool = False) -> Block:
        """A block with its bookmarks; `carry`: those that reach to its end may end in the paragraph behind it."""
        if isinstance(block, Grid):
            return block._replace(rows=tuple(tuple(self.line(cell) for cell in row) for row in block.rows))
        heading = len(text_of(block.heading))
        line = self.line(block.heading + block.spans, carry=carry)
        ends = accumulate(len(span.text) for span in line)
        cut = sum(end <= heading for end in ends) if heading else 0
        return block._replace(heading=line[:cut], spans=line[cut:])

    def line(self, spans: Spans, behind: str = "", *, carry: bool = False) -> Spans:
        """One paragraph with its bookmarks; `behind` is what is printed right after it."""
        text, given = text_of(spans), len(self.marks)
        self.paragraphs.append(text)
        if not self.unseen:
            return self._line(spans)
        self._note(spans)
        places = [place for place in seams(text + behind) if place <= len(text)]
        bookmarks = [(Bookmark(FIRST_NUMBER + number, mark.id), *settled(places, mark))
                     for number, mark in enumerate(self.marks[given:], given)]
        late, self._late = self._late, [one for one, _, end in bookmarks if carry and end == len(text)]
        line = placed(spans, bookmarks, frozenset(self._late))
        return (Span("", closes=tuple(late)), *line) if late else line

    def _line(self, spans: Spans) -> Spans:
        """The spans with a bookmark exactly around each mark."""
        at, done = 0, []
        for place, group in groupby(spans, key=lambda span: span.source.place if span.source else None):
            inside = list(group)
            done += list(self._text(place, inside, at) if place else self._figures(inside, at))
            at += sum(len(span.text) for span in inside)
        return tuple(done)

    def _note(self, spans: Spans) -> None:
        """The same marks, without the spans."""
        at = 0
        for place, group in groupby(spans, key=lambda span: span.source.place if span.source else None):
            inside = list(group)
            if place:
                self._mark_text(place, inside, at)
            for span in inside:
                if span.source and span.source.origin in MARKED and span.text:
                    self._mark(span.source, at, at + len(span.text), *self.places.rows(span.source.rows))
                at += len(span.text)

    def _mark_text(self, place: Cell, spans: Sequence[Span], at: int) -> Bookmark:
        end = at + sum(len(span.text) for span in spans)
        row, row_id = self.places.row(place)
        rows, row_ids = ((row,), (row_id,)) if row_id else ((), ())
        source = Source(Origin.TEXT, (place,), value=self.places.held(place), place=place)
        return self._mark(source, at, end, rows, row_ids)

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
            if source and source.origin in MARKED and span.text:
                bookmark = self._mark(source, at, at + len(span.text), *self.places.rows(source.rows))
                yield span._replace(opens=(bookmark,), closes=(bookmark,))
            else:
                yield span
            at += len(span.text)

    def _mark(self, source: Source, start: int, end: int, rows: tuple[str, ...],
              row_ids: tuple[str, ...]) -> Bookmark:
        text, places = self.paragraphs[-1], self.places
        name = self._name(source)
        self.marks.append(Mark(
            name, len(self.paragraphs) - 1, start, end, text[start:end], source.value or text[start:end],
            source.origin.value, tuple(map(places.name, source.cells)), rows, source.how, source.slot, row_ids,
            places.column(source.place) if source.place else "", places.name(source.place) if source.place else "",
            "" if self.unseen else sentence_at(text, start, end),
        ))
        return Bookmark(FIRST_NUMBER + len(self.marks) - 1, name)

    def _name(self, source: Source) -> str:
        """Short and the same again while this slot stands in this cell, whatever other sentences say."""
        what = source.slot or "|".join(map(self.places.key, source.cells))
        key, count = f"{source.origin}|{what}|{self.places.key(source.place)}", 0
        while (name := f"{PREFIX}{zlib.crc32(f'{key}|{count}'.encode()):08x}") in self._taken:
            count += 1
        self._taken.add(name)
        return name


def metrics_manifest(facts: Facts, *, file: str = "") -> Manifest:
    """Every metric that has a value, as if each were printed in a paragraph of its own: 名称 phrase."""
    marker = _Marker(_Places(facts.ledger))
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
