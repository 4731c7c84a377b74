"""What a typeset document holds, read back with python-docx; how it looks on paper is for tests/conformance."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from typing import Any

import docx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from templates.blocks import Document, Grid, Imprint, Letterhead, Paragraph, Role
from templates.typesetting import gongwen, titles
from templates.typesetting.package import open_reference, standard_reference
from templates.typesetting.typeset import typeset
from templates.typesetting.wordml import visible
from tests import sample_documents as sample
from tests.sample_documents import block, official, plain, said
from workbook.findings import Refusal
from workbook.spans import Span

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LAYOUTS = ("公文", "普通")
REPORTS = {
    "上行文": sample.full_report(),
    "用印": sample.sealed_report(),
    "表格": sample.table_report(),
    "普通": sample.plain_report(),
}


def opened(document: Document, layout: str = "普通", reference: bytes | None = None) -> Any:
    return docx.Document(io.BytesIO(typeset(document, layout=layout, reference=reference)))


def printed(document: Document, layout: str = "普通") -> list[Any]:
    return [paragraph for paragraph in opened(document, layout).paragraphs if paragraph.text]


def one(document: Document, text: str, layout: str = "普通") -> Any:
    return next(paragraph for paragraph in printed(document, layout) if paragraph.text == text)


def styles(document: Document, layout: str) -> list[str]:
    return [paragraph.style.name for paragraph in printed(document, layout)]


def parts(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        return {name: package.read(name) for name in package.namelist()}


def repacked(**changed: bytes) -> bytes:
    """The program's reference.docx with some parts exchanged, named by their last name without .xml."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts(standard_reference()).items():
            package.writestr(name, changed.get(name.rpartition("/")[2].removesuffix(".xml"), content))
    return packed.getvalue()


def own_styles() -> str:
    return parts(standard_reference())["word/styles.xml"].decode()


class Test原文:
    @pytest.mark.parametrize("layout", LAYOUTS)
    @pytest.mark.parametrize("name", REPORTS)
    def test_one_block_is_one_paragraph_with_its_text(self, name: str, layout: str) -> None:
        document = REPORTS[name]
        wanted = [one.text for one in document.blocks if isinstance(one, Paragraph)]
        if layout == "公文" and document.letterhead:
            wanted = [text for text in wanted if text != sample.NUMBER]
        got = [paragraph.text for paragraph in printed(document, layout)]
        assert got[-len(wanted) :] == wanted

    @given(st.text(st.characters(), min_size=1))
    @example(" 前后有空格 ")
    @example("A&B <c> ]]> \"引\" '号' &amp;")
    @example("𠮷田🈶\u200b\u3000\xa0")
    def test_any_text_comes_back_as_it_was(self, text: str) -> None:
        assert opened(plain([block(Role.BODY, text)])).paragraphs[1].text == visible(text)

    def test_control_characters_are_shown_not_dropped(self) -> None:
        assert visible("甲\x00乙\t丙\r\n丁\x1f\ud800\uffff") == "甲␀乙␉丙␍␊丁␟\ufffd\ufffd"
        assert visible("甲乙　“丙”\u2028") == "甲乙　“丙”\u2028"

    def test_title_is_the_document_s_and_nobody_its_author(self) -> None:
        properties = opened(plain([])._replace(title="甲<乙>&丙")).core_properties
        assert properties.title == "甲<乙>&丙"
        assert (properties.author, properties.last_modified_by, properties.created) == ("", "", None)


