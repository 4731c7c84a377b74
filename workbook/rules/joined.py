"""Many texts as one: what none of them holds is known at one look, and no text is opened."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

_MANY_WORDS = 40
"""Where more are asked for in all, it pays to know every character: most words have one that no text holds."""


class Joined:
    """Texts joined by `apart`, a character that no word and no match holds that is looked for."""

    def __init__(self, texts: Sequence[str], apart: str) -> None:
        self._texts = texts
        self._joined = apart.join(texts)
        self._asked = 0

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(len(text) + 1 for text in self._texts))

    @cached_property
    def characters(self) -> frozenset[str]:
        """Every character of the texts."""
        return frozenset(self._joined)

    def said(self, words: Iterable[str]) -> list[str]:
        """Which of some words stand in any text."""
        sought, joined = list(words), self._joined
        self._asked += len(sought)
        if self._asked > _MANY_WORDS:
            sought = list(filter(self.characters.issuperset, sought))
        return [word for word in sought if word in joined]

    def holding(self, words: Iterable[str]) -> list[int]:
        """The places, from 0, of the texts that hold any of the words."""
        return sorted({place for word in self.said(words) for place in self._with_word(word)})

    def _with_word(self, word: str) -> Iterator[int]:
        at = self._joined.find(word)
        while at >= 0:
            place = bisect_right(self._ends, at)
            yield place
            at = self._joined.find(word, self._ends[place])

    def matching(self, pattern: re.Pattern[str]) -> list[int]:
        """The places of the texts in which a pattern matches that does not ask where a text begins or ends."""
        return sorted({bisect_right(self._ends, match.start()) for match in pattern.finditer(self._joined)})
