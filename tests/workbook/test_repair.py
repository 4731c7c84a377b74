"""Repair: whatever was done to a workbook, a clean one comes back with every cell accounted for."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.book import Book, recognize
from workbook.findings import Cell, Refusal
from workbook.raw import Merge, RawBook, RawSheet, RawValue
from workbook.reading.reader import read
from workbook.restoring.balance import Fate, cells_of
from workbook.restoring.repair import repair
from workbook.restoring.settling import Restored, reread
from workbook.restoring.sheets import is_ours, sort_sheets
from workbook.standard.making import workbook_bytes
from workbook.text import dump, parse

EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
Damage = Callable[[Any], object]


@cache
def example() -> bytes:
    """The shipped example, its longest tables cut: every test writes and reads it several times."""
    whole = parse(EXAMPLE.read_text("utf-8"), EXAMPLE.name)
    sheets = [sheet if sheet.name == "报告信息" else sheet._replace(rows=sheet.rows[:13]) for sheet in whole.sheets]
    return workbook_bytes(whole._replace(sheets=tuple(sheets)))


@cache
def example_text() -> str:
    return dump(recognize(reread(example())))


def damaged(folder: Path, damage: Damage) -> RawBook:
    """The example as a real file, damaged as a clerk's program would, and read again."""
    book = load_workbook(io.BytesIO(example()))
    damage(book)
    path = folder / "坏.xlsx"
    book.save(path)
    return read(path, formulas=True, notes=True)


def mended(folder: Path, damage: Damage) -> tuple[Restored, Book]:
    made = repair(damaged(folder, damage), workbook_bytes)
    return made, recognize(reread(made.data))


def text_without(book: Book, *sheets: str) -> str:
    """The text form but for some sheets."""
    parts = dump(book).split("\n## ")
    return "\n## ".join(part for part in parts if part.partition("\n")[0].removeprefix("## ") not in sheets).rstrip()


def header(sheet: Any, title: str) -> Any:
    return next(cell for cell in sheet[2] if cell.value == title)


def overwrite(sheet: str, title: str, value: RawValue) -> Damage:
    return lambda book: setattr(header(book[sheet], title), "value", value)


def swap_columns(book: Any) -> None:
    for row in book["活动"].iter_rows(min_row=2):
        row[1].value, row[3].value = row[3].value, row[1].value


def no_dropdowns(book: Any) -> None:
    for sheet in book.worksheets:
        sheet.data_validations.dataValidation = []


def no_tables(book: Any) -> None:
    for sheet in book.worksheets:
        for name in list(sheet.tables):
            del sheet.tables[name]


def renamed(old: str, new: str) -> Damage:
    return lambda book: setattr(book[old], "title", new)


def without(*names: str) -> Damage:
    return lambda book: [book.remove(book[name]) for name in names]


def headers_cleared(book: Any) -> None:
    for cell in book["任务"][2]:
        cell.value = None


UNHARMED: dict[str, Damage] = {
    "没有损坏": lambda book: None,
    "下拉框被粘掉": no_dropdowns,
    "表格对象没了": no_tables,
    "生成的表删了": without("看板", "填写说明", "_选项"),
    "工作表改了名": renamed("活动", "2025年普法活动汇总"),
    "报告信息改了名": renamed("报告信息", "封面"),
    "两列换了位置": swap_columns,
    "表头的字删了": overwrite("活动", "活动名称", None),
    "表头全删了": headers_cleared,
    "表头整行删了": lambda book: book["办件"].delete_rows(2),
    "说明行删了": lambda book: book["任务"].delete_rows(1),
    "表头上面插了空行": lambda book: book["任务"].insert_rows(1, 3),
    "表头下面重复表头": lambda book: book["法规"].append([cell.value for cell in book["法规"][2]]),
    "项目的字删了": lambda book: setattr(book["报告信息"]["A11"], "value", None),
    "内部编号的表头删了": overwrite("任务", "_id", None),
}
"""Damages after which the ledger is what it was."""


@pytest.mark.parametrize("name", UNHARMED)
def test_the_same_ledger_comes_back(name: str, tmp_path: Path) -> None:
    made, book = mended(tmp_path, UNHARMED[name])
    assert dump(book) == example_text()
    assert not made.asides


