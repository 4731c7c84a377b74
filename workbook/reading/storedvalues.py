"""What the stored content of a cell means, by the cell's attributes: each is looked at once in a workbook."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain

from workbook.raw import RawValue
from workbook.reading.cellvalues import unescaped, value_of
from workbook.reading.plaintext import Odd, decoded, resolved
from workbook.reading.serials import Kind
from workbook.reading.xmlstream import small_number

KEPT, STRIPPED, END = b"\x01", b"\x02", b"\x03"
"""Around a text that stands in its cell, in place of its tags: no text may hold these characters."""
_MOST_KEPT, _NUMERALS = 20_000, 10_000
_PLAIN = re.compile(rb'(?: \w++="\w*+")*+ ?+(/?+)')
_NAMED = re.compile(rb' (\w++)="(\w*+)"')


class Values(dict[bytes, "_Stored"]):
    """By the attributes of a workbook's cells: what their stored content means; `inline` where texts stand in cells."""

    def __init__(self, strings: list[str], kinds: list[Kind], epoch1904: bool) -> None:
        self.inline = False
        self.kinds, self.epoch1904 = kinds, epoch1904
        self.texts = _Texts(strings)

    def __missing__(self, attributes: bytes) -> _Stored:
        self[attributes] = stored = self._stored(attributes)
        return stored

    def _stored(self, attributes: bytes) -> _Stored:
        plain = _PLAIN.fullmatch(attributes)
        pairs = _NAMED.findall(attributes)
        named = dict(pairs)
        if plain is None or len(named) < len(pairs) or b"r" in named:
            raise Odd
        if plain[1]:
            return _Stored()
        kind, style = named.get(b"t", b"").decode(), small_number(named.get(b"s", b"").decode(), -1)
        if kind == "s":
            return self.texts
        if kind == "inlineStr":
            return _Inline()
        format_kind = self.kinds[style] if 0 <= style < len(self.kinds) else Kind.NUMBER
        return (_numbers if kind in ("", "n") else _Single)(kind, format_kind, self.epoch1904)


class _Stored(dict[bytes | None, RawValue]):
    """The value of each stored content, made once; by itself that of a cell without content."""

    def __init__(self) -> None:
        self[None] = None

    def __missing__(self, content: bytes | None) -> RawValue:
        raise Odd

    def _kept(self, content: bytes | None, value: RawValue) -> RawValue:
        if len(self) >= _MOST_KEPT:
            self.clear()
            self[None] = None
        self[content] = value
        return value

    def rest(self, value: bytes | None, keeps: bytes | None, inline: bytes | None) -> RawValue:
        """The value of a cell whose content is written otherwise: a formula, or a text of its own."""
        if inline is not None or type(self) is _Stored:
            raise Odd
        return self[value] if value else None


class _Texts(_Stored):
    """Shared strings by their numbers."""

    def __init__(self, strings: list[str]) -> None:
        super().__init__()
        numerals = chain(_numerals(), map(b"%d".__mod__, range(_NUMERALS, len(strings))))
        self.update(zip(numerals, [one or None for one in strings], strict=False))


class _Inline(_Stored):
    """Texts that stand in their cells, between marks."""

    def __missing__(self, content: bytes | None) -> RawValue:
        mark, text, end = (content or b"")[:1], (content or b"")[1:-1], (content or b"")[1:][-1:]
        if mark not in (KEPT, STRIPPED) or end != END:
            raise Odd
        said = resolved(decoded(text))
        value = unescaped(said if mark == KEPT else said.strip(" \t\r\n")) or None
        return self._kept(content, value)

    def rest(self, value: bytes | None, keeps: bytes | None, inline: bytes | None) -> RawValue:
        if value is not None:
            raise Odd
        return self[b"".join((KEPT if keeps else STRIPPED, inline or b"", END))]


class _Single(_Stored):
    """Every other type: the content is the value as written."""

    def __init__(self, kind: str, style: Kind, epoch1904: bool) -> None:
        super().__init__()
        self.kind, self.style, self.epoch1904 = kind, style, epoch1904

    def __missing__(self, content: bytes | None) -> RawValue:
        value = value_of(self.kind, resolved(decoded(content or b"")), self.style, self.epoch1904)
        return self._kept(content, None if value == "" else value)


@cache
def _numbers(kind: str, style: Kind, epoch1904: bool) -> _Single:
    """Numbers and days: what they mean is the same in every workbook."""
    return _Single(kind, style, epoch1904)


@cache
def _numerals() -> tuple[bytes, ...]:
    return tuple(map(b"%d".__mod__, range(_NUMERALS)))
