"""A desktop of our own with LibreOffice on it: the extension installed, a workbook open, keys pressed by a clerk."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from addin.buttons import working
from tests.conformance.calc_office import plain_surroundings
from tests.conformance.programs import require

PATIENCE = 90
NOBODY = 65534
_BEFORE_OURS = 9
"""File, Edit, View, Insert, Format, Styles, Sheet, Data, Tools."""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse">
<value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Save/Document"><prop oor:name="WarnAlienFormat" oor:op="fuse">
<value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse">
<value>99</value></prop></item></oor:items>"""


class Desktop(NamedTuple):
    """A screen and the environment that names it."""

    surroundings: dict[str, str]
    folder: Path

    def tool(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=self.surroundings, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def window(self, name: str) -> str:
        """The window of a name, as soon as it is there."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if found := self.tool("search", "--onlyvisible", "--name", name):
                return found.splitlines()[-1]
            time.sleep(0.2)
        self.shot("没有出现")
        raise AssertionError(f"no window {name}; see {self.folder}")

    def keys(self, window: str, *keys: str) -> None:
        self.tool("windowfocus", "--sync", window)
        for key in keys:
            self.tool("key", "--clearmodifiers", key)
            time.sleep(0.1)

    def choose(self, macro: str) -> None:
        """Choose a button from the menu 台账."""
        at = [button.macro for button in working()].index(macro)
        self.keys(self.window("LibreOffice Calc"), "F10", *["Right"] * _BEFORE_OURS, *["Down"] * (at + 1), "Return")

    def answered(self, title: str, key: str = "Return") -> None:
        """Press a key in the message box of a title, and wait until it is gone."""
        window = self.window(title)
        self.keys(window, key)
        waited(lambda: window not in self.tool("search", "--onlyvisible", "--name", title).split())

    def agreed(self, title: str, done: Callable[[], bool]) -> None:
        """Press the first button of every message box of a title, until it is done and none is left."""
        def answered() -> bool:
            for window in self.tool("search", "--onlyvisible", "--name", title).split():
                self.keys(window, "Return")
                time.sleep(0.5)
            return done() and not self.tool("search", "--onlyvisible", "--name", title)

        waited(answered)

    def shot(self, name: str) -> Path:
        """A picture of the screen."""
        place = self.folder / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(place)], env=self.surroundings, check=True)
        return place


def waited(done: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.2)


@contextmanager
def opened(book: Path, extension: bytes) -> Iterator[Desktop]:
    """The extension installed by unopkg into a profile of its own; the workbook open in a window."""
    programs = [require(name) for name in ("Xvfb", "xdotool", "import", "unopkg")]
    soffice = Path(require("soffice")).resolve().with_name("soffice.bin")
    with tempfile.TemporaryDirectory() as name:
        home = _home(Path(name), extension, programs[-1])
        screen = subprocess.Popen([programs[0], "-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert screen.stdout is not None
        display = f":{screen.stdout.readline().decode().strip()}"
        surroundings = {**plain_surroundings(), "DISPLAY": display, "LC_ALL": "C.UTF-8", "HOME": str(home)}
        command = [str(soffice), f"-env:UserInstallation={home.as_uri()}", "--norestore", "--nologo", str(book)]
        office = _started(command, surroundings)
        try:
            yield Desktop(surroundings, book.parent)
        finally:
            office.kill()
            screen.kill()
            office.wait()
            screen.wait()


def _home(folder: Path, extension: bytes, unopkg: str) -> Path:
    """unopkg refuses root: there it runs as nobody, whose profile it is then."""
    folder.chmod(0o755)
    home, place = folder / "profile", folder / "taizhang.oxt"
    (home / "user").mkdir(parents=True)
    (home / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
    place.write_bytes(extension)
    nobody = {}
    if os.geteuid() == 0:
        nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        for path in (home, *home.rglob("*")):
            shutil.chown(path, NOBODY, NOBODY)
    done = subprocess.run([unopkg, "add", f"-env:UserInstallation={home.as_uri()}", str(place)], cwd=folder,
                          env={**plain_surroundings(), "HOME": str(home)}, capture_output=True, text=True,
                          timeout=PATIENCE, check=False, **nobody)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return home


def _started(command: list[str], surroundings: dict[str, str]) -> subprocess.Popen[bytes]:
    """The first start of a profile may end at once, to be started again."""
    for _ in range(3):
        office = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            office.wait(4)
        except subprocess.TimeoutExpired:
            break
    return office
