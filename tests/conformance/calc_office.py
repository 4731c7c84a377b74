"""A LibreOffice Calc of our own, heard on this machine alone, with its own profile, ended by its process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from addin.sheet import engine
from tests.conformance.programs import missing, require


@contextmanager
def running_calc(profile: Path) -> Iterator[Any]:
    """The engine's App over a fresh Calc; skips where Calc, or its bridge to this Python, is missing."""
    uno_engine, port = _bridge(), _free_port()
    process = subprocess.Popen(
        [require("soffice"), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo",
         f"--accept=socket,host=127.0.0.1,port={port},tcpNoDelay=1;urp;"], start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield uno_engine.install(uno_engine.connected(port))
    finally:
        os.killpg(process.pid, signal.SIGKILL)


def _bridge() -> Any:
    """The engine over UNO, which comes with LibreOffice for one version of Python."""
    engine()
    for name in (str(Path(require("soffice")).resolve().with_name("python")), "/usr/bin/python3", "python3"):
        place = shutil.which(name)
        ask = [place or name, "-c", "import uno; print(uno.__file__)"]
        done = subprocess.run(ask, capture_output=True, text=True, check=False) if place else None
        if done and not done.returncode:
            sys.path.append(str(Path(done.stdout.strip()).parent))
            break
    try:
        from tests.conformance import uno_engine
    except ImportError as why:
        missing(f"这个 Python 的 UNO（{why}）")
    return uno_engine


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
