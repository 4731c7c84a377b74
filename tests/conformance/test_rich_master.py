"""Returns merged into a rich master: all that is not merged stays, byte for byte, and real programs open the result."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from tests.conformance.programs import faults
from tests.conformance.rich_ledger import EXTRA, MEMO, OWN, part_of, rich_ledger
from tests.conformance.sheets import Office as LibreOffice
from tests.conformance.sheets import by_calamine, by_openpyxl, differences
from tests.returning import Office, Sheet
from tests.workbook.patched import differing, unpacked
from workbook.standard.layout import FIRST_ROW

pytestmark = [pytest.mark.conformance, pytest.mark.filterwarnings("ignore:.*extension is not supported")]

NEW = {"编号": "H9", "开始日期": dt.date(2025, 7, 1), "活动名称": "暑期活动", "类型": "主题宣传",
       "承办股室": "救助股", EXTRA: 60}
FIRST, DELETED, EDITED, UNTOUCHED, APPENDED = range(FIRST_ROW, FIRST_ROW + 5)
"""The rows of 活动 in the master: H1, H2, H3, H4 and the new one."""


class Pair(NamedTuple):
    """A rich master, and what two offices' returns made of it."""

    before: Path
    after: Path

    def sheet(self, name: str) -> tuple[str, str]:
        """The part of a sheet before and after."""
        one, other = (unpacked(path.read_bytes()) for path in self)
        return one[part_of(one, name)].decode(), other[part_of(other, name)].decode()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Rows change places in both returns; H2 goes, H3, R2 and M2 are changed, H9 is new."""
    office = Office(tmp_path_factory.mktemp("主台账"), furnished=rich_ledger)
    office.returned("JZG", 活动=lambda sheet: (sheet.swap("H1", "H2"), sheet.delete("H2"), sheet.append(**NEW)))
    office.returned("YLG", 活动=lambda sheet: (sheet.swap("H3", "H4"), sheet.put("H3", 地点="石桥村")),
                    任务=lambda sheet: sheet.put("R2", 状态="已完成"), 指标=lambda sheet: sheet.put("M2", 填报值=9))
    assert office.merge() == 0
    return Pair(office.master, office.folder / "合并.xlsx")


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    return LibreOffice(tmp_path_factory.mktemp("office"))


def test_the_parts_that_differ_are_those_of_the_merged_sheets(pair: Pair) -> None:
    """Charts, pictures, notes, threads, styles, shared texts, tables, names and the ribbon are as they were."""
    one, other = (path.read_bytes() for path in pair)
    parts = unpacked(one)
    assert list(unpacked(other)) == list(parts)
    assert differing(one, other) == {part_of(parts, name) for name in ("活动", "任务", "指标", "_元")}
    assert b'fullCalcOnLoad="1"' in parts["xl/workbook.xml"], "看板和自用表的数由打开的程序重算"


@pytest.mark.parametrize(("name", "changed"), [
    ("活动", {DELETED, EDITED, APPENDED}), ("任务", {FIRST_ROW + 1}), ("指标", {FIRST_ROW + 1}), ("_元", {4})])
def test_in_a_merged_sheet_only_the_merged_rows_differ(pair: Pair, name: str, changed: set[int]) -> None:
    one, other = pair.sheet(name)
    held, made = rows(one), rows(other)
    assert {number for number in held.keys() | made.keys() if held.get(number) != made.get(number)} == changed
    assert beside(one) == beside(other)


def test_an_edited_row_keeps_all_cells_but_the_edited_one(pair: Pair) -> None:
    held, made = (cells(rows(xml)[EDITED]) for xml in pair.sheet("活动"))
    place = openpyxl.utils.get_column_letter(columns(pair.after)["地点"])
    assert {at for at in held.keys() | made.keys() if held.get(at) != made.get(at)} == {f"{place}{EDITED}"}
    assert 'hidden="1"' in rows(pair.sheet("活动")[1])[EDITED]


def test_a_deleted_row_keeps_its_formats_and_its_note(pair: Pair) -> None:
    held, made = (cells(rows(xml)[DELETED]) for xml in pair.sheet("活动"))
    styles = [{at: found[1] for at, text in row.items() if (found := re.search(r' s="(\d+)"', text))}
              for row in (held, made)]
    assert styles[0] == styles[1]
    assert not any("<v>" in text or "<is>" in text for text in made.values())
    assert openpyxl.load_workbook(pair.after)["活动"].cell(DELETED, 4).comment.text == "第二行的批注"


def test_openpyxl_reads_the_owners_things(pair: Pair) -> None:
    book, at = openpyxl.load_workbook(pair.after), columns(pair.after)
    events = book["活动"]
    assert (events.row_dimensions[FIRST].height, events.row_dimensions[EDITED].hidden) == (61.5, True)
    assert [events.cell(row, at[EXTRA]).value for row in range(FIRST, APPENDED + 1)] == [20, None, 40, 50, 60]
    assert {events.cell(row, at[EXTRA]).number_format for row in range(FIRST, APPENDED + 1)} == {'#,##0"人次"'}
    assert [events.cell(row, at[MEMO]).value for row in (FIRST, UNTOUCHED)] == ["甲", "乙"]
    assert {"区域", "人次合计"} <= set(book.defined_names)
    assert book[OWN]["H2"].value == "=SUM(活动[参与（人次）])"
    assert events.freeze_panes == openpyxl.load_workbook(pair.before)["活动"].freeze_panes


def test_the_merge_adds_no_error_of_the_open_xml_sdk(pair: Pair) -> None:
    assert faults(pair.after) - faults(pair.before) == set()


def test_every_reader_sees_the_same_values_as_before_where_nothing_was_merged(pair: Pair, calc: LibreOffice) -> None:
    """The owner's sum over 活动 is stale until a program calculates; LibreOffice does: 20 + 40 + 50 + 60."""
    for reader in (by_openpyxl, by_calamine):
        assert {place for place in differences(reader(pair.before), reader(pair.after)) if not merged(*place)} == set()
    shown, mine = (by_openpyxl(path) for path in (calc.convert(pair.after, "xlsx") / pair.after.name, pair.after))
    assert shown[OWN, "H2"] == 170
    apart = {(OWN, "H2"), *((OWN, f"F{row}") for row in range(2, 8))}
    assert {place for place in differences(shown, mine) if place[0] != "看板"} - apart == set()


