"""Small ledgers for tests, written as text: only the tables a test is about."""

from __future__ import annotations

from templates.kinds import kind_named
from templates.plain import to_text
from templates.report import Report, compose
from workbook.book import recognize
from workbook.facts import Window
from workbook.ledger import Ledger
from workbook.text import parse

HEAD = """
## 报告信息

| 项目 | 内容 |
|---|---|
| 报告类型 | 通用报告 |
| 报告年度 | 2025 |
| 机关全称 | 临溪县民政局 |
| 统计起 | 2025-01-01 |
| 统计止 | 2025-12-31 |
| 规划期起 | 2021-01-01 |
"""

ONE_CHAPTER = """
## 章节

| 编号 | 标题 |
|---|---|
| 1 | 工作情况 |
"""


def ledger(*tables: str, head: str = "", chapters: str = ONE_CHAPTER) -> Ledger:
    """A ledger of the standard head (plus rows in `head`) and the given tables."""
    rows = "".join(f"{line.strip()}\n" for line in head.splitlines() if line.strip())
    blocks = "".join("\n".join(line.strip() for line in table.splitlines()) + "\n" for table in (chapters, *tables))
    return Ledger(recognize(parse(HEAD + rows + blocks, "试.md")))


def report(*tables: str, head: str = "", chapters: str = ONE_CHAPTER, window: Window | None = None) -> Report:
    return compose(ledger(*tables, head=head, chapters=chapters), kind=kind_named("通用报告"), window=window)


def lines(*tables: str, head: str = "", chapters: str = ONE_CHAPTER) -> list[str]:
    """The printed lines after the title."""
    return to_text(report(*tables, head=head, chapters=chapters).document).splitlines()[1:]


def said(text: str, *tables: str, head: str = "") -> str:
    """What one text prints, as the 引言 of a report."""
    return lines(*tables, head=f"| 引言 | {text} |\n{head}")[0]


def codes(made: Report) -> list[str]:
    """The codes of the findings that are not about absent sheets."""
    return sorted(finding.code for finding in made.findings if finding.code != "S001")
