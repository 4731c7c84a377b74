"""`taizhang convert` over a folder of hundreds and thousands: reports a second, and whether memory stays flat.

The folder holds so many files of FLEET different S ledgers; the processes' peaks are read from
/proc while they run (Linux; elsewhere the largest of all is told for both).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scripts.ledgers import workbook_bytes
from tests.bench.prepare import FLEET
from tests.reference_ledgers import fleet

SIZES, LARGE = (200, 1000), (10_000,)
JOBS = 2
_TICK = 0.2


class Run(NamedTuple):
    """One batch: wall clock and CPU in seconds, peak memory in MB."""

    wall: float
    cpu: float
    parent: float
    worker: float


def lines(*, large: bool) -> Iterator[str]:
    """The table, a size a line."""
    yield (f"| S ledgers → reports, -j {JOBS} | reports/s | CPU per report | the command's peak | a worker's peak "
           "| goal |\n|---|---|---|---|---|---|")
    ledgers = [workbook_bytes(raw) for raw in fleet(FLEET)]
    for size in (*SIZES, *(LARGE if large else ())):
        with tempfile.TemporaryDirectory() as name:
            yield _row(size, _run(_filled(Path(name), size, ledgers), size))


def _filled(folder: Path, size: int, ledgers: list[bytes]) -> Path:
    for number in range(size):
        target = folder / "ledgers" / f"{number // 100:02d}" / f"{number:05d}.xlsx"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(ledgers[number % len(ledgers)])
    return folder


def _run(folder: Path, size: int) -> Run:
    out = folder / "reports"
    command = (str(Path(sys.executable).with_name("taizhang")), "convert", str(folder / "ledgers"), "-o", str(out),
               "-j", str(JOBS), "--quiet")
    began = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
    peaks: dict[int, float] = {}
    watching = threading.Thread(target=_watch, args=(process, peaks), daemon=True)
    watching.start()
    _, status, used = os.wait4(process.pid, 0)
    wall, process.returncode = time.perf_counter() - began, os.waitstatus_to_exitcode(status)
    watching.join()
    made = sum(1 for _ in out.rglob("*.docx"))
    if made != size:
        raise RuntimeError(f"{made} of {size} reports, exit code {process.returncode}")
    shutil.rmtree(out)
    largest = used.ru_maxrss / 1024
    command_peak = peaks.pop(process.pid, largest)
    return Run(wall, used.ru_utime + used.ru_stime, command_peak, max(peaks.values(), default=largest))


def _watch(process: subprocess.Popen[bytes], peaks: dict[int, float]) -> None:
    """Note the peak memory of a process and of its children, until it has ended."""
    while process.returncode is None:
        for pid in (process.pid, *_children(process.pid)):
            peaks[pid] = max(peaks.get(pid, 0.0), _peak(pid))
        time.sleep(_TICK)


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += list(map(int, task.read_text().split()))
        except OSError:
            continue
    return found


def _peak(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def _row(size: int, run: Run) -> str:
    return (f"| {size:,} | {size / run.wall:.0f} | {run.cpu / size:.4f} s | {run.parent:.0f} MB | {run.worker:.0f} MB "
            "| ≥ 200/s, memory flat |")
