"""Each fault of the links, planted at a random place of a clean ledger, is told there and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Set

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planting import (
    VALUES_CHANGE,
    assert_told,
    clean,
    rows_where,
    value,
    where,
    with_cells,
    with_row,
)
from workbook.raw import RawBook, RawValue

Planted = tuple[RawBook, str]
Plant = Callable[[st.DataObject], Planted]


def _draw(data: st.DataObject, sheet: str, **wanted: object) -> int:
    rows = rows_where(clean(), sheet, **wanted)
    assert rows, f"示例台账的“{sheet}”里没有合适的行"
    return data.draw(st.sampled_from(rows), label=f"{sheet}的行")


def _one(data: st.DataObject, *choices: str) -> str:
    return data.draw(st.sampled_from(choices))


def _put(sheet: str, row: int, title: str, content: RawValue) -> Planted:
    book = with_cells(clean(), sheet, row, {title: content})
    return book, where(book, sheet, row, title)


def _add(sheet: str, title: str, cells: dict[str, RawValue]) -> Planted:
    book, row = with_row(clean(), sheet, cells)
    return book, where(book, sheet, row, title)


def odd_name(data: st.DataObject) -> Planted:
    return _put("指标", _draw(data, "指标", 名称=...), "名称", _one(data, "“520”宣传", "宣传 (次)", "A-B"))


def taken_name(data: st.DataObject) -> Planted:
    return _put("指标", _draw(data, "指标", 名称=...), "名称", _one(data, "上级", "法规", "下年度", "报告年度"))


def ratio_of_itself(data: st.DataObject) -> Planted:
    row = _draw(data, "指标", 统计方式="比率")
    return _put("指标", row, "分子", value(clean(), "指标", row, "分母"))


def parent_of_itself(data: st.DataObject) -> Planted:
    row = _draw(data, "指标", 统计方式="求和", 父指标=None)
    return _put("指标", row, "父指标", value(clean(), "指标", row, "编号"))


def unused_metric(data: st.DataObject) -> Planted:
    name = _one(data, "夜间宣讲", "流动课堂", "庭审旁听人次")
    return _add("指标", "名称", {"编号": "M99", "名称": name, "统计方式": "计数", "来源表": "任务"})


def condition_with_a_slip(data: st.DataObject) -> Planted:
    text = _one(data, "类型=进社驱", "类型=进社区；角色=主办方", "主题=宪发、民法典", "范围=全县")
    cells: dict[str, RawValue] = {"编号": "M99", "名称": "夜间宣讲", "统计方式": "计数", "来源表": "活动", "条件": text}
    return _add("指标", "条件", cells)


def bare_chapter(data: st.DataObject) -> Planted:
    return _add("章节", "编号", {"编号": _one(data, "1.9", "6", "5.3"), "标题": "其他"})


def lost_text(data: st.DataObject) -> Planted:
    return _put("任务", _draw(data, "任务", 工作成效=..., 入报告="是"), "章节", None)


def wanted_without_text(data: st.DataObject) -> Planted:
    row = _draw(data, "任务", 工作成效=None)
    return with_cells(clean(), "任务", row, {"入报告": "是"}), where(clean(), "任务", row, "工作成效")


def cancelled_link(data: st.DataObject) -> Planted:
    cancelled = value(clean(), "任务", _draw(data, "任务", 状态="已取消"), "编号")
    return _put("活动", _draw(data, "活动", 活动名称=...), "关联任务", cancelled)


def closed_office(data: st.DataObject) -> Planted:
    book, _ = with_row(clean(), "股室", {"代码": "JG", "名称": "旧股", "角色": "停用"})
    row = _draw(data, "任务", 状态="进行中")
    return with_cells(book, "任务", row, {"责任股室": "旧股"}), where(book, "任务", row, "责任股室")


def silent_office(data: st.DataObject) -> Planted:
    return _put("股室", _draw(data, "股室", 角色="填报"), _one(data, "填报人", "邮箱"), None)


def unknown_law(data: st.DataObject) -> Planted:
    return _put("任务", _draw(data, "任务", 依据法规=...), "依据法规", _one(data, "民法点", "宪法、刑罚"))


def code_in_chinese(data: st.DataObject) -> Planted:
    return _put("股室", _draw(data, "股室", 名称=...), "代码", _one(data, "办公室", "A/B", "A B"))


def repeated_value(data: st.DataObject) -> Planted:
    row = _draw(data, "字典", 值=...)
    return _add("字典", "值", {title: value(clean(), "字典", row, title) for title in ("类别", "值")})


def value_with_a_mark(data: st.DataObject) -> Planted:
    row, mark = _draw(data, "字典", 类别="活动.类型"), _one(data, *"、；=")
    return _add("字典", "值", {"类别": "活动.类型", "值": f"{value(clean(), '字典', row, '值')}{mark}新"})


def unused_value(data: st.DataObject) -> Planted:
    category = _one(data, "活动.类型", "活动.主题", "办件.事项")
    return _add("字典", "值", {"类别": category, "值": "从没用过"})


def copied_row(data: st.DataObject) -> Planted:
    sheet = _one(data, "任务", "活动", "办件", "条目")
    rows = st.sampled_from(rows_where(clean(), sheet))
    one, other = sorted(data.draw(st.lists(rows, min_size=2, max_size=2, unique=True)))
    book = with_cells(with_cells(clean(), sheet, one, {"_id": "a1"}), sheet, other, {"_id": "a1"})
    return book, f"{sheet}!A{other}"


PLANTS: dict[str, tuple[Plant, Set[str]]] = {
    "M007": (odd_name, {"T001", "L005", "M006"}),
    "M008": (taken_name, {"T001", "L005", "M006"}),
    "L003": (ratio_of_itself, VALUES_CHANGE | {"L005"}),
    "L004": (parent_of_itself, VALUES_CHANGE),
    "L005": (unused_metric, set()),
    "L006": (condition_with_a_slip, {"L005"}),
    "L007": (bare_chapter, set()),
    "L008": (lost_text, set()),
    "L009": (wanted_without_text, {"L008"}),
    "L010": (cancelled_link, set()),
    "L011": (closed_office, set()),
    "L012": (silent_office, set()),
    "L013": (unknown_law, set()),
    "L014": (code_in_chinese, set()),
    "L015": (repeated_value, set()),
    "L016": (value_with_a_mark, {"L017"}),
    "L017": (unused_value, set()),
    "L018": (copied_row, set()),
}


@pytest.mark.parametrize("code", PLANTS)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_a_planted_fault_is_told_at_its_cell(code: str, data: st.DataObject) -> None:
    plant, companions = PLANTS[code]
    book, place = plant(data)
    assert_told(code, book, place, companions)
