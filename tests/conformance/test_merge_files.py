"""What differs in a file alone, not in its rows: hidden, filtered, moved, apart from the table, under another name.

Law: a return of any such form merges as the plain one with the same entries does, whatever else was done to it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.returning import Office, Sheet

pytestmark = pytest.mark.conformance
EVENTS = "活动"
NEW: Mapping[str, Any] = {"开始日期": "2025-07-01", "类型": "主题宣传", "承办股室": "救助股", "地点": "会堂"}
ENTRIES: Mapping[str, Callable[[Sheet], None]] = {
    "改": lambda sheet: sheet.put("H1", 地点="礼堂"),
    "清空": lambda sheet: sheet.put("H2", 地点=None),
    "数": lambda sheet: sheet.put("H2", **{"参与（人次）": 31}),
    "自设列": lambda sheet: sheet.put("H1", 内部备忘="丙"),
    "新增": lambda sheet: sheet.append(编号="H8", 活动名称="暑期活动", **NEW),
    "再增": lambda sheet: sheet.append(编号="H9", 活动名称="秋季活动", **NEW),
}
"""Each changes what the rows of the office 救助股 (H1, H2) say."""


def _hide_rows(sheet: Sheet) -> None:
    for key in ("H1", "H2"):
        sheet.sheet.row_dimensions[sheet.row(key)].hidden = True


def _filter(sheet: Sheet) -> None:
    sheet.sheet.auto_filter.ref = None
    table, = sheet.sheet.tables.values()
    table.autoFilter = openpyxl.worksheet.filters.AutoFilter(ref=table.ref)
    table.autoFilter.add_filter_column(1, ["没有这一项"])
    _hide_rows(sheet)


def _down(sheet: Sheet) -> None:
    """The last row, five rows below the table."""
    row = sheet.row("H2")
    for at in sheet.columns.values():
        here, there = sheet.sheet.cell(row, at), sheet.sheet.cell(row + 5, at)
        there.value, here.value = here.value, None


def _retitle(title: str, other: str) -> Callable[[Sheet], None]:
    def retitle(sheet: Sheet) -> None:
        sheet.sheet.cell(sheet.top, sheet.columns[title]).value = other
    return retitle


def _narrow(sheet: Sheet) -> None:
    for letter in "BCDEF":
        sheet.sheet.column_dimensions[letter].hidden = True


def _rename(name: str) -> Callable[[Sheet], None]:
    def rename(sheet: Sheet) -> None:
        sheet.sheet.title = name
    return rename


FORMS: Mapping[str, Callable[[Sheet], None]] = {
    "行隐藏": _hide_rows,
    "列隐藏": _narrow,
    "筛选": _filter,
    "两行对调": lambda sheet: sheet.swap("H1", "H2"),
    "离表格五行": _down,
    "表改名": _rename("活动 (2)"),
    "表另起名": _rename("我们股的活动"),
    "表头带空格": _retitle("地点", " 地 点 "),
    "表头换行": _retitle("活动名称", "活动\n名称"),
    "多一列": lambda sheet: (sheet.add_column("联系电话几位"), None)[1],
    "表隐藏": lambda sheet: setattr(sheet.sheet, "sheet_state", "hidden"),
    "冻结": lambda sheet: setattr(sheet.sheet, "freeze_panes", "C5"),
    "上色": lambda sheet: setattr(sheet.sheet.cell(sheet.row("H1"), 3), "fill", openpyxl.styles.PatternFill(
        "solid", fgColor="FFFF00")),
}


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as name:
        yield Office(Path(name))


def merged(office: Office, entries: list[str], forms: list[str]) -> tuple[int, dict[str, Any]]:
    """The exit code, and the rows of 活动 of the master into which such a return was merged."""
    shutil.rmtree(office.returns)
    office.returns.mkdir()
    target = office.returns / "JZG.xlsx"
    book = openpyxl.load_workbook(office.sent / "JZG.xlsx")
    sheet = Sheet(book[EVENTS])
    for name in entries:
        ENTRIES[name](sheet)
    for name in forms:
        FORMS[name](sheet)
    book.save(target)
    (office.folder / "合并.xlsx").unlink(missing_ok=True)
    return office.merge(), office.rows(EVENTS)


@settings(max_examples=25, deadline=None)
@given(entries=st.lists(st.sampled_from(sorted(ENTRIES)), unique=True),
       forms=st.lists(st.sampled_from(sorted(FORMS)), unique=True, min_size=1, max_size=4))
def test_the_form_of_a_return_does_not_matter(office: Office, entries: list[str], forms: list[str]) -> None:
    first, later = sorted(forms, key=list(FORMS).index), sorted(entries, key=list(ENTRIES).index)
    assert merged(office, later, first) == merged(office, later, [])


@pytest.mark.parametrize("form", FORMS)
def test_each_form_with_every_entry_merges_all_of_it(office: Office, form: str) -> None:
    code, rows = merged(office, list(ENTRIES), [form])
    assert code == 0
    assert list(rows) == ["H1", "H2", "H3", "H4", "H8", "H9"]
    assert [rows[key].get("地点") for key in ("H1", "H2", "H8")] == ["礼堂", None, "会堂"]
    assert (rows["H1"]["内部备忘"], rows["H2"]["参与（人次）"]) == ("丙", "31")
