"""Deadlines, openness, length: warnings that never stop a report."""

from __future__ import annotations

from datetime import date

import pytest

from templates.kinds import kind_named
from templates.report import compose
from tests.ledgers import ledger, report
from workbook.facts import Window
from workbook.findings import Severity

ANNUAL = kind_named("法治政府建设年度报告")


def warned(head: str) -> set[str]:
    made = compose(ledger(head=head), kind=ANNUAL)
    ready = [one for one in made.findings if one.code.startswith("R")]
    assert all(one.severity is Severity.WARNING for one in ready)
    assert made.final
    return {one.code for one in ready if one.code != "R004"}


@pytest.mark.parametrize(("head", "codes"), [
    ("| 成文日期 | 2026-03-01 |", set()),
    ("| 成文日期 | 2026-03-02 |", {"R001"}),
    ("| 成文日期 | 2026-04-02 |\n| 公开属性 | 主动公开 |", {"R001", "R006"}),
    ("| 成文日期 | 2026-04-02 |\n| 公开属性 | 依申请公开 |", {"R001"}),
    ("| 公开属性 | 不予公开 |", {"R002"}),
    ("| 公开属性 | 不予公开 |\n| 不公开理由 | 涉及工作秘密 |", set()),
    (f"| 引言 | {'字' * 5001} |", {"R003"}),
], ids=["期限当天", "过了期限", "过了公开期限", "不是主动公开", "没有理由", "有理由", "太长"])
def test_readiness(head: str, codes: set[str]) -> None:
    assert warned(head) == codes


def test_what_the_kind_wants_is_listed() -> None:
    made = compose(ledger(), kind=ANNUAL)
    assert {one.column for one in made.findings if one.code == "R004"} == set(ANNUAL.needs)


def test_a_quarter_warns_of_tasks_finished_later() -> None:
    tasks = """
    ## 任务

    | 编号 | 章节 | 任务名称 | 责任股室 | 完成时限 | 状态 | 完成日期 | 工作成效 |
    |---|---|---|---|---|---|---|---|
    | R1 | 1 | 早办完 | 办公室 | 2025-03-31 | 已完成 | 2025-03-01 | 办完了。 |
    | R2 | 1 | 晚办完 | 办公室 | 2025-06-30 | 已完成 | 2025-06-01 | 也办完了。 |
    """
    window = Window(date(2025, 1, 1), date(2025, 3, 31))
    made = report(tasks, window=window)
    assert [one.key for one in made.findings if one.code == "R005"] == ["R2"]
    assert not [one for one in report(tasks).findings if one.code == "R005"]


def test_open_reports_say_so() -> None:
    made = report(head="| 公开属性 | 主动公开 |")
    assert made.document.blocks[-1].text == "（此件公开发布）"  # type: ignore[union-attr]
