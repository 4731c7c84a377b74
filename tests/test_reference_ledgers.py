"""The reference ledgers are what tests and benches take them for: repeatable, clean, and of every kind of metric."""

from __future__ import annotations

from itertools import product

import pytest

from templates.report import compose, spans_of
from tests.reference_ledgers import SIZES, fleet, reference_ledger
from workbook.book import recognize
from workbook.facts import Facts
from workbook.ledger import Ledger


@pytest.fixture(scope="module")
def small() -> Ledger:
    return Ledger(recognize(reference_ledger("S")))


def test_same_size_and_seed_give_the_same_cells() -> None:
    assert reference_ledger("S") == reference_ledger("S")
    assert reference_ledger("S", seed=2) != reference_ledger("S")


@pytest.mark.parametrize("size", ["S", "M"])
def test_rows_are_as_many_as_the_size_says(size: str) -> None:
    ledger, rows = Ledger(recognize(reference_ledger(size))), SIZES[size]
    counts = {sheet: len(ledger[sheet]) for sheet in ("任务", "活动", "指标", "办件")}
    assert counts == {"任务": rows.tasks, "活动": rows.events, "指标": rows.metrics, "办件": rows.cases}


def test_metrics_are_of_every_method_source_and_period(small: Ledger) -> None:
    metrics = Facts(small).metrics
    assert {metric.method for metric in metrics} == {"计数", "求和", "比率", "合计", "填报"}
    counted = {(one.method, one.source, one.period) for one in metrics if one.source}
    assert counted == set(product(("计数", "求和"), ("活动", "办件", "任务"), ("本年", "规划期", "截至")))
    assert any(metric.base_until for metric in metrics)
    assert any(len(one.conditions) > 1 and max(len(c.values) for c in one.conditions) > 1 for one in metrics)


def test_report_is_final_without_a_remark_and_prints_some_150_figures(small: Ledger) -> None:
    report = compose(small)
    assert report.final
    assert not report.findings
    assert 140 <= report.figures <= 170


@pytest.mark.parametrize("text", ["{{ M01 }}", "{{ 没有 }}，{{ M01.上年 }}。", "｛｛ M01 ｝｝XX县", "{{ M01 和",
                                  "{{ M01.值 + 1 }}", '{{ 法规("主题宣传") }}', "一行\n两行"])
def test_a_report_that_knows_no_places_notices_the_same(text: str) -> None:
    raw = reference_ledger("S")
    tasks = raw.sheet("任务")
    assert tasks
    at = tasks.rows[0].index("工作成效")
    for row in tasks.rows[1:]:
        row[at] = text
    reports = [compose(Ledger(recognize(raw)), traced=traced) for traced in (True, False)]
    assert reports[0].findings == reports[1].findings
    assert reports[0].missing == reports[1].missing
    assert [[one.text for one in spans_of(block)] for block in reports[0].document.blocks] == [
        [one.text for one in spans_of(block)] for block in reports[1].document.blocks]


def test_fleet_has_one_office_each() -> None:
    offices = [Ledger(recognize(raw)).head.text("机关全称") for raw in fleet(30)]
    assert len(set(offices)) == 30
