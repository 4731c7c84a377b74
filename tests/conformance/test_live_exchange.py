"""拆分下发, 收回合并, 年度结转 pressed in a real, running Calc on the example ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from addin import exchanging, macros
from tests.conformance.calc_office import running_calc
from tests.conformance.test_live_calc import EXAMPLE, Calc
from workbook.exchange.folder import Exchange
from workbook.exchange.master_ids import missing_ids
from workbook.findings import Cell
from workbook.identity import with_ids
from workbook.reading.reader import read
from workbook.schema import GENERATED_SHEETS
from workbook.standard.making import workbook_bytes
from workbook.text import parse

pytestmark = pytest.mark.conformance


@pytest.fixture
def calc(tmp_path: Path) -> Iterator[Calc]:
    with running_calc(tmp_path / "profile") as app:
        yield Calc(app, tmp_path)


def test_out_to_the_offices_back_and_into_the_next_year(calc: Calc, monkeypatch: pytest.MonkeyPatch) -> None:
    book = calc.open(workbook_bytes(parse(EXAMPLE.read_text("utf-8"), "示例")), "民政 台账.xlsx")
    assert book.path is not None
    rows = book.values("活动", 10)
    row = next(number for number, cells in enumerate(rows, 1) if cells[0] == "H004")
    column = next(cells for cells in rows if "活动名称" in cells).index("活动名称") + 1
    book.put({Cell("活动", row, column): "刚刚改的活动"})
    assert calc.press(macros.dispatch, "no") == exchanging.NOT_SENT
    assert calc.press(macros.dispatch, "yes").startswith("已下发")
    exchange = Exchange(calc.folder / exchanging.FOLDER)
    sent = exchange.dispatches()[0].offices
    saved = read(str(book.path), skip=GENERATED_SHEETS)
    assert missing_ids(saved, with_ids(saved)) == {}
    assert "刚刚改的活动" in str([read(str(exchange.path / one.file)) for one in sent])
    inbox = calc.folder / "收件"
    inbox.mkdir()
    (inbox / "交回.xlsx").write_bytes(exchange.read(sent[0].file))
    monkeypatch.setattr("workbook.desktop.choose_folder", lambda title, start: str(inbox))
    assert f"{sent[0].office}：收回" in calc.press(macros.collect, "yes")
    merged = calc.folder / "民政 台账.合并.xlsx"
    assert merged.is_file()
    assert len(calc.app.books) == 2
    assert "--plan" in calc.press(macros.rollover), "the example's plan period ends with its year"
