"""The texts and number formats that the cells of an xlsx workbook share."""

from __future__ import annotations

import re

from workbook.reading.package import Package
from workbook.reading.serials import Kind, kind_of_format
from workbook.reading.sniff import Unusable
from workbook.reading.xmlstream import Attributes, elements, parse, small_number

MOST_STRINGS = 4_000_000
_ESCAPE = re.compile(r"_x00([0-9A-Fa-f]{2})_")
_STYLE_PARTS = frozenset({"numFmt", "xf", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"})


def read_strings(package: Package, part: str | None) -> list[str]:
    """The shared strings; runs are joined, reading aids left out."""
    if part is None:
        return []
    strings: list[str] = []
    text = TextRuns()

    def start(name: str, attributes: Attributes) -> None:
        if name == "si":
            text.begin()
        text.start(name, attributes)

    def end(name: str) -> None:
        text.end(name)
        if name == "si":
            if len(strings) >= MOST_STRINGS:
                raise Unusable(f"部件 {part} 里的文字多得不正常，没有读。请删掉用不着的内容再试。")
            strings.append(text.whole())

    parse(package.pieces(part), part, start, end, text.more)
    return strings


def read_kinds(package: Package, part: str | None) -> list[Kind]:
    """What each cell style makes of a number."""
    kinds: list[Kind] = []
    codes: dict[str, str] = {}
    inside = False
    for name, attributes in elements(package, part, _STYLE_PARTS) if part else ():
        number = attributes.get("numFmtId", "0")
        if name == "numFmt":
            codes[number] = attributes.get("formatCode", "")
        elif name != "xf":
            inside = name == "cellXfs"
        elif inside:
            kinds.append(kind_of_format(small_number(number, 0), codes.get(number)))
    return kinds


def unescaped(text: str) -> str:
    """Excel's spelling of control characters (_x000D_) undone."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x00" in text else text


class TextRuns:
    """Collects the text of one string item or of one element."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.open: list[str] | None = None
        self.keeps_spaces = self.is_aid = False

    def begin(self) -> None:
        self.parts, self.open, self.is_aid = [], None, False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "rPh":
            self.is_aid = True
        elif name == "t" and not self.is_aid:
            self.open, self.keeps_spaces = [], attributes.get("xml:space") == "preserve"

    def end(self, name: str) -> None:
        if name == "rPh":
            self.is_aid = False
        elif name == "t" and self.open is not None:
            text = "".join(self.open)
            self.parts.append(unescaped(text if self.keeps_spaces else text.strip(" \t\r\n")))
            self.open = None

    def more(self, text: str) -> None:
        if self.open is not None:
            self.open.append(text)

    def whole(self) -> str:
        return "".join(self.parts)
