"""Days and periods as clerks type them, and what is not guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from case_table import cases
from hypothesis import example, given
from hypothesis import strategies as st

from workbook.dates import read_date, read_period
from workbook.faults import FAULTS
from workbook.numerals import to_chinese
from workbook.periods import Period, Precision
from workbook.raw import ErrorValue, RawValue
from workbook.readings import tidy

YEAR = 2023
MAY_20 = dt.date(2023, 5, 20)

SAME_DAY: list[RawValue] = [
    "2023.5.20", "2023-5-20", "2023/5/20", "2023-05-20", "2023年5月20日", "2023年5月20号", "20230520", "5月20日",
    "２０２３年５月２０日", " 2023年 5月 20日 ", "2023-05-20 00:00:00", "2023-05-20T09:30:00", "2023年5月20日 14:30",
    "2023年5月20日（星期六）", "2023年5月20日上午", "2023.5.20。", "2023\u200b.5.20", "今年5月20日",
    "二〇二三年五月二十日", "二○二三年五月二十日", "五月二十日",
    MAY_20, dt.datetime(2023, 5, 20, 14, 30), 45066, 45066.75, Decimal(45066), 20230520,
]

NO_DAY = """
    2023年5月       | C008 | 月
    2023.5          | C008 | 月
    2023-05         | C008 | 月
    202305          | C008 | 月
    5月             | C008 | 月
    2023年          | C008 | 年
    2023            | C008 | 年
    全年            | C008 | 年
    上半年          | C008 | 半年
    第一季度        | C008 | 季度
    6月上旬         | C008 | 旬
    截至11月底      | C008 | 月
    2021—2025年     | C008 | 年
    11月23日-29日   | C008 | 一段时间
    目前            | C008 | 一段时间
    2024-13-01      | C003 |
    2月30日         | C003 |
    2023-02-29      | C003 |
    20230230        | C003 |
    5月32日         | C003 |
    二月三十日      | C003 |
    5.2             | C009 | 5月2日或5月20日
    23.5.20         | C009 | 2023年5月20日
    23年5月20日     | C009 | 2023年5月20日
    XX月XX日        | C013 |
    2023年×月       | C013 |
    尽快            | C002 |
    5/20/2023       | C002 |
    2023-5.20       | C002 |
    13.45           | C002 |
