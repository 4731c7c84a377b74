"""Where a sentence begins and ends: the context by which a figure is known again."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

_END = "[。！？；\n]+[”’）》]*"


@lru_cache(maxsize=64)
def sentence_ends(text: str) -> tuple[int, ...]:
    """The places behind each sentence of a paragraph, the paragraph's own end last."""
    ends = tuple(match.end() for match in re.finditer(_END, text))
    return ends if ends and ends[-1] == len(text) else (*ends, len(text))


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence, or sentences, that hold a stretch of a paragraph."""
    ends = sentence_ends(text)
    before, after = bisect_right(ends, start), bisect_left(ends, max(end, start + 1))
    first = ends[before - 1] if before else 0
    return text[first:ends[min(after, len(ends) - 1)]]
