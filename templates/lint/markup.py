"""Markdown marks in a line: left out of what the rules read, each other character keeping its column."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from templates.lint.text import Line

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+")
_BOLD = re.compile(r"(?<!\w)\*\*(?=[^*\s])[^*\n]+\*\*")
"""Bold begins at a mark or the line's start; ** between characters stands for a number to come."""
_MARKS = re.compile(
    r"^\s{0,3}#{1,6}\s+|^\s{0,3}>\s?|^\s*[-*+]\s+|\*\*|__|`+|\\(?=[*_#>`])|\]\([^()\s]*\)|!?\[(?=[^\]\n]*\]\()"
)


def read_markdown(line: Line) -> Line:
    """A line of Markdown as it is read."""
    heading = _HEADING.match(line.text)
    spans = [mark.span() for mark in _MARKS.finditer(line.text)]
    return replace(_without(line, spans), level=len(heading[1]) if heading else 0)


def read_plain(line: Line) -> Line:
    """A line of a text that should have no Markdown marks; those it has are noted."""
    heading = _HEADING.match(line.text)
    spans = [heading.span()] if heading else []
    for bold in _BOLD.finditer(line.text):
        spans += [(bold.start(), bold.start() + 2), (bold.end() - 2, bold.end())]
    return replace(_without(line, spans), markup=tuple(start + 1 for start, _ in spans))


def _without(line: Line, spans: list[tuple[int, int]]) -> Line:
    if not spans:
        return line
    hidden = {at for start, end in spans for at in range(start, end)}
    kept = [at for at in range(len(line.text)) if at not in hidden]
    runs = (run._replace(start=bisect_left(kept, run.start), end=bisect_left(kept, run.end)) for run in line.runs)
    return replace(line, text="".join(line.text[at] for at in kept), columns=tuple(at + 1 for at in kept),
                   runs=tuple(runs))