"""

STORED_NO_DAY: list[tuple[RawValue, str, str]] = [
    (2023, "C008", "年"), (202305, "C008", "月"), (2023.5, "C008", "月"), (20230230, "C003", ""),
    (5.2, "C009", "5月2日或5月20日"), (Decimal("5.2"), "C009", "5月2日或5月20日"), (12.4, "C009", "12月4日"),
    (2.3, "C009", "2月3日"), (520, "C002", ""), (0, "C002", ""), (-3, "C002", ""), (True, "C002", ""),
    (dt.time(8), "C002", ""), (float("nan"), "C002", ""), (1e300, "C002", ""), ("1" * 60, "C002", ""),
    (ErrorValue("#VALUE!"), "C007", ""),
]

PERIODS = """
    2023年5月20日                | 2023-05-20 | 2023-05-20 | 日
    11月23日-29日                | 2023-11-23 | 2023-11-29 | 日
    11月23—29日                  | 2023-11-23 | 2023-11-29 | 日
    5月20日至22日                | 2023-05-20 | 2023-05-22 | 日
    5月20日至6月3日              | 2023-05-20 | 2023-06-03 | 日
    2022年11月23日-29日          | 2022-11-23 | 2022-11-29 | 日
    2023.5.20-22                 | 2023-05-20 | 2023-05-22 | 日
    2023.5.20-5.22               | 2023-05-20 | 2023-05-22 | 日
    2023-05-20至2023-05-22       | 2023-05-20 | 2023-05-22 | 日
    2023-05-20-2023-05-22        | 2023-05-20 | 2023-05-22 | 日
    2022年12月30日至2023年1月2日 | 2022-12-30 | 2023-01-02 | 日
    2021—2025年                  | 2021-01-01 | 2025-12-31 | 年
    2021年至2025年               | 2021-01-01 | 2025-12-31 | 年
    2021-2025                    | 2021-01-01 | 2025-12-31 | 年
    1—11月                       | 2023-01-01 | 2023-11-30 | 月
    2023年1-11月                 | 2023-01-01 | 2023-11-30 | 月
    5月至7月                     | 2023-05-01 | 2023-07-31 | 月
    2023.5-7                     | 2023-05-01 | 2023-07-31 | 月
    2024年2月                    | 2024-02-01 | 2024-02-29 | 月
    2023年12月                   | 2023-12-01 | 2023-12-31 | 月
    上半年                       | 2023-01-01 | 2023-06-30 | 半年
    2022年下半年                 | 2022-07-01 | 2022-12-31 | 半年
    第一季度                     | 2023-01-01 | 2023-03-31 | 季度
    二季度                       | 2023-04-01 | 2023-06-30 | 季度
    前三季度                     | 2023-01-01 | 2023-09-30 | 季度
    1至3季度                     | 2023-01-01 | 2023-09-30 | 季度
    全年                         | 2023-01-01 | 2023-12-31 | 年
    年内                         | 2023-01-01 | 2023-12-31 | 年
    2022年度                     | 2022-01-01 | 2022-12-31 | 年
    2023年底                     | 2023-01-01 | 2023-12-31 | 年
    6月上旬                      | 2023-06-01 | 2023-06-10 | 旬
    2024年2月下旬                | 2024-02-21 | 2024-02-29 | 旬
    截至11月底                   |            | 2023-11-30 | 月
    截止到11月底                 |            | 2023-11-30 | 月
    截至2023年11月25日           |            | 2023-11-25 | 日
    2023年以来                   | 2023-01-01 |            | 年
    2023年1月至今                | 2023-01-01 |            | 月
    目前                         |            |            | 目前
    截至目前                     |            |            | 目前
"""

NO_PERIOD = """
    11月20日至1月5日 | C002
    2025年-2021年    | C002
    2023年至5月20日  | C002
    20-22日          | C002
    长期             | C002
    截至长期         | C002
    2月30日至3月2日  | C003
    13月             | C003
    13月上旬         | C003
    XX月             | C013
