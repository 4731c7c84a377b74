"""Every button pressed in a real, running Calc on the example ledger: what is found, marked, mended and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from addin import macros
from addin.results import listed
from addin.sheet import OpenBook, engine
from scripts.check_one import Order as CheckOrder
from scripts.check_one import check_one
from scripts.cli import main
from scripts.convert import Order, convert
from templates.check import check as found_in
from templates.docx_text import paragraphs
from tests.conformance.calc_office import running_calc
from workbook.findings import Cell
from workbook.patching.cells import with_cells
from workbook.patching.marking import BEGIN
from workbook.patching.marks import marked, unmarked
from workbook.patching.result_sheet import TITLE
from workbook.reading.reader import read
from workbook.schema import GENERATED_SHEETS
from workbook.standard.making import workbook_bytes
from workbook.text import parse

pytestmark = pytest.mark.conformance
EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
FAULTS = {Cell("任务", 3, 5): "", Cell("任务", 4, 9): "2025.3.8", Cell("活动", 4, 2): "二〇二五年三月",
          Cell("活动", 5, 5): "不在字典里"}


class Calc(NamedTuple):
    """A running office: `app` is the engine's, with what the clerk was told and what they answer."""

    app: Any
    folder: Path

    def open(self, data: bytes, name: str = "台账＝甲=乙.xlsx") -> OpenBook:
        path = self.folder / name
        path.write_bytes(data)
        self.app.alerts.clear()
        return OpenBook(engine().Book(impl=self.app.books.open(str(path))))

    def press(self, macro: Callable[[], None], *answers: str) -> str:
        """What the clerk reads after pressing a button; empty where no message came."""
        self.app.alerts.clear()
        self.app.answers[:] = answers
        macro()
        return str(self.app.alerts[-1][1]) if self.app.alerts else ""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with running_calc(tmp_path_factory.mktemp("profile")) as app:
        yield app


@pytest.fixture
def calc(office: Any, tmp_path: Path) -> Iterator[Calc]:
    office.shown.clear()
    yield Calc(office, tmp_path)
    for book in list(office.books):
        book.close()


@pytest.fixture(scope="module")
def example() -> bytes:
    return workbook_bytes(parse(EXAMPLE.read_text("utf-8"), "示例"))


@pytest.fixture(scope="module")
def faulty(example: bytes) -> bytes:
    """The example with faults that a check finds, a day that a clerk typed as text among them."""
    return with_cells(example, FAULTS)


def as_read(path: Path) -> Any:
    return read(str(path), notes=True, skip=GENERATED_SHEETS)


def looks(book: OpenBook) -> dict[str, Any]:
    """Values, notes, merges and colours of all sheets."""
    raw = book.raw()
    grid = [(row, column) for row in range(1, 13) for column in range(1, 31)]
    colours = {sheet.name: book.colours(sheet.name, grid) for sheet in raw.sheets}
    return {"sheets": book.sheets, "cells": raw.sheets, "colours": colours}


def differences(ours: list[list[Any]], theirs: list[list[Any]]) -> list[tuple[int, int, Any, Any]]:
    """Where two sheets hold something else; blank cells at the end come and go with what a sheet was used for."""
    return [(row, column, one, other)
            for row, (left, right) in enumerate(zip_longest(ours, theirs, fillvalue=[]), 1)
            for column, (one, other) in enumerate(zip_longest(left, right), 1) if one != other]


