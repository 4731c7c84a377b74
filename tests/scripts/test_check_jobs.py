"""Workers: a process that dies takes its own file with it and no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts.check_one import Order, check_guarded, crashed
from scripts.workers import in_turn


def double_or_die(number: int) -> int:
    if number < 0:
        os._exit(9)
    return number * 2


def lost(number: int) -> int:
    return -1


@pytest.mark.parametrize("orders", [[1, 2, 3, 4, 5], [-1, 2, 3, 4, 5], [1, 2, -3, 4, 5], [1, -2, 3, -4, -5]])
def test_every_order_gets_its_result_in_turn(orders: list[int]) -> None:
    wanted = [-1 if one < 0 else one * 2 for one in orders]
    assert list(in_turn(double_or_die, orders, 2, lost)) == wanted


def test_one_job_needs_no_process() -> None:
    assert list(in_turn(lambda one: one + 1, [1, 2], 1, lost)) == [2, 3]


def test_a_dead_process_is_told_as_a_finding_and_is_our_fault() -> None:
    one = crashed(Order("甲.xlsx"))
    finding, = one.findings
    assert finding.code == "X002"
    assert "进程中途停了" in finding.message
    assert one.code(strict=False) == 3


def test_so_is_an_exception_of_ours_among_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: str, **options: object) -> None:
        raise ZeroDivisionError("乘以零")

    monkeypatch.setattr("workbook.reading.reader.read", broken)
    one = check_guarded(Order(str(tmp_path / "甲.xlsx")))
    assert "ZeroDivisionError：乘以零" in one.findings[0].message
    assert one.crash
