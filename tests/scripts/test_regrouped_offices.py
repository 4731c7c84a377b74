"""Offices are split and renamed while their workbooks are out: what becomes of every row, told by the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from scripts.cli import main
from tests.returning import Office, Sheet

NEW = {"编号": "H7", "开始日期": "2025-08-01", "活动名称": "新的活动", "类型": "主题宣传", "承办股室": "养老股"}


def regrouped(path: Path) -> None:
    """救助股 gives H2 to the new 低保股; 养老股 is called 养老科 from now on."""
    book = openpyxl.load_workbook(path)
    offices = book["股室"]
    top = next(row for row in range(1, 6) if "代码" in [cell.value for cell in offices[row]])
    at = {cell.value: cell.column for cell in offices[top]}
    row = next(row for row in range(top, top + 9) if offices.cell(row, at["代码"]).value == "YLG")
    offices.cell(row, at["名称"]).value = "养老科"
    for title, value in {"代码": "DBG", "名称": "低保股", "角色": "填报"}.items():
        offices.cell(row + 1, at[title]).value = value
    events = Sheet(book["活动"])
    for key, name in {"H2": "低保股", "H3": "养老科", "H4": "养老科"}.items():
        events.put(key, 承办股室=name)
    book.save(path)


def fates(told: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    return {(one["office"], one["key"]): (one["fate"], one["reason"]) for one in told["rows"] if one["sheet"] == "活动"}


def test_returns_of_before_and_after(tmp_path: Path, capsys: Any) -> None:
    office = Office(tmp_path)
    office.returned("JZG", 活动=lambda sheet: (sheet.put("H1", 地点="会堂"), sheet.put("H2", 地点="村部")))
    office.returned("YLG", 活动=lambda sheet: (sheet.put("H3", 地点="敬老院"), sheet.append(**NEW)))
    regrouped(office.master)
    told = office.merged_json(capsys)
    assert fates(told) == {
        ("救助股", "H1"): ("合入", ""), ("救助股", "H2"): ("冲突", "这一行已经不归本单位"),
        ("养老科", "H3"): ("合入", ""), ("养老科", "H4"): ("未变", ""),
        ("养老科", "H7"): ("冲突", "新增的行写的是别的股室")}
    assert told["balance"] == {"returned": 10, "merged": 2, "unchanged": 6, "conflict": 2, "sent_back": 0}
    rows = office.rows("活动")
    assert [rows[key]["地点"] for key in ("H1", "H2", "H3")] == ["会堂", "溪口村", "敬老院"]

    merged = tmp_path / "合并.xlsx"
    before = set(office.exchange.glob("*/下发"))
    assert main(["dispatch", str(merged), "-o", str(office.exchange), "--quiet"]) == 1
    assert "“养老股”不在“股室”表里，没有下发。请核对。是不是“养老科”？" in capsys.readouterr().err
    office.sent, = set(office.exchange.glob("*/下发")) - before
    assert sorted(path.stem for path in office.sent.glob("*.xlsx")) == ["DBG", "JZG", "YLG"]
    office.returned("DBG", 活动=lambda sheet: sheet.put("H2", 地点="低保大厅"))
    again = office.merged_json(capsys, merged, "再合并.xlsx")
    assert fates(again)["低保股", "H2"] == ("冲突", "几个单位填的不一样")  # what 救助股 wrote still waits
    conflict, = (one for one in again["conflicts"] if one["key"] == "H2")
    assert conflict["theirs"] == [{"office": "低保股", "value": "低保大厅"}, {"office": "救助股", "value": "村部"}]
    assert office.rows("活动", "再合并.xlsx")["H2"]["地点"] == "溪口村"
