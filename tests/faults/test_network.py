"""Nothing but the mail commands and --scheduler reaches for the network: all else runs without, and never tries."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.cli import main
from tests.faults.jobs import JOBS, fresh, surroundings

ROOT = Path(__file__).parents[2]
READING = (("check", "台账.xlsx"), ("status", "往来"), ("trace", "报告.docx"),
           ("verify", "改过的报告.docx", "台账.xlsx"), ("lint", "报告.docx"), ("rule", "D003"), ("addin", "build"))
ALL = (*JOBS.values(), *READING)
SOME = (*(JOBS[name] for name in ("dispatch", "collect", "merge", "convert", "rollup")), *READING[:-1])
_ASKING = ("connect", "connect_ex", "bind", "sendto")
WITHOUT_NETWORK = ("unshare", "--user", "--map-root-user", "--net")


def works_alone() -> bool:
    return bool(shutil.which("unshare")) and not subprocess.run([*WITHOUT_NETWORK, "true"], capture_output=True,
                                                               check=False).returncode


@pytest.mark.parametrize("commands", [SOME, pytest.param(ALL, marks=pytest.mark.conformance)], ids=["几条", "全部"])
def test_no_command_asks_for_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                      commands: tuple[tuple[str, ...], ...]) -> None:
    asked: list[str] = []

    def refuse(name: str) -> object:
        def call(*given: object, **more: object) -> object:
            asked.append(f"{name} {given[1:]}")
            raise OSError(f"no network: {name}")
        return call

    here = fresh(tmp_path)
    surroundings(monkeypatch, here)
    for name in _ASKING:
        monkeypatch.setattr(socket.socket, name, refuse(name))
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse(name))
    for arguments in commands:
        assert main(list(arguments)) in (0, 1), arguments
    assert asked == []


@pytest.mark.conformance
@pytest.mark.skipif(not works_alone(), reason="这里不能把一个进程和网络断开（unshare --net）")
def test_every_command_works_on_a_computer_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = fresh(tmp_path)
    surroundings(monkeypatch, here)
    for arguments in ALL:
        done = subprocess.run([*WITHOUT_NETWORK, sys.executable, "-m", "scripts.cli", *arguments], cwd=here,
                              capture_output=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)})
        assert done.returncode in (0, 1), (arguments, done.stderr.decode("utf-8", "replace"))
