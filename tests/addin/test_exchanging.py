"""拆分下发, 收回合并, 年度结转 from the open workbook: the same as the commands, and saved only on yes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from xlsxwriter import Workbook

from addin import exchanging, macros
from addin.sheet import engine, front_app, front_book
from scripts.cli import main
from tests.addin.engine_memory import App, Book, started
from workbook.exchange.folder import Exchange
from workbook.exchange.master_ids import missing_ids
from workbook.findings import Cell
from workbook.identity import with_ids
from workbook.raw import RawBook
from workbook.reading.reader import read
from workbook.schema import GENERATED_SHEETS
from workbook.standard.making import workbook_bytes
from workbook.text import parse

EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
Press = Callable[..., str]


@pytest.fixture(autouse=True)
def _engine() -> Iterator[None]:
    before = engine().engines.active
    yield
    engine().engines.active = before


def stored(raw: RawBook) -> bytes:
    """A plain workbook of these cells, as a program saves what is open in it."""
    from io import BytesIO

    held = BytesIO()
    with Workbook(held, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for one in raw.sheets:
            sheet = book.add_worksheet(one.name)
            for number, row in enumerate(one.rows):
                sheet.write_row(number, 0, row)
    return held.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "民政 台账=甲.xlsx"


@pytest.fixture
def app(path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    raw = parse(EXAMPLE.read_text("utf-8"), path.name)
    path.write_bytes(stored(raw))
    app = started((raw, str(path)))

    def save(self: Book, *where: Any, **how: Any) -> None:
        self.saves += 1
        path.write_bytes(stored(front_book(front_app()).raw()))

    monkeypatch.setattr(Book, "save", save)
    app.opened = []  # type: ignore[attr-defined]

    def opening(fullname: str, *rest: Any, **named: Any) -> Book:
        app.opened.append(fullname)  # type: ignore[attr-defined]
        return app.books.active

    app.books.open = opening  # type: ignore[attr-defined]
    return app


def press(app: App, macro: Callable[[], None], *answers: str) -> str:
    app.alerts.clear()
    app.answers[:] = answers
    macro()
    return app.alerts[-1]


def chosen(app: App, folder: Path | None) -> None:
    """What the clerk does in Excel's folder dialog."""
    dialog = SimpleNamespace(Show=lambda: -1 if folder else 0, SelectedItems=lambda at: str(folder))
    app.api = SimpleNamespace(FileDialog=lambda kind: dialog)  # type: ignore[attr-defined]


def test_dispatch_writes_and_saves_nothing_without_a_yes(app: App, path: Path) -> None:
    before = path.read_bytes()
    assert press(app, macros.dispatch, "no") == exchanging.NOT_SENT
    assert (app.books.active.saves, path.read_bytes()) == (0, before)
    assert list(path.parent.iterdir()) == [path]


def test_dispatch_gives_rows_their_ids_saves_and_sends_as_the_command_does(app: App, path: Path) -> None:
    front_book(front_app()).put({Cell("活动", 5, 4): "刚刚改的活动"})
    said = press(app, macros.dispatch, "yes")
    assert said.startswith("已下发")
    exchange = Exchange(path.parent / exchanging.FOLDER)
    [done] = exchange.dispatches()
    assert {one.name for one in (exchange.path / done.id).iterdir()} == {"下发", "邮件", "通知.txt"}
    saved = read(str(path), skip=GENERATED_SHEETS)
    assert missing_ids(saved, with_ids(saved)) == {}, "every row of the master has its id"
    told = "".join(map(str, (read(str(exchange.path / one.file)) for one in done.offices)))
    assert "刚刚改的活动" in told
    assert press(app, macros.dispatch, "yes").startswith("各股室的内容都没有变")
    assert main(["dispatch", str(path), "-o", str(exchange.path), "--quiet"]) in (0, 1)
    assert exchange.dispatches() == (done,), "the command finds it sent already"