OVERWRITTEN: dict[str, tuple[Damage, RawValue]] = {
    "必填列的表头被盖": (overwrite("活动", "活动名称", "进校园"), "进校园"),
    "日期列的表头被盖": (overwrite("任务", "完成日期", "张三填"), "张三填"),
    "数字列的表头被数字盖": (overwrite("活动", "咨询（人次）", 35), 35),
    "表头被旁边的表头盖": (overwrite("任务", "计划开始", "完成时限"), "完成时限"),
    "文字列的表头被长句盖": (overwrite("任务", "任务内容", "这一列请各股室在月底前填完，谢谢。"),
                             "这一列请各股室在月底前填完，谢谢。"),
    "项目被盖": (lambda book: setattr(book["报告信息"]["A11"], "value", "请填这里！"), "请填这里！"),
}


@pytest.mark.parametrize("name", OVERWRITTEN)
def test_an_overwritten_header_is_known_by_its_place_and_what_stood_on_it_is_kept(name: str, tmp_path: Path) -> None:
    damage, text = OVERWRITTEN[name]
    made, book = mended(tmp_path, damage)
    assert text_without(book, "修复说明") == example_text().rstrip()
    assert [one.value for one in made.asides] == [text]
    assert made.to_settle


def test_a_header_that_may_be_the_offices_own_is_not_guessed(tmp_path: Path) -> None:
    made, book = mended(tmp_path, overwrite("任务", "任务内容", "领导批示"))
    assert book.tables["任务"].values("领导批示") == recognize(reread(example())).tables["任务"].values("任务内容")
    assert not any(book.tables["任务"].values("任务内容"))
    assert not made.asides


def test_headers_gone_beside_a_column_of_the_offices_own_leave_more_than_one_meaning(tmp_path: Path) -> None:
    def clear(book: Any) -> None:
        for cell in book["活动"][2]:
            cell.value = None

    made, book = mended(tmp_path, clear)
    assert "国家宪法日集中宣传（上年）" in dump(book)
    assert [change.settle for change in made.changes if "没有表头" in change.text] == [True]


def copied(book: Any) -> None:
    copy = book.copy_worksheet(book["活动"])
    copy.title = "活动 (2)"
    copy["D5"] = "副本里改过的活动"
    copy.append([None] * 3 + ["副本里新加的活动"])


def test_a_copied_sheet_adds_only_what_the_original_lacks(tmp_path: Path) -> None:
    made, book = mended(tmp_path, copied)
    before, events = recognize(reread(example())).tables["活动"], book.tables["活动"]
    assert events.values("活动名称") == [*before.values("活动名称"), "副本里改过的活动", "副本里新加的活动"]
    assert len(set(events.values("_id"))) == len(events)
    assert any("接在“活动”后面" in change.text for change in made.changes)


def test_an_edited_copy_of_a_row_gets_an_id_of_its_own_and_an_exact_one_is_named(tmp_path: Path) -> None:
    def copy_rows(book: Any) -> None:
        row = [cell.value for cell in book["活动"][6]]
        book["活动"].append(row)
        book["活动"].append([*row[:3], "改过的", *row[4:]])

    made, book = mended(tmp_path, copy_rows)
    ids = book.tables["活动"].values("_id")
    assert (ids[-2], ids.count(ids[3])) == (ids[3], 2)
    assert ids[-1] not in ids[:-1]
    said = " ".join(change.text for change in made.changes)
    assert "“活动”第 6 行完全相同，两行都留着" in said
    assert "内容不同，给了新的内部编号" in said


def test_notes_formulas_and_clerks_words_outside_tables_are_kept(tmp_path: Path) -> None:
    from openpyxl.comments import Comment

    def scribble(book: Any) -> None:
        book["活动"]["T3"] = "=200+60"
        book["活动"]["D3"].comment = Comment("请核对", "x")
        book["任务"]["F1"] = "填报单位：办公室"
        book["看板"]["AZ40"] = "领导已阅"
        book["条目"]["Z4"] = "表外的话"
        book["条目"]["Z40"] = "远处的话"
        book.create_sheet("草稿")["B2"] = 13

    made, book = mended(tmp_path, scribble)
    kept = {(str(one.cell), one.value) for one in made.asides}
    assert kept == {("活动!T3", "=200+60"), ("活动!D3", "请核对"), ("任务!F1", "填报单位：办公室"),
                    ("看板!AZ40", "领导已阅"), ("条目!Z40", "远处的话")}
    lines = next(sheet for sheet in book.others if sheet.name == "修复说明").rows[1:]
    assert {(line[0], line[1]) for line in lines} == kept
    assert next(sheet for sheet in book.others if sheet.name == "草稿").rows == [[None, None], [None, 13]]
    assert "表外的话" in dump(book)


