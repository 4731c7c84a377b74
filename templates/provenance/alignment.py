"""Where the words of a printed report stand after people have edited it, told by the words alone.

Sentences that are still whole are found first, wherever they went; then, between them, sentences that
differ only in numbers; what is left is compared word by word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from templates.provenance.words import Token, near, tokens

_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”’」』）》]*|[^。！？；!?;]+$")
_LEAST_MOVED = 6
"""A shorter sentence (a table cell, 无。) says too little to be known again elsewhere."""
_LEAST_ALIKE = 0.45
_MOST_COMPARED = 400


class Unit(NamedTuple):
    """A sentence: its words `first` to `last` of the whole text, excluded."""

    text: str
    masked: str
    first: int
    last: int


class Words:
    """A text as one row of words; `paragraph[i]` is where word i stands."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self.paragraphs = paragraphs
        self.words: list[Token] = []
        self.paragraph: list[int] = []
        self.first: list[int] = []
        for number, text in enumerate(paragraphs):
            self.first.append(len(self.words))
            found = tokens(text)
            self.words += found
            self.paragraph += [number] * len(found)
        self.first.append(len(self.words))

    @cached_property
    def units(self) -> list[Unit]:
        return [unit for number, text in enumerate(self.paragraphs) for unit in self._units(number, text)]

    @cached_property
    def unit_of(self) -> list[int]:
        return [index for index, unit in enumerate(self.units) for _ in range(unit.first, unit.last)]

    def _units(self, number: int, text: str) -> Iterator[Unit]:
        at, stop = self.first[number], self.first[number + 1]
        for match in _SENTENCE.finditer(text):
            first = at
            while at < stop and self.words[at].start < match.end():
                at += 1
            words = self.words[first:at]
            if words:
                masked = "".join("#" if word.number else word.text for word in words)
                yield Unit("".join(word.text for word in words), masked, first, at)

    def covering(self, paragraph: int, start: int, end: int) -> tuple[int, int]:
        """The words that a range of a paragraph touches, from and to (excluded)."""
        first, last = near(self.paragraphs[paragraph], start, end)
        at = self.first[paragraph]
        inside = [index for index in range(at + first, at + last)
                  if self.words[index].start < end and self.words[index].end > start]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)


class Alignment:
    """`to[i]` is the word of the new text that word i of the old one became, -1 where none."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old, self.new = Words(old), Words(new)
        self.to = [-1] * len(self.old.words)
        self.back = [-1] * len(self.new.words)
        gaps = self._sentences([*range(len(self.old.units))], [*range(len(self.new.units))], "text")
        self._moved(gaps)
        for gap in gaps:
            for rest in self._sentences(*self._open(*gap), "masked"):
                self._compare(*self._open(*rest))
        self._elsewhere()

    def _pair(self, old: int, new: int, length: int) -> None:
        """Words `old`… became `new`… where they are the same and both still free."""
        for i, j in zip(range(old, old + length), range(new, new + length), strict=True):
            if self.to[i] < 0 and self.back[j] < 0 and self.old.words[i].text == self.new.words[j].text:
                self.to[i], self.back[j] = j, i

    def _sentences(self, old: list[int], new: list[int], form: str) -> list[tuple[list[int], list[int]]]:
        """Pair equal sentences in their order; the stretches between them that are left over."""
        one = [getattr(self.old.units[index], form) for index in old]
        other = [getattr(self.new.units[index], form) for index in new]
        gaps, a, b = [], 0, 0
        for block in matching(one, other):
            for step in range(block.size):
                was, now = self.old.units[old[block.a + step]], self.new.units[new[block.b + step]]
                self._pair(was.first, now.first, min(was.last - was.first, now.last - now.first))
            gaps.append((old[a:block.a], new[b:block.b]))
            a, b = block.a + block.size, block.b + block.size
        return [gap for gap in gaps if gap[0]]

    def _moved(self, gaps: Iterable[tuple[list[int], list[int]]]) -> None:
        """Whole sentences that stand elsewhere now."""
        waiting: dict[str, list[Unit]] = defaultdict(list)
        for unit in reversed(self.new.units):
            if self.back[unit.first] < 0 and len(unit.text) >= _LEAST_MOVED:
                waiting[unit.text].append(unit)
        for index in (index for gap, _ in gaps for index in gap):
            unit = self.old.units[index]
            if waiting.get(unit.text):
                self._pair(unit.first, waiting[unit.text].pop().first, unit.last - unit.first)

    def _open(self, old: list[int], new: list[int]) -> tuple[list[int], list[int]]:
        """Those sentences of which no word is paired yet."""
        return ([index for index in old if not _any_paired(self.to, self.old.units[index])],
                [index for index in new if not _any_paired(self.back, self.new.units[index])])

    def _compare(self, old: list[int], new: list[int]) -> None:
        """Pair word by word what differs between two stretches, where they have enough in common."""
        was = [index for unit in old for index in range(self.old.units[unit].first, self.old.units[unit].last)]
        now = [index for unit in new for index in range(self.new.units[unit].first, self.new.units[unit].last)]
        if not was or not now:
            return
        words = [self.old.words[i].text for i in was], [self.new.words[j].text for j in now]
        blocks = SequenceMatcher(None, *words, False).get_matching_blocks()
        if sum(block.size for block in blocks) < _LEAST_ALIKE * min(len(was), len(now)):
            return
        for block in blocks:
            for step in range(block.size):
                self._pair(was[block.a + step], now[block.b + step], 1)

    def _elsewhere(self) -> None:
        """Sentences that were moved and changed: each goes to the most like one that is still free."""
        old = [index for index, unit in enumerate(self.old.units) if _mostly_free(self.to, unit)][:_MOST_COMPARED]
        new = [index for index, unit in enumerate(self.new.units) if _mostly_free(self.back, unit)][:_MOST_COMPARED]
        for index in old:
            best = max(new, key=lambda other: _alike(self.old.units[index], self.new.units[other]), default=None)
            if best is not None and _alike(self.old.units[index], self.new.units[best]) >= 2 * _LEAST_ALIKE / 1.5:
                self._compare([index], [best])


def _any_paired(paired: list[int], unit: Unit) -> bool:
    return any(paired[index] >= 0 for index in range(unit.first, unit.last))


def _mostly_free(paired: list[int], unit: Unit) -> bool:
    free = sum(paired[index] < 0 for index in range(unit.first, unit.last))
    return len(unit.text) >= _LEAST_MOVED and 2 * free > unit.last - unit.first


def _alike(one: Unit, other: Unit) -> float:
    matcher = SequenceMatcher(None, one.masked, other.masked, False)
    return matcher.ratio() if matcher.real_quick_ratio() > _LEAST_ALIKE < matcher.quick_ratio() else 0.0


class Block(NamedTuple):
    """`size` items from `a` in the one are those from `b` in the other."""

    a: int
    b: int
    size: int


def matching(one: Sequence[str], other: Sequence[str]) -> list[Block]:
    """The stretches both have in the same order, the last of size 0; equal ends are taken off first."""
    head, most = 0, min(len(one), len(other))
    while head < most and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < most - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    middle = SequenceMatcher(None, one[head:len(one) - tail], other[head:len(other) - tail], False)
    inner = [Block(block.a + head, block.b + head, block.size) for block in middle.get_matching_blocks()[:-1]]
    ends = (Block(0, 0, head), *inner, Block(len(one) - tail, len(other) - tail, tail))
    return [*(block for block in ends if block.size), Block(len(one), len(other), 0)]
