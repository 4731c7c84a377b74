"""Numbers as clerks type them: the value, the unit, the mark, or why not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from case_table import cases, column
from hypothesis import given
from hypothesis import strategies as st

from workbook.faults import FAULTS
from workbook.normalize import Absent, Quantity, quantities, read_number
from workbook.raw import ErrorValue, RawValue
from workbook.readings import tidy

NUMBERS = """
    45            | 45          |         |
    ４５件        | 45          | 件      |
    1,291         | 1291        |         |
    1，291对      | 1291        | 对      |
    １２．５      | 12.5        |         |
    -3            | -3          |         |
    0件           | 0           | 件      |
    1852所        | 1852        | 所      |
    5000余件次    | 5000        | 件次    | 余
    1千余人次     | 1000        | 人次    | 余
    50 余条       | 50          | 条      | 余
    1.6万余份     | 16000       | 份      | 余
    5.3万余人次   | 53000       | 人次    | 余
    8万余人       | 80000       | 人      | 余
    3千余万元     | 30000000    | 元      | 余
    40多名        | 40          | 名      | 多
    十几个        | 10          | 个      | 几
    近40次        | 40          | 次      | 近
    约300         | 300         |         | 约
    约300人       | 300         | 人      | 约
    逾10万人      | 100000      | 人      | 逾
    超过200人次   | 200         | 人次    | 超过
    不少于1次     | 1           | 次      | 不少于
    3名以上       | 3           | 名      | 以上
    3名及以上     | 3           | 名      | 以上
    20人以下      | 20          | 人      | 以下
    300人左右     | 300         | 人      | 左右
    3700余份左右  | 3700        | 份      | 余
    达到近40场    | 40          | 场      | 近
    共130条       | 130         | 条      |
    累计93条      | 93          | 条      |
    12场次        | 12          | 场次    |
    70余场（次）  | 70          | 场(次)  | 余
    一名          | 1           | 名      |
    十三个        | 13          | 个      |
    两场          | 2           | 场      |
    二十余        | 20          |         | 余
    二十余场      | 20          | 场      | 余
    二点五天      | 2.5         | 天      |
    2.1万人       | 21000       | 人      |
    1236.1409万元 | 12361409    | 元      |
    411.60元      | 411.60      | 元      |
    1124500.17元  | 1124500.17  | 元      |
    120㎡         | 120         | m2      |
    225人次/场    | 225         | 人次/场 |
"""

UNREADABLE = """
    若干              | C004
    数百              | C004
    第8次             | C004
    三四十人          | C004
    约合3             | C004
    =SUM(A1)          | C004
    300左右人次       | C004
    1,29              | C004
    33087户57374人    | C012
    20-30人           | C012
    12 34             | C012
    11次（含线上3次） | C012
    ×亿元             | C013
    XX件              | C013
    **                | C013
"""

IN_COLUMN = """
    5场次         | 场     | 5         |
    70场(次)      | 场次   | 70        |
    5件次         | 件     | 5         | C011
    5人           | 人次   | 5         | C011
    3次活动       | 次     | 3         | C011
    约3件         | 次     | 3         | C011 C010
    3次以上       | 次     | 3         | C010
    85人次        | 人次   | 85        |
    1.6万人次     | 人次   | 16000     |
    1236.1409万元 | 万元   | 1236.1409 |
    二十万元      | 万元   | 20        |
    20余万元      | 万元   | 20        | C010
    5             | 万元   | 5         |
    1.2万         | 元     | 12000     |
    411.60元      | 元     | 411.60    |
    5千米         | 千米   | 5         |
    5千米         | 米     | 5000      |
    5万           | 万     | 5         |
    1236.1409万元 | 元     |           | C011
    411.60元      | 万元   |           | C011
    1.2亿元       | 万元   |           | C011
    1.2万         | 万元   |           | C011
    5000人次      | 万人次 |           | C011
    98%           | 人次   |           | C011
    98分          | %      |           | C011
"""

RATIOS = """
    １００％           | 1     |
    100%               | 1     |
    1                  | 1     |
    0.272              | 0.272 |
    91.5%              | 0.915 |
    120%               | 1.2   |
    达100%             | 1     |
    百分之九十八点五   | 0.985 |
    90%以上            | 0.9   | C010
    30%多              | 0.3   | C010
    98                 | 98    | C016
"""

IN_TEXT = """
    33087户57374人                               | 33087户 57374人
    发放宣传品5000余件次，接受政策咨询1千余人次  | 5000件次 1000人次
    条幅50余条，海报40余张，制作电子宣传片1个    | 50条 40张 1个
    已为19名儿童做了亲子鉴定，完成38名儿童落户   | 19名 38名
    只有办公室一名同志，每年进行一次             | 1名 1次
    参学率和合格率均达到100％                    | 1
    一是一起一面抓，十分重视，三是第一责任人     |
    第8次、第十八次会议                          |
    2023年5月20日，2021—2025年，11月23日-29日    |
    新民字〔2024〕2号                            |
    5件、-3件                                    | 5件 -3件
