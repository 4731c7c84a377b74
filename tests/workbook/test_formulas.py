"""Live formulas: which definitions Excel can count, and where the value has to stand alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.hand_counted import COUNTED, hand_counted
from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.book import Book, recognize
from workbook.standard import formulas as made
from workbook.standard.cached import cached_values
from workbook.standard.formulas import Formulas, metric_formulas
from workbook.standard.layout import lay_out
from workbook.standard.terms import reference
from workbook.text import parse

EVENTS = """
## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 节点 | 场次 | 承办股室 | 参与（人次） | 进度快慢 |
|---|---|---|---|---|---|---|---|---|
| H1 | 2025-01-01 | 甲 | 讲座（线上） | 12月4日 | 2 | 办公室 | 100 | 快 |
"""

COLUMNS = [
    "编号", "名称", "单位", "统计方式", "来源表", "来源列", "条件", "分子", "分母", "父指标",
    "统计期", "基数", "基数截止", "填报值",
]
MANY = "；".join("类型=" + "、".join(f"第{n}种类型的活动" for n in range(30)) for _ in range(5))


def book_of(*metrics: str, head: str = HEAD) -> Book:
    rows = "\n".join(f"| {' | '.join(pad(row, len(COLUMNS)))} |" for row in (COLUMNS, ["---"] * len(COLUMNS), *metrics))
    return recognize(parse(f"{head}\n{ONE_CHAPTER}\n{EVENTS}\n## 指标\n\n{rows}\n", "试.md"))


def pad(row: str | Sequence[str], width: int) -> list[str]:
    cells = [cell.strip() for cell in row.split("|")] if isinstance(row, str) else list(row)
    return (cells + [""] * width)[:width]


def only(*metrics: str, head: str = HEAD) -> Formulas:
    """The formulas of the first metric."""
    book = book_of(*metrics, head=head)
    return metric_formulas(book, lay_out(book))[metrics[0].split("|")[0].strip()]


def test_the_program_counts_what_was_counted_by_hand() -> None:
    values = cached_values(hand_counted())
    for code, (year, reported) in COUNTED.items():
        known = values[code]
        assert (known.this_year is None, known.reported is None) == (year is None, reported is None)
        if year is not None and reported is not None:
            assert float(known.this_year or 0) == pytest.approx(year), code
            assert float(known.reported or 0) == pytest.approx(reported), code


def test_every_hand_counted_metric_but_a_phrase_has_formulas() -> None:
    book = hand_counted()
    live = metric_formulas(book, lay_out(book))
    assert {code for code in COUNTED if not (live[code].this_year and live[code].reported)} == {"M14"}


def test_a_sum_is_a_sumproduct_in_comma_form_so_that_text_adds_nothing() -> None:
    live = only("M1|甲|人|求和|活动|参与（人次）|类型=讲座")
    assert live.this_year.startswith('=IF(COUNT(统计起,统计止)<2,"",SUMPRODUCT(')
    assert live.this_year.endswith("),活动[参与（人次）]))")


def test_events_are_counted_by_times_held_and_a_blank_is_one() -> None:
    assert only("M1|甲|场|计数|活动").this_year.endswith("*(1-ISNUMBER(活动[场次]))))")


def test_the_reported_value_of_this_year_is_the_cell_beside_it() -> None:
    assert only("M1|甲|场|计数|活动").reported == "=指标[[#This Row],[本年值]]"


def test_the_span_of_days_follows_统计期() -> None:
    plan, ever = only("M1|甲|场|计数|活动||||||规划期").reported, only("M1|甲|场|计数|活动||||||截至").reported
    assert "(活动[开始日期]>=规划期起)" in plan
    assert "COUNT(规划期起,统计止)<2" in plan
    assert ">=规划期起" not in ever
    assert ">=统计起" not in ever
    assert "(活动[开始日期]<统计止+1)" in ever
    assert "ISNUMBER(活动[开始日期])*" in ever


def test_a_base_is_added_and_its_days_are_left_out() -> None:
    reported = only("M1|甲|场|计数|活动||||||规划期|5|2024-12-31").reported
    assert "指标[[#This Row],[基数]]+SUMPRODUCT(" in reported
    assert "(活动[开始日期]>=N(指标[[#This Row],[基数截止]])+1)" in reported


def test_totals_and_examples_are_left_out_by_exact_word() -> None:
    formula = only("M1|甲|场|计数|活动").this_year
    assert 'ISERROR(FIND("|"&活动[编号]&"|","|合计|小计|总计|共计|累计|"))' in formula
    assert 'ISERROR(FIND("|示例","|"&活动[编号]&"|"&活动[活动名称]&"|"&活动[备注]))' in formula


def test_values_are_found_between_marks_however_the_sheet_spells_them() -> None:
    formula = only("M1|甲|场|计数|活动||类型=讲座（线上）、培训").this_year
    for value in ("讲座(线上)", "讲座（线上）", "培训"):
        assert f'ISNUMBER(FIND("、{value}、","、"&活动[类型]&"、"))' in formula


def test_a_day_is_found_by_its_name_and_by_its_date() -> None:
    formula = only("M1|甲|场|计数|活动||节点=国家宪法日").this_year
    assert '"、国家宪法日、"' in formula
    assert '"、12月4日、"' in formula


def test_a_ratio_holds_its_parts_and_survives_an_empty_base() -> None:
    live = only("M1|比|%|比率||||M2|M3", "M2|上|场|计数|活动", "M3|下|人|求和|活动|参与（人次）")
    assert live.this_year.count("SUMPRODUCT(") == 3
    assert "IFERROR((" in live.this_year
    assert live.this_year.endswith(',""))')


def test_the_parts_of_a_total_are_looked_up_by_their_code() -> None:
    live = only("M1|总|件|合计", "M2|甲|件|填报||||||M1||||12", "M3|乙|件|计数|活动|||||M1|规划期|5")
    assert 'INDEX(指标[填报值],MATCH("M2",指标[编号],0))+' in live.reported
    assert 'INDEX(指标[基数],MATCH("M3",指标[编号],0))+SUMPRODUCT(' in live.reported


def test_no_formula_refers_to_the_column_it_stands_in() -> None:
    book = hand_counted()
    for live in metric_formulas(book, lay_out(book)).values():
        assert "[报告值]" not in live.this_year + live.reported
        assert "[本年值]" not in live.this_year


@pytest.mark.parametrize("row", [
    pytest.param("M1|甲|场|计数|活动||类型讲座", id="条件看不懂"),
    pytest.param("M1|甲|场|计数|活动||没有的列=讲座", id="没有这一列"),
    pytest.param('M1|甲|场|计数|活动||类型=“甲、乙”', id="值里有顿号"),
    pytest.param("M1|甲|场|计数|活动||开始日期=2025-01-01", id="日期列的条件"),
    pytest.param("M1|甲|场|计数|活动||类型=" + "长" * 201, id="值太长"),
    pytest.param("M1|甲|场|求和|活动|没有的列", id="没有来源列"),
    pytest.param("M1|甲|场|填报||||||||||1.1万", id="填报值是话"),
    pytest.param("M1|甲|场|填报", id="没有填报值"),
    pytest.param("M1|甲|场|合计", id="没有部分的合计"),
    pytest.param("M1|甲|%|比率||||M1|M1", id="引用自己"),
    pytest.param("M1|甲|%|比率||||M1|M9", id="没有分母"),
    pytest.param("M1|甲|场|计数|活动||" + MANY, id="公式太长"),
])
def test_what_excel_cannot_say_has_no_formula(row: str) -> None:
    assert only(row) == Formulas()


def test_a_base_in_words_leaves_only_the_year_live() -> None:
    live = only("M1|甲|场|计数|活动||||||规划期|1.1万")
    assert live.this_year
    assert not live.reported


def test_a_period_typed_as_text_leaves_nothing_live() -> None:
    assert only("M1|甲|场|计数|活动", head=HEAD.replace("2025-01-01", "2025.1.1")) == Formulas()


def test_a_period_not_filled_yet_is_waited_for() -> None:
    live = only("M1|甲|场|计数|活动", head=HEAD.replace("2025-01-01", ""))
    assert live.this_year.startswith("=IF(COUNT(统计起,统计止)<2")


def test_a_repeated_code_is_counted_once_by_its_first_row() -> None:
    book = book_of("M1|甲|场|计数|活动", "M1|乙|人|求和|活动|参与（人次）")
    assert metric_formulas(book, lay_out(book))["M1"].this_year.endswith("ISNUMBER(活动[场次]))))")


def test_a_huge_ledger_keeps_its_values_and_opens_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "MOST_WORK", 0)
    book = book_of("M1|甲|场|计数|活动")
    assert metric_formulas(book, lay_out(book)) == {}


@pytest.mark.parametrize(("header", "expected"), [
    pytest.param("类型", "活动[类型]", id="常见"),
    pytest.param("参与（人次）", "活动[参与（人次）]", id="全角括号"),
    pytest.param("环保袋(个)", "活动[[环保袋(个)]]", id="半角括号"),
    pytest.param("a,b's #[x]@", "活动[[a,b''s '#'[x']'@]]", id="要转义的"),
    pytest.param("经费\n（万元）", "活动[[经费\n（万元）]]", id="换行"),
])
def test_headers_are_escaped_as_structured_references_ask(header: str, expected: str) -> None:
    assert reference("活动", header) == expected


def test_an_own_quantity_column_is_summed_under_its_written_header() -> None:
    book = book_of("M1|甲|个|求和|活动|环保袋（个）")
    sheets = tuple(sheet._replace(rows=[[*row, "环保袋(个)" if not n else 5] for n, row in enumerate(sheet.rows)])
                   if sheet.name == "活动" else sheet for sheet in book.raw.sheets)
    book = recognize(book.raw._replace(sheets=sheets))
    assert metric_formulas(book, lay_out(book))["M1"].this_year.endswith(",活动[[环保袋(个)]]))")
