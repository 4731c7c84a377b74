"""What a mailed workbook can do through stock xlwings, seen happening, and that it cannot through ours.

pyopenvba runs both VBA texts up to the command line; a real Python then runs what stands behind -c.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

import addin
from addin import VERSION
from addin.build import TEXTS
from addin.build import addin as built
from addin.build.source import module_source, stock
from addin.buttons import BUTTONS
from tests.pretend_excel import PYTHON, Front, Pressed, control, press

pytest.importorskip("pyopenvba", reason="生成加载项要用 pyopenvba")

SHARE = r"\\evil\share\python.exe"
STOCK_CALL = 'RunPython "import addin.macros; addin.macros.check()"'
_CODE = re.compile(r'python\.exe" ((?:-[IB] )*)-c "((?:[^"\\]|\\.)*)"')
Press = Callable[..., Pressed]


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("加载项") / "taizhang.xlam"
    place.write_bytes(built(PYTHON, BUTTONS))
    return place


@pytest.fixture
def ours(file: Path) -> Press:
    """Press 校验 in the built add-in."""
    return lambda front, **disk: press(file, module_source(BUTTONS), control("check"), front, **disk)


@pytest.fixture
def theirs(file: Path) -> Press:
    """RunPython in an add-in as `xlwings quickstart --addin` makes it, under our name, with the same settings."""
    text = stock().replace('"myaddin"', '"taizhang"')
    return lambda front, **disk: press(file, text, STOCK_CALL, front, rename="taizhang.conf", **disk)


def code_from(pressed: Pressed, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Where the real Python finds `addin` when it is started by this command line in `folder`."""
    [command] = pressed.commands
    switches, code = _CODE.search(command).groups()  # type: ignore[union-attr]
    code = code.replace('\\"', '"').replace("^&", "&")
    code = code.replace("import addin.macros; addin.macros.check()", "import addin; print(addin.__path__[0])")
    done = subprocess.run([sys.executable, *switches.split(), "-c", code], cwd=folder, capture_output=True, text=True,
                          encoding="utf-8", check=False, env={"PATH": "", "PYTHONUTF8": "1", **(environment or {})})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def planted(folder: Path) -> str:
    """A package of our name where an attacker can put it."""
    (folder / "addin").mkdir(parents=True)
    (folder / "addin" / "__init__.py").write_text("", "utf-8")
    return str(folder / "addin")


OWN = addin.__path__[0]


def test_a_config_sheet_in_the_workbook_chooses_the_interpreter(ours: Press, theirs: Press) -> None:
    front = Front(sheets={"taizhang.conf": {"INTERPRETER_WIN": SHARE, "PYTHONPATH": r"\\evil\share"}})
    disk = {"files": (PYTHON, SHARE)}
    assert 'pushd "\\\\evil\\share" & "\\\\evil\\share\\python.exe"' in theirs(front, **disk).commands[0]
    assert "evil" not in ours(front, **disk).commands[0]
    assert ours(front, **disk).commands[0] == ours(Front(), **disk).commands[0]


def test_a_sheet_of_the_add_ins_own_name_changes_nothing(ours: Press) -> None:
    front = Front(sheets={"taizhang": {"INTERPRETER_WIN": SHARE}})
    assert ours(front, files=(PYTHON, SHARE)) == ours(Front())


def test_a_sheet_named_py_is_run_as_code(ours: Press, theirs: Press) -> None:
    front = Front(sheets={"x.py": {"import os": "1"}, "taizhang.conf": {"LICENSE_KEY": "钥匙"}})
    assert "runpython_embedded_code" in theirs(front).commands[0]
    assert ours(front) == ours(Front())


def test_a_module_beside_the_workbook_is_imported(ours: Press, theirs: Press, tmp_path: Path) -> None:
    evil = planted(tmp_path)
    front = Front(folder=str(tmp_path))
    assert code_from(theirs(front), tmp_path.parent) == evil
    assert code_from(ours(front), tmp_path.parent) == OWN


def test_the_zip_of_the_workbooks_name_is_imported(ours: Press, theirs: Press, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "台账.zip", "w") as archive:
        archive.writestr("addin/__init__.py", "")
    front = Front("台账.xlsx", str(tmp_path))
    assert code_from(theirs(front), tmp_path.parent) == str(tmp_path / "台账.zip" / "addin")
    assert code_from(ours(front), tmp_path.parent) == OWN


def test_a_semicolon_in_the_name_puts_a_folder_on_the_path(ours: Press, theirs: Press, tmp_path: Path) -> None:
    """Even with ADD_WORKBOOK_TO_PYTHONPATH off: %TEMP%, where mail unpacks, from a name alone."""
    evil = planted(tmp_path)
    front = Front("月报;;;;;$TEMP;.xlsx")
    off = theirs(front)
    safe = Pressed((off.commands[0].replace("true;", "false;"),), ())
    assert code_from(safe, tmp_path.parent, {"TEMP": str(tmp_path)}) == evil
    assert code_from(ours(front), tmp_path.parent, {"TEMP": str(tmp_path)}) == OWN


def test_environment_variables_lead_python_elsewhere(ours: Press, theirs: Press, tmp_path: Path) -> None:
    evil, front = planted(tmp_path), Front()
    environment = {"PYTHONPATH": str(tmp_path)}
    assert code_from(theirs(front), tmp_path.parent, environment) == evil
    assert code_from(ours(front), tmp_path.parent, environment) == OWN


