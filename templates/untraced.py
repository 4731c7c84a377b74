"""Numbers in a report that no cell backs: digits typed into a text."""

from __future__ import annotations

import re
from typing import NamedTuple

from templates.blocks import Block, Document, Grid
from workbook.spans import Origin, Spans, text_of

_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*%?")
_ANY = re.compile(r"\d")
_TYPED = (None, Origin.TEXT)
CONTEXT = 12


class Untraced(NamedTuple):
    """A typed number and the words around it; `line` counts `lines_of` a document, `start` characters in it."""

    text: str
    context: str
    line: int = 0
    start: int = 0


def untraced_numbers(document: Document) -> list[Untraced]:
    """Every run of Arabic digits that stands in typed text."""
    lines = (spans for block in document.blocks for spans in lines_of(block))
    return [one._replace(line=number) for number, spans in enumerate(lines) for one in _in_line(spans)]


def lines_of(block: Block) -> list[Spans]:
    """The lines of a block in print order: a paragraph with its heading, or each cell of a table."""
    if isinstance(block, Grid):
        return [cell for row in block.rows for cell in row]
    return [block.heading + block.spans]


def _in_line(spans: Spans) -> list[Untraced]:
    if not _ANY.search("".join([text for text, source, *_ in spans if source is None or source.origin in _TYPED])):
        return []
    line, at, found = text_of(spans), 0, []
    for span in spans:
        if (span.source.origin if span.source else None) in _TYPED:
            for match in _NUMBER.finditer(span.text):
                start = at + match.start()
                found.append(Untraced(match[0], line[max(0, start - CONTEXT):start + len(match[0]) + CONTEXT],
                                      start=start))
        at += len(span.text)
    return found
