"""Days by their name, and text that only keeps a place."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from case_table import cases
from hypothesis import given
from hypothesis import strategies as st

from workbook.names import FESTIVALS, is_day, placeholder, read_festival
from workbook.raw import ErrorValue, RawValue

NAMES = """
    12.4                   | 国家宪法日
    12·4                   | 国家宪法日
    １２．４               | 国家宪法日
    12月4日                | 国家宪法日
    12月4号                | 国家宪法日
    “12·4”国家宪法日       | 国家宪法日
    4.15                   | 全民国家安全教育日
    6·26                   | 国际禁毒日
    9月5日                 | 中华慈善日
    5.20                   | 5月20日
    12.4、宪法宣传周       | 国家宪法日、宪法宣传周
    12.4、国家宪法日       | 国家宪法日
    国家宪法日、宪法宣传周 | 国家宪法日、宪法宣传周
    12.4全国法治宣传日     | 12.4全国法治宣传日
    禁毒宣传日             | 禁毒宣传日
    民法典宣传月           | 民法典宣传月
    13.4                   | 13.4
    2.30                   | 2.30
"""

PLACEHOLDERS = """
    XX县民政局                   | XX县
    ＸＸ县                       | XX县
    xx镇                         | xx镇
    《XXXX自治县办法（试行）》   | XXXX自治县
    资金×亿元                    | ×
    ××办法                       | ××
    20××年                       | ××年
    20XX年                       | XX年
    X月X日                       | X月
    **                           | **
    **一是**加强                 | **
    ○○县                         | ○○县
    共____元                     | ____
    xx                           | xx
"""

REAL_WORDS = ["", "三名", "《××法》", "5×8小时", "7 × 24", "3×（2+1）", "12×月均数", "exxon", "XXL", "a@xx.cn",
              "xx@qq.com", "X光机", "二○○五年", "二〇〇五年", "1402****1234", "a_b", "snake__case", "“一老一小”",
              "全国＊"]


@pytest.mark.parametrize(("typed", "name"), cases(NAMES))
def test_day_is_known_by_its_name(typed: str, name: str) -> None:
    assert (read_festival(typed).value, read_festival(typed).problems) == (name, ())


@pytest.mark.parametrize("raw", [12.4, Decimal("12.4"), dt.date(2025, 12, 4), dt.datetime(2025, 12, 4, 9)], ids=repr)
def test_stored_days_and_numbers_have_the_same_name(raw: RawValue) -> None:
    assert read_festival(raw).value == "国家宪法日"


def test_line_breaks_part_values_and_blanks_are_none() -> None:
    assert read_festival("12.4\n宪法宣传周").value == "国家宪法日、宪法宣传周"
    assert [read_festival(raw).value for raw in (None, "", " ", "、")] == [None] * 4
    assert read_festival(520).value == "520"


@pytest.mark.parametrize(("raw", "may_be"), [
    pytest.param(5.2, "5月2日或5月20日", id="Excel把5.20存成5.2"),
    pytest.param("5.2", "5月2日或5月20日", id="文字5.2"),
    pytest.param(12.1, "12月1日或12月10日", id="12.1"),
    pytest.param("12.3、国家宪法日", "12月3日或12月30日", id="几个值里的一个"),
])
def test_number_that_may_be_two_days_is_not_guessed(raw: RawValue, may_be: str) -> None:
    reading = read_festival(raw)
    assert [(problem.code, problem.given) for problem in reading.problems] == [("C009", may_be)]
    assert reading.value == str(raw)


def test_error_is_no_name() -> None:
    assert [problem.code for problem in read_festival(ErrorValue("#NAME?")).problems] == ["C007"]


def test_every_known_day_exists_and_stands_once() -> None:
    assert all(is_day(*day) for day in FESTIVALS)
    assert len(set(FESTIVALS.values())) == len(FESTIVALS)


@pytest.mark.parametrize(("text", "found"), cases(PLACEHOLDERS))
def test_placeholder_is_found(text: str, found: str) -> None:
    assert placeholder(text) == found


@given(st.text())
def test_any_text_is_looked_at_without_a_crash(text: str) -> None:
    assert placeholder(text) is None or placeholder(text)
    assert read_festival(text).problems == () or read_festival(text).problems[0].code == "C009"


@pytest.mark.parametrize("text", REAL_WORDS, ids=[text[:8] or "空" for text in REAL_WORDS])
def test_real_words_are_no_placeholder(text: str) -> None:
    assert placeholder(text) is None
