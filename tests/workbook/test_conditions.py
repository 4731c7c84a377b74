"""条件: ；is and, 、 is or, quotes hold what would be a mark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.conditions import Condition, ConditionError, parse_condition, split_values


@pytest.mark.parametrize(("text", "conditions"), [
    ("", ()),
    ("类型=党组学法", (Condition("类型", ("党组学法",)),)),
    ("类型=党组学法、集体学法；范围=全系统",
     (Condition("类型", ("党组学法", "集体学法")), Condition("范围", ("全系统",)))),
    ("类型＝进校园 ; 主题 = 民法典", (Condition("类型", ("进校园",)), Condition("主题", ("民法典",)))),
    ("主题=“甲；乙”、丙", (Condition("主题", ("甲;乙", "丙")),)),
    ('主题="甲、乙"', (Condition("主题", ("甲、乙",)),)),
    ("类型=进校园；", (Condition("类型", ("进校园",)),)),
])
def test_reads(text: str, conditions: tuple[Condition, ...]) -> None:
    assert parse_condition(text) == conditions


@pytest.mark.parametrize("text", [
    "类型", "=进校园", "类型=", "类型=甲=乙", "类型=甲、", "主题=“甲", "、=甲", "类型=甲、、乙"])
def test_refuses_what_it_cannot_read(text: str) -> None:
    with pytest.raises(ConditionError):
        parse_condition(text)


words = st.text(alphabet="党组学法进校园abc12（）", min_size=1, max_size=6)


@given(st.lists(st.tuples(words, st.lists(words, min_size=1, max_size=3)), min_size=1, max_size=3))
def test_whatever_is_written_is_read_back(clauses: list[tuple[str, list[str]]]) -> None:
    text = "；".join(f"{column}={'、'.join(values)}" for column, values in clauses)
    read = parse_condition(text)
    assert [len(one.values) for one in read] == [len(values) for _, values in clauses]


def test_a_cell_of_several_values() -> None:
    assert split_values("进校园、 进社区、") == ["进校园", "进社区"]
