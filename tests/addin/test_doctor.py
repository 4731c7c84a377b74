"""环境检查: each thing that can be wrong with a computer is one line that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from addin import macros
from addin.install import icons
from addin.install.doctor import counted, examine, exit_code, summary
from addin.install.excel_settings import network
from addin.install.findings import BAD, GOOD, NOTE
from addin.install.installing import install
from addin.install.machine import ZONE, Machine
from addin.install.places import addin_folders
from addin.sheet import engine
from tests.addin.engine_memory import started
from tests.addin.pretend_windows import windows
from workbook.raw import RawBook, RawSheet

pytest.importorskip("pyopenvba", reason="生成加载项要用 pyopenvba")


@pytest.fixture(autouse=True)
def _all_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addin.install.doctor.version", lambda name: "1")
    monkeypatch.setattr(icons, "write_shortcut", lambda path, one: path.write_bytes(b""))


def installed(folder: Path, **changed: Mapping[str, Any] | None) -> Machine:
    pc = windows(folder, **changed)
    install(pc)
    return pc


def lines(pc: Machine) -> dict[str, tuple[str, str]]:
    """The level and the whole line of each check that is named once."""
    return {check.name: (check.level, str(check)) for check in examine(pc)}


def startup(pc: Machine) -> Path:
    return addin_folders(pc)[0] / "taizhang.xlam"


def test_all_is_well(tmp_path: Path) -> None:
    checks = examine(installed(tmp_path))
    assert [str(one) for one in checks if one.level != GOOD] == []
    assert exit_code(checks) == 0
    told = next(one.text for one in checks if one.name == "packages")
    assert "lxml 1" in told
    assert "distributed" not in told, "what is optional is not asked for"
    assert summary(checks) == "可以用。"
    assert {"python", "packages", "office", "addin", "interpreter", "blocked", "disabled", "trust", "icons",
            "code_page", "long_paths", "fonts", "rights"} == {one.name for one in checks}


def test_excel_is_named_with_its_version_and_its_bits(tmp_path: Path) -> None:
    assert "Excel 16.0.17928，32 位：C:\\Program Files" in lines(installed(tmp_path))["office"][1]


def test_nothing_installed(tmp_path: Path) -> None:
    checks = examine(windows(tmp_path))
    assert exit_code(checks) == 1
    assert "taizhang addin install" in next(str(one) for one in checks if one.name == "addin")
    assert counted(checks).bad == 1
    assert "1 处不行" in summary(checks)


@pytest.mark.parametrize(("changed", "name", "level", "said"), [
    ({"disabled": {"X": bytes(12) + "c:\\xlstart\\Taizhang.xlam\0".encode("utf-16-le")}}, "disabled", BAD, "禁用项目"),
    ({"trusted": {"AllLocationsDisabled": 1}}, "trust", BAD, "受信任位置"),
    ({"policy": {"VBAWarnings": 4}}, "trust", NOTE, "组策略禁用"),
    ({"location": {"Path": r"C:\templates"}}, "location", NOTE, "没有 XLSTART"),
    ({"nls": {"ACP": "1252"}}, "code_page", NOTE, "1252"),
    ({"paths": None}, "long_paths", NOTE, "260"),
    ({"fonts": None}, "fonts", NOTE, "方正小标宋、仿宋、楷体、黑体、宋体"),
    ({"excel": None, "wps": {"": r"C:\WPS\et.exe"}}, "office", NOTE, "没有找到 Excel"),
    ({"excel": None}, "office", NOTE, "没有找到 Excel、WPS 或 LibreOffice"),
], ids=str)
def test_each_obstacle_is_a_line(tmp_path: Path, changed: Any, name: str, level: str, said: str) -> None:
    assert lines(installed(tmp_path, **changed))[name][0] == level
    assert said in lines(installed(tmp_path, **changed))[name][1]


def test_a_blocked_file_an_old_one_and_a_broken_one(tmp_path: Path) -> None:
    pc = installed(tmp_path)
    mark = Path(f"{startup(pc)}{ZONE}")
    mark.write_text("[ZoneTransfer]\r\nZoneId=3\r\n", "utf-8")
    assert lines(pc)["blocked"][0] == BAD
    assert "解除锁定" in lines(pc)["blocked"][1]
    mark.unlink()
    startup(pc).write_bytes(b"PK")
    assert (lines(pc)["addin"][0], "坏了" in lines(pc)["addin"][1]) == (BAD, True)


def test_another_version_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pc = installed(tmp_path)
    monkeypatch.setattr("addin.install.installed.VERSION", "9.0")
    assert lines(pc)["addin"][0] == BAD
    assert "程序是 9.0 版" in lines(pc)["addin"][1]


def test_a_python_that_went_and_another_python(tmp_path: Path) -> None:
    pc = installed(tmp_path)
    other = pc.python.with_name("other.exe")
    other.write_bytes(b"")
    assert lines(pc._replace(python=other))["interpreter"][0] == NOTE
    pc.python.unlink()
    assert lines(pc)["interpreter"][0] == BAD
    assert str(pc.python) in lines(pc)["interpreter"][1]


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "pywin32":
            raise PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr("addin.install.doctor.version", version)
    level, said = lines(installed(tmp_path))["packages"]
    assert (level, said) == (BAD, "不行 台账程序 0.1.0，缺少零件：pywin32。请重新运行一次安装程序。")


def test_a_folder_without_write_access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pc = installed(tmp_path)
    monkeypatch.setattr("addin.install.doctor.writable", lambda folder: "XLSTART" not in str(folder))
    assert lines(pc)["rights"][0] == BAD
    assert "受控文件夹" in lines(pc)["rights"][1]


def test_icons_that_were_deleted(tmp_path: Path) -> None:
    pc = installed(tmp_path)
    next(pc.desktop.glob("*.lnk")).unlink()
    assert lines(pc)["icons"][0] == NOTE


def test_a_network_folder_is_told_by_its_name() -> None:
    assert network(r"\\服务器\用户\李四\AppData\Microsoft\Excel\XLSTART")
    assert not network(r"C:\用户")


def test_the_button_shows_the_same_lines_the_bad_ones_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pc = windows(tmp_path)
    monkeypatch.setattr("addin.install.machine.this_machine", lambda: pc)
    before = engine().engines.active
    app = started((RawBook("杂.xlsx", (RawSheet("Sheet1", [["甲"]]),)), "杂.xlsx"))
    macros.doctor()
    engine().engines.active = before
    said = app.alerts[-1].splitlines()
    assert said[0].startswith("有 1 处不行")
    assert said[1].startswith("不行 加载项没有装")