def test_a_new_metrics_formula_calculates_what_is_stored_beside_it(calc: LibreOffice, tmp_path: Path) -> None:
    office = Office(tmp_path, furnished=rich_ledger)
    counted = {"编号": "M9", "名称": "人次", "单位": "人次", "统计方式": "求和", "来源表": "活动", "来源列": EXTRA}
    office.returned("JZG", 指标=lambda sheet: sheet.append(**counted), 活动=lambda sheet: sheet.append(**NEW))
    assert office.merge() == 0
    path = office.folder / "合并.xlsx"
    shown, mine = (by_openpyxl(one) for one in (calc.convert(path, "xlsx") / path.name, path))
    held = {place: value for place, value in mine.items() if place[0] == "指标"}
    assert [value for value in held.values() if value == 200] == [200, 200], "本年值和报告值：20+30+40+50+60"
    assert len([place for place in by_openpyxl(path, formulas=True) if place[0] == "指标"]) == 6
    assert not differences({place: shown.get(place) for place in held}, held)
    assert faults(path) - faults(office.master) == set()


def merged(sheet: str, place: str) -> bool:
    """Whether a cell is in one of the merged rows."""
    row = int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return row in {"活动": (DELETED, EDITED, APPENDED), "任务": (FIRST_ROW + 1,), "指标": (FIRST_ROW + 1,),
                   "_元": (4,)}.get(sheet, ())


def rows(xml: str) -> dict[int, str]:
    return {int(number): text for text, number in re.findall(r'(<row r="(\d+)"(?:[^>]*/>|.*?</row>))', xml, re.DOTALL)}


def cells(row: str) -> dict[str, str]:
    return {place: text for text, place in re.findall(r'(<c r="([A-Z]+\d+)"(?:[^>]*/>|.*?</c>))', row, re.DOTALL)}


def beside(xml: str) -> str:
    """All of a sheet but its cells and how far they reach."""
    return re.sub(r"<dimension [^>]*>|<sheetData>.*</sheetData>", "", xml, flags=re.DOTALL)


def columns(path: Path) -> dict[str, int]:
    return Sheet(openpyxl.load_workbook(path)["活动"]).columns
