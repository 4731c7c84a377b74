"""New rows written as text are what they would be written cell by cell, whatever they hold and whatever is below."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.any_book import others, texts
from tests.workbook.odd_files import prefixed, sheet_xml
from tests.workbook.patched import SHARED, book, grown, read_back, unpacked
from workbook.findings import Cell, Refusal
from workbook.patching.cells import with_cells
from workbook.patching.pouring import Pouring, with_rows
from workbook.patching.room import Room, with_room
from workbook.raw import RawValue

WIDTH = 4
VALUES: st.SearchStrategy[RawValue] = st.one_of(
    texts.filter(bool), st.booleans(), st.integers(-10**12, 10**12), st.floats(-1e12, 1e12), st.dates(), others,
    st.sampled_from(("=1+1", "-", "县广场", dt.date(1900, 2, 1))))
ROWS = st.lists(st.dictionaries(st.integers(1, WIDTH), VALUES), min_size=1, max_size=6)
PREFIXED = prefixed(sheet_xml(SHARED, '<dimension ref="A1:C6"/>'))


def room(rows: list[dict[int, RawValue]], first: int, above: int) -> Room:
    """Row 2 shows a style in its third column."""
    return Room(above, first, first + len(rows) - 1, max(3, *(max(row, default=0) for row in rows), 0))


def poured(data: bytes, rows: list[dict[int, RawValue]], first: int, above: int = 2) -> bytes:
    return with_rows(data, {"任务": Pouring(room(rows, first, above), rows)})


def cell_by_cell(data: bytes, rows: list[dict[int, RawValue]], first: int, above: int = 2) -> bytes:
    cells = {Cell("任务", number, column): value for number, row in enumerate(rows, first)
             for column, value in row.items()}
    return with_cells(with_room(data, {"任务": room(rows, first, above)}), cells)


@pytest.mark.parametrize("sheet", [sheet_xml(SHARED, '<dimension ref="A1:C6"/>'), PREFIXED], ids=["plain", "prefixed"])
@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_under_all_rows_they_are_the_same_bytes(sheet: str, rows: list[dict[int, RawValue]]) -> None:
    data = book(**{"xl/worksheets/sheet1.xml": sheet})
    if any(rows):
        assert unpacked(poured(data, rows, 7)) == unpacked(cell_by_cell(data, rows, 7))


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_among_rows_that_are_there_they_read_the_same(rows: list[dict[int, RawValue]]) -> None:
    """Rows 3 and 4 hold formulas, 5 is missing, 6 is blank."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = (grown(read_back(made, Path(folder))) for made in (
            poured(book(), rows, 3), cell_by_cell(book(), rows, 3)))
    assert one == other


def test_rows_keep_their_order_among_those_that_are_there() -> None:
    sheet = unpacked(poured(book(), [{1: f"行{number}"} for number in range(3, 9)], 3))["xl/worksheets/sheet1.xml"]
    assert [int(part.split(b'"')[0]) for part in sheet.split(b'<row r="')[1:]] == list(range(1, 9))


@pytest.mark.parametrize(("every", "cells"), [(False, 1), (True, 2)])
def test_a_blank_cell_that_looks_as_its_column_does_is_left_out(every: bool, cells: int) -> None:
    columns = '<cols><col min="3" max="3" width="9" style="2"/></cols>'
    data = book(**{"xl/worksheets/sheet1.xml": sheet_xml(SHARED, f'<dimension ref="A1:C6"/>{columns}')})
    made = with_rows(data, {"任务": Pouring(Room(2, 7, 7, 3), [{1: "甲"}], every=every)})
    row = unpacked(made)["xl/worksheets/sheet1.xml"].partition(b'<row r="7">')[2]
    assert row.partition(b"</row>")[0].count(b"<c ") == cells


def test_a_formula_that_gives_way_is_written_out_for_the_others() -> None:
    sheet = unpacked(poured(book(), [{2: 7}], 2, above=1))["xl/worksheets/sheet1.xml"].decode()
    assert '<c r="B2"><v>7</v></c>' in sheet
    assert "<f>A3+$A$1</f>" in sheet


def test_what_no_sheet_holds_is_refused() -> None:
    with pytest.raises(Refusal, match="1048577"):
        with_rows(book(), {"任务": Pouring(Room(2, 1_048_577, 1_048_577, WIDTH), [{1: "甲"}])})
    with pytest.raises(Refusal, match=r"第 8 行|A8"):
        poured(book(), [{1: "甲"}, {1: "长" * 40_000}], 7)
