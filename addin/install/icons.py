"""The two desktop icons: 校验台账 and 生成报告 take a workbook that is dropped on them or opened with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from addin.install.machine import Machine, Shortcut, write_shortcut
from addin.install.places import windowless
from workbook.files import write_atomic

MIMES = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.ms-excel",
         "application/vnd.ms-excel.sheet.macroEnabled.12", "application/vnd.oasis.opendocument.spreadsheet")
_SHELL = r"%SystemRoot%\System32\shell32.dll"


class Icon(NamedTuple):
    """One icon; `work` is what `taizhang desk` is asked to do; `windows` and `linux` are its picture."""

    name: str
    work: str
    about: str
    windows: str
    linux: str


ICONS = (
    Icon("校验台账", "check", "台账拖到这个图标上：列出所有问题，标在副本里",
         f"{_SHELL},22", "x-office-spreadsheet"),
    Icon("生成报告", "report", "台账拖到这个图标上：生成 Word 报告，写在台账旁边",
         f"{_SHELL},1", "x-office-document"),
)


def icon_files(machine: Machine) -> dict[Path, Icon]:
    """Every icon file that an installation writes, by its path; none on a Mac."""
    if machine.windows:
        return {machine.desktop / f"{one.name}.lnk": one for one in ICONS}
    if machine.system == "darwin":
        return {}
    menu = machine.local.parent / "applications"
    folders = [menu] + ([machine.desktop] if machine.desktop.is_dir() else [])
    return {folder / f"taizhang-{one.work}.desktop": one for folder in folders for one in ICONS}


def write_icon(machine: Machine, path: Path, one: Icon) -> None:
    """Write one icon; raises Refusal where the folder takes no file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if machine.windows:
        write_shortcut(path, Shortcut(one.name, windowless(machine), f"-I -m scripts.desk {one.work}", one.about,
                                      one.windows))
        return
    write_atomic(path, entry(machine.python, one).encode())
    path.chmod(0o755)


def entry(python: Path, one: Icon) -> str:
    """A desktop entry (freedesktop.org, Desktop Entry Specification).

    GLib looks for the program before it undoubles a percent sign: such a path is started by the shell.
    """
    words = ["/bin/sh", "-c", 'exec "$0" "$@"', str(python)] if "%" in str(python) else [str(python)]
    lines: Mapping[str, str] = {
        "Type": "Application", "Version": "1.0", "Name": one.name, "Comment": one.about, "Icon": one.linux,
        "Exec": f"{' '.join(map(exec_word, words))} -I -m scripts.desk {one.work} %F", "Terminal": "false",
        "MimeType": "".join(f"{mime};" for mime in MIMES), "Categories": "Office;", "StartupNotify": "false",
    }
    return "[Desktop Entry]\n" + "".join(f"{key}={value}\n" for key, value in lines.items())


def exec_word(word: str) -> str:
    """One argument of Exec: quoted, percent doubled, and its backslashes once more as in any string of the file."""
    quoted = "".join(f"\\{one}" if one in '"`$\\' else one for one in word.replace("%", "%%"))
    return f'"{quoted}"'.replace("\\", "\\\\")
