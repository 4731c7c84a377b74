"""`taizhang desk`: what becomes of a file that is dropped on an icon, and what the clerk is told."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from scripts.cli import main
from tests.ledgers import HEAD, ONE_CHAPTER
from workbook import desktop
from workbook.standard.making import workbook_bytes
from workbook.text import parse

WRONG = """
## 活动

| 编号 | 开始日期 | 活动名称 | 承办股室 |
|---|---|---|---|
| H1 | 2025-02-30 | 讲座 |  |
"""
EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"


class Desk:
    """A desktop without screen: what was said and what was opened."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.opened: list[Path] = []
        self.chosen: list[str] | None = []

    def press(self, work: str, *files: str | Path) -> str:
        self.said.clear()
        self.opened.clear()
        self.code = main(["desk", work, *map(str, files)])
        return self.said[-1][1] if self.said else ""


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    one = Desk()
    monkeypatch.setattr(desktop, "show", lambda text, title: one.said.append((title, text)))
    monkeypatch.setattr(desktop, "open_file", lambda path: one.opened.append(Path(path)) or True)
    monkeypatch.setattr(desktop, "choose_files", lambda title: one.chosen)
    return one


@pytest.fixture(scope="module")
def example() -> bytes:
    return workbook_bytes(parse(EXAMPLE.read_text("utf-8"), "示例"))


@pytest.fixture
def book(tmp_path: Path, example: bytes) -> Path:
    path = tmp_path / "完成 100%" / "民政 台账=甲&乙.xlsx"
    path.parent.mkdir()
    path.write_bytes(example)
    return path


@pytest.fixture
def gaps(tmp_path: Path) -> Path:
    path = tmp_path / "缺.xlsx"
    path.write_bytes(workbook_bytes(parse(HEAD + ONE_CHAPTER + WRONG, "缺")))
    return path


def test_check_writes_the_list_and_a_marked_copy_beside_and_opens_the_list(desk: Desk, book: Path) -> None:
    before = book.read_bytes()
    said = desk.press("check", book)
    page = book.with_name("民政 台账=甲&乙.问题清单.html")
    assert desk.opened == [page]
    assert {path.name for path in book.parent.iterdir()} == {book.name, page.name, "民政 台账=甲&乙.标注.xlsx"}
    assert str(page) in said
    assert desk.said[0][0] == "校验台账"
    assert book.read_bytes() == before


def test_several_files_share_one_list_and_a_bad_one_stops_none(desk: Desk, book: Path, gaps: Path) -> None:
    bad = gaps.with_name("不是台账.xlsx")
    bad.write_bytes(b"PK")
    said = desk.press("check", bad, book, gaps)
    assert desk.opened == [bad.with_name("校验清单.html")]
    assert "不是台账.xlsx" in said.splitlines()[0]
    assert "缺.xlsx：错误" in said
    assert desk.code == 2


def test_a_folder_is_all_ledgers_in_it(desk: Desk, book: Path) -> None:
    assert book.name in desk.press("check", book.parent)
    empty = book.parent / "空"
    empty.mkdir()
    assert "没有 Excel 台账" in desk.press("check", empty)
    assert desk.opened == []


def test_report_writes_beside_opens_it_and_keeps_an_older_one(desk: Desk, book: Path) -> None:
    target = book.with_suffix(".docx")
    target.write_bytes(b"edited in Word")
    said = desk.press("report", book)
    assert desk.opened == [target]
    assert said == f"报告：{target}"
    assert Path(f"{target}.bak").read_bytes() == b"edited in Word"


def test_what_is_not_complete_becomes_a_draft_and_says_what_is_missing(desk: Desk, gaps: Path) -> None:
    said = desk.press("report", gaps)
    draft = gaps.with_name("缺.草稿.docx")
    assert desk.opened == [draft]
    assert said.splitlines()[0] == f"还不能出正式稿，先出了草稿：{draft}"
    assert len(said.splitlines()) > 1
    assert not gaps.with_suffix(".docx").exists()


