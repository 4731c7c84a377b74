"""核对稿 and 核对页: what a reviewer is shown of each figure, and what never leaves the ledger."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import re
import zipfile
from typing import Any

import pytest

from templates.provenance.marking import marked
from templates.report import Report, render
from templates.review.comments import review_docx
from templates.review.data import runs
from templates.review.marks import explained, places, reviewed
from templates.review.page import review_page
from tests import ledgers
from workbook.findings import Cell

METRICS = """
## 指标

| 编号 | 名称 | 单位 | 统计方式 | 来源表 | 来源列 | 条件 | 上年值 | 父指标 | 填报值 |
|---|---|---|---|---|---|---|---|---|---|
| M1 | 讲座 | 场 | 计数 | 活动 | | 类型=讲座 | 4 | M3 | |
| M2 | 听众 | 人次 | 求和 | 活动 | 参与（人次） | 类型=讲座 | | | |
| M3 | 活动数 | 场 | 合计 | | | | 9 | | |
| M4 | 满意率 | % | 填报 | | | | | | 98% |
"""
EVENTS = """
## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 承办股室 | 参与（人次） | 联系电话 |
|---|---|---|---|---|---|---|
| H1 | 2025-03-01 | 甲 | 讲座 | 办公室 | 30 | 0573-1234567 |
| H2 | 2025-03-02 | 乙 | 讲座 | 办公室 | 12 | 0573-1234567 |
| H3 | 2025-03-03 | 没人数的参观 | 参观 | 办公室 | 9 | 0573-7654321 |
"""
TEXT = "办讲座{{ 讲座 }}，比上年{{ 讲座.上年 }}多，听众{{ 听众 }}；{{ 活动数.其中 }}；满意率{{ 满意率 }}；发了25份。"
ITEMS = f"""
## 条目

