"""A hit in a text, and what every detector shares: blotting, surroundings, detectors made of a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

SLOT = "\ue000"
"""Stands for every character of a {{ … }}, so that places in text and prose are the same."""
HAN = "一-鿿"
CONTEXT = 6
_SLOTS = r"(?s:\{\{.*?\}\}|｛｛.*?｝｝)"
_TITLED = "《[^》]{0,500}》"
UNTITLED = r"《[^》\n]{0,500}》|“[^”\n]{0,500}”|〔[^〕\n]{0,500}〕"
"""Names and quotations, which keep their own wording."""
_MIXED_SET = re.compile(rf"\[{HAN}([^\]]+)\]")
_UNCUT = frozenset("0123456789０１２３４５６７８９Xx -－.") | {SLOT}


class Hit(NamedTuple):
    """Where something stands in a prose (`start` to before `end`), and the words its message needs."""

    start: int
    end: int
    given: str = ""
    right: str = ""


Detect = Callable[[str], Iterator[Hit]]


class Detector:
    """Finds hits in a prose; one of the words `signs` stands in every prose that has a hit."""

    __slots__ = ("detect", "signs")

    def __init__(self, detect: Detect, signs: tuple[str, ...]) -> None:
        self.detect, self.signs = detect, signs

    def __call__(self, prose: str) -> Iterator[Hit]:
        return self.detect(prose)


def signed(signs: Iterable[str]) -> Callable[[Detect], Detector]:
    """Make the decorated function a detector; a text that holds none of `signs` need not be shown to it."""
    return lambda detect: Detector(detect, tuple(signs))


def each(pattern: str, signs: Iterable[str] = ()) -> Detector:
    """The detector of every match of a pattern, compiled when first needed; `given` is what matched."""

    def detect(prose: str) -> Iterator[Hit]:
        return map(hit_of, compiled(pattern).finditer(prose))

    return Detector(detect, tuple(signs))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled when first needed.

    Sets of Chinese and other characters are split in two: as one set they take ten times as long to compile.
    """
    return re.compile(_MIXED_SET.sub(rf"(?:[{HAN}]|[\1])", pattern))


def hit_of(match: re.Match[str], given: str | None = None, right: str = "") -> Hit:
    """A match as a hit; `given` is what matched unless told otherwise."""
    return Hit(match.start(), match.end(), match[0] if given is None else given, right)


def blotted(text: str) -> str:
    """A text whose slots are blotted out."""
    return compiled(_SLOTS).sub(_blot, text) if "{{" in text or "｛｛" in text else text


def without_titles(prose: str) -> str:
    """A prose whose 《》 are blotted out: names keep their own wording."""
    return compiled(_TITLED).sub(_blot, prose) if "《" in prose else prose


def unquoted(prose: str) -> str:
    """A prose whose names and quotations are blotted out."""
    return compiled(UNTITLED).sub(_blot, prose)


def _blot(match: re.Match[str]) -> str:
    return SLOT * len(match[0])


def around(text: str, prose: str, hit: Hit, context: int = CONTEXT) -> str:
    """What was hit with a few characters on both sides; no number is cut in two."""
    start, end = max(0, hit.start - context), min(len(text), hit.end + context)
    while start > 0 and prose[start - 1] in _UNCUT:
        start -= 1
    while end < len(text) and prose[end] in _UNCUT:
        end += 1
    return text[start:end].replace("\n", " ").strip()
