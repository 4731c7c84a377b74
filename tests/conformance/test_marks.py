"""A rich workbook with findings marked in it, before real programs: valid, shown, saved again, and clean afterwards."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.programs import faults, output, require
from tests.conformance.rich_book import HEADERS, rich_book
from tests.conformance.sheets import Office, by_calamine, by_openpyxl, differences
from tests.workbook.patched import differing, unpacked
from workbook.findings import Cell, Finding, Severity
from workbook.patching.cells import with_cells
from workbook.patching.marking import BEGIN
from workbook.patching.marks import marked, unmarked

pytestmark = pytest.mark.conformance

PERMITTED = re.compile(
    r"\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml|docProps/app\.xml"
    r"|xl/worksheets/sheet[135]\.xml|xl/worksheets/_rels/sheet[13]\.xml\.rels|xl/comments\d\.xml"
    r"|xl/drawings/vmlDrawing\d\.vml")


def said(code: str, severity: Severity, place: Cell | None, value: str = "办结") -> Finding:
    message, hint = f"“状态”填的是“{value}”，不在可选的值里。", "请从下拉框里选，或在“字典”里加上它。"
    return Finding(code, severity, message, hint, "常识", place, "任务", "状态", "R2", value)


FINDINGS = (
    said("C005", Severity.ERROR, Cell("任务", 3, 3)), said("C006", Severity.WARNING, Cell("任务", 3, 2)),
    said("C005", Severity.WARNING, Cell("任务", 4, 2)), said("C001", Severity.INFO, Cell("任务", 5, 4)),
    said("S011", Severity.INFO, Cell("任务", 11, 2)), said("C001", Severity.ERROR, Cell("任务", 20, 2), ""),
    said("C007", Severity.ERROR, Cell("隐藏", 1, 1)), said("S001", Severity.WARNING, None),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The marked workbook."""
    path = tmp_path_factory.mktemp("台账") / "标注.xlsx"
    path.write_bytes(marked(rich_book(), FINDINGS))
    return path


def opened(data: bytes) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data))


def test_only_the_permitted_parts_differ_and_all_come_back(book: Path) -> None:
    changed = differing(rich_book(), book.read_bytes())
    assert [name for name in changed if not PERMITTED.fullmatch(name)] == []
    assert unpacked(unmarked(book.read_bytes())) == unpacked(rich_book())


def test_marking_adds_no_error_of_the_open_xml_sdk(book: Path, tmp_path: Path) -> None:
    plain = tmp_path / "原.xlsx"
    plain.write_bytes(rich_book())
    assert faults(book) - faults(plain) == set()


def test_changed_cells_add_no_error_of_the_open_xml_sdk(tmp_path: Path) -> None:
    import datetime as dt

    plain, changed = tmp_path / "原.xlsx", tmp_path / "改.xlsx"
    plain.write_bytes(rich_book())
    values = {Cell("任务", 3, 3): "已完成", Cell("任务", 30, 1): dt.date(2025, 3, 8), Cell("任务", 3, 5): 1.5}
    changed.write_bytes(with_cells(rich_book(), values))
    assert faults(changed) - faults(plain) == set()


def test_readers_see_the_same_values_as_before(book: Path, tmp_path: Path) -> None:
    plain = tmp_path / "原.xlsx"
    plain.write_bytes(rich_book())
    for reader in (by_openpyxl, by_calamine):
        held = {key: value for key, value in reader(book).items() if key[0] != "校验结果"}
        assert not differences(held, reader(plain))


def test_libreoffice_keeps_colours_and_notes(book: Path, office: Office) -> None:
    saved = opened((office.convert(book, "xlsx") / book.name).read_bytes())
    tasks = saved["任务"]
    assert [tasks[place].fill.fgColor.rgb for place in ("C3", "B3", "D5")] == ["FFF4A08A", "FFFFE48C", "FFD8EAF8"]
    assert {place for place in ("B3", "C3", "D5", "A10", "B20", "B4") if BEGIN in noted(tasks, place)} == {
        "B3", "C3", "D5", "A10", "B20"}
    assert noted(tasks, "B3").startswith("已与王科长核对")
    assert saved["校验结果"]["D4"].hyperlink is not None


def noted(sheet: Any, place: str) -> str:
    comment = sheet[place].comment
    return str(comment.text) if comment else ""


def test_marks_go_after_libreoffice_has_saved_the_file(book: Path, office: Office, tmp_path: Path) -> None:
    plain = tmp_path / "标注.xlsx"
    plain.write_bytes(rich_book())
    clean = opened(unmarked((office.convert(book, "xlsx") / book.name).read_bytes()))
    before = opened((office.convert(plain, "xlsx") / plain.name).read_bytes())
    assert clean.sheetnames == before.sheetnames
    for sheet in before:
        for row in sheet.iter_rows(min_row=1, max_row=21, max_col=6):
            for cell in row:
                other = clean[sheet.title][cell.coordinate]
                assert look(cell) == look(other), (sheet.title, cell.coordinate)
                assert BEGIN not in noted(clean[sheet.title], cell.coordinate)
    assert noted(clean["任务"], "B3").strip() == "已与王科长核对"


def test_marks_go_after_openpyxl_has_saved_the_file_and_edits_stay(book: Path) -> None:
    saved, buffer = opened(book.read_bytes()), io.BytesIO()
    saved["任务"]["D5"].number_format, saved["任务"]["B6"].value = "0.00", "改过"
    saved["任务"].insert_rows(15)
    saved.save(buffer)
    clean, before = opened(unmarked(buffer.getvalue())), opened(rich_book())
    places = {cell.coordinate: cell for row in before["任务"].iter_rows(max_row=14, max_col=6) for cell in row}
    changed = {place for place, cell in places.items() if look(cell) != look(clean["任务"][place])}
    assert changed == {"D5", "B6"}
    assert look(clean["任务"]["D5"])[1:3] == (None, "0.00")
    assert look(clean["任务"]["B21"])[:2] == (None, None)
    assert noted(clean["任务"], "B3") == "已与王科长核对"


def look(cell: Any) -> tuple[object, ...]:
    fill = cell.fill.fgColor.rgb if cell.fill.fill_type else None
    return cell.value, fill, cell.number_format, cell.font.b, cell.border.left.style


def test_the_list_is_printed_with_its_headers(book: Path, office: Office) -> None:
    pdf = office.convert(book, "pdf") / f"{book.stem}.pdf"
    text = output(require("pdftotext"), "-layout", pdf, "-")
    assert "校验结果：错误 3 处，提醒 3 处，说明 2 处" in text
    assert all(header in text for header in ("序号", "怎么改", "依据", HEADERS[0]))
