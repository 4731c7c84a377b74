"""The one module that asks the operating system what an installation needs: registry, folders, file marks, shortcuts.

Everything else works on a `Machine` and is tested on a pretended one.
"""

from __future__ import annotations

import contextlib
import ntpath
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from workbook.files import long_path

Value = str | int | bytes
ZONE = ":Zone.Identifier"
"""The stream in which Windows notes that a file came from outside (Mark-of-the-Web)."""
_VARIABLE = re.compile("%([^%]+)%")
_SHELL_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


class Registry(Protocol):
    """What is asked of the registry; a key is HKCU\\… or HKLM\\…, a missing one is empty."""

    def values(self, key: str) -> Mapping[str, Value]: ...

    def keys(self, key: str) -> list[str]: ...


class Shortcut(NamedTuple):
    """A desktop icon that starts a program with arguments; what is dropped on it follows them."""

    name: str
    target: Path
    arguments: str
    about: str
    icon: str


class Machine(NamedTuple):
    """A computer and its user: `system` is sys.platform, `python` the interpreter that runs this."""

    system: str
    environment: Mapping[str, str]
    registry: Registry
    home: Path
    python: Path

    @property
    def windows(self) -> bool:
        return self.system == "win32"

    def value(self, key: str, name: str = "") -> Value | None:
        """One value of the registry, without regard to case; None where it is not there."""
        return next((one for each, one in self.registry.values(key).items() if each.lower() == name.lower()), None)

    def number(self, key: str, name: str) -> int | None:
        value = self.value(key, name)
        return value if isinstance(value, int) else None

    def expanded(self, text: str) -> str:
        """%NAME% filled in as Windows does it; an unknown one stays."""
        known = {name.lower(): value for name, value in self.environment.items()}
        return _VARIABLE.sub(lambda found: known.get(found[1].lower(), found[0]), text)

    def folder(self, name: str, variable: str = "", below: str = "") -> Path:
        """A folder of the user by its name under User Shell Folders (where OneDrive and policies redirect it),

        else by an environment variable, else below the home folder.
        """
        told = self.value(_SHELL_FOLDERS, name) if self.windows else None
        if isinstance(told, str) and told:
            return Path(self.expanded(told))
        given = self.environment.get(variable, "")
        return Path(given) if given else self.home / below

    @property
    def roaming(self) -> Path:
        return self.folder("AppData", "APPDATA", "AppData/Roaming")

    @property
    def local(self) -> Path:
        """Where our own files are: never redirected, never roaming."""
        if self.windows:
            return self.folder("Local AppData", "LOCALAPPDATA", "AppData/Local") / "Taizhang"
        given = self.environment.get("XDG_DATA_HOME", "")
        return (Path(given) if given else self.home / ".local" / "share") / "taizhang"

    @property
    def desktop(self) -> Path:
        return self.folder("Desktop", below="Desktop") if self.windows else _xdg_desktop(self)


def this_machine() -> Machine:
    """The computer this runs on."""
    registry: Registry = WindowsRegistry() if sys.platform == "win32" else NoRegistry()
    return Machine(sys.platform, os.environ, registry, Path.home(), Path(sys.executable))


class NoRegistry:
    """That of a system without one."""

    def values(self, key: str) -> Mapping[str, Value]:
        return {}

    def keys(self, key: str) -> list[str]:
        return []


