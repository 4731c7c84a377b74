"""The command line as its users meet it: exit codes, one clear sentence, no traceback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scripts.cli import COMMANDS, main
from scripts.convert import parse_period
from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.findings import Refusal

GOLDEN = Path(__file__).parents[1] / "golden"
ITEM = "\n## 条目\n\n| 编号 | 章节 | 正文 |\n|---|---|---|\n| T1 | 1 | {text} |\n"


def book(folder: Path, text: str, name: str = "台账.xlsx") -> Path:
    source = folder / "台账.md"
    source.write_text(text, "utf-8")
    assert main(["load", str(source), "-o", str(folder / name), "--quiet"]) == 0
    return folder / name


def simple(folder: Path, text: str = "办了事。", name: str = "台账.xlsx") -> Path:
    return book(folder, HEAD + ONE_CHAPTER + ITEM.format(text=text), name)


def test_load_then_convert_prints_the_golden_text(tmp_path: Path) -> None:
    made = book(tmp_path, (GOLDEN / "phrases.ledger.md").read_text("utf-8"))
    assert main(["convert", str(made), "-o", str(tmp_path / "报告.txt"), "--quiet"]) == 0
    assert (tmp_path / "报告.txt").read_text("utf-8") == (GOLDEN / "phrases.expected.txt").read_text("utf-8")


@pytest.mark.parametrize("form", ["docx", "html", "md", "txt"])
def test_same_ledger_same_bytes(tmp_path: Path, form: str) -> None:
    made = simple(tmp_path)
    for name in ("一", "二"):
        assert main(["convert", str(made), "-o", str(tmp_path / f"{name}.{form}"), "--quiet"]) == 0
    assert (tmp_path / f"一.{form}").read_bytes() == (tmp_path / f"二.{form}").read_bytes()


def test_loading_twice_gives_the_same_workbook(tmp_path: Path) -> None:
    assert simple(tmp_path, name="一.xlsx").read_bytes() == simple(tmp_path, name="二.xlsx").read_bytes()


def test_dump_of_load_is_stable(tmp_path: Path) -> None:
    first, second = tmp_path / "一.md", tmp_path / "二.md"
    made = book(tmp_path, (GOLDEN / "features.ledger.md").read_text("utf-8"))
    assert main(["dump", str(made), "-o", str(first), "--quiet"]) == 0
    assert main(["load", str(first), "-o", str(made), "--quiet"]) == 0
    assert main(["dump", str(made), "-o", str(second), "--quiet"]) == 0
    assert first.read_text("utf-8") == second.read_text("utf-8")


def test_a_final_is_refused_with_the_list_and_a_draft_shows_the_gaps(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, out = simple(tmp_path, "在{{ 上级 }}领导下。"), tmp_path / "报告.txt"
    assert main(["convert", str(made), "-o", str(out)]) == 1
    assert not out.exists()
    assert "缺报告信息 上级" in capsys.readouterr().err
    assert main(["convert", str(made), "-o", str(out), "--draft"]) == 1
    assert "在【待补：报告信息 上级】领导下。" in out.read_text("utf-8")


def test_an_unknown_slot_names_its_cell_and_the_nearest_name(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = simple(tmp_path, "{{ 机关全秤 }}办了事。")
    assert main(["convert", str(made), "-o", str(tmp_path / "报告.docx")]) == 1
    said = capsys.readouterr().err
    assert re.search(r"错误 T001 条目![A-Z]+\d+：\{\{ 机关全秤 \}\} 没有这个名称。请核对名称。是不是“机关全称”", said)


def test_json_of_convert(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = simple(tmp_path, "{{ 没有的 }}")
    assert main(["convert", str(made), "-o", str(tmp_path / "报告.docx"), "--json", "--quiet"]) == 1
    one, = json.loads(capsys.readouterr().out)["reports"]
    assert {"file", "output", "status", "figures", "untraced", "findings", "seconds"} <= set(one)
    assert one["status"] == "refused"
    fault = next(f for f in one["findings"] if f["severity"] == "error")
    assert set(fault) >= {"code", "severity", "sheet", "cell", "column", "row", "key", "value", "message", "hint",
                          "authority"}


def test_a_folder_is_converted_and_one_bad_file_stops_nothing(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "各局"
    (source / "甲局").mkdir(parents=True)
    simple(source / "甲局", name="一.xlsx")
    (source / "坏.xlsx").write_bytes(b"not a workbook")
    out = tmp_path / "报告"
    assert main(["convert", str(source), "-o", str(out), "--format", "txt", "-j", "2"]) == 2
    assert (out / "甲局" / "一.txt").is_file()
    said = capsys.readouterr()
    assert "坏.xlsx" in said.err
    assert "共 2 份：已生成 1，失败 1。" in said.out


def test_a_folder_is_taken_up_again_where_it_was_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "各局", tmp_path / "报告"
    source.mkdir()
    for name in ("甲.xlsx", "乙.xlsx"):
        simple(source, name=name)
    again = ["convert", str(source), "-o", str(out), "--format", "txt", "-j", "2"]
    assert main(again) == 0
    (out / "甲.txt").unlink()
    capsys.readouterr()
    assert main([*again, "--resume", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {Path(one["file"]).stem: one.get("resumed", False) for one in told["reports"]} == {"乙": True, "甲": False}
    assert (out / "甲.txt").is_file()
    assert main([*again, "--resume", "--layout", "公文", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["resumed"] == 0


def test_a_conversion_leaves_nothing_behind_in_memory(tmp_path: Path) -> None:
    """What holds itself stays until somebody looks for it: a batch would grow by a ledger a report."""
    import gc

    from scripts.convert import Order, convert

    def ledgers() -> int:
        return sum(type(one).__name__ == "Ledger" for one in gc.get_objects())

    made = book(tmp_path, (GOLDEN / "features.ledger.md").read_text("utf-8"))
    gc.collect()
    before = ledgers()
    gc.disable()
    try:
        assert convert(Order(str(made), str(tmp_path / "报告.docx"), "docx")).status == "ok"
        assert ledgers() == before
    finally:
        gc.enable()


@pytest.mark.parametrize(("name", "content", "said"), [
    ("没有.xlsx", None, "找不到"),
    ("文字.xlsx", "只是文字".encode(), "不是"),
    ("空.xlsx", b"", "空"),
], ids=["没有这个文件", "不是工作簿", "空文件"])
def test_unusable_input_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str,
                                        content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert main(["convert", str(tmp_path / name), "-o", str(tmp_path / "报告.docx")]) == 2
    told = capsys.readouterr().err
    assert name in told
    assert said in told
    assert len(told.strip().splitlines()) == 1
    assert "Traceback" not in told


def test_a_workbook_that_is_no_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import openpyxl

    other = openpyxl.Workbook()
    other.save(tmp_path / "工资.xlsx")
    assert main(["convert", str(tmp_path / "工资.xlsx"), "-o", str(tmp_path / "报告.docx")]) == 2
    assert "工资.xlsx：不是标准台账" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["报告信息", "章节"])
def test_a_missing_required_sheet_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str) -> None:
    import openpyxl

    made = simple(tmp_path)
    damaged = openpyxl.load_workbook(made)
    del damaged[missing]
    damaged.save(made)
    assert main(["convert", str(made), "-o", str(tmp_path / "报告.docx")]) == 2
    assert f"缺少工作表“{missing}”" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "said"), [
    (["convert"], "缺少参数"),
    (["convert", "a.xlsx", "-o", "a.docx", "--layout", "横排"], "--layout 不能是"),
    (["convert", "a.xlsx", "-o", "a.docx", "--没有"], "不认识的参数"),
    (["没有的命令"], "不能是"),
    (["convert", "a.xlsx", "-o", "a.docx", "--period", "去年"], "--period 不能是“去年”"),
    (["convert", "a.xlsx", "-o", "a.wps"], "不认识这个扩展名"),
    (["new", "--kind", "通用报告", "--office", "甲局", "--year", "25", "-o", "没有.xlsx"], "--year 不能是 25"),
], ids=["少参数", "错版式", "多参数", "错命令", "错统计期", "错扩展名", "错年份"])
def test_usage_errors_are_chinese_and_exit_2(
        capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "error" not in told


def test_new_makes_a_draft_that_names_every_gap(tmp_path: Path) -> None:
    made = tmp_path / "新.xlsx"
    assert main(["new", "--kind", "法治政府建设年度报告", "--office", "临溪县民政局", "--year", "2026", "-o", str(made),
                 "--quiet"]) == 0
    out = tmp_path / "草稿.txt"
    assert main(["convert", str(made), "-o", str(out), "--draft", "--quiet"]) == 1
    text = out.read_text("utf-8")
    assert text.startswith("临溪县民政局2026年法治政府建设")
    assert "示例" not in text
    assert main(["new", "--kind", "通用报告", "--office", "甲局", "--year", "2026", "-o", str(made)]) == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main([name, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"taizhang {name}" in said
    assert "例：" in said
    assert "usage" not in said


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in COMMANDS)


def test_our_own_fault_is_exit_3_without_a_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("scripts.convert.parse_period", lambda text: 1 / 0)
    assert main(["convert", "a.xlsx", "-o", "a.docx", "--period", "2025"]) == 3
    told = capsys.readouterr().err
    assert "不是您的问题" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(("text", "days"), [
    ("2025", ("2025-01-01", "2025-12-31")), ("2025Q1", ("2025-01-01", "2025-03-31")),
    ("2024q4", ("2024-10-01", "2024-12-31")), ("2025H1", ("2025-01-01", "2025-06-30")),
    ("2024-02", ("2024-02-01", "2024-02-29")), ("2025-01-15..2025-02-15", ("2025-01-15", "2025-02-15")),
])
def test_periods(text: str, days: tuple[str, str]) -> None:
    assert tuple(day.isoformat() for day in parse_period(text)) == days


@pytest.mark.parametrize("text", ["2025Q5", "2025-13", "去年", "2025-02-01..2025-01-01", ""])
def test_a_bad_period_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        parse_period(text)


def test_the_script_is_the_command(tmp_path: Path) -> None:
    made = simple(tmp_path)
    script = Path(__file__).parents[2] / "scripts" / "convert.py"
    done = subprocess.run([sys.executable, str(script), str(made), "-o", str(tmp_path / "报告.docx")],
                          capture_output=True, text=True, encoding="utf-8", check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert zipfile.is_zipfile(tmp_path / "报告.docx")


def test_help_and_convert_load_no_heavy_library(tmp_path: Path) -> None:
    made = simple(tmp_path)
    program = ("import sys; from scripts.cli import main; code = main(sys.argv[1:]);"
               "heavy = {'pandas', 'numpy', 'openpyxl', 'docx', 'lxml', 'xlsxwriter', 'xlwings'};"
               "print(sorted(heavy & set(sys.modules)));"
               "sys.exit(code)")
    arguments = ["convert", str(made), "-o", str(tmp_path / "报告.docx"), "--quiet"]
    done = subprocess.run([sys.executable, "-c", program, *arguments],
                          capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_a_reader_that_has_read_enough_is_no_fault() -> None:
    command = [sys.executable, "-m", "scripts.cli", "rule", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


def test_a_final_is_refused_for_any_error_of_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twice = "\n## 条目\n\n| 编号 | 章节 | 正文 |\n|---|---|---|\n| T1 | 1 | 办了事。 |\n| T1 | 1 | 办了事。 |\n"
    made = book(tmp_path, HEAD + ONE_CHAPTER + twice)
    assert main(["convert", str(made), "-o", str(tmp_path / "报告.docx")]) == 1
    assert "L002" in capsys.readouterr().err
    assert not (tmp_path / "报告.docx").exists()
    assert main(["convert", str(made), "-o", str(tmp_path / "草稿.docx"), "--draft", "--quiet"]) == 1
    assert (tmp_path / "草稿.docx").exists()
