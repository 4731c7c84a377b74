"""A merge written into a clerk's own master: formulas, merged cells, tables, missing sheets, what is beside."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.returning import LEDGER, Sheet, rows_of
from tests.workbook.patched import differing, unpacked
from workbook.book import recognize
from workbook.disk.halves import pieces_of
from workbook.exchange.decisions import TITLE, choices_in
from workbook.exchange.master import read_master, written
from workbook.exchange.merge import merge
from workbook.exchange.outcome import Merged, Return, applied
from workbook.exchange.sides import Row, Side
from workbook.findings import Refusal
from workbook.identity import with_ids
from workbook.patching.room import Room, with_room
from workbook.standard.cached import cached_values
from workbook.standard.writer import write
from workbook.text import parse


@pytest.fixture(scope="module")
def plain() -> bytes:
    book = recognize(with_ids(parse(LEDGER, "试.md")))
    return write(book, cached_values(book))


def changed(data: bytes, edit: Callable[[Any], object]) -> bytes:
    book, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    edit(book)
    book.save(out)
    return out.getvalue()


def merged_into(path: Path, data: bytes, edit: Callable[[Row], Row | None], *new: Row) -> tuple[bytes, Merged]:
    """The master after a return of 救助股 whose rows were edited so (None: deleted), with new rows."""
    path.write_bytes(data)
    master = read_master(str(path))
    base: Side = {sheet: tuple(row for row in rows if row.office in ("", "救助股"))
                  for sheet, rows in master.side.items()}
    theirs = {sheet: [one for row in rows if (one := edit(row)) is not None] for sheet, rows in base.items()}
    for row in new:
        theirs.setdefault(row.sheet, []).append(row)
    back = Return("救助股", base, {sheet: tuple(rows) for sheet, rows in theirs.items()})
    merged = merge(master.id, master.side, [back], master.reader)
    made = b"".join(pieces_of(written(master, applied(master.side, merged), merged, "批次")))
    path.write_bytes(made)
    return made, merged


def placed(where: str) -> Callable[[Row], Row]:
    return lambda row: row._replace(values={**row.values, "地点": where}) if row.key == "H1" else row


def test_a_formula_gives_way_to_what_the_office_wrote(plain: bytes, tmp_path: Path) -> None:
    data = changed(plain, lambda book: Sheet(book["活动"]).put("H1", 地点='="县"&"广场"'))
    made, _ = merged_into(tmp_path / "主.xlsx", data, placed("会堂"))
    assert rows_of(tmp_path / "主.xlsx", "活动")["H1"]["地点"] == "会堂"
    assert b"fullCalcOnLoad" in unpacked(made)["xl/workbook.xml"]


def test_merged_cells_are_taken_apart_and_keep_what_they_showed(plain: bytes, tmp_path: Path) -> None:
    def together(book: Any) -> None:
        sheet = Sheet(book["活动"])
        at, row = sheet.columns["地点"], sheet.row("H1")
        sheet.sheet.merge_cells(start_row=row, end_row=row + 1, start_column=at, end_column=at)

    merged_into(tmp_path / "主.xlsx", changed(plain, together),
                lambda row: row._replace(values={**row.values, "地点": "会堂"}) if row.key == "H2" else row)
    rows = rows_of(tmp_path / "主.xlsx", "活动")
    assert (rows["H1"]["地点"], rows["H2"]["地点"]) == ("县广场", "会堂")


def test_deleted_rows_are_cleared_and_all_others_keep_their_places(plain: bytes, tmp_path: Path) -> None:
    before = {key: Sheet(openpyxl.load_workbook(io.BytesIO(plain))["活动"]).row(key) for key in ("H3", "H4")}
    merged_into(tmp_path / "主.xlsx", plain, lambda row: None if row.key == "H2" else row)
    sheet = Sheet(openpyxl.load_workbook(tmp_path / "主.xlsx")["活动"])
    assert {key: sheet.row(key) for key in before} == before
    assert list(rows_of(tmp_path / "主.xlsx", "活动")) == ["H1", "H3", "H4"]


def test_rows_that_come_to_a_master_without_the_sheet(plain: bytes, tmp_path: Path) -> None:
    data = changed(plain, lambda book: book.__delitem__("办件"))
    case = Row("办件", 3, "", "B1", {"编号": "B1", "日期": "2025-05-05", "事项": "合同审查", "数量": 1, "单位": "件",
                                    "承办股室": "救助股"})
    merged_into(tmp_path / "主.xlsx", data, lambda row: row, case)
    assert rows_of(tmp_path / "主.xlsx", "办件")["B1"]["事项"] == "合同审查"


def test_every_other_part_stays_byte_for_byte(plain: bytes, tmp_path: Path) -> None:
    made, _ = merged_into(tmp_path / "主.xlsx", plain, placed("会堂"))
    assert all("worksheets/sheet" in name or name == "xl/workbook.xml" for name in differing(plain, made))


def test_the_sheet_of_decisions_goes_when_nothing_waits(plain: bytes, tmp_path: Path) -> None:
    path = tmp_path / "主.xlsx"
    _, merged = merged_into(path, plain, lambda row: row._replace(values={**row.values, "承办股室": "养老股"})
                            if row.key == "H1" else row)
    assert len(merged.conflicts) == 1
    assert openpyxl.load_workbook(path).sheetnames[-1] == TITLE
    again, _ = merged_into(path, path.read_bytes(), lambda row: row)
    assert TITLE not in openpyxl.load_workbook(io.BytesIO(again)).sheetnames


def test_a_sheet_of_that_name_that_is_not_ours_is_left_alone(plain: bytes, tmp_path: Path) -> None:
    data = changed(plain, lambda book: book.create_sheet(TITLE).append(["自己的表"]))
    path = tmp_path / "主.xlsx"
    path.write_bytes(data)
    with pytest.raises(Refusal, match="不是程序写的"):
        choices_in(read_master(str(path)).raw)


def test_a_master_with_a_mark_of_secrecy_is_refused(tmp_path: Path) -> None:
    book = recognize(with_ids(parse(LEDGER.replace("县广场", "机密★"), "试.md")))
    (tmp_path / "主.xlsx").write_bytes(write(book, cached_values(book)))
    with pytest.raises(Refusal, match="密级"):
        read_master(str(tmp_path / "主.xlsx"))


class TestRoom:
    def table(self, *, totals: bool = False) -> bytes:
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import Font
        from openpyxl.worksheet.datavalidation import DataValidation
        from openpyxl.worksheet.table import Table

        book, out = openpyxl.Workbook(), io.BytesIO()
        sheet = book.active
        for row in (["甲", "乙"], [1, 2], [3, 4]):
            sheet.append(row)
        sheet["A3"].font = Font(bold=True)
        made = Table(displayName="表", ref="A1:B3", totalsRowCount=int(totals) or None)
        sheet.add_table(made)
        rule = DataValidation(type="whole", formula1="0", operator="greaterThan", sqref="A2:A3")
        sheet.add_data_validation(rule)
        sheet.conditional_formatting.add("B2:B3 A2", FormulaRule(formula=["TRUE"], font=Font(bold=True)))
        book.save(out)
        return out.getvalue()

    def test_table_filter_and_rules_reach_down(self) -> None:
        made = with_room(self.table(), {"Sheet": Room(3, 4, 6, 2)})
        sheet = openpyxl.load_workbook(io.BytesIO(made)).active
        assert sheet.tables["表"].ref == "A1:B6"
        assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["A2:A6"]
        assert [sorted(str(one.sqref).split()) for one in sheet.conditional_formatting] == [["A2", "B2:B6"]]
        assert sheet["A6"].font.b

    def test_a_table_with_totals_stays(self) -> None:
        made = with_room(self.table(totals=True), {"Sheet": Room(3, 4, 4, 2)})
        assert openpyxl.load_workbook(io.BytesIO(made)).active.tables["表"].ref == "A1:B3"
