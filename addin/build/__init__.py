"""Makes taizhang.xlam on any machine, without Excel, from the installed xlwings; always the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath

from addin import VERSION
from addin.build.package import addin_package
from addin.build.project import vba_project
from addin.build.ribbon import FORMS, ribbon
from addin.build.source import MODULE, module_source
from addin.buttons import Button, working
from workbook.findings import Refusal

WINDOWS_PYTHON = r"%LOCALAPPDATA%\Taizhang\venv\Scripts\python.exe"
MAC_PYTHON = "$HOME/.taizhang/venv/bin/python"
TEXTS = {
    "title": "台账",
    "no_book": "请先打开一本台账。从邮件打开的，请先点“启用编辑”。",
    "running": "台账：正在处理……",
    "no_python": "找不到台账程序，可能被移走或删掉了。请重新运行一次安装程序（或 taizhang addin install）。"
                 "没有找到的是：",
    "mac_script": "台账还没有装好：请在终端运行一次 xlwings runpython install。",
    "failed": "台账程序没有运行成功。按 Ctrl+C 可以复制下面的话，发给维护人员：",
}

OFFICE_TEXTS = {
    "title": TEXTS["title"],
    "running": TEXTS["running"],
    "no_python": "找不到台账程序，请联系装它的人：用 taizhang addin build --oxt --python 写明位置。没有找到的是：",
    "other_version": "菜单是 {ours} 版，台账程序是 {theirs} 版，两者必须相同。"
                     "请用 taizhang addin build --oxt 重新生成菜单再装。",
    "failed": "台账程序没有运行成功，请重新安装台账程序，或把下面的话发给维护人员：\n",
}


def addin(python: str | None = None, buttons: Sequence[Button] | None = None, *, windows: bool | None = None) -> bytes:
    """The add-in file; `python` is the interpreter's full path where it differs from the usual place.

    `windows` says which system that path is of; without it the path's form does.

    Raises Refusal for a `python` that is no full path, and where a library is missing or unknown.
    """
    shown = working() if buttons is None else tuple(buttons)
    if not shown:
        raise Refusal("没有一个按钮可用，没有生成加载项。请重新安装本工具。")
    parts = {part: ribbon(shown, namespace) for part, namespace in FORMS.items()}
    project = vba_project(MODULE, module_source(shown))
    return addin_package({**_interpreters(python, windows), "VERSION": VERSION, **TEXTS}, parts, project)


def office_extension(python: str | None = None, buttons: Sequence[Button] | None = None) -> bytes:
    """The extension for LibreOffice; `python` as for `addin`."""
    from addin.build.extension import extension

    found = _interpreters(python, None)
    both = {"windows": found["INTERPRETER_WIN"], "other": found["INTERPRETER_MAC"]}
    return extension(both, OFFICE_TEXTS, working() if buttons is None else tuple(buttons))


def _interpreters(python: str | None, windows: bool | None) -> dict[str, str]:
    if python is None:
        return {"INTERPRETER_WIN": WINDOWS_PYTHON, "INTERPRETER_MAC": MAC_PYTHON}
    if windows or (windows is None and (PureWindowsPath(python).is_absolute() or python.startswith("%"))):
        return {"INTERPRETER_WIN": python, "INTERPRETER_MAC": MAC_PYTHON}
    if PurePosixPath(python).is_absolute() or python.startswith("$"):
        return {"INTERPRETER_WIN": WINDOWS_PYTHON, "INTERPRETER_MAC": python}
    raise Refusal(f"“{python}”不是完整的路径。请写完整，如 C:\\台账\\python.exe。")
