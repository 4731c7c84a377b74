"""One part of a docx as paragraphs, every tracked change accepted, with bookmarks and looks.

Whoever asks has bounded the package; the length of the text is bounded here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from workbook.reading.package import Package
from workbook.reading.xmlstream import Attributes, parse, small_number

LARGEST_TEXT = 20_000_000
MOST_RANGES, DEEPEST = 1_000_000, 1_000
"""Paragraphs that all bookmarks cover together; elements one in another."""
BODY_TEXT = 9
"""The outline level that Word gives to text that is no heading, from 0."""
_DROPPED = frozenset(("del", "moveFrom", "Fallback"))
_AROUND = frozenset(("tbl", "txbxContent"))
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class Range(NamedTuple):
    """The part of a paragraph, in characters from 0, that a bookmark covers."""

    name: str
    start: int
    end: int


class Piece(NamedTuple):
    """A run's text with what the run itself says of its Chinese font and its size in points."""

    text: str
    font: str = ""
    size: float = 0.0


@dataclass(slots=True)
class Built:
    """A paragraph as it is read: its style by id, the outline level it names itself, from 0.

    `around` is the innermost of tbl and txbxContent that it stands in, "" for neither.
    """

    pieces: list[Piece] = field(default_factory=list)
    length: int = 0
    style: str = ""
    level: int | None = None
    around: str = ""
    joins: bool = False
    revised: bool = False
    index: int = -1

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.length += len(piece.text)


class TooLong(Exception):
    """More text, deeper or more often marked than any report's."""


def read_part(package: Package, part: str) -> PartReader:
    """The paragraphs of one part: the body, a footer, the footnotes. Raises Unusable or TooLong."""
    reader = PartReader()
    parse(package.pieces(part), part, reader.start, reader.end, reader.text)
    return reader


class PartReader:
    """What the parser calls; paragraphs inside a text box follow the one it hangs on.

    `instructions` are the field codes of the part.
    """

    def __init__(self) -> None:
        self.built: list[Built] = []
        self.instructions: list[str] = []
        self.open: list[Built] = []
        self.path: list[str] = []
        self.dropped = 0
        self.length = 0
        self.look = Piece("")
        self.joining: Built | None = None
        self.started: dict[str, tuple[str, int, int]] = {}
        self.ranges: dict[int, list[Range]] = {}
        self.covered = 0

    def start(self, name: str, attributes: Attributes) -> None:
        parent = self.path[-1] if self.path else ""
        self.path.append(name)
        if len(self.path) > DEEPEST:
            raise TooLong
        self.dropped += name in _DROPPED
        if name == "p":
            self._begin()
        elif name in ("bookmarkStart", "bookmarkEnd"):
            self._bookmark(name, attributes)
        elif self.open:
            self._inside(name, parent, attributes)

    def end(self, name: str) -> None:
        self.path.pop()
        self.dropped -= name in _DROPPED
        if name == "p" and self.open:
            done = self.open.pop()
            self.joining = done if done.joins else None

    def text(self, text: str) -> None:
        if not self.open or self.dropped:
            return
        if self.path[-1] == "t":
            self._grow(len(text))
            self.open[-1].add(self.look._replace(text=text))
        elif self.path[-1] == "instrText":
            self.instructions.append(text)

    def _grow(self, by: int) -> None:
        self.length += by
        if self.length > LARGEST_TEXT:
            raise TooLong

    def _begin(self) -> None:
        """A new paragraph, or the rest of one whose end mark was deleted."""
        if self.joining is not None:
            self.open.append(self.joining)
            self.joining.joins, self.joining = False, None
            return
        self._grow(1)
        self.open.append(Built(around=next((one for one in reversed(self.path) if one in _AROUND), "")))
        if not self.dropped:
            self.open[-1].index = len(self.built)
            self.built.append(self.open[-1])

    def _inside(self, name: str, parent: str, attributes: Attributes) -> None:
        one = self.open[-1]
        if name == "r":
            self.look = Piece("")
        elif name in ("rFonts", "sz") and "r" in self.path:
            self.look = _looking(self.look, name, attributes)
        elif name in ("ins", "del", "moveFrom"):
            one.revised = True
        if name == "pStyle":
            one.style = one.style or value_of(attributes, "val")
        elif name == "outlineLvl":
            one.level = small_number(value_of(attributes, "val"), BODY_TEXT)
        elif name in _DROPPED and parent == "rPr" and "pPr" in self.path[-3:]:
            one.joins = True
        elif name in _MARKS and parent == "r" and not self.dropped:
            text = _MARKS[name] if value_of(attributes, "type") in ("", "textWrapping") else ""
            one.add(self.look._replace(text=text))

    def _bookmark(self, name: str, attributes: Attributes) -> None:
        """Bookmarks between paragraphs stand at the start of the next one."""
        index = self.open[-1].index if self.open else -1
        place = (index, self.open[-1].length) if index >= 0 else (len(self.built), 0)
        number = value_of(attributes, "id")
        if name == "bookmarkStart":
            self.started[number] = (value_of(attributes, "name"), *place)
        elif number in self.started:
            self._cover(*self.started.pop(number), *place)

    def _cover(self, name: str, first: int, start: int, last: int, end: int) -> None:
        self.covered += max(last - first, 0)
        if self.covered > MOST_RANGES:
            raise TooLong
        for index in range(first, min(last, len(self.built) - 1) + 1):
            stop = end if index == last else self.built[index].length
            here = Range(name, start if index == first else 0, stop)
            if here.start < here.end or first == last:
                self.ranges.setdefault(index, []).append(here)


def _looking(look: Piece, name: str, attributes: Attributes) -> Piece:
    """What rFonts or sz says; a theme font says nothing here."""
    if name == "sz":
        return look._replace(size=small_number(value_of(attributes, "val"), 0) / 2)
    return look._replace(font=value_of(attributes, "eastAsia") or look.font)


def value_of(attributes: Attributes, name: str) -> str:
    """An attribute whatever its prefix: w: in all but exotic files."""
    found = attributes.get(f"w:{name}")
    if found is not None:
        return found
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")
