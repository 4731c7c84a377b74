"""A bureau with six offices: its ledger, what came of it, and how its offices fill their workbooks in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from openpyxl.styles import Font

from tests.returning import LEDGER, Edit, Sheet

CODES = {"法规股": "FG", "救助股": "JZ", "养老股": "YL", "社事股": "SS", "基层股": "JC", "儿童股": "ET"}
EVENTS = {"法规股": [f"A{n:02d}" for n in range(1, 17)], "救助股": [f"B{n:02d}" for n in range(1, 12)],
          "养老股": [f"C{n:02d}" for n in range(1, 7)], "社事股": ["D01"], "基层股": ["E01", "E02"], "儿童股": ["F01"]}
TASKS = {"R01": "法规股", "R02": "法规股", "R03": "救助股", "R04": "养老股", "R05": "社事股", "R06": "基层股",
         "R07": "儿童股"}
METRICS = ["| M1 | 办结件数 | 件 | 填报 | 1 | |", "| M2 | 走访户数 | 户 | 填报 | 2 | |",
           "| M3 | 入住人数 | 人 | 填报 | 3 | 养老股 |"]


def ledger() -> str:
    """The master as text."""
    tasks = [f"| {key} | 1 | 任务{key} | {office} | 2025-12-31 | 进行中 | 0.5 |" for key, office in TASKS.items()]
    days = {"A03": "2025-03-03"}
    events = [f"| {key} | {days.get(key, '2025-03-01')} | 活动{key} | 主题宣传 | 甲地 | {office} | 原备注 | 30 |"
              for office, keys in EVENTS.items() for key in keys]
    offices = ["| BGS | 办公室 | 牵头 |", *(f"| {code} | {name} | 填报 |" for name, code in CODES.items())]
    tables = {
        "任务": ("编号 章节 任务名称 责任股室 完成时限 状态 进度", tasks),
        "活动": ("编号 开始日期 活动名称 类型 地点 承办股室 备注 参与（人次）", events),
        "指标": ("编号 名称 单位 统计方式 填报值 责任股室", METRICS),
        "股室": ("代码 名称 角色", offices),
        "字典": ("类别 值", ["| 活动.类型 | 主题宣传 |"]),
    }
    return LEDGER[:LEDGER.index("## 任务")] + "\n".join(_table(name, *told) for name, told in tables.items())


def _table(name: str, titles: str, rows: list[str]) -> str:
    names = titles.split()
    return "\n".join((f"## {name}", "", f"| {' | '.join(names)} |", "|---" * len(names) + "|", *rows, ""))


def event(key: str | None, office: str, name: str, **values: Any) -> dict[str, Any]:
    told = {"编号": key, "开始日期": dt.date(2025, 9, 9), "活动名称": name, "类型": "主题宣传", "承办股室": office,
            **values}
    return {title: value for title, value in told.items() if value is not None}


def law_office(sheet: Sheet) -> None:
    for key in ("A02", "A11", "A12", "A14"):
        sheet.put(key, 地点="会堂")
    sheet.put("A03", 开始日期="2025年3月3日")
    sheet.put("A04", **{"参与（人次）": "３０"})
    sheet.put("A05", 活动名称="活动\u200bA05 ")
    sheet.sheet.cell(sheet.row("A06"), sheet.columns["地点"]).font = Font(bold=True, color="FF0000")
    sheet.put("A07", 备注=None)
    sheet.sheet.row_dimensions[sheet.row("A14")].hidden = True
    sheet.add_column("内部备忘")
    sheet.put("A15", 内部备忘="留底")
    sheet.put("A16", 承办股室="救助股")
    sheet.copy("A09")
    sheet.copy("A10", 编号="A90", 活动名称="另一场", 开始日期=dt.date(2025, 8, 8))
    for key in ("A12", "A13"):
        sheet.put(key, _id=None)
    sheet.append(**event("A91", "法规股", "新活动一"))
    sheet.append(**event("B01", "法规股", "撞了编号的活动"))
    sheet.append(3, **event("A92", "法规股", "新活动二"))
    sheet.delete("A08")


def law_tasks(sheet: Sheet) -> None:
    sheet.put("R01", 进度="50%")
    sheet.put("R02", 状态="已完成", 完成日期=dt.date(2025, 11, 1))


def relief_office(sheet: Sheet) -> None:
    for key in ("B01", "B06", "B10", "B11"):
        sheet.put(key, 地点="退回的")
    for key in ("B02", "B10"):
        sheet.put(key, 备注="退回的")
    sheet.put("B03", 地点="一样的")
    for key in ("B07", "B08", "B09"):
        sheet.delete(key)


def care_office(sheet: Sheet) -> None:
    for key in ("C02", "C03", "C05"):
        sheet.put(key, 地点="会堂")
    sheet.swap("C04", "C05")
    sheet.sheet.auto_filter.ref = f"A{sheet.top}:H{sheet.sheet.max_row}"
    sheet.sheet.row_dimensions[sheet.row("C03")].hidden = True
    sheet.append(**event("C91", "养老股", "重阳活动", 地点="新址"))
    sheet.delete("C06")
    sheet.sheet.title = "2025年活动"


def affairs_office(sheet: Sheet, stranger: str) -> None:
    sheet.append(**event("D91", "社事股", "联合活动"))
    sheet.append(**event("D92", "儿童股", "替别人填的"))
    sheet.append(**event("C01", "养老股", "活动C01", _id=stranger))
    sheet.append(**event(None, "社事股", "没有编号的活动"))


def child_office(sheet: Sheet, place: str) -> None:
    sheet.put("F01", 地点=place)
    sheet.append(**event("F91", "儿童股", "联合活动"))


def master_after(sheet: Sheet) -> None:
    """What the coordinator did to 活动 once all was sent."""
    for key in ("B01", "B02", "B04", "B07", "B10"):
        sheet.put(key, 地点="主台账的")
    sheet.put("B03", 地点="一样的")
    sheet.put("B11", 承办股室="养老股")
    for key in ("B05", "B06", "B09"):
        sheet.delete(key)


def figures(**cells: int) -> Edit:
    """填报值 by 编号."""
    def fill(sheet: Sheet) -> None:
        for key, value in cells.items():
            sheet.put(key, 填报值=value)

    return fill


def first_returns(stranger: str) -> Mapping[str, Mapping[str, Edit]]:
    """By office and sheet; `stranger` is the id of a row of another office."""
    return {
        "法规股": {"活动": law_office, "任务": law_tasks},
        "救助股": {"活动": relief_office},
        "养老股": {"活动": care_office, "指标": figures(M1=10, M2=5, M3=33)},
        "社事股": {"活动": lambda sheet: affairs_office(sheet, stranger), "指标": figures(M1=12, M2=5)},
        "基层股": {"活动": lambda sheet: sheet.put("E01", 开始日期="2025-13-45")},
        "儿童股": {"活动": lambda sheet: child_office(sheet, "后来的")},
    }


def master_between(sheet: Sheet) -> None:
    """What the coordinator did once all was sent again."""
    sheet.put("A02", 地点="主台账再改")
    sheet.delete("A92")


def law_again(sheet: Sheet) -> None:
    sheet.put("A91", 地点="二轮")
    sheet.delete("A14")
    sheet.append(**event("A93", "法规股", "二轮新活动"))


def base_again(sheet: Sheet) -> None:
    sheet.put("E01", 开始日期="2025-06-01")
    sheet.put("E02", 地点="会堂")


SECOND_RETURNS: Mapping[str, Mapping[str, Edit]] = {
    "法规股": {"活动": law_again}, "救助股": {"活动": lambda sheet: sheet.put("B04", 地点="二轮")},
    "基层股": {"活动": base_again},
}
