"""Each unlikely entry, planted at a random place of a clean ledger, is told there and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Set
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planting import (
    VALUES_CHANGE,
    assert_told,
    clean,
    row_values,
    rows_where,
    value,
    where,
    with_cells,
    with_row,
)
from workbook.book import recognize
from workbook.facts import Facts
from workbook.ledger import Ledger
from workbook.raw import RawBook, RawValue

Planted = tuple[RawBook, str]
Plant = Callable[[st.DataObject], Planted]

ATTENDED, ASKED = "参与（人次）", "咨询（人次）"


@cache
def _values() -> dict[int, Decimal]:
    """The metrics counted in whole numbers from 10 upward: Excel row -> value."""
    facts = Facts(Ledger(recognize(clean())))
    amounts = {metric.row + 2: facts.amount(metric).value for metric in facts.metrics
               if metric.unit != "%" and metric.style.numerals != "百分比"}
    return {row: amount for row, amount in amounts.items() if amount is not None and amount >= 10}


def _draw(data: st.DataObject, sheet: str, **wanted: object) -> int:
    return data.draw(st.sampled_from(rows_where(clean(), sheet, **wanted)), label=f"{sheet}的行")


def _put(sheet: str, row: int, title: str, content: RawValue) -> Planted:
    return with_cells(clean(), sheet, row, {title: content}), where(clean(), sheet, row, title)


def far_from_last_year(data: st.DataObject) -> Planted:
    row = data.draw(st.sampled_from(sorted(_values())))
    return _put("指标", row, "上年值", int(_values()[row]) * 3 + 1 + data.draw(st.integers(0, 1000)))


def missed_target(data: st.DataObject) -> Planted:
    rows = [row for row in rows_where(clean(), "指标", 目标值=...) if row in _values()]
    row = data.draw(st.sampled_from(rows))
    return _put("指标", row, "目标值", int(_values()[row]) + data.draw(st.integers(1, 50)))


def _copied_event(data: st.DataObject, changes: dict[str, RawValue]) -> Planted:
    row = _draw(data, "活动", 地点=..., 角色=None)
    event = row_values(clean(), "活动", row) | {"编号": "H999"} | changes
    if event["承办股室"] == value(clean(), "活动", row, "承办股室") and "承办股室" in changes:
        event["承办股室"] = "办公室"
    book, added = with_row(clean(), "活动", event)
    return book, where(book, "活动", added, "活动名称")


def event_twice(data: st.DataObject) -> Planted:
    return _copied_event(data, {})


def event_of_two_offices(data: st.DataObject) -> Planted:
    return _copied_event(data, {"承办股室": "儿童福利股"})


def huge_crowd(data: st.DataObject) -> Planted:
    rows = [row for row in rows_where(clean(), "活动", 类型="进社区") if value(clean(), "活动", row, ATTENDED)]
    row = data.draw(st.sampled_from(rows))
    return _put("活动", row, ATTENDED, data.draw(st.integers(100_001, 10_000_000)))


def more_asked(data: st.DataObject) -> Planted:
    row = _draw(data, "活动", **{ATTENDED: ..., "类型": "进社区"})
    came = value(clean(), "活动", row, ATTENDED)
    assert isinstance(came, int)
    return _put("活动", row, ASKED, came * 3 + 100)


def done_without_a_word(data: st.DataObject) -> Planted:
    row = _draw(data, "任务", 状态="已完成", 工作成效=None, 目标指标=None)
    blank: dict[str, RawValue] = dict.fromkeys(("佐证材料", "备注", "不用原因"))
    return with_cells(clean(), "任务", row, blank), where(clean(), "任务", row, "工作成效")


def all_on_one_day(data: st.DataObject) -> Planted:
    book, rows = clean(), rows_where(clean(), "任务", 状态="已完成")
    for row in rows:
        book = with_cells(book, "任务", row, {"完成日期": dt.date(2025, 12, 31)})
    return book, where(book, "任务", rows[0], "完成日期")


def copied_text(data: st.DataObject) -> Planted:
    rows = rows_where(clean(), "任务", 工作成效=..., 入报告="是")
    one, other = sorted(data.draw(st.lists(st.sampled_from(rows), min_size=2, max_size=2, unique=True)))
    return _put("任务", other, "工作成效", value(clean(), "任务", one, "工作成效"))


PLANTS: dict[str, tuple[Plant, Set[str]]] = {
    "Q001": (far_from_last_year, set()),
    "Q002": (missed_target, set()),
    "Q003": (event_twice, VALUES_CHANGE),
    "Q004": (event_of_two_offices, VALUES_CHANGE),
    "Q007": (huge_crowd, VALUES_CHANGE),
    "Q008": (more_asked, VALUES_CHANGE),
    "Q009": (done_without_a_word, {"D025"}),
    "Q010": (all_on_one_day, {"D025"}),
    "Q011": (copied_text, {"L005"}),
}


@pytest.mark.parametrize("code", PLANTS)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_an_unlikely_entry_is_told_at_its_cell(code: str, data: st.DataObject) -> None:
    plant, companions = PLANTS[code]
    book, place = plant(data)
    assert_told(code, book, place, companions)
