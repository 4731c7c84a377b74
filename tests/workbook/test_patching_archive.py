"""A package with some parts changed: all others as they are packed, under the names they have."""

from __future__ import annotations

import io
import struct
import zipfile

from tests.workbook.patched import unpacked
from workbook.patching.archive import repacked
from workbook.reading.package import open_package


class _Unseekable(io.BytesIO):
    """Makes zipfile write data descriptors, as programs do that write to a stream."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


def streamed(**parts: bytes) -> bytes:
    buffer = _Unseekable()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = "说明".encode()
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10)), content)
    return buffer.getvalue()


def packed(data: bytes, name: str) -> bytes:
    """An entry's header and packed bytes up to the next entry."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        starts = sorted([*(info.header_offset for info in archive.infolist()), archive.start_dir])
        start = archive.getinfo(name).header_offset
    return data[start:starts[starts.index(start) + 1]]


def test_no_change_gives_the_same_bytes() -> None:
    data = streamed(a=b"1" * 99, b=b"2", c=b"3")
    assert repacked(open_package(data), {}) == data


def test_other_parts_keep_their_packed_bytes_data_descriptors_and_places() -> None:
    data = streamed(a=b"1" * 99, b=b"2", c=b"3" * 50)
    new = repacked(open_package(data), {"b": b"changed", "d": b"new"})
    assert unpacked(new) == {"a": b"1" * 99, "b": b"changed", "c": b"3" * 50, "d": b"new"}
    assert [packed(new, name) == packed(data, name) for name in ("a", "b", "c")] == [True, False, True]
    with zipfile.ZipFile(io.BytesIO(new)) as archive:
        assert archive.comment == "说明".encode()
        assert archive.getinfo("b").date_time == (2024, 5, 6, 7, 8, 10)


def test_a_part_left_out_is_gone() -> None:
    assert list(unpacked(repacked(open_package(streamed(a=b"1", b=b"2")), {"A": None}))) == ["b"]


def test_names_in_gbk_stay_as_bytes() -> None:
    data = streamed(**{"xx/yyyy.xml": b"1", "b": b"2"}).replace(b"yyyy", "附件".encode("gbk"))
    new = repacked(open_package(data), {"b": b"changed"})
    assert new.count("附件".encode("gbk")) == 2
    assert new.startswith(packed(data, open_package(data).parts[next(iter(open_package(data).parts))].filename))


def test_entries_with_wide_sizes_survive() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"1")
        with archive.open("wide", "w", force_zip64=True) as part:
            part.write(b"123" * 99)
    data = with_wide_offset(buffer.getvalue())
    assert unpacked(data)["wide"] == b"123" * 99
    new = repacked(open_package(data), {"a": b"something longer than before"})
    assert unpacked(new) == {"a": b"something longer than before", "wide": b"123" * 99}


def with_wide_offset(data: bytes) -> bytes:
    """The last entry's offset as a wide number, which programs may write for any."""
    at = data.rindex(b"PK\x01\x02")
    end, offset = data.rindex(b"PK\x05\x06"), data[at + 42:at + 46]
    extra = struct.pack("<HHQ", 1, 8, *struct.unpack("<I", offset))
    record = data[at:at + 30] + struct.pack("<H", len(extra)) + data[at + 32:at + 42] + b"\xff" * 4 + b"wide" + extra
    directory = data.index(b"PK\x01\x02")
    size = struct.pack("<I", at - directory + len(record))
    return data[:at] + record + data[end:end + 12] + size + data[end + 16:]