class Test样式:
    def test_every_element_of_an_official_document_in_its_style(self) -> None:
        assert styles(sample.sealed_report(), "公文") == [
            "公文机关标志",
            "公文发文字号",
            "公文标题",
            "公文主送机关",
            "公文一级标题",
            "公文二级行内段",
            "公文三级标题",
            "公文四级标题",
            *["公文正文"] * 3,
            "公文二级标题",
            "公文正文",
            "公文附件说明",
            "公文署名用印",
            "公文成文日期",
            "公文附注",
        ]

    def test_plain_layout_has_no_letterhead_and_no_imprint(self) -> None:
        assert styles(sample.plain_report(), "普通")[:4] == ["公文题前", "公文题前", "公文文号", "公文标题"]
        assert (
            b"wps:"
            not in parts(typeset(sample.full_report(), layout="普通"))["word/document.xml"].partition(b"<w:body>")[2]
        )

    def test_a_run_in_heading_keeps_its_font_to_itself(self) -> None:
        paragraph = one(plain([sample.run_in("（一）压实责任。", "县长负总责。")]), "（一）压实责任。县长负总责。")
        assert [(run.text, run.style.name) for run in paragraph.runs] == [
            ("（一）压实责任。", "公文二级标题字"),
            ("县长负总责。", "Default Paragraph Font"),
        ]
        assert paragraph.style.name == "公文二级行内段"

    def test_bold_is_a_named_style_too(self) -> None:
        spans = (Span("一是", bold=True), Span("整改到位。"))
        first, second = one(plain([Paragraph(Role.BODY, spans)]), "一是整改到位。").runs
        assert (first.style.name, second.style.name) == ("公文加粗字", "Default Paragraph Font")

    def test_a_bold_run_in_heading_stays_in_its_font(self) -> None:
        heading = Paragraph(Role.BODY, said("内容。"), 2, said("（一）标题。", bold=True))
        run = one(plain([heading]), "（一）标题。内容。").runs[0]
        assert (run.style.name, run.font.bold) == ("公文二级标题字", True)

    def test_nothing_but_computed_things_is_formatted_by_hand(self) -> None:
        """Indents, the size of the 发文机关标志, what keeps together and the bold of a heading."""
        allowed = {"pStyle", "ind", "keepNext", "rStyle", "rFonts"}
        for paragraph in (found for layout in LAYOUTS for found in printed(sample.full_report(), layout)):
            if paragraph.style.name != gongwen.MARKER:
                marks = paragraph._p.findall(f"{W}pPr/*") + paragraph._p.findall(f"{W}r/{W}rPr/*")
                assert {mark.tag.removeprefix(W) for mark in marks} <= allowed

    def test_runs_are_marked_chinese_so_that_quotes_are_full_width(self) -> None:
        run = one(plain([block(Role.BODY, "“三项制度”……")]), "“三项制度”……").runs[0]
        assert run._r.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia"


class Test版头:
    def test_number_stands_in_the_letterhead_only(self) -> None:
        texts = [paragraph.text for paragraph in printed(sample.sealed_report(), "公文")]
        assert texts.count(sample.NUMBER) == 1
        assert texts[1] == sample.NUMBER

    def test_another_number_in_the_text_is_not_swallowed(self) -> None:
        document = official([block(Role.DOCUMENT_NUMBER, "云司字〔2024〕9号")])
        assert "云司字〔2024〕9号" in [paragraph.text for paragraph in printed(document, "公文")]

    def test_lines_above_the_title_are_kept_under_the_red_rule(self) -> None:
        front = block(Role.FRONT, "索引号：2025-00012")
        document = official([])
        texts = [p.text for p in printed(document._replace(blocks=(front, *document.blocks)), "公文")]
        assert texts[1:4] == [sample.NUMBER, "索引号：2025-00012", sample.TITLE]

    def test_upward_documents_name_the_signer_beside_the_number(self) -> None:
        paragraph = next(p for p in printed(sample.full_report(), "公文") if p.style.name == "公文发文字号上行")
        assert paragraph.text == f"\t{sample.NUMBER}\t签发人：高某某"
        assert paragraph.runs[-1].style.name == "公文签发人姓名"

    @pytest.mark.parametrize(
        ("head", "lines"),
        [
            (Letterhead("甲局文件"), ["", "", ""]),
            (Letterhead("甲局文件", urgency="特急"), ["特急", "", ""]),
            (
                Letterhead("甲局文件", copy_number="000001", secrecy="机密★1年", urgency="加急"),
                ["000001", "机密★1年", "加急"],
            ),
        ],
        ids=["都没有", "只有紧急程度", "三项都有"],
    )
    def test_the_marker_is_always_the_fourth_line(self, head: Letterhead, lines: list[str]) -> None:
        texts = [paragraph.text for paragraph in opened(official([], head=head), "公文").paragraphs]
        assert texts[:4] == [*lines, "甲局文件"]

    @pytest.mark.parametrize(
        ("marker", "size"),
        [("云岭县文件", 56), ("云岭县民政局文件", 52), ("云岭县市场监督管理局文件", 35.5), ("云岭县" * 5, 28)],
        ids=["短名不过大", "八字", "十二字", "很长分两行"],
    )
    def test_the_marker_is_as_large_as_its_length_allows(self, marker: str, size: float) -> None:
        paragraph = printed(official([], head=Letterhead(marker)), "公文")[0]
        assert paragraph.runs[0].font.size.pt == pytest.approx(size, abs=6 if size == 28 else 0.01)
        assert titles.squares(marker) * paragraph.runs[0].font.size.pt <= 2 * gongwen.PAGE.text_width / 20


