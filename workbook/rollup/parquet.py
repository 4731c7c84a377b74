"""A table as a Parquet file, without a library: an office without internet cannot install one.

Apache Parquet format 2.10: one row group, one uncompressed PLAIN data page a column; the
metadata are Thrift structs in the compact protocol. Texts are required, numbers optional.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from struct import pack
from typing import NamedTuple

MAGIC = b"PAR1"
CREATOR = "taizhang"
DOUBLE, BYTE_ARRAY = 5, 6
REQUIRED, OPTIONAL = 0, 1
PLAIN, RLE = 0, 3
UTF8 = DATA_PAGE = UNCOMPRESSED = 0
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12
"""Field types of the compact protocol."""
_LONG_LIST = 15

Value = str | float | None
Field = tuple[int, int, bytes]
"""Number, type and encoded value of a field of a struct."""


class Chunk(NamedTuple):
    """One column in the file: its page with header, and where it begins."""

    name: str
    kind: int
    page: bytes
    start: int


def to_parquet(titles: Sequence[str], rows: Sequence[Sequence[Value]], *, numeric: Collection[str]) -> bytes:
    """The file of a table; columns in `numeric` are doubles that may be null, all others are UTF-8 texts."""
    chunks: list[Chunk] = []
    at = len(MAGIC)
    for number, title in enumerate(titles):
        kind = DOUBLE if title in numeric else BYTE_ARRAY
        page = _page([row[number] for row in rows], kind)
        chunks.append(Chunk(title, kind, page, at))
        at += len(page)
    footer = _metadata(chunks, len(rows))
    return b"".join((MAGIC, *(chunk.page for chunk in chunks), footer, pack("<I", len(footer)), MAGIC))


def _page(values: Sequence[Value], kind: int) -> bytes:
    """A data page with its header."""
    data = _texts(values) if kind == BYTE_ARRAY else _levels(values) + _doubles(values)
    page = _struct((1, _I32, _int(len(values))), (2, _I32, _int(PLAIN)), (3, _I32, _int(RLE)), (4, _I32, _int(RLE)))
    size = _int(len(data))
    return _struct((1, _I32, _int(DATA_PAGE)), (2, _I32, size), (3, _I32, size), (5, _STRUCT, page)) + data


def _texts(values: Iterable[Value]) -> bytes:
    encoded = (str("" if value is None else value).encode("utf-8", "replace") for value in values)
    return b"".join(pack("<I", len(one)) + one for one in encoded)


def _doubles(values: Iterable[Value]) -> bytes:
    return b"".join(pack("<d", float(value)) for value in values if value is not None)


def _levels(values: Iterable[Value]) -> bytes:
    """Which values are there (definition level 1): runs of the RLE hybrid, behind their length."""
    runs = [(level, len(list(run))) for level, run in groupby(value is not None for value in values)]
    data = b"".join(_varint(length << 1) + bytes([level]) for level, length in runs)
    return pack("<I", len(data)) + data


def _metadata(chunks: Sequence[Chunk], rows: int) -> bytes:
    root = _struct((4, _BINARY, _text("schema")), (5, _I32, _int(len(chunks))))
    size = sum(len(chunk.page) for chunk in chunks)
    group = _struct((1, _LIST, _list(_STRUCT, [_column(chunk, rows) for chunk in chunks])), (2, _I64, _int(size)),
                    (3, _I64, _int(rows)))
    return _struct((1, _I32, _int(1)), (2, _LIST, _list(_STRUCT, [root, *map(_element, chunks)])),
                   (3, _I64, _int(rows)), (4, _LIST, _list(_STRUCT, [group])), (6, _BINARY, _text(CREATOR)))


def _element(chunk: Chunk) -> bytes:
    repetition = REQUIRED if chunk.kind == BYTE_ARRAY else OPTIONAL
    named = ((1, _I32, _int(chunk.kind)), (3, _I32, _int(repetition)), (4, _BINARY, _text(chunk.name)))
    if chunk.kind != BYTE_ARRAY:
        return _struct(*named)
    string = _struct((1, _STRUCT, _struct()))
    return _struct(*named, (6, _I32, _int(UTF8)), (10, _STRUCT, string))


def _column(chunk: Chunk, rows: int) -> bytes:
    size = _int(len(chunk.page))
    data = _struct((1, _I32, _int(chunk.kind)), (2, _LIST, _list(_I32, [_int(PLAIN), _int(RLE)])),
                   (3, _LIST, _list(_BINARY, [_text(chunk.name)])), (4, _I32, _int(UNCOMPRESSED)),
                   (5, _I64, _int(rows)), (6, _I64, size), (7, _I64, size), (9, _I64, _int(chunk.start)))
    return _struct((2, _I64, _int(chunk.start)), (3, _STRUCT, data))


def _struct(*fields: Field) -> bytes:
    """Fields in ascending order, each told by its distance from the one before, and the stop byte."""
    parts, last = [], 0
    for number, kind, encoded in fields:
        parts += [bytes([(number - last) << 4 | kind]), encoded]
        last = number
    return b"".join((*parts, b"\0"))


def _list(kind: int, items: Sequence[bytes]) -> bytes:
    size = len(items)
    head = bytes([size << 4 | kind]) if size < _LONG_LIST else bytes([_LONG_LIST << 4 | kind]) + _varint(size)
    return head + b"".join(items)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _varint(len(encoded)) + encoded


def _int(number: int) -> bytes:
    """A signed number in zigzag order."""
    return _varint(number << 1 if number >= 0 else (-number << 1) - 1)


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])
