"""Long paths, the console and the clock, as each system has them."""

from __future__ import annotations

import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbook import files
from workbook.console import prepare_console
from workbook.disk import system
from workbook.files import long_path, stamp
from workbook.findings import Refusal


@pytest.mark.parametrize(("given", "expected"), [
    ("C:\\台账\\a.xlsx", "C:\\台账\\a.xlsx"),
    ("C:\\" + "长" * 240, "\\\\?\\C:\\" + "长" * 240),
    ("C:/" + "长/" * 140 + "a.xlsx", "\\\\?\\C:\\" + "长\\" * 140 + "a.xlsx"),
    ("\\\\服务器\\共享\\" + "长" * 240, "\\\\?\\UNC\\服务器\\共享\\" + "长" * 240),
    ("\\\\?\\C:\\" + "长" * 240, "\\\\?\\C:\\" + "长" * 240),
], ids=["短", "长", "斜杠", "共享文件夹", "已经是"])
def test_windows_opens_long_paths(given: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "WINDOWS", True)
    assert long_path(given) == expected


def test_elsewhere_a_path_is_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "WINDOWS", False)
    assert long_path("/" + "长" * 300) == "/" + "长" * 300


@pytest.mark.parametrize(("encoding", "printed"), [
    ("utf-8", "台账①—👍\\udc80".encode()),
    ("gbk", "台账①—\\U0001f44d\\udc80".encode("gbk")),
    ("ascii", "台账①—👍\\udc80".encode()),
    ("cp1252", "台账①—👍\\udc80".encode()),
    ("cp437", "台账①—👍\\udc80".encode()),
])
def test_any_text_can_be_printed_anywhere(encoding: str, printed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", None)
    prepare_console()
    print("台账①—👍\udc80", end="", flush=True)
    assert out.buffer.getvalue() == printed  # type: ignore[attr-defined]


def test_a_stream_that_cannot_be_set_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    prepare_console()
    assert isinstance(sys.stdout, io.StringIO)


@pytest.mark.parametrize("environment", [
    {"LC_ALL": "C"}, {"LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "gbk:strict"},
], ids=["LC_ALL=C", "LANG=C", "代码页 936"])
def test_a_redirected_run_prints_chinese(environment: dict[str, str]) -> None:
    script = "from workbook.console import prepare_console; prepare_console(); print('\\u53f0\\u8d26\\u2713')"
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    done = subprocess.run([sys.executable, "-c", script], env=keep | environment, capture_output=True, check=True,
                          cwd=Path(files.__file__).parents[1])
    assert "台账".encode("gbk" if "PYTHONIOENCODING" in environment else "utf-8") in done.stdout


def test_the_stamp_is_now_unless_the_environment_says_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert abs(stamp() - dt.datetime.now()) < dt.timedelta(minutes=1)
    assert stamp().microsecond == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    assert stamp() == dt.datetime(2025, 1, 1)


@pytest.mark.parametrize("given", ["昨天", "1e9", "9" * 30])
def test_a_stamp_that_is_no_number_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    with pytest.raises(Refusal, match="SOURCE_DATE_EPOCH"):
        stamp()