def test_a_protected_sheet_or_a_read_only_book_stops_dispatch_before_anything_is_sent(app: App, path: Path) -> None:
    for sheet in app.books.active.sheets:
        sheet.protected = True
    assert "撤销工作表保护" in press(app, macros.dispatch, "yes")
    app.books.active.api.ReadOnly = True
    assert "只读" in press(app, macros.dispatch, "yes")
    assert not (path.parent / exchanging.FOLDER).exists()


def test_collect_merges_what_came_back_into_a_new_book_and_opens_it(app: App, path: Path, tmp_path: Path) -> None:
    press(app, macros.dispatch, "yes")
    exchange = Exchange(path.parent / exchanging.FOLDER)
    inbox = tmp_path / "收件 100%"
    inbox.mkdir()
    sent = exchange.dispatches()[0].offices[0]
    (inbox / "交回.xlsx").write_bytes(exchange.read(sent.file))
    master = read(str(path)).sheets
    chosen(app, inbox)
    assert press(app, macros.collect, "no") == exchanging.NOT_MERGED
    said = press(app, macros.collect, "yes")
    assert "登记 1 件" in said
    assert f"{sent.office}：收回" in said
    assert app.opened == [str(tmp_path / "民政 台账=甲.合并.xlsx")]  # type: ignore[attr-defined]
    assert Path(app.opened[0]).is_file()  # type: ignore[attr-defined]
    assert read(str(path)).sheets == master


def test_a_folder_of_returns_is_merged_without_a_folder_of_ours(app: App, path: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "退回"
    inbox.mkdir()
    chosen(app, inbox)
    assert "没有可以合并的退回的表" in press(app, macros.collect, "yes")
    chosen(app, None)
    assert press(app, macros.collect) == exchanging.NOT_MERGED


def test_where_excel_has_no_dialog_the_desktop_asks(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def choose(title: str, start: Path) -> str:
        asked.append(start)
        return ""

    monkeypatch.setattr("workbook.desktop.choose_folder", choose)
    assert press(app, macros.collect) == exchanging.NOT_MERGED
    assert asked == [tmp_path]


def test_rollover_writes_next_years_ledger_beside_and_leaves_this_one(app: App, path: Path) -> None:
    before = path.read_bytes()
    raw = front_book(front_app()).raw()
    year = int(next(row[1] for row in raw.sheets[0].rows if row[0] == "报告年度"))  # type: ignore[arg-type]
    front_book(front_app()).put({Cell(raw.sheets[0].name, number, 2): None
                                 for number, row in enumerate(raw.sheets[0].rows, 1) if str(row[0]) == "规划期止"})
    said = press(app, macros.rollover, "yes")
    [made] = app.opened  # type: ignore[attr-defined]
    assert f"{year + 1}年台账" in made
    assert said.startswith(f"已结转并打开：{made}")
    assert read(made).sheets
    assert (path.read_bytes(), app.books.active.saves) == (before, 0)
    assert press(app, macros.rollover, "no") == exchanging.NOT_MADE
    app.books.open = None  # type: ignore[attr-defined]  # Excel opens no second workbook of one name
    assert "没有自动打开" in press(app, macros.rollover, "yes")
    assert Path(made).with_stem(f"{Path(made).stem}（2）").is_file()


def test_a_plan_period_that_ends_is_said_with_the_command_that_names_the_next(app: App) -> None:
    said = press(app, macros.rollover)
    assert "--plan" in said
    assert "规划期" in said


def test_none_of_them_guesses_where_a_workbook_never_saved_belongs() -> None:
    app = started((parse(EXAMPLE.read_text("utf-8"), "工作簿1"), "工作簿1"))
    for macro in (macros.dispatch, macros.collect, macros.rollover):
        assert press(app, macro).startswith("台账还没有存到本机的文件夹里")


def test_the_standard_workbook_is_made_in_one_place(path: Path) -> None:
    raw = parse(EXAMPLE.read_text("utf-8"), "示例")
    assert workbook_bytes(raw) == workbook_bytes(raw)
