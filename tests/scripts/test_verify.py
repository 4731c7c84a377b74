"""`taizhang verify` and `pull` as their users meet them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scripts.cli import main
from templates.provenance.carriers import manifest_in
from tests.comparisons import LEDGER
from workbook.reading.reader import read


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("台账.md").write_text(LEDGER, "utf-8")
    run("load", "台账.md", "-o", "台账.xlsx")
    run("convert", "台账.xlsx", "-o", "报告.docx", "--draft")
    return tmp_path


def run(*words: str) -> int:
    return main([*words, "--quiet"])


def edit(before: str, after: str, name: str = "报告.docx") -> None:
    """Type over some words of a paragraph, whatever runs they stand in."""
    from lxml import etree

    with zipfile.ZipFile(name) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    nodes = next(found for one in root.iter("{*}p") if before in _said(found := list(one.iter("{*}t"))))
    at, left = _said(nodes).index(before), after
    for node in nodes:
        text, start, end = node.text or "", max(at, 0), max(at + len(before), 0)
        node.text = text[:start] + (left if start < len(text) and end else "") + text[end:]
        left = "" if start < len(text) and end else left
        at -= len(text)
    with zipfile.ZipFile(name, "w") as package:
        for part, content in (parts | {"word/document.xml": etree.tostring(root)}).items():
            package.writestr(part, content)


def _said(nodes: list[Any]) -> str:
    return "".join(node.text or "" for node in nodes)


def reload(before: str, after: str) -> None:
    """Edit the ledger."""
    assert before in LEDGER
    Path("台账.md").write_text(LEDGER.replace(before, after), "utf-8")
    run("load", "台账.md", "-o", "台账.xlsx")


def test_an_untouched_report_matches(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "报告.docx", "台账.xlsx"]) == 0
    assert capsys.readouterr().out == "报告.docx 对 台账.xlsx：一致 12。\n"


def test_each_difference_says_where_and_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("8场", "9场")
    reload("| 650 |", "| 1650 |")
    assert main(["verify", "报告.docx", "台账.xlsx"]) == 1
    out = capsys.readouterr().out
    assert "报告“9场”，台账“8场”（指标!B3、指标!B4、指标!B5）" in out
    assert "报告“1800余人次”，台账“2800余人次”（指标!B6）" in out
    assert "报告改得对，就改台账" in out
    assert "请把报告改过来，或重新生成报告" in out
    assert "一致 10，报告已改 1，台账已改 1" in out


def test_json_of_verify(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("8场", "9场")
    edit("按2020年", "按2020年印发的88项规定和")
    assert main(["verify", "报告.docx", "台账.xlsx", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["report"], document["ledger"]) == ("报告.docx", "台账.xlsx")
    figure = next(one for one in document["figures"] if one["phrase"] == "8场")
    assert (figure["status"], figure["report"], figure["ledger"]) == ("报告已改", "9场", "8场")
    assert figure["rows"] == ["活动!3", "活动!4"]
    assert figure["id"]
    assert [one["text"] for one in document["untraced"]] == ["88项"]
    assert document["untraced"][0]["context"].startswith("截至2025年12月31日")


def test_the_public_copy_is_verified_by_the_trace_beside_the_ledger(
        folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("外发").mkdir()
    run("convert", "台账.xlsx", "-o", "外发/公开.docx", "--public", "--draft")
    assert manifest_in(Path("外发/公开.docx").read_bytes()) is None
    assert run("verify", "外发/公开.docx", "台账.xlsx") == 0
    reload("| 650 |", "| 1650 |")
    assert run("verify", "外发/公开.docx", "台账.xlsx") == 1


def test_another_ledger_is_refused_unless_forced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("别的.md").write_text(LEDGER.partition("\n## _元")[0].replace("| 2025 |", "| 2024 |"), "utf-8")
    run("load", "别的.md", "-o", "别的.xlsx")
    assert run("verify", "报告.docx", "别的.xlsx") == 2
    assert "不是从这本台账出的" in capsys.readouterr().err
    assert run("verify", "报告.docx", "别的.xlsx", "--force") == 1


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04torn"], ids=["空", "文字", "撕裂"])
def test_what_is_no_report_is_refused(folder: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    Path("坏.docx").write_bytes(content)
    assert run("verify", "坏.docx", "台账.xlsx") == 2
    assert capsys.readouterr().err.startswith("坏.docx：")


def test_a_report_without_any_trace_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("convert", "台账.xlsx", "-o", "公开.docx", "--public", "--draft")
    for trace in folder.rglob("公开.docx.trace.json"):
        trace.unlink()
    assert run("verify", "公开.docx", "台账.xlsx") == 2
    assert "里面没有溯源信息" in capsys.readouterr().err


def test_pull_writes_the_wording_into_a_new_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("群众反映良好", "群众满意")
    edit("8场", "9场")
    before = Path("台账.xlsx").read_bytes()
    assert main(["pull", "报告.docx", "台账.xlsx", "-o", "新台账.xlsx"]) == 0
    assert "数不收回，请改台账（指标!B3、指标!B4、指标!B5）" in capsys.readouterr().out
    assert Path("台账.xlsx").read_bytes() == before
    sheet = read("新台账.xlsx").sheet("条目")
    assert sheet is not None
    assert sheet.rows[4][4] == "{{ 机关全称 }}各项工作有序推进，群众满意。"
    assert sheet.rows[2][4] == "全年开展普法活动{{ 普法活动 }}，其中{{ 普法活动.其中 }}，参与群众{{ 参与群众 }}。"
    edit("9场", "8场")
    assert run("verify", "报告.docx", "新台账.xlsx") == 0


def test_pull_leaves_a_conflict_alone_and_returns_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("群众反映良好", "群众满意")
    reload("群众反映良好", "群众点赞")
    assert main(["pull", "报告.docx", "台账.xlsx", "-o", "新台账.xlsx", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["changes"] == []
    assert [(one["cell"], one["ours"], one["theirs"]) for one in document["conflicts"]] == [
        ("条目!E5", "{{ 机关全称 }}各项工作有序推进，群众点赞。", "{{ 机关全称 }}各项工作有序推进，群众满意。")]
    assert Path("新台账.xlsx").read_bytes() == Path("台账.xlsx").read_bytes()


def test_a_dry_run_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("群众反映良好", "群众满意")
    there = sorted(folder.iterdir())
    assert main(["pull", "报告.docx", "台账.xlsx", "--dry-run"]) == 0
    assert "现在　{{ 机关全称 }}各项工作有序推进，群众满意。" in capsys.readouterr().out
    assert sorted(folder.iterdir()) == there


def test_pull_without_a_target_says_what_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("pull", "报告.docx", "台账.xlsx") == 2
    assert "请用 -o 说明" in capsys.readouterr().err
