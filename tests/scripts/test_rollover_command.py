"""`taizhang rollover`: what it writes, what it says, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from scripts.cli import main
from tests.reference_ledgers import reference_ledger
from tests.returning import Sheet
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


TWO_YEARS = """
## 报告信息

| 项目 | 内容 |
|---|---|
| 报告类型 | 通用报告 |
| 报告年度 | 2024 |
| 机关全称 | 临溪县民政局 |
| 统计起 | 2024-01-01 |
| 统计止 | 2024-12-31 |
| 规划期名称 | “八五”普法 |
| 规划期起 | 2021-01-01 |
| 规划期止 | 2025-12-31 |
| 标题 | {{ 报告年度 }}年工作情况 |
| 引言 | 当年{{ 场次 }}，规划期内{{ 规划期场次 }}，开办以来{{ 历年场次 }}。 |

## 章节

| 编号 | 标题 |
|---|---|
| 1 | 工作情况 |

## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 承办股室 |
|---|---|---|---|---|
| H1 | 2024-03-01 | 春季宣讲 | 宣讲 | 办公室 |
| H2 | 2024-09-01 | 秋季宣讲 | 宣讲 | 办公室 |

## 指标

| 编号 | 名称 | 单位 | 统计方式 | 来源表 | 统计期 | 基数 | 基数截止 |
|---|---|---|---|---|---|---|---|
| M1 | 场次 | 场 | 计数 | 活动 | 本年 | | |
| M2 | 规划期场次 | 场 | 计数 | 活动 | 规划期 | 30 | 2023-12-31 |
| M3 | 历年场次 | 场 | 计数 | 活动 | 截至 | 100 | 2023-12-31 |

## 股室

| 代码 | 名称 | 角色 |
|---|---|---|
| 01 | 办公室 | 牵头 |
"""


def held(book: Path, key: str, day: str, name: str) -> None:
    """One more event, typed into the workbook."""
    opened = openpyxl.load_workbook(book)
    Sheet(opened["活动"]).append(编号=key, 开始日期=day, 活动名称=name, 类型="宣讲", 承办股室="办公室")
    opened.save(book)


def printed(book: Path) -> str:
    main(["convert", str(book), "-o", str(book.with_suffix(".txt")), "--draft", "--quiet"])
    return next(line for line in book.with_suffix(".txt").read_text("utf-8").splitlines() if line.startswith("当年"))


def test_规划期里结转_接着算_到期结转_规划期从头算_历年接着算(tmp_path: Path) -> None:
    books = [tmp_path / f"{year}.xlsx" for year in (2024, 2025, 2026)]
    (tmp_path / "a.md").write_text(TWO_YEARS, "utf-8")
    main(["load", str(tmp_path / "a.md"), "-o", str(books[0]), "--quiet"])
    assert printed(books[0]) == "当年2场，规划期内32场，开办以来102场。"
    assert main(["rollover", str(books[0]), "--year", "2025", "-o", str(books[1]), "--quiet"]) == 0
    held(books[1], "H3", "2025-05-01", "学法考试")
    assert printed(books[1]) == "当年1场，规划期内33场，开办以来103场。"
    assert main(["rollover", str(books[1]), "--year", "2026", "-o", str(books[2]), "--quiet"]) == 2
    assert main(["rollover", str(books[1]), "--year", "2026", "--plan", "“九五”普法", "-o", str(books[2]),
                 "--quiet"]) == 0
    held(books[2], "H4", "2026-02-01", "新春普法")
    held(books[2], "H5", "2026-03-01", "春耕普法")
    assert printed(books[2]) == "当年2场，规划期内2场，开办以来105场。"
    head, metrics = Ledger(recognize(read(books[2]))).head, Ledger(recognize(read(books[2])))["指标"]
    assert [head.text(key) for key in ("规划期名称", "规划期起", "规划期止")] == ["“九五”普法", "2026-01-01", ""]
    assert (metrics.texts("上年值"), metrics.texts("基数")) == (["1", "33", "103"], ["", "", "103"])
