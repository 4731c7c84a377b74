"""--fix: what is mechanical is mended back to what was meant, nothing else is touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planting import clean, rows_where, sheet_of, value, where, with_cells
from workbook.book import recognize
from workbook.findings import Cell
from workbook.mending import Change, mend_book
from workbook.raw import Merge, RawBook, RawValue
from workbook.text import dump

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
DAYS: dict[str, Callable[[dt.date], RawValue]] = {
    "点": lambda day: f"{day.year}.{day.month}.{day.day}", "斜线": lambda day: f"{day.year}/{day.month}/{day.day}",
    "汉字": lambda day: f"{day.year}年{day.month}月{day.day}日", "连写": lambda day: f"{day:%Y%m%d}",
    "数": lambda day: int(f"{day:%Y%m%d}"), "全角": lambda day: day.isoformat().translate(WIDE),
    "空格": lambda day: f" {day.year} 年 {day.month} 月 {day.day} 日 ",
    "不写年": lambda day: f"{day.month}月{day.day}日",
}
NUMBERS: dict[str, Callable[[int], RawValue]] = {
    "文字": str, "全角": lambda number: str(number).translate(WIDE), "千位分隔": lambda number: f"{number:,}",
    "空格": lambda number: f" {number} ", "带单位": lambda number: f"{number}人次",
}
TEXTS: dict[str, Callable[[str], RawValue]] = {
    "前后空格": lambda text: f" {text}\u3000", "看不见的字符": lambda text: f"\u200b{text}\ufeff",
}
DATE_COLUMNS = (("活动", "开始日期"), ("任务", "完成时限"), ("任务", "完成日期"), ("办件", "日期"))
TEXT_COLUMNS = (("活动", "活动名称"), ("任务", "任务名称"), ("任务", "编号"), ("活动", "承办股室"), ("活动", "类型"),
                ("任务", "状态"), ("任务", "工作成效"))


def the_same(one: RawBook, other: RawBook) -> bool:
    return dump(recognize(one)) == dump(recognize(other))


def mended_back(book: RawBook, sheet: str, row: int, title: str, habit: RawValue) -> None:
    """The habit is the only thing that is changed, and the mended book is the clean one."""
    mending = mend_book(with_cells(book, sheet, row, {title: habit}))
    assert [str(change.cell) for change in mending.changes] == [where(book, sheet, row, title)]
    assert the_same(mending.book, book)


def test_a_clean_ledger_is_left_alone() -> None:
    assert mend_book(clean()).changes == ()


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(DATE_COLUMNS), st.sampled_from(list(DAYS)), st.data())
def test_a_day_however_spelled_becomes_the_day(column: tuple[str, str], habit: str, data: st.DataObject) -> None:
    sheet, title = column
    row = data.draw(st.sampled_from(rows_where(clean(), sheet, **{title: ...})))
    day = value(clean(), sheet, row, title)
    assert isinstance(day, dt.date)
    if habit != "不写年" or day.year == 2025:
        mended_back(clean(), sheet, row, title, DAYS[habit](day))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(NUMBERS)), st.data())
def test_a_number_however_written_becomes_the_number(habit: str, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows_where(clean(), "活动", **{"参与（人次）": ...})))
    number = value(clean(), "活动", row, "参与（人次）")
    assert isinstance(number, int)
    mended_back(clean(), "活动", row, "参与（人次）", NUMBERS[habit](number))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(TEXT_COLUMNS), st.sampled_from(list(TEXTS)), st.data())
def test_a_text_loses_what_nobody_sees(column: tuple[str, str], habit: str, data: st.DataObject) -> None:
    sheet, title = column
    row = data.draw(st.sampled_from(rows_where(clean(), sheet, **{title: ...})))
    mended_back(clean(), sheet, row, title, TEXTS[habit](str(value(clean(), sheet, row, title))))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_ditto_and_merged_cells_say_what_they_mean(data: st.DataObject) -> None:
    rows = sheet_of(clean(), "活动").rows
    at = rows[0].index("承办股室")
    pairs = [n for n in range(3, len(rows) + 1) if rows[n - 1][at] and rows[n - 1][at] == rows[n - 2][at]]
    row = data.draw(st.sampled_from(pairs))
    mended_back(clean(), "活动", row, "承办股室", data.draw(st.sampled_from(("同上", "〃", " 同上"))))
    merge = Merge(row - 1, at + 1, row, at + 1)
    merged = with_cells(clean(), "活动", row, {"承办股室": None})
    sheets = tuple(one._replace(merges=(merge,)) if one.name == "活动" else one for one in merged.sheets)
    mending = mend_book(merged._replace(sheets=sheets))
    assert mending.unmerge == (("活动", merge),)
    assert the_same(mending.book, clean())
    assert sheet_of(mending.book, "活动").merges == ()


@pytest.mark.parametrize(("before", "after"), [
    ("覆盖率达到９８％。", "覆盖率达到98%。"),
    ("开展 了普法 宣传。", "开展了普法宣传。"),
    ("共｛｛ 合法性审查 ｝｝。", "共{{ 合法性审查 }}。"),
    ("Ａ级单位３个", "A级单位3个"),
], ids=["全角数字和百分号", "汉字之间的空格", "全角花括号", "全角字母"])
def test_prose_is_tidied(before: str, after: str) -> None:
    row = rows_where(clean(), "任务", 工作成效=...)[0]
    mending = mend_book(with_cells(clean(), "任务", row, {"工作成效": before}))
    assert [change.after for change in mending.changes] == [after]


@pytest.mark.parametrize("text", [
    "共｛｛ 合法性审查 ｝｝，Win 10 和 WPS 都能用。", "第 3 批", "{{ 指标　甲 }}２", "（１）", "《甲》 《乙》",
], ids=str)
def test_mending_what_is_mended_changes_nothing(text: str) -> None:
    row = rows_where(clean(), "任务", 工作成效=...)[0]
    once = mend_book(with_cells(clean(), "任务", row, {"工作成效": text}))
    assert mend_book(once.book).changes == ()


def test_a_missing_number_continues_the_sheets_own() -> None:
    row = rows_where(clean(), "任务", 编号=...)[-1]
    last = str(value(clean(), "任务", row, "编号"))
    mended_back(clean(), "任务", row, "编号", None)
    assert last[-1].isdigit()


def _state(**cells: RawValue) -> list[Change]:
    row = rows_where(clean(), "任务", 状态="已完成", 完成日期=...)[0]
    return list(mend_book(with_cells(clean(), "任务", row, cells)).changes)


@pytest.mark.parametrize("state", ["进行中", "未开始", None])
def test_a_task_with_a_completion_date_is_done(state: str | None) -> None:
    changes = _state(状态=state, 进度=None)
    assert [(change.before, change.after) for change in changes] == [(state or "", "已完成")]


@pytest.mark.parametrize("cells", [
    {"状态": "已取消"}, {"状态": "进行中", "进度": 0.8}, {"状态": "进行中", "完成日期": dt.date(2027, 1, 8)},
    {"状态": "进行中", "完成日期": None},
], ids=["取消了的", "进度不满", "以后的日子", "没有完成日期"])
def test_what_does_not_follow_is_no_fix(cells: dict[str, RawValue]) -> None:
    assert _state(**cells) == []


def test_what_could_mean_two_things_is_left_alone() -> None:
    for sheet, title, habit in (("活动", "开始日期", "5月20日至22日"), ("活动", "开始日期", "上半年"),
                                ("活动", "参与（人次）", "1200余"), ("活动", "参与（人次）", "300人"),
                                ("活动", "参与（人次）", "约1.2万"), ("任务", "状态", "快完成了")):
        assert mend_book(with_cells(clean(), sheet, 3, {title: habit})).changes == (), habit


def test_a_personal_number_is_listed_masked() -> None:
    row = rows_where(clean(), "任务", 工作成效=...)[0]
    typed = "证号１１０１０５１９４９１２３１００２Ｘ 已核对"
    mending = mend_book(with_cells(clean(), "任务", row, {"工作成效": typed}))
    assert "11010519491231002X" not in mending.changes[0].after
    at = Cell("任务", row, sheet_of(clean(), "任务").rows[0].index("工作成效") + 1)
    assert mending.values[at] == "证号11010519491231002X 已核对"
