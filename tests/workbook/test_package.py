"""Files that are no workbook, or a broken or hostile one: each is told apart and refused in one sentence."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
from odd_files import (
    SHEET,
    STRINGS,
    book,
    compound,
    parts,
    record,
    relations,
    sheet_xml,
    strings_xml,
    styles_xml,
    workbook_xml,
    xls_number,
    xls_stream,
    zipped,
)

from workbook.findings import Refusal
from workbook.reading.ole import open_compound
from workbook.reading.package import open_package
from workbook.reading.reader import read
from workbook.reading.sniff import Unusable

CSV = "编号,任务名称\r\nRW-001,低保动态核查\r\n"
HTML = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table><td>编号</td></table></body></html>'
XML_2003 = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
ENTITIES = '<!DOCTYPE sst [<!ENTITY a "哈哈哈哈">]>'
CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


def utf16(text: str) -> bytes:
    return text.replace("UTF-8", "UTF-16").encode("utf-16")


def without_check_sum(data: bytes) -> bytes:
    """The sheet's bytes changed, its check sum not."""
    return data.replace(b"RW-001", b"RW-002", 1)


def with_torn_data(data: bytes, part: str) -> bytes:
    at = data.index(part.encode()) + len(part)
    return data[:at] + b"\xff" * 20 + data[at + 20:]


def with_size(data: bytes, part: str, size: int) -> bytes:
    """The directory promises another unpacked size for one part."""
    at = data.rindex(part.encode()) - 46
    assert data[at:at + 4] == b"PK\x01\x02"
    return data[:at + 24] + struct.pack("<I", size) + data[at + 28:]


def docx() -> bytes:
    return zipped({"_rels/.rels": relations(("officeDocument", "word/document.xml")), "word/document.xml": "<a/>"})


NO_WORKBOOK: dict[str, tuple[bytes, str]] = {
    "空文件": (b"", "是空文件"),
    "全是零": (bytes(5000), "是一串零"),
    "Word 文档": (docx(), "是 Word 文档"),
    "演示文稿": (zipped({"ppt/presentation.xml": "<a/>"}), "是 PowerPoint 演示文稿"),
    "OFD": (zipped({"OFD.xml": "<a/>"}), "是 OFD 版式文件"),
    "装着台账的压缩包": (zipped({"台账.xlsx": book()}), "是压缩包）。请先解压"),
    "空压缩包": (b"PK\x05\x06" + bytes(18), "是空的压缩包"),
    "RAR": (b"Rar!\x1a\x07\x00" + bytes(50), "是压缩包）。请先解压"),
    "旧版 Word": (compound(WordDocument=b"x"), "是 Word 97-2003 文档"),
    "Outlook 邮件": (compound(**{"__properties_version1.0": b"x"}), "是 Outlook 邮件"),
    "PDF": (b"%PDF-1.7\n", "是 PDF 文件"),
    "图片": (b"\x89PNG\r\n\x1a\n" + bytes(50), "是图片"),
    "程序": (b"MZ" + bytes(510) + book(), "是程序）。不要打开它"),
    "RTF": (b"{\\rtf1\\ansi", "是 Word 文档（RTF）"),
    "加密软件加密过": (b"b\x14#e\x00\x00E-SafeNet\x00LOCK" + bytes(100), "加密软件加密过"),
    "GBK 的 CSV": (CSV.encode("gb18030"), "是文本或 CSV"),
    "带 BOM 的 CSV": (CSV.encode("utf-8-sig"), "是文本或 CSV"),
    "Unicode 文本": (CSV.replace(",", "\t").encode("utf-16"), "是文本或 CSV"),
    "网页改名为 xls": (HTML.encode("gbk"), "是网页改名的表格"),
    "网页前面有空行": (("\r\n\r\n" + HTML).encode(), "是网页改名的表格"),
    "单个文件的网页": (f"MIME-Version: 1.0\r\nX: 1\r\n\r\n{HTML}".encode(), "是单个文件的网页"),
    "2003 的 XML": (XML_2003.encode("gbk"), "是 Excel 2003 的 XML 表格"),
    "JSON": (b'{"a": 1}', "是 JSON 文件"),
    "认不出": (b"\x07\x01\x02abc", "是认不出的文件"),
    "二进制 xlsb": (book(root=relations(("officeDocument", "xl/workbook.bin"))), "二进制格式 .xlsb"),
}

