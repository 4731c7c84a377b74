"""What a click on 校验 takes in a running Calc over UNO, beside the command line on the same book.

Run as `python -m tests.bench live`. A first click finds no marks, a second takes the old ones away first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from addin import macros
from tests.conformance.calc_office import running_calc
from tests.reference_ledgers import reference_ledger
from workbook.standard.making import workbook_bytes

_IMPORT = "import time; from addin import macros, sheet; sheet.engine(); print(time.process_time())"
_USED = "import time\nsaid = time.process_time()"


def lines(sizes: str = "SM") -> Iterator[str]:
    """The table, line by line as it is measured: wall-clock seconds, and CPU seconds of each process."""
    yield f"import path of a macro: {_median_import():.3f} s CPU"
    yield ("| book | first click | our CPU, Calc's, questions | second click | our CPU, Calc's, questions "
           "| command line | its CPU |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name, running_calc(Path(name) / "profile") as app:
        for size in sizes:
            path = Path(name) / f"{size}.xlsx"
            path.write_bytes(workbook_bytes(reference_ledger(size)))
            yield _row(app, path)


def _row(app: Any, path: Path) -> str:
    book = app.books.open(str(path))
    clicks = " | ".join(_click(app) for _ in range(2))
    book.close()
    program, marked = str(Path(sys.executable).with_name("taizhang")), str(path.with_suffix(".标.xlsx"))
    command = (program, "check", str(path), "--mark", marked, "--quiet")
    wall, cpu = _timed(lambda: subprocess.run(command, capture_output=True, check=False), children=True)
    return f"| {path.stem} | {clicks} | {wall:.2f} s | {cpu:.2f} s |"


def _click(app: Any) -> str:
    before, asked = app.run(_USED), app.channel.asked
    wall, cpu = _timed(macros.check)
    count = app.channel.asked - asked
    return f"{wall:.2f} s | {cpu:.2f} s, {app.run(_USED) - before:.2f} s, {count}"


def _timed(work: Callable[[], object], *, children: bool = False) -> tuple[float, float]:
    def cpu() -> float:
        used = os.times()
        return used.children_user + used.children_system if children else used.user + used.system

    began, used = time.perf_counter(), cpu()
    work()
    return time.perf_counter() - began, cpu() - used


def _median_import(rounds: int = 5) -> float:
    """Fresh processes, their bytecode compiled; the start of Python itself counts too."""
    said = [float(subprocess.run([sys.executable, "-c", _IMPORT], capture_output=True, text=True, check=True).stdout)
            for _ in range(rounds + 1)][1:]
    return sorted(said)[rounds // 2]
