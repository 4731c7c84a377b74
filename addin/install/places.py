"""Where the add-in, the icons and the record of an installation belong, and which office programs are there."""

from __future__ import annotations

import ntpath
import re
import sys
from pathlib import Path
from typing import NamedTuple

from addin.install.machine import Machine

ADDIN = "taizhang.xlam"
RECORD = "install.json"
OFFICE = r"HKCU\Software\Microsoft\Office"
APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths"
_VERSION = re.compile(r"\d+\.\d")
_MAC_STARTUP = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
_MAC_SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"


class Program(NamedTuple):
    """An office program: its name, where it is, what more is known of it."""

    name: str
    path: str
    detail: str = ""


def addin_folders(machine: Machine) -> list[Path]:
    """The folders from which Excel (and WPS, where it is) loads add-ins at its start; none on Linux."""
    if machine.windows:
        folders = [machine.roaming / "Microsoft" / "Excel" / "XLSTART"]
        kingsoft = machine.roaming / "kingsoft" / "office6"
        return folders + ([kingsoft / "XLSTART"] if kingsoft.is_dir() else [])
    return [machine.home / _MAC_STARTUP] if machine.system == "darwin" else []


def mac_script(machine: Machine) -> Path | None:
    """Where xlwings' AppleScript belongs, without which Excel on a Mac starts no program; None elsewhere."""
    if machine.system != "darwin":
        return None
    import xlwings

    return machine.home / _MAC_SCRIPTS / f"xlwings-{xlwings.__version__}.applescript"


def record(machine: Machine) -> Path:
    """The list of what was installed."""
    return machine.local / RECORD


def interpreter(machine: Machine) -> str:
    """This Python as the add-in is told it: below %LOCALAPPDATA% where it can be, since the add-in roams."""
    path = str(machine.python)
    local = machine.environment.get("LOCALAPPDATA", "").rstrip("\\/")
    inside = local and ntpath.normcase(path).startswith(ntpath.normcase(local) + ntpath.sep)
    return "%LOCALAPPDATA%" + path[len(local):] if machine.windows and inside else path


def windowless(machine: Machine) -> Path:
    """This Python without a console window: pythonw.exe beside python.exe."""
    quiet = machine.python.with_name("pythonw.exe")
    return quiet if machine.windows and quiet.is_file() else machine.python


def excel_versions(machine: Machine) -> list[str]:
    """The versions of Office the user has settings of, newest first: 16.0, 15.0."""
    return sorted(filter(_VERSION.fullmatch, machine.registry.keys(OFFICE)), key=float, reverse=True)


def office_programs(machine: Machine) -> list[Program]:
    """Excel, WPS 表格 and LibreOffice, those that are found."""
    from templates.typesetting.pdf import find_office

    found = [_excel(machine), _registered(machine, "WPS 表格", "et.exe")] if machine.windows else [_mac_excel(machine)]
    office = find_office() if machine.system == sys.platform else None
    return [*filter(None, found), *([Program("LibreOffice", office)] if office else [])]


def _excel(machine: Machine) -> Program | None:
    found = _registered(machine, "Excel", "excel.exe")
    if found is None:
        return None
    run = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
    bits = {"x64": "64 位", "x86": "32 位"}.get(str(machine.value(run, "Platform")), "")
    version = str(machine.value(run, "VersionToReport") or next(iter(excel_versions(machine)), ""))
    return found._replace(detail="，".join(filter(None, (version, bits))))


def _registered(machine: Machine, name: str, program: str) -> Program | None:
    for hive in ("HKCU", "HKLM"):
        path = machine.value(rf"{hive}\{APP_PATHS}\{program}")
        if isinstance(path, str) and path:
            return Program(name, machine.expanded(path.strip('"')))
    return None


def _mac_excel(machine: Machine) -> Program | None:
    path = Path("/Applications/Microsoft Excel.app")
    return Program("Excel", str(path)) if machine.system == "darwin" and path.is_dir() else None
