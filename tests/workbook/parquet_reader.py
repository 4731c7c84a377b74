"""A small reader of Parquet files, from the format's own description: what tests hold the writer against."""

from __future__ import annotations

from struct import unpack_from
from typing import Any

_STOP, _TRUE, _FALSE, _BYTE, _BINARY, _LIST, _STRUCT = 0, 1, 2, 3, 8, 9, 12
DOUBLE = 5


class Thrift:
    """The compact protocol: a struct is a dict by field number."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def varint(self) -> int:
        value = shift = 0
        while True:
            one = self.byte()
            value |= (one & 0x7F) << shift
            shift += 7
            if one < 0x80:
                return value

    def value(self, kind: int) -> Any:
        if kind in (_TRUE, _FALSE):
            return kind == _TRUE
        if kind == _STRUCT:
            return self.struct()
        if kind == _BINARY:
            size = self.varint()
            self.at += size
            return self.data[self.at - size:self.at]
        if kind == _LIST:
            head = self.byte()
            size = head >> 4 if head >> 4 < 15 else self.varint()
            return [self.value(head & 15) for _ in range(size)]
        number = self.varint()
        return number >> 1 ^ -(number & 1)

    def struct(self) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while (head := self.byte()) != _STOP:
            number += head >> 4
            fields[number] = self.value(head & 15)
        return fields


def read_parquet(data: bytes) -> dict[str, list[str | float | None]]:
    """The columns of a file with one PLAIN page each; texts required, doubles optional."""
    assert data[:4] == data[-4:] == b"PAR1"
    [size] = unpack_from("<I", data, len(data) - 8)
    footer = Thrift(data, len(data) - 8 - size).struct()
    [group] = footer[4]
    assert footer[3] == group[3]
    names = [element[4].decode() for element in footer[2][1:]]
    assert footer[2][0][5] == len(names)
    return {name: _column(data, chunk[3]) for name, chunk in zip(names, group[1], strict=True)}


def _column(data: bytes, meta: dict[int, Any]) -> list[str | float | None]:
    reader = Thrift(data, meta[9])
    page = reader.struct()
    count, at = page[5][1], reader.at
    assert page[3] + at == meta[9] + meta[7]
    return _doubles(data, at, count) if meta[1] == DOUBLE else _texts(data, at, count)


def _texts(data: bytes, at: int, count: int) -> list[str | float | None]:
    values: list[str | float | None] = []
    for _ in range(count):
        [size] = unpack_from("<I", data, at)
        values.append(data[at + 4:at + 4 + size].decode())
        at += 4 + size
    return values


def _doubles(data: bytes, at: int, count: int) -> list[str | float | None]:
    [size] = unpack_from("<I", data, at)
    runs, levels = Thrift(data, at + 4), list[int]()
    while runs.at < at + 4 + size:
        length = runs.varint() >> 1
        levels += [runs.byte()] * length
    assert len(levels) == count
    at += 4 + size
    values: list[str | float | None] = []
    for level in levels:
        values.append(unpack_from("<d", data, at)[0] if level else None)
        at += 8 * level
    return values
