"""What our programs change, they reckon up: the stored values of 指标 are those the next check computes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from scripts.cli import main
from scripts.ledgers import workbook_bytes
from templates.check import check
from tests.returning import LEDGER, Office, Sheet, rows_of
from workbook.book import recognize
from workbook.findings import Cell
from workbook.patching.cells import with_cells
from workbook.patching.figures import with_figures
from workbook.reading.reader import read, read_content
from workbook.standard.cached import cached_values
from workbook.standard.writer import write
from workbook.text import parse

METRICS = """
## 指标

| 编号 | 名称 | 单位 | 统计方式 | 来源表 | 来源列 | 条件 | 分子 | 分母 |
|---|---|---|---|---|---|---|---|---|
| M3 | 宣传场次 | 场 | 计数 | 活动 |  | 类型=主题宣传 |  |  |
| M4 | 宣传人次 | 人次 | 求和 | 活动 | 参与（人次） | 类型=主题宣传 |  |  |
| M5 | 场均人次 | 人次 | 比率 |  |  |  | M4 | M3 |
"""
TYPED = "指标[[#This Row],[填报值]]"
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


def formulas_of(data: bytes, *titles: str) -> dict[str, list[str]]:
    """The formulas (without =) and number formats of 指标 by 编号."""
    sheet = Sheet(openpyxl.load_workbook(io.BytesIO(data))["指标"])
    rows = range(sheet.top + 1, sheet.sheet.max_row + 1)
    found = {str(sheet.sheet.cell(row, sheet.columns["编号"]).value): row for row in rows}
    return {key: [str(getattr(sheet.sheet.cell(row, sheet.columns[title]), what)) for title in titles
                  for what in ("value", "number_format")] for key, row in found.items() if key != "None"}


NEW = ({"编号": "M8", "名称": "人次之比", "单位": "%", "统计方式": "比率", "分子": "M6", "分母": "M4"},
       {"编号": "M6", "名称": "学法人次", "单位": "人次", "统计方式": "求和", "来源表": "活动",
        "来源列": "参与（人次）", "条件": "类型=集体学法"},
       {"编号": "M7", "名称": "办结件数", "单位": "件", "统计方式": "填报", "填报值": 4})


def test_new_metrics_get_the_formulas_that_the_writer_makes(tmp_path: Path) -> None:
    """And their number formats; the old ones keep theirs, those that the owner wrote by hand among them."""
    office = Office(tmp_path, BOOK)
    office.returned("JZG", 指标=lambda sheet: [sheet.append(**one) for one in NEW])
    assert office.merge() == 0
    made, columns = (tmp_path / "合并.xlsx").read_bytes(), ("本年值", "报告值")
    book = recognize(read_content(made, "a.xlsx"))
    assert formulas_of(made, *columns) == formulas_of(write(book, cached_values(book)), *columns)
    assert [formulas_of(made, "本年值")[key][0][:1] for key in ("M6", "M7", "M8")] == ["="] * 3
    assert year(tmp_path / "合并.xlsx") == {"M3": "3", "M4": "90", "M5": "30", "M6": "50", "M7": "4",
                                          "M8": "0.555555555555556"}


def test_a_formula_of_the_owners_own_stays_when_the_program_would_write_another(tmp_path: Path) -> None:
    own = "ROUND(指标[[#This Row],[填报值]],0)"
    blank, data = (workbook_bytes(parse(LEDGER.replace("| 填报 | 7 |", f"| 填报 | {value} |"), "a.xlsx"))
                   for value in ("", "7"))
    before = recognize(read_content(blank, "a.xlsx"))
    book, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    Sheet(book["指标"]).put("M2", 本年值=f"={own}", 报告值=None)
    book.save(out)
    made = formulas_of(with_figures(out.getvalue(), before=before), "本年值", "报告值")["M2"]
    assert (made[0], made[2]) == (f"={own}", f'=IF(COUNT({TYPED})<1,"",{TYPED})')


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
