"""Whole processes measured in turn: CPU and peak memory from the operating system, ratios round by round.

Two commands that run one after the other see the same machine; ratios are taken
within a round and their median counts, so a busy neighbour spoils a round, not a
result. POSIX only: the figures come from os.wait4.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Command = Sequence[str]
INSIDE = "SECONDS="
"""A command that times itself prints this and the CPU seconds of one unit of work."""


@dataclass(frozen=True, slots=True)
class Usage:
    """One run: CPU seconds (user and system), and peak memory in MB."""

    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A command over all rounds: medians, and `ratios` to the other commands of its group, by their names."""

    cpu: float
    memory: float
    ratios: Mapping[str, float]


def alternate(commands: Mapping[str, Command], rounds: int, codes: Sequence[int] = (0,)) -> dict[str, Summary]:
    """Run the commands in turn, forwards and backwards, after one round that does not count.

    `codes` are the exit codes of a run that went as meant.
    """
    runs: dict[str, list[Usage]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name in sorted(commands, key=list(commands).index, reverse=turn % 2 == 0):
            usage = run(commands[name], codes)
            runs[name] += [usage] if turn else []
    return {name: _summary(name, runs) for name in commands}


def run(command: Command, codes: Sequence[int] = (0,)) -> Usage:
    """Run one command; raises RuntimeError with its last words where its exit code is none of `codes`."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if process.returncode not in codes:
        raise RuntimeError(f"{' '.join(command)}: {process.returncode}\n{text[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Usage(_inside(text) or used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6)


def _inside(text: str) -> float | None:
    """The seconds a command says it took, without its start."""
    lines = [line for line in text.splitlines() if line.startswith(INSIDE)]
    return float(lines[-1].removeprefix(INSIDE)) if lines else None


def _summary(name: str, runs: Mapping[str, Sequence[Usage]]) -> Summary:
    own = runs[name]
    ratios = {other: median(one.cpu / its.cpu for one, its in zip(own, uses, strict=True))
              for other, uses in runs.items() if other != name}
    return Summary(median(one.cpu for one in own), median(one.memory for one in own), ratios)
