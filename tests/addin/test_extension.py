"""install, doctor, uninstall and the menu in LibreOffice, on a pretended LibreOffice that unpacks what it is given."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from addin.install import extension
from addin.install.doctor import examine
from addin.install.findings import GOOD, NOTE, Check
from addin.install.installing import install, uninstall
from addin.install.machine import Machine, NoRegistry, asked
from scripts.cli import main
from workbook.findings import Refusal

pytest.importorskip("pyopenvba", reason="生成加载项要用 pyopenvba")


class Office:
    """What unopkg does, without LibreOffice; `running` it does nothing but say so."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.running, self.calls = machine, False, 0
        self.cache = machine.home / ".config/libreoffice/4/user/uno_packages/cache"
        self.held = self.cache / "uno_packages" / "lu1.tmp_" / extension.PACKED

    def asked(self, machine: Machine, command: list[str]) -> str:
        self.calls += 1
        if self.running:
            return "ERROR: unopkg cannot be started. The lock file indicates it is already running."
        listed = b""
        if command[1] == "add":
            zipfile.ZipFile(command[-1]).extractall(self.held)
            listed = b"cn.taizhang.addin\nlu1.tmp\xfftaizhang.oxt\xffapplication/x\xff0\n\n"
        (self.cache / "uno_packages.pmap").write_bytes(b"Pmp1\xff" + listed)
        return ""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    program = tmp_path / "office" / "soffice"
    program.parent.mkdir()
    for name in ("soffice", "unopkg"):
        program.with_name(name).write_bytes(b"")
    monkeypatch.setenv("TAIZHANG_SOFFICE", str(program))
    monkeypatch.setattr(sys, "platform", "linux")
    there = Office(Machine("linux", {"PATH": ""}, NoRegistry(), tmp_path / "家", Path(sys.executable)))
    monkeypatch.setattr(extension, "asked", there.asked)
    return there


def line(office: Office) -> Check:
    return next(one for one in examine(office.machine) if one.name == "extension")


def test_install_hands_the_menu_to_libreoffice_once_and_uninstall_takes_it_out(office: Office) -> None:
    assert (line(office).level, line(office).text) == (NOTE, "LibreOffice 里没有“台账”菜单")
    kept = extension.packed_file(office.machine)
    assert {one.what for one in install(office.machine) if one.path == kept} == {"写入"}
    assert (line(office).level, office.calls) == (GOOD, 1)
    assert {one.what for one in install(office.machine)} == {"没有变"}
    assert office.calls == 1
    uninstall(office.machine)
    assert (kept.exists(), line(office).level) == (False, NOTE)


def test_a_damaged_menu_is_put_right(office: Office) -> None:
    install(office.machine)
    (office.held / "settings.json").write_text("{")
    assert line(office).level == NOTE
    install(office.machine)
    assert line(office).level == GOOD


@pytest.mark.parametrize(("old", "new", "said"), [
    ('"version": "', '"version": "0.0.', "LibreOffice 里的“台账”菜单是 0.0."),
    (sys.executable, "/没有/python", "LibreOffice 的“台账”菜单要启动的 Python 不在了：/没有/python"),
])
def test_a_menu_of_another_version_or_python_is_told(office: Office, old: str, new: str, said: str) -> None:
    install(office.machine)
    settings = office.held / "settings.json"
    settings.write_text(settings.read_text("utf-8").replace(old, new), "utf-8")
    assert line(office).text.startswith(said)
    assert line(office).todo == extension.AGAIN


def test_while_libreoffice_runs_all_else_is_installed_and_the_menu_follows(office: Office) -> None:
    office.running = True
    done = install(office.machine)
    refused = next(one for one in done if one.what == "没有装")
    assert "LibreOffice 没有收下" in refused.why
    assert extension.AGAIN in refused.why
    assert len(done) == 3, "the icons are there"
    office.running = False
    install(office.machine)
    assert line(office).level == GOOD


def test_while_libreoffice_runs_the_menu_stays_and_is_still_ours_to_remove(office: Office) -> None:
    install(office.machine)
    office.running = True
    with pytest.raises(Refusal, match="请关掉所有 LibreOffice 窗口，再运行一次"):
        uninstall(office.machine)
    office.running = False
    uninstall(office.machine)
    assert line(office).level == NOTE


def test_without_libreoffice_nothing_is_said_of_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_SOFFICE", "/没有/soffice")
    assert extension.packed_file(office.machine) not in {one.path for one in install(office.machine)}
    assert "extension" not in {one.name for one in examine(office.machine)}


def test_a_clerk_reads_why_it_was_not_installed(
        office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    office.running = True
    monkeypatch.setattr("addin.install.machine.this_machine", lambda: office.machine)
    assert main(["addin", "install"]) == 0
    assert "没有装：" in capsys.readouterr().out


def test_what_a_program_says_is_told_and_that_it_is_missing_or_slow(office: Office) -> None:
    def said(code: str, patience: float = 60) -> str:
        return asked(office.machine, [sys.executable, "-c", code], patience)

    assert said("pass") == ""
    assert said("import sys; sys.exit('坏了')") == "坏了"
    assert said("import sys; sys.exit(3)") == "退出码 3"
    assert "timed out" in said("import time; time.sleep(9)", 0.2)
    assert asked(office.machine, ["/没有/unopkg"]) != ""
