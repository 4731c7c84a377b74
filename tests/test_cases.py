"""Every page under tests/cases: a table, then what must be said about it and where.

A page is `# CODE 短标题`, then blocks: a line `报：任务!C2、活动` (cells, sheets, or 文件 for the whole file) or
`不报`, then a ledger between ~~~ledger and ~~~. A block is completed by the standard 报告信息 and 章节 of
`tests.ledgers` unless it brings its own. What no text can say stands on a line of its own before the ledger:
`合并：任务!A2:A3`, or `原样` (the block is the whole file, nothing is added).

A block between ~~~report and ~~~ is a report for lint; its places are line:column (`报：3:5`, 0:0 for the whole file).
`docx：正文=宋体 12` before it makes it a docx of that look (`tests.report_files`), `docx：` one of the standard's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from templates.check import check
from templates.lint.lint import LINT, lint_text
from templates.lint.reading import plain_text
from templates.lint.text import Text
from templates.lint.wordfile import read_word
from tests.ledgers import HEAD, ONE_CHAPTER
from tests.report_files import docx
from workbook.faults import FAULTS
from workbook.findings import Finding
from workbook.raw import Merge, RawBook, RawSheet
from workbook.rules.every import RULES
from workbook.text import parse

PAGES = sorted((Path(__file__).parent / "cases").glob("*.md"))
_TITLE = re.compile(r"# (?P<code>[A-Z]\d{3}) (?P<title>\S.*)")
_BLOCK = re.compile(
    r"^(?:报：(?P<where>[^\n]+)|不报)\n(?P<extra>[^~]*?)^~~~(?P<kind>ledger|report)\n(?P<text>.*?)^~~~$", re.M | re.S
)
_MERGE = re.compile(r"^合并：(?P<sheet>[^!\n]+)!(?P<left>[A-Z])(?P<top>\d+):(?P<right>[A-Z])(?P<bottom>\d+)$", re.M)
_DOCX = re.compile(r"^docx：(?P<look>.*)$", re.M)
_STANDARD = (("报告信息", HEAD), ("章节", ONE_CHAPTER))
_FILE = "文件"


@dataclass(frozen=True, slots=True)
class Case:
    """One block: `expected` is where the code must be found, nowhere for 不报."""

    code: str
    name: str
    expected: frozenset[str]
    book: RawBook | Text


def cases_of(page: Path) -> Iterator[Case]:
    """The blocks of one page, as workbooks."""
    for number, block in enumerate(_BLOCK.finditer(page.read_text("utf-8")), 1):
        places = (block["where"] or "").split("、")
        expected = frozenset("" if place == _FILE else place.strip() for place in places if place.strip())
        name = f"{page.stem} {number} {'报' if expected else '不报'}"
        made = _book if block["kind"] == "ledger" else _report
        yield Case(page.stem, name, expected, made(block["text"], block["extra"]))


def _report(text: str, extra: str) -> Text:
    look = _DOCX.search(extra)
    return read_word("试.docx", docx(text.rstrip("\n"), look["look"])) if look else plain_text("试.txt", text)


def _book(text: str, extra: str) -> RawBook:
    lines = extra.split()
    added = [table for title, table in _STANDARD if f"## {title}\n" not in text and "原样" not in lines]
    return _merged(parse("".join(added) + "\n" + text, "试.md"), extra)


def _merged(book: RawBook, extra: str) -> RawBook:
    for match in _MERGE.finditer(extra):
        merge = Merge(int(match["top"]), _number(match["left"]), int(match["bottom"]), _number(match["right"]))
        assert book.sheet(match["sheet"]), f"没有工作表 {match['sheet']}"
        sheets = (_with_merge(one, merge) if one.name == match["sheet"] else one for one in book.sheets)
        book = RawBook(book.path, tuple(sheets), book.epoch1904, book.formulas)
    return book


def _with_merge(sheet: RawSheet, merge: Merge) -> RawSheet:
    return RawSheet(sheet.name, sheet.rows, sheet.visible, (*sheet.merges, merge))


def _number(letter: str) -> int:
    return ord(letter) - ord("A") + 1


@cache
def _cases() -> tuple[Case, ...]:
    return tuple(case for page in PAGES for case in cases_of(page))


def _found(case: Case) -> tuple[set[str], str]:
    """Where the case's code was said, and everything that was said."""
    if isinstance(case.book, RawBook):
        findings = check(case.book)
        return {one.where for one in findings if one.code == case.code}, _told(findings)
    remarks = lint_text(case.book)
    said = {f"{one.line}:{one.column}" for one in remarks if one.code == case.code}
    return said, "\n".join(f"{one.code} {one.line}:{one.column} {one.message}" for one in remarks)


def _told(found: list[Finding]) -> str:
    return "\n".join(f"{one.code} {one.where or _FILE} {one.message}{one.hint}" for one in found if one.code != "S001")


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.name)
def test_a_case_is_told_exactly_where_the_page_says(case: Case) -> None:
    said, told = _found(case)
    assert said == case.expected, f"{case.name}：应在 {sorted(case.expected)}，实在 {sorted(said)}\n{told}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_its_code_and_shows_a_hit_and_a_near_miss(page: Path) -> None:
    text = page.read_text("utf-8")
    title = _TITLE.fullmatch(text.partition("\n")[0])
    assert title, f"{page.name} 的第一行应是“# {page.stem} 短标题”"
    assert title["code"] == page.stem
    assert page.stem in FAULTS, f"{page.stem} 没有登记"
    rule = RULES.get(page.stem) or LINT.get(page.stem)
    if rule:
        assert title["title"] == rule.title
    blocks = [bool(case.expected) for case in cases_of(page)]
    assert True in blocks, "至少要有一块“报”"
    assert False in blocks, "至少要有一块“不报”"
    assert len(blocks) == text.count("\n~~~ledger\n") + text.count("\n~~~report\n"), "有一块前面没有“报：…”或“不报”"
