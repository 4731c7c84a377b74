"""How a marked file goes back to what it was, byte for byte: the inverse of every change, kept in 校验结果.

It stands in an XML comment behind the sheet, which every program ignores and which
is gone once another program has saved the file. It holds no values of cells.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib

from workbook.patching.package_edit import Undo
from workbook.patching.xmlbytes import Splice, spliced
from workbook.reading.package import Package

_MARK = re.compile(rb"<!--taizhang ([A-Za-z0-9+/=]+)-->")
_LARGEST = 64 << 20


def as_comment(undo: Undo) -> bytes:
    """The comment that carries a record."""
    parts = {name: [check, [[start, end, old.decode("latin-1")] for start, end, old in splices]]
             for name, (check, splices) in undo.parts.items()}
    text = json.dumps({"parts": parts, "added": undo.added}, ensure_ascii=True, separators=(",", ":"))
    return b"<!--taizhang " + base64.b64encode(zlib.compress(text.encode(), 6)) + b"-->"


def is_recorded(sheet: bytes) -> bool:
    return _MARK.search(sheet) is not None


def recorded(sheet: bytes) -> Undo | None:
    """The record in a sheet's bytes; None where there is none."""
    match = _MARK.search(sheet)
    if match is None:
        return None
    try:
        inflater = zlib.decompressobj()
        held = json.loads(inflater.decompress(base64.b64decode(match[1]), _LARGEST))
        parts = {str(name): (int(check), [Splice(int(start), int(end), str(old).encode("latin-1"))
                                          for start, end, old in splices])
                 for name, (check, splices) in held["parts"].items()}
        return Undo(parts, [str(name) for name in held["added"]])
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return None


def restored(package: Package, undo: Undo) -> dict[str, bytes | None] | None:
    """The parts as they were; None where one of them has been changed since."""
    changed: dict[str, bytes | None] = dict.fromkeys(undo.added)
    for name, (check, splices) in undo.parts.items():
        data = package.read(name) if package.has(name) else b""
        if zlib.crc32(data) != check:
            return None
        changed[name] = spliced(data, splices)
    return changed if all(map(package.has, undo.added)) else None
