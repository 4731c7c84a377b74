"""`taizhang trace`: a figure's sentence, cells, rows and how it was computed; from the docx or what lies beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scripts.cli import main
from tests.traced import LEDGER, write_book


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    book = write_book(tmp_path)
    assert main(["convert", str(book), "-o", str(tmp_path / "报告.docx"), "--quiet"]) == 0
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    capsys.readouterr()
    assert main(["trace", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_convert_writes_the_trace_beside_the_report(folder: Path) -> None:
    assert (folder / "报告.docx.trace.json").is_file()
    assert main(["convert", str(folder / "台账.xlsx"), "-o", str(folder / "报告.txt"), "--quiet"]) == 0
    assert not (folder / "报告.txt.trace.json").exists()


def test_a_figure_is_told_with_its_sentence_cells_and_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, folder / "报告.docx", "--figure", "5100余")
    assert said.splitlines()[:4] == [
        "5100余人次（5123）　活动 2 行之和", "    句子　全年参与5100余人次，办信访42件。", "    格子　指标!B3",
        "    各行　活动!3、活动!4"]


def test_json_has_the_keys_that_scripts_rely_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(told(capsys, folder / "报告.docx", "--json"))
    assert {"report", "ledger", "figures"} <= set(document)
    first = document["figures"][0]
    assert {"id", "phrase", "value", "cells", "rows", "how"} <= set(first)
    assert (first["phrase"], first["value"], first["cells"], first["rows"]) == (
        "5100余人次", "5123", ["指标!B3"], ["活动!3", "活动!4"])
    assert document["ledger"] == "台账.xlsx"


def test_the_docx_alone_and_the_trace_alone_say_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = json.loads(told(capsys, folder / "报告.docx", "--json", "--all"))["figures"]
    beside = folder / "报告.docx.trace.json"
    assert json.loads(told(capsys, beside, "--json", "--all"))["figures"] == both
    beside.unlink()
    assert json.loads(told(capsys, folder / "报告.docx", "--json", "--all"))["figures"] == both


def test_a_figure_is_found_by_its_id(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = json.loads(told(capsys, folder / "报告.docx", "--json"))["figures"]
    said = told(capsys, folder / "报告.docx", "--figure", figures[1]["id"])
    assert said.startswith(figures[1]["phrase"])


def test_many_rows_are_folded_unless_all_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    event = "| H{n} | 2025-05-{n:02d} | 学法{n} | 业务培训 | 办公室 | 1 |  |\n"
    more = "".join(event.format(n=n) for n in range(3, 31))
    book = write_book(tmp_path, LEDGER.replace("\n## 办件", f"{more}\n## 办件"))
    assert main(["convert", str(book), "-o", str(tmp_path / "报告.docx"), "--quiet"]) == 0
    assert "活动!12 等 30 行" in told(capsys, tmp_path / "报告.docx", "--figure", "参与人次")
    said = told(capsys, tmp_path / "报告.docx", "--figure", "参与人次", "--all")
    assert "活动!32" in said
    assert "等 30 行" not in said


def test_a_ledger_explains_its_metrics(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = json.loads(told(capsys, folder / "台账.xlsx", "--json"))["figures"]
    assert {one["slot"]: one["phrase"] for one in figures} == {
        "参与人次": "5100余人次", "信访": "42件", "来信": "12件", "热线": "30件", "参学率": "98.5%"}
    assert all(one["cells"] for one in figures)


def test_the_trace_of_a_public_copy_stays_beside_the_ledger(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "公开" / "公开.docx"
    assert main(["convert", str(folder / "台账.xlsx"), "-o", str(out), "--public", "--quiet"]) == 0
    assert [one.name for one in out.parent.iterdir()] == ["公开.docx"]
    assert "5123" in told(capsys, folder / "公开.docx.trace.json")


def test_a_docx_without_a_trace_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "公开.docx"
    assert main(["publish", str(folder / "报告.docx"), "-o", str(out), "--quiet"]) == 0
    assert main(["trace", str(out)]) == 2
    said = capsys.readouterr().err
    assert "公开.docx：里面没有溯源信息" in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(("content", "said"), [
    (b"PK\x03\x04 broken", "文件不完整"), (b"plain text", "是纯文本"), (b"", "是空文件")])
def test_what_is_no_docx_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes,
                                         said: str) -> None:
    (tmp_path / "报告.docx").write_bytes(content)
    assert main(["trace", str(tmp_path / "报告.docx")]) == 2
    assert said in capsys.readouterr().err


def test_an_unknown_figure_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(folder / "报告.docx"), "--figure", "没有"]) == 2
    assert "没有“没有”这个有出处的数" in capsys.readouterr().err


def test_a_damaged_trace_file_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = folder / "坏.trace.json"
    shutil.copy(folder / "报告.docx.trace.json", broken)
    broken.write_text(broken.read_text("utf-8")[:-10], "utf-8")
    assert main(["trace", str(broken)]) == 2
    assert "已损坏" in capsys.readouterr().err
