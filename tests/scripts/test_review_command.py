"""`taizhang convert --review`: what it writes beside the report, and what it says of coverage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.cli import main
from tests import ledgers
from workbook.standard.making import workbook_bytes
from workbook.text import parse

ITEMS = """
## 条目

| 编号 | 章节 | 正文 |
|---|---|---|
| T1 | 1 | 办了{{ 报告年度 }}年的事25件。 |
| T2 | | 没有章节。 |
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "台账" / "甲局.xlsx"
    path.parent.mkdir()
    path.write_bytes(workbook_bytes(parse(ledgers.HEAD + ledgers.ONE_CHAPTER + ITEMS, "甲局.md")))
    return path


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir() if one.is_file()}


def test_writes_a_docx_and_a_page_beside_the_report(
        book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "报告.docx"
    main(["convert", str(book), "-o", str(out), "--review", "--draft"])
    assert names(tmp_path) >= {"报告.docx", "报告.核对稿.docx", "报告.核对.html"}
    said = capsys.readouterr().out
    assert f"核对用：{tmp_path / '报告.核对.html'}" in said


def test_into_a_folder_each_book_has_its_own(book: Path, tmp_path: Path) -> None:
    main(["convert", str(book.parent), "-o", str(tmp_path / "集"), "--review", "--draft", "--format", "txt"])
    assert names(tmp_path / "集") == {"甲局.txt", "甲局.核对稿.docx", "甲局.核对.html"}


def test_with_a_public_copy_they_stay_beside_the_ledger(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "公开" / "报告.docx"
    main(["convert", str(book), "-o", str(out), "--review", "--public", "--draft"])
    assert "报告.核对.html" in names(book.parent)
    assert not {one for one in names(out.parent) if "核对" in one}


def test_a_refused_report_has_no_review(tmp_path: Path) -> None:
    text = ledgers.HEAD + ledgers.ONE_CHAPTER + ITEMS.replace("报告年度", "附注")
    book = tmp_path / "甲.xlsx"
    book.write_bytes(workbook_bytes(parse(text, "甲.md")))
    assert main(["convert", str(book), "-o", str(tmp_path / "报告.docx"), "--review"]) == 1
    assert names(tmp_path) == {"甲.xlsx"}


def test_coverage_is_one_line_and_a_key_of_json(
        book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["convert", str(book), "-o", str(tmp_path / "报告.txt"), "--draft"])
    line, = [line for line in capsys.readouterr().out.splitlines() if line.startswith("台账 ")]
    main(["convert", str(book), "-o", str(tmp_path / "报告.txt"), "--draft", "--json"])
    told = json.loads(capsys.readouterr().out)["reports"][0]["coverage"]
    assert told["summary"] == line
    assert (told["rows"], told["used"], told["excluded"], told["unused"]) == (3, 2, 0, 1)
    assert told["unused_rows"] == [{"sheet": "条目", "row": 4, "key": "T2", "name": "", "reason": "“章节”没有填"}]
    main(["convert", str(book), "-o", str(tmp_path / "报告.txt"), "--draft", "--quiet"])
    assert capsys.readouterr().out == ""
