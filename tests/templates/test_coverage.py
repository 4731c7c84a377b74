"""Coverage both ways: no row of the ledger without a fate, no sentence of the report without a backing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from templates.coverage import Backing, coverage, handwritten, sentences
from templates.report import Report
from templates.rowfates import Fate
from tests import ledgers

CHAPTERS = """
## 章节

| 编号 | 标题 | 引语 | 空时 |
|---|---|---|---|
| 1 | 工作情况 | 按要求报告如下。 | |
| 2 | 其他 | | 省略 |
"""
TASKS = """
## 任务

| 编号 | 章节 | 任务名称 | 责任股室 | 完成时限 | 状态 | 工作成效 | 入报告 | 不用原因 |
|---|---|---|---|---|---|---|---|---|
| R1 | 1 | 讲座 | 办公室 | 2025-05-01 | 已完成 | 办了{{ 讲座 }}。 | | |
| R2 | 1 | 清理 | 办公室 | 2025-05-01 | 已完成 | 清理了。 | 否 | |
| R3 | 1 | 试点 | 办公室 | 2025-05-01 | 进行中 | | | 尚未完成 |
| R4 | 1 | 撤并 | 办公室 | 2025-05-01 | 已取消 | | | |
| R5 | 1 | 编书 | 办公室 | 2025-05-01 | 进行中 | | | |
| R6 | 9 | 印册 | 办公室 | 2025-05-01 | 已完成 | 印了。 | | |
| 示例 | 1 | 样子 | 办公室 | 2025-05-01 | 已完成 | 样子。 | | |
"""
EVENTS = """
## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 承办股室 |
|---|---|---|---|---|
| H1 | 2025-03-01 | 甲 | 讲座 | 办公室 |
| H2 | 2025-03-02 | 乙 | 参观 | 办公室 |
| H3 | 2026-03-02 | 丙 | 讲座 | 办公室 |
| 合计 | | | | |
"""
METRICS = """
## 指标

