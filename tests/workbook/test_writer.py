"""The standard workbook: where everything stands, and that every stored value survives."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from any_book import raw_books
from hypothesis import HealthCheck, given, reject, settings
from openpyxl.utils import column_index_from_string
from written import book_of, made, opened, part, sheet_xml, visible

from tests.hand_counted import LEDGER, TODAY, hand_counted
from workbook import schema
from workbook.book import Book, recognize
from workbook.findings import Refusal
from workbook.raw import ErrorValue, RawBook, RawSheet, RawValue
from workbook.reading.reader import read
from workbook.schema import EVENTS, Level
from workbook.standard.cached import cached_values
from workbook.standard.layout import FIRST_ROW, HEADER_ROW, SPARE_ROWS, lay_out
from workbook.standard.made_book import Sheet
from workbook.standard.making import workbook_bytes
from workbook.standard.writer import write
from workbook.text import parse

SCREEN = 1366 - 60
"""Pixels of a small screen that are left beside row numbers and scroll bar."""


@pytest.fixture(scope="module")
def book() -> Any:
    return opened(made())


def test_sheets_stand_in_the_order_of_the_schema(book: Any) -> None:
    assert book.sheetnames == ["填写说明", "看板", "报告信息", *schema.BY_TITLE, "_选项", "_元"]
    assert {name: book[name].sheet_state for name in ("_选项", "_元")} == dict.fromkeys(("_选项", "_元"), "veryHidden")


@pytest.mark.parametrize("title", schema.BY_TITLE)
def test_every_record_sheet_is_an_excel_table_under_its_own_name(book: Any, title: str) -> None:
    sheet, layout = book[title], lay_out(hand_counted())[title]
    table = sheet.tables[title]
    last = layout.places[-1].letter
    assert table.ref == table.autoFilter.ref == f"A{HEADER_ROW}:{last}{HEADER_ROW + layout.rows + SPARE_ROWS}"
    assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[HEADER_ROW]]
    assert SPARE_ROWS >= 10


@pytest.mark.parametrize("title", schema.BY_TITLE)
def test_headers_are_the_titles_of_the_schema_then_the_offices_own(book: Any, title: str) -> None:
    sheet = schema.BY_TITLE[title]
    own = ["环保袋(个)"] if title == "活动" else []
    excuse = [schema.EXCUSE_COLUMN] if sheet.excusable else []
    assert [cell.value for cell in book[title][HEADER_ROW]] == [*sheet.titles, *own, *excuse, schema.ID_COLUMN]


@pytest.mark.parametrize("title", schema.BY_TITLE)
def test_columns_of_level_全部_are_folded_and_the_id_is_hidden(book: Any, title: str) -> None:
    shown = {book[title][f"{letter}{HEADER_ROW}"].value for letter in visible(book[title])}
    folded = {column.title for column in schema.BY_TITLE[title].columns if column.level is Level.ALL}
    assert shown.isdisjoint(folded | {schema.ID_COLUMN})
    assert shown >= {column.title for column in schema.BY_TITLE[title].columns} - folded
    levels = {dimension.outlineLevel for dimension in book[title].column_dimensions.values() if dimension.hidden}
    assert levels <= {0, 1}


def test_活动_shows_its_eight_columns_on_a_small_screen(book: Any) -> None:
    sheet = opened(write(book_of(), {}))["活动"]
    titles = [sheet[f"{letter}{HEADER_ROW}"].value for letter in visible(sheet)]
    assert titles == ["开始日期", "活动名称", "类型", "主题", "场次", "承办股室", "参与（人次）", "宣传资料（份）",
                      "不用原因"]
    widths = [sheet.column_dimensions[letter].width for letter in visible(sheet)]
    assert sum(7 * width + 5 for width in widths) <= SCREEN


@pytest.mark.parametrize("title", schema.BY_TITLE)
def test_a_required_header_is_the_darkest_and_says_nothing_more(book: Any, title: str) -> None:
    fills = {cell.value: cell.fill.fgColor.rgb for cell in book[title][HEADER_ROW]}
    for column in schema.BY_TITLE[title].columns:
        assert (fills[column.title] == f"FF{schema.BY_TITLE[title].tab}") is (column.level is Level.REQUIRED)


@pytest.mark.parametrize("title", schema.BY_TITLE)
def test_header_and_key_columns_stay_while_scrolling(book: Any, title: str) -> None:
    at = re.fullmatch(r"([A-Z]+)(\d+)", book[title].freeze_panes or "")
    assert at
    assert at[2] == str(FIRST_ROW)
    assert at[1] > "A"


@pytest.mark.parametrize("title", ["报告信息", *schema.BY_TITLE])
def test_sheets_print_on_a4_landscape_with_header_and_page_numbers(book: Any, title: str) -> None:
    sheet = book[title]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"


@pytest.mark.parametrize(("title", "grown"), [("任务", 3), ("报告信息", 3)])
def test_wrapped_rows_have_a_height_that_is_not_fixed(title: str, grown: int) -> None:
    attributes = {int(row): rest for row, rest in re.findall(r'<row r="(\d+)"([^>]*)>', sheet_xml(title))}
    assert " ht=" in attributes[grown]
    assert not any("customHeight" in attributes[row] for row in attributes if row >= FIRST_ROW)


@pytest.mark.parametrize("title", ["活动", "指标"])
def test_cells_stand_in_the_order_of_their_columns(title: str) -> None:
    for row in re.findall(r"<row [^>]*>(.*?)</row>", sheet_xml(title)):
        columns = [column_index_from_string(letters) for letters in re.findall(r'<c r="([A-Z]+)\d+"', row)]
        assert columns == sorted(columns)


AWKWARD: list[tuple[RawValue, Any]] = [
    ("=1+1", "=1+1"),
    ("+86", "+86"),
    ("-", "-"),
    ("@x", "@x"),
    ("007", "007"),
    ("1.10", "1.10"),
    (" 前后 ", " 前后 "),
    ("一\n二", "一\n二"),
    ("_x000a_", "_x000a_"),
    ("<&>", "<&>"),
    (True, True),
    (False, False),
    (0, 0),
    (19, 19),
    (0.1 + 0.2, 0.1 + 0.2),
    (Decimal("411.60"), 411.6),
    (Decimal("1236.1409"), 1236.1409),
    (10**15 + 1, 10**15 + 1),
    (dt.date(2025, 3, 8), dt.datetime(2025, 3, 8)),
    (dt.datetime(2025, 3, 8, 8, 30), dt.datetime(2025, 3, 8, 8, 30)),
    (dt.time(9, 30), dt.time(9, 30)),
    (dt.timedelta(hours=30), dt.timedelta(hours=30)),
    (dt.date(1899, 12, 31), "1899-12-31"),
    (ErrorValue("#REF!"), "#REF!"),
    (ErrorValue("#SPILL!"), "#SPILL!"),
    ("\ud83d\ude00", "😀"),
]


@pytest.mark.parametrize("title", ["编号", "任务名称", "完成时限", "进度", "序", "自加列"])
def test_every_kind_of_value_survives_in_every_kind_of_column(title: str) -> None:
    rows: list[list[RawValue]] = [["编号", "任务名称", "完成时限", "进度", "序", "自加列", "状态"]]
    at = rows[0].index(title)
    rows += [[value if place == at else "进行中" if place == 6 else None for place in range(7)] for value, _ in AWKWARD]
    sheet = opened(write(book_of(RawSheet("任务", rows)), {}))["任务"]
    letter = next(cell.column_letter for cell in sheet[HEADER_ROW] if cell.value == title)
    for row, (_, expected) in enumerate(AWKWARD, FIRST_ROW):
        found = sheet[f"{letter}{row}"]
        assert (found.value, type(found.value)) == (expected, type(expected))
        assert found.data_type != "f"


def test_text_that_looks_like_a_formula_stays_text_when_it_is_edited() -> None:
    rows: list[list[RawValue]] = [["编号", "标题"], ["1", "=HYPERLINK(1)"], ["2", "平常"]]
    sheet = opened(write(book_of(RawSheet("章节", rows)), {}))["章节"]
    assert sheet["B3"].quotePrefix
    assert not sheet["B4"].quotePrefix


def test_what_is_written_reads_back_cell_for_cell(tmp_path: Path) -> None:
    before, path = hand_counted(), tmp_path / "台账.xlsx"
    path.write_bytes(made())
    after = recognize(read(path))
    for title, table in before.tables.items():
        for header in table.headers:
            assert after.tables[title].values(header.title) == table.values(header.title), (title, header.text)
    known = dict(zip(after.head.values("项目"), after.head.values("内容"), strict=True))
    for key, value in zip(before.head.values("项目"), before.head.values("内容"), strict=True):
        assert known[key] == value
    assert after.others == ()
    assert after.findings == ()


def test_own_columns_follow_in_their_order_with_their_values() -> None:
    rows: list[list[RawValue]] = [["环保袋(个)", "编号", "备注", "活动名称", "备注", "开始日期", "Ａ", "ａ"],
                                  [5, "H1", "前", "甲", "后", None, 1, 2]]
    sheet = opened(write(book_of(RawSheet("活动", rows)), {}))["活动"]
    cells = {cell.value: sheet.cell(FIRST_ROW, cell.column).value for cell in sheet[HEADER_ROW]}
    own = [title for title in cells if title not in EVENTS.titles]
    assert own == ["环保袋(个)", "Ａ", "ａ_2", "备注_2", "不用原因", "_id"]
    assert (cells["环保袋(个)"], cells["备注"], cells["备注_2"], cells["Ａ"], cells["ａ_2"]) == (5, "前", "后", 1, 2)


def test_values_under_no_header_stand_beside_the_table() -> None:
    rows: list[list[RawValue]] = [["编号", "标题", None], ["1", "甲", "随手记的"]]
    sheet = opened(write(book_of(RawSheet("章节", rows)), {}))["章节"]
    last = sheet.tables["章节"].ref.split(":")[1]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == "随手记的"]
    assert [cell.row for cell in found] == [FIRST_ROW]
    assert found[0].column > sheet[last].column


def test_ids_and_excuses_are_carried() -> None:
    rows: list[list[RawValue]] = [["_id", "编号", "章节", "正文", "不用原因"], ["A1B2", "T1", "1", "话", "重复"]]
    sheet = opened(write(book_of(RawSheet("条目", rows)), {}))["条目"]
    cells = {cell.value: sheet.cell(FIRST_ROW, cell.column).value for cell in sheet[HEADER_ROW]}
    assert (cells["_id"], cells["不用原因"]) == ("A1B2", "重复")


def test_head_keys_unknown_and_repeated_are_kept() -> None:
    days: list[RawValue] = ["统计止", dt.date(2025, 12, 31)]
    data = write(book_of(head=(["份号", "000012"], ["自加项", 3], days, ["份号", "000013"])), {})
    sheet = opened(data)["报告信息"]
    pairs = [(sheet.cell(row, 1).value, sheet.cell(row, 2).value) for row in range(FIRST_ROW, sheet.max_row + 1)]
    assert [key for key, _ in pairs[:len(schema.HEAD_KEYS)]] == [key.title for key in schema.HEAD_KEYS]
    assert pairs[len(schema.HEAD_KEYS):] == [("自加项", 3), ("份号", "000013")]
    assert dict(reversed(pairs))["份号"] == "000012"


def test_other_sheets_and_known_issues_are_carried_with_names_excel_accepts() -> None:
    strangers = (RawSheet("草稿[1]/" + "长" * 40, [["甲", None, 1], [], [None, dt.date(2025, 5, 1)]]),
                 RawSheet("暗处", [["乙"]], visible=False),
                 RawSheet("已知问题", [["规则", "_id", "列", "值摘要", "理由"], ["C005", "A1", "类型", "旧", "沿用"]]))
    book = opened(write(book_of(*strangers), {}))
    names = book.sheetnames[book.sheetnames.index("字典") + 1:-2]
    assert names == ["已知问题", "草稿［1］／" + "长" * 25, "暗处"]
    assert [cell.value for cell in book["已知问题"][2]] == ["C005", "A1", "类型", "旧", "沿用"]
    assert (book[names[1]]["C1"].value, book[names[1]]["B3"].value) == (1, dt.datetime(2025, 5, 1))
    assert book["暗处"].sheet_state == "hidden"


def test_meta_is_written_as_pairs() -> None:
    raw = parse(LEDGER + "\n## _元\n\n| 项目 | 内容 |\n|---|---|\n| 架构版本 | 1 |\n| 台账编号 | K1 |\n", "试.md")
    sheet = opened(write(recognize(raw), {}))["_元"]
    pairs = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert pairs == [("项目", "内容"), ("架构版本", "1"), ("台账编号", "K1")]


def test_a_text_longer_than_a_cell_is_refused_by_its_place() -> None:
    rows: list[list[RawValue]] = [["编号", "标题"], ["1", "长" * 32_768]]
    with pytest.raises(Refusal, match="章节!B3：这一格有32768个字"):
        write(book_of(RawSheet("章节", rows)), {})


def test_a_header_longer_than_a_tables_is_refused_by_its_place() -> None:
    rows: list[list[RawValue]] = [["编号", "标题", "长" * 256], ["1", "甲", "乙"]]
    with pytest.raises(Refusal, match="章节!L2：表头有256个字"):
        write(book_of(RawSheet("章节", rows)), {})


def test_the_same_ledger_gives_the_same_bytes() -> None:
    book = hand_counted()
    assert write(book, cached_values(book), today=TODAY) == made()
    assert "2000-01-01T00:00:00Z" in part("docProps/core.xml")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(raw_books())
def test_every_stored_value_has_one_place(raw: RawBook) -> None:
    book = recognized(raw)
    for title, layout in lay_out(book).items():
        table = book.tables.get(title)
        places = (*layout.places, *layout.loose)
        numbers = [place.number for place in places if place.number]
        assert len({place.at for place in places}) == len(places)
        assert len({place.title.lower() for place in layout.places}) == len(layout.places)
        if table:
            rows = [table.raw.rows[number - 1] for number in table.numbers]
            held = {at for row in rows for at, value in enumerate(row, 1) if value is not None}
            assert sorted(numbers) == sorted(set(numbers))
            assert held <= set(numbers)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw_books())
def test_whatever_a_file_holds_its_workbook_opens(raw: RawBook) -> None:
    book = opened(write(recognized(raw), {}))
    for title in schema.BY_TITLE:
        assert [column.name for column in book[title].tables[title].tableColumns] == [
            cell.value for cell in book[title][HEADER_ROW][:len(book[title].tables[title].tableColumns)]]


def recognized(raw: RawBook) -> Book:
    try:
        return recognize(raw)
    except Refusal:
        reject()


def test_formulas_stand_as_the_library_would_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = parse(LEDGER, "试.md")
    quick = workbook_bytes(raw)
    monkeypatch.delattr(Sheet, "_prepare_formula")
    assert workbook_bytes(raw) == quick


@pytest.mark.parametrize(("given", "written"), [
    ("=SUM(A1)", "SUM(A1)"), ("=XLOOKUP(A1,B:B,C:C)", "_xlfn.XLOOKUP(A1,B:B,C:C)"), ("{=SUM(A1)}", "SUM(A1)"),
    ('=IF(A1="SORT(",1,2)', 'IF(A1="_xlfn._xlws.SORT(",1,2)'), ("=名单", "名单"),
])
def test_a_formula_of_a_newer_function_gets_its_mark(given: str, written: str) -> None:
    assert Sheet()._prepare_formula(given) == written