@pytest.mark.parametrize("name", ["副本", "必填列的表头被盖", "项目被盖"])
def test_repairing_twice_is_repairing_once(name: str, tmp_path: Path) -> None:
    once, _ = mended(tmp_path, copied if name == "副本" else OVERWRITTEN[name][0])
    (tmp_path / "好.xlsx").write_bytes(once.data)
    twice = repair(read(tmp_path / "好.xlsx", formulas=True, notes=True), workbook_bytes)
    assert twice.data == once.data


def small(*tables: str) -> RawBook:
    return parse(HEAD + ONE_CHAPTER + "".join(tables), "试.md")


EVENTS: list[RawValue] = ["编号", "开始日期", "活动名称", "类型", "承办股室"]


def test_vertical_merges_are_filled_and_banners_known_by_a_merge_are_set_aside() -> None:
    rows: list[list[RawValue]] = [EVENTS, ["进社区的活动", None, None, None, None],
                                  ["H1", "2025-03-01", "甲", "进社区", "办公室"],
                                  ["H2", "2025-03-02", "乙", None, None]]
    events = RawSheet("活动", rows, merges=(Merge(2, 1, 2, 5), Merge(3, 4, 4, 4), Merge(3, 5, 4, 5)))
    old = small()
    made = repair(RawBook("试.xlsx", (*old.sheets, events)), workbook_bytes)
    table = recognize(reread(made.data)).tables["活动"]
    assert (table.values("活动名称"), table.values("类型")) == (["甲", "乙"], ["进社区", "进社区"])
    assert [(str(one.cell), one.value) for one in made.asides] == [("活动!A2", "进社区的活动")]


def test_a_column_whose_header_and_neighbours_are_gone_is_known_by_its_type_or_carried() -> None:
    rows: list[list[RawValue]] = [["编号", None, "活动名称", "类型", None], ["H1", "2025-03-01", "甲", "进社区", "话"]]
    made = repair(RawBook("试.xlsx", (*small().sheets, RawSheet("活动", rows))), workbook_bytes)
    table = recognize(reread(made.data)).tables["活动"]
    assert table.values("开始日期") == [None]
    assert [str(one.cell) for one in made.entries if one.fate is Fate.WRITTEN and one.value == "话"] == ["活动!E2"]


def test_a_sheet_that_only_looks_alike_is_carried_and_said_so() -> None:
    rows: list[list[RawValue]] = [EVENTS, ["H1", "2024-03-01", "去年的", "进社区", "办公室"]]
    made = repair(RawBook("试.xlsx", (*small().sheets, RawSheet("活动", [EVENTS]), RawSheet("2024年", rows))),
                  workbook_bytes)
    book = recognize(reread(made.data))
    assert ([sheet.name for sheet in book.others], len(book.tables["活动"])) == (["2024年"], 0)
    assert any("“2024年”的表头像“活动”，但不是它的副本" in change.text for change in made.changes)


@pytest.mark.parametrize("name", ["活动 (2)", "活动(3)", "活动_2", "活动 - 副本", "活动的副本"])
def test_a_copy_is_known_by_the_names_programs_give_it(name: str) -> None:
    rows: list[list[RawValue]] = [EVENTS, ["H1", "2025-03-01", "甲", "进社区", "办公室"]]
    made = repair(RawBook("试.xlsx", (*small().sheets, RawSheet("活动", rows), RawSheet(name, rows))), workbook_bytes)
    book = recognize(reread(made.data))
    assert (len(book.tables["活动"]), book.others) == (1, ())


def test_a_header_too_long_for_excel_and_days_counted_from_1904() -> None:
    rows: list[list[RawValue]] = [[*EVENTS, "长" * 300], ["H1", 44000, "甲", "进社区", "办公室", "话"]]
    made = repair(RawBook("试.xlsx", (*small().sheets, RawSheet("活动", rows)), epoch1904=True), workbook_bytes)
    table = recognize(reread(made.data)).tables["活动"]
    assert table.values("开始日期") == [dt.date(2024, 6, 19)]
    assert [one.value for one in made.asides] == ["长" * 300]
    assert any(one.value == "话" and one.fate is Fate.WRITTEN for one in made.entries)


