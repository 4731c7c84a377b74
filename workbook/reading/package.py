"""The zip package of a workbook: looked over before any reader unpacks it.

The directory alone settles most questions (names, sizes, ratios, counts); a part
is unpacked in pieces, and no further than the directory promised.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from workbook.reading.sniff import ASK_AGAIN, CHECK_FILE, SAVE_AS, UNPACK, Unusable, not_a_workbook

MOST_PARTS = 10_000
LARGEST_PART = 256 << 20
SUSPECT_PART, MOST_RATIO = 8 << 20, 100
_PIECE = 1 << 15
_STORED, _DEFLATED = 0, 8
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_TRICK = re.compile(r"(?:\A|/)\.\.(?:/|\Z)|\A/|\A[A-Za-z]:|[\x00-\x1f]")
_TORN = "文件不完整（可能没有下载完或复制完）。请重新下载或复制。"

_FOREIGN = (
    ("word/", "Word 文档", CHECK_FILE),
    ("ppt/", "PowerPoint 演示文稿", CHECK_FILE),
    ("visio/", "Visio 图", CHECK_FILE),
    ("ofd.xml", "OFD 版式文件", "请用填报的 .xlsx 原件。"),
    ("index/", "苹果 Numbers 表格", "请在 Numbers 里导出为 Excel。"),
)


class Package(NamedTuple):
    """A sound zip file: its bytes, and its parts by folded name (/ as separator, lower case)."""

    data: bytes
    parts: dict[str, zipfile.ZipInfo]

    def has(self, part: str) -> bool:
        return fold_name(part) in self.parts

    def size(self, part: str) -> int:
        return self.parts[fold_name(part)].file_size

    def pieces(self, part: str) -> Iterator[bytes]:
        """A part's bytes, piece by piece.

        Raises Unusable where the part is missing, oversized, locked, broken, or
        not as long or not of the check sum that the directory says.
        """
        info = self._info(part)
        length, check = 0, 0
        for piece in _unpacked(self._packed(info), info):
            length += len(piece)
            if length > info.file_size:
                raise broken(part)
            check = zlib.crc32(piece, check)
            yield piece
        if length != info.file_size or check != info.CRC:
            raise broken(part)

    def read(self, part: str) -> bytes:
        """A part's bytes, whole."""
        return b"".join(self.pieces(part))

    def _info(self, part: str) -> zipfile.ZipInfo:
        info = self.parts.get(fold_name(part))
        if info is None:
            raise Unusable(f"文件已损坏（缺少部件 {part}）。{ASK_AGAIN}")
        if info.flag_bits & 1:
            raise Unusable("是加了密码的压缩包，读不了。请解开密码，重新保存再试。")
        if info.compress_type not in (_STORED, _DEFLATED):
            raise Unusable(f"部件 {part} 的压缩方式少见，读不了。{SAVE_AS}")
        bloated = info.file_size > SUSPECT_PART and info.file_size > info.compress_size * MOST_RATIO
        if info.file_size > LARGEST_PART or bloated:
            raise Unusable(f"部件 {part} 解开后有 {info.file_size >> 20} MB，大得不正常，没有读。"
                           "请清除空白行列的格式，另存后再试。")
        return info

    def _packed(self, info: zipfile.ZipInfo) -> memoryview:
        try:
            mark, name, extra = _LOCAL_HEADER.unpack_from(self.data, info.header_offset)
        except struct.error:
            raise broken(info.filename) from None
        start = info.header_offset + _LOCAL_HEADER.size + name + extra
        if mark != b"PK\x03\x04" or start + info.compress_size > len(self.data):
            raise broken(info.filename)
        return memoryview(self.data)[start:start + info.compress_size]


def open_package(data: bytes) -> Package:
    """Look over a zip file's directory; raises Unusable where it is torn or plays tricks."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OverflowError, EOFError):
        raise Unusable(_TORN) from None
    if len(infos) > MOST_PARTS:
        raise Unusable(f"里面有 {len(infos)} 个部件，多得不正常，没有读。{CHECK_FILE}")
    parts: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = fold_name(info.filename)
        if _TRICK.search(name) or name in parts:
            why = "重名" if name in parts else "的名称不正常"
            raise Unusable(f"里面的部件“{info.filename[:60]}”{why}，可能被人改动过，没有读。{ASK_AGAIN}")
        parts[name] = info
    return Package(data, parts)


def foreign(package: Package) -> Unusable:
    """What a zip file is that holds no workbook."""
    for start, what, advice in _FOREIGN:
        if any(name.startswith(start) for name in package.parts):
            return not_a_workbook(what, advice)
    return not_a_workbook("压缩包", UNPACK)


def broken(part: str) -> Unusable:
    return Unusable(f"文件已损坏（部件 {part} 读不出来）。{ASK_AGAIN}")


def fold_name(part: str) -> str:
    """A part's name as compared: some writers use backslashes, none means two parts by case."""
    return part.replace("\\", "/").lower()


def _unpacked(packed: memoryview, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if info.compress_type == _STORED:
        for at in range(0, len(packed), _PIECE):
            yield bytes(packed[at:at + _PIECE])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), _PIECE):
            yield inflater.decompress(packed[at:at + _PIECE])
        yield inflater.flush()
    except zlib.error:
        raise broken(info.filename) from None
