"""How LibreOffice is found and what is said where it does not do its work; real PDFs are for tests/conformance."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from templates.typesetting.pdf import find_office, to_pdf
from workbook.findings import Refusal

Office = Callable[[str], None]
unix = pytest.mark.skipif(sys.platform == "win32", reason="假的 LibreOffice 是一个 sh 脚本")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Sets a shell script up as LibreOffice; its last argument is the .docx."""

    def install(script: str) -> None:
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("TAIZHANG_SOFFICE", str(program))

    return install


def test_the_named_program_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "我的 soffice"
    program.touch()
    monkeypatch.setenv("TAIZHANG_SOFFICE", str(program))
    assert find_office() == str(program)


def test_a_wrong_name_is_not_replaced_by_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_SOFFICE", "/没有/soffice")
    assert find_office() is None


def test_without_libreoffice_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_SOFFICE", "/没有/soffice")
    with pytest.raises(Refusal, match=r"LibreOffice.*安装.*\.docx.*另存为 PDF"):
        to_pdf(b"")


@unix
def test_the_pdf_beside_the_document_is_the_answer(office: Office) -> None:
    office('for last; do :; done; cat "$last" > "${last%.docx}.pdf"')
    assert to_pdf("内容".encode()) == "内容".encode()


@unix
def test_each_run_has_a_profile_of_its_own(office: Office, tmp_path: Path) -> None:
    office(f'for last; do :; done; echo "$@" >> "{tmp_path}/calls"; echo > "${{last%.docx}}.pdf"')
    to_pdf(b"")
    to_pdf(b"")
    calls = (tmp_path / "calls").read_text("utf-8").splitlines()
    profiles = {word for call in calls for word in call.split() if word.startswith("-env:UserInstallation=file:///")}
    assert len(profiles) == 2
    assert not [word for word in profiles if Path(word.removeprefix("-env:UserInstallation=file://")).exists()]


@unix
def test_no_pdf_is_a_refusal(office: Office) -> None:
    office("exit 0")
    with pytest.raises(Refusal, match="没有生成 PDF"):
        to_pdf(b"")


@unix
def test_a_program_that_does_not_start_is_a_refusal(office: Office, tmp_path: Path) -> None:
    office("")
    (tmp_path / "soffice").chmod(0o644)
    with pytest.raises(Refusal, match="不能启动"):
        to_pdf(b"")


@unix
def test_one_that_hangs_is_stopped_with_all_it_started(office: Office, tmp_path: Path) -> None:
    office(f'sleep 60 & echo $! > "{tmp_path}/child"; wait')
    with pytest.raises(Refusal, match=r"超过 0\.5 秒"):
        to_pdf(b"", timeout=0.5)
    child = int((tmp_path / "child").read_text("utf-8"))
    assert gone(child)


def gone(process: int) -> bool:
    """Killed: no such process, or one that nobody has buried yet."""
    for _ in range(50):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{process}/stat").is_file() and ") Z " in Path(f"/proc/{process}/stat").read_text("utf-8"):
            return True
        time.sleep(0.02)
    return False