@pytest.mark.parametrize(("sheets", "said"), [
    ((RawSheet("Sheet1", [["姓名", "工资"], ["甲", 1]]),), "taizhang adopt"),
    ((RawSheet("_元", [["项目", "内容"], ["架构版本", "7"]]),), "比本程序的 1 新"),
    ((RawSheet("_元", [["项目", "内容"], ["架构版本", "0"]]),), "taizhang upgrade"),
], ids=["不是台账", "更新的版本", "旧版本"])
def test_what_cannot_be_repaired_is_refused(sheets: tuple[RawSheet, ...], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        repair(RawBook("试.xlsx", sheets), workbook_bytes)


def test_a_garbled_version_is_put_right_and_kept_in_the_list() -> None:
    meta = RawSheet("_元", [["项目", "内容"], ["架构版本", "一"], ["台账编号", "X123456789"]])
    made = repair(RawBook("试.xlsx", (*small().sheets, meta)), workbook_bytes)
    assert recognize(reread(made.data)).meta == {"架构版本": "1", "台账编号": "X123456789"}
    assert [one.value for one in made.asides] == ["一"]


def balanced(old: RawBook) -> Restored:
    """The law: every cell that is not blank is accounted for once, and stands where it is said to."""
    made = repair(old, workbook_bytes)
    assert sorted(one.cell for one in made.entries) == sorted(cell for s in old.sheets for cell in cells_of(s))
    return made


JUNK: tuple[RawValue, ...] = (None, "", "乱", 5, 0.1, True, "活动名称", "2025-03-01", "合计", "编号")


@st.composite
def vandalised(draw: st.DrawFn) -> RawBook:
    """A sound ledger in which cells were overwritten, rows and columns moved, sheets renamed, doubled or dropped."""
    old = reread(_small_workbook())
    sheets = []
    for sheet in old.sheets:
        rows = [list(row) for row in sheet.rows[:8]]
        for _ in range(draw(st.integers(0, 3)) if rows else 0):
            row = draw(st.sampled_from(rows))
            if row:
                row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(JUNK))
        if rows and draw(st.integers(0, 5)) == 0:
            del rows[draw(st.integers(0, len(rows) - 1))]
        name = draw(st.sampled_from((sheet.name, sheet.name, sheet.name, f"{sheet.name} (2)", "乱改的名")))
        sheets.append(RawSheet(name, rows, sheet.visible))
        if draw(st.integers(0, 6)) == 0:
            sheets.append(RawSheet(f"{sheet.name} 副本", [list(row) for row in rows], sheet.visible))
    by_name = {sheet.name: sheet for sheet in draw(st.permutations(sheets))}
    return RawBook("试.xlsx", tuple(by_name.values()))


@cache
def _small_workbook() -> bytes:
    return workbook_bytes(small("""
## 任务

| 编号 | 章节 | 任务名称 | 责任股室 | 完成时限 | 状态 | 工作成效 |
|---|---|---|---|---|---|---|
| R1 | 1 | 甲 | 办公室 | 2025-12-31 | 已完成 | 办了{{ 活动数 }}。 |

## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 承办股室 | 参与（人次） | 环保袋（个） |
|---|---|---|---|---|---|---|
| H1 | 2025-03-01 | 甲 | 进社区 | 办公室 | 20 | 3 |
| H2 | 2025-03-02 | 乙 | 进社区 | 办公室 | 30 | |
| 合计 | | | | | 50 | |

## 指标

| 编号 | 名称 | 单位 | 统计方式 | 来源表 |
|---|---|---|---|---|
| M01 | 活动数 | 场 | 计数 | 活动 |
"""))


@settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(vandalised())
def test_whatever_was_done_nothing_is_lost_or_doubled(old: RawBook) -> None:
    if is_ours(old, sort_sheets(old)):
        balanced(old)


def test_a_lost_cell_is_our_fault_and_nothing_is_written() -> None:
    from workbook.restoring.balance import Unbalanced

    def careless(raw: RawBook) -> bytes:
        good = recognize(raw)
        good.tables["章节"].raw.rows[1][1] = "另一个标题"
        return workbook_bytes(raw)

    with pytest.raises(Unbalanced, match=r"章节!B2 应在 章节!B3"):
        repair(small(), careless)
    assert Cell("章节", 2, 2).a1 == "B2"
