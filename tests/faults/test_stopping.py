"""A process that is really stopped, by Ctrl-C or by a kill, at any moment: a sentence, nothing half-written, go on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.jobs import JOBS, fresh, on_the_way, state, surroundings

ROOT = Path(__file__).parents[2]
STOPPED = ("dispatch", "merge", "collect")
_SAID = ("已中断", "再运行一次")
_READY = "import sys; import scripts.cli; print('ready', flush=True); sys.exit(scripts.cli.main())"
"""Before our program has been loaded Python itself answers to Ctrl-C."""

pytestmark = [pytest.mark.conformance, pytest.mark.skipif(os.name == "nt", reason="Windows 上没有 SIGINT")]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = fresh(tmp_path)
    surroundings(monkeypatch, folder)
    return folder


def started(here: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The program in a group of its own, as a terminal starts it, just as it begins."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", _READY, *arguments], cwd=here, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, start_new_session=True, env=env)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def stopped(here: Path, how: signal.Signals, delay: float, *arguments: str) -> tuple[int, str]:
    """(exit code, what it said) of a run to which, after a delay in seconds, a signal comes, as to all it started."""
    process = started(here, *arguments)
    time.sleep(delay)
    if process.poll() is None:
        os.killpg(process.pid, how)
    _, said = process.communicate(timeout=60)
    return process.returncode, said.decode("utf-8", "replace")


def longest(here: Path, *arguments: str) -> float:
    """Seconds that a whole run takes."""
    begun = time.monotonic()
    started(here, *arguments).communicate(timeout=60)
    return time.monotonic() - begun


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "杀掉"])
@pytest.mark.parametrize("name", STOPPED)
def test_stopped_at_random_moments(here: Path, tmp_path: Path, name: str, how: signal.Signals) -> None:
    chance, arguments = random.Random(f"{name}{how}"), JOBS[name]
    whole = longest(fresh(tmp_path / "整"), *arguments)
    for number in range(3):
        folder = fresh(tmp_path / str(number))
        code, said = stopped(folder, how, chance.uniform(0, whole), *arguments)
        assert "Traceback" not in said
        if how is signal.SIGINT and code != 0:
            assert (code, all(word in said for word in _SAID)) == (130, True), said
            assert on_the_way(state(folder)) == []
        again = started(folder, *arguments)
        _, told = again.communicate(timeout=60)
        assert again.returncode == 0, told.decode()
        assert on_the_way(state(folder)) == []


def test_a_finished_command_is_not_killed_while_python_puts_itself_away(here: Path) -> None:
    late = "import atexit, os, signal; atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT)); "
    run = [sys.executable, "-c", late + "import sys, scripts.cli; sys.exit(scripts.cli.main())", "--version"]
    done = subprocess.run(run, cwd=here, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("command", ["convert", "check", "lint"])
def test_ctrl_c_while_several_processes_work(here: Path, command: str) -> None:
    for number in range(6):
        (here / "各局" / f"{number}.xlsx").write_bytes((here / "台账.xlsx").read_bytes())
        (here / "各局" / f"{number}.docx").write_bytes((here / "报告.docx").read_bytes())
    more = ("-o", "出") if command == "convert" else ()
    for delay in (0.05, 0.5, 1.0):
        code, said = stopped(here, signal.SIGINT, delay, command, "各局", *more, "-j", "2")
        assert "Traceback" not in said, said
        assert code in (0, 1, 130), said
        assert on_the_way(state(here)) == []
