"""The text of any .docx as it reads once every tracked change is accepted, with its bookmarks.

Body, tables and text boxes, in document order; headers, footers, notes and comments stay apart. The
package is bounded before it is unpacked, and a document type is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from workbook.findings import Refusal
from workbook.reading.package import Package, open_package
from workbook.reading.sniff import Unusable
from workbook.reading.xmlstream import Attributes, elements, parse, small_number

LARGEST_TEXT = 20_000_000
_SAVE_AS = "请在 Word 或 WPS 里打开，另存为 .docx 再试。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DROPPED = frozenset(("del", "moveFrom", "Fallback"))
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_BODY_TEXT = 9
"""The outline level that Word gives to text that is no heading, from 0."""


class Range(NamedTuple):
    """The part of a paragraph, in characters from 0, that a bookmark covers."""

    name: str
    start: int
    end: int


class Paragraph(NamedTuple):
    """One paragraph: `style` as Word names it, `level` 1–9 of a heading or 0.

    A bookmark over several paragraphs is a range in each of them.
    """

    text: str
    style: str = ""
    level: int = 0
    bookmarks: tuple[Range, ...] = ()
    table: bool = False


class _Style(NamedTuple):
    name: str
    level: int | None
    parent: str


@dataclass
class _Building:
    parts: list[str] = field(default_factory=list)
    length: int = 0
    style: str = ""
    level: int | None = None
    table: bool = False
    joins: bool = False

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def paragraphs(data: bytes, name: str = "这个文件") -> tuple[Paragraph, ...]:
    """Every paragraph of a .docx, blank ones too; raises Refusal, naming the file, where it is none."""
    if data.startswith(_OLE):
        raise Refusal(f"{name}：是旧格式（.doc）或加了密码的文档，读不了。{_SAVE_AS}")
    try:
        package = open_package(data)
        main = _main_part(package)
        styles = _styles(package, main)
        reader = _Reader()
        parse(package.pieces(main), main, reader.start, reader.end, reader.text)
    except Unusable:
        raise Refusal(f"{name}：不是完好的 Word 文档（.docx），没有读。{_SAVE_AS}") from None
    except _TooLong:
        raise Refusal(f"{name}：正文长得不正常，没有读。请核对是不是选错了文件。") from None
    return reader.finished(styles)


class _TooLong(Exception):
    pass


class _Reader:
    """What the parser calls; paragraphs inside a text box follow the one it hangs on."""

    def __init__(self) -> None:
        self.built: list[_Building] = []
        self.open: list[_Building] = []
        self.path: list[str] = []
        self.dropped = 0
        self.tables = 0
        self.length = 0
        self.joining: _Building | None = None
        self.started: dict[str, tuple[str, int, int]] = {}
        self.ranges: dict[int, list[Range]] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        parent = self.path[-1] if self.path else ""
        self.path.append(name)
        self.dropped += name in _DROPPED
        self.tables += name == "tbl"
        if name == "p":
            self._begin()
        elif name in ("bookmarkStart", "bookmarkEnd"):
            self._bookmark(name, attributes)
        elif self.open:
            self._inside(name, parent, attributes)

    def end(self, name: str) -> None:
        self.path.pop()
        self.dropped -= name in _DROPPED
        self.tables -= name == "tbl"
        if name == "p" and self.open:
            done = self.open.pop()
            self.joining = done if done.joins else None

    def text(self, text: str) -> None:
        if self.open and not self.dropped and self.path[-1] == "t":
            self.length += len(text)
            if self.length > LARGEST_TEXT:
                raise _TooLong
            self.open[-1].add(text)

    def finished(self, styles: dict[str, _Style]) -> tuple[Paragraph, ...]:
        return tuple(
            Paragraph("".join(one.parts), styles[one.style].name if one.style in styles else one.style,
                      _level(one, styles), tuple(self.ranges.get(index, ())), one.table)
            for index, one in enumerate(self.built)
        )

    def _begin(self) -> None:
        """A new paragraph, or the rest of one whose end mark was deleted."""
        if self.joining is not None:
            self.open.append(self.joining)
            self.joining.joins, self.joining = False, None
            return
        self.open.append(_Building(table=self.tables > 0))
        if not self.dropped:
            self.built.append(self.open[-1])

    def _inside(self, name: str, parent: str, attributes: Attributes) -> None:
        one = self.open[-1]
        if name == "pStyle":
            one.style = one.style or _value(attributes, "val")
        elif name == "outlineLvl":
            one.level = small_number(_value(attributes, "val"), _BODY_TEXT)
        elif name in _DROPPED and parent == "rPr" and "pPr" in self.path[-3:]:
            one.joins = True
        elif name in _MARKS and parent == "r" and not self.dropped:
            one.add(_MARKS[name] if _value(attributes, "type") in ("", "textWrapping") else "")

    def _bookmark(self, name: str, attributes: Attributes) -> None:
        """Bookmarks between paragraphs stand at the start of the next one."""
        place = (self._index(), self.open[-1].length) if self.open else (len(self.built), 0)
        number = _value(attributes, "id")
        if name == "bookmarkStart":
            self.started[number] = (_value(attributes, "name"), *place)
        elif number in self.started:
            self._cover(*self.started.pop(number), *place)

    def _index(self) -> int:
        return next((i for i in range(len(self.built) - 1, -1, -1) if self.built[i] is self.open[-1]), len(self.built))

    def _cover(self, name: str, first: int, start: int, last: int, end: int) -> None:
        for index in range(first, min(last, len(self.built) - 1) + 1):
            stop = end if index == last else self.built[index].length
            here = Range(name, start if index == first else 0, stop)
            if here.start < here.end or first == last:
                self.ranges.setdefault(index, []).append(here)


def _level(one: _Building, styles: dict[str, _Style]) -> int:
    """The heading level of a paragraph, its own or its style's or that of a style it is based on."""
    level, style, seen = one.level, styles.get(one.style), 0
    while level is None and style is not None and seen < len(styles):
        level, style, seen = style.level, styles.get(style.parent), seen + 1
    return level + 1 if level is not None and level < _BODY_TEXT else 0


def _main_part(package: Package) -> str:
    for _, attributes in elements(package, "_rels/.rels", frozenset(("Relationship",))):
        if attributes.get("Type", "").endswith("/officeDocument"):
            target = attributes.get("Target", "").lstrip("/")
            if not target.endswith(".xml") or "xl/" in target or "ppt/" in target:
                break
            return target
    raise Unusable("不是 Word 文档。")


def _styles(package: Package, main: str) -> dict[str, _Style]:
    """Styles by id: name, outline level from 0, the style each is based on."""
    folder = main.rpartition("/")[0]
    part = f"{folder}/styles.xml" if folder else "styles.xml"
    if not package.has(part):
        return {}
    wanted = frozenset(("style", "name", "basedOn", "outlineLvl"))
    styles: dict[str, _Style] = {}
    current = ""
    for element, attributes in elements(package, part, wanted):
        value = _value(attributes, "val")
        if element == "style":
            current = _value(attributes, "styleId")
            styles[current] = _Style("", None, "")
        elif current and element == "name":
            styles[current] = styles[current]._replace(name=value)
        elif current and element == "basedOn":
            styles[current] = styles[current]._replace(parent=value)
        elif current:
            styles[current] = styles[current]._replace(level=small_number(value, _BODY_TEXT))
    return styles


def _value(attributes: Attributes, name: str) -> str:
    """An attribute whatever its prefix: w: in all but exotic files."""
    found = attributes.get(f"w:{name}")
    if found is not None:
        return found
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")
