"""A zip package with some parts changed: all others are copied as they are packed, in their order, under their names.

Names, dates and attributes of an entry stay as bytes, so that names in GBK, data
descriptors and wide sizes survive ([APPNOTE] 4.3).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import IO

from workbook.reading.package import Package, fold_name

_CENTRAL, _LOCAL, _END = 46, struct.Struct("<4s5H3I2H"), struct.Struct("<4s4HIIH")
_DEFLATED, _UTF8, _VERSION = 8, 0x800, 20
_FAST, _SMALL, _LARGE = 2, 6, 1 << 20
_WIDE, _ZIP64 = 0xFFFFFFFF, 1
_NEW = struct.pack("<4s4HHH3I5HII", b"PK\x01\x02", _VERSION, _VERSION, 0, _DEFLATED, 0, 33, *[0] * 10)
"""The entry of a part that was not there before, without its name and sizes, of 1 January 1980."""


Content = bytes | Iterable[bytes]
"""A part whole, or piece by piece."""


def repacked(package: Package, changed: Mapping[str, Content | None]) -> bytes:
    """The package with parts replaced, added or (None) left out."""
    out = io.BytesIO()
    repack(package, changed, out)
    return out.getvalue()


def repack(package: Package, changed: Mapping[str, Content | None], out: IO[bytes]) -> None:
    """Write the package with such changes to an empty file; parts that come piece by piece are asked for last,
    in their order.
    """
    wanted = {fold_name(name): (name, content) for name, content in changed.items()}
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        infos, directory, comment = archive.infolist(), archive.start_dir, archive.comment
    entries = list(zip(infos, _records(package.data, directory, len(infos)), strict=True))
    starts = sorted(info.header_offset for info in infos)
    ends = dict(zip(starts, [*starts[1:], directory], strict=True))
    places = {fold_name(info.filename): (info.header_offset, record) for info, record in entries}
    records: dict[int, bytes] = {}
    for name, (start, record) in sorted(places.items(), key=lambda place: place[1][0]):
        content = wanted.get(name, ("", None))[1]
        if name not in wanted:
            records[start] = _moved(record, out.tell())
            out.write(package.data[start:ends[start]])
        elif isinstance(content, bytes):
            records[start] = _written(out, record, _name_of(record), content)
    for name, (_, content) in wanted.items():
        if name in places and not isinstance(content, bytes | None):
            start, record = places[name]
            records[start] = _written(out, record, _name_of(record), content)
    kept = [records[info.header_offset] for info in infos if info.header_offset in records]
    added = [_written(out, _NEW, spelled.encode(), content) for name, (spelled, content) in wanted.items()
             if name not in places and content is not None]
    _finish(out, kept + added, comment)


def _records(data: bytes, at: int, count: int) -> list[bytes]:
    """The entries of the central directory, as bytes."""
    records = []
    for _ in range(count):
        end = at + _CENTRAL + sum(struct.unpack_from("<3H", data, at + 28))
        records.append(data[at:end])
        at = end
    return records


def _name_of(record: bytes) -> bytes:
    return record[_CENTRAL:_CENTRAL + int.from_bytes(record[28:30], "little")]


def _moved(record: bytes, offset: int) -> bytes:
    """An entry whose part now begins elsewhere."""
    if int.from_bytes(record[42:46], "little") != _WIDE:
        return record[:42] + struct.pack("<I", offset) + record[46:]
    wide = sum(int.from_bytes(record[at:at + 4], "little") == _WIDE for at in (20, 24))
    at = _CENTRAL + len(_name_of(record))
    while at + 4 <= len(record):
        kind, size = struct.unpack_from("<HH", record, at)
        if kind == _ZIP64:
            place = at + 4 + 8 * wide
            return record[:place] + struct.pack("<Q", offset) + record[place + 8:]
        at += 4 + size
    return record


def _written(out: IO[bytes], record: bytes, name: bytes, content: Content) -> bytes:
    """Write a part packed anew, after the manner of its entry; its new entry."""
    flags, (time, date) = int.from_bytes(record[8:10], "little") & _UTF8, struct.unpack_from("<2H", record, 12)
    offset = out.tell()
    out.write(bytes(_LOCAL.size) + name)
    sizes = _pack(out, content)
    end = out.tell()
    head = (_VERSION, flags, _DEFLATED, time, date, *sizes, len(name), 0)
    out.seek(offset)
    out.write(_LOCAL.pack(b"PK\x03\x04", *head))
    out.seek(end)
    return (record[:6] + struct.pack("<5H3I2H", *head) + bytes(4) + record[36:42] + struct.pack("<I", offset) + name)


def _pack(out: IO[bytes], content: Content) -> tuple[int, int, int]:
    """Write a part's packed bytes; its check sum, their number and that of the bytes themselves."""
    small = isinstance(content, bytes) and len(content) <= _LARGE
    packer = zlib.compressobj(_SMALL if small else _FAST, zlib.DEFLATED, -zlib.MAX_WBITS)
    check = packed = length = 0
    for piece in (content,) if isinstance(content, bytes) else content:
        check, length = zlib.crc32(piece, check), length + len(piece)
        packed += out.write(packer.compress(piece))
    packed += out.write(packer.flush())
    return check, packed, length


def _finish(out: IO[bytes], records: list[bytes], comment: bytes) -> None:
    at, directory = out.tell(), b"".join(records)
    out.write(directory)
    out.write(_END.pack(b"PK\x05\x06", 0, 0, len(records), len(records), len(directory), at, len(comment)) + comment)
