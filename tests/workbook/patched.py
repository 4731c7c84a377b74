"""Packages for the tests of patching: built part by part, and read back part by part."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from tests.workbook.odd_files import OFFICE, parts, relations, sheet_xml, styles_xml, workbook_xml, zipped
from workbook.findings import Cell, Finding, Severity
from workbook.raw import RawBook
from workbook.reading.reader import read

FORMATS = (0, 9, 14, 49)
"""The styles of `book`: 0 general, 1 percent, 2 date, 3 text."""
SHARED = ('<row r="1" spans="1:3"><c r="A1" t="inlineStr"><is><t>编号</t></is></c><c r="B1" t="inlineStr"><is><t>数</t>'
          '</is></c></row><row r="2" spans="1:3"><c r="A2" s="3" t="inlineStr"><is><t>R1</t></is></c>'
          '<c r="B2"><f t="shared" ref="B2:B4" si="0">A2+$A$1</f><v>3</v></c><c r="C2" s="2"><v>45000</v></c></row>'
          '<row r="3"><c r="B3"><f t="shared" si="0"/><v>4</v></c></row>'
          '<row r="4"><c r="B4"><f t="shared" si="0"/><v>5</v></c></row>'
          '<row r="6"/>')


def book(rows: str = SHARED, before: str = "", after: str = "", **changed: str | bytes | None) -> bytes:
    """A workbook with the sheets 任务 (of these rows) and 别的."""
    sheets = '<sheet name="任务" sheetId="1" r:id="rId1"/><sheet name="别的" sheetId="7" r:id="rId2"/>'
    given = parts(
        workbook=workbook_xml(sheets), styles=styles_xml(*FORMATS), sheet=sheet_xml(rows, before, after),
        links=relations(("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet9.xml"),
                        ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")),
    ) | {"xl/worksheets/sheet9.xml": sheet_xml(), "[Content_Types].xml": types()}
    return zipped(given | {name: content for name, content in changed.items() if content is not None})


def types(*overrides: str) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet9.xml" ContentType="{kind}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{"".join(overrides)}</Types>')


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def differing(one: bytes, other: bytes) -> set[str]:
    """The parts of two packages that are not the same."""
    first, second = unpacked(one), unpacked(other)
    return {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}


def read_back(data: bytes, folder: Path, *, formulas: bool = False) -> RawBook:
    path = folder / "台账.xlsx"
    path.write_bytes(data)
    return read(path, formulas=formulas)


def grown(raw: RawBook) -> dict[Cell, object]:
    """What stands in the cells."""
    return {Cell(sheet.name, row, column): value for sheet in raw.sheets for row, values in enumerate(sheet.rows, 1)
            for column, value in enumerate(values, 1) if value is not None}


def finding(place: Cell | None, code: str = "C001", severity: Severity = Severity.ERROR) -> Finding:
    return Finding(code, severity, "“任务名称”没有填。", "请补填。", "常识", place, "任务", "任务名称", "R1", "")


__all__ = ["OFFICE", "book", "differing", "finding", "grown", "read_back", "types", "unpacked"]
