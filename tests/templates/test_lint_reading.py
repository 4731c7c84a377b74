"""Reports as they are read: columns survive markup, a docx reads as it prints, unusable files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from templates.lint.reading import plain_text, read_report
from templates.lint.text import Place
from templates.lint.wordfile import read_word
from tests.report_files import docx, package
from workbook.findings import Refusal

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="urn:mc" xmlns:wps="urn:wps"'


def _document(body: str, **parts: str) -> bytes:
    more = {f"word/{name}.xml": content for name, content in parts.items()}
    return package({"word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>"} | more)


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _texts(data: bytes) -> list[tuple[int, str, Place]]:
    return [(line.number, line.text, line.place) for line in read_word("试.docx", data).lines]


def test_markdown_marks_are_left_out_and_columns_stay() -> None:
    line = plain_text("试.md", "## 一、**重点**工作", markdown=True).lines[0]
    assert (line.text, line.level) == ("一、重点工作", 2)
    assert [line.column(at) for at in range(4)] == [4, 5, 8, 9]


def test_marks_left_in_a_plain_text_are_noted() -> None:
    line = plain_text("试.txt", "抓好：**一是**学。").lines[0]
    assert (line.text, line.markup) == ("抓好：一是学。", (4, 8))


def test_two_stars_between_characters_are_no_markup_but_a_gap() -> None:
    line = plain_text("试.txt", "召开会议**次，解决问题**个。").lines[0]
    assert (line.text, line.markup) == ("召开会议**次，解决问题**个。", ())


def test_marks_in_a_docx_keep_columns_and_looks() -> None:
    line = read_word("试.docx", docx("标题\n抓好：**一是**学。")).lines[1]
    assert (line.text, line.markup, line.column(3)) == ("抓好：一是学。", (4, 8), 6)
    assert line.runs[0][:2] == (0, 7)


def test_cells_of_a_markdown_table_and_lines_with_tabs_are_cells() -> None:
    lines = plain_text("试.md", "| 甲 | 乙丙 |\n|---|---|\n```\n代码，，\n```\n正文。", markdown=True).lines
    shown = [(line.number, line.text, line.place, line.column(0)) for line in lines if line.text]
    assert shown == [(1, "甲", Place.TABLE, 3), (1, "乙丙", Place.TABLE, 7), (6, "正文。", Place.BODY, 1)]
    assert plain_text("试.txt", "甲\t乙").lines[0].place is Place.TABLE


def test_insertions_are_read_deletions_are_not() -> None:
    body = "<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>乙</w:delText></w:r></w:del>" \
        "<w:ins><w:r><w:t>丙</w:t></w:r></w:ins></w:p>" + _paragraph("丁")
    text = read_word("试.docx", _document(body))
    assert [line.text for line in text.lines] == ["甲丙", "丁"]
    assert text.sheet is not None
    assert text.sheet.revised == (1,)


def test_tables_text_boxes_and_footnotes_have_their_places() -> None:
    box = f"<mc:Choice><wps:txbx><w:txbxContent>{_paragraph('框')}</w:txbxContent></wps:txbx></mc:Choice>"
    again = f"<mc:Fallback><w:txbxContent>{_paragraph('框')}</w:txbxContent></mc:Fallback>"
    table = f"<w:tbl><w:tr><w:tc>{_paragraph('格')}</w:tc></w:tr></w:tbl>"
    body = f"<w:p><w:r><w:t>文</w:t>{box}{again}</w:r></w:p>{table}"
    note = f"<w:footnotes {_W}><w:footnote>{_paragraph('注')}</w:footnote></w:footnotes>"
    assert _texts(_document(body, footnotes=note)) == [
        (1, "文", Place.BODY), (2, "框", Place.BOX), (3, "格", Place.TABLE), (4, "注", Place.NOTE),
    ]


def test_a_font_comes_from_the_run_its_style_or_the_defaults() -> None:
    styles = f"""<w:styles {_W}>
        <w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>
        <w:style w:type="paragraph" w:default="1" w:styleId="a"><w:rPr><w:rFonts w:eastAsia="宋体"/></w:rPr></w:style>
        <w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>
        <w:rPr><w:sz w:val="32"/></w:rPr></w:style></w:styles>"""
    run = '<w:r><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr><w:t>乙</w:t></w:r>'
    body = _paragraph("甲") + f'<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr>{run}</w:p>'
    first, second = read_word("试.docx", _document(body, styles=styles)).lines
    assert first.runs == ((0, 1, "宋体", 10.5),)
    assert (second.runs, second.level) == (((0, 1, "黑体", 16.0),), 1)


def test_paper_and_page_number_are_read() -> None:
    sheet = read_word("试.docx", docx("标题", "纸张=210×297；页边距=37、35、28、26；页码=— 14")).sheet
    assert sheet is not None
    assert sheet.pages[0] == pytest.approx((210, 297, 37, 35, 28, 26), abs=0.05)
    assert (sheet.footers[0].numbered, sheet.footers[0].size) == (True, 14.0)


_DTD = '<!DOCTYPE w:document [<!ENTITY a "甲">]>'


@pytest.mark.parametrize(("name", "data", "why"), [
    ("报告.docx", b"PK\x03\x04 half a file", "文件不完整"),
    ("报告.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "不是 Word 文档"),
    ("报告.docx", package({"xl/workbook.xml": "<a/>"}), "没有 Word 正文"),
    ("报告.docx", package({"word/document.xml": f"{_DTD}<w:document {_W}/>"}), "DTD"),
    ("报告.docx", package({"word/document.xml": "0" * (9 << 20)}), "大得不正常"),
    ("报告.docx", package({"word/document.xml": f"<w:document {_W}><w:body>"}), "损坏"),
    ("报告.txt", "甲".encode() * 60_000, "大得不正常"),
    ("报告.md", b"abc.\n" * (1 << 20), "大得不正常"),
    ("报告.txt", b"\x00\x01\x02\xff" * 99, "不是文字文件"),
    ("报告.doc", b"", "另存为 .docx"),
    ("报告.xlsx", b"", "只能检查"),
])
def test_what_is_no_report_is_refused_in_one_sentence(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refusal, match=why) as refusal:
        read_report(str(path))
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_in_the_encodings_that_offices_use(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes("工作报告\r\n第二行。".encode(encoding))
    assert [line.text for line in read_report(str(path)).lines] == ["工作报告", "第二行。"]
