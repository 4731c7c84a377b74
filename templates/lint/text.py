"""A report as it is read: lines or paragraphs, each with its number and, in a docx, its looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Place(Enum):
    """Where a line stands in the file."""

    BODY = "正文"
    TABLE = "表格"
    BOX = "文本框"
    NOTE = "脚注"


class Run(NamedTuple):
    """A stretch of characters that look alike; font and size (points) are blank and 0 where the file says nothing."""

    start: int
    end: int
    font: str
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, or one paragraph of a docx; `number` counts from 1.

    `columns` tells the column of each character where markup was left out of `text`; `markup` are the columns of
    Markdown marks left in a plain text; `level` is that of a Markdown or Word heading, 0 for none.
    """

    number: int
    text: str
    place: Place = Place.BODY
    columns: tuple[int, ...] = ()
    markup: tuple[int, ...] = ()
    level: int = 0
    runs: tuple[Run, ...] = ()

    def column(self, at: int) -> int:
        """The column, from 1, of the character at an index."""
        if not self.columns:
            return at + 1
        return self.columns[at] if at < len(self.columns) else self.columns[-1] + 1


class Page(NamedTuple):
    """The paper of a docx in millimetres; 0 where the file does not say."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float


class Footer(NamedTuple):
    """What a footer prints: its text, whether it holds the page number, the size of its type in points."""

    text: str
    numbered: bool
    size: float
    font: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a docx says beyond its words."""

    pages: tuple[Page, ...] = ()
    footers: tuple[Footer, ...] = ()
    revised: tuple[int, ...] = ()
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """One report as read; `sheet` is None for a plain text."""

    name: str
    lines: tuple[Line, ...]
    sheet: Sheet | None = None