"""


def value_of(raw: RawValue, **column: object) -> Quantity:
    value = read_number(raw, **column).value  # type: ignore[arg-type]
    assert isinstance(value, Quantity)
    return value


def codes_of(raw: RawValue, **column: object) -> str:
    return " ".join(problem.code for problem in read_number(raw, **column).problems)  # type: ignore[arg-type]


@pytest.mark.parametrize(("typed", "value", "unit", "mark"), cases(NUMBERS))
def test_phrase_is_read_as_its_value(typed: str, value: str, unit: str, mark: str) -> None:
    got = value_of(typed)
    assert (got.value, got.unit, got.mark, got.inexact) == (Decimal(value), unit, mark, bool(mark))
    assert codes_of(typed) == ("C010" if mark else "")


@pytest.mark.parametrize(("typed", "code"), cases(UNREADABLE))
def test_what_has_no_single_value_is_not_guessed(typed: str, code: str) -> None:
    assert read_number(typed).value is None
    assert codes_of(typed) == code


def test_number_too_long_to_mean_anything_is_not_read() -> None:
    assert codes_of("9" * 40) == "C004"
    assert codes_of("一" + "亿" * 500) == "C004"


@pytest.mark.parametrize(("typed", "unit", "value", "codes"), cases(IN_COLUMN))
def test_unit_is_held_against_the_column(typed: str, unit: str, value: str, codes: str) -> None:
    got = read_number(typed, unit=unit).value
    assert (got.value if isinstance(got, Quantity) else None) == (Decimal(value) if value else None)
    assert codes_of(typed, unit=unit) == codes


@pytest.mark.parametrize("column", [{"percent": True}, {"unit": "%"}, {"unit": "％"}], ids=["百分比列", "%", "％"])
@pytest.mark.parametrize(("typed", "value", "codes"), cases(RATIOS))
def test_ratio_is_one_for_a_hundred_percent(typed: str, value: str, codes: str, column: dict[str, object]) -> None:
    raws: list[RawValue] = [typed] if not typed.isascii() or "%" in typed else [typed, float(typed), Decimal(typed)]
    for raw in raws:
        assert (value_of(raw, **column).value, value_of(raw, **column).percent) == (Decimal(value), True)
        assert codes_of(raw, **column) == codes


def test_none_zero_not_applicable_and_blank_are_four_things() -> None:
    assert [read_number(raw).value for raw in ("无", "—", "-", "/", "不适用", "", None, " \u200b ")] == [
        Absent.NONE, *[Absent.NOT_APPLICABLE] * 4, None, None, None]
    assert value_of(0).value == value_of("0").value == value_of("零").value == 0
    assert read_number("").problems == ()


@pytest.mark.parametrize(("raw", "value"), [
    pytest.param(386.5, "386.5", id="浮点数"),
    pytest.param(0.1 + 0.2, "0.3", id="十五位有效数字"),
    pytest.param(1236.1409, "1236.1409", id="四位小数"),
    pytest.param(-0.0, "0", id="负零"),
    pytest.param(Decimal("20867900.10"), "20867900.10", id="十进制数"),
    pytest.param(7, "7", id="整数"),
])
def test_stored_number_is_exact(raw: RawValue, value: str) -> None:
    assert str(value_of(raw).value) == value


def test_no_stored_value_but_a_number_is_a_number() -> None:
    raws = (True, dt.date(2025, 3, 5), dt.time(8), dt.timedelta(1), float("nan"), float("inf"), 1e300)
    assert [codes_of(raw) for raw in raws] == ["C004"] * len(raws)
    assert codes_of(ErrorValue("#REF!")) == "C007"


def test_whole_numbers_are_demanded_where_the_column_counts() -> None:
    assert (codes_of(1.5, whole=True), codes_of("1.5", whole=True)) == ("C015", "C015")
    assert value_of("1.6万", whole=True).value == 16000
    assert value_of(2.0, whole=True).value == 2


def test_how_it_was_written_is_kept() -> None:
    assert (value_of("1.6万余份").scale, value_of("1.6万余份").places) == ("万", 1)
    assert (value_of("二十万元").scale, value_of("二十万元").chinese) == ("万", True)
    assert (value_of("411.60元").places, value_of("98%").percent) == (2, True)


@pytest.mark.parametrize(("text", "found"), cases(IN_TEXT))
def test_all_quantities_of_a_phrase(text: str, found: str) -> None:
    assert " ".join(f"{one.value:f}{one.unit}" for one in quantities(text)) == found


NOISE = st.sampled_from(["", "\u200b", "\ufeff", "\u00ad", "\u2060"])
WIDE = str.maketrans("0123456789.,%-()", "０１２３４５６７８９．，％－（）")


@given(st.sampled_from(column(NUMBERS)), st.data(), st.booleans())
def test_invisible_and_full_width_characters_change_nothing(typed: str, data: st.DataObject, wide: bool) -> None:
    shown = typed.translate(WIDE) if wide else typed
    noisy = " " + "".join(data.draw(NOISE) + character for character in shown) + "\u3000\u00a0\n"
    assert read_number(noisy) == read_number(typed)


@given(st.one_of(st.text("0123456789.,一十百千万亿余多约近以上第%元件次人场()-/×X 无", max_size=24), st.text()))
def test_any_text_is_read_or_explained(typed: str) -> None:
    reading = read_number(typed, unit="件")
    assert all(problem.code in FAULTS for problem in reading.problems)
    assert reading.value is not None or reading.problems or not tidy(typed)
