"""The numbered heading that a line begins with (GB/T 9704-2012, 7.3.3)."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbook.wording.enumerators import ORDINAL, ordinal

LONGEST = 60
"""Characters of the longest heading; a longer line is a sentence."""
_LEVELS = (
    re.compile(rf"第(?P<n>{ORDINAL})(?:部分|章|篇|编)"),
    re.compile(rf"(?P<n>{ORDINAL})[、.．，,]"),
    re.compile(rf"[（(](?P<n>{ORDINAL})[）)]"),
    re.compile(r"(?P<n>\d{1,2})[.．、](?!\d)"),
    re.compile(r"[（(](?P<n>\d{1,2})[）)]"),
)


class Heading(NamedTuple):
    """The numbered heading at the start of a line: 一、 is level 1, （一） 2, 1. 3, （1） 4, 第一部分 0.

    The mark stands from `start` to `mark_end`, the heading's words to `end`; what follows runs in.
    """

    level: int
    number: int
    mark: str
    start: int
    mark_end: int
    end: int


def heading_of(text: str) -> Heading | None:
    """The numbered heading that a line begins with."""
    start = len(text) - len(text.lstrip())
    for level, pattern in enumerate(_LEVELS):
        match = pattern.match(text, start)
        if match and text[match.end():].strip():
            end = _heading_end(text, match.end())
            return Heading(level, ordinal(match["n"]), match[0], start, match.end(), end)
    return None


def _heading_end(text: str, start: int) -> int:
    """Where a heading's words end: the line's end, its first 。, or its mark where the line is one long sentence."""
    whole = text.rstrip()
    stop = re.search("[。：:；]", whole[start:])
    if stop is None or start + stop.end() >= len(whole):
        return len(whole) if len(whole) - start <= LONGEST else start
    end = start + stop.start()
    return end if stop[0] == "。" and end - start <= LONGEST else start
