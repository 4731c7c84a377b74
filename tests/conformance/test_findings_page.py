"""The page of findings in a real browser: it filters, steps, escapes what cells say, and needs no script to be read."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path

import pytest

from templates.findings_page import Part, to_page
from tests.conformance.programs import output, require
from workbook.faults import found
from workbook.findings import Cell, Finding
from workbook.surroundings import Around, Sighting

pytestmark = pytest.mark.conformance

EVIL = """</script><img src=x onerror="document.title='坏了'"><b>"'&"""
TITLES = {"D008": "逾期没有办完", "T003": "还缺内容"}
_POLICY = re.compile('<meta http-equiv="Content-Security-Policy"[^>]*>')
Browse = Callable[..., str]


def seen(code: str, row: int, *, sheet: str = "任务", office: str = "办公室", value: str = "明年") -> Sighting:
    cell = Cell(sheet, row, 10)
    around = Around(2, row, ("A", "J"), ("编号", "完成时限"), (f"R{row:02}", value), 1)
    return Sighting(found(code, cell, column="完成时限", value=value, key=f"R{row:02}"), around, office)


def settled(one: Sighting) -> Sighting:
    finding = one.finding
    return one._replace(finding=Finding(finding.code, finding.severity, finding.message, cell=finding.cell,
                                        acknowledged="县里已同意延期"))


FOUND = (
    seen("C002", 3), seen("C002", 4, office="综合股"), seen("C007", 5, sheet="活动", office="综合股", value="#REF!"),
    seen("C013", 6, value=EVIL), seen("M007", 7, sheet="指标", office=""), settled(seen("C013", 8)),
    Sighting(found("T003", value="报告信息 上级")),
)


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    """The document after the page has run, opened from disk; `then` runs after it."""
    browser = require("chromium")

    def run(page: str, fragment: str = "", then: str = "") -> str:
        if then:
            page = _POLICY.sub("", page).replace("</body>", f"<script>{then}</script></body>")
        place = tmp_path / "清单.html"
        place.write_text(page, "utf-8")
        done = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
             "--virtual-time-budget=4000", "--dump-dom", place.as_uri() + fragment],
            capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        assert "CONSOLE" not in done.stderr, done.stderr
        return done.stdout

    return run


def page(*sightings: Sighting) -> str:
    return to_page([Part("甲局/台账.xlsx", "临溪县民政局2025年", "", sightings or FOUND)], TITLES)


def shown(document: str) -> list[str]:
    """The cells of the findings that are not hidden, in order."""
    articles = re.findall(r"<article ([^>]*)>.*?<a class=\"cell\"[^>]*>(.*?)</a>", document, re.DOTALL)
    return [unescape(where) for attributes, where in articles if 'hidden=""' not in attributes]


def told(document: str) -> str:
    return re.findall(r'<span id="shown"[^>]*>(.*?)</span>', document)[0]


def test_everything_is_shown_at_first(browse: Browse) -> None:
    document = browse(page())
    assert sorted(shown(document)) == sorted(["J3", "J4", "J5", "J6", "J7", "J8", "整本台账"])
    assert told(document) == "共 7 处"


@pytest.mark.parametrize(("query", "left"), [
    ("level=错误", ["整本台账", "J3", "J4", "J5"]), ("level=已确认", ["J8"]), ("sheet=活动", ["J5"]),
    ("rule=C002", ["J3", "J4"]), ("office=综合股", ["J4", "J5"]), ("office=综合股&rule=C002", ["J4"]),
    ("text=r03", ["J3"]), ("text=任务!j4", ["J4"]), ("text=ref 活动", ["J5"]), ("text=没有这样的字", []),
])
def test_filters(browse: Browse, query: str, left: list[str]) -> None:
    document = browse(page(), "#?" + query)
    assert sorted(shown(document)) == sorted(left)
    assert told(document) == f"{len(left)} / 7 处"
    assert ('id="none" hidden=""' in document) == bool(left)


