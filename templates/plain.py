"""The report as plain text and as Markdown."""

from __future__ import annotations

import re

from templates.blocks import Block, Document, Grid, Role
from workbook.spans import Spans, text_of

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def to_text(document: Document) -> str:
    """One paragraph a line, no blank lines; a table is a line per row, cells tab-separated."""
    return "".join(f"{line}\n" for block in document.blocks for line in _lines(block))


def _lines(block: Block) -> list[str]:
    if isinstance(block, Grid):
        return ["\t".join(text_of(cell) for cell in row) for row in block.rows]
    return [block.text]


def to_markdown(document: Document) -> str:
    """CommonMark with pipe tables; title and headings by level, enumerators in bold where so asked."""
    return "\n\n".join(_markdown(block) for block in document.blocks) + "\n"


def _markdown(block: Block) -> str:
    if isinstance(block, Grid):
        return _table(block)
    text = _inline(block.spans)
    if block.role is Role.TITLE:
        return f"# {text}"
    if block.role is Role.HEADING:
        return f"{'#' * (block.level + 1)} {text}"
    if block.role is Role.TABLE_TITLE:
        return f"**{text}**"
    return f"**{_inline(block.heading)}**{text}" if block.heading else text


def _table(grid: Grid) -> str:
    header, *rows = grid.rows
    rule = ["---:" if at in grid.numeric else "---" for at in range(len(header))]
    lines = [[_inline(cell) for cell in header], rule, *([_inline(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _inline(spans: Spans) -> str:
    texts = []
    for span in spans:
        text = _SPECIAL.sub(r"\\\1", span.text)
        texts.append(f"**{text}**" if span.bold and text else text)
    return "".join(texts)


