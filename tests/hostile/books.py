"""Workbooks as nobody should send them, each made from a sound ledger, with what must become of it."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from msoffcrypto.format.ooxml import OOXMLFile

from tests.ledgers import HEAD, ONE_CHAPTER
from tests.workbook.came_back import OFFICES, TASKS
from tests.workbook.odd_files import HEAD as XML
from tests.workbook.odd_files import compound
from workbook.reading.unlocking import PASSWORD
from workbook.standard.making import workbook_bytes
from workbook.text import parse

Part = bytes | Iterable[bytes]
STRINGS, BOOK, TYPES = "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml"
_MACROS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_JINJA = "{{ 7*7 }}{% for i in range(10**9) %}x{% endfor %}{{ ''.__class__.__mro__[1].__subclasses__() }}"
_FORMULAS = "=cmd|' /C calc'!A0"
STRICT = {b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
          b"http://schemas.openxmlformats.org/officeDocument/2006/relationships":
          b"http://purl.oclc.org/ooxml/officeDocument/relationships"}


class Hostile(NamedTuple):
    """A file and its verdict: None, read in full and right; a text, refused, and the refusal says so."""

    make: Callable[[], bytes]
    refused: str | None = None
    changed: tuple[str, str] = ("", "")
    quick: bool = False


@cache
def sound() -> bytes:
    """A small standard ledger."""
    lines = "\n".join(line.strip() for line in (OFFICES + TASKS).splitlines())
    return workbook_bytes(parse(HEAD + ONE_CHAPTER + lines, "台账.xlsx"))


@cache
def parts() -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(sound())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def tasks() -> str:
    """The part of the sheet 任务."""
    number = re.findall('<sheet name="([^"]+)"', parts()[BOOK].decode()).index("任务") + 1
    return f"xl/worksheets/sheet{number}.xml"


def packed(files: Mapping[str, Part], *more: tuple[str, Part]) -> bytes:
    """A zip file; what is given in pieces is never held whole."""
    buffer = io.BytesIO()
    with (warnings.catch_warnings(action="ignore"),
          zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive):
        for name, content in [*files.items(), *more]:
            info = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as part:
                for piece in [content] if isinstance(content, bytes) else content:
                    part.write(piece)
    return buffer.getvalue()


def edited(part: str, old: str, new: str) -> Callable[[], bytes]:
    """The ledger with the first `old` of a part replaced; an empty part is the sheet 任务."""

    def make() -> bytes:
        name = part or tasks()
        assert old.encode() in parts()[name], (name, old)
        return packed({**parts(), name: parts()[name].replace(old.encode(), new.encode(), 1)})

    return make


def instead(part: str, content: Callable[[], Part]) -> Callable[[], bytes]:
    return lambda: packed({**parts(), part or tasks(): content()})


def beside(*more: tuple[str, bytes]) -> Callable[[], bytes]:
    return lambda: packed(parts(), *more)


def _many(start: str, piece: bytes, count: int, end: str) -> Iterator[bytes]:
    yield start.encode()
    for _ in range(count):
        yield piece
    yield end.encode()


def _strict() -> bytes:
    def spelled(data: bytes) -> bytes:
        for old, new in STRICT.items():
            data = data.replace(old, new)
        return data
    return packed({name: spelled(data) if name.endswith((".xml", ".rels")) else data for name, data in parts().items()})


def _flipped() -> bytes:
    data = bytearray(sound())
    data[data.find(tasks().encode()) + 60] ^= 0xFF
    return bytes(data)


def _many_sheets() -> bytes:
    sheets = "".join(f'<sheet name="表{n}" sheetId="{n + 900}" r:id="rId1"/>' for n in range(2000))
    return edited(BOOK, "</sheets>", f"{sheets}</sheets>")()


def _styled_rows() -> Iterator[bytes]:
    head, tail = parts()[tasks()].split(b"</sheetData>", 1)
    last = max(map(int, re.findall(rb'<row r="(\d+)"', head)))
    yield head
    for first in range(last + 1, 1_048_577, 16_384):
        yield b"".join(b'<row r="%d" ht="20" customHeight="1"><c r="A%d" s="1"/></row>' % (row, row)
                       for row in range(first, min(first + 16_384, 1_048_577)))
    yield b"</sheetData>" + tail


def encrypted(password: str, rounds: int = 100_000) -> bytes:
    """The ledger under a password, as Excel encrypts it; `rounds` is how often the file says it was hashed."""
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(sound())).encrypt(password, locked)
    return locked.getvalue().replace(b'spinCount="100000"', b'spinCount="%d"' % rounds)


_ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
_SHEET_HEAD = f'{XML}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_SHEET_END = "</sheetData></worksheet>"
_END = "</sheetData>"
_TORN = "文件不完整"

BOOKS: dict[str, Hostile] = {
    "完好": Hostile(sound, quick=True),
    "五百兆空白": Hostile(instead("", lambda: _many(_SHEET_HEAD, b" " * (1 << 20), 512, _SHEET_END)), "大"),
    "四百万行": Hostile(instead("", lambda: _many(_SHEET_HEAD, b"<row><c><v>1</v></c></row>" * 4096, 1000, _SHEET_END)),
                    "大得不正常"),
    "六百万条空文字": Hostile(instead(STRINGS, lambda: _many(
        f'{XML}<sst xmlns="x">', b"<si><t/></si>" * 4096, 1500, "</sst>")), "大得不正常"),
    "声称四十亿条文字": Hostile(lambda: packed({**parts(), STRINGS: re.sub(
        rb'uniqueCount="\d+"', b'uniqueCount="4294967295"', parts()[STRINGS])}), quick=True),
    "实体套实体": Hostile(edited(STRINGS, "<sst", f'<!DOCTYPE sst [<!ENTITY a0 "哈">{_ENTITIES}]><sst'), "DTD",
                     quick=True),
    "读本机文件的实体": Hostile(edited(STRINGS, "<sst", '<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst'),
                          "DTD"),
    "外部 DTD": Hostile(edited(BOOK, "<workbook", '<!DOCTYPE workbook SYSTEM "http://127.0.0.1:9/x"><workbook'), "DTD"),
    "UTF-16 里的 DTD": Hostile(instead(STRINGS, lambda: (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE sst [<!ENTITY a "x">]><sst/>').encode("utf-16")), "DTD"),
    "套二十万层": Hostile(edited("", "</worksheet>", "<a>" * 200_000 + "</a>" * 200_000 + "</worksheet>"),
        "一层套一层"),
    "部件名走出文件夹": Hostile(beside(("../../../../tmp/坏.txt", b"x")), "名称不正常"),
    "部件名是绝对路径": Hostile(beside(("C:\\Windows\\坏.txt", b"x")), "名称不正常"),
    "部件重名": Hostile(lambda: packed(parts(), (tasks(), b"<a/>")), "重名", quick=True),
    "部件只差大小写": Hostile(lambda: packed(parts(), (tasks().upper(), b"<a/>")), "重名"),
    "登记成图表": Hostile(lambda: packed({**parts(), TYPES: parts()[TYPES].replace(b"worksheet+xml",
        b"chartsheet+xml")}),
                     "登记成了别的部件"),
    "带宏改名": Hostile(beside(("xl/vbaProject.bin", _MACROS))),
    "下载了一半": Hostile(lambda: sound()[:len(sound()) * 6 // 10], _TORN, quick=True),
    "坏了一个字节": Hostile(_flipped, "文件已损坏"),
    "空文件": Hostile(lambda: b"", "是空文件"),
    "Word 改名": Hostile(lambda: packed({"_rels/.rels": b"<Relationships/>", "word/document.xml": b"<w/>"}),
        "Word 文档"),
    "GBK 的 CSV": Hostile(lambda: "编号,任务名称\r\nRW-1,修订办法\r\n".encode("gb18030"), "文本或 CSV", quick=True),
    "网页改名": Hostile(lambda: "<html><body><table><td>编号</td></table>".encode("gbk"), "网页"),
    "2003 XML": Hostile(
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
                        "Excel 2003 的 XML 表格"),
    "打开密码": Hostile(lambda: compound(EncryptedPackage=b"x", EncryptionInfo=b"x"), "有打开密码", quick=True),
    "保护了结构，Excel 自己加的密码": Hostile(lambda: encrypted(PASSWORD), quick=True),
    "自己设的打开密码": Hostile(lambda: encrypted("临溪2025"), "有打开密码", quick=True),
    "密码要算九十万遍": Hostile(lambda: encrypted(PASSWORD, 900_000), "有打开密码"),
    "旧版 Word 改名": Hostile(lambda: compound(WordDocument=b"x"), "Word 97-2003"),
    "xlsb": Hostile(lambda: packed({"_rels/.rels": parts()["_rels/.rels"].replace(b"workbook.xml", b"workbook.bin"),
                                    "xl/workbook.bin": b"x"}), ".xlsb"),
    "ISO 严格格式": Hostile(_strict, quick=True),
    "末尾多了两千字节": Hostile(lambda: sound() + bytes(2048)),
    "前面是程序": Hostile(lambda: b"MZ" + bytes(510) + sound(), "程序"),
    "UTF-8 里夹着 GBK": Hostile(lambda: packed({**parts(), STRINGS: parts()[STRINGS].replace(
        "修订办法".encode(), "修订办法".encode("gbk"))}), "读不出来"),
    "反斜杠的部件名": Hostile(lambda: packed({name.replace("/", "\\"): data for name, data in parts().items()})),
    "角上的单元格": Hostile(edited("", _END, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + _END)),
    "位置写两遍": Hostile(edited("", _END, '<row r="900"><c r="A900" r="XFD1048576"><v>1</v></c></row>' + _END),
                     "读不出来", quick=True),
    "带前缀的远处单元格": Hostile(edited("", _END, '<row r="900"><x:c xmlns:x="y" r="XFD1048576"/></row>' + _END)),
    "行号负数": Hostile(edited("", _END, '<row r="-1"><c r="A-1"><v>1</v></c></row>' + _END), "位置写作"),
    "行号离谱": Hostile(edited("", _END, '<row r="99999999999"><c><v>1</v></c></row>' + _END), "超出了 Excel 的范围"),
    "整列合并": Hostile(
        edited("", _END, f'{_END}<mergeCells><mergeCell ref="AX1:XFD1048576"/></mergeCells>'), quick=True),
    "六万处合并": Hostile(edited("", _END, _END + "<mergeCells>" + "".join(
        f'<mergeCell ref="BA{n}:BC{n}"/>' for n in range(1, 60_001)) + "</mergeCells>")),
    "范围说小了": Hostile(lambda: packed({**parts(), tasks(): re.sub(
        rb'<dimension ref="[^"]+"', b'<dimension ref="A1"', parts()[tasks()])}), quick=True),
    "百万行格式": Hostile(instead("", _styled_rows)),
    "样式号超出": Hostile(
        lambda: packed({**parts(), tasks(): re.sub(rb' s="\d+" t="s"', b' s="99999" t="s"', parts()[tasks()])})),
    "同一格写两遍": Hostile(lambda: packed({**parts(), tasks(): re.sub(
        rb'(<row r="2".*?</row>)', rb"\1\1", parts()[tasks()], count=1, flags=re.DOTALL)}), "出现了两次"),
    "表写了两遍": Hostile(edited("", "</worksheet>", "<sheetData></sheetData></worksheet>"), "写了两遍"),
    "缺少文字部件": Hostile(lambda: packed({name: data for name, data in parts().items() if name != STRINGS}),
                      "文字丢失了"),
    "两千张表": Hostile(_many_sheets, "张工作表"),
    "注音": Hostile(
        edited(STRINGS, "修订办法</t>", "修订办法</t><rPh sb=\"0\" eb=\"2\"><t>レンム</t></rPh>"), quick=True),
    "分段的文字": Hostile(edited(STRINGS, "<t>修订办法</t>", "<r><t>修订</t></r><r><t>办法</t></r>")),
    "模板语法": Hostile(edited(STRINGS, "修订办法", _JINJA), None, ("修订办法", _JINJA), quick=True),
    "公式样的文字": Hostile(edited(STRINGS, "修订办法", _FORMULAS), None, ("修订办法", _FORMULAS.replace("|", "\\|"))),
    "四万字的单元格": Hostile(edited(STRINGS, "修订办法", "乙" * 40_000), None, ("修订办法", "乙" * 40_000)),
    "不许的控制字符": Hostile(edited(STRINGS, "修订办法", "坏\x0b字"), "读不出来"),
    "两张表只差大小写": Hostile(edited(BOOK, "</sheets>", '<sheet name="a" sheetId="901" r:id="rId1"/>'
                                 '<sheet name="A" sheetId="902" r:id="rId1"/></sheets>'), "两张工作表都叫"),
}
