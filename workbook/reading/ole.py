"""The old Office container (OLE2, [MS-CFB]): which streams a file holds and their bytes.

Every chain is followed once at most, so a crafted file cannot lead in circles.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from workbook.reading.sniff import ASK_AGAIN, CHECK_FILE, SAVE_AS, Unusable, not_a_workbook

_LAST_SECTOR = 0xFFFFFFFA
_SMALL_STREAM = 4096
_SMALL_SECTOR = 64
_ENTRY = 128
_ROOT = "Root Entry"
_STORAGE, _STREAM, _DEEPEST = 1, 2, 40
_DAMAGED = "文件已损坏（旧版 Office 的目录读不出来）。" + ASK_AGAIN

_OTHERS = (
    ("WordDocument", "Word 97-2003 文档", CHECK_FILE),
    ("PowerPoint Document", "PowerPoint 97-2003 演示文稿", CHECK_FILE),
    ("__properties_version1.0", "Outlook 邮件（.msg）", "请在 Outlook 里另存其中的附件。"),
    ("VisioDocument", "Visio 图", CHECK_FILE),
)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder of an OLE2 file: its streams and the folders in it, by name."""

    streams: dict[str, _Entry]
    storages: dict[str, Storage]


@dataclass(frozen=True)
class Compound:
    """One OLE2 file: `fat` links its sectors, `small_fat` the small ones; `entries` are its streams by name,
    `listing` its directory as stored.
    """

    data: bytes
    sector: int
    fat: tuple[int, ...]
    small_fat: tuple[int, ...]
    entries: dict[str, _Entry]
    listing: bytes

    def stream(self, name: str) -> bytes:
        """A stream's bytes; raises Unusable where it is cut off."""
        return self.content(self.entries[name])

    def content(self, entry: _Entry) -> bytes:
        """The bytes of a stream of this file; raises Unusable where it is cut off."""
        if entry.size >= _SMALL_STREAM or entry.name == _ROOT:
            content = _joined(self.data, self.sector, _chain(entry.start, self.fat))
        else:
            box = self.stream(_ROOT)
            starts = [number * _SMALL_SECTOR for number in _chain(entry.start, self.small_fat)]
            content = b"".join(box[start:start + _SMALL_SECTOR] for start in starts)
        if len(content) < entry.size:
            raise Unusable(_DAMAGED)
        return content[:entry.size]


def open_compound(data: bytes) -> Compound:
    """Read the directory of an OLE2 file; raises Unusable where it is damaged."""
    try:
        sector = 1 << struct.unpack_from("<H", data, 30)[0]
        if sector not in (512, 4096):
            raise Unusable(_DAMAGED)
        fat = _fat(data, sector)
        directory, small, small_count = struct.unpack_from("<I8xII", data, 48)
        listing = _joined(data, sector, _chain(directory, fat))
        if len(listing) % _ENTRY:
            raise Unusable(_DAMAGED)
        entries = _entries(listing)
        small_listing = _joined(data, sector, _chain(small, fat))
        _chain(entries[_ROOT].start, fat)
        if small_count * sector > len(data) or any(entry.size > len(data) for entry in entries.values()):
            raise Unusable(_DAMAGED)
        return Compound(data, sector, fat, struct.unpack(f"<{len(small_listing) // 4}I", small_listing), entries,
                        listing)
    except (struct.error, IndexError, KeyError):
        raise Unusable(_DAMAGED) from None


def storage_of(compound: Compound) -> Storage:
    """The folders of an OLE2 file from its root; raises Unusable where they lead in circles or nowhere."""
    seen: set[int] = set()
    try:
        return _storage(compound.listing, struct.unpack_from("<I", compound.listing, 76)[0], seen, 0)
    except struct.error:
        raise Unusable(_DAMAGED) from None


def _storage(listing: bytes, first: int, seen: set[int], depth: int) -> Storage:
    """The folder whose entries hang as a tree on `first` ([MS-CFB] 2.6.4)."""
    found, waiting = Storage({}, {}), [first]
    if depth > _DEEPEST:
        raise Unusable(_DAMAGED)
    while waiting:
        number = waiting.pop()
        if number >= _LAST_SECTOR:
            continue
        if number in seen:
            raise Unusable(_DAMAGED)
        seen.add(number)
        at = number * _ENTRY
        length, kind, left, right, child, start, size = struct.unpack_from("<HBxIII36xII", listing, at + 64)
        name = listing[at:at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        waiting += [left, right]
        if kind == _STORAGE:
            found.storages[name] = _storage(listing, child, seen, depth + 1)
        elif kind == _STREAM:
            found.streams[name] = _Entry(name, start, size)
    return found


def workbook_stream(compound: Compound) -> str:
    """The name of the stream that holds an .xls workbook; raises Unusable, saying what the file is instead."""
    names = compound.entries
    if "EncryptedPackage" in names:
        raise Unusable("有打开密码，读不了。请在 Excel 里打开，在“文件—信息—保护工作簿”里去掉密码，保存后再试。")
    for name in ("Workbook", "Book"):
        if name in names:
            return name
    for stream, what, advice in _OTHERS:
        if stream in names:
            raise not_a_workbook(what, advice)
    raise not_a_workbook("别的旧版 Office 文件", SAVE_AS)


def _fat(data: bytes, sector: int) -> tuple[int, ...]:
    """The table that names each sector's next one; it is itself spread over sectors that the header lists."""
    listed = list(struct.unpack_from("<109I", data, 76))
    more, seen = struct.unpack_from("<I", data, 68)[0], set()
    while more < _LAST_SECTOR:
        if more in seen:
            raise Unusable(_DAMAGED)
        seen.add(more)
        *numbers, more = struct.unpack_from(f"<{sector // 4}I", data, (more + 1) * sector)
        listed += numbers
    count = struct.unpack_from("<I", data, 44)[0]
    used = [number for number in listed if number < _LAST_SECTOR]
    if count != len(used) or count > len(data) // sector + 1 or len(set(used)) != count:
        raise Unusable(_DAMAGED)
    return tuple(link for number in used
                 for link in struct.unpack_from(f"<{sector // 4}I", data, (number + 1) * sector))


def _joined(data: bytes, sector: int, chain: list[int]) -> bytes:
    return b"".join(data[(number + 1) * sector:(number + 2) * sector] for number in chain)


def _chain(first: int, fat: tuple[int, ...]) -> list[int]:
    chain: list[int] = []
    while first < _LAST_SECTOR:
        if len(chain) > len(fat) or first >= len(fat):
            raise Unusable(_DAMAGED)
        chain.append(first)
        first = fat[first]
    return chain


def _entries(listing: bytes) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for at in range(0, len(listing), _ENTRY):
        length, = struct.unpack_from("<H", listing, at + 64)
        start, size = struct.unpack_from("<II", listing, at + 116)
        if at == 0 or 2 <= length <= 64:
            name = listing[at:at + length - 2].decode("utf-16-le", "replace") if at else _ROOT
            entries.setdefault(name, _Entry(name, start, size))
    return entries
