"""A small ledger, its report as printed, both edited, and what verify says."""

from __future__ import annotations

from templates.docx_text import Paragraph
from templates.provenance.manifest import Manifest
from templates.provenance.marking import manifest_of
from templates.provenance.verify import Verdict, Verification, verify
from tests.editing import composed
from tests.ledgers import HEAD
from workbook.book import recognize
from workbook.identity import with_ids
from workbook.text import dump, parse

TABLES = """
## 章节

| 编号 | 标题 | 列举词 |
|---|---|---|
| 1 | 工作情况 | 一是 |

## 指标

| 编号 | 名称 | 单位 | 统计方式 | 来源表 | 来源列 | 条件 | 父指标 | 表述 | 取整 | 数字样式 |
|---|---|---|---|---|---|---|---|---|---|---|
| M01 | 普法活动 | 场 | 合计 |  |  |  |  |  |  |  |
| M02 | 进社区 | 场 | 计数 | 活动 |  | 类型=进社区 | M01 |  |  |  |
| M03 | 进校园 | 场 | 计数 | 活动 |  | 类型=进校园 | M01 |  |  |  |
| M04 | 参与群众 | 人次 | 求和 | 活动 | 参与（人次） |  |  | 余 | 100 |  |
| M05 | 法律顾问 | 名 | 填报 |  |  |  |  |  |  | 汉字 |

## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 场次 | 参与（人次） | 承办股室 | 涉及法规 |
|---|---|---|---|---|---|---|---|
| A1 | 2025-03-01 | 进社区宣讲 | 进社区 | 5 | 1212 | 政策法规股 | 宪法、民法典 |
| A2 | 2025-05-01 | 进校园宣讲 | 进校园 | 3 | 650 | 政策法规股 | 宪法 |

## 条目

| 编号 | 章节 | 小标题 | 正文 |
|---|---|---|---|
| T1 | 1 | 普法宣传 | 全年开展普法活动{{ 普法活动 }}，其中{{ 普法活动.其中 }}，参与群众{{ 参与群众 }}。 |
| T2 | 1 | 学法用法 | 截至{{ 统计止 }}，学习{{ 法规("进社区") }}等法律法规，按2020年的办法办理。 |
| T3 | 1 |  | {{ 机关全称 }}各项工作有序推进，群众反映良好。 |
"""
LEDGER = dump(recognize(with_ids(parse(HEAD + TABLES, "台账.md"))))
"""The same with the `_id` of every row, which stays with it through edits."""


def told(*, report: dict[str, str] | None = None, ledger: dict[str, str] | None = None) -> Verification:
    """What verify says where each key of `report` reads its value in the report, and likewise in the ledger.

    Line breaks in a report's text are new paragraphs; no bookmark is left.
    """
    then = printed()
    text = replaced("\n".join(then.paragraphs), report or {})
    now = manifest_of(composed(replaced(LEDGER, ledger or {})))
    return verify(then, [Paragraph(line) for line in text.split("\n")], now)


def printed() -> Manifest:
    return manifest_of(composed(LEDGER))


def replaced(text: str, changes: dict[str, str]) -> str:
    for before, after in changes.items():
        assert text.count(before) >= 1, before
        text = text.replace(before, after)
    return text


def statuses(checked: Verification) -> dict[str, tuple[str, str, str]]:
    """Phrase as printed -> status, report, ledger, of the figures that differ."""
    return {one.mark.phrase: (one.status.value, one.report, one.ledger) for one in checked.changed}


def verdict(checked: Verification, phrase: str) -> Verdict:
    return next(one for one in checked.figures if one.mark.phrase == phrase)
