"""Notes on cells: read from .xlsx (old and threaded) and .ods, and looked through for what must not travel."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from tests.planting import clean, new_findings, sheet_of
from workbook.patching.marking import BEGIN, note_text
from workbook.raw import RawBook
from workbook.reading.reader import read

IDENTITY = "11010519491231002X"
THREADED = ('<?xml version="1.0" encoding="UTF-8"?><ThreadedComments '
            'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
            '<threadedComment ref="C3" id="{1}" personId="{2}"><text>打 13800138000 问一问</text></threadedComment>'
            "</ThreadedComments>")
THREADED_KIND = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
ODS_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="甲"><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
    '<table:table-cell office:value-type="string"><office:annotation><dc:creator>老张</dc:creator>'
    "<text:p>先放一放</text:p><text:p>月底再填</text:p></office:annotation><text:p>值</text:p></table:table-cell>"
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)


def _noted(path: Path) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "甲"
    sheet["B2"], sheet["C3"] = "值", "又一个"
    sheet["B2"].comment = Comment(f"证号 {IDENTITY}\n已核对", "老张")
    book.save(path)
    return path.read_bytes()


def _with_part(data: bytes, target: str, kind: str, content: str) -> bytes:
    """The workbook with one more part related to its first sheet."""
    listed, packed = "xl/worksheets/_rels/sheet1.xml.rels", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == listed:
                added = f'<Relationship Id="rIdX" Type="{kind}" Target="../{target}"/></Relationships>'
                text = text.replace(b"</Relationships>", added.encode())
            new.writestr(name, text)
        new.writestr(f"xl/{target}", content)
    return packed.getvalue()


def test_notes_are_read_only_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    _noted(path)
    assert read(path).sheets[0].notes == {}
    assert read(path, notes=True).sheets[0].notes == {(2, 2): f"证号 {IDENTITY}\n已核对"}


def test_threaded_comments_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(_with_part(_noted(path), "threadedComments/threadedComment1.xml", THREADED_KIND, THREADED))
    assert read(path, notes=True).sheets[0].notes[3, 3] == "打 13800138000 问一问"


def test_notes_of_an_ods_are_read_and_are_no_part_of_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:'
                         'xmlns:manifest:1.0"/>')
        package.writestr("content.xml", ODS_CONTENT)
    sheet = read(path, notes=True).sheets[0]
    assert sheet.notes == {(3, 3): "老张\n先放一放\n月底再填"}
    assert sheet.rows[2][2] == "值"


def _with_note(text: str) -> RawBook:
    book = clean()
    sheet = sheet_of(book, "活动")._replace(notes={(5, 2): text})
    return book._replace(sheets=tuple(sheet if one.name == sheet.name else one for one in book.sheets))


@pytest.mark.parametrize(("code", "text", "shown"), [
    ("P001", f"证号 {IDENTITY}", "11010********002X"),
    ("P004", "打 13800138000 问一问", "138****8000"),
    ("P006", "未成年人张小明（化名不详）由村委会照看", "张"),
    ("P008", "见 机密★三年 文件", "机密★"),
], ids=["身份证号", "手机号码", "姓名和处境", "密级标志"])
def test_what_must_not_travel_is_found_in_a_note(code: str, text: str, shown: str) -> None:
    found = [one for one in new_findings(_with_note(text)) if one.code == code]
    assert [one.where for one in found] == ["活动!B5"]
    assert "在批注里" in found[0].message
    assert shown in found[0].message
    assert not any(number in found[0].message for number in (IDENTITY, "13800138000"))


def test_a_plain_note_says_nothing() -> None:
    assert new_findings(_with_note("2025年12月31日前补填，问办公室（0359-1234567）")) == []


def test_a_secrecy_mark_in_the_file_name_is_found() -> None:
    found = new_findings(clean()._replace(path="往来/秘密★一年 台账.xlsx"))
    assert [one.code for one in found] == ["P008"]
    assert "在文件名里" in found[0].message


def test_what_a_mark_says_of_a_cell_is_not_found_again() -> None:
    told = [one for one in new_findings(_with_note("见 机密★三年 文件")) if one.code == "P008"]
    assert new_findings(_with_note(f"{BEGIN}\n{note_text(told)}")) == []
    both = new_findings(_with_note(f"打 13800138000 问\n{BEGIN}\n{note_text(told)}"))
    assert [one.code for one in both] == ["P004"]
