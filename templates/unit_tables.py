"""The 统计表 of a ledger cell by cell, as a rollup adds them up: totals computed as the report computes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from templates.blocks import Grid, Paragraph
from templates.statistics import StatisticsReader
from workbook.facts import Facts
from workbook.fill import Filler
from workbook.ledger import Ledger
from workbook.rollup.units import TableCell
from workbook.rowkinds import TOTAL_WORDS
from workbook.schema import STATISTICS
from workbook.spans import Origin, Source, Spans, text_of

CORNER = "单位："


def table_cells(ledger: Ledger, facts: Facts) -> tuple[TableCell, ...]:
    """Every cell of every 统计表, with the exact value behind a rounded phrase."""
    reader, records = StatisticsReader(ledger, Filler(ledger, facts)), ledger[STATISTICS.title]
    chapters, titles = records.texts("章节"), records.texts("表题")
    tables = dict.fromkeys((chapters[index], titles[index]) for index in records.facts if titles[index])
    return tuple(cell for chapter, title in tables for cell in _cells(reader.blocks(chapter, title), facts))


def _cells(blocks: list[Paragraph | Grid], facts: Facts) -> Iterator[TableCell]:
    caption = next(block.text for block in blocks if isinstance(block, Paragraph))
    grid = next(block for block in blocks if isinstance(block, Grid))
    head, *rows = grid.rows
    unit = text_of(head[0]).removeprefix(CORNER)
    cells = {(text_of(row[0]), text_of(column)): spans for row in rows
             for column, spans in zip(head[1:], row[1:], strict=True) if text_of(spans)}
    ratios = {place for place, spans in cells.items() if _is_ratio(spans, facts)}
    for (row_name, column_name), spans in cells.items():
        ratio = (row_name, column_name) in ratios or _totals_ratios(row_name, column_name, ratios)
        yield TableCell(caption, row_name, column_name, unit, _value(spans), ratio)


def _totals_ratios(row: str, column: str, ratios: Collection[tuple[str, str]]) -> bool:
    """Whether a total has ratios among what it sums."""
    return ((row in TOTAL_WORDS and any(one == column for _, one in ratios))
            or (column in TOTAL_WORDS and any(one == row for one, _ in ratios)))


def _source(spans: Spans) -> Source | None:
    source = spans[0].source if len(spans) == 1 else None
    return source if source and source.origin is Origin.FIGURE else None


def _value(spans: Spans) -> str:
    source = _source(spans)
    return source.value if source and source.value else text_of(spans)


def _is_ratio(spans: Spans, facts: Facts) -> bool:
    source, text = _source(spans), text_of(spans)
    metric = facts.find(source.slot.partition(".")[0].strip()) if source else None
    return text.rstrip("余多以上").endswith(("%", "％")) or bool(metric and metric.method == "比率")
