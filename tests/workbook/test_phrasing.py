"""Numbers as a report says them, and that a reader gets the same number back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from case_table import cases
from hypothesis import assume, given
from hypothesis import strategies as st

from workbook.normalize import Quantity, read_number
from workbook.phrasing import Printed, Style, all_reach, say

WORDINGS = """
    19    | 精确 | 1    | 件   | 19件
    386.5 | 精确 | 1    | 元   | 386.5元
    5012  | 精确 | 1000 | 件次 | 5012件次
    5012  | 余   | 1000 | 件次 | 5000余件次
    5000  | 余   | 1000 | 件次 | 5000件次
    386.5 | 余   | 1    | 元   | 386余元
    0.5   | 余   | 1    | 元   | 0.5元
    -5012 | 余   | 1000 | 件次 | -5000余件次
    43    | 多   | 10   | 名   | 40多名
    60    | 多   | 10   | 名   | 60名
    5012  | 逾   | 1000 | 件次 | 逾5000件次
    5000  | 逾   | 1000 | 件次 | 5000件次
    38    | 近   | 10   | 次   | 近40次
    40    | 近   | 10   | 次   | 40次
    296   | 约   | 100  | 户   | 约300户
    1240  | 约   | 100  | 份   | 约1200份
    25    | 约   | 10   | 份   | 约30份
    300   | 约   | 100  | 户   | 约300户
    317   | 以上 | 100  | 人次 | 300人次以上
    200   | 以上 | 100  | 人次 | 200人次以上
    100   | 以上 | 100  | 人次 | 100人次以上
    3     | 以上 | 1    | 名   | 3名以上
    5012  | 大约 | 1000 | 件次 | 5012件次
"""

STYLES = """
    1023                           | 余   | 1000  | 千     |   | 人次    | 1千余人次
    3000                           | 余   | 1000  | 千     |   | 条      | 3千条
    16432                          | 余   | 1     | 万     | 1 | 份      | 1.6万余份
    16432                          | 余   | 1000  | 万     |   | 份      | 1.6万余份
    16000                          | 余   | 1     | 万     | 1 | 份      | 1.6万份
    128000                         | 余   | 10000 | 万     |   | 户      | 12万余户
    104500                         | 逾   | 10000 | 万     |   | 人次    | 逾10万人次
    16432                          | 近   | 1000  | 万     |   | 份      | 近1.7万份
    20867912                       | 精确 | 1     | 万     | 2 | 元      | 2086.79万元
    20821520                       | 精确 | 1     | 万     |   | 元      | 2082.152万元
    1236.1409                      | 精确 | 1     | 数字   |   | 万元    | 1236.1409万元
    386.5                          | 精确 | 1     | 数字   | 2 | 元      | 386.50元
    386.527                        | 余   | 1     | 数字   | 2 | 元      | 386.52余元
    2.5                            | 精确 | 1     | 数字   | 0 | 元      | 3元
    3.5                            | 精确 | 1     | 数字   | 0 | 元      | 4元
    -0.004                         | 精确 | 1     | 数字   | 2 | 元      | 0.00元
    411.6033333333333333333333333  | 精确 | 1     | 数字   |   | 元/人次 | 411.60元/人次
    1E+3                           | 精确 | 1     | 数字   |   | 件      | 1000件
    1                              | 精确 | 1     | 百分比 | 2 | %       | 100%
    0.9996                         | 精确 | 1     | 百分比 | 1 | %       | 100.0%
    0.272                          | 精确 | 1     | 百分比 |   | %       | 27.2%
    0.272                          | 精确 | 1     | 百分比 |   |         | 27.2%
    0.272                          | 精确 | 1     | 数字   |   | ％      | 27.2%
    0.9375                         | 精确 | 1     | 百分比 | 0 | %       | 94%
    0.6666666666666666666666666667 | 精确 | 1     | 百分比 |   | %       | 66.67%
    0.956                          | 以上 | 1     | 百分比 | 0 | %       | 95%以上
    0.956                          | 近   | 1     | 百分比 | 0 | %       | 近96%
    0.956                          | 多   | 1     | 百分比 | 0 | %       | 95%多
    -0.03                          | 精确 | 1     | 百分比 |   | %       | -3%
    1                              | 精确 | 1     | 汉字   |   | 名      | 一名
    2                              | 精确 | 1     | 汉字   |   | 场      | 两场
    2                              | 精确 | 1     | 汉字   |   |         | 二
    2                              | 约   | 1     | 汉字   |   | 场      | 约两场
    12                             | 精确 | 1     | 汉字   |   | 场      | 十二场
    13                             | 精确 | 1     | 汉字   |   | 个      | 十三个
    20                             | 精确 | 1     | 汉字   |   | 次      | 二十次
    23                             | 余   | 10    | 汉字   |   | 场      | 二十余场
    102                            | 精确 | 1     | 汉字   |   | 名      | 一百零二名
    200                            | 精确 | 1     | 汉字   |   | 户      | 二百户
    2.5                            | 精确 | 1     | 汉字   |   | 天      | 二点五天
