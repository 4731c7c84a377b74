"""The buttons on a workbook in memory: what a clerk sees, what is written, and what stays as it was."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from addin import VERSION, macros
from addin.busy import BUSY
from addin.pressing import NEWER
from addin.results import listed
from addin.sheet import NO_BOOK, OpenBook, engine, front_app, front_book
from templates.check import check as found_in
from tests.addin.engine_memory import App, Range, Sheet, started
from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.findings import Cell
from workbook.patching.marking import BEGIN
from workbook.raw import ErrorValue, Merge, RawBook, RawSheet
from workbook.text import parse

EVENTS = """
## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 承办股室 |
|---|---|---|---|---|
| H1 | 2025.3.8 | 宣传日 | 广场宣传 | 办公室 |
| H2 | 2025-02-30 | 讲座 | 集体学法 | 办公室 |
| H3 | 2025-04-01 |  | 集体学法 | 办公室 |

## 股室

| 代码 | 名称 |
|---|---|
| 1 | 办公室 |

## 字典

| 类别 | 值 |
|---|---|
| 活动.类型 | 广场宣传 |
| 活动.类型 | 集体学法 |

## 指标

| 编号 | 名称 | 统计方式 | 来源表 | 条件 | 统计期 |
|---|---|---|---|---|---|
| M01 | 学法次数 | 计数 | 活动 | 类型=集体学法 | 本年 |
"""

META = """
## _元

