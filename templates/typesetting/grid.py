"""A table in the text: as wide as the text, its columns as wide as their contents ask."""

from __future__ import annotations

from templates.blocks import Grid
from templates.typesetting import gongwen
from templates.typesetting.package import Reference
from templates.typesetting.stylesheet import Pen
from templates.typesetting.wordml import paragraph, row, run, table
from workbook.spans import Spans, text_of

LONG = 12  # Chinese characters: a column with longer cells is set left, as text


def set_grid(reference: Reference, grid: Grid, *, keep: str = "") -> list[str]:
    """The table and the blank paragraph that parts it from what follows.

    `keep` is a paragraph property for the last row and that paragraph.
    """
    pen = reference.pen(gongwen.TABLE_TEXT)
    widths = _widths(grid, pen, reference.section.text_width)
    styles = [reference.style(_style(grid, column, pen)) for column in range(len(widths))]
    head = [reference.style(gongwen.TABLE_HEAD)] * len(widths)
    last = len(grid.rows) - 1
    rows = (
        row(_cells(cells, styles if index else head, keep if index == last else ""), widths, header=not index)
        for index, cells in enumerate(grid.rows)
    )
    return [
        table(reference.style(gongwen.TABLE), rows, widths),
        paragraph(reference.style(gongwen.TABLE_END), [], keep),
    ]


def _style(grid: Grid, column: int, pen: Pen) -> str:
    if column in grid.numeric:
        return gongwen.TABLE_NUMBER
    longest = max(pen.width(text_of(cells[column])) for cells in grid.rows)
    return gongwen.TABLE_LONG if longest > LONG * pen.em else gongwen.TABLE_TEXT


def _cells(cells: tuple[Spans, ...], styles: list[str], keep: str) -> list[str]:
    return [paragraph(style, map(run, spans), keep) for style, spans in zip(styles, cells, strict=True)]


def _widths(grid: Grid, pen: Pen, total: int) -> list[int]:
    """Column widths (twips) that add up to `total`: short columns get what they need, long ones share the rest."""
    edges = 2 * gongwen.TABLE_MARGIN + pen.em // 2
    natural = [max(pen.width(text_of(spans)) for spans in column) + edges for column in zip(*grid.rows, strict=True)]
    widths, rest = natural.copy(), total
    for waiting, column in enumerate(sorted(range(len(natural)), key=natural.__getitem__)):
        widths[column] = min(natural[column], rest // (len(natural) - waiting))
        rest -= widths[column]
    widths = [width + rest * want // sum(natural) for width, want in zip(widths, natural, strict=True)]
    return [*widths[:-1], total - sum(widths[:-1])]
