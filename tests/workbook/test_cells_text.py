"""One cell of the text form: each value has one text, and each text one value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from any_book import ERRORS, numbers, told, values
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.cells_text import read_cell, write_cell
from workbook.raw import ErrorValue, RawValue
from workbook.readings import canonical
from workbook.schema import Type
from workbook.tables_text import split_row

D, N, P, T = Type.DATE, Type.NUMBER, Type.PERCENT, Type.TEXT

CELLS = [
    # value, type of the column, text
    pytest.param(None, T, "", id="空白"),
    pytest.param("", T, '=""', id="空字符串不是空白"),
    pytest.param("1.1", T, "1.1", id="编号1.1是文字"),
    pytest.param(1.1, T, "=1.1", id="文本列里的数"),
    pytest.param("=1.1", T, "\\=1.1", id="看着像数的文字"),
    pytest.param("=SUM(A1)", T, "=SUM(A1)", id="公式样的文字仍是文字"),
    pytest.param("甲|乙<丙\\丁", T, "甲\\|乙\\<丙\\\\丁", id="竖线、尖括号、反斜杠"),
    pytest.param("一\n二", T, "一<br>二", id="换行"),
    pytest.param("一\r\n二\t三\x0b", T, "一\\x0d<br>二\\x09三\\x0b", id="控制字符看得见"),
    pytest.param("零\u200b宽", T, "零\\u200b宽", id="零宽字符看得见"),
    pytest.param("\ud83d", T, "\\ud83d", id="半个字符"),
    pytest.param(" 前后 ", T, "\\ 前后\\ ", id="首尾空格"),
    pytest.param(" ", T, "\\ ", id="一个空格"),
    pytest.param("　全角空格　", T, "　全角空格　", id="全角空格"),
    pytest.param("---", T, "---", id="三个减号"),
    pytest.param('{{ 法规("培训") }}', T, '{{ 法规("培训") }}', id="文字里的引号"),
    pytest.param('"引"', T, '"引"', id="文本列的引号照写"),
    pytest.param(True, Type.YES_NO, "=TRUE", id="逻辑值"),
    pytest.param(ErrorValue("#DIV/0!"), N, "=#DIV/0!", id="错误值"),
    pytest.param("#DIV/0!", N, "#DIV/0!", id="写成文字的错误值"),
    pytest.param(dt.date(2023, 1, 5), D, "2023-01-05", id="日期"),
    pytest.param(dt.datetime(2023, 1, 5), D, "2023-01-05 00:00:00", id="带零点的日期"),
    pytest.param(dt.datetime(2023, 1, 5, 10, 30, 0, 5), D, "2023-01-05 10:30:00.000005", id="微秒"),
    pytest.param("2023-01-05", D, '"2023-01-05"', id="日期列里的文字日期"),
    pytest.param('"2023-01-05"', D, '""2023-01-05""', id="带引号的文字日期"),
    pytest.param("2023.5.20", D, "2023.5.20", id="读不成ISO日期的照写"),
    pytest.param("2023-02-30", D, "2023-02-30", id="没有的日子"),
    pytest.param(45000, D, "=45000", id="日期列里的序列数"),
    pytest.param(dt.date(2023, 1, 5), N, "=2023-01-05", id="数值列里的日期"),
    pytest.param(dt.time(9, 30), T, "=09:30:00", id="时刻"),
    pytest.param(dt.timedelta(hours=36, seconds=1.5), D, "=PT36H0M1.500000S", id="时长"),
    pytest.param(-dt.timedelta(minutes=5), T, "=-PT0H5M0S", id="负时长"),
    pytest.param(19, Type.INTEGER, "19", id="整数"),
    pytest.param("19", Type.INTEGER, '"19"', id="整数列里的文字数"),
    pytest.param("007", N, "007", id="前面有零的是文字"),
    pytest.param("1.1万", N, "1.1万", id="数量短语是文字"),
    pytest.param("100%", N, "100%", id="数值列里的百分号是文字"),
    pytest.param(1e300, N, "1e+300", id="极大的小数"),
    pytest.param(10**30, N, "1" + "0" * 30, id="极大的整数"),
    pytest.param(Decimal("0.1234567890123456789"), N, "0.1234567890123456789", id="双精度放不下的小数"),
    pytest.param(1, P, "100%", id="百分比"),
    pytest.param(0.6, P, "60%", id="六成"),
    pytest.param(0.07, P, "7%", id="百分之七"),
    pytest.param(1e-07, P, "1e-07", id="极小的百分比"),
    pytest.param("100%", P, '"100%"', id="百分比列里的文字"),
]


@pytest.mark.parametrize(("value", "kind", "text"), CELLS)
def test_each_value_has_one_text(value: RawValue, kind: Type, text: str) -> None:
    assert write_cell(value, kind) == text
    assert told(read_cell(text, kind)) == told(value)


@pytest.mark.parametrize(("text", "kind", "value"), [
    pytest.param("411.60", N, 411.6, id="末尾的零"),
    pytest.param("5.0", N, 5, id="整的小数"),
    pytest.param("5e3", N, 5000, id="科学计数"),
    pytest.param("1e999", N, "1e999", id="装不下的数是文字"),
    pytest.param("９", N, "９", id="全角数字是文字"),
    pytest.param("0.6", P, 0.6, id="百分比列的小数"),
    pytest.param("1", P, 1, id="百分比列的1"),
    pytest.param("12.5%", P, 0.125, id="带小数的百分比"),
    pytest.param("2023-01-05T10:30", D, dt.datetime(2023, 1, 5, 10, 30), id="带T的时间"),
    pytest.param("2023-W01-1", D, "2023-W01-1", id="周历日期是文字"),
    pytest.param("一<br/>二<BR />三", T, "一\n二\n三", id="换行的别样写法"),
    pytest.param("\\*重点\\*", T, "*重点*", id="Markdown的转义"),
    pytest.param("D:\\资料", T, "D:\\资料", id="单个反斜杠"),
    pytest.param("=#标题", T, "=#标题", id="等号后面不是值"),
    pytest.param("=PT99999999999H0M0S", T, "=PT99999999999H0M0S", id="太长的时长"),
])
def test_cells_written_by_hand(text: str, kind: Type, value: RawValue) -> None:
    assert told(read_cell(text, kind)) == told(value)


@given(values, st.sampled_from(Type))
@settings(max_examples=300)
def test_any_value_survives_in_any_column(value: RawValue, kind: Type) -> None:
    text = write_cell(value, kind)
    assert split_row(f"| {text} |") == [text][:bool(text) or None]
    assert told(read_cell(text, kind)) == told(value)
    assert not set(text) & set("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    text.encode("utf-8")


@given(numbers)
def test_a_number_is_its_decimal_value(number: int | float | Decimal) -> None:
    same = canonical(number)
    assert canonical(same) is same
    assert exact(same) == exact(number)


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_of_excel_survives(code: str) -> None:
    assert read_cell(write_cell(ErrorValue(code), N), N) == ErrorValue(code)


def exact(number: int | float | Decimal) -> Decimal:
    """The decimal value of a number; of a float, the one it prints."""
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
