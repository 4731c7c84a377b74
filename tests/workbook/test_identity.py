"""Ids of ledgers and rows: given once, by content, never changed; and the digest of a ledger."""

from __future__ import annotations

import re

import pytest
from any_book import raw_books
from hypothesis import HealthCheck, given, settings

from workbook.book import Book, recognize
from workbook.identity import content_digest, ledger_id, row_id, with_ids
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.text import dump, parse

ID = re.compile("[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{9}")
some_books = settings(max_examples=40, deadline=None,
                      suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def ledger(*tables: RawSheet, office: str = "临溪县民政局", year: int = 2025) -> RawBook:
    head = RawSheet("报告信息", [["项目", "内容"], ["报告类型", "年度报告"], ["报告年度", year], ["机关全称", office]])
    return RawBook("台账.xlsx", (head, RawSheet("章节", [["编号", "标题"], ["1", "甲"]]), *tables))


def events(*rows: list[RawValue], header: tuple[str, ...] = ("活动名称", "类型", "场次")) -> RawSheet:
    return RawSheet("活动", [list(header), *rows])


def ids(raw: RawBook, sheet: str = "活动") -> list[RawValue]:
    return recognize(raw).tables[sheet].values("_id")


def all_ids(book: Book) -> dict[str, list[RawValue]]:
    return {title: table.values("_id") for title, table in book.tables.items()}


@given(raw_books())
@some_books
def test_ids_are_given_once(raw: RawBook) -> None:
    once = with_ids(raw)
    assert with_ids(once) == once
    assert with_ids(raw) == once


@given(raw_books())
@some_books
def test_ids_are_unique_and_what_stands_there_stays(raw: RawBook) -> None:
    before, after = all_ids(recognize(raw)), all_ids(recognize(with_ids(raw)))
    for title, own in before.items():
        given_now = [new for old, new in zip(own, after[title], strict=True) if old in (None, "") and new is not None]
        assert [new for old, new in zip(own, after[title], strict=True) if old not in (None, "")] == [
            old for old in own if old not in (None, "")]
        assert len({str(new) for new in given_now} - {str(old) for old in own}) == len(given_now)
        assert all(ID.fullmatch(str(new)) for new in given_now)


@given(raw_books())
@some_books
def test_giving_ids_changes_no_content(raw: RawBook) -> None:
    book = recognize(raw)
    assert content_digest(recognize(with_ids(raw))) == content_digest(book)
    assert content_digest(recognize(parse(dump(book), raw.path))) == content_digest(book)


def test_the_column_comes_last_and_the_file_given_stays_as_it_is() -> None:
    raw = ledger(RawSheet("活动", [["某县活动"], ["活动名称", "类型"], ["甲", "培训", "旁注"], [], ["乙", "培训"]]))
    rows = with_ids(raw).sheets[2].rows
    assert rows[0] == ["某县活动"]
    assert rows[1] == ["活动名称", "类型", None, "_id"]
    assert [len(row) for row in rows[2:]] == [4, 0, 4]
    assert raw.sheets[2].rows[1] == ["活动名称", "类型"]


def test_every_record_sheet_has_the_column_even_without_rows() -> None:
    given_ids = with_ids(ledger(events()))
    assert [sheet.rows[0][-1] for sheet in given_ids.sheets[1:3]] == ["_id", "_id"]
    assert given_ids.sheets[0] == ledger().sheets[0]


def test_equal_rows_differ_and_an_edited_row_leaves_the_others_alone() -> None:
    first = ids(with_ids(ledger(events(["甲", "培训", 1], ["甲", "培训", 1], ["乙", "培训", 2]))))
    assert len(set(first)) == 3
    edited = ids(with_ids(ledger(events(["甲", "培训", 1], ["甲", "培训", 1], ["乙", "培训", 3]))))
    assert edited[:2] == first[:2]
    assert edited[2] != first[2]


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    first = ids(with_ids(ledger(events(["甲", "培训", 1], ["乙", "培训", 2]))))
    turned = events([2, "培训", "乙"], [1, "培训", "甲"], header=("场次", "类型", "活动名称"))
    assert ids(with_ids(ledger(turned))) == first[::-1]


def test_an_id_stays_with_an_edited_row_and_a_copied_row_repeats_it() -> None:
    raw = ledger(events(["甲改", "A1"], ["甲改", "A1"], ["乙", None], [None, None], ["丙", ""],
                        header=("活动名称", "_id", "类型")))
    found = ids(with_ids(raw))
    assert found[:2] == ["A1", "A1"]
    assert all(ID.fullmatch(str(new)) for new in found[2:])
    assert len(found) == 4


def test_a_new_row_never_takes_an_id_in_use() -> None:
    (new,) = ids(with_ids(ledger(events(["甲", "培训", 1]))))
    header = ("活动名称", "类型", "场次", "_id")
    both = ids(with_ids(ledger(events(["甲", "培训", 1, None], ["甲", "培训", 1, new], header=header))))
    assert both[1] == new
    assert both[0] != new


def test_a_row_of_computed_cells_alone_is_no_row() -> None:
    metrics = RawSheet("指标", [["编号", "名称", "本年值"], ["M01", "办件", 3], [None, None, 0]])
    found = ids(with_ids(ledger(metrics)), "指标")
    assert found[1] is None
    assert ID.fullmatch(str(found[0]))


def test_computed_cells_and_blank_columns_do_not_enter_an_id() -> None:
    plain = RawSheet("指标", [["编号", "名称"], ["M01", "办件"]])
    told = RawSheet("指标", [["编号", "名称", "备注", "本年值"], ["M01", "办件", None, 3]])
    assert ids(with_ids(ledger(plain)), "指标") == ids(with_ids(ledger(told)), "指标")


def test_the_same_row_of_another_ledger_has_another_id() -> None:
    row = events(["甲", "培训", 1])
    assert ids(with_ids(ledger(row))) != ids(with_ids(ledger(row, office="临溪县司法局")))
    assert ids(with_ids(ledger(row))) != ids(with_ids(ledger(row, year=2026)))


def test_the_meta_sheet_says_version_and_ledger() -> None:
    meta = with_ids(ledger()).sheet("_元")
    assert meta is not None
    assert meta.rows == [["项目", "内容"], ["架构版本", "1"],
                         ["台账编号", ledger_id("临溪县民政局", "2025", "年度报告")]]
    assert not meta.visible


@pytest.mark.parametrize(("rows", "after"), [
    pytest.param([["架构版本", "0"], ["台账编号", "K7"]], [["架构版本", "0"], ["台账编号", "K7"]], id="已有的不改"),
    pytest.param([["台账编号", "K7"]], [["台账编号", "K7"], ["架构版本", "1"]], id="缺的补上"),
    pytest.param([["架构版本"], ["台账编号", "K7"]], [["架构版本", "1"], ["台账编号", "K7"]], id="空着的填上"),
    pytest.param([["台账编号", "K7"], ["架构版本", None], ["股室", "办公室"]],
                 [["台账编号", "K7"], ["架构版本", "1"], ["股室", "办公室"]], id="其他的不动"),
    pytest.param([["台账编号", "K7"], ["架构版本", "0"], ["架构版本", None]],
                 [["台账编号", "K7"], ["架构版本", "0"], ["架构版本", "1"]], id="写了两次的以后一处为准"),
])
def test_what_the_meta_sheet_says_already_stays(rows: list[list[RawValue]], after: list[list[RawValue]]) -> None:
    meta = with_ids(ledger(RawSheet("_元", rows, visible=False))).sheet("_元")
    assert meta is not None
    assert meta.rows == after


def test_ids_go_by_the_ledger_id_that_is_carried() -> None:
    row = events(["甲", "培训", 1])
    carried = RawSheet("_元", [["台账编号", "K7"]])
    assert ids(with_ids(ledger(row, carried))) == [row_id("K7", "活动", "场次|1\n活动名称|甲\n类型|培训")]


def test_ids_are_the_same_on_every_machine() -> None:
    assert ledger_id("临溪县民政局", "2025", "年度报告") == "DW0WZQBEAZ"
    assert row_id("K7", "活动", "活动名称|甲") == "SRFDC58SN6"
    assert row_id("K7", "活动", "活动名称|甲", 1) != row_id("K7", "活动", "活动名称|甲")


def test_everything_else_in_the_file_stays() -> None:
    raw = ledger(events(["甲", "培训", 1]), RawSheet("草稿", [["x"]]))._replace(epoch1904=True,
                  formulas={"活动": {(2, 3): "=1"}})
    after = with_ids(raw)
    assert [sheet.name for sheet in after.sheets] == ["报告信息", "章节", "活动", "草稿", "_元"]
    assert (after.epoch1904, after.formulas, after.sheets[3]) == (True, raw.formulas, raw.sheets[3])


def digest(*tables: RawSheet) -> str:
    return content_digest(recognize(ledger(*tables)))


def test_the_digest_is_of_the_tables_of_the_ledger() -> None:
    here = digest(events(["甲", "培训", 1]))
    assert re.fullmatch("[0-9a-f]{64}", here)
    assert here != digest(events(["甲", "培训", 2]))
    assert here != digest(events(["甲", "培训", "1"]))
    assert here == digest(RawSheet("看板", [["完成", 1]]), events(["甲", "培训", 1]), RawSheet("草稿", [["x"]]))
    assert here == digest(RawSheet("活动", [["某县活动"], ["活动名称", "类型", "场次"], [], ["甲", "培训", 1]]))
