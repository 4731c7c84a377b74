"""The figures of a report as a reviewer meets them: where each stands, what it is, how it came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from templates.blocks import Block, Document, Grid
from templates.report import Report
from templates.untraced import lines_of
from workbook.facts import Facts, Places, plain
from workbook.findings import Cell, column_letters
from workbook.metrics import Metric
from workbook.personal import mask
from workbook.schema import METRICS
from workbook.spans import Origin, Source, Span, Spans

CITED = (Origin.FIGURE, Origin.DATE, Origin.NAME, Origin.LAW, Origin.MISSING)
"""What a reviewer checks one by one; TEXT is checked by reading."""
SHOWN_ROWS = 12


class Reviewed(NamedTuple):
    """One figure, date, name, law or gap: `line` counts `lines_of` the document, `start` and `end` characters in it.

    `id` is the name of its bookmark, the same in page, docx and trace; `last` is
    last year's value of the same metric, empty where there is none.
    """

    id: str
    number: int
    line: int
    start: int
    end: int
    phrase: str
    source: Source
    last: str = ""

    @property
    def is_figure(self) -> bool:
        return self.source.origin is Origin.FIGURE


def masked_report(report: Report) -> Report:
    """The report with every person's number masked in its texts; its cells stay."""
    blocks = tuple(_masked_block(block) for block in report.document.blocks)
    return report._replace(document=report.document._replace(title=mask(report.document.title), blocks=blocks))


def _masked_block(block: Block) -> Block:
    if isinstance(block, Grid):
        return block._replace(rows=tuple(tuple(_masked(cell) for cell in row) for row in block.rows))
    return block._replace(spans=_masked(block.spans), heading=_masked(block.heading), label=mask(block.label))


def _masked(spans: Spans) -> Spans:
    return tuple(span._replace(text=mask(span.text)) for span in spans)


def lines(document: Document) -> list[Spans]:
    """Every line of the document in print order."""
    return [line for block in document.blocks for line in lines_of(block)]


def reviewed(document: Document, facts: Facts) -> list[Reviewed]:
    """Everything a reviewer checks of a document with bookmarks, numbered from 1 in print order."""
    return [one._replace(number=number) for number, one in enumerate(_reviewed(document, facts), 1)]


def _reviewed(document: Document, facts: Facts) -> Iterator[Reviewed]:
    metrics = _metrics_by_cell(facts)
    for line, spans in enumerate(lines(document)):
        at = 0
        for span in spans:
            if is_cited(span) and span.source:
                end = at + len(span.text)
                last = _last_year(span.source, facts, metrics)
                yield Reviewed(span.opens[-1].name, 0, line, at, end, span.text, span.source, last)
            at += len(span.text)


def is_cited(span: Span) -> bool:
    """Whether a span is one that a reviewer checks: it has a bookmark of its own."""
    return span.source is not None and span.source.origin in CITED and bool(span.opens)


def _metrics_by_cell(facts: Facts) -> dict[tuple[str, int], Metric]:
    """(sheet, row) of a definition -> its metric."""
    table = facts.ledger[METRICS.title].table
    return {(table.name, table.numbers[metric.row]): metric for metric in facts.metrics}


def _last_year(source: Source, facts: Facts, metrics: Mapping[tuple[str, int], Metric]) -> str:
    """上年值 of the metric that a figure prints, in digits; empty for sums of several and for last year's own value."""
    asked = facts.find(source.slot.partition(".")[0].strip())
    if source.origin is not Origin.FIGURE or asked is None or source.how == "上年值":
        return ""
    metric = metrics.get(source.cells[0][:2], asked)
    return plain(metric.last_year.value) if metric.last_year else ""


def explained(one: Reviewed) -> str:
    """指标!B12 = 活动 11 行之和：5123；去年 4800 — one line of plain text."""
    source = one.source
    if source.origin is Origin.MISSING:
        return f"缺{source.how or source.slot}，请在台账里补填。"
    where = places(source.cells, most=4)
    how = f" = {source.how}" if source.how and source.how not in ("填报", "上年值") else ""
    noted = f"（{source.how}）" if source.how and not how else ""
    value = f"：{source.value}" if source.value else ""
    return mask(f"{where}{noted}{how}{value}{f'；去年 {one.last}' if one.last else ''}")


def by_column(cells: Iterable[Cell]) -> dict[tuple[str, int], list[int]]:
    """(sheet, column) -> rows in order, each once."""
    found: dict[tuple[str, int], dict[int, None]] = {}
    if isinstance(cells, Places):
        for one in cells.addends:
            column = found.setdefault((one.table.name, one.table.places.get(one.title, 1)), {})
            column |= dict.fromkeys(map(one.table.numbers.__getitem__, one.indexes))
    else:
        for cell in cells:
            found.setdefault((cell.sheet, cell.column), {})[cell.row] = None
    return {key: list(rows) for key, rows in found.items()}


def runs(rows: Iterable[int]) -> list[int]:
    """[2, 3, 4, 9] -> [2, 4, 9, 9]."""
    indexed = enumerate(sorted(set(rows)))
    groups = ([row for _, row in group] for _, group in groupby(indexed, key=lambda pair: pair[1] - pair[0]))
    return [edge for group in groups for edge in (group[0], group[-1])]


def places(cells: Iterable[Cell], *, most: int = SHOWN_ROWS) -> str:
    """指标!B12；活动!T5–7、T9…共 11 格: cells by sheet, at most `most` runs of rows of each."""
    sheets: dict[str, list[tuple[int, list[int]]]] = {}
    for (sheet, column), rows in by_column(cells).items():
        sheets.setdefault(sheet, []).append((column, rows))
    return "；".join(_listed(sheet, columns, most) for sheet, columns in sheets.items())


def _listed(sheet: str, columns: Sequence[tuple[int, list[int]]], most: int) -> str:
    spans = [(column, *pair) for column, rows in columns for pair in _pairs(runs(rows))]
    shown = [f"{column_letters(column)}{first}" + (f"–{last}" if last > first else "")
             for column, first, last in spans[:most]]
    count = sum(len(rows) for _, rows in columns)
    return f"{sheet}!{'、'.join(shown)}" + (f"…共 {count} 格" if len(spans) > most else "")


def _pairs(edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    return zip(edges[::2], edges[1::2], strict=True)
