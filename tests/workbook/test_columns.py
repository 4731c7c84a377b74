"""Columns read once a value, and sets of rows: always what reading and adding row by row would give."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook import book, columns
from workbook.book import fold, recognize
from workbook.columns import Addable, Values, each_once, row_set, rows_in
from workbook.conditions import Condition, split_values
from workbook.facts import Facts
from workbook.ledger import Ledger
from workbook.normalize import Quantity, read_number, read_text
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.rowkinds import is_ditto

NUMBERS = st.one_of(st.booleans(), st.integers(-3, 3), st.sampled_from((0.0, -0.0, 1.0, 1.5, 1e3)),
                    st.sampled_from([Decimal(text) for text in ("1", "1.0", "1.5", "1.50", "-2.25", "1E+3", "0.00")]))
STORED: st.SearchStrategy[RawValue] = st.one_of(
    st.none(), NUMBERS, st.sampled_from(("", " ", "1", "无", "约50", "同上")),
    st.sampled_from((dt.date(2025, 1, 1), dt.datetime(2025, 1, 1), dt.datetime(2025, 1, 1, 8, 30))))
ROUND = st.sampled_from([Decimal(1), Decimal("1E+3"), Decimal("0.5")])
CLOSE = st.decimals(-10**6, 10**6, allow_nan=False, places=2) | ROUND


@settings(deadline=None)
@given(st.lists(STORED, max_size=40))
def test_what_is_read_once_a_value_is_what_every_cell_says(stored: list[RawValue]) -> None:
    values = Values(stored)
    assert values.spread(each_once(values, read_text)) == [read_text(one) for one in stored]
    assert values.spread(each_once(values, read_number)) == [read_number(one) for one in stored]


def test_equal_values_that_read_differently_are_told_apart() -> None:
    values = Values([True, 1, 1.0, Decimal("1.5"), Decimal("1.50"), 1.5])
    assert len(values.different) == 6
    assert values.spread(each_once(values, read_text)) == ["TRUE", "1", "1", "1.5", "1.5", "1.5"]


@settings(deadline=None)
@given(st.sets(st.integers(0, 700)), st.integers(0, 99))
def test_a_set_of_rows_holds_the_rows_put_in(rows: set[int], after: int) -> None:
    size = max(rows, default=-1) + 1 + after
    assert rows_in(row_set(rows, size), size) == sorted(rows)


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), max_size=60), st.sets(st.integers(0, 400), max_size=9), st.integers(0, 400))
def test_the_rows_of_some_values(held: list[int], wanted: set[int], more: int) -> None:
    """With few different values, and with more than a byte tells apart."""
    stored: list[RawValue] = [f"值{one}" for one in (*held, *range(more))]
    values, sought = Values(stored), {f"值{number}" for number in wanted}
    places = values.places(one in sought for one in values.different)
    assert rows_in(values.having(places), len(stored)) == [
        row for row, one in enumerate((*held, *range(more))) if one in wanted]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 400), max_size=60), st.sets(st.integers(0, 400), max_size=9))
def test_the_rows_of_some_values_one_look_a_row(monkeypatch: pytest.MonkeyPatch, held: list[int],
                                               wanted: set[int]) -> None:
    """As where there are more different values than two bytes are quick for."""
    monkeypatch.setattr(columns, "_FEW_HIGH", 0)
    values = Values([f"值{one}" for one in (*held, *range(400))])
    found = values.having(values.places(one in {f"值{number}" for number in wanted} for one in values.different))
    assert rows_in(found, len(held) + 400) == [row for row, one in enumerate((*held, *range(400))) if one in wanted]


@settings(deadline=None)
@given(st.lists(st.sampled_from(("H1", "h2", "xx", "", " ", "合计", "同上", "//", "12", "１", None, 3)), max_size=9))
def test_a_plain_column_is_clean_as_it_stands(stored: list[RawValue]) -> None:
    values = Values(stored)
    if values.plain:
        for one in values.different:
            assert read_text(one) == fold(one) == one
            assert not is_ditto(one)
    assert values.plain == (bool(stored) and all(isinstance(one, str) and one.isascii() and one.isalnum()
                                                 for one in stored))


ROWS_OF_ANY_WIDTH = st.lists(st.lists(STORED, max_size=4), max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS_OF_ANY_WIDTH)
def test_many_rows_turn_into_the_same_columns(monkeypatch: pytest.MonkeyPatch, rows: list[list[RawValue]]) -> None:
    titles: list[RawValue] = ["编号", "标题", "引语", "结语"]
    raw = RawBook("试.xlsx", (RawSheet("报告信息", [["项目", "内容"], ["报告类型", "通用报告"]]),
                             RawSheet("章节", [titles, *rows])))
    read = []
    for at_a_time in (512, 1):
        monkeypatch.setattr(book, "_TURNED", at_a_time)
        table = recognize(raw).tables["章节"]
        read.append([table.values(str(title)) for title in titles])
    assert read[0] == read[1]


@settings(deadline=None)
@given(st.lists(st.none() | CLOSE, max_size=30), st.data())
def test_a_sum_over_any_rows_is_the_sum_of_their_numbers(numbers: list[Decimal | None], data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(range(len(numbers)))) if numbers else st.just(set()))
    values = Values(list(numbers))
    read = [Quantity(one) if isinstance(one, Decimal) else None for one in values.different]
    total = Addable(values, read).total(row_set(chosen, len(numbers)))
    naive = sum((one for row in chosen if (one := numbers[row]) is not None), Decimal(0))
    assert (total, str(abs(total))) == (naive, str(abs(naive)))


def test_no_sum_is_rounded() -> None:
    values = Values([10**20, Decimal("0.000000000000001")])
    read = [Quantity(Decimal(10**20)), Quantity(Decimal("0.000000000000001"))]
    assert str(Addable(values, read).total(0b11)) == "100000000000000000000.000000000000001"


DAYS = st.sampled_from((None, dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 6, 30), dt.date(2026, 1, 1),
                        "2025年5月", "下半年", "不知道"))
KINDS = st.sampled_from((None, "进校园", "宣讲", "进校园、宣讲", " 进 校园", "进校园后备"))
PLACES = st.sampled_from((None, "本局", "全系统"))
COUNTS = st.sampled_from((None, 0, 2, 7, "无", "约50", "1.1万", Decimal("2.5"), "很多"))
NAMES = st.sampled_from(("讲一课", "合计", "示例：讲一课"))
ROWS = st.lists(st.tuples(DAYS, KINDS, PLACES, COUNTS, COUNTS, NAMES), max_size=12)
TITLES: list[RawValue] = ["编号", "开始日期", "类型", "范围", "场次", "参与（人次）", "活动名称"]
METRICS: list[RawValue] = ["编号", "名称", "统计方式", "来源表", "来源列", "条件", "统计期", "基数截止"]
CASES = list(product(("计数", "求和"), ("本年", "规划期", "截至"),
                     (None, "类型=进校园", "类型=宣讲、进校园；范围=全系统"), (None, dt.date(2025, 1, 1))))


def _ledger(rows: list[tuple[RawValue, ...]]) -> Ledger:
    events: list[list[RawValue]] = [TITLES, *([f"H{number}", *row] for number, row in enumerate(rows))]
    metrics: list[list[RawValue]] = [METRICS]
    for number, (method, period, condition, until) in enumerate(CASES):
        column = "参与（人次）" if method == "求和" else None
        metrics.append([f"M{number}", f"指标{number}", method, "活动", column, condition, period, until])
    head: list[list[RawValue]] = [["项目", "内容"], ["报告类型", "通用报告"], ["报告年度", 2025],
                                  ["统计起", dt.date(2025, 1, 1)], ["统计止", dt.date(2025, 12, 31)],
                                  ["规划期起", dt.date(2024, 6, 1)]]
    return Ledger(recognize(RawBook("试.xlsx", (
        RawSheet("报告信息", head), RawSheet("章节", [["编号", "标题"], ["1", "甲"]]),
        RawSheet("活动", events), RawSheet("指标", metrics)))))


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_every_metric_is_what_a_recount_row_by_row_gives(rows: list[tuple[RawValue, ...]]) -> None:
    facts = Facts(_ledger(rows))
    for metric, case in zip(facts.metrics, CASES, strict=True):
        total, places = _recount(rows, case)
        amount = facts.amount(metric)
        assert (amount.value, [cell.row for cell in amount.rows]) == (total, places), case


def _recount(rows: list[tuple[RawValue, ...]], case: tuple[str, str, str | None, dt.date | None]
             ) -> tuple[Decimal, list[int]]:
    """The value and the numbers of the summed rows, by looking at one row after the other."""
    method, period, condition, until = case
    first = {"本年": dt.date(2025, 1, 1), "规划期": dt.date(2024, 6, 1), "截至": dt.date.min}[period]
    if until and period != "本年":
        first = max(first, until + dt.timedelta(days=1))
    total, places = Decimal(0), []
    for number, (day, kind, place, sessions, people, name) in enumerate(rows, 2):
        stated = read_number(people if method == "求和" else sessions).value
        value = stated if isinstance(stated, Quantity) else Quantity(Decimal(1)) if method == "计数" else None
        if name == "讲一课" and _lies(day, first) and _meets(kind, place, condition) and value:
            total += value.value
            places.append(number)
    return total, places


def _lies(day: RawValue, first: dt.date) -> bool:
    last = dt.date(2025, 12, 31)
    spans = {"2025年5月": (dt.date(2025, 5, 1), dt.date(2025, 5, 31)), "下半年": (dt.date(2025, 7, 1), last)}
    start, end = spans.get(str(day), (day, day))
    return isinstance(start, dt.date) and isinstance(end, dt.date) and first <= start and end <= last


def _meets(kind: RawValue, place: RawValue, condition: str | None) -> bool:
    kinds = {one.replace(" ", "") for one in split_values(str(kind or ""))}
    if condition is None:
        return True
    if "宣讲" not in condition:
        return "进校园" in kinds
    return bool(kinds & {"进校园", "宣讲"}) and place == "全系统"


def test_the_same_selection_by_conditions_alone() -> None:
    facts = Facts(_ledger([(None, kind, None, None, None, "讲一课") for kind in ("进校园、宣讲", "宣讲")]))
    assert facts.select("活动", (Condition("类型", ("进校园",)),)) == [0]
    assert facts.select("活动", ()) == [0, 1]
