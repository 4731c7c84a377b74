"""The texts and number formats that the cells of an xlsx workbook share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import zip_longest

from workbook.reading.cellvalues import unescaped
from workbook.reading.package import Package
from workbook.reading.plaintext import Odd, decoded, resolved, root_at
from workbook.reading.serials import Kind, kind_of_format
from workbook.reading.sniff import Unusable
from workbook.reading.xmlstream import Attributes, elements_of, parse, small_number

MOST_STRINGS = 4_000_000
_LARGEST_PLAIN, _LARGEST_KNOWN = 96 << 20, 1 << 18
_ITEM = re.compile(r'<si><t( xml:space="preserve")?+>([^<]*+)</t></si>')
_LIST = re.compile(r"<sst(?:\s[^<>]*)?+(?<!/)>")
_SPACE = " \t\r\n"
_STYLE_PARTS = frozenset({"numFmt", "xf", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"})


def shared_strings(package: Package, part: str | None) -> list[str]:
    """The shared strings; runs are joined, reading aids left out."""
    if part is None:
        return []
    try:
        if package.size(part) <= _LARGEST_PLAIN:
            return plain_strings(package.read(part), part)
    except Odd:
        pass
    return read_strings(package.pieces(part), part)


def plain_strings(data: bytes, part: str) -> list[str]:
    """The same by one expression; what is no plain item goes to the parser, between its neighbours. Raises Odd."""
    begin = root_at(data, b"sst")
    text = decoded(data[max(begin, 0):].rstrip())
    opened = _LIST.match(text)
    if begin < 0 or opened is None or not text.endswith("</sst>") or "<!" in text or "<?" in text:
        raise Odd
    if text.count("<si>") > MOST_STRINGS:
        raise Odd
    parts = _ITEM.split(text[opened.end():-len("</sst>")])
    strings = _plain_items(parts[1::3], parts[2::3])
    between = [gap if gap.strip(_SPACE) else "" for gap in parts[::3]]
    if any(between):
        strings = [one for gap, string in zip_longest(between, strings) for one in (
            *(_parsed_items(gap, part) if gap else ()), *(() if string is None else (string,)))]
    return strings


def _plain_items(keeps: list[str | None], texts: list[str]) -> list[str]:
    strings = [resolved(text) if "&" in text else text for text in texts]
    strings = [text if keep else text.strip(_SPACE) for keep, text in zip(keeps, strings, strict=True)]
    return [unescaped(text) if "_x00" in text else text for text in strings]


def _parsed_items(text: str, part: str) -> list[str]:
    try:
        return read_strings((f"<sst>{text}</sst>".encode(),), part)
    except Unusable:
        raise Odd from None


def read_strings(pieces: Iterable[bytes], part: str) -> list[str]:
    """The same from a parser."""
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

    parse(pieces, part, start, end, text.more)
    return strings


def read_kinds(package: Package, part: str | None) -> list[Kind]:
    """What each cell style makes of a number."""
    if part is None:
        return []
    data = package.read(part)
    return list((_kinds if len(data) <= _LARGEST_KNOWN else _kinds.__wrapped__)(data, part))


@lru_cache(16)
def _kinds(data: bytes, part: str) -> tuple[Kind, ...]:
    """The same from the bytes of the part, which many workbooks have in common."""
    kinds: list[Kind] = []
    codes: dict[str, str] = {}
    inside = False
    for name, attributes in elements_of((data,), part, _STYLE_PARTS):
        number = attributes.get("numFmtId", "0")
        if name == "numFmt":
            codes[number] = attributes.get("formatCode", "")
        elif name != "xf":
            inside = name == "cellXfs"
        elif inside:
            kinds.append(kind_of_format(small_number(number, 0), codes.get(number)))
    return tuple(kinds)


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
            self.parts.append(unescaped(text if self.keeps_spaces else text.strip(_SPACE)))
            self.open = None

    def more(self, text: str) -> None:
        if self.open is not None:
            self.open.append(text)

    def whole(self) -> str:
        return "".join(self.parts)
