"""Numbers in a report that no cell backs: digits typed into a text."""

from __future__ import annotations

import re
from typing import NamedTuple

from templates.blocks import Block, Document, Grid
from workbook.spans import Origin, Spans, text_of

_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*%?")
_TYPED = (None, Origin.TEXT)
CONTEXT = 12


class Untraced(NamedTuple):
    """A typed number and the words around it."""

    text: str
    context: str


def untraced_numbers(document: Document) -> list[Untraced]:
    """Every run of Arabic digits that stands in typed text."""
    return [one for block in document.blocks for spans in _lines(block) for one in _in_line(spans)]


def _lines(block: Block) -> list[Spans]:
    if isinstance(block, Grid):
        return [cell for row in block.rows for cell in row]
    return [block.heading + block.spans]


def _in_line(spans: Spans) -> list[Untraced]:
    line, at, found = text_of(spans), 0, []
    for span in spans:
        if (span.source.origin if span.source else None) in _TYPED:
            for match in _NUMBER.finditer(span.text):
                start = at + match.start()
                found.append(Untraced(match[0], line[max(0, start - CONTEXT):start + len(match[0]) + CONTEXT]))
        at += len(span.text)
    return found