def places(name: str, date: str, *, seal: bool) -> tuple[float, float]:
    """Where 署名 and 成文日期 begin: characters from the right edge of the 版心."""
    document = plain(list(sample.signed(name, date)), seal=seal)
    pen = open_reference(standard_reference()).pen(gongwen.SIGNATURE)
    begins = []
    for text in (name, date):
        right = one(document, text)._p.find(f"{W}pPr/{W}ind").get(f"{W}right")
        begins.append((int(right) + pen.width(text)) / pen.em)
    return round(begins[0], 2), round(begins[1], 2)


class Test署名和成文日期:
    @pytest.mark.parametrize(
        ("name", "date", "begin", "date_begin"),
        [
            ("云岭县市场监督管理局", "二〇二五年一月九日", 13.5, 13),
            ("云岭县", "二〇二五年一月九日", 10, 13),
            ("云" * 24, "二〇二五年一月九日", 24, 16.5),
        ],
        ids=["日期右空四字，署名居中其上", "署名比日期短", "署名很长时不出版心"],
    )
    def test_with_seal(self, name: str, date: str, begin: float, date_begin: float) -> None:
        """7.3.5.1"""
        assert places(name, date, seal=True) == (begin, date_begin)

    @pytest.mark.parametrize(
        ("name", "date", "begin", "date_begin"),
        [
            ("云岭县市场监督管理局", "二〇二五年一月九日", 12, 10),
            ("云岭县市场监督管理局", "二〇二五年一月十九日", 12, 10),
            ("云岭县民政局", "二〇二五年一月十九日", 14, 12),
        ],
        ids=["日期首字右移二字", "一样长", "日期比署名长，右空二字"],
    )
    def test_without_seal(self, name: str, date: str, begin: float, date_begin: float) -> None:
        """7.3.5.2"""
        assert places(name, date, seal=False) == (begin, date_begin)

    def test_several_names_are_centred_on_the_longest(self) -> None:
        names = [block(Role.SIGNATURE, "云岭县市场监督管理局"), block(Role.SIGNATURE, "云岭县司法局")]
        document = plain([*names, block(Role.DATE, "2025年1月9日")])
        rights = [int(one(document, name.text)._p.find(f"{W}pPr/{W}ind").get(f"{W}right")) for name in names]
        assert rights == [2 * gongwen.EM, 4 * gongwen.EM]

    def test_a_date_alone_keeps_the_name_s_distance(self) -> None:
        assert styles(plain([block(Role.DATE, "2025年1月9日")]), "普通")[-1] == "公文署名"


