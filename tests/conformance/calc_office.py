"""A LibreOffice Calc of our own with the extension's inner half in it, in its own profile, ended by its process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from addin.office import engine
from addin.office.channel import Channel
from tests.conformance.programs import missing, require

INSIDE = Path(engine.__file__).parent / "inside"
PATIENCE, FIRST_START = 60, 3
_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
<manifest:file-entry manifest:full-path="calc_server.py"
 manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/></manifest:manifest>"""
_DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006"><identifier value="cn.taizhang.tests"/>
<version value="1"/></description>"""


class App(engine.App):
    """The office; `alerts` is what the clerk was told, `answers` the buttons they press, `shown` the status bar."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self.alerts: list[tuple[str, str]] = []
        self.answers: list[str] = []
        self.shown: list[Any] = []

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: str) -> str:
        self.alerts.append((title, prompt))
        return "ok" if buttons == "ok" else self.answers.pop(0)

    @property
    def status_bar(self) -> Any:
        return self.shown[-1] if self.shown else False

    @status_bar.setter
    def status_bar(self, text: Any) -> None:
        self.shown.append(text)
        self.channel.ask("status", text=text or "")

    def run(self, code: str) -> Any:
        """Have Python run within the office: `office` is at hand, `document` in front; what is left in `said`."""
        return self.channel.ask("run", code=f"document = office.front()\n{code}")


@contextmanager
def running_calc(profile: Path) -> Iterator[App]:
    """The engine's App over a fresh Calc; skips where Calc, or Python within it, is missing."""
    bundled = profile.with_name(f"{profile.name}.extensions")
    _write_extension(bundled / "cn.taizhang.tests")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE)
        process = _started(profile, bundled, listening.getsockname()[1])
        try:
            app = App(Channel(*_answered(listening, process)))
            engine.install(app)
            yield app
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def plain_surroundings() -> dict[str, str]:
    """As from a desktop: LibreOffice's own Python would take the library of a python that it meets on the path."""
    foreign = ("PYTHON", "PYENV", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "PATH": "/usr/bin:/bin"}


def _started(profile: Path, bundled: Path, port: int) -> subprocess.Popen[bytes]:
    """The first start of a profile takes the extension in and ends with 81, the second one runs."""
    program = Path(require("soffice")).resolve().with_name("soffice.bin")
    command = [program, f"-env:UserInstallation={profile.as_uri()}", f"-env:BUNDLED_EXTENSIONS={bundled.as_uri()}",
               "--headless", "--norestore", "--nologo", "service:cn.taizhang.tests.Server"]
    surroundings = {**plain_surroundings(), "TAIZHANG_TEST_PORT": str(port)}
    for _ in range(2):
        process = subprocess.Popen(command, start_new_session=True, env=surroundings, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(FIRST_START)
        if process.poll() is None:
            break
    return process


def _answered(listening: socket.socket, process: subprocess.Popen[bytes]) -> tuple[Any, Any]:
    try:
        line, _ = listening.accept()
    except TimeoutError:
        missing(f"LibreOffice 里的 Python（python3-uno），soffice 状态 {process.poll()}")
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.settimeout(PATIENCE * 5)
    both = line.makefile("rwb")
    return both, both


def _write_extension(folder: Path) -> None:
    """An extension that LibreOffice finds as one of its own."""
    (folder / "META-INF").mkdir(parents=True)
    (folder / "META-INF" / "manifest.xml").write_text(_MANIFEST, "utf-8")
    (folder / "description.xml").write_text(_DESCRIPTION, "utf-8")
    shutil.copy(Path(__file__).with_name("calc_server.py"), folder)
    shutil.copytree(INSIDE, folder / "pythonpath" / "taizhang_inside", ignore=shutil.ignore_patterns("__pycache__"))
