"""A docx as paragraphs: text as it prints (insertions in, deletions out), with fonts, sizes, paper and footers.

Nothing is unpacked that the package reader has not bounded; document type declarations are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from templates.docx_package import open_docx
from templates.docx_parts import Built, PartReader, TooLong, read_part
from templates.lint.markup import read_plain
from templates.lint.text import Footer, Line, Page, Place, Run, Sheet, Text
from workbook.reading.package import Package
from workbook.reading.sniff import CHECK_FILE, Unusable
from workbook.reading.xmlstream import Attributes, elements, parse, small_number

_TWIPS = 56.6929
"""Twips in a millimetre."""
_PLACES = {"tbl": Place.TABLE, "txbxContent": Place.BOX}
_MAIN = "word/document.xml"


class Look(NamedTuple):
    """Font for Chinese characters and size in points; blank and 0 where nothing is said."""

    font: str = ""
    size: float = 0.0
    level: int = 0

    def over(self, below: Look) -> Look:
        return Look(self.font or below.font, self.size or below.size, self.level or below.level)


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
    package = open_docx(data)
    if not package.has(_MAIN):
        raise Unusable(f"里面没有 Word 正文。{CHECK_FILE}")
    styles = _styles(package)
    body = _part(package, _MAIN).built
    lines = [_line(one, styles, _PLACES.get(one.around, Place.BODY), number) for number, one in enumerate(body, 1)]
    lines += [_line(one, styles, Place.NOTE, number) for number, one in enumerate(_notes(package), len(body) + 1)]
    comments = len(elements(package, "word/comments.xml", frozenset({"comment"}))) \
        if package.has("word/comments.xml") else 0
    revised = tuple(number for number, one in enumerate(body, 1) if one.revised)
    return Text(name, tuple(lines), Sheet(_pages(package), _footers(package, styles), revised, comments))


def _part(package: Package, part: str) -> PartReader:
    try:
        return read_part(package, part)
    except TooLong:
        raise Unusable(f"正文长得不正常，没有读完。{CHECK_FILE}") from None


def _notes(package: Package) -> list[Built]:
    parts = [part for part in ("word/footnotes.xml", "word/endnotes.xml") if package.has(part)]
    return [one for part in parts for one in _part(package, part).built if one.pieces]


def _pages(package: Package) -> tuple[Page, ...]:
    """The paper of each section; a section says size and margins in either order."""
    pages: list[Page] = []
    said: dict[str, Attributes] = {}
    for name, attributes in elements(package, _MAIN, frozenset({"sectPr", "pgSz", "pgMar"})):
        if name == "sectPr" and said:
            pages.append(_page(said.get("pgSz", {}), said.get("pgMar", {})))
        said = said | {name: attributes}
    return (*pages, _page(said.get("pgSz", {}), said.get("pgMar", {}))) if said else ()


def _line(paragraph: Built, styles: Callable[[str], Look], place: Place, number: int) -> Line:
    base, at, runs = styles(paragraph.style), 0, []
    for text, font, size in paragraph.pieces:
        full = Look(font, size).over(base)
        runs.append(Run(at, at + len(text), full.font, full.size))
        at += len(text)
    text = paragraph.text.replace("\n", " ")
    return read_plain(Line(number, text, place, level=base.level, runs=tuple(runs)))


def _footers(package: Package, styles: Callable[[str], Look]) -> tuple[Footer, ...]:
    found = []
    for part in sorted(name for name in package.parts if name.startswith("word/footer") and name.endswith(".xml")):
        reader = _part(package, part)
        lines = [_line(one, styles, Place.NOTE, 1) for one in reader.built]
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
