"""The menu in LibreOffice: put in and taken out by its own unopkg, seen where it unpacks what it holds."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from addin import VERSION
from addin.build.extension import IDENTIFIER
from addin.install.findings import GOOD, NOTE, Check
from addin.install.machine import Machine, asked

PACKED = "taizhang.oxt"
AGAIN = "请关掉所有 LibreOffice 窗口（任务栏里的快速启动也退出），运行一次 taizhang addin install。"
_ENTRY = re.compile(re.escape(IDENTIFIER.encode()) + rb"\n([\x20-\x7e]+)\xff([\x20-\x7e]+)\xff")
_UNOPKG = ("unopkg.com", "unopkg.exe", "unopkg")


def packed_file(machine: Machine) -> Path:
    """The copy that is kept of what LibreOffice was given."""
    return machine.local / PACKED


def program(machine: Machine) -> Path | None:
    """LibreOffice's own installer of extensions; None where there is no LibreOffice."""
    from templates.typesetting.pdf import find_office

    office = find_office() if machine.system == sys.platform else None
    beside = Path(office).resolve().parent if office else None
    return next((beside / name for name in _UNOPKG if beside and (beside / name).is_file()), None)


def contents(machine: Machine) -> bytes:
    """The extension that starts this Python."""
    from addin.build import office_extension

    return office_extension(str(machine.python))


def unpacked(machine: Machine) -> Path | None:
    """The folder in which LibreOffice holds the extension; None where its list of extensions does not name it.

    The list is LibreOffice's desktop/source/deployment/dp_persmap.cxx: key, line feed, folder, 0xff, file, 0xff. A
    folder alone proves nothing: what was removed stays on the disk until LibreOffice starts again.
    """
    place = _profile(machine) / "uno_packages" / "cache"
    try:
        listed = _ENTRY.search((place / "uno_packages.pmap").read_bytes())
    except OSError:
        return None
    return place / "uno_packages" / f"{listed[1].decode()}_" / listed[2].decode() if listed else None


def holds(machine: Machine, data: bytes) -> bool:
    """Whether what LibreOffice holds is this very extension."""
    folder = unpacked(machine)
    if folder is None:
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return all((folder / name).is_file() and (folder / name).read_bytes() == package.read(name)
                   for name in package.namelist())


def add(machine: Machine, unopkg: Path) -> str:
    """Hand the kept copy to LibreOffice; "" or why it did not take it (it takes none while it runs)."""
    return asked(machine, [str(unopkg), "add", "--force", "--suppress-license", str(packed_file(machine))])


def remove(machine: Machine) -> str:
    """Take the extension out again; "" or why it is still there."""
    unopkg = program(machine)
    if unopkg is None or unpacked(machine) is None:
        return ""
    return asked(machine, [str(unopkg), "remove", IDENTIFIER])


def extension_checks(machine: Machine) -> Iterator[Check]:
    """Whether LibreOffice, where it is, has the menu, of this version and with a Python that is there."""
    if program(machine) is None:
        return
    folder = unpacked(machine)
    said = _settings(folder) if folder else {}
    told = machine.expanded(str(said.get("python", {}).get("windows" if machine.windows else "other", "")))
    if not said:
        yield Check("extension", NOTE, "LibreOffice 里没有“台账”菜单", f"要用的话，{AGAIN}")
    elif said.get("version") != VERSION:
        text = f"LibreOffice 里的“台账”菜单是 {said.get('version')} 版，程序是 {VERSION} 版"
        yield Check("extension", NOTE, text, AGAIN)
    elif not Path(told).is_file():
        yield Check("extension", NOTE, f"LibreOffice 的“台账”菜单要启动的 Python 不在了：{told}", AGAIN)
    else:
        yield Check("extension", GOOD, f"LibreOffice 里的“台账”菜单 {VERSION}：{folder}")


def _settings(folder: Path) -> dict[str, Any]:
    try:
        said = json.loads((folder / "settings.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _profile(machine: Machine) -> Path:
    """The user's settings of LibreOffice (wiki.documentfoundation.org, UserProfile)."""
    if machine.windows:
        return machine.roaming / "LibreOffice" / "4" / "user"
    if machine.system == "darwin":
        return machine.home / "Library" / "Application Support" / "LibreOffice" / "4" / "user"
    told = machine.environment.get("XDG_CONFIG_HOME", "")
    return (Path(told) if told else machine.home / ".config") / "libreoffice" / "4" / "user"
