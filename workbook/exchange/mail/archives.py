"""A zip archive in the mail: its entries under their own names, unpacked within bounds, written nowhere."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import NamedTuple

from workbook.exchange.mail.names import text_of
from workbook.reading.package import MOST_PARTS, Package
from workbook.reading.sniff import ASK_AGAIN, Unusable

_UTF8, _LOCKED = 0x800, 1
_UNICODE_PATH = 0x7075
_NOISE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


class Entry(NamedTuple):
    """One file in an archive: its name as meant, its size unpacked, whether a password locks it."""

    name: str
    size: int
    locked: bool


class Archive(NamedTuple):
    """A zip archive and its files, in order."""

    package: Package
    entries: tuple[Entry, ...]

    def read(self, index: int) -> bytes:
        """The bytes of an entry; raises Unusable where it is broken, locked, or swells beyond all measure."""
        return self.package.read(str(index))


def open_archive(data: bytes) -> Archive:
    """The files of a zip archive; raises Unusable where its directory cannot be read or lists too many."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OverflowError, EOFError):
        raise Unusable(f"压缩包不完整，打不开。{ASK_AGAIN}") from None
    if len(infos) > MOST_PARTS:
        raise Unusable(f"压缩包里有 {len(infos)} 个文件，多得不正常，没有打开。{ASK_AGAIN}")
    named = [(entry_name(info), info) for info in infos if not info.is_dir()]
    kept = [(name, info) for name, info in named if not _is_noise(name)]
    package = Package(data, {str(index): info for index, (_, info) in enumerate(kept)})
    entries = tuple(Entry(name, info.file_size, bool(info.flag_bits & _LOCKED)) for name, info in kept)
    return Archive(package, entries)


def entry_name(info: zipfile.ZipInfo) -> str:
    """The name of a zip entry: UTF-8 where the archive says so, else the Unicode name beside it (Info-ZIP 0x7075),
    else its raw bytes as UTF-8 or GB18030."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    return _unicode_path(info.extra, raw) or text_of(raw)


def _unicode_path(extra: bytes, raw: bytes) -> str:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4:at + 4 + length]
        if kind == _UNICODE_PATH and len(field) > 5 and struct.unpack_from("<I", field, 1)[0] == zlib.crc32(raw):
            return text_of(field[5:])
        at += 4 + length
    return ""


def _is_noise(name: str) -> bool:
    """What macOS and Windows leave in archives by themselves."""
    return name.startswith(_NOISE[0]) or name.replace("\\", "/").rpartition("/")[2] in _NOISE[1:]
