"""What typesetting must know of a reference.docx: its style ids, widths of characters, its page.

Style ids are looked up by style name, for Word gives out new ids as it likes.
"""

from __future__ import annotations

from typing import NamedTuple
from xml.parsers import expat

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
IGNORABLE = "http://schemas.openxmlformats.org/markup-compatibility/2006 Ignorable"
WORD_SIZE = 200  # 10 pt, Word's own default


def narrow(text: str) -> int:
    """How many characters take half a square: digits, Latin letters and their marks."""
    return sum(char < "\x7f" for char in text)


class Pen(NamedTuple):
    """A named style: its id, the size of its characters and the space added to each (twips)."""

    id: str
    size: int
    tighten: int

    @property
    def em(self) -> int:
        """The advance of a Chinese character."""
        return self.size + self.tighten

    def width(self, text: str) -> int:
        """The length of a line of text: squares for Chinese, halves for digits and Latin."""
        return len(text) * self.em - narrow(text) * self.size // 2


class Section(NamedTuple):
    """The last section of a document.xml: its source, the namespaces declared for it, the width of its text."""

    source: bytes
    namespaces: dict[str, str]
    ignorable: str
    text_width: int


def _number(text: str | None) -> int | None:
    try:
        return round(float(text or ""))
    except ValueError:
        return None


class _StyleReader:
    """Collects what each style says itself, by style id; the document's defaults stand under the empty id."""

    def __init__(self) -> None:
        self.styles: dict[str, dict[str, str]] = {"": {}}
        self.current = self.styles[""]
        self.path = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.removeprefix(f"{W} ")
        self.path += f"/{name}"
        value = attributes.get(f"{W} val", "")
        match self.path:
            case "/styles/style":
                identity = attributes.get(f"{W} styleId", "")
                self.current = self.styles[identity] = {"id": identity}
            case "/styles/style/name" | "/styles/style/basedOn":
                self.current[name] = value
            case "/styles/style/rPr/sz" | "/styles/style/rPr/spacing":
                self.current[name] = value
            case "/styles/docDefaults/rPrDefault/rPr/sz" | "/styles/docDefaults/rPrDefault/rPr/spacing":
                self.styles[""][name] = value

    def end(self, _tag: str) -> None:
        self.path = self.path[: self.path.rindex("/")]

    def inherited(self, style: dict[str, str], name: str) -> int | None:
        """What the style says, else the styles it is based on, else the document."""
        seen: set[str] = set()
        while style and style.get("id", "") not in seen:
            if (number := _number(style.get(name))) is not None:
                return number
            seen.add(style.get("id", ""))
            style = self.styles.get(style.get("basedOn", ""), self.styles[""])
        return None

    def pen(self, style: dict[str, str]) -> Pen:
        size = self.inherited(style, "sz")
        return Pen(style["id"], WORD_SIZE if size is None else 10 * size, self.inherited(style, "spacing") or 0)


def read_styles(xml: bytes) -> dict[str, Pen]:
    """Style name → pen; raises expat.ExpatError for a broken part."""
    reader = _StyleReader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.Parse(xml, True)
    return {style["name"]: reader.pen(style) for style in reader.styles.values() if "name" in style}


class _SectionReader:
    """Finds the section that ends the body, and what its root declares."""

    def __init__(self, xml: bytes) -> None:
        self.xml, self.source, self.ignorable = xml, b"", ""
        self.namespaces: dict[str, str] = {}
        self.depth = self.begin = self.width = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartNamespaceDeclHandler = self.declare
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end

    def declare(self, prefix: str | None, uri: str) -> None:
        if self.depth == 0:
            self.namespaces[prefix or ""] = uri

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.depth == 0:
            self.ignorable = attributes.get(IGNORABLE, "")
        elif self.depth == 2 and tag == f"{W} sectPr":
            self.begin, self.width = self.parser.CurrentByteIndex, 0
        elif self.depth == 3 and self.begin:
            self.measure(tag, attributes)
        self.depth += 1

    def measure(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{W} pgSz":
            self.width += _number(attributes.get(f"{W} w")) or 0
        elif tag == f"{W} pgMar":
            self.width -= sum(_number(attributes.get(f"{W} {side}")) or 0 for side in ("left", "right", "gutter"))

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.depth == 2 and tag == f"{W} sectPr":
            close = self.xml.index(b">", self.parser.CurrentByteIndex) + 1
            self.source = self.xml[self.begin : close]


def read_section(xml: bytes) -> Section:
    """The section at the end of the body (empty source where there is none); raises expat.ExpatError."""
    reader = _SectionReader(xml)
    reader.parser.Parse(xml, True)
    return Section(reader.source, reader.namespaces, reader.ignorable, reader.width)
