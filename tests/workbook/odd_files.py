"""Workbook files made by hand, part by part, so that any part can be wrong; and the old containers."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from workbook.raw import RawValue
from workbook.reading.plaintext import Odd
from workbook.reading.reader import read

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
WORKBOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
TWO_CELLS = ('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
             '<row r="2"><c r="A2" t="inlineStr"><is><t>RW-001</t></is></c></row>')


def relations(*targets: tuple[str, str]) -> str:
    rows = "".join(f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
                   for number, (kind, target) in enumerate(targets, 1))
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'


def sheet_xml(rows: str = TWO_CELLS, before: str = "", after: str = "") -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def prefixed(text: str) -> str:
    """A sheet whose elements all carry a prefix, as some .NET programs write it."""
    for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t", "mergeCells", "mergeCell"):
        text = text.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
        text = text.replace(f"</{name}>", f"</x:{name}>")
    return text.replace("xmlns=", "xmlns:x=")


def strings_xml(*items: str, count: int | None = None) -> str:
    body = "".join(f"<si><t>{item}</t></si>" for item in items)
    return f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(items) if count is None else count}">{body}</sst>'


def workbook_xml(sheets: str = '<sheet name="任务" sheetId="1" r:id="rId1"/>', before: str = "") -> str:
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheets>{sheets}</sheets></workbook>'


def styles_xml(*formats: int, codes: Mapping[int, str] | None = None) -> str:
    declared = "".join(f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in (codes or {}).items())
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in formats)
    return (f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{declared}</numFmts>'
            f'<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>')


def parts(**changed: str | bytes | None) -> dict[str, str | bytes]:
    """The parts of a sound workbook with the cells A1 任务编号 and A2 RW-001; None leaves a part out."""
    given: dict[str, str | bytes | None] = {
        "root": relations(("officeDocument", "xl/workbook.xml")),
        "workbook": workbook_xml(),
        "links": relations(("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"),
                           ("styles", "styles.xml")),
        "sheet": sheet_xml(),
        "strings": strings_xml("任务编号"),
        "styles": styles_xml(0),
    } | changed
    names = {"root": "_rels/.rels", "workbook": WORKBOOK, "links": "xl/_rels/workbook.xml.rels",
             "sheet": SHEET, "strings": STRINGS, "styles": STYLES}
    return {names[key]: content for key, content in given.items() if content is not None}


def zipped(files: Mapping[str, str | bytes], *more: tuple[str, str | bytes], stored: bool = False) -> bytes:
    """A zip file; `more` may repeat a name."""
    buffer, method = io.BytesIO(), zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in [*files.items(), *more]:
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, method)
    return buffer.getvalue()


def book(**changed: str | bytes | None) -> bytes:
    return zipped(parts(**changed))


def rows_of(data: bytes, folder: Path) -> list[list[RawValue]]:
    """What the reader makes of the first sheet of a file with this content."""
    path = folder / "台账.xlsx"
    path.write_bytes(data)
    return read(path).sheets[0].rows


def only_thorough(patch: pytest.MonkeyPatch) -> None:
    """Let nothing in an .xlsx be taken for plain."""
    def odd(*_: object, **__: object) -> None:
        raise Odd
    patch.setattr("workbook.reading.plainsheet.read_plain", odd)
    patch.setattr("workbook.reading.stringsxml.plain_strings", odd)


def compound(**streams: bytes) -> bytes:
    """An OLE2 file with sectors of 512 bytes; every stream is padded beyond the small ones."""
    chains: list[int] = []
    body, entries = b"", [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")
        entries.append(_entry(name, 2, len(chains), len(content)))
        body += _sectors(content, chains)
    return _container(body, chains, entries)


def small_compound(name: str, content: bytes) -> bytes:
    """An OLE2 file whose one stream is small, so that it lies in the root's own stream."""
    chains: list[int] = []
    count = -(-len(content) // 64)
    links = struct.pack(f"<{count}I", *range(1, count), 0xFFFFFFFE)
    body = _sectors(content.ljust(count * 64, b"\0"), chains)
    start = len(chains)
    body += _sectors(links.ljust(512, b"\xff"), chains)
    entries = [_entry("Root Entry", 5, 0, count * 64), _entry(name, 2, 0, len(content))]
    return _container(body, chains, entries, (start, 1))


def _sectors(content: bytes, chains: list[int]) -> bytes:
    start, count = len(chains), -(-len(content) // 512)
    chains += [*range(start + 1, start + count), 0xFFFFFFFE]
    return content.ljust(count * 512, b"\0")


def _container(body: bytes, chains: list[int], entries: list[bytes], small: tuple[int, int] = (0xFFFFFFFE, 0)) -> bytes:
    directory = len(chains)
    body += _sectors(b"".join(entries), chains)
    first, tables = len(chains), -(-(len(chains) + 1) // 127)
    chains += [0xFFFFFFFD] * tables
    chains += [0xFFFFFFFF] * (tables * 128 - len(chains))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, directory, 0, 4096, *small, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", *range(first, first + tables), *[0xFFFFFFFF] * (109 - tables))
    return header + body + struct.pack(f"<{len(chains)}I", *chains)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    siblings = struct.pack("<III", none, none, 1) if kind == 5 else struct.pack("<III", none, none, none)
    return text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + siblings + bytes(36) + struct.pack(
        "<IQ", start, size)


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def xls_stream(
    *cells: bytes, formats: tuple[int, ...] = (0,), global_records: bytes = b"", begins: int | None = None
) -> bytes:
    """The records of an .xls workbook (BIFF8) with one sheet, 甲, which may be said to begin elsewhere.

    `formats` are the number formats of its styles.
    """
    name = "甲".encode("utf-16-le")
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6)
    styles = b"".join(record(0x00E0, struct.pack("<HH", 0, number) + bytes(16)) for number in formats)
    start = record(0x0809, begin) + global_records + record(0x0042, struct.pack("<H", 1200)) + styles
    length = len(start) + len(record(0x0085, bytes(6) + b"\1\1" + name)) + len(record(0x000A))
    listed = record(0x0085, struct.pack("<IBB", length if begins is None else begins, 0, 0) + b"\1\1" + name)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    return start + listed + record(0x000A) + sheet + b"".join(cells) + record(0x000A)


def xls_number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def xls_error(row: int, column: int, code: int) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))
