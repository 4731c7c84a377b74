"""Small masters for the tests of dispatch, status and remind."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.raw import RawBook
from workbook.standard.making import workbook_bytes
from workbook.text import parse

OFFICES = """
## 股室

| 代码 | 名称 | 填报人 | 邮箱 | 角色 |
|---|---|---|---|---|
| ZH | 综合股 | 俞望舒 | zh@office.example.invalid | 牵头 |
| JZ | 救助股 | 柴知秋 | jz@office.example.invalid | 填报 |
| YL | 养老股 |  |  | 填报 |
| JG | 旧股 |  |  | 停用 |
"""
EVENTS = """
## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 承办股室 | 参与（人次） |
|---|---|---|---|---|---|
| H1 | 2025-03-01 | 救助政策宣讲 | 主题宣传 | 救助股 | 30 |
| H2 | 2025-03-02 | 养老政策宣讲 | 主题宣传 | 养老股 | 40 |
| H3 | 2025-03-03 | 机关学法 | 主题宣传 | 综合股 | 20 |
| H4 | 2025-03-04 | 没有股室的活动 | 主题宣传 |  | 10 |
| H5 | 2025-03-05 | 已撤股室的活动 | 主题宣传 | 旧股 | 10 |
| H6 | 2025-03-06 | 写错股室的活动 | 主题宣传 | 救济股 | 10 |
"""
METRICS = """
## 指标

| 编号 | 名称 | 统计方式 | 来源表 | 条件 | 统计期 | 填报值 | 责任股室 |
|---|---|---|---|---|---|---|---|
| M01 | 共用指标 | 填报 |  |  | 本年 |  |  |
| M02 | 救助指标 | 填报 |  |  | 本年 | 5 | 救助股 |
| M03 | 养老指标 | 填报 |  |  | 本年 |  | 养老股 |
"""


def master(*tables: str, head: str = "", offices: str = OFFICES) -> RawBook:
    """A ledger of the given tables; EVENTS and METRICS where none are given."""
    rows = "".join(f"{line.strip()}\n" for line in head.splitlines() if line.strip())
    return parse(HEAD + rows + ONE_CHAPTER + offices + "".join(tables or (EVENTS, METRICS)), "主台账.xlsx")


def written(folder: Path, raw: RawBook | None = None, name: str = "主台账.xlsx") -> str:
    """The path of a master written as a standard workbook."""
    path = folder / name
    path.write_bytes(workbook_bytes(raw) if raw else _usual())
    return str(path)


@cache
def _usual() -> bytes:
    return workbook_bytes(master())


def home_made(folder: Path, raw: RawBook | None = None) -> str:
    """The path of the same master in an .xlsx without ids, without `_元`, as openpyxl writes it."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book["Sheet"])
    for sheet in (raw or master()).sheets:
        made = book.create_sheet(sheet.name)
        for row in sheet.rows:
            made.append(row)
    path = folder / "自制台账.xlsx"
    book.save(path)
    return str(path)
