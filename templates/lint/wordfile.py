"""A docx as paragraphs: text as it prints (insertions in, deletions out), with fonts, sizes, paper and footers.

Nothing is unpacked that the package reader has not bounded; document type declarations are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from templates.lint.markup import read_plain
from templates.lint.text import Footer, Line, Page, Place, Run, Sheet, Text
from workbook.reading.package import Package, open_package
from workbook.reading.sniff import CHECK_FILE, Unusable
from workbook.reading.xmlstream import Attributes, elements, parse, small_number

_TWIPS = 56.6929
"""Twips in a millimetre."""
_BREAKS = {"tab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_PLACES = {"tbl": Place.TABLE, "txbxContent": Place.BOX}
_HIDDEN = frozenset({"del", "moveFrom", "Fallback", "delText"})
_MAIN = "word/document.xml"
_MOST = 5 << 20
"""Characters, and paragraphs, of the largest part that is read to its end."""


class Look(NamedTuple):
    """Font for Chinese characters and size in points; blank and 0 where nothing is said."""

    font: str = ""
    size: float = 0.0
    level: int = 0

    def over(self, below: Look) -> Look:
        return Look(self.font or below.font, self.size or below.size, self.level or below.level)


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while it is read."""

    number: int
    place: Place
    style: str = ""
    pieces: list[tuple[str, Look]] = field(default_factory=list)
    revised: bool = False


@dataclass(slots=True)
class _Reader:
    """What has been read of one part so far."""

    place: Place
    first: int
    paragraphs: list[_Paragraph] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)
    paper: Attributes = field(default_factory=dict)
    margins: Attributes = field(default_factory=dict)
    length: int = 0
    _open: list[_Paragraph] = field(default_factory=list)
    _around: list[str] = field(default_factory=list)
    _look: Look = field(default_factory=Look)

    def start(self, name: str, attributes: Attributes) -> None:
        self._around.append(name)
        if name == "p":
            self._begin()
        elif name == "r":
            self._look = Look()
        elif name in _BREAKS and "r" in self._around and "tabs" not in self._around:
            self.text(_BREAKS[name], inside=True)
        elif name == "pStyle" and self._open:
            self._open[-1].style = attributes.get("w:val", "")
        elif name in ("ins", "del", "moveFrom") and self._open:
            self._open[-1].revised = True
        elif name in ("rFonts", "sz") and "r" in self._around:
            self._look = look_of(name, attributes).over(self._look)
        elif name in ("pgSz", "pgMar"):
            self._paper(name, attributes)

    def _begin(self) -> None:
        place = next((_PLACES[one] for one in reversed(self._around) if one in _PLACES), self.place)
        self.grow(1)
        paragraph = _Paragraph(self.first + len(self.paragraphs), place)
        self._open.append(paragraph)
        if not _HIDDEN.intersection(self._around):
            self.paragraphs.append(paragraph)

    def _paper(self, name: str, attributes: Attributes) -> None:
        if name == "pgSz":
            self.paper = attributes
        else:
            self.margins = attributes

    def grow(self, by: int) -> None:
        self.length += by
        if self.length > _MOST:
            raise Unusable(f"正文长得不正常，没有读完。{CHECK_FILE}")

    def end(self, name: str) -> None:
        if name == "p" and self._open:
            self._open.pop()
        elif name == "sectPr":
            self.pages.append(_page(self.paper, self.margins))
        self._around.pop()

    def text(self, text: str, *, inside: bool = False) -> None:
        if not self._around or not self._open or _HIDDEN.intersection(self._around):
            return
        if self._around[-1] == "instrText":
            self.instructions.append(text)
        elif inside or self._around[-1] == "t":
            self.grow(len(text))
            self._open[-1].pieces.append((text, self._look))


def look_of(name: str, attributes: Attributes) -> Look:
    """What rFonts or sz says; a theme font says nothing here."""
    if name == "sz":
        return Look(size=small_number(attributes.get("w:val", ""), 0) / 2)
    return Look(font=attributes.get("w:eastAsia", ""))


def _page(paper: Attributes, margins: Attributes) -> Page:
    def millimetres(values: Attributes, name: str) -> float:
        return round(small_number(values.get(f"w:{name}", ""), 0) / _TWIPS, 1)

    return Page(millimetres(paper, "w"), millimetres(paper, "h"),
                *(millimetres(margins, side) for side in ("top", "bottom", "left", "right")))


