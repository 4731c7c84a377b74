"""The best a careful script does with the usual libraries: openpyxl read-only, jinja2, python-docx.

Run as a script: SOURCE TARGET. The same work as naive.py, with every library
used the quick way.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import jinja2
from docx import Document
from openpyxl import load_workbook

HEADER = 2
CLAUSE = re.compile("([^=；]+)=(“[^”]*”|[^；]*)")
SLOT = re.compile(r"\{\{\s*([^}]*?)\s*\}\}")
TEMPLATE = jinja2.Environment().from_string(
    "{{ title }}\n{% for chapter in chapters %}{{ chapter.title }}\n{% for text in chapter.rows %}{{ text }}\n"
    "{% endfor %}{% endfor %}"
)
NEEDED = ("报告信息", "章节", "任务", "条目", "问题", "活动", "办件", "指标")
TEXTS = {"任务": "工作成效", "条目": "正文", "问题": "表现"}
Row = dict[str, Any]


def convert(source: str, target: str) -> None:
    """One workbook to one report."""
    sheets = read(source, NEEDED)
    head = {row["项目"]: row["内容"] for row in sheets["报告信息"]}
    values = metrics(sheets, head["统计起"], head["统计止"])
    title = f"{head['机关全称']}{head['报告年度']}年报告"
    text = TEMPLATE.render(title=title, chapters=chapters(sheets, values))
    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(target)


def read(source: str, names: Sequence[str] = ()) -> dict[str, list[Row]]:
    """The named sheets, or all, as rows by header."""
    book = load_workbook(source, read_only=True, data_only=True)
    sheets = {}
    for name in names or book.sheetnames:
        rows: Iterator[Any] = book[name].iter_rows(min_row=HEADER, values_only=True)
        headers = next(rows, ())
        sheets[name] = [dict(zip(headers, row, strict=False)) for row in rows if any(v is not None for v in row)]
    return sheets


def metrics(sheets: dict[str, list[Row]], first: dt.datetime, last: dt.datetime) -> dict[str, str]:
    """The value of every metric of the year, by name and by code."""
    table = [row for row in sheets["指标"] if row["统计方式"]]
    numbers: dict[str, Any] = {}
    for row in table:
        if row["统计方式"] in ("计数", "求和"):
            numbers[row["编号"]] = counted(sheets[row["来源表"]], row, first, last)
        elif row["统计方式"] == "填报":
            numbers[row["编号"]] = row["填报值"]
    for row in table:
        if row["统计方式"] == "合计":
            numbers[row["编号"]] = sum(numbers[part["编号"]] for part in table if part["父指标"] == row["编号"])
    for row in table:
        if row["统计方式"] == "比率":
            numbers[row["编号"]] = numbers[row["分子"]] / numbers[row["分母"]]
    printed = {row["编号"]: f"{numbers[row['编号']]:g}{row['单位'] or ''}" for row in table}
    return printed | {row["名称"]: printed[row["编号"]] for row in table}


def counted(rows: list[Row], metric: Row, first: dt.datetime, last: dt.datetime) -> float:
    """A count of rows or a sum of a column, over the year and the conditions."""
    source, column = metric["来源表"], metric["来源列"]
    clauses = [(name, set(values.strip("“”").split("、"))) for name, values in CLAUSE.findall(metric["条件"] or "")]
    total = 0.0
    for row in rows:
        day = row.get("开始日期") or row.get("日期") or row.get("完成日期") or row.get("完成时限")
        if day and first <= day <= last and all(w.intersection(str(row[name]).split("、")) for name, w in clauses):
            if metric["统计方式"] == "求和":
                total += row[column] or 0
            else:
                total += 1 if source != "活动" or row["场次"] is None else row["场次"]
    return total


def chapters(sheets: dict[str, list[Row]], values: dict[str, str]) -> list[Row]:
    """Every chapter with the texts of its rows."""
    rows: dict[str, list[str]] = {}
    for name, column in TEXTS.items():
        for row in sheets[name]:
            if row[column]:
                rows.setdefault(str(row["章节"]), []).append(filled(row[column], values))
    return [{"title": filled(chapter["标题"], values), "rows": rows.get(str(chapter["编号"]), [])}
            for chapter in sheets["章节"] if chapter["标题"]]


def filled(text: str, values: dict[str, str]) -> str:
    """A text with its slots replaced."""
    return SLOT.sub(lambda slot: values.get(slot[1].split(".")[0], slot[1]), text)


if __name__ == "__main__":
    convert(*sys.argv[1:3])
