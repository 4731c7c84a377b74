"""Each fault of the figures, planted at a random place of a clean ledger, is told there and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planting import (
    VALUES_CHANGE,
    assert_told,
    clean,
    new_findings,
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
from workbook.metrics import Metric
from workbook.normalize import read_number
from workbook.raw import RawBook, RawValue
from workbook.readings import Quantity
from workbook.rules.agreement import agrees

Planted = tuple[RawBook, str]
Plant = Callable[[st.DataObject], Planted]
QUANTITIES = (
    ("活动", "参与（人次）"), ("活动", "宣传资料（份）"), ("活动", "环保袋（个）"), ("办件", "数量"), ("办件", "人数"),
)
COUNTS_CHANGE = VALUES_CHANGE | {"M011", "M012", "N016", "Q003", "Q007", "Q008"}


@cache
def _values() -> dict[int, tuple[Metric, Decimal]]:
    """Excel row -> the metric and its value."""
    facts = Facts(Ledger(recognize(clean())))
    amounts = ((metric, facts.amount(metric).value) for metric in facts.metrics)
    return {metric.row + 2: (metric, amount) for metric, amount in amounts if amount is not None}


def _draw(data: st.DataObject, sheet: str, **wanted: object) -> int:
    return data.draw(st.sampled_from(rows_where(clean(), sheet, **wanted)), label=f"{sheet}的行")


def _metric(data: st.DataObject, *methods: str, least: int = 0) -> int:
    rows = [row for row, (one, amount) in _values().items() if one.method in methods and amount >= least]
    return data.draw(st.sampled_from(rows), label="指标的行")


def _put(sheet: str, row: int, cells: dict[str, RawValue], at: str) -> Planted:
    book = with_cells(clean(), sheet, row, cells)
    return book, where(book, sheet, row, at)


def _add(sheet: str, cells: dict[str, RawValue], at: str) -> Planted:
    book, row = with_row(clean(), sheet, cells)
    return book, where(book, sheet, row, at)


def _off(data: st.DataObject, row: int) -> int:
    """A whole number that is not the value of the metric."""
    return int(_values()[row][1]) + data.draw(st.sampled_from((-2, -1, 1, 9)), label="相差")


def parts_off(data: st.DataObject) -> Planted:
    row = _draw(data, "指标", 穷尽="是")
    return _put("指标", row, {"填报值": _off(data, row), "备注": "已核"}, "填报值")


def part_too_large(data: st.DataObject) -> Planted:
    counted = [(row, one, amount) for row, (one, amount) in _values().items()
               if one.method in ("计数", "求和") and one.period == "本年" and not one.parent]
    pairs = [(row, other.code) for row, one, amount in counted for _, other, less in counted
             if other.unit == one.unit and less < amount]
    row, whole = data.draw(st.sampled_from(pairs))
    return _put("指标", row, {"父指标": whole}, "父指标")


def less_in_all_years(data: st.DataObject) -> Planted:
    rows = [row for row, (one, amount) in _values().items()
            if one.method in ("计数", "求和") and one.period == "本年" and amount >= 20]
    row = data.draw(st.sampled_from(rows))
    cells = row_values(clean(), "指标", row) | {"编号": "M98", "名称": "历年累计之数", "父指标": None, "统计期": "截至"}
    cells |= {"基数": data.draw(st.integers(0, 3)), "基数截止": date(2025, 12, 30), "上年值": None, "目标值": None}
    return _add("指标", cells, "基数")


def upside_down(data: st.DataObject) -> Planted:
    rows = [row for row, (one, amount) in _values().items() if one.method == "比率" and one.unit == "%" and amount < 1]
    row = data.draw(st.sampled_from(rows))
    cells = {"分子": value(clean(), "指标", row, "分母"), "分母": value(clean(), "指标", row, "分子")}
    return _put("指标", row, cells, "分子")


def _text(data: st.DataObject, sentence: str) -> Planted:
    row = _draw(data, "条目", 入报告="是")
    return _put("条目", row, {"正文": f"{value(clean(), '条目', row, '正文')}{sentence}"}, "正文")


def all_reach(data: st.DataObject) -> Planted:
    return _text(data, data.draw(st.sampled_from((
        "信访办结率{{ 信访办结率 }}、参学率{{ 参学率 }}，均达到要求。", "参学率和任务完成率均为{{ 参学率 }}。",
    ))))


def reach_apart(data: st.DataObject) -> Planted:
    other = data.draw(st.sampled_from(("任务完成率", "信访办结率", "执法持证率")))
    return _text(data, f"参学率和{other}{{{{ 均达到(\"参学率\", \"{other}\") }}}}。")


def average_off(data: st.DataObject) -> Planted:
    cells: dict[str, RawValue] = {"编号": "M98", "名称": "每人次救助", "单位": "元", "统计方式": "填报", "分子": "M35",
                                  "分母": "M36", "填报值": data.draw(st.integers(1, 1000))}
    return _add("指标", cells, "填报值")


def part_of_another_period(data: st.DataObject) -> Planted:
    return _put("指标", _draw(data, "指标", 父指标=...), {"统计期": "截至"}, "统计期")


def ratio_of_two_periods(data: st.DataObject) -> Planted:
    bottoms = {value(clean(), "指标", row, "分母") for row in rows_where(clean(), "指标", 统计方式="比率")}
    rows = [row for row in rows_where(clean(), "指标", 统计方式="比率", 统计期="本年")
            if value(clean(), "指标", row, "分子") not in bottoms]
    row = data.draw(st.sampled_from(rows))
    top = rows_where(clean(), "指标", 编号=value(clean(), "指标", row, "分子"))[0]
    return with_cells(clean(), "指标", top, {"统计期": "截至"}), where(clean(), "指标", row, "分母")


def negative(data: st.DataObject) -> Planted:
    sheet, title = data.draw(st.sampled_from(QUANTITIES))
    return _put(sheet, _draw(data, sheet, **{title: ...}), {title: -data.draw(st.integers(1, 500))}, title)


def no_session(data: st.DataObject) -> Planted:
    return _put("活动", _draw(data, "活动", 备注=None), {"场次": 0}, "场次")


def more_homes(data: st.DataObject) -> Planted:
    row = _draw(data, "办件", 户数=..., 人数=...)
    return _put("办件", row, {"户数": 5000 + data.draw(st.integers(0, 99))}, "人数")


def broken_count(data: st.DataObject) -> Planted:
    sheet, title = data.draw(st.sampled_from(QUANTITIES))
    row = _draw(data, sheet, **{title: ...})
    return _put(sheet, row, {title: data.draw(st.sampled_from((0.5, 12.5, 3.25)))}, title)


def said_twice(data: st.DataObject) -> Planted:
    row = _metric(data, "填报", least=2)
    cells = row_values(clean(), "指标", row) | {"编号": "M98", "填报值": _off(data, row) + 3}
    return _add("指标", cells, "填报值")


def many_sessions(data: st.DataObject) -> Planted:
    row = _draw(data, "活动", 备注=None)
    return _put("活动", row, {"场次": data.draw(st.integers(367, 5000))}, "场次")


def copied_last_year(data: st.DataObject) -> Planted:
    book, rows = clean(), rows_where(clean(), "指标", 上年值=...)
    for row in rows:
        book = with_cells(book, "指标", row, {"上年值": str(_values()[row][1])})
    book = with_cells(book, "指标", rows[0], {"备注": data.draw(st.sampled_from(("已核", "抄自上年")))})
    return book, where(book, "指标", rows[0], "上年值")


def progress_off(data: st.DataObject) -> Planted:
    share: RawValue = data.draw(st.one_of(st.sampled_from((-0.1, -1)), st.sampled_from(("110％", "250%"))))
    return _put("任务", _draw(data, "任务", 状态="进行中"), {"进度": share}, "进度")


def typed_off(data: st.DataObject) -> Planted:
    row = _metric(data, "计数", "求和", least=3)
    return _put("指标", row, {"填报值": _off(data, row), "备注": None}, "填报值")


def stale(data: st.DataObject) -> Planted:
    row, title = _metric(data, "计数", "求和", "合计", "比率"), data.draw(st.sampled_from(("本年值", "报告值")))
    return _put("指标", row, {title: float(_values()[row][1]) + data.draw(st.integers(1, 500))}, title)


def wrong_total(data: st.DataObject) -> Planted:
    sheet, title = data.draw(st.sampled_from(QUANTITIES))
    return _add(sheet, {"编号": "合计", title: 10**7 + data.draw(st.integers(0, 99))}, title)


PLANTS: dict[str, tuple[Plant, Set[str]]] = {
    "N001": (parts_off, set()),
    "N002": (part_too_large, set()),
    "N003": (less_in_all_years, {"L005", "M011", "M012"}),
    "N004": (upside_down, COUNTS_CHANGE),
    "N005": (all_reach, set()),
    "N006": (reach_apart, set()),
    "N007": (average_off, {"L005"}),
    "N008": (part_of_another_period, COUNTS_CHANGE),
    "N009": (ratio_of_two_periods, COUNTS_CHANGE),
    "N010": (negative, COUNTS_CHANGE | {"N012"}),
    "N011": (no_session, COUNTS_CHANGE),
    "N012": (more_homes, set()),
    "N013": (broken_count, COUNTS_CHANGE | {"N012"}),
    "N014": (said_twice, {"M008", "L005"}),
    "N015": (many_sessions, COUNTS_CHANGE),
    "N016": (copied_last_year, {"N020"}),
    "N017": (progress_off, set()),
    "M009": (typed_off, set()),
    "M013": (stale, set()),
    "S013": (wrong_total, {"S007"}),
}


@pytest.mark.parametrize("code", PLANTS)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_a_planted_fault_is_told_at_its_cell(code: str, data: st.DataObject) -> None:
    plant, companions = PLANTS[code]
    book, place = plant(data)
    assert_told(code, book, place, companions)


@pytest.mark.parametrize("title", ["本年值", "报告值"])
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_a_fresh_stored_value_is_no_finding(title: str, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from([row for row, (one, _) in _values().items() if one.period == "本年"]))
    book, _ = _put("指标", row, {title: float(_values()[row][1])}, title)
    assert not [one for one in new_findings(book) if one.code == "M013"]


@pytest.mark.parametrize(("typed", "computed", "same"), [
    ("19", "19", True), ("19", "18", False), ("1.1万", "11234", True), ("1.1万", "12000", False),
    ("5000余", "5012", True), ("5000余", "6500", False), ("40多", "47", True), ("40多", "62", False),
    ("98%", "0.984", True), ("98%", "0.99", False), ("98.4%", "0.984", True), ("386.5", "386.4583", True),
    ("386.5", "386.6", False), ("387", "386.5", True), ("387", "388", False), ("-3", "-3", True),
], ids=lambda one: str(one))
def test_agreement_is_as_exact_as_what_was_typed(typed: str, computed: str, same: bool) -> None:
    quantity = read_number(typed, percent="%" in typed).value
    assert isinstance(quantity, Quantity)
    assert agrees(quantity, Decimal(computed)) is same