def read_word(name: str, data: bytes) -> Text:
    """Read a docx. Raises Unusable where it is none, or is damaged or dangerous."""
    if not data.startswith(b"PK"):
        raise Unusable(f"不是 Word 文档（.docx）。{CHECK_FILE}")
    package = open_package(data)
    if not package.has(_MAIN):
        raise Unusable(f"里面没有 Word 正文。{CHECK_FILE}")
    styles = _styles(package)
    body = _part(package, _MAIN, Place.BODY, 1)
    notes = _notes(package, len(body.paragraphs) + 1)
    lines = tuple(_line(one, styles) for one in (*body.paragraphs, *notes))
    comments = len(elements(package, "word/comments.xml", frozenset({"comment"}))) \
        if package.has("word/comments.xml") else 0
    revised = tuple(one.number for one in body.paragraphs if one.revised)
    return Text(name, lines, Sheet(tuple(body.pages), _footers(package, styles), revised, comments))


def _part(package: Package, part: str, place: Place, first: int) -> _Reader:
    reader = _Reader(place, first)
    parse(package.pieces(part), part, reader.start, reader.end, reader.text)
    return reader


def _notes(package: Package, first: int) -> list[_Paragraph]:
    found: list[_Paragraph] = []
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        if package.has(part):
            found += [one for one in _part(package, part, Place.NOTE, first + len(found)).paragraphs if one.pieces]
    return found


def _line(paragraph: _Paragraph, styles: Callable[[str], Look]) -> Line:
    base, at, runs = styles(paragraph.style), 0, []
    for text, look in paragraph.pieces:
        full = look.over(base)
        runs.append(Run(at, at + len(text), full.font, full.size))
        at += len(text)
    text = "".join(piece for piece, _ in paragraph.pieces).replace("\n", " ")
    return read_plain(Line(paragraph.number, text, paragraph.place, level=base.level, runs=tuple(runs)))


def _footers(package: Package, styles: Callable[[str], Look]) -> tuple[Footer, ...]:
    found = []
    for part in sorted(name for name in package.parts if name.startswith("word/footer") and name.endswith(".xml")):
        reader = _part(package, part, Place.NOTE, 1)
        lines = [_line(one, styles) for one in reader.paragraphs]
        printed = (run for line in lines for run in line.runs if line.text[run.start:run.end].strip())
        run = next(printed, Run(0, 0, "", 0))
        numbered = any("PAGE" in one.upper() for one in reader.instructions)
        numbered = numbered or any("PAGE" in a.get("w:instr", "").upper()
                                   for _, a in elements(package, part, frozenset({"fldSimple"})))
        found.append(Footer("".join(line.text for line in lines).strip(), numbered, run.size, run.font))
    return tuple(found)


def _styles(package: Package) -> Callable[[str], Look]:
    """A function from a style's id (blank: the default paragraph style) to its look, inheritance followed."""
    if not package.has("word/styles.xml"):
        return lambda _: Look()
    sheet = _StyleSheet()
    parse(package.pieces("word/styles.xml"), "word/styles.xml", sheet.start, sheet.end)
    return sheet.look


@dataclass(slots=True)
class _StyleSheet:
    """The styles of a docx: look and parent by id."""

    looks: dict[str, Look] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    normal: str = ""
    _id: str = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "style":
            self._id = attributes.get("w:styleId", "")
            if attributes.get("w:type") == "paragraph" and attributes.get("w:default") in ("1", "true"):
                self.normal = self._id
        elif name == "basedOn":
            self.parents[self._id] = attributes.get("w:val", "")
        elif name in ("rFonts", "sz"):
            self.looks[self._id] = look_of(name, attributes).over(self.looks.get(self._id, Look()))
        elif name == "outlineLvl":
            level = small_number(attributes.get("w:val", ""), 9) + 1
            self.looks[self._id] = self.looks.get(self._id, Look()).over(Look(level=level if level < 10 else 0))

    def end(self, name: str) -> None:
        if name == "style":
            self._id = ""

    def look(self, style: str) -> Look:
        """The style's look over its ancestors' and the document's defaults."""
        found, seen, at = Look(), set[str](), style or self.normal
        while at and at not in seen:
            seen.add(at)
            found, at = found.over(self.looks.get(at, Look())), self.parents.get(at, "")
        return found.over(self.looks.get("", Look()))
