"""Slots: what is a name, what is a call, what is an expression, what is no slot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.slots import BadSlot, Slot, has_full_width_braces, parse_slots


@pytest.mark.parametrize(("text", "parts"), [
    ("没有括号", ["没有括号"]),
    ("", []),
    ("共{{ 合同审查 }}。", ["共", Slot("合同审查", "合同审查"), "。"]),
    ("｛｛合同审查｝｝", [Slot("合同审查", "合同审查")]),
    ("{{ M06.数 }}{{M06 . 单位}}", [Slot("M06.数", "M06", "数"), Slot("M06 . 单位", "M06", "单位")]),
    ("{{ Ｍ０６ }}", [Slot("Ｍ０６", "M06")]),
    ('{{ 法规("业务培训") }}', [Slot('法规("业务培训")', "法规", "", ("业务培训",))]),
    ("{{ 法规(“学法、讲座”，‘全称’) }}", [Slot("法规(“学法、讲座”，‘全称’)", "法规", "", ("学法、讲座", "全称"))]),
    ("{{ M01.值 + M02.值 }}", [Slot("M01.值 + M02.值")]),
    ("一个 { 和 } 不算", ["一个 { 和 } 不算"]),
])
def test_parts(text: str, parts: list[object]) -> None:
    assert parse_slots(text) == parts


@pytest.mark.parametrize("text", ["{{ }}", "{{ 合同审查", "合同审查 }}", "{% if 1 %}", "{{ 甲 {{ 乙 }}"])
def test_bad_braces_are_named(text: str) -> None:
    assert any(isinstance(part, BadSlot) for part in parse_slots(text))


def test_full_width_braces_are_noticed() -> None:
    assert has_full_width_braces("｛｛甲｝｝")
    assert not has_full_width_braces("{{甲}}")


@given(st.text(alphabet="甲乙{}｛｛｝%. ()\"", max_size=20))
def test_any_text_is_parsed(text: str) -> None:
    literals = [part for part in parse_slots(text) if isinstance(part, str)]
    assert all(literal in text for literal in literals)