def test_the_open_book_is_read_as_its_file(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    assert book.path is not None
    live, stored = book.raw(), as_read(book.path)
    assert [sheet.name for sheet in live.sheets] == [sheet.name for sheet in stored.sheets]
    for ours, theirs in zip(live.sheets, stored.sheets, strict=True):
        assert ours == theirs, ours.name
        assert [list(map(type, row)) for row in ours.rows] == [list(map(type, row)) for row in theirs.rows], ours.name


def test_check_finds_what_the_command_line_finds_and_keeps_the_selection(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    book.go("活动", "C7")
    said = calc.press(macros.check)
    assert book.path is not None
    wanted = [one for one in check_one(CheckOrder(str(book.path))).findings if one.open]
    assert set(FAULTS) & {one.cell for one in wanted}
    rows = book.values(TITLE, 12)[3:]
    assert [(row[2], row[4] or "", row[3] or "", row[9]) for row in rows] == [
        (one.code, one.cell.sheet if one.cell else one.sheet, one.cell.a1 if one.cell else "", one.message)
        for one in wanted]
    assert said.startswith("校验结果：错误")
    here = book.selected()
    assert here is not None
    assert (here.sheet, here.address) == ("活动", "$C$7")
    assert book.path.read_bytes() == faulty, "never saved behind the clerk's back"


def test_colours_and_notes_are_those_of_a_file_marked_by_the_command_line(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    assert book.path is not None
    findings = [one for one in check_one(CheckOrder(str(book.path))).findings if one.open]
    calc.press(macros.check)
    live = looks(book)
    stored = looks(calc.open(marked(faulty, findings), "标注.xlsx"))
    assert live["colours"] == stored["colours"]
    for ours, theirs in zip(live["cells"], stored["cells"], strict=True):
        assert {place: note.split() for place, note in ours.notes.items()} == {
            place: note.split() for place, note in theirs.notes.items()}, ours.name


def test_an_unsaved_edit_is_seen(calc: Calc, example: bytes) -> None:
    book = calc.open(example)
    calc.press(macros.check)
    before = {one.cell for one in listed(book) or ()}
    book.put({Cell("活动", 5, 5): "没有这种活动"})
    calc.press(macros.check)
    assert Cell("活动", 5, 5) in {one.cell for one in listed(book) or ()} - before


def test_clear_gives_everything_back_even_after_rows_came_in_between(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    book.paint("活动", (200, 220, 40), [(5, 5), (4, 2)])
    book.put_notes("任务", {(4, 9): "已与王科长核对"}, ())
    calc.app.run("document.calculateAll()")
    before = looks(book)
    calc.press(macros.check)
    assert looks(book) != before
    assert BEGIN in book.noted("任务", (4, 9))
    assert "清除" in calc.press(macros.clear_marks)
    after = looks(book)
    for ours, theirs in zip(after["cells"], before["cells"], strict=True):
        assert differences(ours.rows, theirs.rows) == [], ours.name
        assert ours.merges == theirs.merges, ours.name
        assert ours.notes == theirs.notes, ours.name
    assert (after["sheets"], after["colours"]) == (before["sheets"], before["colours"])
    calc.press(macros.check)
    calc.app.run("document.Sheets.getByName('活动').Rows.insertByIndex(3, 1)")
    calc.press(macros.clear_marks)
    assert book.colours("活动", [(6, 5), (5, 2), (4, 2)]) == {(6, 5): (200, 220, 40), (5, 2): (200, 220, 40),
                                                           (4, 2): book.colours("活动", [(4, 2)])[4, 2]}
    assert not any(BEGIN in note for name in book.sheets for note in book.notes(name).values())


def test_marks_survive_saving_and_go_in_both_worlds(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    plain = looks(book)
    calc.press(macros.check)
    book.book.save(str(calc.folder / "存过.xlsx"))
    book.book.close()
    data = (calc.folder / "存过.xlsx").read_bytes()
    again = calc.open(data, "再开.xlsx")
    assert listed(again)
    calc.press(macros.clear_marks)
    assert looks(again)["colours"] == plain["colours"]
    assert looks(calc.open(unmarked(data), "命令行去掉.xlsx"))["colours"] == plain["colours"]


def test_next_and_previous_walk_through_the_findings(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    assert "先点“校验”" in calc.press(macros.next_finding)
    calc.press(macros.check)
    places = list(dict.fromkeys(one.cell for one in listed(book) or () if book.visible(one.cell.sheet)))
    seen = []
    for _ in places:
        calc.press(macros.next_finding)
        here = book.selected()
        assert here is not None
        seen.append(Cell(here.sheet, here.row, here.column))
    assert seen == places
    book.go("活动", "A1")
    calc.press(macros.previous_finding)
    here = book.selected()
    assert here is not None
    assert Cell(here.sheet, here.row, here.column) == places[-2]
    assert str(calc.app.status_bar).startswith(f"{len(places) - 1}/{len(places)} ")


def test_fix_asks_then_writes_the_same_values_as_the_command_line(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    assert book.path is not None
    before = book.raw()
    assert calc.press(macros.fix, "no") == "没有改动。"
    assert book.raw() == before
    assert "还没有保存" in calc.press(macros.fix, "yes")
    mended = calc.folder / "改好.xlsx"
    check_one(CheckOrder(str(book.path), mended=str(mended)))
    assert book.path.read_bytes() == faulty
    calc.app.run("document.calculateAll()")
    ours = book.raw()
    theirs = calc.open(mended.read_bytes(), "命令行改好.xlsx")
    calc.app.run("document.calculateAll()")
    for left, right in zip(ours.sheets, theirs.raw().sheets, strict=True):
        assert differences(left.rows, right.rows) == [], left.name


def test_the_report_is_that_of_the_command_line(calc: Calc, example: bytes) -> None:
    book = calc.open(example)
    assert book.path is not None
    said = calc.press(macros.report, "yes")
    wanted = calc.folder / "命令行.docx"
    convert(Order(str(book.path), str(wanted), "docx", draft=True))
    target = book.path.with_suffix(".docx")
    assert str(target) in said
    assert [one.text for one in paragraphs(target.read_bytes())] == [
        one.text for one in paragraphs(wanted.read_bytes())]
    assert Path(f"{target}.trace.json").is_file()
    assert "核对稿" in calc.press(macros.review)
    assert len(list(calc.folder.glob("*.核对*"))) == 2


def test_trace_tells_and_selects_the_rows_of_a_metric(calc: Calc, example: bytes) -> None:
    book = calc.open(example)
    names = [row[:2] for row in book.values("指标", 2)]
    counted = next(number for number, row in enumerate(names, 1) if str(row[0]).startswith("M"))
    book.go("指标", f"A{counted}")
    said = calc.press(macros.trace)
    assert str(names[counted - 1][1]) in said
    assert "行" in said
    here = book.selected()
    assert here is None or here.sheet != "指标", "the rows that were counted are selected on their sheet"


def test_a_protected_sheet_is_named_and_the_rest_is_marked(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    calc.app.run("document.Sheets.getByName('活动').protect('mima')")
    said = calc.press(macros.check)
    assert "工作表“活动”受保护" in said
    assert any(one.cell.sheet == "活动" for one in listed(book) or ())
    assert not book.notes("活动")
    assert any(BEGIN in note for note in book.notes("任务").values())
    calc.app.run("document.Sheets.getByName('活动').unprotect('mima')")
    before = book.raw()
    calc.app.run("document.Sheets.getByName('任务').protect('mima')")
    assert "一处也没有改" in calc.press(macros.fix, "yes")
    assert book.raw() == before
    calc.app.run("document.Sheets.getByName('任务').unprotect('mima')")
    calc.press(macros.clear_marks)
    calc.app.run("document.protect('mima')")
    assert "撤销工作簿保护" in calc.press(macros.check)
    assert not any(book.notes("任务").values())
    calc.app.run("document.unprotect('mima')")


def test_other_workbooks_get_one_clear_sentence(calc: Calc) -> None:
    assert calc.press(macros.check) == "没有打开的工作簿。请先打开台账，再点这个按钮。"
    calc.app.books.add()
    for macro in (macros.check, macros.fix, macros.report, macros.review, macros.trace):
        said = calc.press(macro, "no")
        assert len(said.splitlines()) == 1, said
        assert "台账" in said


def test_new_ledger_writes_beside_and_opens(calc: Calc, example: bytes) -> None:
    book = calc.open(example)
    assert calc.press(macros.new_ledger, "cancel").startswith("建哪一年")
    said = calc.press(macros.new_ledger, "no")
    made = list(calc.folder.glob("*年台账.xlsx"))
    assert len(made) == 1
    assert str(made[0]) in said
    assert len(calc.app.books) == 2
    assert found_in(as_read(made[0])) is not None
    assert book.path is not None
    assert book.path.read_bytes() == example


def test_help_explains_the_selected_finding_else_shows_the_guide(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    calc.press(macros.check)
    calc.press(macros.next_finding)
    first = (listed(book) or [])[0]
    assert first.text in calc.press(macros.help_page)
    book.go("活动", "A1")
    assert calc.press(macros.help_page) == ""
    here = book.selected()
    assert here is not None
    assert here.sheet == "填写说明"


def test_the_examination_says_what_the_command_says(calc: Calc, example: bytes, capsys: pytest.CaptureFixture[str]
                                                    ) -> None:
    calc.open(example)
    said = calc.press(macros.doctor)
    main(["addin", "doctor"])
    assert sorted(said.splitlines()) == sorted(capsys.readouterr().out.splitlines())


def test_a_check_is_one_step_to_undo_and_keeps_a_selection_of_several_areas(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    book.put({Cell("活动", 6, 3): "我刚刚打的字"})
    before = calc.app.run("said = list(document.UndoManager.getAllUndoActionTitles())")
    plain = looks(book)
    book.go("活动", "C3:C5,E7")
    calc.press(macros.check)
    here = book.selected()
    assert here is not None
    assert (here.sheet, here.address) == ("活动", "$C$3:$C$5,$E$7")
    calc.press(macros.next_finding)
    assert calc.app.run("said = list(document.UndoManager.getAllUndoActionTitles())") == ["台账", *before]
    calc.app.run("document.UndoManager.undo()")
    assert looks(book)["colours"] == plain["colours"]
    assert book.sheets == plain["sheets"]


def test_filters_hidden_rows_frozen_panes_and_long_texts_stay_as_they_are(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    book.go("活动", "B6")
    book.put({Cell("活动", 6, 3): "长" * 3000})
    told = ("sheet = document.Sheets.getByName('活动')\n{}"
            "panes = document.CurrentController\nsaid = [panes.hasFrozenPanes(), panes.SplitRow]\n"
            "said += [sheet.Rows.getByIndex(at).IsVisible for at in range(9)]")
    before = calc.app.run(told.format("for at in (3, 4): sheet.Rows.getByIndex(at).IsVisible = False\n"))
    calc.press(macros.check)
    assert calc.app.run(told.format("")) == before
    assert any(one.cell == Cell("活动", 4, 2) for one in listed(book) or ()), "a hidden row is checked too"
    calc.press(macros.clear_marks)
    assert calc.app.run(told.format("")) == before
    assert book.values("活动", 3)[5][2] == "长" * 3000


def test_a_book_never_saved_and_one_opened_read_only(calc: Calc, faulty: bytes) -> None:
    book = calc.open(faulty)
    path = str(book.path)
    book.book.close()
    held = OpenBook(engine().Book(impl=calc.app.books.open(path, read_only=True)))
    assert "只读" in calc.press(macros.check)
    assert held.read_only
    assert "只读" in calc.press(macros.fix)
    held.book.close()
    calc.app.books.add()
    assert "还没有存到" in calc.press(macros.report) or "标准台账" in calc.press(macros.report)