DAMAGED: dict[str, tuple[bytes, str]] = {
    "只下载了一半": (book()[:600], "文件不完整"),
    "校验和不对": (without_check_sum(zipped(parts(), stored=True)), f"部件 {SHEET} 读不出来"),
    "压缩数据坏了": (with_torn_data(book(), SHEET), f"部件 {SHEET} 读不出来"),
    "解开后比目录说的长": (with_size(book(), SHEET, 10), f"部件 {SHEET} 读不出来"),
    "解开后比目录说的短": (with_size(book(), SHEET, 10_000), f"部件 {SHEET} 读不出来"),
    "目录说大得离谱": (with_size(book(), SHEET, 1 << 30), "解开后有 1024 MB"),
    "几个部件加起来太大": (with_size(with_size(book(), SHEET, 200 << 20), STRINGS, 200 << 20), "解开后有 400 MB"),
    "压缩比大得离谱": (book(sheet=sheet_xml(after=" " * (9 << 20))), "大得不正常"),
    "每一行都写到最右边": (book(sheet=sheet_xml("".join(
        f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 2000)))), "有内容的区域大得不正常"),
    "部件重名": (zipped(parts(), (SHEET, sheet_xml(CELL))), f"部件“{SHEET}”重名"),
    "部件只差大小写": (zipped(parts(), ("xl/Worksheets/Sheet1.xml", sheet_xml())), "重名"),
    "部件名走出文件夹": (zipped(parts(), ("../../坏.txt", "x")), "“../../坏.txt”的名称不正常"),
    "部件名是绝对路径": (zipped(parts(), ("C:\\Windows\\坏.txt", "x")), "的名称不正常"),
    "缺少共享文字": (book(strings=None), "A1 的文字丢失了"),
    "缺少工作表部件": (book(sheet=None), f"工作表“任务”缺少部件 {SHEET}"),
    "工作表没有指向部件": (book(links=relations()), "工作表“任务”没有内容"),
    "没有工作表": (book(workbook=workbook_xml("")), "里面没有工作表"),
    "两张表同名": (book(workbook=workbook_xml('<sheet name="a" r:id="rId1"/><sheet name="A" r:id="rId1"/>')),
                   "有两张工作表都叫“A”"),
    "两千张表": (book(workbook=workbook_xml("".join(f'<sheet name="表{n}" r:id="rId1"/>' for n in range(2000)))),
                 "里面有 2000 张工作表"),
    "文档类型声明在文字里": (book(strings=strings_xml("&a;").replace("<sst", ENTITIES + "<sst")), "文档类型声明"),
    "文档类型声明在工作簿里": (book(workbook=workbook_xml().replace("<workbook", "<!DOCTYPE workbook><workbook")),
                               "文档类型声明"),
    "文档类型声明在工作表里": (book(sheet=sheet_xml().replace("<worksheet", "<!-- - --><!DOCTYPE a><worksheet")),
                               "文档类型声明"),
    "文档类型声明在样式里": (book(styles=styles_xml(0).replace("<styleSheet", "<!DOCTYPE a><styleSheet")),
                             "文档类型声明"),
    "文档类型声明写成 UTF-16": (book(strings=utf16(strings_xml("&a;").replace("<sst", ENTITIES + "<sst"))),
                                "文档类型声明"),
    "UTF-8 里夹着 GBK": (book(strings=strings_xml("任务").encode().replace("任务".encode(), "任务".encode("gbk"))),
                         f"部件 {STRINGS} 读不出来"),
    "XML 不许的控制字符": (book(strings=strings_xml("坏\x0b字")), f"部件 {STRINGS} 读不出来"),
    "工作表里有控制字符": (book(sheet=sheet_xml(CELL.replace("<v>", "<v>\x01"))), f"部件 {SHEET} 读不出来"),
    "XML 没有写完": (book(sheet=sheet_xml()[:-30]), f"部件 {SHEET} 读不出来"),
    "工作表写了两遍": (book(sheet=sheet_xml(CELL, after=f"<sheetData>{CELL}</sheetData>")), "内容写了两遍"),
    "位置写了两遍": (book(sheet=sheet_xml('<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>')), "读不出来"),
    "套了二十万层": (book(sheet=sheet_xml(CELL, after="<a>" * 200_000 + "</a>" * 200_000)), "一层套一层"),
    "登记成了图表": (zipped(parts() | {"[Content_Types].xml": f'<Types><Override PartName="/{SHEET}" ContentType='
                   '"application/vnd.openxmlformats-officedocument.spreadsheetml.chartsheet+xml"/></Types>'}),
                     "登记成了别的部件"),
    "一行写了两遍": (book(sheet=sheet_xml(CELL + CELL)), "A1 出现了两次"),
    "行号超出范围": (book(sheet=sheet_xml('<row r="1"><c r="A1048577"><v>1</v></c></row>')), "超出了 Excel 的范围"),
    "行号长得离谱": (book(sheet=sheet_xml(f'<row r="{"9" * 20}"><c><v>1</v></c></row>')), "超出了 Excel 的范围"),
    "列号超出范围": (book(sheet=sheet_xml('<row r="1"><c r="XFE1"><v>1</v></c></row>')), "超出了 Excel 的范围"),
    "位置看不懂": (book(sheet=sheet_xml('<row r="1"><c r="A-1"><v>1</v></c></row>')), "位置写作“A-1”"),
    "少见的编码": (book(sheet=sheet_xml().replace("UTF-8", "GB2312")), f"部件 {SHEET} 读不出来"),
    "加密的工作簿": (compound(EncryptedPackage=b"x", EncryptionInfo=b"x"), "有打开密码"),
    "加密的 xls": (compound(Workbook=xls_stream(global_records=record(0x002F, bytes(6)))), "有打开密码"),
    "xls 的列超出范围": (compound(Workbook=xls_stream(xls_number(0, 60_000, 1))), "记录读不下去"),
    "xls 的工作表从别处开始": (
        compound(Workbook=xls_stream(global_records=xls_number(0, 60_000, 1), begins=20)), "记录读不下去"),
    "xls 的工作表在文件之外": (compound(Workbook=xls_stream(begins=1 << 30)), "记录读不下去"),
    "xls 的单元格离得太远": (compound(Workbook=xls_stream(xls_number(0, 0, 1), xls_number(65535, 255, 1))),
                             "大得不正常"),
    "xls 声明的范围太大": (compound(Workbook=xls_stream(record(0x0200, struct.pack("<IIHHH", 0, 1 << 31, 0, 9, 0)))),
                           "记录读不下去"),
    "旧容器的目录坏了": (compound(Workbook=b"x")[:700], "旧版 Office 的目录读不出来"),
}