| 编号 | 章节 | 正文 |
|---|---|---|
| T1 | 1 | {TEXT} |
"""
HEAD = "| 联系人 | 张三 |\n| 联系电话 | 0573-8888888 |"


def made(*tables: str, head: str = HEAD, chapters: str = ledgers.ONE_CHAPTER) -> Report:
    return marked(ledgers.report(*(tables or (EVENTS, METRICS, ITEMS)), head=head, chapters=chapters)).report


@pytest.fixture(scope="module")
def report() -> Report:
    return made()


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return review_page(report).decode()


@pytest.fixture(scope="module")
def parts(report: Report) -> dict[str, str]:
    """The XML of the commented docx by the names of its parts."""
    with zipfile.ZipFile(io.BytesIO(review_docx(report))) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}


def embedded(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


class TestEachFigure:
    def test_is_explained_in_one_line(self, report: Report) -> None:
        told = {one.phrase: explained(one) for one in reviewed(report.document, report.facts) if one.is_figure}
        assert told["42人次"] == "指标!B3 = 活动 2 行之和：42"
        assert told["98%"].startswith("指标!J5（填报）：0.98")

    def test_says_last_year_only_of_its_own_metric(self, report: Report) -> None:
        told = [(one.phrase, one.last) for one in reviewed(report.document, report.facts) if one.is_figure]
        assert told[:2] == [("2场", "4"), ("4场", "")]  # 上年值 itself has no last year
        assert told[3] == ("2场", "4")  # a part named through its total

    def test_a_gap_says_what_is_missing(self) -> None:
        lacking = made(head="| 引言 | {{ 附注 }} |")
        (one,) = [one for one in reviewed(lacking.document, lacking.facts) if one.source.origin == "待补"]
        assert explained(one) == "缺报告信息 附注，请在台账里补填。"

    def test_runs_and_places_fold_neighbours(self) -> None:
        assert runs([9, 2, 3, 4]) == [2, 4, 9, 9]
        assert places([Cell("活动", row, 20) for row in (2, 3, 4, 9)]) == "活动!T2–4、T9"
        assert places([Cell("活动", row, 20) for row in range(2, 60, 2)], most=2) == "活动!T2、T4…共 29 格"


class TestPage:
    def test_names_a_figure_as_docx_and_trace_do(self, page: str) -> None:
        _, manifest = marked(ledgers.report(EVENTS, METRICS, ITEMS, head=HEAD))
        on_page = set(re.findall(r'<a class="mark figure" id="(\w+)"', page))
        assert on_page == {mark.id for mark in manifest.figures}

    def test_report_reads_as_it_prints(self, report: Report, page: str) -> None:
        article = page.partition('<article class="page">')[2].partition("</article>")[0]
        words = "".join(html.unescape(re.sub(r"<[^>]*>", "", article)).split())
        assert words == "".join("".join(block.text for block in report.document.blocks).split())  # type: ignore[union-attr]

    def test_every_figure_has_its_line_and_its_line_its_figure(self, page: str) -> None:
        assert re.findall(r'href="#(f\d+)" data-m', page) == re.findall(r'<tr id="(f\d+)"', page)
        marks = re.findall(r'<a class="mark \w+" id="(_tz\w+)"', page)
        assert re.findall(r'<tr id="f\d+".*?<a href="#(\w+)">', page) == marks

    def test_holds_the_cells_and_rows_of_a_sum(self, page: str) -> None:
        data = embedded(page)
        figure = next(mark for mark in data["marks"] if mark[0] == "42人次")
        (cells,), (rows,) = data["sets"][figure[6]], data["sets"][figure[7]]
        names = [sheet["name"] for sheet in data["sheets"]]
        assert (names[cells[0]], cells[1:]) == ("指标", [2, [3, 3]])
        assert (names[rows[0]], rows[1:]) == ("活动", [6, [2, 3]])

    def test_holds_the_cell_that_a_figure_is_printed_in(self, page: str) -> None:
        data = embedded(page)
        figure = next(mark for mark in data["marks"] if mark[0] == "42人次")
        ((sheet, column, rows),) = data["sets"][figure[8]]
        assert (data["sheets"][sheet]["name"], column, rows) == ("条目", 3, [2, 2])

    def test_embeds_only_used_rows(self, page: str) -> None:
        events = next(sheet for sheet in embedded(page)["sheets"] if sheet["name"] == "活动")
        assert [row[0] for row in events["rows"]] == [2, 3]
        assert "没人数的参观" in page.partition('id="rows"')[2]  # named in the list of unused rows

    @pytest.mark.parametrize("contact", ["张三", "0573-8888888", "0573-1234567", "0573-7654321"])
    def test_embeds_no_contact(self, page: str, contact: str) -> None:
        assert contact not in page

    def test_a_contact_that_is_printed_stays_out_of_the_ledger_side(self) -> None:
        page = review_page(made(EVENTS, METRICS, ITEMS, head=f"{HEAD}\n| 引言 | 请联系{{{{ 联系人 }}}}。 |")).decode()
        head = embedded(page)["sheets"][0]["rows"]
        assert "张三" in page
        assert [row[2] for row in head if row[1] == "联系人"] == ["（联系方式，不放进核对页）"]

    def test_masks_numbers_of_persons_everywhere(self) -> None:
        items = ITEMS.replace("发了25份", "身份证11010519491231002X，手机13812345678")
        page = review_page(made(EVENTS, METRICS, items)).decode()
        assert "11010519491231002X" not in page
        assert "13812345678" not in page
        assert "138****5678" in page

    def test_untraced_numbers_are_marked_and_listed(self, page: str) -> None:
        assert re.findall(r'<mark class="untraced" id="u(\d+)">(\d+)</mark>', page) == [("1", "25")]
        assert '<a href="#u1">25</a>' in page

    def test_is_stamped(self, page: str) -> None:
        assert '<span class="stamp">内部资料</span>' in page

    def test_same_report_same_bytes(self, page: str) -> None:
        assert review_page(made()).decode() == page

    def test_the_document_number_of_the_letterhead_can_be_clicked(self) -> None:
        head = "| 发文机关标志 | 临溪县民政局文件 |\n| 机关代字 | 临民 |\n| 发文年份 | 2026 |\n| 发文顺序号 | 3 |"
        page = review_page(made(EVENTS, METRICS, ITEMS, head=head)).decode()
        assert re.search(r'<header class="letterhead">.*<a class="mark name"[^>]*>临民〔2026〕3号</a>', page)


class TestSafety:
    EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(2)">&amp;'

    def test_text_of_a_cell_stays_text(self) -> None:
        evil = self.EVIL
        items = ITEMS.replace("发了25份", evil)
        page = review_page(made(EVENTS.replace("甲", evil), METRICS, items, head=f"| 标题 | {evil} |")).decode()
        assert page.count("</script>") == 2  # ours: data and script
        assert "<img" not in page
        assert "onerror=" not in re.sub(r"onerror=(&quot;|\\\")", "", page)
        events = next(sheet for sheet in embedded(page)["sheets"] if sheet["name"] == "活动")
        assert events["rows"][0][3].startswith("</script><script>alert(1)")

    def test_policy_lets_only_its_own_style_and_script_run(self, page: str) -> None:
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
        assert policy
        assert policy[1].startswith("default-src 'none';")
        for tag in ("style", "script"):
            text = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
            assert text
            digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy[1]

    def test_nothing_is_fetched(self, page: str) -> None:
        assert re.findall(r"\b(?:src|srcset|action)=|@import|url\(|https?:", page) == []
        assert all(link.startswith("#") for link in re.findall(r'href="([^"]*)"', page))


class TestCommentedDocx:
    def test_every_figure_has_its_comment(self, report: Report, parts: dict[str, str]) -> None:
        figures = [one for one in reviewed(report.document, report.facts) if one.is_figure]
        main = parts["word/document.xml"]
        for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
            assert re.findall(rf'<w:{tag} w:id="(\d+)"/>', main) == [str(n) for n in range(len(figures))]
        texts = re.findall(r'<w:t xml:space="preserve">(.*?)</w:t>', parts["word/comments.xml"])
        assert texts == [explained(one) for one in figures]

    def test_a_comment_stands_on_its_figure(self, parts: dict[str, str]) -> None:
        ranges = re.findall(r"<w:commentRangeStart.*?<w:commentRangeEnd", parts["word/document.xml"])
        assert [re.sub("<[^>]*>?", "", one) for one in ranges] == ["2场", "4场", "42人次", "2场", "98%"]

    def test_typed_numbers_are_yellow_and_gaps_magenta(self, parts: dict[str, str]) -> None:
        assert coloured(parts["word/document.xml"], "yellow") == ["25"]
        lacking = review_docx(made(EVENTS, METRICS, ITEMS.replace("发了", "{{ 附注 }}发了")))
        with zipfile.ZipFile(io.BytesIO(lacking)) as package:
            main = package.read("word/document.xml").decode()
        assert coloured(main, "magenta") == ["【待补：报告信息 附注】"]

    def test_text_is_the_reports(self, report: Report, parts: dict[str, str]) -> None:
        with zipfile.ZipFile(io.BytesIO(render(report, "docx"))) as package:
            plain = package.read("word/document.xml").decode()
        assert words(parts["word/document.xml"]) == words(plain)

    def test_header_says_what_it_is(self, parts: dict[str, str]) -> None:
        assert "核对稿" in parts["word/headerReview.xml"]
        assert parts["word/document.xml"].count('r:id="taizhangHeader"') == 3

    def test_no_date_and_the_same_bytes(self, report: Report, parts: dict[str, str]) -> None:
        assert "w:date" not in parts["word/comments.xml"]
        assert review_docx(report) == review_docx(made())


def coloured(main: str, colour: str) -> list[str]:
    return re.findall(rf'<w:highlight w:val="{colour}"/></w:rPr><w:t xml:space="preserve">(.*?)</w:t>', main)


def words(main: str) -> str:
    return "".join(re.findall(r"<w:t[^>]*>(.*?)</w:t>", main))
