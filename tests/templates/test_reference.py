"""reference.docx against the table of GB/T 9704, read back with python-docx."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE

from templates.typesetting import gongwen
from templates.typesetting.gongwen import STYLES, Style
from templates.typesetting.package import open_reference, standard_reference
from templates.typesetting.reference import build

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPHS = [style for style in STYLES if style.kind == "paragraph"]
MILLIMETRE = 36000


@pytest.fixture(scope="module")
def document() -> Any:
    return docx.Document(io.BytesIO(standard_reference()))


def part(name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(standard_reference())) as package:
        return package.read(name).decode()


def named(style: Style) -> str:
    return style.name


class Test文件:
    def test_committed_file_is_what_the_table_builds(self) -> None:
        """If this fails after a change of the table: python -m templates.typesetting.reference"""
        assert Path(gongwen.__file__).with_name("reference.docx").read_bytes() == build()

    def test_no_clock_no_author_no_theme(self) -> None:
        with zipfile.ZipFile(io.BytesIO(build())) as package:
            assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert not [name for name in package.namelist() if re.search("theme|thumbnail|numbering|custom", name)]
            assert not [name for name in package.namelist() if b"Theme=" in package.read(name)]
        assert "creator" not in part("docProps/core.xml")

    def test_holds_no_text(self, document: Any) -> None:
        assert [paragraph.text for paragraph in document.paragraphs] == []

    def test_opens_for_typesetting(self) -> None:
        reference = open_reference(build())
        assert reference.section.text_width == gongwen.PAGE.text_width
        assert {style.name for style in STYLES} <= reference.styles.keys()


class Test版面:
    """5.1, 5.2"""

    def test_a4_with_a_text_block_of_156_by_225_mm(self, document: Any) -> None:
        section = document.sections[0]
        lengths = (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
        assert [round(length / MILLIMETRE, 1) for length in lengths] == [210, 297, 37, 35, 28, 26]

    def test_22_lines_fill_the_text_block(self) -> None:
        room = gongwen.PAGE.text_height
        assert gongwen.LINES * gongwen.PITCH <= room < (gongwen.LINES + 1) * gongwen.PITCH
        assert room - gongwen.LINES * gongwen.PITCH < gongwen.mm(1)

    def test_28_characters_fill_a_line(self) -> None:
        room = gongwen.PAGE.text_width
        assert gongwen.CHARACTERS * gongwen.EM <= room < (gongwen.CHARACTERS + 1) * gongwen.EM
        assert room - gongwen.CHARACTERS * gongwen.EM < gongwen.EM / 2

    def test_grid_of_lines_not_of_characters(self, document: Any) -> None:
        """A grid of characters prints 14 a line in LibreOffice."""
        grid = document.sections[0]._sectPr.find(f"{W}docGrid")
        assert dict(grid.attrib) == {f"{W}type": "lines", f"{W}linePitch": str(gongwen.PITCH)}


class Test样式:
    @pytest.mark.parametrize("style", STYLES, ids=named)
    def test_fonts_for_chinese_and_for_digits(self, document: Any, style: Style) -> None:
        fonts = document.styles[style.name].element.find(f"{W}rPr/{W}rFonts")
        if style.font:
            assert fonts.get(f"{W}eastAsia") == style.font
            assert {fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "cs")} == {style.digits}
        else:
            assert fonts is None

    @pytest.mark.parametrize("style", PARAGRAPHS, ids=named)
    def test_characters(self, document: Any, style: Style) -> None:
        font = document.styles[style.name].font
        spacing = document.styles[style.name].element.find(f"{W}rPr/{W}spacing")
        assert (font.size.pt, str(font.color.rgb), font.bold) == (
            style.size,
            style.colour,
            True if style.bold else None,
        )
        assert int(spacing.get(f"{W}val")) == style.tighten

    @pytest.mark.parametrize("style", PARAGRAPHS, ids=named)
    def test_lines(self, document: Any, style: Style) -> None:
        form = document.styles[style.name].paragraph_format
        lengths = (form.line_spacing, form.space_before, form.space_after, form.left_indent, form.right_indent)
        assert [length.twips for length in lengths] == [style.line, style.before, style.after, style.left, style.right]
        assert form.line_spacing_rule == 4  # exact
        assert bool(form.keep_with_next) == style.keep

    @pytest.mark.parametrize("style", PARAGRAPHS, ids=named)
    def test_alignment_and_outline(self, document: Any, style: Style) -> None:
        properties = document.styles[style.name].element.pPr
        outline = properties.find(f"{W}outlineLvl")
        assert properties.jc.get(f"{W}val") == style.align
        assert (int(outline.get(f"{W}val")) + 1 if outline is not None else 0) == style.level

    @pytest.mark.parametrize("style", [style for style in PARAGRAPHS if style.first], ids=named)
    def test_first_lines_are_indented_by_characters(self, document: Any, style: Style) -> None:
        """Two characters at any size; a mere length would be wrong as soon as an office changes the size."""
        indent = document.styles[style.name].element.pPr.find(f"{W}ind")
        assert indent.get(f"{W}firstLineChars") == str(style.first * 100)

    def test_names_are_ours_not_word_s(self, document: Any) -> None:
        """Word and WPS translate the names of built-in styles."""
        names = {style.name for style in document.styles}
        assert names == {style.name for style in STYLES} | {gongwen.TABLE} | {
            "Normal",
            "Default Paragraph Font",
            "Normal Table",
            "No List",
        }

    def test_table_has_borders_on_all_sides(self, document: Any) -> None:
        borders = document.styles[gongwen.TABLE].element.find(f"{W}tblPr/{W}tblBorders")
        assert document.styles[gongwen.TABLE].type == WD_STYLE_TYPE.TABLE
        assert [border.get(f"{W}sz") for border in borders] == ["6"] * 6

    @pytest.mark.parametrize("name", ["overflowPunct", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "widowControl"])
    def test_what_bends_the_grid_is_off_for_all(self, document: Any, name: str) -> None:
        assert document.styles["Normal"].element.pPr.find(f"{W}{name}").get(f"{W}val") == "0"

    def test_other_computers_find_the_fonts_under_their_names(self) -> None:
        table = part("word/fontTable.xml")
        for name, others in gongwen.OTHER_NAMES.items():
            assert f'<w:font w:name="{name}"><w:altName w:val="{others}"/>' in table


CLAUSES = [
    ("公文正文", "5.2.2", "仿宋_GB2312", 16),
    ("公文密级紧急", "7.2.2", "黑体", 16),
    ("公文签发人姓名", "7.2.6", "楷体_GB2312", 16),
    ("公文标题", "7.3.1", "方正小标宋简体", 22),
    ("公文一级标题", "7.3.3", "黑体", 16),
    ("公文二级标题", "7.3.3", "楷体_GB2312", 16),
    ("公文三级标题", "7.3.3", "仿宋_GB2312", 16),
    ("公文四级标题", "7.3.3", "仿宋_GB2312", 16),
    ("公文抄送机关", "7.4.2", "仿宋_GB2312", 14),
    ("公文印发机关", "7.4.3", "仿宋_GB2312", 14),
    ("公文页码单页", "7.5", "宋体", 14),
]


@pytest.mark.parametrize(("name", "clause", "font", "size"), CLAUSES)
def test_table_says_what_the_clause_says(name: str, clause: str, font: str, size: float) -> None:
    style = next(style for style in STYLES if style.name == name)
    assert (style.font, style.size) == (font, size), clause


class Test距离:
    """Distances the standard gives, out of the table's own sums."""

    def of(self, name: str) -> Style:
        return next(style for style in STYLES if style.name == name)

    def test_marker_35_mm_below_the_upper_edge(self) -> None:
        """7.2.4; three lines of 份号, 密级 and 紧急程度 stand above it."""
        assert self.of("公文机关标志").before + 3 * gongwen.PITCH == gongwen.mm(35)

    def test_blank_lines(self) -> None:
        assert self.of("公文发文字号").before == 2 * gongwen.PITCH  # 7.2.5
        assert self.of("公文发文字号").after == 2 * gongwen.PITCH  # 7.3.1
        assert self.of("公文标题").after == gongwen.PITCH  # 7.3.2
        assert self.of("公文附件说明").before == gongwen.PITCH  # 7.3.4
        assert self.of("公文署名").before == gongwen.PITCH  # 7.3.5.2

    def test_rules(self) -> None:
        """7.2.7 red, 7.4.1 0.35 mm and 0.25 mm."""
        for name in ("公文发文字号", "公文发文字号上行"):
            assert [border.colour for border in self.of(name).borders] == ["FF0000"]
        thick, thin = self.of("公文版记粗线").borders[0], self.of("公文版记细线").borders[0]
        assert [round(border.eighths / 8 * 25.4 / 72, 2) for border in (thick, thin)] == [0.35, 0.26]


class Test页码:
    """7.5"""

    def test_odd_pages_right_even_pages_left(self, document: Any) -> None:
        section = document.sections[0]
        assert document.settings.odd_and_even_pages_header_footer
        names = [footer.paragraphs[0].style.name for footer in (section.footer, section.even_page_footer)]
        assert names == ["公文页码单页", "公文页码双页"]

    def test_each_piece_of_the_field_in_its_own_run(self, document: Any) -> None:
        """WPS reads no other form."""
        runs = document.sections[0].footer.paragraphs[0].runs
        pieces = [child.tag.removeprefix(W) for run in runs for child in run._r if not child.tag.endswith("rPr")]
        assert pieces == ["t", "fldChar", "instrText", "fldChar", "t", "fldChar", "t"]
        assert len(runs) == len(pieces)
        assert document.sections[0].footer.paragraphs[0].text == "— 1 —"
