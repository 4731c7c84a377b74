"""What an office's script usually is: pandas (over openpyxl) reads and counts, docxtpl prints.

Run as a script: SOURCE TARGET TEMPLATE. Reads the same workbook as the program,
computes the metrics that are plain counts, sums and ratios of the year, fills
them into the texts and prints every row of the report; no rounding words, no
enumerators, no checks, no sources.
"""

from __future__ import annotations

import re
import sys
from typing import Any

import pandas as pd
from docxtpl import DocxTemplate  # type: ignore[import-untyped]

HEADER = 1
CLAUSE = re.compile("([^=；]+)=(“[^”]*”|[^；]*)")
DATES = {"活动": "开始日期", "办件": "日期", "任务": "完成时限"}


def convert(source: str, target: str, template: str) -> None:
    """One workbook to one report."""
    texts = {"编号": str, "章节": str}
    sheets = pd.read_excel(source, sheet_name=None, header=HEADER, dtype=texts, engine="openpyxl")
    head = {row["项目"]: row["内容"] for _, row in sheets["报告信息"].iterrows()}
    values = metrics(sheets, pd.Timestamp(head["统计起"]), pd.Timestamp(head["统计止"]))
    document = DocxTemplate(template)
    document.render({"title": f"{head['机关全称']}{head['报告年度']}年报告", "chapters": chapters(sheets, values)})
    document.save(target)


def metrics(sheets: dict[str, Any], first: Any, last: Any) -> dict[str, str]:
    """The value of every metric of the year, by name and by code."""
    table = sheets["指标"]
    numbers: dict[str, float] = {}
    for _, row in table.iterrows():
        if row["统计方式"] in ("计数", "求和"):
            numbers[row["编号"]] = counted(sheets[row["来源表"]], row, first, last)
        elif row["统计方式"] == "填报":
            numbers[row["编号"]] = row["填报值"]
    for _, row in table[table["统计方式"] == "合计"].iterrows():
        numbers[row["编号"]] = sum(numbers[part] for part in table.loc[table["父指标"] == row["编号"], "编号"])
    for _, row in table[table["统计方式"] == "比率"].iterrows():
        numbers[row["编号"]] = numbers[row["分子"]] / numbers[row["分母"]]
    printed = {row["编号"]: f"{numbers[row['编号']]:g}{row['单位']}" for _, row in table.iterrows()}
    return printed | {row["名称"]: printed[row["编号"]] for _, row in table.iterrows()}


def counted(table: Any, metric: Any, first: Any, last: Any) -> float:
    """A count of rows or a sum of a column, over the year and the conditions."""
    source = metric["来源表"]
    days = pd.to_datetime(table[DATES[source]])
    if source == "任务":
        days = pd.to_datetime(table["完成日期"]).fillna(days)
    kept = (days >= first) & (days <= last)
    for column, values in CLAUSE.findall(metric["条件"]) if isinstance(metric["条件"], str) else []:
        kept &= holds(table[column], set(values.strip("“”").split("、")))
    if metric["统计方式"] == "求和":
        return float(table.loc[kept, metric["来源列"]].sum())
    return float(table.loc[kept, "场次"].fillna(1).sum()) if source == "活动" else int(kept.sum())


def holds(column: Any, wanted: set[str]) -> Any:
    """Whether one of a cell's values is wanted."""
    return column.fillna("").astype(str).str.split("、").map(lambda held: not wanted.isdisjoint(held))


def chapters(sheets: dict[str, Any], values: dict[str, str]) -> list[dict[str, Any]]:
    """Every chapter with the texts of its rows."""
    texts = {"任务": "工作成效", "条目": "正文", "问题": "表现"}
    found = []
    for _, chapter in sheets["章节"].iterrows():
        rows = [filled(row[column], values) for name, column in texts.items()
                for _, row in sheets[name][sheets[name]["章节"] == chapter["编号"]].iterrows()
                if isinstance(row[column], str)]
        found.append({"title": filled(chapter["标题"], values), "rows": rows})
    return found


def filled(text: str, values: dict[str, str]) -> str:
    """A text with its slots replaced."""
    return re.sub(r"\{\{\s*([^}]*?)\s*\}\}", lambda slot: values.get(slot[1].split(".")[0], slot[1]), text)


if __name__ == "__main__":
    convert(*sys.argv[1:4])
