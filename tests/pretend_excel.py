"""An Excel to press a ribbon button in: pyopenvba runs the VBA, a pretended Windows writes down what it would do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

PYTHON = r"C:\Users\李 & 王\taizhang\python.exe"
ENVIRONMENT = {"Temp": r"C:\Temp", "USERPROFILE": r"C:\Users\李 & 王",
               "LOCALAPPDATA": r"C:\Users\李 & 王\AppData\Local"}


class Front(NamedTuple):
    """The workbook in front: its name, its folder ("" never saved), sheets of names and values."""

    name: str = "台账.xlsx"
    folder: str = r"D:\2025年 台账"
    sheets: Mapping[str, Mapping[str, str]] = {}


class Pressed(NamedTuple):
    """What happened: command lines started, message boxes shown, workbooks open besides the add-in, status bars.

    `bars` is the status bar while Python ran, and after; "False" is Excel's own.
    """

    commands: tuple[str, ...]
    said: tuple[str, ...]
    books: int = 1
    bars: tuple[str, ...] = ("False",)


def press(addin: Path, module: str, call: str, front: Front | None, *, rename: str | None = None,
          files: tuple[str, ...] = (PYTHON,), leaves: str = "") -> Pressed:
    """Run `call` at the end of `module`; `rename` renames the add-in's own sheet, `files` are on the disk.

    `leaves` is what the macro writes into the status bar.
    """
    from pyopenvba.apps.excel import ExcelApplication

    app = ExcelApplication.open(addin, with_vba=False)
    app.freeze_clock(dt.datetime(2025, 12, 31, 16, 0))  # the name of the log is drawn from the clock
    own = app.workbooks()[0]
    if rename:
        own.sheets_[0].name = rename
    shell = _shell(app, leaves)
    app.interpreter.host.create = lambda name: shell  # type: ignore[method-assign]
    app.interpreter._intrinsics = {**app.interpreter._intrinsics, **_disk(files)}
    app.add_module(_FRONT, name="PressedControl", kind="class")
    app.add_module(f"{_readable(module)}\nSub Pressed()\n{call}\nEnd Sub\n", name="Pressing")
    if front is None:
        app.application.active_book = None
    else:
        _open(app, front)
    app.run("Pressed")
    shown = [said for _, said, *_ in app.dialogs]
    bars = (*shell.bars, _bar(app))
    return Pressed(tuple(shell.commands), (*shell.said, *shown), len(app.workbooks()) - 1, bars)


def control(tag: str) -> str:
    """VBA that presses the button of this tag."""
    return f'Dim one As New PressedControl\none.Tag = "{tag}"\nTzOnAction one'


_FRONT = "Public Tag As String\n"


def _open(app: Any, front: Front) -> None:
    book = app.add_workbook()
    for name, values in front.sheets.items():
        lines = [f'ActiveSheet.Range("{column}{row}").Value = "{text}"' for row, pair in enumerate(values.items(), 1)
                 for column, text in zip("AB", pair, strict=True)]
        adding = "\n".join((f'ActiveWorkbook.Worksheets.Add\nActiveSheet.Name = "{name}"', *lines))
        app.add_module(f"Sub Prepare()\n{adding}\nEnd Sub\n", name="Preparing")
        app.run("Prepare")
    book.name, book.path = front.name, front.folder


def _readable(source: str) -> str:
    """The module in the words pyopenvba's interpreter knows; what it decides and composes is untouched."""
    source = re.sub(r"(?m)^(\s*#(?:If|Const)\b[^'\r\n]*?)[ \t]*'[^\r\n]*", r"\1", source.replace("\r\n", "\n"))
    source = re.sub(r'GetConfig\(("[A-Z ]+"), False\)( = True)?', r'(CStr(GetConfig(\1, False)) = "True")', source)
    for ours, theirs in (("Kill LOG_FILE", ""), ("Application.Hwnd", "77"), ("Application.Path", r'"C:\Office"'),
                         ("Range(sht.Range", "sht.Range(sht.Range")):
        source = source.replace(ours, theirs)
    return source


def _bar(app: Any) -> str:
    return str(app.application.vba_get("StatusBar"))


def _shell(app: Any, leaves: str) -> Any:
    """WScript.Shell: expands the environment, starts nothing."""
    from pyopenvba.interpreter._objects import VBAObject, method

    class Shell(VBAObject):
        vba_type_name = "WshShell"

        def __init__(self) -> None:
            self.commands: list[str] = []
            self.said: list[str] = []
            self.bars: list[str] = []

        @method
        def ExpandEnvironmentStrings(self, text: object) -> object:
            return re.sub("%([^%]+)%", lambda found: ENVIRONMENT.get(found[1], found[0]), str(text))

        @method
        def Run(self, command: object, window: object = 0, wait: object = False) -> object:
            self.commands.append(str(command))
            self.bars.append(_bar(app))
            if leaves:
                app.application.vba_set("StatusBar", leaves)
            return 0

        @method
        def Popup(self, text: object, *others: object) -> object:
            self.said.append(str(text))
            return 1

    return Shell()


def _disk(files: tuple[str, ...]) -> dict[str, Any]:
    from pyopenvba.interpreter._values import error

    def attributes(interpreter: object, given: list[object], named: object) -> object:
        if given[0] not in files:
            raise error(53, "File not found")
        return 32

    return {"getattr": attributes, "environ": lambda interpreter, given, named: ENVIRONMENT.get(str(given[0]), "")}
