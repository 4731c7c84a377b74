"""What a workbook says beside its cells and notes: headers and footers, text boxes, charts, properties, names, prompts.

Nothing of it is data of the ledger; it is only looked at for what must not travel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from workbook.reading.package import Package
from workbook.reading.plaintext import Odd, resolved
from workbook.reading.sniff import Unusable

Said = tuple[str, str]
"""(where, text)"""
Kinds = tuple[tuple[str, bytes], ...]
"""Where texts of a kind stand, and the expression that finds them."""
_OURS = re.compile(r"taizhang|下发标识", re.IGNORECASE)
"""Names and properties of our own making hold digests, in which any digits may come together."""
_LARGEST_PART, _TAIL, _LARGEST_KNOWN = 4 << 20, 1 << 18, 1 << 16
_PARTS = (
    (re.compile(r"xl/drawings/.*\.xml\Z"), "文本框", rb"(?s)<(?:\w+:)?p(?:\s[^>]*)?>(.*?)</(?:\w+:)?p>"),
    (re.compile(r"xl/drawings/.*\.vml\Z"), "文本框", rb"(?s)<(?:\w+:)?textbox\b[^>]*>(.*?)</(?:\w+:)?textbox>"),
    (re.compile(r"xl/charts/.*\.xml\Z"), "图表", rb"(?s)<(?:\w+:)?p(?:\s[^>]*)?>(.*?)</(?:\w+:)?p>"),
    (re.compile(r"docprops/(?:core|app)\.xml\Z"), "文档属性",
     rb"(?s)<(?:\w+:)?(?:title|subject|creator|keywords|description|lastModifiedBy|category|contentStatus|Company"
     rb"|Manager)\b[^>]*>(.*?)</"),
    (re.compile(r"docprops/custom\.xml\Z"), "文档属性", rb"(?s)<(?:\w+:)?property\b(.*?)</(?:\w+:)?property>"),
    (re.compile(r"xl/persons/.*\.xml\Z"), "批注作者", rb'\bdisplayName="([^"]*)"'),
    (re.compile(r"xl/workbook\.xml\Z"), "名称", rb"(?s)<(?:\w+:)?definedName\b(.*?)</(?:\w+:)?definedName>"),
)
_IN_SHEETS = (
    ("页眉页脚", rb"(?s)<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>]*>(.*?)</"),
    ("输入提示", rb'\b(?:prompt|promptTitle|error|errorTitle)="([^"]*)"'),
)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml\Z")
_QUOTED = re.compile(r'=("[^"]*")')
_TAG = re.compile(r"<[^>]*>")


def texts_elsewhere(package: Package) -> tuple[Said, ...]:
    """Every such text with its place, in the order of the parts; what is no sound part is passed over."""
    return tuple(dict.fromkeys(said for part in package.parts for said in _in_part(package, part) if said[1].strip()))


def _in_part(package: Package, part: str) -> Iterator[Said]:
    kinds = [(where, pattern) for name, where, pattern in _PARTS if name.match(part)]
    in_sheet = bool(_SHEET.match(part))
    if not (in_sheet or (kinds and package.size(part) <= _LARGEST_PART)):
        return
    try:
        data = _tail(package, part) if in_sheet else package.read(part)
    except Unusable:
        return
    told = _told_once if len(data) <= _LARGEST_KNOWN else _told_once.__wrapped__
    yield from told(data, _IN_SHEETS if in_sheet else tuple(kinds))


@lru_cache(64)
def _told_once(data: bytes, kinds: Kinds) -> tuple[Said, ...]:
    """What these bytes say; workbooks are alike in all but their cells, and each would say it again."""
    told = ((where, _plain(match[1].decode("utf-8", "replace"), named=where in ("名称", "文档属性")))
            for where, pattern in kinds for match in re.finditer(pattern, data))
    return tuple((where, text) for where, text in told if not _OURS.search(text))


def _tail(package: Package, part: str) -> bytes:
    """The end of a sheet, where what follows the cells stands ([ECMA-376] part 1, 18.3.1.99)."""
    tail = b""
    for piece in package.pieces(part):
        tail = (tail + piece)[-_TAIL:]
    return tail.rpartition(b"sheetData>")[2]


def _plain(text: str, *, named: bool) -> str:
    """The words without their tags; what an element is called counts too."""
    tag, _, rest = text.partition(">") if named and text[:1] in (" ", "\n") else ("", "", text)
    quoted = " ".join(one.strip('"') for one in _QUOTED.findall(tag))
    return _unescaped(f"{quoted} {_TAG.sub('', rest)}").strip()


def _unescaped(text: str) -> str:
    try:
        return resolved(text)
    except Odd:
        from html import unescape

        return unescape(text)