"""


def problems_of(raw: RawValue, year: int | None = YEAR) -> list[tuple[str, str]]:
    return [(problem.code, problem.given) for problem in read_date(raw, year=year).problems]


@pytest.mark.parametrize("raw", SAME_DAY, ids=repr)
def test_every_way_of_writing_gives_the_same_day(raw: RawValue) -> None:
    assert (read_date(raw, year=YEAR).value, problems_of(raw)) == (MAY_20, [])


@pytest.mark.parametrize(("typed", "code", "blank"), cases(NO_DAY))
def test_what_names_no_single_day_is_explained(typed: str, code: str, blank: str) -> None:
    assert (read_date(typed, year=YEAR).value, problems_of(typed)) == (None, [(code, blank)])


@pytest.mark.parametrize(("raw", "code", "blank"), STORED_NO_DAY, ids=[repr(row[0])[:24] for row in STORED_NO_DAY])
def test_stored_values_that_are_no_single_day_are_explained(raw: RawValue, code: str, blank: str) -> None:
    assert (read_date(raw, year=YEAR).value, problems_of(raw)) == (None, [(code, blank)])


@pytest.mark.parametrize("raw", ["5.20", "5-20", "5/20", "5·20", "45066"])
def test_short_form_is_read_and_said_again(raw: RawValue) -> None:
    assert (read_date(raw, year=YEAR).value, problems_of(raw)) == (MAY_20, [("C014", "2023-05-20")])


@pytest.mark.parametrize("raw", [None, "", " ", "\u200b"], ids=["空白", "空字符串", "空格", "零宽字符"])
def test_blank_is_no_fault(raw: RawValue) -> None:
    assert (read_date(raw, year=YEAR).value, problems_of(raw)) == (None, [])
    assert read_period(raw, year=YEAR).value is None


def test_a_day_without_a_year_needs_the_reports_year() -> None:
    assert problems_of("5月20日", year=None) == [("C002", "")]
    assert problems_of("2023年5月20日", year=None) == []
    assert read_date("5月20日", year=2024).value == dt.date(2024, 5, 20)


def test_serials_follow_the_epoch_of_the_book() -> None:
    assert read_date(45066, year=YEAR).value == MAY_20
    assert read_date(45066 - 1462, year=YEAR, epoch1904=True).value == MAY_20
    assert read_date("43604", year=YEAR, epoch1904=True).value == MAY_20


@pytest.mark.parametrize(("raw", "start", "end", "precision"), cases(PERIODS))
def test_period_has_a_start_an_end_and_a_precision(raw: str, start: str, end: str, precision: str) -> None:
    ends = [dt.date.fromisoformat(day) if day else None for day in (start, end)]
    reading = read_period(raw, year=YEAR)
    assert (reading.value, reading.problems) == (Period(ends[0], ends[1], Precision(precision)), ())


@pytest.mark.parametrize(("raw", "code"), cases(NO_PERIOD))
def test_what_names_no_period_is_explained(raw: str, code: str) -> None:
    reading = read_period(raw, year=YEAR)
    assert (reading.value, [problem.code for problem in reading.problems]) == (None, [code])


def test_stored_days_are_periods_too() -> None:
    may_20 = Period(MAY_20, MAY_20, Precision.DAY)
    assert [read_period(raw, year=YEAR).value for raw in (MAY_20, 45066, "5.20")] == [may_20] * 3
    assert read_period(2023, year=None).value == Period(dt.date(2023, 1, 1), dt.date(2023, 12, 31), Precision.YEAR)
    assert [p.code for p in read_period(5.2, year=YEAR).problems] == ["C009"]


FORMS = st.sampled_from([
    lambda d: d.isoformat(), lambda d: f"{d.year}.{d.month}.{d.day}", lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日", lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}年{d.month:02}月{d.day:02}日",
    lambda d: f"{d.year}年{to_chinese(d.month)}月{to_chinese(d.day)}日", lambda d: d,
    lambda d: dt.datetime(d.year, d.month, d.day, 9), lambda d: d.toordinal() - dt.date(1899, 12, 30).toordinal(),
])


@given(st.dates(dt.date(1930, 1, 1), dt.date(2099, 12, 31)), FORMS)
def test_any_day_comes_back_from_any_form(day: dt.date, form: object) -> None:
    raw = form(day)  # type: ignore[operator]
    assert (read_date(raw, year=None).value, problems_of(raw, None)) == (day, [])


@given(st.integers(1900, 2099), st.integers(0, 99), st.integers(0, 99), st.sampled_from(["-", ".", "/"]))
def test_a_day_the_calendar_lacks_is_never_shifted(year: int, month: int, day: int, mark: str) -> None:
    got = read_date(f"{year}{mark}{month}{mark}{day}", year=None)
    if got.value is None:
        assert [problem.code for problem in got.problems] == ["C003"]
    else:
        assert (got.value.year, got.value.month, got.value.day) == (year, month, day)


DATE_TEXT = st.text("0123456789年月日号旬季度上中下半全至到-—./~截底以来今目前第一二三十〇 X", max_size=20)


@given(st.one_of(DATE_TEXT, st.text()))
@example("፩፩፩፩፩")
def test_any_text_is_read_or_explained(text: str) -> None:
    for reading in (read_date(text, year=YEAR), read_period(text, year=YEAR)):
        assert all(problem.code in FAULTS for problem in reading.problems)
        assert reading.value is not None or reading.problems or not tidy(text)


@given(st.one_of(st.integers(), st.floats(), st.decimals(allow_nan=False)))
def test_any_number_is_read_or_explained(number: int | float | Decimal) -> None:
    reading = read_date(number, year=YEAR)
    assert (reading.value is None) == bool(reading.problems)
