"""A workbook of nearly everything that a clerk's file may hold beside cells: what patching must not lose."""

from __future__ import annotations

import functools
import io
import struct
import zipfile
import zlib
from typing import Any

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PERSON = "{11111111-2222-3333-4444-555555555555}"
THREAD = "{99999999-2222-3333-4444-555555555555}"
THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
HEADERS = ("编号", "任务名称", "状态", "完成时限", "参与（人次）")


@functools.cache
def rich_book() -> bytes:
    """The sheets 任务 (nearly everything), 图表, 隐藏 and 深藏 (very hidden)."""
    return with_parts(_written())


def _written() -> bytes:
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        furnish(book, "任务")
    return buffer.getvalue()


def furnish(book: Any, first: str) -> Any:
    """Add the four sheets to a workbook that XlsxWriter is making; the first of them, under this name."""
    sheet, charts, hidden, deep = (book.add_worksheet(name) for name in (first, "图表", "隐藏", "深藏"))
    _fill(book, sheet)
    _decorate(book, sheet)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"={first}!$E$2:$E$7"})
    charts.insert_chart("B2", chart)
    charts.insert_image("B20", "点.png", {"image_data": io.BytesIO(_picture())})
    charts.write_comment("A1", "图表页的批注", {"author": "王"})
    hidden.hide()
    hidden.write("A1", "藏")
    deep.very_hidden()
    book.define_name("区域", f"={first}!$A$1:$E$7")
    book.define_name("隐藏!本页", "=隐藏!$A$1")
    return sheet


def _fill(book: Any, sheet: Any) -> None:
    day = book.add_format({"num_format": "yyyy年m月d日", "border": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    yellow = book.add_format({"bg_color": "#FFFF00", "bold": True, "font_color": "#C00000"})
    for row in range(1, 7):
        sheet.write_row(row, 0, [f"R{row}", f"任务{row}"])
        sheet.write(row, 2, "已完成" if row % 2 else "办结", yellow)
        sheet.write_number(row, 3, 45000 + row, day)
        sheet.write_formula(row, 4, f"=ROW()*{row}", money, row * (row + 1))
    sheet.add_table("A1:E7", {"columns": [{"header": header} for header in HEADERS], "name": "任务表"})
    sheet.merge_range("A10:B11", "合并的一格", yellow)
    sheet.set_column("B:B", 40, book.add_format({"text_wrap": True}))


def _decorate(book: Any, sheet: Any) -> None:
    red = book.add_format({"bg_color": "#FFC7CE"})
    sheet.conditional_format("E2:E7", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("C2:C7", {"type": "formula", "criteria": '=$C2="办结"', "format": red})
    sheet.add_sparkline("F2", {"range": f"{sheet.name}!E2:E7"})
    sheet.data_validation("C2:C7", {"validate": "list", "source": ["已完成", "进行中"]})
    sheet.write_comment("B3", "已与王科长核对", {"author": "王"})
    sheet.write_comment("B4", "[线程批注] 请核对", {"author": f"tc={THREAD}"})
    sheet.protect("", {"autofilter": True})
    sheet.freeze_panes(1, 0)
    sheet.set_header("&C临溪县民政局")


def with_parts(data: bytes) -> bytes:
    """The package, whose first sheet is the furnished one, with what is put in by hand: threaded comments, persons,
    custom XML and a ribbon.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    _relate(parts, "xl/worksheets/_rels/sheet1.xml.rels", "http://schemas.microsoft.com/office/2017/10/relationships/"
            "threadedComment", "../threadedComments/threadedComment1.xml")
    _relate(parts, "xl/_rels/workbook.xml.rels", "http://schemas.microsoft.com/office/2017/10/relationships/person",
            "persons/person.xml")
    _relate(parts, "xl/_rels/workbook.xml.rels", f"{OFFICE}/customXml", "../customXml/item1.xml")
    _relate(parts, "_rels/.rels", "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
            "customUI/customUI14.xml")
    _declare(parts, "xl/threadedComments/threadedComment1.xml", "application/vnd.ms-excel.threadedcomments+xml")
    _declare(parts, "xl/persons/person.xml", "application/vnd.ms-excel.person+xml")
    parts |= {
        "xl/threadedComments/threadedComment1.xml": f'<ThreadedComments xmlns="{THREADED}"><threadedComment ref="B4" '
        f'dT="2025-03-08T08:00:00.00" personId="{PERSON}" id="{THREAD}"><text>请核对</text></threadedComment>'
        "</ThreadedComments>".encode(),
        "xl/persons/person.xml": f'<personList xmlns="{THREADED}"><person displayName="王" id="{PERSON}" userId="王" '
                                 'providerId="None"/></personList>'.encode(),
        "customXml/item1.xml": "<台账 xmlns='urn:x'>甲</台账>".encode(),
        "customUI/customUI14.xml": b'<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon>'
                                   b'<tabs><tab id="t" label="x"/></tabs></ribbon></customUI>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _relate(parts: dict[str, bytes], place: str, kind: str, target: str) -> None:
    number = parts[place].count(b"<Relationship ") + 20
    new = f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/></Relationships>'
    parts[place] = parts[place].replace(b"</Relationships>", new.encode())


def _declare(parts: dict[str, bytes], name: str, kind: str) -> None:
    new = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", new.encode())


def _picture() -> bytes:
    """A red dot as PNG."""
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress((b"\0" + b"\xc0\0\0" * 8) * 8)) \
        + chunk(b"IEND", b"")
