"""install, uninstall: what is written, kept and taken away again, on a pretended Windows and on this Linux."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from addin import VERSION
from addin.install import icons, installing, machine
from addin.install.icons import ICONS, entry, exec_word, icon_files
from addin.install.installed import texts
from addin.install.installing import BACKUP, install, uninstall
from addin.install.machine import Machine, NoRegistry, Shortcut, WindowsRegistry, same_path, zone
from addin.install.places import addin_folders, interpreter, record
from scripts.cli import main
from tests.addin.pretend_windows import windows
from workbook.findings import Refusal

pytest.importorskip("pyopenvba", reason="生成加载项要用 pyopenvba")


@pytest.fixture(autouse=True)
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_SOFFICE", "没有")


@pytest.fixture(autouse=True)
def shortcuts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, Shortcut]]:
    """The shortcuts that were written; a file stands in for each."""
    made: list[tuple[Path, Shortcut]] = []

    def write(path: Path, one: Shortcut) -> None:
        made.append((path, one))
        path.write_bytes(repr(one).encode())

    monkeypatch.setattr(icons, "write_shortcut", write)
    return made


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def pc(tmp_path: Path) -> Machine:
    return windows(tmp_path)


def startup(pc: Machine) -> Path:
    return addin_folders(pc)[0] / "taizhang.xlam"


def test_install_writes_the_add_in_the_icons_and_its_record(pc: Machine, shortcuts: list[Any]) -> None:
    before = files_below(pc.home)
    done = install(pc)
    assert {one.what for one in done} == {"写入"}
    assert files_below(pc.home) - before == {
        "AppData/Roaming/Microsoft/Excel/XLSTART/taizhang.xlam", "OneDrive - 县民政局/桌面/校验台账.lnk",
        "OneDrive - 县民政局/桌面/生成报告.lnk", "AppData/Local/Taizhang/install.json"}
    said = texts(startup(pc))
    assert (said["INTERPRETER_WIN"], said["VERSION"]) == (str(pc.python), VERSION)
    assert [(one.target, one.arguments) for _, one in shortcuts] == [
        (pc.python, "-I -m scripts.desk check"), (pc.python, "-I -m scripts.desk report")]


def test_an_icon_starts_python_without_a_console_where_there_is_one(pc: Machine, shortcuts: list[Any]) -> None:
    quiet = pc.python.with_name("pythonw.exe")
    quiet.write_bytes(b"")
    install(pc)
    assert {one.target for _, one in shortcuts} == {quiet}


def test_a_second_install_changes_nothing_and_repairs_what_was_damaged(pc: Machine) -> None:
    install(pc)
    assert {one.what for one in install(pc)} == {"没有变"}
    good = startup(pc).read_bytes()
    startup(pc).write_bytes(b"damaged")
    assert "更新" in {one.what for one in install(pc)}
    assert startup(pc).read_bytes() == good
    assert not startup(pc).with_name(startup(pc).name + BACKUP).exists(), "our own file is no one's to keep"


def test_what_stood_there_before_us_comes_back(pc: Machine) -> None:
    startup(pc).parent.mkdir(parents=True)
    startup(pc).write_bytes(b"somebody else's")
    install(pc)
    install(pc)
    assert "换回原来的" in {one.what for one in uninstall(pc)}
    assert startup(pc).read_bytes() == b"somebody else's"


def test_uninstall_removes_what_install_wrote_and_nothing_else(pc: Machine) -> None:
    before = files_below(pc.home)
    install(pc)
    other = startup(pc).with_name("别人的.xlam")
    other.write_bytes(b"")
    uninstall(pc)
    assert files_below(pc.home) == before | {other.relative_to(pc.home).as_posix()}
    assert uninstall(pc) == []


def test_a_moved_python_is_written_anew(pc: Machine) -> None:
    install(pc)
    moved = pc._replace(python=pc.home / "新 位置" / "python.exe")
    assert "更新" in {one.what for one in install(moved)}
    assert texts(startup(pc))["INTERPRETER_WIN"] == str(moved.python)


def test_a_folder_that_a_policy_moved_later_is_followed(tmp_path: Path) -> None:
    old = windows(tmp_path)
    install(old)
    share = tmp_path / "服务器" / "李四" / "AppData"
    new = windows(tmp_path, folders={"AppData": str(share), "Desktop": "%OneDrive%/桌面"})
    install(new)
    assert not startup(old).exists()
    assert (share / "Microsoft" / "Excel" / "XLSTART" / "taizhang.xlam").is_file()


def test_the_mark_of_the_web_is_taken_off(pc: Machine) -> None:
    install(pc)
    Path(f"{startup(pc)}{machine.ZONE}").write_text("[ZoneTransfer]\nZoneId=3\n", "utf-8")
    assert "ZoneId=3" in zone(startup(pc))
    install(pc)
    assert zone(startup(pc)) == ""


def test_wps_gets_the_add_in_where_it_is(pc: Machine) -> None:
    (pc.roaming / "kingsoft" / "office6").mkdir(parents=True)
    install(pc)
    assert (pc.roaming / "kingsoft" / "office6" / "XLSTART" / "taizhang.xlam").is_file()
    uninstall(pc)
    assert files_below(pc.roaming) == set()


def test_a_running_excel_is_one_sentence_and_the_next_run_goes_on(pc: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    install(pc)
    unlink = Path.unlink

    def locked(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".xlam":
            raise PermissionError(13, "used by another process")
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", locked)
    with pytest.raises(Refusal, match="请关掉所有 Excel 和 WPS 窗口"):
        uninstall(pc)
    assert json.loads(record(pc).read_text("utf-8"))["files"] == [str(startup(pc))]
    monkeypatch.undo()
    uninstall(pc)
    assert not startup(pc).exists()


def test_excel_that_holds_the_add_in_stops_an_update(pc: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    install(pc)
    startup(pc).write_bytes(b"old")
    monkeypatch.setattr("os.replace", lambda *names: (_ for _ in ()).throw(PermissionError(13, "in use")))
    with pytest.raises(Refusal, match="Excel"):
        install(pc)
    assert startup(pc).read_bytes() == b"old"


@pytest.mark.parametrize(("python", "why"), [
    (r"C:\100%达标%\python.exe", "有 %"),
    (r"C:\Users\a\AppData\Local\Microsoft\WindowsApps\python.exe", "应用商店"),
])
def test_a_python_that_excel_cannot_use_is_refused_before_anything_is_written(pc: Machine, python: str, why: str
                                                                              ) -> None:
    with pytest.raises(Refusal, match=why):
        install(pc._replace(python=Path(python)))
    assert not startup(pc).exists()


@pytest.mark.parametrize(("python", "told"), [
    (r"C:\Users\李 四\AppData\Local\Taizhang\venv\Scripts\python.exe",
     r"%LOCALAPPDATA%\Taizhang\venv\Scripts\python.exe"),
    (r"c:\users\李 四\appdata\local\Taizhang\venv\Scripts\python.exe",
     r"%LOCALAPPDATA%\Taizhang\venv\Scripts\python.exe"),
    (r"D:\程序 & 数据\python.exe", r"D:\程序 & 数据\python.exe"),
    (r"C:\Users\李 四\AppData\Locally\python.exe", r"C:\Users\李 四\AppData\Locally\python.exe"),
])
def test_the_interpreter_is_told_so_that_the_add_in_can_roam(pc: Machine, python: str, told: str) -> None:
    there = pc._replace(python=Path(python), environment={"LOCALAPPDATA": r"C:\Users\李 四\AppData\Local"})
    assert interpreter(there) == told
    assert same_path(there.expanded(told), python)


def test_variables_are_filled_in_without_regard_to_case(pc: Machine) -> None:
    assert pc._replace(environment={"AppData": r"C:\a"}).expanded(r"%APPDATA%\b %没有%") == r"C:\a\b %没有%"


def test_a_broken_record_is_said_and_nothing_is_guessed(pc: Machine) -> None:
    install(pc)
    record(pc).write_text("{", "utf-8")
    with pytest.raises(Refusal, match="安装记录坏了"):
        uninstall(pc)
    assert startup(pc).is_file()


def linux(home: Path) -> Machine:
    return Machine("linux", {"PATH": "/usr/bin"}, NoRegistry(), home, Path(sys.executable))


def test_on_linux_the_icons_alone_are_installed(tmp_path: Path) -> None:
    desktop = tmp_path / "桌面"
    desktop.mkdir()
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "user-dirs.dirs").write_text('XDG_DESKTOP_DIR="$HOME/桌面"\n', "utf-8")
    before = files_below(tmp_path)
    install(linux(tmp_path))
    names = {f"taizhang-{one.work}.desktop" for one in ICONS}
    assert files_below(tmp_path) - before == {
        *(f"桌面/{name}" for name in names), *(f".local/share/applications/{name}" for name in names),
        ".local/share/taizhang/install.json"}
    assert all(path.stat().st_mode & 0o111 for path in icon_files(linux(tmp_path)))
    assert {one.what for one in install(linux(tmp_path))} == {"没有变"}
    uninstall(linux(tmp_path))
    assert files_below(tmp_path) == before


@pytest.mark.parametrize(("word", "told"), [
    ("/opt/台账 程序/python", '"/opt/台账 程序/python"'), ("/a%b", '"/a%%b"'), ("/a$b`", '"/a\\\\$b\\\\`"'),
    ('/a"b', '"/a\\\\"b"'), ("/a\\b", '"/a\\\\\\\\b"'),
])
def test_a_path_in_a_desktop_entry_is_quoted_as_the_standard_says(word: str, told: str) -> None:
    assert exec_word(word) == told
    assert f"{told} -I -m scripts.desk check %F\n" in entry(Path(word), ICONS[0])


def test_a_mac_gets_the_add_in_and_the_script_that_excel_needs(tmp_path: Path) -> None:
    install(Machine("darwin", {}, NoRegistry(), tmp_path, Path("/opt/台账/bin/python")))
    written = files_below(tmp_path)
    assert any(name.endswith("Startup.localized/Excel/taizhang.xlam") for name in written)
    assert any(name.endswith(".applescript") for name in written)


class Key:
    """An opened key of the pretended winreg."""

    def __init__(self, values: dict[str, Any], below: list[str]) -> None:
        self.values, self.below = list(values.items()), below

    def __enter__(self) -> Key:
        return self

    def __exit__(self, *ignored: object) -> None:
        pass


def test_the_registry_is_read_in_both_views(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a 32-bit Office wrote counts where the 64-bit view says nothing else."""
    held = {(1, "S", 256): Key({"a": "sixty-four", "b": 1}, ["x"]),
            (1, "S", 512): Key({"a": "thirty-two", "c": b"z"}, ["y"])}

    def opened(root: int, key: str, reserved: int, access: int) -> Key:
        found = held.get((root, key, access & ~1))
        if found is None:
            raise FileNotFoundError
        return found

    def numbered(pairs: Any) -> Any:
        def ask(key: Key, number: int) -> Any:
            if number >= len(pairs(key)):
                raise OSError
            return pairs(key)[number]
        return ask

    fake: Any = ModuleType("winreg")
    fake.HKEY_CURRENT_USER, fake.HKEY_LOCAL_MACHINE, fake.KEY_READ = 1, 2, 1
    fake.KEY_WOW64_64KEY, fake.KEY_WOW64_32KEY, fake.OpenKey = 256, 512, opened
    fake.EnumValue = numbered(lambda key: [(name, value, 0) for name, value in key.values])
    fake.EnumKey = numbered(lambda key: key.below)
    monkeypatch.setitem(sys.modules, "winreg", fake)
    registry = WindowsRegistry()
    assert registry.values(r"HKCU\S") == {"a": "sixty-four", "b": 1, "c": b"z"}
    assert registry.keys(r"HKCU\S") == ["x", "y"]
    assert registry.values(r"HKLM\S") == {}


