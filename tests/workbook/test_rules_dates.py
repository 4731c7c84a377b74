"""Each fault of the dates, planted at a random place of a clean ledger, is told there and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Set

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import ledger
from tests.planting import VALUES_CHANGE, assert_told, clean, rows_where, value, where, with_cells
from workbook.facts import Facts
from workbook.findings import Finding
from workbook.raw import RawBook, RawValue
from workbook.rules.every import RULES as REGISTER
from workbook.rules.registry import Inspection

Planted = tuple[RawBook, str]
Plant = Callable[[st.DataObject], Planted]
COUNTS_CHANGE = VALUES_CHANGE | {"M012", "M011", "L001", "T003", "L006", "N016"}
"""A row that counts in another year changes metrics."""


def _draw(data: st.DataObject, sheet: str, **wanted: object) -> int:
    return data.draw(st.sampled_from(rows_where(clean(), sheet, **wanted)), label=f"{sheet}的行")


def _day(raw: RawValue) -> dt.date:
    assert isinstance(raw, dt.date)
    return raw


def _moved(data: st.DataObject, sheet: str, row: int, title: str, by: str, days: tuple[int, int]) -> Planted:
    """The cell `title` set some days away from the day in column `by`."""
    shift = data.draw(st.integers(*days), label="天数")
    day = _day(value(clean(), sheet, row, by)) + dt.timedelta(shift)
    return with_cells(clean(), sheet, row, {title: day}), where(clean(), sheet, row, title)


def _put(sheet: str, row: int, cells: dict[str, RawValue], at: str) -> Planted:
    return with_cells(clean(), sheet, row, cells), where(clean(), sheet, row, at)


def _head(key: str, content: RawValue) -> Planted:
    row = rows_where(clean(), "报告信息", 项目=key)[0]
    return _put("报告信息", row, {"内容": content}, "内容")


def event_ends_early(data: st.DataObject) -> Planted:
    return _moved(data, "活动", _draw(data, "活动", 活动名称=...), "结束日期", "开始日期", (-60, -1))


def task_due_early(data: st.DataObject) -> Planted:
    return _moved(data, "任务", _draw(data, "任务", 状态="已完成"), "完成时限", "计划开始", (-60, -1))


def task_done_early(data: st.DataObject) -> Planted:
    return _moved(data, "任务", _draw(data, "任务", 状态="已完成"), "完成日期", "计划开始", (-60, -1))


def done_without_a_day(data: st.DataObject) -> Planted:
    return _put("任务", _draw(data, "任务", 状态="已完成"), {"完成日期": None}, "完成日期")


def day_without_done(data: st.DataObject) -> Planted:
    state = data.draw(st.sampled_from(("未开始", "进行中", "已取消")))
    row = _draw(data, "任务", 状态="已完成")
    return _put("任务", row, {"状态": state, "备注": "待核"}, "状态")


def full_but_open(data: st.DataObject) -> Planted:
    full: RawValue = data.draw(st.one_of(st.just(1), st.just("100%")))
    return _put("任务", _draw(data, "任务", 状态="进行中"), {"进度": full}, "状态")


def done_but_not_full(data: st.DataObject) -> Planted:
    share = data.draw(st.integers(0, 99)) / 100
    return _put("任务", _draw(data, "任务", 状态="已完成"), {"进度": share}, "进度")


def overdue(data: st.DataObject) -> Planted:
    due = dt.date(2025, 12, 31) - dt.timedelta(data.draw(st.integers(1, 200)))
    row = _draw(data, "任务", 状态="进行中")
    return _put("任务", row, {"完成时限": due, "计划开始": None, "备注": None}, "完成时限")


def wrong_year(data: st.DataObject) -> Planted:
    sheet, title = data.draw(st.sampled_from((("活动", "开始日期"), ("办件", "日期"))))
    row = _draw(data, sheet, **{title: ...})
    year = data.draw(st.sampled_from((2015, 2005, 2019, 2028, 2052)))
    return _put(sheet, row, {title: _day(value(clean(), sheet, row, title)).replace(year=year, day=1)}, title)


def not_mended(data: st.DataObject) -> Planted:
    day = dt.date(2025, 12, 31) - dt.timedelta(data.draw(st.integers(1, 300)))
    row = _draw(data, "问题", 入报告="是")
    return _put("问题", row, {"整改时限": day, "备注": None}, "整改时限")


def after_the_report(data: st.DataObject) -> Planted:
    day = dt.date(2026, 1, 12) + dt.timedelta(data.draw(st.integers(1, 160)))
    sheet, title = data.draw(st.sampled_from((("活动", "开始日期"), ("办件", "日期"))))
    return _put(sheet, _draw(data, sheet, **{title: ...}), {title: day}, title)


def long_event(data: st.DataObject) -> Planted:
    return _moved(data, "活动", _draw(data, "活动", 活动名称=...), "结束日期", "开始日期", (367, 900))


def base_too_late(data: st.DataObject) -> Planted:
    day = dt.date(2025, 12, 31) + dt.timedelta(data.draw(st.integers(0, 90)))
    return _put("指标", _draw(data, "指标", 基数=...), {"基数截止": day}, "基数截止")


def _of_the_head(key: str, first: dt.date, days: int) -> Plant:
    def plant(data: st.DataObject) -> Planted:
        return _head(key, first + dt.timedelta(data.draw(st.integers(0, days))))

    return plant


def report_year(data: st.DataObject) -> Planted:
    return _head("报告年度", data.draw(st.sampled_from((2023, 2024, 2026))))


def number_year(data: st.DataObject) -> Planted:
    return _head("发文年份", data.draw(st.sampled_from((2024, 2025, 2027))))


PLANTS: dict[str, tuple[Plant, Set[str]]] = {
    "D001": (event_ends_early, set()),
    "D002": (task_due_early, {"D009"}),
    "D003": (task_done_early, COUNTS_CHANGE),
    "D004": (done_without_a_day, COUNTS_CHANGE),
    "D005": (day_without_done, COUNTS_CHANGE | {"L010"}),
    "D006": (full_but_open, set()),
    "D007": (done_but_not_full, set()),
    "D008": (overdue, set()),
    "D009": (wrong_year, COUNTS_CHANGE | {"D001", "D019", "D022", "D023", "Q012"}),
    "D010": (_of_the_head("统计止", dt.date(2024, 12, 1), 30), COUNTS_CHANGE | {
        "D011", "D017", "D021", "D022", "D016", "D009", "Q012", "M005", "T003"}),
    "D011": (_of_the_head("规划期起", dt.date(2025, 1, 2), 300), COUNTS_CHANGE),
    "D012": (_of_the_head("规划期止", dt.date(2021, 1, 1), 1800), set()),
    "D013": (_of_the_head("成文日期", dt.date(2025, 6, 1), 212), {"D018", "R001", "R006", "D009"}),
    "D014": (_of_the_head("印发日期", dt.date(2025, 12, 1), 41), set()),
    "D015": (not_mended, set()),
    "D016": (after_the_report, COUNTS_CHANGE | {"D001", "D022", "D023", "D025", "Q012"}),
    "D017": (report_year, COUNTS_CHANGE | {"R001", "R006", "W014"}),
    "D018": (number_year, set()),
    "D019": (long_event, set()),
    "D020": (_of_the_head("统计起", dt.date(2023, 1, 1), 700), COUNTS_CHANGE | {"Q012"}),
    "D021": (base_too_late, COUNTS_CHANGE),
}


@pytest.mark.parametrize("code", PLANTS)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_a_planted_fault_is_told_at_its_cell(code: str, data: st.DataObject) -> None:
    plant, companions = PLANTS[code]
    book, place = plant(data)
    assert_told(code, book, place, companions)


def _said(code: str, *tables: str, head: str = "") -> list[Finding]:
    made = ledger(*tables, head=head)
    return list(REGISTER[code].check(Inspection(made, Facts(made))))


def _events(*days: str) -> str:
    rows = "\n".join(f"| {day} | 宣讲 | 主题宣传 | 办公室 |" for day in days)
    return f"## 活动\n\n| 开始日期 | 活动名称 | 类型 | 承办股室 |\n|---|---|---|---|\n{rows}"


@pytest.mark.parametrize(("old", "told"), [(1, 1), (10, 10), (11, 0)], ids=["一行", "十行", "历年的行都在"])
def test_many_old_rows_are_no_slips(old: int, told: int) -> None:
    assert len(_said("D009", _events(*["2019-05-10"] * old, "2025-05-10"))) == told


@pytest.mark.parametrize("end", ["成文日期 | 2025-12-01", "统计止x | 2025-12-01"], ids=["成文日期填错", "没有成文日期"])
def test_a_wrong_day_of_signing_does_not_blame_the_rows(end: str) -> None:
    assert not _said("D016", _events("2025-12-20", "2026-02-01"), head=f"| {end} |")
