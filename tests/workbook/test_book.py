"""Recognition: sheets by name or headers, columns by header text, never by position."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.book import Book, open_quantity, recognize
from workbook.findings import Refusal
from workbook.ledger import Ledger
from workbook.raw import Merge, RawBook, RawSheet, RawValue
from workbook.rowkinds import RowKind, row_kinds

HEAD = RawSheet("报告信息", [["项目", "内容"], ["报告类型", "通用报告"], ["报告年度", 2025]])
CHAPTERS = RawSheet("章节", [["编号", "标题"], ["1", "工作情况"]])
HEADERS: list[RawValue] = ["编号", "开始日期", "活动名称", "类型", "承办股室"]
ROW: list[RawValue] = ["H1", "2025-03-01", "进校园宣讲", "进校园", "办公室"]


def book(*sheets: RawSheet) -> Book:
    return recognize(RawBook("台账.xlsx", (HEAD, CHAPTERS, *sheets)))


def events(rows: list[list[RawValue]], name: str = "活动", merges: tuple[Merge, ...] = ()) -> RawSheet:
    return RawSheet(name, rows, merges=merges)


def names(made: Book) -> list[RawValue]:
    return made.tables["活动"].values("活动名称")


@given(st.permutations(range(3)))
def test_sheets_may_stand_in_any_order(order: list[int]) -> None:
    sheets = (HEAD, CHAPTERS, events([HEADERS, ROW]))
    made = recognize(RawBook("台账.xlsx", tuple(sheets[at] for at in order)))
    assert names(made) == ["进校园宣讲"]


@given(st.permutations(range(5)))
def test_columns_may_stand_in_any_order(order: list[int]) -> None:
    made = book(events([[HEADERS[at] for at in order], [ROW[at] for at in order]]))
    assert names(made) == ["进校园宣讲"]


@pytest.mark.parametrize("above", [
    [["临溪县民政局2025年活动台账"]], [["活动台账"], [None, None], ["填报单位：办公室", None, "单位：场"]],
    [["临溪县民政局2025年活动台账"], [], []],
], ids=["一行标题", "标题和填报单位", "标题下有空行"])
def test_title_rows_may_stand_above_the_headers(above: list[list[RawValue]]) -> None:
    made = book(events([*above, HEADERS, ROW], merges=(Merge(1, 1, 1, 5),)))
    assert names(made) == ["进校园宣讲"]
    assert made.tables["活动"].cell(0, "活动名称").a1 == f"C{len(above) + 2}"


@pytest.mark.parametrize("header", ["活动名称*", "活动名称（必填）", " 活动 名称 ", "活动\n名称", "活动名称：", "名称"])
def test_a_header_is_known_by_its_text(header: str) -> None:
    made = book(events([["编号", "开始日期", header, "类型", "承办股室"], ROW]))
    assert names(made) == ["进校园宣讲"]


def test_a_renamed_sheet_is_known_by_its_headers_and_said_so() -> None:
    made = book(events([HEADERS, ROW], name="2025年普法台账"))
    assert names(made) == ["进校园宣讲"]
    assert [one.code for one in made.findings if one.code == "S005"] == ["S005"]


def test_a_copy_of_a_sheet_is_not_read_and_said_so() -> None:
    made = book(events([HEADERS, ROW]), events([HEADERS, ROW, ROW], name="活动 (2)"))
    assert len(made.tables["活动"]) == 1
    assert "S002" in [one.code for one in made.findings]
    assert [sheet.name for sheet in made.others] == ["活动 (2)"]


def test_extra_columns_are_kept_and_quantities_are_numbers() -> None:
    made = book(events([[*HEADERS, "审核意见", "环保袋(个)"], [*ROW, "属实", 12]]))
    table = made.tables["活动"]
    assert table.values("审核意见") == ["属实"]
    assert [header.column for header in table.headers if header.text == "审核意见"] == [None]
    assert table.values("环保袋（个）") == [12]


def test_an_exact_header_beats_an_alias() -> None:
    made = book(events([["序号", *HEADERS], [1, *ROW]]))
    assert made.tables["活动"].values("编号") == ["H1"]
    assert made.tables["活动"].values("序号") == [1]


def test_a_book_of_something_else_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match=r"工资\.xlsx：不是标准台账"):
        recognize(RawBook("工资.xlsx", (RawSheet("Sheet1", [["姓名", "工资"], ["甲", 1]]),)))


def test_blank_rows_between_rows_are_passed_over_and_places_stay_true() -> None:
    made = book(events([HEADERS, ROW, [], [None] * 5, ROW]))
    assert made.tables["活动"].numbers == (2, 5)


@pytest.mark.parametrize(("row", "kind"), [
    (["合计", None, None, None, None], RowKind.TOTAL), ([None, "小计：", None, None, None], RowKind.TOTAL),
    ([None, None, "合计赛", "比赛", "办公室"], RowKind.FACT),
    ([None, "2025-05-01", "合计赛", "比赛", "办公室"], RowKind.FACT),
    (["一季度", None, None, None, None], RowKind.BANNER), (["二、进校园", None, None, None, None], RowKind.BANNER),
    (["示例1", "2025-03-01", "宣讲", "进校园", "办公室"], RowKind.EXAMPLE), (ROW, RowKind.FACT),
    ([None, None, "只写了名称", None, None], RowKind.FACT),
], ids=["合计", "小计在日期列", "合计赛没日期", "合计赛", "一季度", "分段", "示例", "普通", "没填全"])
def test_what_a_row_is(row: list[RawValue], kind: RowKind) -> None:
    assert row_kinds(book(events([HEADERS, row])).tables["活动"]) == [kind]


def test_ditto_and_merged_cells_take_the_value_above() -> None:
    rows = [HEADERS, ROW, ["H2", "2025-03-02", "进社区", None, "同上"], ["H3", "2025-03-03", "进村", "进村居", "〃"]]
    records = Ledger(book(events(rows, merges=(Merge(2, 4, 3, 4),))))["活动"]
    assert records.texts("类型") == ["进校园", "进校园", "进村居"]
    assert records.texts("承办股室") == ["办公室"] * 3
    assert sorted(one.code for one in records.findings) == ["S010", "S010", "S011"]


@pytest.mark.parametrize(("header", "title"), [
    ("环保袋（个）", "环保袋（个）"), ("雨 伞(把)", "雨伞（把）"), ("备注", None), ("（个）", None)])
def test_an_offices_own_quantity_column(header: str, title: str | None) -> None:
    column = open_quantity(header)
    assert (column.title if column else None) == title
