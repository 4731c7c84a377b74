"""Metrics: what counts, over what time, and which cells a figure remembers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.ledgers import codes, ledger, report, said
from workbook.facts import Facts, Window

EVENTS = """
## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 节点 | 场次 | 承办股室 | 参与（人次） | 环保袋（个） |
|---|---|---|---|---|---|---|---|---|
| H1 | 2024-12-31 | 上年的 | 进校园 |  | 3 | 办公室 | 10 | 1 |
| H2 | 2025-01-01 | 第一天 | 进校园 | 12.4 | 2 | 办公室 | 100 | 20 |
| H3 | 2025-06-30 | 空场次 | 进社区、进校园 |  |  | 办公室 | 约50 | 5 |
| H4 | 2025-12-31 | 最后一天 | 进社区 | 国家宪法日 | 4 | 办公室 | 7 |  |
| H5 | 2026-01-01 | 下年的 | 进校园 |  | 9 | 办公室 | 1000 | 9 |
"""


COLUMNS = ("编号", "名称", "单位", "统计方式", "来源表", "来源列", "条件", "分子", "分母", "父指标", "统计期", "基数",
           "基数截止", "填报值", "备注")


def metrics(*rows: str) -> str:
    return f"## 指标\n\n| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|\n" + "\n".join(rows)


def value(row: str, *more: str, window: Window | None = None) -> Decimal | None:
    facts = Facts(ledger(EVENTS, metrics(row, *more)), window)
    return facts.amount(facts.metrics[0]).value


@pytest.mark.parametrize(("row", "expected"), [
    ("| M1 | 甲 | 场 | 计数 | 活动 |  | 类型=进校园 |  |  |  | 本年 |  |  |  |  |", 3),
    ("| M1 | 甲 | 场 | 计数 | 活动 |  |  |  |  |  |  |  |  |  |  |", 7),
    ("| M1 | 甲 | 场 | 计数 | 活动 |  | 类型=进校园 |  |  |  | 规划期 | 30 |  |  |  |", 36),
    ("| M1 | 甲 | 场 | 计数 | 活动 |  | 类型=进校园 |  |  |  | 规划期 | 30 | 2024-12-31 |  |  |", 33),
    ("| M1 | 甲 | 场 | 计数 | 活动 |  | 类型=进校园 |  |  |  | 截至 | 30 | 2025-01-01 |  |  |", 31),
    ("| M1 | 甲 | 场 | 计数 | 活动 |  | 节点=国家宪法日 |  |  |  | 本年 |  |  |  |  |", 6),
    ("| M1 | 甲 | 场 | 计数 | 活动 |  | 类型=进校园；节点=12月4日 |  |  |  | 本年 |  |  |  |  |", 2),
    ("| M1 | 甲 | 人次 | 求和 | 活动 | 参与（人次） | 类型=进校园 |  |  |  | 本年 |  |  |  |  |", 150),
    ("| M1 | 甲 | 个 | 求和 | 活动 | 环保袋(个) |  |  |  |  | 本年 |  |  |  |  |", 25),
    ("| M1 | 甲 | 件 | 填报 |  |  |  |  |  |  |  |  |  | 1.1万 |  |", 11000),
    ("| M1 | 甲 | 场 | 计数 | 任务 |  |  |  |  |  |  |  |  |  |  |", 0),
], ids=["本年", "空条件和空场次", "规划期加基数", "基数截止以后", "截至", "节点按日子", "两个条件", "求和含约数",
        "半角括号的列", "填报", "没有行是零"])
def test_counts(row: str, expected: int) -> None:
    assert value(row) == expected


def test_ratio_and_total() -> None:
    parts = ("| M2 | 乙 | 场 | 计数 | 活动 |  | 类型=进社区 |  |  | M4 |  |  |  |  |  |",
             "| M3 | 丙 | 人次 | 求和 | 活动 | 参与（人次） | 类型=进社区 |  |  | M4 |  |  |  |  |  |")
    assert value("| M1 | 甲 |  | 比率 |  |  |  | M3 | M2 |  |  |  |  |  |  |", *parts) == Decimal(57) / 5
    assert value("| M4 | 丁 |  | 合计 |  |  |  |  |  |  |  |  |  |  |  |", *parts) == 62


def test_a_period_replaces_the_year_and_keeps_the_plan() -> None:
    quarter = Window(date(2025, 1, 1), date(2025, 3, 31), date(2021, 1, 1))
    assert value("| M1 | 甲 | 场 | 计数 | 活动 |  | 类型=进校园 |  |  |  | 本年 |  |  |  |  |", window=quarter) == 2
    assert value("| M1 | 甲 | 场 | 计数 | 活动 |  | 类型=进校园 |  |  |  | 规划期 |  |  |  |  |", window=quarter) == 5


def test_four_quarters_add_up_to_the_year() -> None:
    row = "| M1 | 甲 | 人次 | 求和 | 活动 | 参与（人次） |  |  |  |  | 本年 |  |  |  |  |"
    ends = ((1, 3, 31), (4, 6, 30), (7, 9, 30), (10, 12, 31))
    quarters = [value(row, window=Window(date(2025, a, 1), date(2025, b, c))) for a, b, c in ends]
    assert sum(q or Decimal(0) for q in quarters) == value(row)


def test_a_figure_remembers_the_cells_it_was_summed_from() -> None:
    row = "| M1 | 甲 | 人次 | 求和 | 活动 | 参与（人次） | 类型=进社区 |  |  |  |  |  |  |  |  |"
    facts = Facts(ledger(EVENTS, metrics(row)))
    amount = facts.amount(facts.metrics[0])
    assert [str(cell) for cell in amount.rows] == ["活动!H4", "活动!H5"]
    assert [str(cell) for cell in amount.cells] == ["指标!B2"]
    assert amount.how == "活动 2 行之和"
    assert amount.inexact


@pytest.mark.parametrize(("row", "code"), [
    ("| M1 | 甲 |  | 求和 | 活动 |  |  |  |  |  |  |  |  |  |  |", "M001"),
    ("| M1 | 甲 |  | 求和 | 活动 | 参加 |  |  |  |  |  |  |  |  |  |", "M014"),
    ("| M1 | 甲 |  | 计数 | 活动 |  | 类形=进校园 |  |  |  |  |  |  |  |  |", "M003"),
    ("| M1 | 甲 |  | 计数 | 活动 |  | 进校园 |  |  |  |  |  |  |  |  |", "M002"),
    ("| M1 | 甲 |  | 计数 |  |  |  |  |  |  |  |  |  |  |  |", "M001"),
    ("| M1 | 甲 |  | 比率 |  |  |  | M1 | M1 |  |  |  |  |  |  |", "M004"),
    ("| M1 | 甲 |  | 比率 |  |  |  | M9 | M1 |  |  |  |  |  |  |", "L001"),
    ("| M1 | 甲 |  | 平均 |  |  |  |  |  |  |  |  |  |  |  |", "M001"),
    ("| M1 | 甲 |  | 填报 |  |  |  |  |  |  |  |  |  | 很多 |  |", "C004"),
])
def test_what_cannot_be_computed_is_named_and_missing(row: str, code: str) -> None:
    made = report(EVENTS, metrics(row), head="| 引言 | 共{{ 甲 }}。 |")
    assert code in codes(made)
    assert made.missing == ("指标 甲",)
    assert "共【待补：指标 甲】。" in [block.text for block in made.document.blocks]  # type: ignore[union-attr]


def test_a_ratio_over_nothing_is_missing() -> None:
    rows = ("| M1 | 甲 | 件 | 求和 | 办件 | 数量 |  |  |  |  |  |  |  |  |  |",
            "| M2 | 乙 | % | 比率 |  |  |  | M1 | M1 |  |  |  |  |  |  |")
    made = report(metrics(*rows), head="| 引言 | {{ 乙 }} |")
    assert "M005" in codes(made)
    assert not made.final


def test_an_expression_keeps_the_cells_of_all_its_names() -> None:
    rows = ("| M1 | 甲 | 场 | 计数 | 活动 |  | 类型=进校园 |  |  |  |  |  |  |  |  |",
            "| M2 | 乙 | 场 | 计数 | 活动 |  | 类型=进社区 |  |  |  |  |  |  |  |  |")
    made = report(EVENTS, metrics(*rows), head="| 引言 | 共{{ 甲.值 + 乙.值 }}场。 |")
    span = next(s for block in made.document.blocks for s in getattr(block, "spans", ()) if s.text == "8")
    assert span.source is not None
    assert {"指标!B2", "指标!B3"} <= {str(cell) for cell in span.source.cells}


@pytest.mark.parametrize("text", [
    "{{ ''.__class__ }}", "{{ 甲.__class__ }}", "{{ 9 ** 99999 }}", "{{ '长' * 99999999 }}", "{{ 甲.值 / 0 }}",
    "{{ 甲 + 1 }}", "{{ range(3) }}", "{{ cycler }}",
])
def test_an_expression_executes_nothing(text: str) -> None:
    row = "| M1 | 甲 | 场 | 计数 | 活动 |  |  |  |  |  |  |  |  |  |  |"
    made = report(EVENTS, metrics(row), head=f"| 引言 | {text} |")
    assert {"T001", "T002"} & set(codes(made))
    assert not made.final


def test_a_slot_is_never_filled_twice() -> None:
    assert said("{{ 自定义 }}", head="| 自定义 | {{ 机关全称 }} |") == "{{ 机关全称 }}"


def test_a_blank_cell_means_the_columns_default() -> None:
    events = """
    ## 活动

    | 编号 | 开始日期 | 活动名称 | 类型 | 角色 | 承办股室 |
    |---|---|---|---|---|---|
    | H1 | 2025-01-01 | 甲 | 进校园 |  | 办公室 |
    | H2 | 2025-01-02 | 乙 | 进校园 | 主办 | 办公室 |
    | H3 | 2025-01-03 | 丙 | 进校园 | 协办 | 办公室 |
    """
    row = "| M1 | 甲 | 场 | 计数 | 活动 |  | 角色=主办 |  |  |  |  |  |  |  |  |"
    facts = Facts(ledger(events, metrics(row)))
    assert facts.amount(facts.metrics[0]).value == 2


def test_parts_in_their_order_without_the_omitted() -> None:
    table = """
    ## 指标

    | 编号 | 名称 | 单位 | 统计方式 | 父指标 | 填报值 | 零值写法 |
    |---|---|---|---|---|---|---|
    | M1 | 总数 | 件 | 合计 |  |  |  |
    | M2 | 行政许可 | 件 | 填报 | M1 | 44 |  |
    | M3 | 行政处罚 | 件 | 填报 | M1 | 0 | 省略 |
    | M4 | 其他 | 件 | 填报 | M1 | 10 |  |
    """
    assert said("{{ 总数 }}，其中{{ 总数.其中 }}。", table) == "54件，其中行政许可44件、其他10件。"
