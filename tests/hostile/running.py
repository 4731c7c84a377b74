"""A command of the program on one file, in a process of its own: what it said, took and left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

LONGEST, LARGEST = 20.0, 1 << 30
"""Seconds by the clock and bytes of memory that any file may cost."""
_GUARD = Path(__file__).with_name("guard")
_PROGRAM = "import sys; from scripts.cli import main; sys.exit(main(sys.argv[1:]))"

_MANY = """
import contextlib, io, json, sys, time
from scripts.cli import main
if __name__ == "__main__":
    for words in json.loads(sys.argv[1]):
        out, error, started = io.StringIO(), io.StringIO(), time.monotonic()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            code = main(words)
        print(json.dumps([code, out.getvalue()[:9999], error.getvalue(), time.monotonic() - started]))
"""


class Ended(NamedTuple):
    """How a run ended; `memory` in bytes, 0 where the system does not tell."""

    code: int
    out: str
    error: str
    seconds: float
    memory: int
    left: frozenset[str]


def run(folder: Path, *words: str) -> Ended:
    """Run `taizhang` in a folder, without a network or other programs; `left` names what is new there or beside it."""
    return _ran(folder, _PROGRAM, *words)


def run_all(folder: Path, orders: Sequence[Sequence[str]]) -> list[Ended]:
    """Run several commands one after the other in one process; all are said to have used what it used."""
    ended = _ran(folder, _MANY, json.dumps(orders), longest=LONGEST * len(orders))
    told = [json.loads(line) for line in ended.out.splitlines()]
    assert len(told) == len(orders), (ended.error[-2000:], orders[len(told)])
    return [Ended(code, out, error, seconds, ended.memory, ended.left) for code, out, error, seconds in told]


def _ran(folder: Path, program: str, *words: str, longest: float = LONGEST) -> Ended:
    before = _names(folder)
    guarded = os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(_GUARD)}
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        process = subprocess.Popen([sys.executable, "-c", program, *words], cwd=folder, stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=error, env=guarded)
        memory = _wait(process, longest)
        seconds = time.monotonic() - started
        texts = [_text(file) for file in (out, error)]
    return Ended(process.returncode, *texts, seconds, memory, frozenset(_names(folder) - before))


def _wait(process: subprocess.Popen[bytes], longest: float) -> int:
    """Wait for the end, and for no longer than is allowed; the peak memory.

    Asked of the living process: what the system tells of a dead one includes what its parent held when it forked.
    """
    memory, last = 0, time.monotonic() + longest
    while process.poll() is None:
        memory = max(memory, _peak(process.pid))
        if time.monotonic() > last:
            process.kill()
        time.sleep(0.01)
    return memory


def _peak(pid: int) -> int:
    """VmHWM of proc(5) in bytes; 0 where there is no such file."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def _names(folder: Path) -> set[str]:
    return {os.path.relpath(path, folder) for path in folder.parent.rglob("*")}


def _text(file: tempfile._TemporaryFileWrapper[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