def indents(document: Document, text: str) -> tuple[float, float]:
    """left and hanging in characters."""
    found = one(document, text)._p.find(f"{W}pPr/{W}ind")
    left, hanging = int(found.get(f"{W}left")), int(found.get(f"{W}hanging"))
    return round(left / gongwen.EM, 1), round(hanging / gongwen.EM, 1)


class Test附件说明:
    """7.3.4: begins two characters in; further lines begin under the first character of the name."""

    def test_one(self) -> None:
        assert indents(plain(list(sample.attachments("任务清单"))), "附件：任务清单") == (5, 3)

    def test_several(self) -> None:
        document = plain(list(sample.attachments("任务清单", "统计表")))
        assert indents(document, "附件：1.任务清单") == (6, 4)
        assert indents(document, "2.统计表") == (6, 1)


def kept(document: Document, layout: str) -> list[str]:
    """The texts of the paragraphs bound to what follows, from the end back to the first that is not."""
    bound: list[str] = []
    for paragraph in reversed(opened(document, layout).paragraphs[:-1]):
        own = paragraph._p.find(f"{W}pPr/{W}keepNext") is not None
        if not own and not paragraph.style.paragraph_format.keep_with_next:
            break
        bound.insert(0, paragraph.text)
    return bound


class Test末页:
    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_the_end_never_stands_on_a_page_without_text(self, layout: str) -> None:
        """7.3.5.5: from the last paragraph of the text everything is bound together."""
        document = official([block(Role.BODY, "前段。"), block(Role.BODY, "末段。"), *sample.signed()])
        ending = ["末段。", "云岭县司法局", "2025年1月9日"]
        assert kept(document, layout) == (ending if layout == "公文" else ending[:-1])

    def test_a_table_at_the_end_is_bound_by_its_last_row(self) -> None:
        document = plain([sample.grid(), *sample.signed()])
        rows = opened(document).tables[0].rows
        bound = [row.cells[0].paragraphs[0]._p.find(f"{W}pPr/{W}keepNext") is not None for row in rows]
        assert bound == [False, False, False, True]


def box(document: Document) -> list[tuple[str, str]]:
    """Style and text of each paragraph of the 版记."""
    root = opened(document, "公文").element
    return [
        (paragraph.pPr.pStyle.val, "".join(text.text for text in paragraph.iter(f"{W}t")))
        for content in root.iter(f"{W}txbxContent")
        for paragraph in content
    ]


class Test版记:
    def test_copies_between_thick_and_thin_rules(self) -> None:
        assert box(sample.sealed_report()) == [
            ("公文版记粗线", ""),
            ("公文抄送机关", "抄送：县委办公室，县人大常委会办公室，县人民检察院。"),
            ("公文版记细线", ""),
            ("公文印发机关", "云岭县司法局办公室2025年1月9日印发"),
            ("公文版记粗线", ""),
        ]

    def test_without_copies(self) -> None:
        document = official([])._replace(imprint=Imprint(issuer="云岭县司法局办公室", date="2025年1月9日"))
        assert [style for style, _ in box(document)] == ["公文版记粗线", "公文印发机关", "公文版记粗线"]

    def test_a_typed_full_stop_is_not_doubled(self) -> None:
        document = official([])._replace(imprint=Imprint("县委办公室。", "办公室", "2025年1月9日"))
        assert box(document)[1][1] == "抄送：县委办公室。"