@pytest.mark.parametrize("work", ["check", "report"])
def test_what_is_no_ledger_is_a_sentence_and_opens_nothing(desk: Desk, work: str, tmp_path: Path) -> None:
    other = tmp_path / "照片.xlsx"
    other.write_bytes(b"\x89PNG")
    said = desk.press(work, other)
    assert len(said.splitlines()) == 1
    assert "照片.xlsx" in said
    assert desk.opened == []
    assert "找不到" in desk.press(work, tmp_path / "没有.xlsx")


def test_a_list_that_is_held_open_is_a_sentence(desk: Desk, book: Path) -> None:
    (book.parent / "~$民政 台账=甲&乙.标注.xlsx").write_bytes(b"")
    (book.parent / "民政 台账=甲&乙.标注.xlsx").write_bytes(b"")
    assert "正在 Excel 或 WPS 里打开" in desk.press("check", book)


def test_without_a_file_a_chooser_asks_and_cancelling_says_nothing(desk: Desk, book: Path) -> None:
    desk.chosen = [str(book)]
    assert str(book.with_suffix(".docx")) in desk.press("report")
    desk.chosen = []
    assert desk.press("report") == ""
    assert desk.code == 0
    desk.chosen = None
    assert desk.press("report") == "请把台账（Excel 文件）拖到“生成报告”这个图标上，一次可以拖几本。"


def test_a_fault_of_ours_is_a_sentence(desk: Desk, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.convert.outcome_of", lambda order: 1 / 0)
    assert desk.press("report", book).startswith("程序出错，不是您的问题：ZeroDivisionError")
    assert desk.code == 3


def test_what_no_program_opens_is_named(desk: Desk, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop, "open_file", lambda path: False)
    assert f"请打开：{book.with_suffix('.docx')}" in desk.press("report", book)


def test_without_a_console_there_is_no_stdout(desk: Desk, gaps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pythonw.exe has neither stdout nor stderr."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert "草稿" in desk.press("report", gaps)
    assert desk.code == 1


def test_on_a_terminal_it_is_printed(desk: Desk, gaps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    assert desk.press("report", gaps) == ""
    assert "草稿" in terminal.getvalue()


def test_the_module_of_the_icons_is_the_command(tmp_path: Path, book: Path) -> None:
    environment = {name: text for name, text in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-I", "-m", "scripts.desk", "report", str(tmp_path / "没有.xlsx")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, env=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("生成报告\n")


def test_a_message_box_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    fake: Any = ModuleType("ctypes")
    fake.windll = SimpleNamespace(user32=SimpleNamespace(MessageBoxW=lambda *given: shown.append(given)))
    monkeypatch.setitem(sys.modules, "ctypes", fake)
    monkeypatch.setattr(sys, "platform", "win32")
    desktop.show("错误 3 处", "校验台账")
    assert shown[0][:3] == (None, "错误 3 处", "校验台账")


def test_windows_opens_a_file_with_its_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "startfile", opened.append, raising=False)
    assert desktop.open_file(tmp_path / "报告.docx")
    assert opened == [str(tmp_path / "报告.docx")]


@pytest.mark.parametrize(("program", "words"),
                         [("zenity", "--no-markup"), ("kdialog", "--msgbox"), ("xdg-open", "html")])
def test_linux_shows_a_message_with_what_is_there(program: str, words: str, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    place = tmp_path / program
    place.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{log}"\n', "utf-8")
    place.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":99")
    desktop.show("<b>错误</b> 3 处", "校验台账")
    for _ in range(100):
        if log.exists() and log.read_text("utf-8"):
            break
        time.sleep(0.05)
    told = log.read_text("utf-8")
    assert words in told
    assert "校验台账" in told or Path(told.strip()).read_text("utf-8").count("&lt;b&gt;错误")


def test_without_screen_and_program_it_is_said_on_stderr(monkeypatch: pytest.MonkeyPatch,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    desktop.show("错误 3 处", "校验台账")
    assert capsys.readouterr().err == "校验台账\n错误 3 处\n"
