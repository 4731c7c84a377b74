"""Whatever happens to the disk while a command writes: the old state or the new one, and the next run completes.

Every command is stopped, filled up and shut out at every change it makes to the disk (tests/faults/disk.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from scripts.cli import main
from tests.faults.disk import (
    TAKES_ROOM,
    Fault,
    Killed,
    Step,
    full_from,
    held_at,
    interrupted_at,
    killed_at,
    read_only_from,
    watched,
)
from tests.faults.jobs import JOBS, State, fresh, on_the_way, state, surroundings
from workbook.exchange.folder import REGISTER, Exchange
from workbook.exchange.register import register_bytes

EXCHANGE = ("dispatch", "collect", "merge")
every_command = pytest.mark.parametrize(("name", "stride"), [
    *(pytest.param(name, 17, id=f"{name}，几处") for name in EXCHANGE),
    *(pytest.param(name, 1, id=name, marks=pytest.mark.conformance) for name in JOBS)])
"""Some steps of the exchange in every run of the tests; every step of every command with `-m conformance`."""
STOPPED = re.compile(r"已中断，.*没有留下写到一半的文件.*\n\Z")
JOURNAL = "journal.ndjson"


class Whole(NamedTuple):
    """What a command does that nothing disturbs: its steps, what each file held, its end, and its end run twice."""

    steps: tuple[Step, ...]
    codes: frozenset[int]
    seen: dict[str, set[bytes]]
    before: State
    ends: tuple[State, ...]


class Bench:
    """One command on a fresh copy of the office's files, as often as needed."""

    def __init__(self, name: str, folder: Path, patch: pytest.MonkeyPatch, said: pytest.CaptureFixture[str]) -> None:
        self.name, self.folder, self.patch, self.said = name, folder, patch, said
        self._known: list[State] = []
        self.whole = self._undisturbed()

    def _undisturbed(self) -> Whole:
        here = self.start()
        before, ends = state(here), []
        with watched(self.patch, here) as disk:
            codes = [self.run()]
            steps = tuple(disk.steps)
            ends.append(state(here))
            codes.append(self.run())
            ends.append(state(here))
        return Whole(steps, frozenset(codes), disk.seen, before, tuple(ends))

    def start(self) -> Path:
        here = fresh(self.folder)
        surroundings(self.patch, here)
        return here

    def run(self) -> int:
        return main([*JOBS[self.name]])

    def disturbed(self, fault: Fault, *, halves: bool = False) -> tuple[int | None, Path, str]:
        """(exit code, None where it was killed; the folder; what it said) of a run with a fault."""
        here = self.start()
        self.said.readouterr()
        with watched(self.patch, here, fault, halves=halves, dead=True):
            try:
                code: int | None = self.run()
            except Killed:
                code = None
        return code, here, self.said.readouterr().err

    def require_old_or_new(self, here: Path) -> None:
        """Every file holds what it held before, or what a whole run puts there; the journal whole lines."""
        held = state(here)
        for name in held.keys() - set(on_the_way(held)):
            if name.endswith(JOURNAL):
                whole = held[name][:held[name].rfind(b"\n") + 1]
                assert self.whole.ends[-1][name].startswith(whole), name
            elif held[name] not in self._versions(name):
                assert name.endswith(REGISTER), name
                assert held[name] == register_bytes(Exchange(here / name.removesuffix(REGISTER))), name
        gone = self.whole.before.keys() - held.keys()
        assert not [name for name in gone if ".bak" not in name]

    def _versions(self, name: str) -> set[bytes | None]:
        """What a file may hold; a kept version what the file itself may."""
        base = re.sub(r"\.bak\d?\Z", "", name)
        names = [name, *(f"{base}{kept}" for kept in ("", ".bak", ".bak2") if base != name)]
        return {data for one in names for data in (*(each.get(one) for each in (self.whole.before, *self.whole.ends)),
                                                   *self.whole.seen.get(one, ()))}

    def missing(self, here: Path) -> set[str]:
        """What a whole run would have made and this one has not."""
        return self.whole.ends[0].keys() - state(here).keys()

    def require_next_run_completes(self, here: Path) -> None:
        if state(here) in self._known:
            return
        self._known.append(state(here))
        with watched(self.patch, here):
            assert self.run() in self.whole.codes
        held = state(here)
        assert not on_the_way(held)
        wanted = [without_old_registers(end) for end in self.whole.ends]
        held = without_old_registers(held)
        assert held in wanted, differing(held, wanted[0])