class Test标题分行:
    @pytest.mark.parametrize(
        ("title", "wanted"),
        [
            ("2024年度法治政府建设年度报告", "2024年度法治政府建设年度报告"),
            ("云岭县民政局关于2024年法治政府建设情况的报告", "云岭县民政局关于2024年/法治政府建设情况的报告"),
            ("云岭县司法局2024年度法治政府建设工作情况报告", "云岭县司法局2024年度法治政府建设/工作情况报告"),
            (
                "云岭县人民政府办公室关于2024年上半年落实“谁执法谁普法”普法责任制工作情况的自查报告",
                "云岭县人民政府办公室关于2024年/上半年落实“谁执法谁普法”普法/责任制工作情况的自查报告",
            ),
            (sample.LONG_TITLE, "云岭县市场监督管理局关于开展/2024年度重点领域行政执法专项/检查工作情况的报告"),
            (
                "云岭县农业农村局二〇二四年工作总结和二〇二五年工作打算",
                "云岭县农业农村局二〇二四年工作总结/和二〇二五年工作打算",
            ),
        ],
    )
    def test_breaks_where_it_reads_well(self, title: str, wanted: str) -> None:
        assert "/".join(titles.lines(title, gongwen.PAGE.text_width / 20 / gongwen.SIZE_2)) == wanted

    @given(st.text("县民政局关于法治年度报告的和《》“”，2024A ", min_size=1, max_size=90))
    def test_loses_nothing_and_wraps_as_planned(self, title: str) -> None:
        lines = titles.lines(title, 20.1)
        assert "".join(lines) == title
        assert len(lines) == 1 or titles.wrap(title, titles.width_of(lines)) == lines

    def test_is_made_by_indents_alone(self) -> None:
        paragraph = one(plain([]), sample.TITLE)
        assert len(paragraph.runs) == 1
        assert paragraph.paragraph_format.left_indent == paragraph.paragraph_format.right_indent > 0


class Test表格:
    def test_grid_fills_the_text_and_repeats_its_header(self) -> None:
        table = opened(plain([sample.grid()])).tables[0]
        assert table.style.name == "公文表格"
        assert sum(int(column.get(f"{W}w")) for column in table._tbl.tblGrid) == gongwen.PAGE.text_width
        assert [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows] == [True, False, False, False]

    def test_cells_keep_their_text(self) -> None:
        grid = sample.grid()
        got = [[cell.text for cell in row.cells] for row in opened(plain([grid])).tables[0].rows]
        assert got == [["".join(span.text for span in cell) for cell in row] for row in grid.rows]

    def test_words_centred_numbers_right_long_text_left(self) -> None:
        table = opened(plain([sample.grid()])).tables[0]
        assert [cell.paragraphs[0].style.name for cell in table.rows[0].cells] == ["公文表头文字"] * 4
        assert [cell.paragraphs[0].style.name for cell in table.rows[1].cells] == [
            "公文表格文字",
            "公文表格数字",
            "公文表格数字",
            "公文表格长文",
        ]

    def test_short_columns_get_what_they_need(self) -> None:
        widths = [int(column.get(f"{W}w")) for column in opened(plain([sample.grid()])).tables[0]._tbl.tblGrid]
        assert widths[0] > 7 * 20 * gongwen.SIZE_SMALL_4
        assert widths[3] > max(widths[:3])

    @given(st.lists(st.integers(0, 200), min_size=1, max_size=9))
    def test_columns_always_add_up(self, lengths: list[int]) -> None:
        row = tuple(said("文" * length) for length in lengths)
        table = opened(plain([Grid((row, row))])).tables[0]
        widths = [int(column.get(f"{W}w")) for column in table._tbl.tblGrid]
        assert sum(widths) == gongwen.PAGE.text_width
        assert min(widths) > 0

    def test_two_tables_do_not_run_together(self) -> None:
        assert len(opened(plain([sample.grid(), sample.grid()])).tables) == 2


