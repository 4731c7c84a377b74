"""Chinese numerals: what is written, what is read, and that both agree."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.numerals import decimal_from_chinese, from_chinese, from_digits, spell_decimal, to_chinese

WRITTEN = [
    (0, "零"), (1, "一"), (2, "二"), (10, "十"), (11, "十一"), (13, "十三"), (20, "二十"), (99, "九十九"),
    (100, "一百"), (101, "一百零一"), (110, "一百一十"), (111, "一百一十一"), (200, "二百"), (1000, "一千"),
    (1001, "一千零一"), (1010, "一千零一十"), (1100, "一千一百"), (9999, "九千九百九十九"), (10000, "一万"),
    (10012, "一万零一十二"), (100500, "十万零五百"), (105000, "十万五千"), (10000000, "一千万"),
    (100000001, "一亿零一"), (100120000, "一亿零一十二万"), (1000000000000, "一万亿"), (-13, "负十三"),
]

READ_ONLY = [
    ("两", 2), ("两千", 2000), ("两百零二", 202), ("一〇", None), ("一百〇五", 105), ("二百五", 250), ("一万二", 12000),
    ("二百十三", 213), ("三千万亿", 3000 * 10**12),
]

NO_NUMERALS = ["", "百", "千余", "三四十", "一二三", "十十", "零百", "一百零", "五十百", "一百百", "一百零零五",
               "数百", "13", "一" + "亿" * 50]


@pytest.mark.parametrize(("number", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_number_is_written_as_a_numeral(number: int, text: str) -> None:
    assert to_chinese(number) == text


@pytest.mark.parametrize(("text", "number"), READ_ONLY, ids=[text for text, _ in READ_ONLY])
def test_other_ways_of_writing_are_read(text: str, number: int | None) -> None:
    assert from_chinese(text) == number


@pytest.mark.parametrize("text", NO_NUMERALS, ids=[text[:6] or "空" for text in NO_NUMERALS])
def test_what_is_no_single_number_is_not_read(text: str) -> None:
    assert from_chinese(text) is None


@given(st.integers(0, 10**16))
def test_reading_is_the_inverse_of_writing(number: int) -> None:
    assert from_chinese(to_chinese(number)) == number


@given(st.text("零〇一二两三四五六七八九十百千万亿", max_size=60))
def test_any_characters_are_read_or_refused_without_a_crash(text: str) -> None:
    number = from_chinese(text)
    assert number is None or number >= 0


@pytest.mark.parametrize(("number", "text"), [
    pytest.param("2.5", "二点五", id="小数"),
    pytest.param("2.50", "二点五零", id="末位的零也读"),
    pytest.param("20", "二十", id="没有小数"),
    pytest.param("-0.5", "负零点五", id="负数"),
])
def test_decimals_are_read_out_digit_by_digit(number: str, text: str) -> None:
    assert spell_decimal(Decimal(number)) == text


@given(st.decimals(0, 10**6, places=2))
def test_spelled_decimals_come_back(number: Decimal) -> None:
    assert decimal_from_chinese(spell_decimal(number)) == number


@pytest.mark.parametrize(("text", "digits"), [
    ("二〇二五", "2025"), ("二○二五", "2025"), ("二零二五", "2025"), ("二十", None), ("两零", None), ("", None),
], ids=["二〇二五", "二○二五", "二零二五", "二十不是逐位写", "两不是逐位写", "空"])
def test_years_are_read_digit_by_digit(text: str, digits: str | None) -> None:
    assert from_digits(text) == digits


@pytest.mark.parametrize("text", ["二点", "点五", "二点十", "百点五"])
def test_broken_decimals_are_not_read(text: str) -> None:
    assert decimal_from_chinese(text) is None