def test_the_folder_python_starts_in_is_not_imported_from(ours: Press, theirs: Press, tmp_path: Path) -> None:
    evil = planted(tmp_path)
    assert code_from(theirs(Front()), tmp_path) in {evil, str(Path("addin"))}
    assert code_from(ours(Front()), tmp_path) == OWN


def test_a_percent_sign_is_expanded_by_cmd(ours: Press, theirs: Press) -> None:
    front = Front("完成率100%PATH%.xlsx")
    assert "%PATH%" in theirs(front).commands[0]
    assert "%" not in ours(front).commands[0]


def test_an_equals_sign_cuts_the_name(ours: Press, theirs: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """xlwings finds the calling workbook by the text between the first two "=" of --wb=."""
    import xlwings

    front = Front("收入=支出.xlsx")
    word = re.search('--wb="([^"]*)"', theirs(front).commands[0])
    asked: list[str] = []

    class Book:
        impl = None

        def __init__(self, name: str = "", **how: object) -> None:
            asked.append(name)

    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={word[1]}", "--from_xl=1"])  # type: ignore[index]
    monkeypatch.setattr(sys, "platform", "linux")
    caller = xlwings.Book.caller.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(xlwings.main, "Book", Book)
    monkeypatch.setattr(xlwings.main, "apps", SimpleNamespace(active=SimpleNamespace(version=16)))
    caller(Book)
    assert asked[0] == "收入"
    assert ours(front).commands == ours(Front()).commands
    assert "--wb" not in ours(front).commands[0]


def test_without_settings_python_is_looked_for_beside_the_workbook(file: Path) -> None:
    """cmd.exe looks in the current folder before PATH; in Excel that is the folder a workbook was last opened from."""
    bare = press(file, stock().replace('"myaddin"', '"other"'), STOCK_CALL, Front())
    assert bare.commands[0].startswith("cmd.exe /C python -B -c")


@pytest.mark.parametrize("front", [
    Front("民政局 台账.xlsx"), Front("收入 & 支出.xlsx", r"D:\文件 & 表"), Front("100%达标%TEMP%.xlsx"),
    Front("甲=乙.xlsx"), Front("a^b!c'd;e,f(1).xlsx", r"D:\$TEMP\a;b"),
    Front("台账.xlsx", "https://d.docs.live.net/某/文档"),
], ids=lambda front: front.name)
def test_from_the_button_to_the_command_line(front: Front, ours: Press) -> None:
    """The interpreter's own path has Chinese, a space and an ampersand; the workbook's name is nowhere."""
    [command] = ours(front).commands
    folder = PYTHON.rpartition("\\")[0]
    assert re.fullmatch(
        re.escape(f'cmd.exe /C C: & cd "{folder}" & "{PYTHON}" -I -B -c "import addin.macros; addin.macros.check()"'
                  f' --from_xl=1 --addin={VERSION}'
                  ' --app="C:\\Office\\Microsoft Excel" --hwnd="77" 2> "C:\\Temp\\xlwings-')
        + r'[0-9A-F-]{36}\.log" ', command)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.label)
def test_every_button_starts_its_own_macro(button: object, file: Path) -> None:
    macro = button.macro  # type: ignore[attr-defined]
    [command] = press(file, module_source(BUTTONS), control(macro), Front()).commands
    assert f'-c "import addin.macros; addin.macros.{macro}()"' in command


@pytest.mark.parametrize("tag", ["", "rm", "check()", "check; import os", "CHECK", "__import__", "x"])
def test_a_tag_that_is_no_button_starts_nothing(tag: str, file: Path) -> None:
    assert press(file, module_source(BUTTONS), control(tag), Front()) == Pressed((), ())


@pytest.mark.parametrize("call", [f'{name} "{words}"' for name in ("RunPython", "ExecuteWindows")
                                  for words in ("import os", "check; import os")])
def test_no_words_get_past_the_callback(call: str, file: Path) -> None:
    """Excel lets a shape call even a Private procedure, with arguments; they name one of our buttons or do nothing."""
    assert press(file, module_source(BUTTONS), call, Front()) == Pressed((), ())


def test_no_workbook_is_said_in_a_sentence(file: Path) -> None:
    pressed = press(file, module_source(BUTTONS), control("check"), None)
    assert (pressed.commands, pressed.books) == ((), 0)
    assert pressed.said[0].startswith("请先打开一本台账")


def test_a_button_that_needs_no_workbook_gets_an_empty_one(file: Path) -> None:
    pressed = press(file, module_source(BUTTONS), control("new_ledger"), None)
    assert (len(pressed.commands), pressed.said, pressed.books) == (1, (), 1)


def test_a_workbook_that_was_never_saved_is_worked_on_too(ours: Press) -> None:
    assert ours(Front("工作簿1", "")) == ours(Front())


def test_a_missing_python_is_said_with_its_place(ours: Press) -> None:
    pressed = ours(Front(), files=())
    assert pressed.commands == ()
    assert pressed.said[0].startswith("找不到台账程序")
    assert PYTHON in pressed.said[0]


def test_the_status_bar_says_that_something_is_going_on(ours: Press) -> None:
    assert ours(Front()).bars == (TEXTS["running"], "False")


def test_what_a_macro_leaves_in_the_status_bar_stays(ours: Press) -> None:
    assert ours(Front(), leaves="F3：缺少完成日期").bars == (TEXTS["running"], "F3：缺少完成日期")
