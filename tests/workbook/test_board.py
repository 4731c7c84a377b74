"""The numbers a workbook shows: live metrics with their values, the board and its charts."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import pytest
from written import board, book_of, made, opened, sheet_xml

from tests.hand_counted import hand_counted
from workbook.findings import Refusal
from workbook.raw import RawSheet, RawValue
from workbook.schema import METRICS
from workbook.standard import look, xlsx_cells
from workbook.standard.cached import cached_values
from workbook.standard.layout import FIRST_ROW, lay_out
from workbook.standard.metric_cells import MetricValues
from workbook.standard.writer import write


@pytest.fixture(scope="module")
def book() -> Any:
    return opened(made())


@pytest.fixture(scope="module")
def values() -> Any:
    return opened(made(), values=True)


def test_metrics_show_formulas_with_their_values(book: Any, values: Any) -> None:
    places = lay_out(hand_counted())[METRICS.title].by_title
    year, reported, phrase = (places[title].letter for title in ("本年值", "报告值", "报告表述"))
    assert book["指标"][f"{reported}4"].value.startswith("=IF(OR(COUNT(规划期起,统计止)<2,ISTEXT(")
    assert (values["指标"][f"{year}4"].value, values["指标"][f"{reported}4"].value) == (3, 14)
    assert book["指标"][f"{phrase}4"].value == "14场"


def test_a_value_without_a_formula_is_a_number(book: Any) -> None:
    places = lay_out(hand_counted())[METRICS.title].by_title
    row = next(row for row in range(FIRST_ROW, 40) if book["指标"][f"A{row}"].value == "M14")
    assert book["指标"][f"{places['报告值'].letter}{row}"].value == 11000


def test_a_metric_nobody_computed_shows_nothing() -> None:
    sheet = opened(write(hand_counted(), {"M01": MetricValues(None, None, "")}))["指标"]
    places = lay_out(hand_counted())[METRICS.title].by_title
    first, second = (sheet[f"{places['本年值'].letter}{row}"].value for row in (FIRST_ROW, FIRST_ROW + 1))
    assert first.startswith("=IF(")
    assert second is None


def test_an_unknown_value_is_cached_as_no_text() -> None:
    assert re.search(r't="str"><f>IF\(COUNT\(统计起[^<]*IFERROR[^<]*</f><v></v>', sheet_xml("指标"))


def test_the_board_counts_facts_only(values: Any) -> None:
    assert board(values) == {"任务": 6, "任务完成率": 0.6, "逾期未完成": 1, "活动场次": 4, "参与人次": 114,
                             "指标达标": "2 / 4"}


@pytest.mark.parametrize(("area", "expected"), [
    pytest.param("P6:Q9", [["已完成", 3], ["进行中", 1], ["未开始", 1], ["已取消", 1]], id="任务进展"),
    pytest.param("S6:W8", [["办公室", 1, 1, 0, 1], ["救助股", 2, 0, 0, 0], [None] * 5], id="各股室"),
    pytest.param("S12:W12", [["其他", 0, 0, 1, 0]], id="没列出的股室"),
    pytest.param("Z6:AA8", [["1月", 0], ["2月", 0], ["3月", 2]], id="各月"),
    pytest.param("Z17:AA17", [["12月", 1]], id="十二月"),
    pytest.param("AC6:AD8", [["进校园", 3], ["宣讲", 2], [None, None]], id="各类型从多到少"),
    pytest.param("AK6:AN10", [["本年场次", 3, 6, 0.5], ["规划期场次", 14, 14, 1], ["审查", 12.5, 10, 1.25],
                              ["没有分母", None, 1, None], [None] * 4], id="指标完成"),
])
def test_the_charts_are_fed_with_facts_only(values: Any, area: str, expected: list[list[Any]]) -> None:
    assert [[cell.value for cell in row] for row in values["看板"][area]] == expected


def test_what_is_overdue_depends_on_today() -> None:
    assert board(opened(made(dt.date(2025, 3, 31)), values=True))["逾期未完成"] == 0
    assert board(opened(made(dt.date(2026, 1, 1)), values=True))["逾期未完成"] == 2


def test_the_board_has_five_native_charts() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    kinds = [re.search(r"<c:(doughnutChart|barChart)>", chart) for chart in charts]
    assert [kind and kind[1] for kind in kinds] == ["doughnutChart", "barChart", "barChart", "barChart", "barChart"]
    assert all(f'<a:latin typeface="{look.FONT}"/>' in chart for chart in charts)


def test_a_blank_workbook_has_nothing_to_count_yet() -> None:
    told = board(opened(write(book_of(), {}), values=True))
    assert list(told.values()) == [0, None, 0, None, None, "0 / 0"]


def test_characters_no_file_can_hold_do_not_break_it() -> None:
    bad = "甲\x01\ud800\uffff"
    metrics: list[list[RawValue]] = [
        ["编号", "名称", "单位", "统计方式", "来源表", "条件", "目标值"],
        [f"M{bad}", bad, bad, "计数", "活动", f"类型={bad}", 1],
    ]
    book = book_of(RawSheet("指标", metrics), RawSheet("股室", [["代码", "名称"], [bad, bad]]),
                   RawSheet("字典", [["类别", "值"], ["活动.类型", bad]]),
                   head=(["机关全称", bad], ["统计起", dt.date(2025, 1, 1)], ["统计止", dt.date(2025, 12, 31)]))
    told = opened(write(book, cached_values(book)), values=True)
    assert told["指标"]["B3"].value == "甲_x0001_\ufffd\ufffd"
    assert told["看板"]["B1"].value.startswith("甲␁")


def test_a_sheet_larger_than_excels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_cells, "MOST_ROWS", 22)
    rows: list[list[RawValue]] = [["编号", "标题"], ["1", "甲"]]
    with pytest.raises(Refusal, match="章节：有23行"):
        write(book_of(RawSheet("章节", rows)), {})