"""

UNSURE = """
    19   | 精确 | 1    | 件   | inexact  | 19余件
    5000 | 余   | 1000 | 件次 | inexact  | 5000余件次
    600  | 逾   | 100  | 件   | inexact  | 逾600件
    40   | 近   | 10   | 次   | inexact  | 近40次
    300  | 约   | 100  | 户   | inexact  | 约300户
    0.5  | 精确 | 1    | %    | inexact  | 约50%
    38   | 余   | 100  | 件   | inexact  | 38余件
    3    | 精确 | 1    | 名   | at_least | 3名以上
    38   | 近   | 10   | 次   | at_least | 30次以上
    5012 | 余   | 1000 | 件次 | at_least | 5000余件次
    5000 | 余   | 1000 | 件次 | at_least | 5000件次以上
"""

NUMBER_ALONE = """
    2        | 精确 | 汉字   | 场   | 二
    4321     | 余   | 数字   | 份   | 4321
    20867900 | 精确 | 万     | 元   | 2086.79万
    38       | 约   | 数字   | 次   | 约38
    3        | 以上 | 数字   | 名   | 3
    0.985    | 精确 | 百分比 | %    | 98.5
    0.985    | 精确 | 百分比 |      | 98.5%
"""


def style(wording: str, step: str = "1", unit: str = "", **more: object) -> Style:
    return Style(unit=unit, wording=wording, step=int(step), **more)  # type: ignore[arg-type]


def codes_of(printed: Printed) -> list[tuple[str, str]]:
    return [(problem.code, problem.given) for problem in printed.problems]


@pytest.mark.parametrize(("value", "wording", "step", "unit", "phrase"), cases(WORDINGS))
def test_wording(value: str, wording: str, step: str, unit: str, phrase: str) -> None:
    assert say(Decimal(value), style(wording, step, unit)).phrase == phrase


@pytest.mark.parametrize(("value", "wording", "step", "numerals", "places", "unit", "phrase"), cases(STYLES))
def test_numerals_and_decimals(value: str, wording: str, step: str, numerals: str, places: str, unit: str,
                               phrase: str) -> None:
    shown = style(wording, step, unit, numerals=numerals, places=int(places) if places else None)
    assert (say(Decimal(value), shown).phrase, say(Decimal(value), shown).problems) == (phrase, ())


@pytest.mark.parametrize(("value", "wording", "step", "unit", "how", "phrase"), cases(UNSURE))
def test_unsure_value_is_never_printed_as_exact(value: str, wording: str, step: str, unit: str, how: str,
                                                phrase: str) -> None:
    assert say(Decimal(value), style(wording, step, unit), **{how: True}).phrase == phrase


@pytest.mark.parametrize(("value", "wording", "numerals", "unit", "number"), cases(NUMBER_ALONE))
def test_number_without_its_unit(value: str, wording: str, numerals: str, unit: str, number: str) -> None:
    printed = say(Decimal(value), style(wording, "1", unit, numerals=numerals))
    assert (printed.number, printed.unit) == (number, unit)


def test_marks_stay_at_the_number() -> None:
    assert say(Decimal(4321), style("余", "1000", "份")).number == "4000余"
    assert say(Decimal(38), style("近", "10", "次")).number == "近40"


def test_truncation_drops_the_tail() -> None:
    assert say(Decimal("0.91666"), Style("%", numerals="百分比", places=1)).phrase == "91.7%"
    assert say(Decimal("0.91666"), Style("%", numerals="百分比", places=1, rounding="去尾")).phrase == "91.6%"
    assert say(Decimal("-2.59"), Style("度", places=1, rounding="去尾")).phrase == "-2.5度"


def test_zero_prints_as_its_column_says() -> None:
    assert say(Decimal(0), Style("件", "余", 1000)).phrase == "0件"
    assert say(Decimal(0), Style("%", numerals="百分比", places=1)).phrase == "0%"
    assert say(Decimal("0.00"), Style("元", numerals="万", places=2)).phrase == "0元"
    assert say(Decimal(0), Style("起", zero="未发生")).phrase == "未发生"
    assert say(Decimal(0), Style("件", zero="省略")) == Printed("", "0", "件", omitted=True)
    assert say(Decimal(1), Style("件", zero="省略")).phrase == "1件"


def test_close_to_is_doubted_below_nine_tenths() -> None:
    assert codes_of(say(Decimal(36), style("近", "10", "次"))) == []
    assert codes_of(say(Decimal(35), style("近", "10", "次"))) == [("M011", "40")]
    assert codes_of(say(Decimal(11000), style("近", "1000", "份", numerals="万", places=0))) == [("M011", "20000")]


def test_value_below_its_step_prints_as_it_is() -> None:
    for wording in ("余", "多", "逾", "近", "约", "以上"):
        printed = say(Decimal(38), style(wording, "100", "件"))
        assert (printed.phrase, codes_of(printed)) == ("38件", [("M012", "100")])
    assert say(Decimal(38), style("精确", "100", "件")).problems == ()


def test_decimals_that_would_leave_nothing_are_not_dropped() -> None:
    printed = say(Decimal(3000), style("余", "1", "份", numerals="万", places=0))
    assert (printed.phrase, codes_of(printed)) == ("0.3万份", [("M012", "10000")])


@pytest.mark.parametrize(("phrases", "sentence"), [
    (["100%", "100%"], "均达到100%"), (["98%", "100%"], "分别为98%和100%"),
    (["98%", "99%", "100%"], "分别为98%、99%和100%"), (["98%"], "达到98%"), ([], ""),
], ids=["相同", "两个不同", "三个不同", "只有一个", "没有"])
def test_ratios_side_by_side(phrases: list[str], sentence: str) -> None:
    assert all_reach([Printed(phrase, phrase, "%") for phrase in phrases]) == sentence


VALUES = st.one_of(st.integers(-10**9, 10**9), st.decimals(-10**6, 10**6, places=2)).map(Decimal)
PRINTS = st.builds(
    Style, st.sampled_from(["", "件次", "人次", "份", "场(次)", "元"]),
    st.sampled_from(["精确", "余", "多", "逾", "近", "约", "以上"]), st.sampled_from([1, 10, 100, 1000, 10000]),
    st.sampled_from(["数字", "千", "万"]), st.sampled_from([None, 0, 1, 2]), st.sampled_from(["四舍五入", "去尾"]),
)


def read_back(printed: Printed) -> Quantity:
    value = read_number(printed.phrase).value
    assert isinstance(value, Quantity), printed
    return value


@given(VALUES, PRINTS)
def test_what_is_printed_reads_back_as_a_true_statement(value: Decimal, shown: Style) -> None:
    assume(value)
    printed = say(value, shown)
    got, exact = read_back(printed), any(problem.code == "M012" for problem in printed.problems)
    assert got.unit == shown.unit
    assert abs(got.value - value) <= max(0 if exact else shown.step, shown.last_place)
    true = {"余": abs(got.value) < abs(value), "多": abs(got.value) < abs(value), "逾": abs(got.value) < abs(value),
            "近": abs(got.value) > abs(value), "以上": got.value <= value, "约": True}
    assert true[got.mark] if got.mark else (shown.wording == "精确" or exact or got.value == value)
    assert got.mark in (("",) if exact else ("", shown.wording))


@given(st.integers(1, 10**8), st.sampled_from(["", "场", "名", "户"]), st.sampled_from(["精确", "余", "多"]))
def test_chinese_numerals_read_back(value: int, unit: str, wording: str) -> None:
    got = read_back(say(Decimal(value), Style(unit, wording, 10, "汉字")))
    floor = value if wording == "精确" or value < 10 else value - value % 10
    assert (got.value, got.unit, got.chinese) == (floor, unit, True)
    assert got.mark == (wording if floor < value else "")


@given(st.decimals(0, 3, places=4), st.sampled_from([None, 0, 1, 2]), st.sampled_from(["精确", "以上", "约"]))
def test_percentages_read_back(value: Decimal, places: int | None, wording: str) -> None:
    shown = Style("%", wording, numerals="百分比", places=places)
    got = read_back(say(value, shown))
    assert got.percent
    assert abs(got.value - value) <= shown.last_place
    assert value != 1 or say(value, shown).number in ("100", "约100")


@given(VALUES, PRINTS, st.booleans(), st.booleans())
def test_nothing_printed_has_an_exponent_or_a_negative_zero(value: Decimal, shown: Style, inexact: bool,
                                                            at_least: bool) -> None:
    phrase = say(value, shown, inexact=inexact, at_least=at_least).phrase
    assert "E" not in phrase
    assert phrase.rstrip("件人次份场()元千万") not in ("-0", "-0.0", "-0.00")