| 项目 | 内容 |
|---|---|
| 架构版本 | 1 |
"""


@pytest.fixture(autouse=True)
def _engine() -> Iterator[None]:
    xlwings = engine()
    before = xlwings.engines.active
    yield
    xlwings.engines.active = before


@pytest.fixture
def app(tmp_path: Path) -> App:
    path = tmp_path / "台账=甲.xlsx"
    path.write_bytes(b"")
    raw = parse(HEAD + ONE_CHAPTER + EVENTS, "台账=甲.xlsx")
    return started((raw, str(path)))


def press(app: App, macro: Any, *answers: str) -> str:
    app.alerts.clear()
    app.answers[:] = answers
    macro()
    return app.alerts[-1] if app.alerts else ""


def book_of(app: App) -> OpenBook:
    return front_book(front_app())


def state(app: App) -> list[Any]:
    return [(sheet.name, dict(sheet.values), dict(sheet.looks), dict(sheet.texts)) for sheet in app.books.active.sheets]


def sheet_of(app: App, name: str) -> Any:
    return app.books.active.sheets(name)


def test_cells_arrive_as_from_a_file() -> None:
    rows: list[list[Any]] = [[1, 2.5, "甲", None], [dt.date(2025, 3, 8), True, ErrorValue("#REF!"), "007"]]
    first = RawSheet("一", rows, True, (Merge(1, 3, 1, 4),), {(1, 1): "批注"})
    raw = RawBook("书.xlsx", (first, RawSheet("二", [], False)))
    started((raw, "书"))
    assert book_of(App()).raw() == raw


def test_check_marks_lists_and_keeps_the_selection(app: App) -> None:
    book = book_of(app)
    book.go("活动", "C3:C4")
    wanted = [one for one in found_in(book.raw()) if one.open]
    said = press(app, macros.check)
    assert said.startswith("校验结果：错误")
    assert [one.cell for one in listed(book) or ()] == [one.cell for one in wanted if one.cell]
    marked = {one.cell for one in wanted if one.cell}
    assert {Cell(sheet.name, *place) for sheet in app.books.active.sheets if sheet.name != "校验结果"
            for place in sheet.looks} == marked
    assert all(BEGIN in sheet_of(app, cell.sheet).texts[cell.row, cell.column] for cell in marked)
    here = book.selected()
    assert here is not None
    assert (here.sheet, here.address) == ("活动", "$C$3:$C$4")
    assert app.books.active.saves == 0
    assert app.status_bar is False


def test_what_excel_would_take_for_a_number_or_a_day_stays_text_in_the_list(app: App) -> None:
    press(app, macros.check)
    given = [row[8] for row in book_of(app).values("校验结果", 12)[3:]]
    assert "2025-02-30" in given or all(value is None or isinstance(value, str) for value in given)
    book = book_of(app)
    values = {Cell("活动", 9, 1): "007", Cell("活动", 10, 1): "2024-01-05", Cell("活动", 11, 1): "=1+1",
              Cell("活动", 12, 2): dt.date(2025, 1, 5), Cell("活动", 13, 2): 3}
    book.put(values)
    held = sheet_of(app, "活动").values
    assert [held[9, 1], held[10, 1], held[11, 1]] == ["007", "2024-01-05", "=1+1"]
    assert held[12, 2] == dt.datetime(2025, 1, 5)


def test_clear_undoes_its_own_marks_alone(app: App) -> None:
    book = book_of(app)
    book.paint("活动", (1, 2, 3), [(3, 2), (4, 3), (9, 9)])
    book.put_notes("活动", {(4, 3): "我写的"}, ())
    before = state(app)
    press(app, macros.check)
    assert state(app) != before
    assert "清除" in press(app, macros.clear_marks)
    assert state(app) == before
    assert press(app, macros.clear_marks) == "没有要清除的标记。"


def test_a_failure_half_way_leaves_no_mark(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    before, add, calls = state(app), Range.add_note, []

    def failing(self: Range, text: str) -> Any:
        calls.append(text)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return add(self, text)

    monkeypatch.setattr(Range, "add_note", failing)
    assert press(app, macros.check) == "已取消，台账没有改动。"
    assert state(app) == before


def test_someone_elses_result_sheet_is_left_alone(app: App) -> None:
    app.books.active.sheets.add(None, None, "校验结果")
    sheet_of(app, "校验结果").values[1, 1] = "我的"
    before = state(app)
    assert "不是程序写的" in press(app, macros.check)
    assert state(app) == before


def test_next_and_previous_go_round(app: App) -> None:
    assert "先点“校验”" in press(app, macros.next_finding)
    press(app, macros.check)
    book = book_of(app)
    stops = list(dict.fromkeys(one.cell for one in listed(book) or ()))
    seen = []
    for macro in [macros.next_finding] * (len(stops) + 1) + [macros.previous_finding]:
        assert press(app, macro) == ""
        here = book.selected()
        assert here is not None
        seen.append(Cell(here.sheet, here.row, here.column))
    assert seen == [*stops, stops[0], stops[-1]]
    assert str(app.status_bar).startswith(f"{len(stops)}/{len(stops)} ")


def test_next_goes_on_where_it_was_after_a_cell_was_corrected(app: App) -> None:
    press(app, macros.check)
    book = book_of(app)
    stops = list(dict.fromkeys(one.cell for one in listed(book) or ()))
    press(app, macros.next_finding)
    book.go("字典", "A9")
    press(app, macros.next_finding)
    here = book.selected()
    assert here is not None
    assert Cell(here.sheet, here.row, here.column) == stops[1]


def test_fix_changes_nothing_without_a_yes(app: App) -> None:
    before = state(app)
    assert press(app, macros.fix, "no") == "没有改动。"
    assert state(app) == before
    assert "活动!B2　2025.3.8 → 2025-03-08" in press(app, macros.fix, "yes")
    assert sheet_of(app, "活动").values[2, 2] == dt.datetime(2025, 3, 8)
    assert app.books.active.saves == 0


def test_fix_leaves_formulas_and_read_only_books(app: App) -> None:
    sheet_of(app, "活动").formulas[2, 2] = "=甲"
    assert "没有能自动改" in press(app, macros.fix)
    app.books.active.api.ReadOnly = True
    assert "只读" in press(app, macros.fix)
    assert "另存" in press(app, macros.check)


def test_fix_tells_the_phrases_of_the_metrics_anew(tmp_path: Path) -> None:
    text = EVENTS.replace("| 统计期 |", "| 统计期 | 报告表述 |").replace("---|\n| M01", "---|---|\n| M01")
    raw = parse(HEAD + ONE_CHAPTER + text.replace("| 本年 |", "| 本年 | 9 |") + META, "台账.xlsx")
    app = started((raw, str(tmp_path / "台账.xlsx")))
    press(app, macros.fix, "yes")
    assert sheet_of(app, "指标").values[2, 7] == "1"


def test_trace_explains_a_metric_and_a_row(app: App) -> None:
    book = book_of(app)
    book.go("指标", "B2")
    assert "学法次数" in press(app, macros.trace)
    here = book.selected()
    assert here is not None
    assert here.sheet == "活动"
    book.go("活动", "A4")
    assert press(app, macros.trace).startswith("活动第 4 行算进了：\n学法次数")
    book.go("股室", "A1")
    assert "没有算进哪个指标" in press(app, macros.trace)


def test_report_and_review_are_written_beside_an_unsaved_edit_and_all(app: App, tmp_path: Path) -> None:
    book_of(app).put({Cell("章节", 2, 2): "刚刚改的标题"})
    assert press(app, macros.report, "no") == "没有生成报告。"
    assert list(tmp_path.glob("*.docx")) == []
    assert "（草稿）" in press(app, macros.report, "yes")
    assert (tmp_path / "台账=甲.docx.trace.json").read_text("utf-8").count("刚刚改的标题")
    assert "核对稿" in press(app, macros.review)
    assert {path.name for path in tmp_path.glob("*核对*")} == {"台账=甲.核对稿.docx", "台账=甲.核对.html"}


def test_a_workbook_never_saved_has_no_folder_for_its_report() -> None:
    app = started((parse(HEAD + ONE_CHAPTER, "工作簿1"), "工作簿1"))
    assert "请先保存台账" in press(app, macros.report)
    assert "请先保存台账" in press(app, macros.review)
    assert press(app, macros.check).startswith("校验结果")


def test_every_obstacle_is_one_clear_message(app: App) -> None:
    sheet_of(app, "活动").busy = True
    assert press(app, macros.check) == BUSY
    sheet_of(app, "活动").busy, sheet_of(app, "活动").protected = False, True
    assert "工作表“活动”受保护" in press(app, macros.check)
    app.books.active.structure_locked = True
    assert "撤销工作簿保护" in press(app, macros.check)
    app.books.held = []
    for macro in (macros.check, macros.fix, macros.report, macros.review, macros.trace, macros.clear_marks,
                  macros.next_finding, macros.previous_finding):
        assert press(app, macro) == NO_BOOK
    assert "校验：" in press(app, macros.help_page)
    app.engine.running = []
    with pytest.raises(SystemExit, match="没有找到打开的 Excel"):
        macros.check()


def test_no_ledger_and_a_newer_one_are_refused_by_name(tmp_path: Path) -> None:
    app = started((RawBook("杂表.xlsx", (RawSheet("Sheet1", [["甲"]]),)), "杂表.xlsx"))
    assert press(app, macros.check).startswith("杂表.xlsx：不是标准台账")
    newer = parse(HEAD + ONE_CHAPTER + "\n## _元\n\n| 项目 | 内容 |\n|---|---|\n| 架构版本 | 99 |\n", "新.xlsx")
    app = started((newer, "新.xlsx"))
    assert "请先更新程序" in press(app, macros.check)


def test_a_fault_of_ours_is_a_sentence_too(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OpenBook, "raw", lambda self: 1 / 0)
    said = press(app, macros.check)
    assert said.startswith("程序出错，不是您的问题：ZeroDivisionError")
    assert "Traceback" not in said


def test_an_add_in_of_another_version_does_nothing_and_says_so(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(app)
    monkeypatch.setattr(sys, "argv", ["-c", "--from_xl=1", "--addin=0.0.9"])
    said = press(app, macros.check)
    assert "0.0.9 版" in said
    assert "taizhang addin install" in said
    assert state(app) == before
    assert "0.0.9" not in press(app, macros.help_page)
    monkeypatch.setattr(sys, "argv", ["-c", f"--addin={VERSION}"])
    assert press(app, macros.check).startswith("校验结果")


def test_a_button_of_a_newer_add_in_is_a_sentence(app: App) -> None:
    assert press(app, macros.a_button_of_next_year) == NEWER
    with pytest.raises(AttributeError):
        _ = macros.__wrapped__


def test_the_workbook_is_found_by_its_whole_name(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    other = started(*((parse(HEAD + ONE_CHAPTER, name), name) for name in ("别的.xlsx", "台账=甲.xlsx")))
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=台账=甲.xlsx", "--from_xl=1", f"--hwnd={other.hwnd}"])
    assert book_of(other).name == "台账=甲.xlsx"


def test_new_ledger_asks_and_overwrites_nothing(app: App, tmp_path: Path) -> None:
    opened: list[str] = []
    app.books.open = lambda fullname, *rest, **named: opened.append(fullname)  # type: ignore[attr-defined]
    assert press(app, macros.new_ledger, "cancel").startswith("建哪一年")
    assert list(tmp_path.glob("*年台账*")) == []


def test_a_macro_loads_none_of_the_heavy_libraries() -> None:
    code = ("import sys; from addin import macros, sheet; sheet.engine();"
            "print([name for name in ('pandas', 'numpy', 'polars', 'openpyxl', 'docx', 'xlwings.pro')"
            " if name in sys.modules]); import pandas")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_calls_of_a_check_do_not_grow_with_the_rows(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call into Excel costs the same, for one cell or for ten thousand."""
    calls: list[str] = []
    reading, ranges = Range.raw_value.fget, Sheet.range
    monkeypatch.setattr(Range, "raw_value", Range.raw_value.getter(lambda self: calls.append("read") or reading(self)))
    monkeypatch.setattr(Sheet, "range", lambda self, *given: calls.append("range") or ranges(self, *given))
    counts = []
    for rows in (0, 400):
        sheet_of(app, "股室").values.update({(row + 10, 1): f"{row}号" for row in range(rows)})
        calls.clear()
        book_of(app).raw()
        counts.append(len(calls))
    assert counts[0] == counts[1]
