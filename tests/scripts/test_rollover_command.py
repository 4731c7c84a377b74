"""`taizhang rollover`: what it writes, what it says, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.cli import main
from tests.reference_ledgers import reference_ledger
from workbook.book import recognize
from workbook.facts import Facts
from workbook.gate import admit
from workbook.ledger import Ledger
from workbook.reading.reader import read
from workbook.rollover.rollover import rollover
from workbook.rules.errors import errors_of
from workbook.standard.making import workbook_bytes


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("结转") / "2025年台账.xlsx"
    path.write_bytes(workbook_bytes(reference_ledger("S")))
    return path


def test_写出来的是标准台账_校验没有结转造成的错误(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "2026.xlsx"
    assert main(["rollover", str(book), "--year", "2026", "--plan", "“九五”", "-o", str(target)]) == 0
    new = Ledger(admit(recognize(read(str(target)))))
    assert new.head.text("报告年度") == "2026"
    waiting = {"M005", "T003"}  # ratios of nothing yet, values not yet typed
    assert {one.code for one in errors_of(new, Facts(new))} <= waiting


def test_规划期到期没有给名称_一句话说清(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "2026.xlsx"
    assert main(["rollover", str(book), "--year", "2026", "-o", str(target)]) == 2
    assert "请加 --plan 写明新规划期的名称" in capsys.readouterr().err
    assert not target.exists()


def test_已经有的文件不覆盖(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = book.read_bytes()
    assert main(["rollover", str(book), "--year", "2026", "--plan", "“九五”", "-o", str(book)]) == 2
    assert "没有覆盖" in capsys.readouterr().err
    assert book.read_bytes() == before


def test_json_列出带入重置和没有带的(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "2026.xlsx"
    main(["rollover", str(book), "--year", "2026", "--plan", "“九五”", "-o", str(target), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["file"], told["output"], told["year"]) == (str(book), str(target), 2026)
    assert {"carried", "reset", "left", "look", "settle"} <= told.keys()
    ids = {one["row_id"] for one in told["carried"] if one["sheet"] == "任务" and one["key"]}
    new = Ledger(recognize(read(str(target))))
    assert ids == set(new["任务"].texts("_id"))


def test_日期写错_说写成什么样(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["rollover", str(book), "--year", "2026", "--plan", "“九五”", "-o", str(tmp_path / "新.xlsx")]
    assert main([*given, "--plan-end", "明年"]) == 2
    assert "--plan-end 不能是“明年”" in capsys.readouterr().err
    assert main([*given[:4], *given[6:], "--plan-end", "2030-12-31"]) == 2
    assert "要和 --plan 一起用" in capsys.readouterr().err


def test_经过文件和不经过文件_结转的一样(book: Path) -> None:
    from workbook.rollover.head import Plan

    made = rollover(read(str(book)), 2026, plan=Plan("“九五”"))
    again = rollover(read(str(book)), 2026, plan=Plan("“九五”"))
    assert workbook_bytes(made.raw) == workbook_bytes(again.raw)
