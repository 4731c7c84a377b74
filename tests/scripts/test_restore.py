"""`taizhang repair` and `upgrade` as their users meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from scripts.cli import main
from tests.ledgers import HEAD, ONE_CHAPTER

ITEM = "\n## 条目\n\n| 编号 | 章节 | 正文 |\n|---|---|---|\n| T1 | 1 | 办了事。 |\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    source = tmp_path / "台账.md"
    source.write_text(HEAD + ONE_CHAPTER + ITEM, "utf-8")
    assert main(["load", str(source), "-o", str(tmp_path / "台账.xlsx"), "--quiet"]) == 0
    return tmp_path / "台账.xlsx"


def spoil(path: Path, sheet: str, place: str, value: str) -> None:
    opened = load_workbook(path)
    opened[sheet][place] = value
    opened.save(path)


def test_a_sound_workbook_comes_out_as_the_same_ledger(
        book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repair", str(book), "-o", str(tmp_path / "好.xlsx")]) == 0
    for name in ("台账", "好"):
        assert main(["dump", str(tmp_path / f"{name}.xlsx"), "-o", str(tmp_path / f"{name}.md"), "--quiet"]) == 0
    assert (tmp_path / "好.md").read_text("utf-8") == (tmp_path / "台账.md").read_text("utf-8")
    assert "移到附表 0；一格不少。" in capsys.readouterr().out


def test_what_was_set_aside_is_listed_without_a_persons_number(
        book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(book, "条目", "F1", "经办人 13812345678")
    assert main(["repair", str(book), "-o", str(tmp_path / "好.xlsx")]) == 1
    said = capsys.readouterr().out
    assert "条目!F1　经办人 138****5678　不是程序生成的内容" in said
    kept = load_workbook(tmp_path / "好.xlsx")["修复说明"]
    assert [cell.value for cell in kept[2]][:2] == ["条目!F1", "经办人 13812345678"]


def test_json_says_of_every_cell_where_it_is(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(book, "条目", "E2", "这里填正文。")
    assert main(["repair", str(book), "-o", str(tmp_path / "好.xlsx"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert {"file", "output", "balance", "changes", "aside", "cells"} == set(told)
    counts = told["balance"]
    assert counts["写入"] + counts["重建"] + counts["移到附表"] == counts["cells"] == len(told["cells"])
    assert {"from": "条目!E3", "fate": "写入", "to": "条目!E3"} in told["cells"]
    assert told["aside"][0] | {"settle": True} == {"sheet": "条目", "cell": "E2", "value": "这里填正文。",
                                                  "reason": "占了表头“正文”的位置", "settle": True}


@pytest.mark.parametrize("command", ["repair", "upgrade"])
def test_the_original_is_never_overwritten(command: str, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = book.read_bytes()
    assert main([command, str(book), "-o", str(book)]) == 2
    assert book.read_bytes() == before
    assert "请另给一个文件名" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["repair", "upgrade"])
def test_the_output_is_an_xlsx(command: str, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, str(book), "-o", str(book.with_suffix(".ods"))]) == 2
    assert ".xlsx" in capsys.readouterr().err


def test_a_lost_cell_is_our_fault_and_leaves_no_file(
        book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("workbook.restoring.settling.same", lambda one, other: False)
    assert main(["repair", str(book), "-o", str(tmp_path / "好.xlsx")]) == 3
    assert not (tmp_path / "好.xlsx").exists()
    assert "程序出错" in capsys.readouterr().err


def test_todays_version_needs_no_upgrade_and_nothing_is_written(
        book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade", str(book), "-o", str(tmp_path / "新.xlsx")]) == 0
    assert not (tmp_path / "新.xlsx").exists()
    assert "架构版本已经是 1，不用升级" in capsys.readouterr().out


def test_a_ledger_without_a_version_is_upgraded_and_then_checks(
        book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened = load_workbook(book)
    del opened["_元"]
    opened.save(book)
    assert main(["upgrade", str(book), "-o", str(tmp_path / "新.xlsx")]) == 0
    assert "架构版本 0 升到 1" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "新.xlsx"), "--quiet"]) == 0
