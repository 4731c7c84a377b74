"""The icons of a Linux desktop, launched for real from a home with Chinese, a space and % in its path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from addin.install.icons import icon_files
from addin.install.installing import install
from addin.install.machine import Machine, NoRegistry
from tests.conformance.programs import output, require
from workbook.standard.making import workbook_bytes
from workbook.text import parse

pytestmark = pytest.mark.conformance
EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
Result = TypeVar("Result")
PICTURES = os.environ.get("TAIZHANG_PICTURES", "")
"""A folder for the pictures of the windows, for a person to look at."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "李 四 100%"
    (place / "Desktop").mkdir(parents=True)
    return place


@pytest.fixture
def screen(home: Path) -> Iterator[Mapping[str, str]]:
    """The environment of a desktop of our own; its X server picks a free number and is ended by its process id."""
    require("xdotool")
    read, write = os.pipe()
    wanted = ("-displayfd", str(write), "-screen", "0", "1000x600x24", "-nolisten", "tcp")
    server = subprocess.Popen([require("Xvfb"), *wanted], pass_fds=[write], stderr=subprocess.DEVNULL)
    try:
        number = os.read(read, 16).decode().strip()
        opener = home / "bin" / "xdg-open"
        opener.parent.mkdir()
        opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{home}/opened"\n', "utf-8")
        opener.chmod(0o755)
        yield {"PATH": f"{opener.parent}:{os.environ['PATH']}", "HOME": str(home), "DISPLAY": f":{number}",
               "LANG": "C.UTF-8", "XDG_DATA_HOME": str(home / ".local" / "share"), "NO_AT_BRIDGE": "1"}
    finally:
        server.terminate()
        server.wait()
        os.close(read)
        os.close(write)


@pytest.fixture
def icons(home: Path) -> dict[str, Path]:
    """The icons, installed with a Python whose own path has Chinese, a space, a percent and a dollar sign."""
    python = home / "程序 50% $x" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    python.chmod(0o755)
    here = Machine("linux", {"XDG_DATA_HOME": str(home / ".local" / "share")}, NoRegistry(), home, python)
    install(here)
    return {one.work: path for path, one in icon_files(here).items() if path.parent.name == "Desktop"}


@pytest.fixture
def book(home: Path) -> Path:
    place = home / "2025年 台账 完成 100%.xlsx"
    place.write_bytes(workbook_bytes(parse(EXAMPLE.read_text("utf-8"), "示例")))
    return place


def until(look: Callable[[], Result], seconds: float = 60) -> Result:
    """What `look` finds once it finds anything."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.1)
    return found


def window(environment: Mapping[str, str], title: str) -> str:
    command = ["xdotool", "search", "--onlyvisible", "--name", title]
    return until(lambda: subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout)


def dismissed(environment: Mapping[str, str], title: str) -> None:
    """Look at the window, press its button."""
    window(environment, title)
    time.sleep(0.5)
    if PICTURES and shutil.which("import"):
        picture = str(Path(PICTURES) / f"{title}.png")
        subprocess.run(["import", "-window", "root", picture], env=environment, check=True)
    subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title, "windowfocus", "key", "Return"],
                   env=environment, check=True)


def test_the_icons_are_valid_desktop_entries(icons: dict[str, Path]) -> None:
    for path in icons.values():
        assert output(require("desktop-file-validate"), path) == ""


@pytest.mark.parametrize(("work", "title", "ending"), [
    ("check", "校验台账", ".问题清单.html"), ("report", "生成报告", ".docx")])
def test_a_book_dropped_on_an_icon(work: str, title: str, ending: str, icons: dict[str, Path], book: Path, home: Path,
                                   screen: Mapping[str, str]) -> None:
    """gio launch does what a file manager does with a file that is dropped on the icon."""
    require("zenity")
    done = subprocess.Popen([require("gio"), "launch", str(icons[work]), str(book)], env=screen)
    dismissed(screen, title)
    made = book.with_name(f"{book.stem}{ending}")
    assert made.is_file()
    assert (home / "opened").read_text("utf-8").splitlines() == [str(made)]
    assert done.wait() == 0


def test_an_icon_that_is_opened_alone_asks_for_a_book(icons: dict[str, Path], screen: Mapping[str, str]) -> None:
    require("zenity")
    subprocess.Popen([require("gio"), "launch", str(icons["report"])], env=screen)
    title = "生成报告：请选台账"
    window(screen, title)
    subprocess.run(["xdotool", "search", "--name", title, "windowfocus", "key", "Escape"], env=screen, check=True)
    command = ["xdotool", "search", "--onlyvisible", "--name", title]
    until(lambda: subprocess.run(command, env=screen, capture_output=True, check=False).returncode)