class Test文件:
    def test_the_same_document_gives_the_same_bytes(self) -> None:
        first = typeset(sample.full_report(), layout="公文")
        assert typeset(sample.full_report(), layout="公文") == first
        with zipfile.ZipFile(io.BytesIO(first)) as package:
            assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_all_but_text_and_title_is_the_reference_s(self) -> None:
        made, reference = parts(typeset(sample.full_report(), layout="公文")), parts(standard_reference())
        assert made.keys() == reference.keys()
        assert {name for name in made if made[name] != reference[name]} == {"word/document.xml", "docProps/core.xml"}

    def test_an_unknown_layout_is_a_mistake_of_ours(self) -> None:
        with pytest.raises(ValueError, match="公函"):
            typeset(plain([]), layout="公函")

    def test_heavy_libraries_stay_out_of_the_way(self) -> None:
        program = (
            "import sys; from templates.typesetting.typeset import typeset; "
            "from tests.sample_documents import full_report; "
            "typeset(full_report(), layout='公文'); "
            "sys.exit(bool({'docx', 'lxml', 'openpyxl', 'pandas'} & set(sys.modules)))"
        )
        assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


class Test本单位的样式文件:
    def test_styles_are_found_by_name_whatever_their_ids(self) -> None:
        ids = own_styles().replace('w:styleId="公文正文"', 'w:styleId="a7&amp;"')
        document = opened(plain([block(Role.BODY, "内容")]), reference=repacked(styles=ids.encode()))
        assert document.paragraphs[1].style.name == "公文正文"

    def test_computed_indents_follow_its_sizes(self) -> None:
        larger = own_styles().replace('<w:spacing w:val="-8"/><w:sz w:val="32"/>', '<w:sz w:val="36"/>')
        document = opened(plain(list(sample.signed("甲" * 10, "乙" * 9))), reference=repacked(styles=larger.encode()))
        assert document.paragraphs[1]._p.find(f"{W}pPr/{W}ind").get(f"{W}right") == str(2 * 20 * 18)

    def test_its_page_and_footers_are_kept(self) -> None:
        own = parts(standard_reference())["word/document.xml"].replace(b'w:left="1587"', b'w:left="1134"')
        reference = repacked(
            document=own.replace(b"<w:body>", "<w:body><w:p><w:r><w:t>样张</w:t></w:r></w:p>".encode())
        )
        document = opened(plain([sample.grid()]), reference=reference)
        assert document.sections[0].left_margin.twips == 1134
        assert document.sections[0].even_page_footer.paragraphs[0].style.name == "公文页码双页"
        assert [paragraph.text for paragraph in document.paragraphs if paragraph.text] == [sample.TITLE]
        widths = [int(column.get(f"{W}w")) for column in document.tables[0]._tbl.tblGrid]
        assert sum(widths) == gongwen.PAGE.width - 1134 - gongwen.PAGE.right

    def test_without_properties_it_still_gets_a_title(self) -> None:
        kept = parts(standard_reference())
        del kept["docProps/core.xml"]
        kept["[Content_Types].xml"] = kept["[Content_Types].xml"].replace(
            b'<Override PartName="/docProps/core.xml" '
            b'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>',
            b"",
        )
        kept["_rels/.rels"] = re.sub(rb'<Relationship [^>]*core.xml"/>', b"", kept["_rels/.rels"])
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as package:
            for name, content in kept.items():
                package.writestr(name, content)
        assert opened(plain([]), reference=packed.getvalue()).core_properties.title == sample.TITLE

    @pytest.mark.parametrize(
        ("reference", "said"),
        [
            (b"not a zip", "不是可用的 Word 文档"),
            (repacked(styles=b"<w:styles"), "已损坏"),
            (repacked(styles=own_styles().replace('w:val="公文正文"', 'w:val="正文体"').encode()), "缺少“公文正文”"),
            (repacked(document=b'<w:document xmlns:w="urn:x"/>'), "没有可用的页面设置"),
        ],
        ids=["不是docx", "样式损坏", "缺样式", "没有页面"],
    )
    def test_an_unusable_one_is_refused_in_one_sentence(self, reference: bytes, said: str) -> None:
        with pytest.raises(Refusal, match=said):
            typeset(plain([]), layout="普通", reference=reference)
