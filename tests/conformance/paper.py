"""A PDF as it lies on paper: lines of text and ink, in millimetres from the upper left corner of the page."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from tests.conformance.programs import output, require

DPI = 200
POINT = 25.4 / 72
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@dataclass(frozen=True)
class Line:
    """A line of text; its box is the font's, higher than the ink."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Ink:
    """A page in pixels of red, green, blue."""

    width: int
    height: int
    pixels: bytes

    def rows(self, wanted: Callable[[bytes], bool], left: float = 0, right: float = 210) -> dict[int, list[int]]:
        """Row → columns of the pixels that are wanted, between two millimetres."""
        found: dict[int, list[int]] = {}
        first, last = _pixel(left), min(self.width, _pixel(right))
        for y in range(self.height):
            row = self.pixels[3 * self.width * y : 3 * self.width * (y + 1)]
            if row.count(255) != len(row) and (
                hits := [x for x in range(first, last) if wanted(row[3 * x : 3 * x + 3])]
            ):
                found[y] = hits
        return found

    def rules(self, wanted: Callable[[bytes], bool]) -> list[Line]:
        """Horizontal rules over most of the page's width."""
        long = {y: hits for y, hits in self.rows(wanted).items() if len(hits) > _pixel(140)}
        return [_rule(group, long) for group in _runs(long)]


def _pixel(length: float) -> int:
    return round(length / 25.4 * DPI)


def _length(pixel: float) -> float:
    return pixel / DPI * 25.4


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Neighbouring numbers together."""
    indexed = enumerate(sorted(numbers))
    return [[number for _, number in group] for _, group in groupby(indexed, key=lambda pair: pair[1] - pair[0])]


def _rule(rows: list[int], hits: dict[int, list[int]]) -> Line:
    left, right = min(hits[rows[0]]), max(hits[rows[0]]) + 1
    return Line(_length(left), _length(rows[0]), _length(right), _length(rows[-1] + 1), "")


def red(pixel: bytes) -> bool:
    return pixel[0] > 150 and pixel[1] < 120 and pixel[2] < 120


def dark(pixel: bytes) -> bool:
    return max(pixel) < 128


def extent(rows: dict[int, list[int]]) -> tuple[float, float]:
    """Upper and lower edge of ink."""
    return _length(min(rows)), _length(max(rows) + 1)


class Paper:
    """A PDF file read with poppler."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def pages(self) -> list[list[Line]]:
        """The lines of each page from the top down, the page number last."""
        text = output(require("pdftotext"), "-bbox", self.path, "-")
        return [_lines(page) for page in text.split("<page ")[1:]]

    @cached_property
    def characters(self) -> str:
        """All text without spaces and page numbers."""
        return "".join(
            re.sub(r"\s", "", line.text)
            for page in self.pages
            for line in page
            if not re.fullmatch("—[0-9]+—", line.text)
        )

    def ink(self, page: int) -> Ink:
        """A page, from 1, as pixels."""
        command = [require("pdftoppm"), "-r", str(DPI), "-f", str(page), "-l", str(page), str(self.path)]
        image = subprocess.run(command, capture_output=True, check=True).stdout
        _, size, _, pixels = image.split(b"\n", 3)
        width, height = map(int, size.split())
        return Ink(width, height, pixels)

    def fonts(self) -> list[tuple[str, str]]:
        """(text, font) of each piece of text."""
        text = output(require("pdftohtml"), "-xml", "-i", "-stdout", self.path)
        families = dict(re.findall(r'<fontspec id="(\d+)" size="[^"]*" family="([^"]*)"', text))
        pieces = re.findall(r'<text [^>]*font="(\d+)"[^>]*>(.*?)</text>', text)
        return [(html.unescape(re.sub("<[^>]+>", "", piece)), families[font]) for font, piece in pieces]


def _lines(page: str) -> list[Line]:
    words = [_word(*found) for found in _WORD.findall(page)]
    words.sort(key=lambda word: (round(word.top, 1), word.left))
    return [_joined(list(group)) for _, group in groupby(words, key=lambda word: round(word.top, 1))]


def _word(left: str, top: str, right: str, bottom: str, text: str) -> Line:
    edges = [float(edge) * POINT for edge in (left, top, right, bottom)]
    return Line(edges[0], edges[1], edges[2], edges[3], html.unescape(text))


def _joined(words: list[Line]) -> Line:
    right, bottom = max(word.right for word in words), max(word.bottom for word in words)
    return Line(words[0].left, words[0].top, right, bottom, "".join(word.text for word in words))