def without_old_registers(held: State) -> State:
    """The register is made anew from the journal: what it said before an interruption is no state."""
    return {name: data for name, data in held.items() if f"{REGISTER}.bak" not in name}


def differing(held: State, wanted: State) -> str:
    names = sorted(name for name in held.keys() | wanted.keys() if held.get(name) != wanted.get(name))
    return "、".join(names)


@pytest.fixture
def bench(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bench:
    return Bench(name, tmp_path, monkeypatch, capsys)


def some(steps: Sequence[Step], stride: int, *calls: str) -> Sequence[int]:
    """The numbers, from 1, of every so many of these steps, of all kinds where none are named."""
    return [number for number, step in enumerate(steps, 1) if not calls or step.call in calls][stride // 2::stride]


@every_command
@pytest.mark.parametrize("halves", [False, pytest.param(True, marks=pytest.mark.conformance)], ids=["之前", "写到一半"])
def test_killed_at_any_step(bench: Bench, stride: int, halves: bool) -> None:
    for number in some(bench.whole.steps, stride, *(("write",) if halves else ())):
        code, here, _ = bench.disturbed(killed_at(number), halves=halves)
        assert code is None
        bench.require_old_or_new(here)
        bench.require_next_run_completes(here)


@every_command
def test_ctrl_c_at_any_step(bench: Bench, stride: int) -> None:
    for number in some(bench.whole.steps, stride):
        code, here, said = bench.disturbed(interrupted_at(number))
        assert code == 130
        assert STOPPED.search(said)
        assert "Traceback" not in said
        assert not on_the_way(state(here))
        bench.require_old_or_new(here)
        bench.require_next_run_completes(here)


@every_command
@pytest.mark.parametrize(("fault", "calls", "said"), [
    (full_from, TAKES_ROOM, "磁盘满了"),
    pytest.param(read_only_from, ("open", "mkdir", "replace", "link"), "没有写入的权限", marks=pytest.mark.conformance),
    (held_at, ("replace",), "正在 Excel 或 WPS 里打开，或者没有写入的权限。请关闭它再试。"),
], ids=["磁盘满", "不许写", "被 Excel 占用"])
def test_what_the_disk_refuses_is_one_sentence(bench: Bench, stride: int, fault: Callable[[int], Fault],
                                               calls: tuple[str, ...], said: str) -> None:
    for number in some(bench.whole.steps, stride, *calls):
        code, here, told = bench.disturbed(fault(number), halves=fault is full_from)
        assert code == 2 or code in bench.whole.codes or "登记簿没有更新" in told, told
        assert said in told or (code != 2 and not bench.missing(here)), told
        assert "程序出错" not in told
        bench.require_old_or_new(here)
        bench.require_next_run_completes(here)


@pytest.mark.parametrize("owner", ["~${}", ".~lock.{}#"])
@pytest.mark.parametrize(("name", "target"), [
    ("merge", "合并.xlsx"), ("dispatch", "主台账.xlsx"), ("load", "主台账.xlsx")])
def test_a_book_that_is_open_is_left_alone(bench: Bench, target: str, owner: str) -> None:
    here = bench.start()
    (here / target).exists() or (here / target).write_bytes(b"x")
    (here / owner.format(target)).write_bytes(b"")
    before = state(here)
    assert bench.run() == 2
    assert f"{target}：正在 Excel 或 WPS 里打开。请关闭它再试" in bench.said.readouterr().err
    assert {name: data for name, data in state(here).items() if name in before} == before
