"""An XML part edited as bytes: elements found by place, changes spliced in, every other byte left as it is.

Comments, CDATA and instructions are blanked before anything is looked for, so that
no tag is found inside them. Names come without their prefix, and new elements get
the prefix of the root.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import NamedTuple
from xml.sax.saxutils import escape

from workbook.reading.package import broken
from workbook.reading.sniff import SAVE_AS, Unusable
from workbook.reading.xmlstream import forbid

REST = rb"""((?:[^"'<>]|"[^"]*"|'[^']*')*+)>"""
_OPAQUE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_TAG = re.compile(rb"<(/?)((?:[^\s/<>!?:]+:)?)([^\s/<>!?:]+)" + REST)
_QUOTED = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
_BOUND = re.compile(rb"""xmlns:([\w.-]+)\s*=\s*["']([^"']*)["']""")
_RELATION = re.compile(rb"""\s[\w.-]+:id\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Splice(NamedTuple):
    """The bytes from `start` up to `end` become `new`."""

    start: int
    end: int
    new: bytes


class Node(NamedTuple):
    """An element: its start tag is data[start:inner], its content data[inner:close], it ends at `end`."""

    name: str
    prefix: bytes
    start: int
    inner: int
    close: int
    end: int
    attributes: bytes

    @property
    def empty(self) -> bool:
        """Whether it is written as <name/>."""
        return self.inner == self.end

    def get(self, name: str, otherwise: str = "") -> str:
        """An attribute's value."""
        match = attribute(name).search(self.attributes)
        return unescape((match[1] or match[2] or b"").decode("utf-8", "replace")) if match else otherwise

    @property
    def relation(self) -> str:
        """The relationship it names, whatever prefix the id has."""
        match = _RELATION.search(self.attributes)
        return unescape((match[1] or match[2] or b"").decode("utf-8", "replace")) if match else ""


@functools.cache
def attribute(name: str) -> re.Pattern[bytes]:
    """What finds an attribute by its name, prefix included; its value is in one of two groups."""
    return re.compile(rb"\s" + name.encode() + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def quoted(value: str) -> bytes:
    """A text as an attribute's value."""
    return escape(value, _QUOTED).encode("utf-8", "replace")


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """The bytes with all changes made; none overlaps another."""
    pieces, at = [], 0
    for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
        pieces += [data[at:start], new]
        at = end
    return b"".join((*pieces, data[at:]))


class Part:
    """A part under change; `splices` are the changes so far."""

    def __init__(self, data: bytes, name: str = "") -> None:
        self.data, self.name = data, name
        self.plain = _masked(data, name)
        self.splices: list[Splice] = []
        self._appended: dict[Node, list[bytes]] = {}
        self.root = self._root()
        self.prefix = self.root.prefix

    def _root(self) -> Node:
        first = _TAG.search(self.plain)
        if first is None or first[1]:
            raise broken(self.name)
        close = self.plain.rfind(b"</" + first[2] + first[3])
        start, inner = first.span()
        end = self.plain.find(b">", close) + 1
        if first[4].endswith(b"/"):
            close = end = inner
        elif close < inner or not end:
            raise broken(self.name)
        return Node(first[3].decode(), first[2], start, inner, close, end, first[4])

    def children(self, of: Node | None = None, *, whole: str = "") -> list[Node]:
        """The elements directly inside one; the inside of one called `whole` is not looked at."""
        node, found = of or self.root, []
        depth, at = 0, node.inner
        opened: tuple[int, int] = (0, 0)
        while match := _TAG.search(self.plain, at, node.close):
            at = match.end()
            is_end, is_empty = bool(match[1]), match[4].endswith(b"/")
            if not is_end and depth == 0:
                opened, first = match.span(), match
            if not is_end and not is_empty and match[3].decode() == whole:
                at = self._close_of(match, node)
            depth += -1 if is_end else 0 if is_empty else 1
            if depth == 0:
                close = opened[1] if is_empty and not is_end else match.start()
                found.append(Node(first[3].decode("utf-8", "replace"), first[2], *opened, close, match.end(), first[4]))
            if depth < 0:
                raise broken(self.name)
        return found

    def _close_of(self, match: re.Match[bytes], node: Node) -> int:
        close = self.plain.rfind(b"</" + match[2] + match[3], match.end(), node.close)
        if close < 0:
            raise broken(self.name)
        return close

    def child(self, name: str, of: Node | None = None) -> Node | None:
        return next((node for node in self.children(of) if node.name == name), None)

    def bound(self, vocabulary: str) -> bytes:
        """The prefix (with its colon) that the root binds to a namespace ending so; empty where it binds none."""
        for prefix, space in _BOUND.findall(self.root.attributes):
            if space.decode().endswith(vocabulary):
                return bytes(prefix) + b":"
        return b""

    def put(self, start: int, end: int, new: bytes) -> None:
        self.splices.append(Splice(start, end, new))

    def set(self, node: Node, name: str, value: str) -> None:
        """Give an element an attribute, or change it."""
        match = attribute(name).search(node.attributes)
        start = node.start + 1 + len(node.prefix) + len(node.name.encode())
        if match is None:
            start += len(node.attributes.rstrip(b"/ \t\r\n"))
            self.put(start, start, f" {name}=".encode() + b'"' + quoted(value) + b'"')
        else:
            group = 1 if match[1] is not None else 2
            self.put(start + match.start(group), start + match.end(group), quoted(value))

    def append(self, node: Node, new: bytes) -> None:
        """Put an element in at the end of another."""
        self._appended.setdefault(node, []).append(new)

    def insert(self, new: bytes, later: Sequence[str], children: Sequence[Node]) -> None:
        """Put an element into the root, before the first of those that come later in its order."""
        for node in children:
            if node.name in later or (node.name == "AlternateContent" and self._holds(node, later)):
                self.put(node.start, node.start, new)
                return
        self.append(self.root, new)

    def _holds(self, node: Node, names: Sequence[str]) -> bool:
        return any(match[3].decode() in names for match in _TAG.finditer(self.plain, node.inner, node.close))

    def changes(self) -> list[Splice]:
        """All changes, from the beginning of the part to its end."""
        splices = list(self.splices)
        for node, pieces in self._appended.items():
            new = b"".join(pieces)
            if node.empty:
                closing = b"></" + node.prefix + node.name.encode() + b">"
                splices.append(Splice(node.end - 2, node.end, b">" + new + closing[1:]))
            else:
                splices.append(Splice(node.close, node.close, new))
        return sorted(splices, key=lambda splice: splice[:2])


def _masked(data: bytes, name: str) -> bytes:
    """The bytes with what is no element blanked, at the same places."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or re.match(rb"""\s*<\?xml[^>]*encoding\s*=\s*["'](?i:utf-16)""", data):
        raise Unusable(f"部件 {name} 的编码少见，改不了。{SAVE_AS}")
    if b"<!DOCTYPE" in data[:4096]:
        forbid(name)
    if not (b"!" in data and b"<!" in data) and data.find(b"?", data.find(b"?>") + 2) < 0:
        return data
    return _OPAQUE.sub(lambda match: b" " * len(match[0]), data)
