"""`taizhang addin`: the ribbon tab for Excel and WPS."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.common import print_json, tell
from workbook.files import write_atomic


def run(options: Namespace) -> int:
    """Do what `options.action` names; the add-in's own modules are loaded only now."""
    return {"build": _build, "install": _install, "uninstall": _uninstall, "doctor": _doctor,
            "bundle": _bundle}[options.action](options)


def _install(options: Namespace) -> int:
    """Install or repair for this user, then say what may still stand in the way."""
    done = import_module("addin.install.installing").install(_machine())
    _tell_done(done, options)
    checks = import_module("addin.install.doctor").examine(_machine())
    for check in checks:
        if check.level != "好":
            tell(str(check), options)
    tell("装好了。请关掉所有 Excel 窗口再打开，就有“台账”选项卡；LibreOffice 里是“台账”菜单；"
         "两样都不用的，用桌面上的两个图标。", options)
    return 0


def _uninstall(options: Namespace) -> int:
    done = import_module("addin.install.installing").uninstall(_machine())
    _tell_done(done, options)
    tell("已经卸掉，台账和报告都没有动。" if done else "没有装过，没有要删的。", options)
    return 0


def _doctor(options: Namespace) -> int:
    doctor = import_module("addin.install.doctor")
    checks = doctor.examine(_machine())
    code: int = doctor.exit_code(checks)
    if options.json:
        print_json({"checks": [check.as_json() for check in checks], "ok": code == 0})
        return code
    for check in checks:
        if not options.quiet or check.level == "不行":
            print(check)
    tell(doctor.summary(checks), options)
    return code


def _bundle(options: Namespace) -> int:
    making = import_module("addin.bundle")
    order = making.Order(tuple(options.platform), tuple(options.python_version), options.python or "",
                         options.wheels or "")
    files = making.bundle(order)
    making.write(files, Path(options.output))
    size = sum(map(len, files.values())) >> 20
    tell(f"离线安装包：{options.output}（{len(files)} 个文件，{size} MB）。拷过去，照里面的“先读我.txt”做。", options)
    return 0


def _machine() -> object:
    return import_module("addin.install.machine").this_machine()


def _tell_done(done: Iterable[Any], options: Namespace) -> None:
    for one in done:
        tell(f"{one.what}：{one.path}{f'。{one.why}' if one.why else ''}", options)


def _build(options: Namespace) -> int:
    build = import_module("addin.build")
    content: bytes = (build.office_extension if options.oxt else build.addin)(options.python)
    output = options.output or ("taizhang.oxt" if options.oxt else "taizhang.xlam")
    write_atomic(output, content)
    tell(f"加载项：{output}。它不装在台账里，台账还是不带宏的 .xlsx。", options)
    return 0
