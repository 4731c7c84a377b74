"""Coverage both ways: what became of every row of the ledger, and what stands behind every sentence of the report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from templates.blocks import Block, Document, Grid
from templates.report import Report, spans_of
from templates.rowfates import Fate, RowFate, SheetFates, row_fates
from templates.untraced import lines_of, untraced_numbers
from workbook.book import Table
from workbook.columns import rows_in
from workbook.facts import Places
from workbook.findings import Cell
from workbook.schema import CHAPTERS
from workbook.spans import Origin, Span, Spans, text_of

_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’」』）》]*|[^。！？]+$")
_NUMBER = r"\d+(?:[.,]\d+)*"


class Backing(StrEnum):
    """What stands behind a sentence."""

    LEDGER = "台账"
    TEMPLATE = "模板"
    COMPUTED = "程序"
    HAND = "手写"


class Sentence(NamedTuple):
    """One sentence, one row of a table, or one line without a full stop; `block` counts from 0."""

    text: str
    backing: Backing
    block: int = 0


class Coverage(NamedTuple):
    """Every sheet with its rows, every sentence with its backing, and how many numbers no cell backs."""

    sheets: tuple[SheetFates, ...]
    sentences: tuple[Sentence, ...]
    untraced: int

    def rows(self, fate: Fate) -> list[RowFate]:
        """The rows left out for a reason, or unused."""
        return [row for sheet in self.sheets for row in sheet.others if row.fate is fate]

    def count(self, fate: Fate) -> int:
        """How many rows have this fate."""
        return sum(sheet.count(fate) for sheet in self.sheets)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(sheet.total for sheet in self.sheets)

    @property
    def summary(self) -> str:
        """台账 420 行：用到 402，说明不用 11，未用 7；报告 86 句：台账 60，模板 20，程序 6；没有出处的数 3 个。"""
        rows = "，".join(f"{fate} {self.count(fate)}" for fate in Fate)
        backings = Counter(one.backing for one in self.sentences)
        sentences = "，".join(f"{one} {backings[one]}" for one in Backing if backings[one])
        return (f"台账 {self.total} 行：{rows}；报告 {len(self.sentences)} 句：{sentences}；"
                f"没有出处的数 {self.untraced} 个。")

    def as_json(self) -> dict[str, object]:
        """The counts, and the rows that nothing uses."""
        backings = Counter(one.backing for one in self.sentences)
        return {
            "summary": self.summary, "rows": self.total, "used": self.count(Fate.USED),
            "excluded": self.count(Fate.EXCLUDED), "unused": self.count(Fate.UNUSED),
            "sentences": len(self.sentences), "backed": {str(one): backings[one] for one in Backing},
            "untraced": self.untraced, "unused_rows": [row.as_json() for row in self.rows(Fate.UNUSED)],
        }


def coverage(report: Report) -> Coverage:
    """What the report uses of its ledger, and what it says that is not from there."""
    document = report.document
    return Coverage(tuple(row_fates(report.facts, used_rows(document))), tuple(sentences(document)),
                    len(untraced_numbers(document)))


def used_rows(document: Document) -> dict[str, set[int]]:
    """Sheet -> the rows (from 1) that a printed span came from, directly or through a sum."""
    used: dict[str, set[int]] = {}
    summed: dict[int, Sequence[Cell]] = {}
    for source in (span.source for block in document.blocks for span in spans_of(block) if span.source):
        summed[id(source.rows)] = source.rows  # figures of one metric share theirs
        for cell in (*source.cells, *((source.place,) if source.place else ())):
            used.setdefault(cell.sheet, set()).add(cell.row)
    for sheet, rows in _summed(summed.values()):
        used.setdefault(sheet, set()).update(rows)
    return used


def _summed(given: Iterable[Sequence[Cell]]) -> Iterator[tuple[str, Iterable[int]]]:
    """Sheet and rows of places that were summed; those of whole metrics as the sets they are kept in."""
    chosen: dict[str, tuple[Table, int]] = {}
    for places in given:
        if isinstance(places, Places):
            for one in places.addends:
                _, before = chosen.get(one.table.name, (one.table, 0))
                chosen[one.table.name] = one.table, before | one.chosen
        else:
            yield from ((cell.sheet, (cell.row,)) for cell in places)
    for sheet, (table, rows) in chosen.items():
        yield sheet, (table.numbers[index] for index in rows_in(rows, len(table)))


def sentences(document: Document) -> list[Sentence]:
    """Every sentence in print order with what stands behind it."""
    return [one._replace(block=number) for number, block in enumerate(document.blocks) for one in _of_block(block)]


def handwritten(paragraphs: Iterable[str], document: Document) -> list[Sentence]:
    """The sentences of an edited report, each with its backing; what the program never wrote is 手写.

    `paragraphs` are the texts of the edited docx in order. A sentence in which
    only figures were changed keeps its backing.
    """
    known = sentences(document)
    exact = {_squeezed(one.text): one.backing for one in known}
    roughly = {re.sub(_NUMBER, "0", text): backing for text, backing in exact.items()}
    found = []
    for number, text in enumerate(paragraphs):
        for sentence in _SENTENCE.findall(text):
            key = _squeezed(sentence)
            backing = exact.get(key) or roughly.get(re.sub(_NUMBER, "0", key), Backing.HAND)
            found += [Sentence(sentence.strip(), backing, number)] if key else []
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _of_block(block: Block) -> list[Sentence]:
    if isinstance(block, Grid):
        return [_table_row(cells) for cells in block.rows if any(map(text_of, cells))]
    return [one for line in lines_of(block) for one in _of_line(line)]


def _table_row(cells: Sequence[Spans]) -> Sentence:
    from_cells = any(span.source for cell in cells for span in cell)
    return Sentence("　".join(map(text_of, cells)), Backing.LEDGER if from_cells else Backing.TEMPLATE)


def _of_line(spans: Spans) -> list[Sentence]:
    found, at, index = [], 0, 0
    for match in _SENTENCE.finditer(text_of(spans)):
        behind = []
        while index < len(spans) and at < match.end():
            behind.append(spans[index])
            if at + len(spans[index].text) > match.end():
                break
            at += len(spans[index].text)
            index += 1
        if match[0].strip():
            found.append(Sentence(match[0].strip(), _backing(behind)))
    return found


def _backing(spans: Iterable[Span]) -> Backing:
    """台账 where it holds text of a row, 模板 where only the outline's or the template's, else 台账 or 程序."""
    words = [span for span in spans if any(map(str.isalnum, span.text))]
    typed = [span for span in words if span.source is None or span.source.origin is Origin.TEXT]
    if any(span.source and span.source.cells and span.source.cells[0].sheet != CHAPTERS.title for span in typed):
        return Backing.LEDGER
    named = any(span.source and span.source.origin is Origin.NAME for span in words)
    return Backing.TEMPLATE if typed else Backing.LEDGER if named else Backing.COMPUTED