def test_a_shortcut_is_written_through_the_shell_in_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []

    class Link:
        def __getattr__(self, name: str) -> Any:
            return lambda *given: told.append((name, *given)) or self

    com: Any = ModuleType("pythoncom")
    com.CLSCTX_INPROC_SERVER, com.IID_IPersistFile = 1, "persist"
    com.CoInitialize, com.CoCreateInstance = lambda: None, lambda *given: Link()
    for name, module in (("pythoncom", com), ("win32com", ModuleType("win32com")),
                         ("win32com.shell", ModuleType("win32com.shell")),
                         ("win32com.shell.shell", SimpleNamespace(CLSID_ShellLink=1, IID_IShellLink=2))):
        monkeypatch.setitem(sys.modules, name, module)
    one = Shortcut("校验台账", Path("C:/程序/pythonw.exe"), "-I -m scripts.desk check", "说明", "shell32.dll,22")
    machine.write_shortcut(Path("C:/桌面/校验台账.lnk"), one)
    assert told == [("SetPath", "C:/程序/pythonw.exe"), ("SetArguments", one.arguments), ("SetDescription", "说明"),
                    ("SetIconLocation", "shell32.dll", 22), ("QueryInterface", "persist"),
                    ("Save", "C:/桌面/校验台账.lnk", 0)]


@pytest.fixture
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "this_machine", lambda: linux(tmp_path))


@pytest.mark.usefixtures("_here")
def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["addin", "install"]) == 0
    assert "装好了" in capsys.readouterr().out
    assert main(["addin", "doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert {"python", "packages", "icons", "fonts", "rights"} <= {one["name"] for one in told["checks"]}
    assert main(["addin", "uninstall"]) == 0
    assert "台账和报告都没有动" in capsys.readouterr().out
    assert main(["addin", "uninstall", "--quiet"]) == 0
    assert installing.uninstall(linux(tmp_path)) == []
