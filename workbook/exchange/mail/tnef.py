"""winmail.dat: the wrapper Outlook puts around attachments (TNEF, [MS-OXTNEF]); what is in it, by name."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from workbook.exchange.mail.names import text_of
from workbook.exchange.mail.pieces import Enclosure
from workbook.reading.sniff import ASK_AGAIN, Unusable

MARK = b"\x78\x9f\x3e\x22"
MOST_ATTACHMENTS = 500
_MOST_PROPERTIES = 5_000
_CODEPAGE = 0x00069007
_RENDER, _TITLE, _DATA, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_LONG_NAME, _SHORT_NAME, _BINARY = 0x3707, 0x3704, 0x3701
_OBJECT_KIND = 0x000D
_FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8, 0x0040: 8,
          0x0048: 16}
_VARYING = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
_MANY, _NAMED, _BY_NAME = 0x1000, 0x8000, 1
_INTERFACE = 16


def is_tnef(data: bytes) -> bool:
    """Whether these bytes are a winmail.dat."""
    return data.startswith(MARK)


def enclosures(data: bytes) -> tuple[Enclosure, ...]:
    """The attachments a winmail.dat wraps; raises Unusable where it is damaged."""
    found: list[tuple[str, bytes]] = []
    charset = ""
    for kind, content in _attributes(data):
        if kind == _CODEPAGE and len(content) >= 4:
            charset = f"cp{struct.unpack_from('<I', content)[0]}"
        elif kind == _RENDER:
            found.append(("", b""))
        elif found and kind == _TITLE:
            found[-1] = (text_of(content.rstrip(b"\0"), charset), found[-1][1])
        elif found and kind == _DATA:
            found[-1] = (found[-1][0], content)
        elif found and kind == _PROPERTIES:
            found[-1] = _told(*found[-1], content, charset)
        if len(found) > MOST_ATTACHMENTS:
            raise Unusable(f"winmail.dat 里的附件多得不正常，没有打开。{ASK_AGAIN}")
    return tuple(Enclosure(*one) for one in found)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes of the stream; their check sums go unread: what is wrapped has its own, and gateways break these.
    """
    at = 6
    while at + 11 <= len(data):
        _, kind, length = struct.unpack_from("<BII", data, at)
        content = data[at + 9:at + 9 + length]
        if len(content) < length or at + 11 + length > len(data):
            raise Unusable(f"winmail.dat 不完整，打不开。{ASK_AGAIN}")
        yield kind, content
        at += 11 + length


def _told(name: str, data: bytes, properties: bytes, charset: str) -> tuple[str, bytes]:
    """What the properties of an attachment say better than its title: the long name, the message it is."""
    try:
        told = dict(_values(properties))
    except struct.error:
        raise Unusable(f"winmail.dat 已损坏，打不开。{ASK_AGAIN}") from None
    for tag in (_SHORT_NAME, _LONG_NAME):
        kind, value = told.get(tag, (0, b""))
        text = value.decode("utf-16-le", "replace") if kind == 0x001F else text_of(value, charset)
        name = text.strip("\0") or name
    kind, value = told.get(_BINARY, (0, b""))
    if kind == _OBJECT_KIND and value[_INTERFACE:_INTERFACE + 4] == MARK:
        return name, value[_INTERFACE:]
    return name, data or value


def _values(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """(property id, (type, bytes)) of encoded properties ([MS-OXTNEF] 2.1.3.4)."""
    count, = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, _MOST_PROPERTIES)):
        kind, tag = struct.unpack_from("<HH", data, at)
        at += 4
        if tag >= _NAMED:
            at = _past_name(data, at)
        many = bool(kind & _MANY)
        value, at = _value(data, at, kind & ~_MANY, many)
        yield tag, (kind & ~_MANY, value)


def _past_name(data: bytes, at: int) -> int:
    how, length = struct.unpack_from("<II", data, at + 16)
    return at + 24 + (_padded(length) if how == _BY_NAME else 0)


def _value(data: bytes, at: int, kind: int, many: bool) -> tuple[bytes, int]:
    """The first value of a property, and where the next property begins."""
    if kind in _FIXED:
        count = struct.unpack_from("<I", data, at)[0] if many else 1
        at += 4 * many
        return data[at:at + _FIXED[kind]], at + count * _FIXED[kind]
    if kind not in _VARYING:
        raise Unusable(f"winmail.dat 里有认不出的内容，打不开。{ASK_AGAIN}")
    count, = struct.unpack_from("<I", data, at)
    at, first = at + 4, b""
    for number in range(min(count, _MOST_PROPERTIES)):
        length, = struct.unpack_from("<I", data, at)
        first = data[at + 4:at + 4 + length] if number == 0 else first
        at += 4 + _padded(length)
    return first, at


def _padded(length: int) -> int:
    return (length + 3) & ~3
