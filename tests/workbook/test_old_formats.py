"""What is no .xlsx but holds a workbook all the same: .xls and .ods, recognized by content."""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path

import pytest
from odd_files import compound, record, rows_of, small_compound, xls_error, xls_number, xls_stream, zipped

from workbook.findings import Refusal
from workbook.raw import ErrorValue
from workbook.reading.reader import read

DAY = dt.date(2025, 3, 31)


def test_an_xls_is_read_with_its_dates_and_error_values(tmp_path: Path) -> None:
    cells = (xls_number(0, 0, 45747, 1), xls_number(0, 1, 45747, 2), xls_number(0, 2, 7.5), xls_error(2, 1, 0x17),
             record(0x0006, bytes((3, 0, 0, 0, 0, 0, 2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF)) + bytes(8)))
    path = tmp_path / "旧台账.xlsx"
    path.write_bytes(compound(Workbook=xls_stream(*cells, formats=(0, 14, 31))))
    found = read(path)
    assert found.sheets[0].name == "甲"
    assert found.sheets[0].rows == [[DAY, DAY, 7.5], [None] * 3, [None, ErrorValue("#REF!"), None],
                                    [ErrorValue("#N/A"), None, None]]


@pytest.mark.parametrize("cell", [
    xls_number(0, 0, -1.25),
    record(0x027E, struct.pack("<HHHi", 0, 0, 0, (-125 << 2) | 3)),
    record(0x00BD, struct.pack("<HHHiHiH", 0, 0, 0, (-125 << 2) | 3, 0, 8, 1)),
    record(0x0006, struct.pack("<HHHdHI", 0, 0, 0, -1.25, 0, 0) + struct.pack("<H", 0)),
], ids=["NUMBER", "RK", "MULRK", "FORMULA"])
def test_a_negative_number_in_an_xls_is_no_time_of_day(cell: bytes, tmp_path: Path) -> None:
    data = compound(Workbook=xls_stream(cell, xls_number(1, 0, 0.5), formats=(14,)))
    assert [line[0] for line in rows_of(data, tmp_path)] == [-1.25, dt.time(12)]


def test_a_small_xls_is_read(tmp_path: Path) -> None:
    data = small_compound("Workbook", xls_stream(xls_number(0, 0, 5), xls_error(1, 0, 0x07)))
    assert rows_of(data, tmp_path) == [[5], [ErrorValue("#DIV/0!")]]


def test_an_xls_of_1904(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    stream = xls_stream(xls_number(0, 0, 44285, 1), formats=(0, 14), global_records=record(0x0022, b"\1\0"))
    path.write_bytes(compound(Workbook=stream))
    assert (read(path).epoch1904, read(path).sheets[0].rows) == (True, [[DAY]])


def ods(*rows: str) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" '
               f'xmlns:text="{office}text:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:'
               f'xmlns:calcext:1.0"><office:body><office:spreadsheet><table:table table:name="甲">{"".join(rows)}'
               "</table:table></office:spreadsheet></office:body></office:document-content>")
    manifest = ('<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                '<manifest:file-entry manifest:full-path="/" manifest:media-type="x"/></manifest:manifest>')
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content,
                   "META-INF/manifest.xml": manifest})


TEXT_CELL = '<table:table-cell office:value-type="string"><text:p>编号</text:p></table:table-cell>'
DATE_CELL = '<table:table-cell office:value-type="date" office:date-value="2025-03-31"/>'
NUMBER_CELL = '<table:table-cell office:value-type="float" office:value="5" {}/>'
WIDE, TALL = 'table:number-columns-repeated="16000"', 'table:number-rows-repeated="1000000"'


def test_an_ods_is_read(tmp_path: Path) -> None:
    data = ods(f'<table:table-row>{TEXT_CELL}{DATE_CELL}<table:table-cell {WIDE}/></table:table-row>',
               f'<table:table-row {TALL}><table:table-cell {WIDE}/></table:table-row>')
    assert rows_of(data, tmp_path) == [["编号", DAY]]


@pytest.mark.parametrize(("rows", "said"), [
    ((f"<table:table-row>{NUMBER_CELL.format(WIDE)}</table:table-row>" * 400,), "大得不正常"),
    ((f'<table:table-row {TALL}>{NUMBER_CELL.format("")}{TEXT_CELL * 9}</table:table-row>',), "大得不正常"),
    (("<table:table-row/>", f"<table:table-row>{TEXT_CELL}"
      '<table:table-cell office:value-type="string" calcext:value-type="error"/></table:table-row>'), "B2 是错误值"),
    ((f'<table:table-row table:number-rows-repeated="{2**32}"/><table:table-row>{TEXT_CELL}</table:table-row>',),
     "大得不正常"),
], ids=["太宽", "太高", "错误值", "前面的空行太多"])
def test_an_ods_that_cannot_be_read_right_is_refused(rows: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=said):
        rows_of(ods(*rows), tmp_path)