class WindowsRegistry:
    """Through winreg; what 32-bit programs wrote is looked for too."""

    def __init__(self) -> None:
        self.api: Any = import_module("winreg")

    def values(self, key: str) -> Mapping[str, Value]:
        found: dict[str, Value] = {}
        for opened in self._opened(key):
            for name, value, _ in self._numbered(self.api.EnumValue, opened):
                found.setdefault(name, value)
        return found

    def keys(self, key: str) -> list[str]:
        return sorted({name for opened in self._opened(key) for name in self._numbered(self.api.EnumKey, opened)})

    def _opened(self, key: str) -> Iterator[Any]:
        hive, _, rest = key.partition("\\")
        root = {"HKCU": self.api.HKEY_CURRENT_USER, "HKLM": self.api.HKEY_LOCAL_MACHINE}[hive]
        for view in (self.api.KEY_WOW64_64KEY, self.api.KEY_WOW64_32KEY):
            with contextlib.suppress(OSError), self.api.OpenKey(root, rest, 0, self.api.KEY_READ | view) as opened:
                yield opened

    @staticmethod
    def _numbered(ask: Any, opened: Any) -> Iterator[Any]:
        number = 0
        while True:
            try:
                yield ask(opened, number)
            except OSError:
                return
            number += 1


def zone(path: Path) -> str:
    """What Windows noted of where a file came from; "" where nothing, or on a disk without streams."""
    try:
        with open(long_path(path) + ZONE, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError:
        return ""


def unblock(path: Path) -> None:
    """Take that note away; Excel blocks macros of a file that has it."""
    with contextlib.suppress(OSError):
        os.remove(long_path(path) + ZONE)


def writable(folder: Path) -> bool:
    """Whether a file can be written there, tried with one."""
    probe = folder / f"~taizhang-{os.getpid()}.tmp"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


def write_shortcut(path: Path, one: Shortcut) -> None:
    """A .lnk in Unicode through IShellLink (pywin32, which comes with xlwings on Windows)."""
    com: Any = import_module("pythoncom")
    shell: Any = import_module("win32com.shell.shell")
    com.CoInitialize()
    link = com.CoCreateInstance(shell.CLSID_ShellLink, None, com.CLSCTX_INPROC_SERVER, shell.IID_IShellLink)
    link.SetPath(str(one.target))
    link.SetArguments(one.arguments)
    link.SetDescription(one.about)
    place, _, number = one.icon.partition(",")
    link.SetIconLocation(place, int(number))
    link.QueryInterface(com.IID_IPersistFile).Save(str(path), 0)


def asked(machine: Machine, command: list[str], patience: float = 120) -> str:
    """Run a program as this user: "" where it did its work within `patience` seconds, else what it said."""
    surroundings = {**os.environ, **machine.environment, "HOME": str(machine.home)}
    try:
        done = subprocess.run(command, env=surroundings, capture_output=True, timeout=patience, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
    return (said or f"退出码 {done.returncode}") if done.returncode else ""


def font_names(machine: Machine) -> set[str]:
    """The names of installed fonts, as the system spells them (several names of one font apart)."""
    if machine.windows:
        keys = [rf"{hive}\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts" for hive in ("HKLM", "HKCU")]
        listed = [name.rpartition(" (")[0] or name for key in keys for name in machine.registry.values(key)]
        return {part.strip() for name in listed for part in name.split("&")}
    program = shutil.which("fc-list", path=machine.environment.get("PATH"))
    if not program:
        return set()
    said = subprocess.run([program, ":", "family"], capture_output=True, text=True, encoding="utf-8", check=False)
    return {part.strip() for line in said.stdout.splitlines() for part in line.split(",")}


def same_path(one: str, other: str) -> bool:
    """Whether two Windows paths name one place."""
    def plain(text: str) -> str:
        return ntpath.normcase(ntpath.normpath(text)).rstrip("\\")

    return plain(one) == plain(other)


def _xdg_desktop(machine: Machine) -> Path:
    """user-dirs.dirs names the desktop in the user's language (freedesktop.org, xdg-user-dirs)."""
    place = Path(machine.environment.get("XDG_CONFIG_HOME") or machine.home / ".config") / "user-dirs.dirs"
    told = re.search(r'(?m)^XDG_DESKTOP_DIR="([^"]*)"', place.read_text("utf-8")) if place.is_file() else None
    return Path(told[1].replace("$HOME", str(machine.home))) if told else machine.home / "Desktop"
