"""A Windows computer and its user, pretended on any disk: folders below one, a registry from a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from addin.install.machine import Machine, Value

OFFICE = r"HKCU\Software\Microsoft\Office"
SHELL_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
NLS = r"HKLM\SYSTEM\CurrentControlSet\Control\Nls\CodePage"
FONTS = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"
EXCEL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"


class Table:
    """A registry whose keys are told without regard to case."""

    def __init__(self, keys: Mapping[str, Mapping[str, Value]]) -> None:
        self.held = {key.lower(): dict(values) for key, values in keys.items()}
        self.names = list(keys)

    def values(self, key: str) -> Mapping[str, Value]:
        return self.held.get(key.lower(), {})

    def keys(self, key: str) -> list[str]:
        below = [name[len(key) + 1:].split("\\")[0] for name in self.names
                 if name.lower().startswith(f"{key.lower()}\\")]
        return sorted(set(below))


USUAL: Mapping[str, Mapping[str, Value]] = {
    SHELL_FOLDERS: {"AppData": r"%USERPROFILE%/AppData/Roaming", "Desktop": r"%OneDrive%/桌面"},
    rf"{OFFICE}\16.0\Excel\Options": {},
    rf"{OFFICE}\16.0\Excel\Security\Trusted Locations\Location1": {"Path": r"%APPDATA%\Microsoft\Excel\XLSTART"},
    EXCEL: {"": r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"},
    r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration": {"Platform": "x86", "VersionToReport": "16.0.17928"},
    NLS: {"ACP": "936"},
    r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem": {"LongPathsEnabled": 1},
    FONTS: {"SimSun & NSimSun (TrueType)": "simsun.ttc", "SimHei (TrueType)": "simhei.ttf",
            "FangSong (TrueType)": "simfang.ttf", "KaiTi (TrueType)": "simkai.ttf",
            "方正小标宋简体 (TrueType)": "FZXBSJW.TTF"},
}


def windows(home: Path, **changed: Mapping[str, Value] | None) -> Machine:
    """The computer of 李 四, whose desktop is in OneDrive; `changed` keys are named as in KEYS, None takes one away."""
    table = {**USUAL, **{KEYS.get(name, name): values for name, values in changed.items() if values is not None}}
    for name, values in changed.items():
        if values is None:
            table.pop(KEYS.get(name, name), None)
    user = home / "用户" / "李 四"
    one_drive = user / "OneDrive - 县民政局"
    for folder in (user, one_drive / "桌面"):
        folder.mkdir(parents=True, exist_ok=True)
    python = user / "程序" / "python.exe"
    python.parent.mkdir(exist_ok=True)
    python.write_bytes(b"")
    environment = {"USERPROFILE": str(user), "OneDrive": str(one_drive), "APPDATA": str(user / "AppData" / "Roaming"),
                   "LOCALAPPDATA": str(user / "AppData" / "Local")}
    return Machine("win32", environment, Table(table), user, python)


KEYS = {
    "folders": SHELL_FOLDERS, "nls": NLS, "fonts": FONTS, "excel": EXCEL, "wps": EXCEL.replace("excel.exe", "et.exe"),
    "disabled": rf"{OFFICE}\16.0\Excel\Resiliency\DisabledItems",
    "trusted": rf"{OFFICE}\16.0\Excel\Security\Trusted Locations",
    "location": rf"{OFFICE}\16.0\Excel\Security\Trusted Locations\Location1",
    "policy": r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security",
    "paths": r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem",
}
