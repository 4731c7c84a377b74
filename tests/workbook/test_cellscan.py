"""A sheet goes to the fast reader only where its cells stand in a grid that fits, and error values are not lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_files import TWO_CELLS, prefixed, sheet_xml

from workbook.findings import column_letters
from workbook.reading import cellscan
from workbook.reading.cellscan import look_at_sheet


@pytest.mark.parametrize(("rows", "size", "plain"), [
    (TWO_CELLS, 0, True),
    ('<row r="65536"><c r="Z65536"><v>1</v></c></row>', 0, False),
    ('<row r="65536"><c r="Z65536"><v>1</v></c></row>', 10 << 20, True),
    ('<row r="1048576"><c r="A1048576"/></row>', 30 << 20, True),
    ('<row r="1048577"><c r="A1"/></row>', 30 << 20, False),
    ('<row r="2"><c r="A2"/></row><row r="2"><c r="B2"/></row>', 0, False),
    ('<row r="1"><c\nr="A1"/></row>', 0, False),
    ('<row r="1"><c r="a1"/></row>', 0, False),
    ('<row><c r="A1"/></row>', 0, False),
])
def test_a_sheet_is_plain_where_its_grid_is_in_proportion(rows: str, size: int, plain: bool) -> None:
    text = sheet_xml(rows).encode()
    assert look_at_sheet([text], "表", max(size, len(text))).plain is plain
    assert not look_at_sheet([prefixed(sheet_xml(rows)).encode()], "表", len(text)).plain


@pytest.mark.parametrize("length", [100, 5000, 1 << 20])
def test_slices_hold_everything_and_cut_at_cells(length: int) -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="e"><v>#N/A</v></c></row>' for n in range(1, 20_000))
    text = sheet_xml(cells).encode()
    look = look_at_sheet([text[at:at + length] for at in range(0, len(text), length)], "表", len(text))
    assert look.plain
    assert look.errors == {(n, 1): "#N/A" for n in range(1, 20_000)}


def test_a_long_prologue_is_looked_at_once() -> None:
    comments = "<!-- - -->" * 5000
    assert cellscan.begins_plainly(f"<?xml version='1.0'?>{comments}<sst>".encode(), b"sst")
    assert not cellscan.begins_plainly(f"<?xml version='1.0'?>{comments}<!DOCTYPE a><sst>".encode(), b"sst")


def test_unfinished_error_cells_are_looked_at_once() -> None:
    text = sheet_xml('<c r="A1" t="e"><v>#N/A</v>' * 100_000).encode()
    assert look_at_sheet([text], "表", len(text)).errors == {}


@pytest.mark.parametrize(("cell", "found"), [
    ('<c r="A1"><f>1+1</f></c>', True), ('<c r="A1"><f t="shared" si="0"/></c>', True), ('<c r="A1"/>', False),
])
def test_formulas_are_seen_and_not_taken_for_filters(cell: str, found: bool) -> None:
    text = sheet_xml(f'<row r="1">{cell}</row>', after="<filters/><formula1>1</formula1>").encode()
    assert look_at_sheet([text], "表", len(text), formulas=True).formulas is found
    assert not look_at_sheet([text], "表", len(text)).formulas


@given(st.integers(1, 16384), st.integers(1, 1_048_576), st.integers(1, 16384), st.integers(4, 7))
def test_a_cell_is_outside_the_grid_exactly_where_its_name_says_so(
    column: int, number: int, widest: int, digits: int
) -> None:
    pattern = cellscan._outside(column_letters(widest), digits)
    cell = f'<c r="{column_letters(column)}{number}" s="1">'.encode()
    inside = (column <= widest or widest > 702) and len(str(number)) <= digits
    assert (pattern.search(cell) is None) == inside


@pytest.mark.parametrize("rows", [
    '<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>',
    '<row r="1"><c r="A1" s="0" r = "XFD1048576"><v>1</v></c></row>',
    "<row r=\"1\"><c r=\"A1\" t='n' \tr='XFD1048576'><v>1</v></c></row>",
    f'{TWO_CELLS}<row r="9"><x:c r="XFD1048576"><v>1</v></x:c></row>',
    f'{TWO_CELLS}<!-- <row r="1"> -->',
    '<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
    "<a>" * 2000 + "</a>" * 2000,
], ids=["位置写了两遍", "第二个位置在后", "单引号和制表符", "带前缀的单元格", "注释", "CDATA", "套得太深"])
def test_what_readers_take_differently_goes_to_the_thorough_one(rows: str) -> None:
    text = sheet_xml(rows).encode()
    assert not look_at_sheet([text], "表", len(text)).plain


@pytest.mark.parametrize("head", [
    '<sst uniqueCount="1" uniqueCount="4294967295">', f'<sst a="{"x" * 40_000}" uniqueCount="4294967295">',
    '<sst x:uniqueCount="4294967295">', "<sst><!-- -->",
])
def test_strings_whose_count_cannot_be_trusted_are_read_one_by_one(head: str) -> None:
    text = f'{head}<si><t>{"字" * 20_000}</t></si></sst>'.encode()
    assert not cellscan.look_at_strings([text[at:at + 32_768] for at in range(0, len(text), 32_768)], len(text))
