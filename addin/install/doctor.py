"""环境检查: one line for everything that must be right on this computer, and what to do where it is not."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import NamedTuple

from addin import VERSION
from addin.install.excel_settings import excel_checks
from addin.install.extension import extension_checks
from addin.install.findings import BAD, GOOD, NOTE, Check
from addin.install.icons import icon_files
from addin.install.installed import addin_checks
from addin.install.machine import Machine, font_names, writable
from addin.install.places import addin_folders, office_programs

OLDEST = (3, 11)
FONTS = {
    "方正小标宋": ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    "仿宋": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"),
    "楷体": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"),
    "黑体": ("黑体", "SimHei"),
    "宋体": ("宋体", "SimSun"),
}
"""The fonts of GB/T 9704, each under the names that systems list it by."""
_CONTROL = r"HKLM\SYSTEM\CurrentControlSet\Control"
_CODE_PAGES = ("936", "54936", "65001")


def examine(machine: Machine) -> list[Check]:
    """Every check that applies to this system, in the order in which to put things right."""
    return [check for part in _PARTS for check in part(machine)]


def exit_code(checks: list[Check]) -> int:
    """1 where something must be put right."""
    return int(any(check.level == BAD for check in checks))


def _python(machine: Machine) -> Iterator[Check]:
    bits, said = struct.calcsize("P") * 8, ".".join(map(str, sys.version_info[:3]))
    text = f"Python {said}，{bits} 位：{machine.python}"
    if sys.version_info < OLDEST:
        yield Check("python", BAD, text, "太旧了，请装 Python 3.11 或更新的版本。")
    else:
        yield Check("python", GOOD, text + ("（和 Excel 是 32 位还是 64 位没有关系）" if machine.windows else ""))


def _packages(machine: Machine) -> Iterator[Check]:
    found, missing = [], []
    for name in _required(machine):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Check("packages", BAD, f"台账程序 {VERSION}，缺少零件：{'、'.join(missing)}", "请重新运行一次安装程序。")
    else:
        yield Check("packages", GOOD, f"台账程序 {VERSION}，零件齐全：{'、'.join(found)}")


def _required(machine: Machine) -> list[str]:
    try:
        told = requires("taizhang") or []
    except PackageNotFoundError:
        return ["taizhang"]
    names = [line.split(";")[0] for line in told if "extra ==" not in line]
    plain = ["".join(_until(name, "<>=!~ [(")) for name in names]
    return [*plain, *(["pywin32"] if machine.windows else [])]


def _until(text: str, ends: str) -> Iterator[str]:
    for one in text:
        if one in ends:
            return
        yield one


def _office(machine: Machine) -> Iterator[Check]:
    found = office_programs(machine)
    for one in found:
        detail = f" {one.detail}" if one.detail else ""
        yield Check("office", GOOD, f"{one.name}{detail}：{one.path}")
    names = {one.name for one in found}
    if not names:
        yield Check("office", NOTE, "没有找到 Excel、WPS 或 LibreOffice",
                    "请装其中一个，不然看不了台账和报告；命令行和桌面图标不装也能用。")
    elif machine.windows and "Excel" not in names:
        yield Check("office", NOTE, "没有找到 Excel", "WPS 里没有“台账”选项卡时，用桌面上的“校验台账”“生成报告”。")
    if not addin_folders(machine):
        yield Check("addin", NOTE, "这个系统上没有 Excel，加载项不安装",
                    "请用桌面上的“校验台账”“生成报告”，或 LibreOffice。")


def _icons(machine: Machine) -> Iterator[Check]:
    wanted = icon_files(machine)
    missing = [path.name for path in wanted if not path.exists()]
    if missing:
        yield Check("icons", NOTE, f"桌面图标没有装：{'、'.join(missing)}", "要用的话，运行 taizhang addin install。")
    elif wanted:
        yield Check("icons", GOOD, f"桌面图标“校验台账”“生成报告”：{machine.desktop}")


def _windows(machine: Machine) -> Iterator[Check]:
    if not machine.windows:
        return
    page = str(machine.value(rf"{_CONTROL}\Nls\CodePage", "ACP") or "")
    if page in _CODE_PAGES:
        yield Check("code_page", GOOD, f"系统代码页 {page}")
    else:
        yield Check("code_page", NOTE, f"系统代码页 {page or '不明'}，不是中文的",
                    "旧程序可能显示乱码；请在“区域”里把“非 Unicode 程序的语言”设为中文（简体）。")
    if machine.number(rf"{_CONTROL}\FileSystem", "LongPathsEnabled"):
        yield Check("long_paths", GOOD, "长路径已开通")
    else:
        yield Check("long_paths", NOTE, "长路径没有开通",
                    "文件夹套得很深、全路径超过 260 个字时 Excel 打不开，请把台账放浅一些。")


def _fonts(machine: Machine) -> Iterator[Check]:
    have = font_names(machine)
    missing = [name for name, names in FONTS.items() if have.isdisjoint(names)]
    if missing:
        yield Check("fonts", NOTE, f"没有装公文字体：{'、'.join(missing)}",
                    "报告照样生成，打印出来是相近的字体；要合规请先装好。")
    else:
        yield Check("fonts", GOOD, "GB/T 9704 的字体都有")


def _rights(machine: Machine) -> Iterator[Check]:
    folders = [*addin_folders(machine), machine.local, machine.desktop]
    locked = [str(one) for one in folders if one.is_dir() and not writable(one)]
    if locked:
        yield Check("rights", BAD, f"没有写入的权限：{'、'.join(locked)}",
                    "请管理员放开，或核对组策略和杀毒软件的“受控文件夹”。")
    else:
        yield Check("rights", GOOD, f"能写入自己的文件夹：{os.path.dirname(machine.local)}")


_PARTS: tuple[Callable[[Machine], Iterator[Check]], ...] = (
    _python, _packages, _office, addin_checks, excel_checks, extension_checks, _icons, _windows, _fonts, _rights)


class Counted(NamedTuple):
    """How many checks are good, to be noted, bad."""

    good: int
    note: int
    bad: int


def counted(checks: list[Check]) -> Counted:
    levels = [check.level for check in checks]
    return Counted(levels.count(GOOD), levels.count(NOTE), levels.count(BAD))


def summary(checks: list[Check]) -> str:
    """The line below all checks."""
    count = counted(checks)
    if count.bad:
        return f"有 {count.bad} 处不行，请照上面说的做，再检查一次。"
    return f"可以用。{f'有 {count.note} 处要留意。' if count.note else ''}"