@pytest.mark.parametrize(("data", "said"), NO_WORKBOOK.values(), ids=NO_WORKBOOK)
def test_a_file_that_is_no_workbook_is_named_for_what_it_is(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(data)
    with pytest.raises(Refusal) as refusal:
        read(path)
    assert said in str(refusal.value)
    assert str(refusal.value).startswith(f"{path}：")
    assert str(refusal.value).endswith("。")
    assert "请" in str(refusal.value) or "不要" in str(refusal.value)


@pytest.mark.parametrize(("data", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_or_hostile_workbook_is_refused_with_the_place(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(data)
    with pytest.raises(Refusal) as refusal:
        read(path)
    assert said in str(refusal.value)
    assert str(refusal.value).startswith(f"{path}：")


def test_a_lock_file_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "~$台账.xlsx"
    path.write_bytes(b"\x04test" + bytes(160))
    with pytest.raises(Refusal, match="临时文件"):
        read(path)


def test_a_part_is_unpacked_no_further_than_promised() -> None:
    taken: list[bytes] = []
    with pytest.raises(Unusable):
        taken.extend(open_package(with_size(book(), SHEET, 100)).pieces(SHEET))
    assert sum(map(len, taken)) <= 100


def test_parts_are_found_without_regard_to_case_and_slashes() -> None:
    package = open_package(zipped({name.replace("/", "\\").upper(): part for name, part in parts().items()}))
    assert package.has(SHEET)
    assert package.read("XL\\worksheets/sheet1.xml") == sheet_xml().encode()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_rare_compression_is_named(method: int, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, part in parts().items():
            archive.writestr(name, part)
    with pytest.raises(Refusal, match="压缩方式少见"):
        read(path)


def test_a_stream_that_leads_in_circles_is_damaged() -> None:
    data = bytearray(compound(Workbook=b"x" * 5000))
    table = data.rindex(struct.pack("<II", 1, 2))
    data[table:table + 8] = struct.pack("<II", 1, 0)
    with pytest.raises(Unusable, match="旧版 Office"):
        open_compound(bytes(data)).stream("Workbook")


def test_the_smallest_sound_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "台账.dat"
    path.write_bytes(book())
    assert read(path).sheets[0].rows == [["任务编号"], ["RW-001"]]