def test_a_group_without_hits_is_hidden_with_its_sheet(browse: Browse) -> None:
    document = browse(page(), "#?sheet=活动")
    assert len(re.findall(r'<section class="sheet" hidden="">', document)) == 3
    assert "1 处" in re.findall(r'<span class="count">(.*?)</span>', document)


def test_keys_step_and_filter(browse: Browse) -> None:
    press = ("const key = (k, on) => (on || document.body)"
             ".dispatchEvent(new KeyboardEvent('keydown', {key: k, bubbles: true}));")
    note = "document.title = JSON.stringify({});"
    steps = ("const at = () => document.querySelector('article.now .cell').textContent; const seen = [];"
             "for (const k of 'jjjkk') { key(k); seen.push(at()); }"
             "key('/'); seen.push(document.activeElement.id);"
             "const box = document.getElementById('text'); key('j', box); seen.push(at());"
             "box.value = 'J5'; box.dispatchEvent(new Event('input', {bubbles: true})); key('Escape', box);"
             "key('j'); seen.push(at()); seen.push(location.hash);")
    document = browse(page(), then=press + steps + note.format("seen"))
    title = json.loads(unescape(re.findall("<title>(.*?)</title>", document)[0]))
    assert title == ["J3", "J4", "J6", "J4", "J3", "text", "J3", "J5", "#?text=J5"]


def test_what_a_cell_says_does_nothing(browse: Browse) -> None:
    made = page()
    assert EVIL not in made
    assert escape(EVIL) in made
    document = browse(made)
    assert "<title>校验清单：台账.xlsx</title>" in document
    assert "<img" not in document


def test_the_policy_admits_no_other_script(browse: Browse, tmp_path: Path) -> None:
    place = tmp_path / "改过.html"
    place.write_text(page().replace("</body>", "<script>document.title = '坏了'</script></body>"), "utf-8")
    document = output(require("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", place.as_uri())
    assert "<title>坏了</title>" not in document
    assert 'id="filters">' in document, "our own script ran"


def test_it_reads_without_a_script(browse: Browse) -> None:
    document = browse(re.sub("<script>.*?</script>", "", page(), flags=re.DOTALL))
    assert len(shown(document)) == len(FOUND)
    assert document.count("<details") == document.count(" open=")
    assert '<form id="filters" hidden="">' in document


def test_five_thousand_findings_are_folded_and_filtered(browse: Browse) -> None:
    many = [seen("C002", row, office=f"股室{row % 7}") for row in range(3, 5003)]
    document = browse(page(*many), "#?text=R4711")
    assert shown(document) == ["J4711"]
    folded = browse(page(*many))
    assert len(shown(folded)) == 5000
    assert "<details class=\"error\"><summary>" in folded


def test_a_folder_makes_one_page(browse: Browse) -> None:
    parts = [Part("甲.xlsx", "甲局2025年", "", FOUND[:2]), Part("坏.xlsx", "", "坏.xlsx：不是 Excel 工作簿。", ()),
             Part("乙.xlsx", "乙局2025年", "", ())]
    document = browse(to_page(parts, TITLES))
    assert re.findall(r'<td><a href="#file\d">(.*?)</a>', document) == ["甲.xlsx", "坏.xlsx", "乙.xlsx"]
    assert '<p class="refusal">坏.xlsx：不是 Excel 工作簿。</p>' in document
    assert document.count("没有发现问题。") == 1


def test_it_prints_all_of_it_on_a4(browse: Browse, tmp_path: Path) -> None:
    many = [seen("C002", row) for row in range(3, 43)]
    place, paper = tmp_path / "清单.html", tmp_path / "清单.pdf"
    place.write_text(page(*many), "utf-8")
    subprocess.run([require("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                    f"--print-to-pdf={paper}", place.as_uri()], capture_output=True, check=True, timeout=120)
    text = output(require("pdftotext"), "-layout", paper, "-")
    assert all(f"J{row}" in text for row in (3, 20, 42))
    assert "责任股室" not in text, "the filters are not printed"
    assert "(A4)" in output(require("pdfinfo"), paper)
