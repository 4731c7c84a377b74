"""Small ledgers sent out and come back changed, for the tests of merge."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl

from scripts.cli import main
from workbook.book import recognize
from workbook.ledger import Ledger
from workbook.reading.reader import read

LEDGER = """
## 报告信息

| 项目 | 内容 |
|---|---|
| 报告类型 | 通用报告 |
| 报告年度 | 2025 |
| 机关全称 | 临溪县民政局 |
| 统计起 | 2025-01-01 |
| 统计止 | 2025-12-31 |

## 章节

| 编号 | 标题 |
|---|---|
| 1 | 工作情况 |

## 任务

| 编号 | 章节 | 任务名称 | 责任股室 | 完成时限 | 状态 |
|---|---|---|---|---|---|
| R1 | 1 | 换发证照 | 救助股 | 2025-12-31 | 进行中 |
| R2 | 1 | 核对名册 | 养老股 | 2025-12-31 | 进行中 |

## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 地点 | 承办股室 | 备注 | 参与（人次） | 内部备忘 |
|---|---|---|---|---|---|---|---|---|
| H1 | 2025-03-01 | 春季宣传 | 主题宣传 | 县广场 | 救助股 | | 20 | 甲 |
| H2 | 2025-04-01 | 进村宣讲 | 主题宣传 | 溪口村 | 救助股 | | 30 | |
| H3 | 2025-05-01 | 入户走访 | 主题宣传 | 石桥镇 | 养老股 | | 40 | |
| H4 | 2025-06-01 | 集中学法 | 集体学法 | 会议室 | 养老股 | | 50 | 乙 |

## 指标

| 编号 | 名称 | 单位 | 统计方式 | 填报值 | 责任股室 | 备注 |
|---|---|---|---|---|---|---|
| M1 | 办结件数 | 件 | 填报 | 5 | | |
| M2 | 走访户数 | 户 | 填报 | 7 | 养老股 | |

## 股室

| 代码 | 名称 | 填报人 | 邮箱 | 角色 |
|---|---|---|---|---|
| BGS | 办公室 | 温亦舟 | office@example.cn | 牵头 |
| JZG | 救助股 | 云小满 | jz@example.cn | 填报 |
| YLG | 养老股 | 石小溪 | yl@example.cn | 填报 |

## 字典

| 类别 | 值 |
|---|---|
| 活动.类型 | 主题宣传 |
| 活动.类型 | 集体学法 |
"""

Edit = Callable[["Sheet"], None]


class Sheet:
    """A record sheet of an open workbook, by headers and 编号."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.top = next(at for at in range(1, 6) if "编号" in [cell.value for cell in sheet[at]])
        self.columns = {cell.value: cell.column for cell in sheet[self.top] if cell.value}

    def row(self, key: str) -> int:
        at = self.columns["编号"]
        return next(row for row in range(self.top + 1, self.sheet.max_row + 1)
                    if self.sheet.cell(row, at).value == key)

    def put(self, key: str, **values: Any) -> None:
        for title, value in values.items():
            self.sheet.cell(self.row(key), self.columns[title]).value = value

    def append(self, below: int = 0, **values: Any) -> None:
        """A new row under the last one, or so many rows further down."""
        filled = [row for row in range(self.top + 1, self.sheet.max_row + 1)
                  if any(self.sheet.cell(row, at).value not in (None, "") for at in self.columns.values())]
        for title, value in values.items():
            self.sheet.cell(max(filled, default=self.top) + 1 + below, self.columns[title]).value = value

    def delete(self, key: str) -> None:
        self.sheet.delete_rows(self.row(key))

    def swap(self, one: str, other: str) -> None:
        """Two rows change places."""
        rows = self.row(one), self.row(other)
        for at in self.columns.values():
            cells = [self.sheet.cell(row, at) for row in rows]
            cells[0].value, cells[1].value = cells[1].value, cells[0].value

    def add_column(self, title: str) -> None:
        """A column of the office's own, behind all others."""
        at = max(self.sheet.max_column, *self.columns.values()) + 1
        self.sheet.cell(self.top, at).value = title
        self.columns[title] = at

    def copy(self, key: str, **values: Any) -> None:
        """The row once more with its id, as Excel copies it, under the last one."""
        row = self.row(key)
        same = {title: self.sheet.cell(row, at).value for title, at in self.columns.items()}
        self.append(**{title: value for title, value in {**same, **values}.items() if value is not None})


class Office:
    """A master that was sent out, in a folder; what comes back goes into `returns`."""

    def __init__(self, folder: Path, text: str = LEDGER, furnished: Callable[[bytes], bytes] | None = None) -> None:
        self.folder, self.master, self.exchange = folder, folder / "台账.xlsx", folder / "往来"
        self.returns = folder / "退回的表"
        self.returns.mkdir()
        (folder / "台账.md").write_text(text, "utf-8")
        assert main(["load", str(folder / "台账.md"), "-o", str(self.master), "--quiet"]) == 0
        if furnished:
            self.master.write_bytes(furnished(self.master.read_bytes()))
        assert main(["dispatch", str(self.master), "-o", str(self.exchange), "--quiet"]) == 0
        self.sent = next(self.exchange.glob("*/下发"))

    def returned(self, code: str, name: str = "", **edits: Edit) -> Path:
        """The workbook of one office, changed sheet by sheet, among the returns."""
        target = self.returns / (name or f"{code}.xlsx")
        return changed(self.sent / f"{code}.xlsx", target, edits)

    def merge(self, book: Path | None = None, out: str = "合并.xlsx", source: Path | None = None) -> int:
        return main(["merge", str(book or self.master), "--from", str(source or self.returns), "-o",
                     str(self.folder / out), "--quiet"])

    def merged_json(self, capsys: Any, book: Path | None = None, out: str = "合并.xlsx", source: Path | None = None
                    ) -> dict[str, Any]:
        capsys.readouterr()
        main(["merge", str(book or self.master), "--from", str(source or self.returns), "-o", str(self.folder / out),
              "--json"])
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    def rows(self, sheet: str, out: str = "合并.xlsx") -> dict[str, dict[str, Any]]:
        return rows_of(self.folder / out, sheet)


def changed(source: Path, target: Path, edits: Mapping[str, Edit]) -> Path:
    if not edits:
        shutil.copy(source, target)
        return target
    book = openpyxl.load_workbook(source)
    for title, edit in edits.items():
        edit(Sheet(book[title]))
    book.save(target)
    return target


def rows_of(path: Path, sheet: str) -> dict[str, dict[str, Any]]:
    """The rows of a sheet by 编号, blanks left out."""
    records = Ledger(recognize(read(path)))[sheet]
    titles = [header.title for header in records.table.headers]
    columns = {title: records.texts(title) for title in titles}
    return {key: {title: columns[title][index] for title in titles if columns[title][index]}
            for index, key in enumerate(records.texts("编号"))}
