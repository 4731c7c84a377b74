"""From a printed text back to the cell's own: every figure becomes the slot it came from again."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from templates.provenance.manifest import Mark

_SLOT = re.compile(r"([{｛]{2}.*?[}｝]{2})", re.DOTALL)


class Segment(NamedTuple):
    """A stretch of a cell's text and what it printed from `start` to `end`; `marks` of what a slot printed."""

    raw: str
    start: int
    end: int
    slot: bool = False
    marks: tuple[Mark, ...] = ()


def segments(held: str, printed: str, marks: Sequence[tuple[Mark, int, int]]) -> list[Segment] | None:
    """The literals and slots of a cell's text with what each printed; None where that cannot be told.

    `marks` are those of its figures with their places in `printed`.
    """
    parts = [part for part in _SLOT.split(held) if part]
    claims = _claims(parts, marks)
    match = re.fullmatch("".join(_pattern(part, claim, printed) for part, claim in zip(parts, claims, strict=True)),
                         printed, re.DOTALL)
    if match is None or sum(map(len, claims)) != len(marks):
        return None
    return [Segment(part, *match.span(number), _is_slot(part), tuple(mark for mark, _, _ in claim))
            for number, (part, claim) in enumerate(zip(parts, claims, strict=True), 1)]


def _claims(parts: Sequence[str], marks: Sequence[tuple[Mark, int, int]]) -> list[list[tuple[Mark, int, int]]]:
    """Which marks each slot printed: in order, by the slot each was asked for by."""
    asked = Counter(_name(part) for part in parts if _is_slot(part))
    printed = Counter(_fold(mark.slot) for mark, _, _ in marks)
    claims: list[list[tuple[Mark, int, int]]] = []
    at = 0
    for part in parts:
        most = printed[_name(part)] // asked[_name(part)] if _is_slot(part) else 0
        names = [_fold(mark.slot) for mark, _, _ in marks[at:at + most]]
        most = next((count for count, name in enumerate(names) if name != _name(part)), len(names))
        claims.append(list(marks[at:at + most]))
        at += most
    return claims


def _pattern(part: str, claim: Sequence[tuple[Mark, int, int]], printed: str) -> str:
    if not _is_slot(part):
        return "(" + r"\s*\n\s*".join(re.escape(line) for line in re.split(r"\s*\n\s*", part)) + ")"
    return f"(.*?{re.escape(printed[claim[0][1]:claim[-1][2]])}.*?)" if claim else "(.*?)"


def _is_slot(part: str) -> bool:
    return _SLOT.fullmatch(part) is not None


def _name(part: str) -> str:
    return _fold(part[2:-2])


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def one_spelling(held: str) -> str:
    """A cell's text for comparing: slots spelled one way."""
    return "".join(f"{{{{{_name(part)}}}}}" if _is_slot(part) else part for part in _SLOT.split(held)).strip()


def literal_text(held: str) -> str:
    """A cell's text without its slots."""
    return " ".join(part for part in _SLOT.split(held) if not _is_slot(part))
