"""The add-in file in a start folder: whether it is there, of this version, unblocked, and starts this Python."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

from addin import VERSION
from addin.install.findings import BAD, GOOD, NOTE, Check
from addin.install.machine import Machine, same_path, zone
from addin.install.places import ADDIN, addin_folders, interpreter

AGAIN = "请关掉 Excel，运行一次 taizhang addin install。"
_ROW = re.compile(r'<row [^>]*><c r="A[^>]*>(.*?)</c><c r="B[^>]*>(.*?)</c></row>', re.DOTALL)
_MARKUP = re.compile("<[^>]*>")


def texts(path: Path) -> Mapping[str, str]:
    """What the add-in's own sheet says; empty where the file cannot be read."""
    try:
        with zipfile.ZipFile(path) as package:
            sheet = package.read("xl/worksheets/sheet1.xml").decode("utf-8", "replace")
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError):
        return {}
    return {_plain(name): _plain(text) for name, text in _ROW.findall(sheet)}


def addin_checks(machine: Machine) -> Iterator[Check]:
    """The add-in in each start folder."""
    for number, folder in enumerate(addin_folders(machine)):
        path = folder / ADDIN
        if path.is_file():
            yield from _file(machine, path)
        elif number == 0:
            yield Check("addin", BAD, f"加载项没有装：{path}", AGAIN)


def _file(machine: Machine, path: Path) -> Iterator[Check]:
    said = texts(path)
    if not said:
        yield Check("addin", BAD, f"加载项坏了：{path}", AGAIN)
        return
    if said.get("VERSION") == VERSION:
        yield Check("addin", GOOD, f"加载项 {VERSION}：{path}")
    else:
        yield Check("addin", BAD, f"加载项是 {said.get('VERSION') or '更早的'}版，程序是 {VERSION} 版：{path}", AGAIN)
    yield _interpreter(machine, said)
    if "ZoneId=3" in zone(path) or "ZoneId=4" in zone(path):
        yield Check("blocked", BAD, f"加载项被标成“来自网络”，Excel 不让它运行：{path}",
                    "请右键它、属性、勾上“解除锁定”，或运行 taizhang addin install。")
    else:
        yield Check("blocked", GOOD, "加载项没有被标成“来自网络”")


def _interpreter(machine: Machine, said: Mapping[str, str]) -> Check:
    """Whether the button starts a Python that is there, and this one."""
    told = machine.expanded(said.get("INTERPRETER_WIN" if machine.windows else "INTERPRETER_MAC", ""))
    if not Path(told).is_file():
        return Check("interpreter", BAD, f"加载项要启动的 Python 不在了：{told}", AGAIN)
    if not same_path(told, machine.expanded(interpreter(machine))):
        return Check("interpreter", NOTE, f"加载项启动的是另一个 Python：{told}",
                     f"要换成这一个（{machine.python}），{AGAIN}")
    return Check("interpreter", GOOD, f"加载项启动的就是这个 Python：{told}")


def _plain(markup: str) -> str:
    return unescape(_MARKUP.sub("", markup))
