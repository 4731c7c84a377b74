"""Returns that other programs saved: LibreOffice as xlsx, ods and xls, gnumeric as xlsx and xls, openpyxl."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.conformance.programs import output, require
from tests.conformance.sheets import Office as LibreOffice
from tests.returning import Office, rows_of

pytestmark = pytest.mark.conformance
NEW = {"编号": "H9", "开始日期": "2025-07-01", "活动名称": "暑期活动", "类型": "主题宣传", "承办股室": "救助股"}


def saved_by(program: str, form: str, source: Path, folder: Path) -> Path:
    """The workbook as the program saves it."""
    if program == "gnumeric":
        target = folder / f"{source.stem}.{form}"
        kind = {"xlsx": "Gnumeric_Excel:xlsx", "xls": "Gnumeric_Excel:excel_biff8"}[form]
        output(require("ssconvert"), "-T", kind, source, target)
        return target
    if program == "openpyxl":
        openpyxl.load_workbook(source).save(folder / "b.xlsx")
        return folder / "b.xlsx"
    profile = folder / "profile"
    profile.mkdir()
    return LibreOffice(profile).convert(source, form) / f"{source.stem}.{form}"


def rearranged(path: Path) -> None:
    """Its sheets in another order, one that travels hidden, another taken out of sight altogether."""
    book = openpyxl.load_workbook(path)
    book.move_sheet("指标", -book.index(book["指标"]))
    book["任务"].sheet_state, book["字典"].sheet_state = "hidden", "veryHidden"
    book.active = book.index(book["活动"])
    book.save(path)


@pytest.mark.parametrize(("program", "form"), [
    ("openpyxl", "xlsx"), ("libreoffice", "xlsx"), ("libreoffice", "ods"), ("libreoffice", "xls"), ("gnumeric", "xlsx"),
    ("gnumeric", "xls")])
def test_a_return_saved_by_another_program_merges_alike(program: str, form: str, tmp_path: Path) -> None:
    office = Office(tmp_path)
    work = tmp_path / "另存"
    work.mkdir()
    office.returned("JZG", 活动=lambda sheet: (sheet.put("H1", 地点="会堂"), sheet.delete("H2"), sheet.append(**NEW),
                                              sheet.swap("H1", "H9")),
                    指标=lambda sheet: sheet.put("M1", 填报值=8)).rename(work / "a.xlsx")
    rearranged(work / "a.xlsx")
    saved_by(program, form, work / "a.xlsx", work).rename(office.returns / f"a.{form}")
    assert office.merge() == 0
    rows = office.rows("活动")
    assert list(rows) == ["H1", "H3", "H4", "H9"]
    assert (rows["H1"]["地点"], rows["H9"]["活动名称"]) == ("会堂", "暑期活动")
    assert office.rows("指标")["M1"]["填报值"] == "8"
    assert office.merge(office.folder / "合并.xlsx", "再次.xlsx") == 0
    assert (office.folder / "再次.xlsx").read_bytes() == (office.folder / "合并.xlsx").read_bytes()


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_an_untouched_return_saved_by_libreoffice_changes_nothing(form: str, tmp_path: Path) -> None:
    office = Office(tmp_path)
    saved_by("libreoffice", form, office.sent / "YLG.xlsx", tmp_path).rename(office.returns / f"b.{form}")
    assert office.merge() == 0
    assert (office.folder / "合并.xlsx").read_bytes() == office.master.read_bytes()


def test_the_merged_master_opens_in_libreoffice_with_all_it_had(tmp_path: Path) -> None:
    """Appended rows lie in the Excel table, the sheet of decisions is there, dropdowns are."""
    office = Office(tmp_path)
    many = [dict(NEW, 编号=f"N{at}", 活动名称=f"活动{at}") for at in range(40)]
    office.returned("JZG", 活动=lambda sheet: [sheet.append(**one) for one in many],
                    指标=lambda sheet: sheet.put("M1", 填报值=8))
    office.returned("YLG", 指标=lambda sheet: sheet.put("M1", 填报值=9))
    assert office.merge() == 1
    merged = office.folder / "合并.xlsx"
    book = openpyxl.load_workbook(merged)
    last = book["活动"].max_row
    table, = book["活动"].tables.values()
    assert int(table.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) >= last
    assert table.autoFilter.ref == table.ref
    assert book["活动"].cell(last, 4).alignment.wrap_text == book["活动"].cell(3, 4).alignment.wrap_text
    again = saved_by("libreoffice", "xlsx", merged, tmp_path)
    assert len(rows_of(again, "活动")) == 44
    assert "冲突裁决" in openpyxl.load_workbook(again).sheetnames
