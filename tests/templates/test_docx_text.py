"""What a .docx says once its tracked changes are accepted, and where its bookmarks are."""

from __future__ import annotations

import io
import zipfile

import pytest

from templates.docx_text import Paragraph, Range, paragraphs
from workbook.findings import Refusal

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
STYLES = (
    f'<w:styles xmlns:w="{SPACE}">'
    '<w:style w:styleId="a"><w:name w:val="正文"/></w:style>'
    '<w:style w:styleId="1"><w:name w:val="一级"/><w:basedOn w:val="0"/></w:style>'
    '<w:style w:styleId="0"><w:name w:val="标题"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>'
)


def docx(body: str, *, head: str = "", **parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", RELATIONS)
        package.writestr("word/document.xml",
                         f'{head}<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>')
        for name, text in parts.items():
            package.writestr(f"word/{name}.xml", text)
    return packed.getvalue()


def p(inside: str) -> str:
    return f"<w:p>{inside}</w:p>"


def r(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def texts(body: str) -> list[str]:
    return [one.text for one in paragraphs(docx(body))]


def test_insertions_stay_and_deletions_go() -> None:
    gone = '<w:del w:id="1"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    assert texts(p(r("甲") + gone + f'<w:ins w:id="2">{r("新")}</w:ins>' + r("乙"))) == ["甲新乙"]


def test_moved_text_stands_where_it_went() -> None:
    left = f'<w:moveFrom w:id="1">{r("这句")}</w:moveFrom>'
    assert texts(p(left + r("甲")) + p(r("乙") + f'<w:moveTo w:id="2">{r("这句")}</w:moveTo>')) == ["甲", "乙这句"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    mark = '<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
    assert texts(p(mark + r("前")) + p(r("后")) + p(r("另"))) == ["前后", "另"]


def test_tabs_and_breaks_are_characters_and_page_breaks_are_none() -> None:
    assert texts(p(r("甲") + "<w:r><w:tab/></w:r>" + r("乙") + "<w:r><w:br/></w:r>" + r("丙")
                   + '<w:r><w:br w:type="page"/></w:r>')) == ["甲\t乙\n丙"]


def test_tab_stops_of_a_paragraph_are_no_text() -> None:
    assert texts(p('<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>' + r("甲"))) == ["甲"]


def test_tables_are_read_cell_by_cell_and_say_so() -> None:
    table = f"<w:tbl><w:tr><w:tc>{p(r('甲'))}</w:tc><w:tc>{p(r('乙'))}</w:tc></w:tr></w:tbl>"
    assert [(one.text, one.table) for one in paragraphs(docx(p(r("题")) + table))] == [
        ("题", False), ("甲", True), ("乙", True)]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    choice = f"<mc:Choice><w:txbxContent>{p(r('框'))}</w:txbxContent></mc:Choice>"
    fallback = f"<mc:Fallback><w:txbxContent>{p(r('框'))}</w:txbxContent></mc:Fallback>"
    box = f'<w:r><mc:AlternateContent xmlns:mc="m">{choice}{fallback}</mc:AlternateContent></w:r>'
    assert texts(p(r("前") + box + r("后"))) == ["前后", "框"]


def test_bookmarks_name_their_characters() -> None:
    body = p(r("共") + '<w:bookmarkStart w:id="7" w:name="甲"/>' + r("19件") + '<w:bookmarkEnd w:id="7"/>' + r("。"))
    assert paragraphs(docx(body)) == (Paragraph("共19件。", bookmarks=(Range("甲", 1, 4),)),)


def test_a_bookmark_over_two_paragraphs_is_a_range_in_each() -> None:
    body = p(r("一") + '<w:bookmarkStart w:id="7" w:name="甲"/>' + r("二")) + p(r("三") + '<w:bookmarkEnd w:id="7"/>')
    assert [one.bookmarks for one in paragraphs(docx(body))] == [(Range("甲", 1, 2),), (Range("甲", 0, 1),)]


def test_a_bookmark_around_deleted_text_is_empty() -> None:
    gone = '<w:del w:id="1"><w:r><w:delText>19件</w:delText></w:r></w:del>'
    body = p(r("共") + '<w:bookmarkStart w:id="7" w:name="甲"/>' + gone + '<w:bookmarkEnd w:id="7"/>' + r("。"))
    assert paragraphs(docx(body))[0].bookmarks == (Range("甲", 1, 1),)


def test_levels_come_from_the_style_or_what_it_is_based_on() -> None:
    body = p('<w:pPr><w:pStyle w:val="1"/></w:pPr>' + r("题")) + p('<w:pPr><w:pStyle w:val="a"/></w:pPr>' + r("文"))
    assert [(one.style, one.level) for one in paragraphs(docx(body, styles=STYLES))] == [("一级", 1), ("正文", 0)]


@pytest.mark.parametrize(("data", "why"), [
    (b"PK\x03\x04", "文件不完整"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "旧格式"),
    (docx(p(r("甲")), head='<!DOCTYPE w [<!ENTITY a "b">]>'), "DTD"),
    (docx("<w:p>"), "文件已损坏"),
    (docx(p(f"<w:r><w:t>{'一' * 3_500_000}</w:t></w:r>")), "大得不正常"),
], ids=["撕裂", "旧格式", "DTD", "不成对", "压缩炸弹"])
def test_what_cannot_be_read_is_refused_by_name(data: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=f"报告.docx：.*{why}"):
        paragraphs(data, "报告.docx")
