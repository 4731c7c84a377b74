"""Yes and no, and cells as text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.normalize import read_text, read_yes_no
from workbook.raw import ErrorValue, RawValue

YES: list[RawValue] = ["是", "√", "有", " y ", "ＹＥＳ", "TRUE", True, 1, 1.0]
NO: list[RawValue] = ["否", "×", "无", "N", "false", False, 0, 0.0]


def test_yes_no_and_blank() -> None:
    assert [read_yes_no(raw).value for raw in YES] == [True] * len(YES)
    assert [read_yes_no(raw).value for raw in NO] == [False] * len(NO)
    assert [(read_yes_no(raw).value, read_yes_no(raw).problems) for raw in (None, "", " ")] == [(None, ())] * 3


def test_neither_yes_nor_no_is_said() -> None:
    for raw in ("看情况", "x", 2, dt.date(2025, 1, 1)):
        assert [(problem.code, problem.given) for problem in read_yes_no(raw).problems] == [("C006", "是、否")]
    assert [problem.code for problem in read_yes_no(ErrorValue("#N/A")).problems] == ["C007"]


@pytest.mark.parametrize(("raw", "text"), [
    pytest.param(" 新绛县\u00a0民政局\u200b ", "新绛县民政局", id="不换行空格和零宽字符"),
    pytest.param("Excel\u00a0表", "Excel表", id="中英文之间的不换行空格"),
    pytest.param("Word\u00a0Excel", "Word Excel", id="英文之间的不换行空格"),
    pytest.param("　甲 \r\n 乙　", "甲\n乙", id="行首行尾的空格"),
    pytest.param("甲  乙", "甲  乙", id="中间的空格照旧"),
    pytest.param("１００％（全）", "１００％（全）", id="全角字照旧"),
    pytest.param(3.0, "3", id="整数值"),
    pytest.param(0.1 + 0.2, "0.3", id="十五位有效数字"),
    pytest.param(1e20, "1" + "0" * 20, id="没有指数"),
    pytest.param(Decimal("1E+3"), "1000", id="十进制数没有指数"),
    pytest.param(Decimal("0.50"), "0.5", id="没有末位零"),
    pytest.param(dt.date(2025, 3, 8), "2025-03-08", id="日期"),
    pytest.param(dt.datetime(2025, 3, 8), "2025-03-08", id="零点"),
    pytest.param(dt.datetime(2025, 3, 8, 9, 30), "2025-03-08 09:30:00", id="有时刻"),
    pytest.param(dt.time(8, 30), "08:30:00", id="时刻"),
    pytest.param(None, "", id="空白"),
    pytest.param(True, "TRUE", id="逻辑值"),
    pytest.param(ErrorValue("#REF!"), "#REF!", id="错误值"),
])
def test_cell_as_text(raw: RawValue, text: str) -> None:
    assert read_text(raw) == text


@given(st.text())
def test_reading_text_twice_changes_nothing(text: str) -> None:
    assert read_text(read_text(text)) == read_text(text)


@given(st.text(st.characters(categories=["Lo", "Nd", "Po"]), min_size=1), st.sampled_from("\u200b\u2060\ufeff\u00ad"))
def test_invisible_characters_are_never_compared(text: str, invisible: str) -> None:
    assert read_text(invisible.join(text)) == read_text(text)
