"""Values put into a clerk's file: exactly these, read back as what they are, and nothing else changes."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.odd_files import SHEET, STYLES, WORKBOOK, parts, prefixed, sheet_xml, workbook_xml, zipped
from tests.workbook.patched import book, differing, grown, read_back, types, unpacked
from workbook.findings import Cell, Refusal
from workbook.patching.cells import with_cells
from workbook.raw import ErrorValue, Merge, RawValue


def at(row: int, column: int, sheet: str = "任务") -> Cell:
    return Cell(sheet, row, column)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=12)
VALUES: st.SearchStrategy[RawValue] = st.one_of(
    st.none(), TEXTS, st.booleans(), st.integers(-10**12, 10**12), st.dates(dt.date(1900, 3, 1)),
    st.floats(-1e12, 1e12).map(lambda value: round(value, 6)),
    st.just(ErrorValue("#N/A")))


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.builds(at, st.integers(1, 9), st.integers(1, 6), st.sampled_from(["任务", "别的"])), VALUES))
def test_what_is_put_in_is_read_back_and_all_else_stays(changes: dict[Cell, RawValue]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        before = grown(read_back(book(), Path(folder)))
        after = grown(read_back(with_cells(book(), changes), Path(folder)))
    wanted = {cell: value for cell, value in (before | changes).items() if value not in (None, "")}
    assert after == {cell: _whole(value) for cell, value in wanted.items()}
    assert differing(book(), with_cells(book(), changes)) <= {SHEET, "xl/worksheets/sheet9.xml", WORKBOOK, STYLES}


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def test_nothing_to_change_gives_the_same_bytes() -> None:
    assert with_cells(book(), {}) == book()


def test_a_date_gets_a_date_format_only_where_its_cell_has_none(tmp_path: Path) -> None:
    day = dt.date(2025, 3, 8)
    data = with_cells(book(), {at(2, 1): day, at(2, 3): day, at(6, 1): dt.timedelta(hours=30)})
    assert [grown(read_back(data, tmp_path))[at(2, column)] for column in (1, 3)] == [day, day]
    sheet = unpacked(data)[SHEET].decode()
    assert '<c r="C2" s="2"><v>45724.0</v>' in sheet
    assert '<c r="A2" s="4">' in sheet
    assert 'formatCode="yyyy-mm-dd"' in unpacked(data)[STYLES].decode()
    assert grown(read_back(data, tmp_path))[at(6, 1)] == dt.timedelta(hours=30)


def test_a_number_in_a_date_cell_is_no_date_afterwards(tmp_path: Path) -> None:
    assert grown(read_back(with_cells(book(), {at(2, 3): 5}), tmp_path))[at(2, 3)] == 5


def test_days_count_from_1904_where_the_file_says_so(tmp_path: Path) -> None:
    sheets = '<sheet name="任务" sheetId="1" r:id="rId1"/>'
    data = book(**{WORKBOOK: workbook_xml(sheets, '<workbookPr date1904="1"/>')})
    day = dt.date(2025, 3, 8)
    assert grown(read_back(with_cells(data, {at(9, 1): day}), tmp_path))[at(9, 1)] == day


def test_none_clears_the_value_and_keeps_the_style() -> None:
    assert b'<c r="C2" s="2"/>' in unpacked(with_cells(book(), {at(2, 3): None}))[SHEET]


def test_a_text_that_looks_like_a_formula_is_marked_as_text() -> None:
    data = unpacked(with_cells(book(), {at(1, 1): "=1+1"}))
    assert b'quotePrefix="1"' in data[STYLES]
    assert b"<t>=1+1</t>" in data[SHEET]


def test_cells_that_share_the_formula_of_an_overwritten_one_keep_theirs(tmp_path: Path) -> None:
    formulas = read_back(with_cells(book(), {at(2, 2): 7}), tmp_path, formulas=True).formulas["任务"]
    assert formulas == {(3, 2): "=A3+$A$1", (4, 2): "=A4+$A$1"}


def test_the_order_of_calculation_goes_when_a_formula_goes() -> None:
    link = '<Relationship Id="rId9" Type="http://x/calcChain" Target="calcChain.xml"/></Relationships>'
    rels = unpacked(book())["xl/_rels/workbook.xml.rels"].decode().replace("</Relationships>", link)
    chain = '<Override PartName="/xl/calcChain.xml" ContentType="x/y"/>'
    data = book(**{"xl/calcChain.xml": "<calcChain/>", "xl/_rels/workbook.xml.rels": rels,
                   "[Content_Types].xml": types(chain)})
    kept, gone = with_cells(data, {at(1, 1): 1}), with_cells(data, {at(2, 2): 1})
    assert unpacked(kept)["xl/calcChain.xml"] == b"<calcChain/>"
    assert "xl/calcChain.xml" not in unpacked(gone)
    assert not any(b"calcChain" in content for content in unpacked(gone).values())


def test_excel_is_asked_to_calculate_anew() -> None:
    main = unpacked(with_cells(book(), {at(1, 1): 1}))[WORKBOOK]
    assert b'</sheets><calcPr fullCalcOnLoad="1"/></workbook>' in main
    held = main.replace(b"fullCalcOnLoad", b'calcId="9" fullCalcOnLoad').replace(b'Load="1"', b'Load="0"')
    again = unpacked(with_cells(book(**{WORKBOOK: held}), {at(1, 1): 1}))[WORKBOOK]
    assert b'<calcPr calcId="9" fullCalcOnLoad="1"/>' in again


def test_spans_and_dimension_grow_with_the_cells() -> None:
    sheet = unpacked(with_cells(book(before='<dimension ref="A1:C4"/>'), {at(2, 5): 1, at(8, 1): 1}))[SHEET].decode()
    assert '<row r="2" spans="1:5">' in sheet
    assert '<dimension ref="A1:E8"/>' in sheet
    assert re.findall(r'<row r="(\d)"', sheet) == ["1", "2", "3", "4", "6", "8"]


def test_rows_and_cells_without_places_are_counted(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>"
    changed = grown(read_back(with_cells(book(rows), {at(1, 2): 9, at(2, 1): 8, at(3, 2): 7}), tmp_path))
    assert {(cell.row, cell.column): value for cell, value in changed.items() if cell.sheet == "任务"} == {
        (1, 1): 1, (1, 2): 9, (2, 1): 8, (3, 1): 3, (3, 2): 7}


def test_prefixed_vocabulary_comments_and_cdata_do_not_disturb(tmp_path: Path) -> None:
    rows = ('<!-- <row r="1"> --><row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[<c\tr="B1">]]></t></is></c></row>')
    for sheet in (sheet_xml(rows), prefixed(sheet_xml(rows))):
        data = with_cells(book(**{SHEET: sheet}), {at(1, 2): "乙"})
        held = grown(read_back(data, tmp_path))
        assert (held[at(1, 1)], held[at(1, 2)]) == ('<c\tr="B1">', "乙")


def test_merges_are_taken_apart_on_request(tmp_path: Path) -> None:
    after = '<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="C5:D6"/></mergeCells>'
    one, both = [("任务", Merge(2, 1, 3, 1))], [("任务", Merge(2, 1, 3, 1)), ("任务", Merge(5, 3, 6, 4))]
    data = book(after=after)
    left = read_back(with_cells(data, {at(3, 1): "R1"}, unmerge=one), tmp_path).sheets[0]
    assert left.merges == (Merge(5, 3, 6, 4),)
    assert left.rows[2][0] == "R1"
    assert b"mergeCell" not in unpacked(with_cells(data, {}, unmerge=both))[SHEET]


ARRAY = ('<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row>'
         '<row r="2"><c r="A2"><v>2</v></c></row>')
MERGED = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
REFUSED: dict[str, tuple[Callable[[], bytes], Cell, str]] = {
    "没有这张表": (book, at(1, 1, "活动"), "没有工作表“活动”"),
    "没有这一格": (book, at(1_048_577, 1), "没有第 1048577 行"),
    "第零列": (book, at(1, 0), "没有第 1 行第 0 列"),
    "合并里": (lambda: book(after=MERGED), at(2, 2), "并在 A1 里"),
    "数组公式里": (lambda: book(ARRAY), at(2, 1), "在数组公式 A1:A2 里"),
    "不是工作簿": (lambda: b"%PDF-1.7", at(1, 1), "不是 Excel 工作簿"),
    "别的压缩包": (lambda: zipped({"a.txt": "甲"}), at(1, 1), "不是 Excel 工作簿"),
    "缺类型": (lambda: zipped(parts()), at(1, 1), "不是 Excel 工作簿"),
    "ODS": (lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), at(1, 1), ".ods"),
    "空文件": (lambda: b"", at(1, 1), "空文件"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_changed_is_refused_in_a_sentence(name: str) -> None:
    make, cell, said = REFUSED[name]
    with pytest.raises(Refusal, match=re.escape(said)) as told:
        with_cells(make(), {cell: "甲"}, path="台账.xlsx")
    assert str(told.value).startswith("台账.xlsx：")


def test_the_header_of_an_excel_table_stays() -> None:
    rels = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Type="http://x/table" Target="../tables/table1.xml"/></Relationships>')
    table = ('<table ref="A1:B4"><tableColumns count="2"><tableColumn id="1" name="编号"/>'
             '<tableColumn id="2" name="数"/></tableColumns></table>')
    data = book(**{"xl/worksheets/_rels/sheet1.xml.rels": rels, "xl/tables/table1.xml": table})
    with pytest.raises(Refusal, match="列名“数”"):
        with_cells(data, {at(1, 2): "数量"})
    assert with_cells(data, {at(1, 2): "数", at(2, 1): "R2"})


def test_too_long_a_text_and_no_number_are_refused() -> None:
    for value in ("长" * 32_768, float("nan"), Decimal("Infinity")):
        with pytest.raises(Refusal, match="任务!A1"):
            with_cells(book(), {at(1, 1): value})
