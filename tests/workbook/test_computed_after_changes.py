"""What our programs change, they reckon up: the stored values of 指标 are those the next check computes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from scripts.cli import main
from scripts.ledgers import workbook_bytes
from templates.check import check
from tests.returning import LEDGER, Office, rows_of
from workbook.findings import Cell
from workbook.patching.cells import with_cells
from workbook.patching.figures import with_figures
from workbook.reading.reader import read, read_content
from workbook.text import parse

METRICS = """
## 指标

| 编号 | 名称 | 单位 | 统计方式 | 来源表 | 来源列 | 条件 | 分子 | 分母 |
|---|---|---|---|---|---|---|---|---|
| M3 | 宣传场次 | 场 | 计数 | 活动 |  | 类型=主题宣传 |  |  |
| M4 | 宣传人次 | 人次 | 求和 | 活动 | 参与（人次） | 类型=主题宣传 |  |  |
| M5 | 场均人次 | 人次 | 比率 |  |  |  | M4 | M3 |
"""
BOOK = LEDGER[:LEDGER.index("## 指标")] + METRICS[1:] + "\n" + LEDGER[LEDGER.index("## 股室"):]


def stale(path: Path) -> list[str]:
    return [one.message for one in check(read(str(path))) if one.code == "M013"]


def year(path: Path) -> dict[str, object]:
    return {key: row.get("本年值") for key, row in rows_of(path, "指标").items()}


def cell_of(data: bytes, wanted: object) -> Cell:
    """Where a value stands in 活动."""
    sheet = read_content(data, "a.xlsx").sheet("活动")
    assert sheet
    return next(Cell("活动", row, column) for row, cells in enumerate(sheet.rows, 1)
                for column, value in enumerate(cells, 1) if value == wanted)


def test_a_merged_master_shows_the_new_figures(tmp_path: Path) -> None:
    office = Office(tmp_path, BOOK)
    fresh = {"编号": "H9", "开始日期": "2025-09-01", "活动名称": "秋季宣传", "类型": "主题宣传", "承办股室": "救助股"}
    office.returned("JZG", 活动=lambda sheet: (sheet.put("H1", **{"参与（人次）": 100}),
                                             sheet.append(**fresh, **{"参与（人次）": 10})))
    assert year(office.master) == {"M3": "3", "M4": "90", "M5": "30"}
    office.merge()
    assert year(tmp_path / "合并.xlsx") == {"M3": "4", "M4": "180", "M5": "45"}
    assert stale(tmp_path / "合并.xlsx") == []


def test_formulas_stay_beside_their_new_values() -> None:
    data = workbook_bytes(parse(BOOK, "台账.xlsx"))
    changed = with_cells(data, {cell_of(data, 20): 120})
    done = with_figures(changed)
    before, after = (read_content(one, "a.xlsx", formulas=True).formulas["指标"] for one in (changed, done))
    assert before == after
    assert with_figures(done) == done


@pytest.mark.parametrize("program", ["fix", "rollover"])
def test_other_programs_reckon_up_too(tmp_path: Path, program: str) -> None:
    path, out = tmp_path / "台账.xlsx", tmp_path / "新.xlsx"
    text = BOOK.replace("| 20 | 甲 |", "| ２０ | 甲 |").replace("2025-03-01 |", "2025年3月1日 |")
    path.write_bytes(workbook_bytes(parse(text, "a.xlsx")))
    commands = {"fix": ["check", str(path), "--fix", "-o", str(out)],
                "rollover": ["rollover", str(path), "--year", "2026", "-o", str(out)]}
    main([*commands[program], "--quiet"])
    assert stale(out) == []


def test_only_the_sheet_of_metrics_changes(tmp_path: Path) -> None:
    data = workbook_bytes(parse(BOOK, "台账.xlsx"))
    changed = with_cells(data, {cell_of(data, 20): 120})
    parts = []
    for number, one in enumerate((changed, with_figures(changed))):
        (tmp_path / f"{number}.xlsx").write_bytes(one)
        with zipfile.ZipFile(tmp_path / f"{number}.xlsx") as package:
            parts.append({name: package.read(name) for name in package.namelist()})
    assert len([name for name in parts[0] if parts[0][name] != parts[1][name]]) == 1