| 编号 | 名称 | 单位 | 统计方式 | 来源表 | 条件 |
|---|---|---|---|---|---|
| M1 | 讲座 | 场 | 计数 | 活动 | 类型=讲座 |
| M2 | 参观 | 次 | 计数 | 活动 | 类型=参观 |
"""


@pytest.fixture(scope="module")
def report() -> Report:
    return ledgers.report(TASKS, EVENTS, METRICS, chapters=CHAPTERS)


def reasons(report: Report, fate: Fate) -> dict[str, str]:
    return {row.key: row.reason for row in coverage(report).rows(fate)}


def test_rows_left_out_say_why(report: Report) -> None:
    assert reasons(report, Fate.EXCLUDED) == {
        "2": "空时填了省略，这一章没有内容", "R2": "入报告填的是否", "R3": "尚未完成", "R4": "任务已取消",
        "示例": "示例行", "H3": "2026-03-02 不在统计期内", "合计": "合计行",
    }


def test_unused_rows_say_what_is_likely(report: Report) -> None:
    assert reasons(report, Fate.UNUSED) == {
        "R5": "“工作成效”没有填", "R6": "提纲里没有章节“9”", "H2": "报告里没有哪个数把它数进去",
        "M2": "报告里没有哪句话用到这个指标",
    }


def test_every_row_has_one_fate(report: Report) -> None:
    found = coverage(report)
    assert found.total == 2 + 7 + 4 + 2
    assert sum(found.count(fate) for fate in Fate) == found.total
    assert found.count(Fate.USED) == 4  # 章节 1, R1, H1, M1


def test_summary_is_one_line(report: Report) -> None:
    assert coverage(report).summary == (
        "台账 15 行：用到 4，说明不用 7，未用 4；报告 4 句：台账 1，模板 3；没有出处的数 0 个。")
    told = coverage(report).as_json()
    assert (told["rows"], told["used"], told["excluded"], told["unused"]) == (15, 4, 7, 4)


@pytest.mark.parametrize("text", ["{{ 讲座 }}", "{{ 讲座.数 }}场"])
def test_a_row_that_is_nothing_but_slots_is_used(text: str) -> None:
    items = f"## 条目\n\n| 编号 | 章节 | 正文 |\n|---|---|---|\n| T1 | 1 | {text} |\n"
    made = ledgers.report(items, EVENTS, METRICS)
    assert "T1" not in reasons(made, Fate.UNUSED)


def test_every_row_of_a_printed_table_is_used_even_its_computed_total() -> None:
    table = """## 统计表

    | 章节 | 表题 | 行 | 列 | 值 |
    |---|---|---|---|---|
    | 1 | 情况 | 甲 | 场次 | 3 |
    | 1 | 情况 | 乙 | 场次 | {{ 讲座 }} |
    | 1 | 情况 | 合计 | 场次 | |
    """
    assert [row for row in coverage(ledgers.report(table, EVENTS, METRICS)).rows(Fate.UNUSED)
            if row.sheet == "统计表"] == []


def test_a_metric_behind_a_ratio_is_used_with_its_rows() -> None:
    metrics = METRICS.rstrip() + "\n| M3 | 占比 | % | 比率 | | |\n"
    metrics = metrics.replace("条件 |", "条件 | 分子 | 分母 |").replace("|---|\n", "|---|---|---|\n")
    metrics = metrics.replace("讲座 |\n", "讲座 | | |\n").replace("参观 |\n", "参观 | | |\n")
    metrics = metrics.replace("| 比率 | | |", "| 比率 | | | M1 | M2 |")
    items = "## 条目\n\n| 编号 | 章节 | 正文 |\n|---|---|---|\n| T1 | 1 | 占{{ 占比 }}。 |\n"
    found = coverage(ledgers.report(items, EVENTS, metrics)).rows(Fate.UNUSED)
    assert found == []


class TestSentences:
    def test_each_has_what_stands_behind_it(self, report: Report) -> None:
        assert [(one.text, one.backing) for one in sentences(report.document)] == [
            ("临溪县民政局2025年工作情况的报告", Backing.TEMPLATE), ("一、工作情况", Backing.TEMPLATE),
            ("按要求报告如下。", Backing.TEMPLATE), ("办了1场。", Backing.LEDGER),
        ]

    def test_a_computed_date_is_the_programs_a_typed_text_the_ledgers(self) -> None:
        made = ledgers.report(head="| 成文日期 | 2026-01-05 |\n| 引言 | 一句。又一句！ |")
        told = {one.text: one.backing for one in sentences(made.document)}
        assert told["2026年1月5日"] is Backing.COMPUTED
        assert told["一句。"] is told["又一句！"] is Backing.LEDGER

    @settings(deadline=None)
    @given(st.lists(st.text("甲乙1。！？”　 ", min_size=1), max_size=4))
    def test_no_character_is_lost(self, texts: list[str]) -> None:
        """A law: the sentences of a text put together are the text, blanks apart."""
        head = "".join(texts).strip().replace("|", "")
        made = ledgers.report(head=f"| 引言 | {head} |") if head else ledgers.report()
        printed = "".join(block.text for block in made.document.blocks)  # type: ignore[union-attr]
        found = "".join(one.text for one in sentences(made.document))
        assert "".join(found.split()) == "".join(printed.split())


class TestEditedReport:
    def test_what_the_program_never_wrote_is_by_hand(self, report: Report) -> None:
        told = handwritten(["一、工作情况", "按要求报告如下。办了1场。大家都说好。"], report.document)
        assert [(one.text, one.backing) for one in told] == [
            ("一、工作情况", Backing.TEMPLATE), ("按要求报告如下。", Backing.TEMPLATE), ("办了1场。", Backing.LEDGER),
            ("大家都说好。", Backing.HAND),
        ]

    def test_a_changed_figure_does_not_make_a_sentence_a_new_one(self, report: Report) -> None:
        assert [one.backing for one in handwritten(["办了12场。"], report.document)] == [Backing.LEDGER]


def test_numbers_of_persons_are_masked_in_json() -> None:
    task = TASKS.split("| R2")[0] + "| R9 | 1 | 找13812345678 | 办公室 | 2025-05-01 | 进行中 | | | |\n"
    told = coverage(ledgers.report(task, EVENTS, METRICS)).as_json()["unused_rows"]
    assert "138****5678" in str(told)
    assert "13812345678" not in str(told)
