"""Text on a terminal: wide characters count two columns, lines break where Chinese lines may, colour where it shows."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TextIO

from workbook.console import columns, takes_colour

WIDEST, PLAIN = 120, 100
_NOT_FIRST = "，。、；：？！”’）》】〕」%…"
_LEGACY = ("gb", "cp936", "936", "big5", "cp950")
_UNPRINTABLE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
"""Control characters and marks that turn the direction of text: a cell must not steer the terminal."""
_CODES = {"error": "1;31", "warning": "33", "info": "36", "dim": "2", "bold": "1", "fault": "7"}


class Screen(NamedTuple):
    """Where text is printed; `wide`: characters of ambiguous width (“”—①) take two columns."""

    columns: int = PLAIN
    colour: bool = False
    wide: bool = False

    def paint(self, text: str, look: str) -> str:
        return f"\x1b[{_CODES[look]}m{text}\x1b[0m" if self.colour and text else text

    def width(self, text: str) -> int:
        return len(text) if text.isascii() else sum(map(self._cell, text))

    def _cell(self, character: str) -> int:
        return _columns(character, self.wide)

    def fit(self, text: str, columns: int) -> str:
        """The text cut or padded to exactly so many columns; what stands in 【】 stays so."""
        if self.width(text) > columns:
            last = "】" if text.endswith("】") else ""
            text = self.cut(text, columns - self.width(last)) + last
        return text + " " * (columns - self.width(text))

    def cut(self, text: str, columns: int) -> str:
        """The beginning of a text, with … where something is left out."""
        room, kept = columns - self.width("…"), ""
        for character in text:
            room -= self._cell(character)
            if room < 0:
                break
            kept += character
        return f"{kept}…"

    def cut_front(self, text: str, columns: int) -> str:
        """The end of a text, with … where something is left out before it."""
        return text if self.width(text) <= columns else self.cut(text[::-1], columns)[::-1]

    def wrap(self, text: str, first: str, rest: str) -> Iterator[str]:
        """The lines of a text behind an indent; no line begins with a closing mark."""
        line, indent, room = "", first, self.columns - self.width(first)
        for piece in _pieces(text):
            wide = self.width(piece)
            if line and wide > room:
                yield indent + line.rstrip()
                line, indent, room = "", rest, self.columns - self.width(rest)
            kept = piece if line else piece.lstrip()
            line += kept
            room -= wide if kept == piece else self.width(kept)
        yield indent + line


def screen(stream: TextIO | None = None) -> Screen:
    """The terminal, or what stands for it where output goes to a file."""
    stream = stream or sys.stdout
    encoding = (getattr(stream, "encoding", None) or "").lower()
    return Screen(max(40, min(columns(PLAIN), WIDEST)), takes_colour(stream), encoding.startswith(_LEGACY))


def clean(text: str) -> str:
    """A text that only prints: nothing in it moves the cursor or turns the line."""
    return re.sub(_UNPRINTABLE, "", text.replace("\r", " ").replace("\n", " ").replace("\t", " "))


@lru_cache(4096)
def _columns(character: str, wide: bool) -> int:
    """Unicode Standard Annex 11."""
    if unicodedata.combining(character):
        return 0
    kind = unicodedata.east_asian_width(character)
    return 2 if kind in "WF" or (wide and kind == "A") else 1


def _pieces(text: str) -> Iterator[str]:
    """Where a line may break: between wide characters and at spaces, before no closing mark."""
    return (match[0] for match in re.finditer(rf"(?:[!-~]+|\s|.)[{_NOT_FIRST}]*", text))


def table(where: Screen, rows: Sequence[Sequence[str]], room: int) -> list[list[str]]:
    """Rows of cells fitted so that every column is equally wide in all rows and all fit into `room` columns."""
    natural = [max(map(where.width, column)) for column in zip(*rows, strict=True)]
    gaps = 2 * (len(natural) - 1)
    limit = next((one for one in range(36, 4, -1) if sum(min(one, width) for width in natural) + gaps <= room), 4)
    widths = [min(limit, width) for width in natural]
    return [[where.fit(cell, width) for cell, width in zip(row, widths, strict=True)] for row in rows]
