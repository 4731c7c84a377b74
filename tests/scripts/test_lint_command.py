"""`taizhang lint`: what it prints, what it returns, and that it changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.cli import main
from tests.ledgers import HEAD, ONE_CHAPTER

_FAULTY = "临溪县民政局关于2023年工作情况的报告\n受人员限限制，工作推进较慢。\n"
_CLEAN = "临溪县民政局关于2023年工作情况的报告\n各项工作按计划推进。\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "报告").mkdir()
    (tmp_path / "报告" / "甲.txt").write_text(_FAULTY, "utf-8")
    (tmp_path / "报告" / "乙.md").write_text(_CLEAN, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_line_says_where_what_why_and_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "报告/甲.txt"]) == 1
    first, shown, total = capsys.readouterr().out.splitlines()
    assert first.replace("\\", "/").startswith("报告/甲.txt:2:4 提醒 W030　“受人员限限制，工作”里“限限”多打了一个字。")
    assert "请删掉一个。（常识）" in first
    assert shown == "    受人员【限限】制，工作推进较慢。"
    assert total.endswith("：1 处。")


def test_the_json_keys_are_those_that_other_offices_rely_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "报告", "--json"]) == 1
    clean, faulty = json.loads(capsys.readouterr().out)["files"]
    assert clean["findings"] == []
    (one,) = faulty["findings"]
    assert set(one) == {"code", "severity", "line", "column", "text", "message", "hint", "authority"}
    assert (one["code"], one["severity"], one["line"], one["column"], one["text"]) == ("W030", "warning", 2, 4, "限限")


def test_one_line_of_json_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "报告", "--ndjson", "-j", "2"]) == 1
    files = [json.loads(line)["file"] for line in capsys.readouterr().out.splitlines()]
    assert [Path(name).name for name in files] == ["乙.md", "甲.txt"]


def test_exit_codes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "报告/乙.md"]) == 0
    assert main(["lint", "报告/乙.md", "报告/没有.txt"]) == 2
    (folder / "空").mkdir()
    assert main(["lint", "空"]) == 2
    assert "没有报告" in capsys.readouterr().err
    assert main(["lint", "报告", "--quiet"]) == 1
    assert capsys.readouterr().out == ""


def test_no_file_is_changed(folder: Path) -> None:
    main(["lint", "报告", "--quiet"])
    assert (folder / "报告" / "甲.txt").read_text("utf-8") == _FAULTY
    assert sorted(path.name for path in (folder / "报告").iterdir()) == ["乙.md", "甲.txt"]


def test_an_offices_ledger_extends_the_laws(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    laws = "\n## 法规\n\n| 正式名称 | 误名 |\n|---|---|\n| 临溪县犬只管理办法 | 临溪县养犬条例 |\n"
    (folder / "台账.md").write_text(HEAD + ONE_CHAPTER + laws, "utf-8")
    assert main(["load", "台账.md", "-o", "台账.xlsx", "--quiet"]) == 0
    (folder / "丙.txt").write_text("关于2023年工作情况的报告\n学习《临溪县养犬条例》。\n", "utf-8")
    assert main(["lint", "丙.txt"]) == 0
    assert main(["lint", "丙.txt", "--laws", "台账.xlsx"]) == 1
    assert "请改成《临溪县犬只管理办法》" in capsys.readouterr().out
    assert main(["lint", "丙.txt", "--laws", "没有.xlsx"]) == 2


def test_the_rule_book_shows_lint_rules_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "g001"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("G001　小标题序号跳号或重号\n级别：提醒　依据：国标 GB/T 9704—2012 7.3.3\n")
    assert "（三）加强宣传" in text
