"""What a cell holds comes out as stored, whoever wrote the file and whichever reader has read it."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from string import ascii_uppercase, digits

import pytest
from odd_files import (
    MAIN,
    OFFICE,
    TWO_CELLS,
    book,
    only_thorough,
    parts,
    prefixed,
    relations,
    rows_of,
    sheet_xml,
    strings_xml,
    styles_xml,
    workbook_xml,
    zipped,
)

from workbook.findings import Refusal, column_letters
from workbook.raw import ErrorValue, Merge, RawBook, RawValue
from workbook.reading.places import column_number
from workbook.reading.reader import beyond_reading, read
from workbook.reading.shared_formulas import moved

DAY, MOMENT = dt.date(2025, 3, 31), dt.datetime(2025, 3, 31, 18, 30)
STRICT = {MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
          OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships"}


def row(*cells: str) -> str:
    return sheet_xml(f'<row r="1">{"".join(cells)}</row>')


def strict() -> bytes:
    def spelled(text: str | bytes) -> str:
        changed = text if isinstance(text, str) else text.decode()
        for old, new in STRICT.items():
            changed = changed.replace(old, new)
        return changed
    return zipped({name: spelled(part) for name, part in parts().items()})


DATES = styles_xml(0, 14, 31, 57, 176, 177, 178, 46, 20, 32, 179, 33, codes={
    176: "yyyy&quot;年&quot;m&quot;月&quot;", 177: "0&quot;days&quot;", 178: "[$-804]aaaa", 179: "0;yyyy", 33: "0.00"})
BUILT_IN_DATES = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
GOOD = [["任务编号"], ["RW-001"]]
ODD: dict[str, tuple[bytes, list[list[RawValue]]]] = {
    "普通": (book(), GOOD),
    "后面多了 2 kB": (book() + bytes(2048), GOOD),
    "声称有四十亿条文字": (book(strings=strings_xml("任务编号", count=2**32 - 1)), GOOD),
    "范围说小了": (book(sheet=sheet_xml(before='<dimension ref="A1"/>')), GOOD),
    "范围说大了": (book(sheet=sheet_xml(before='<dimension ref="A1:XFD1048576"/>')), GOOD),
    "整列合并": (book(sheet=sheet_xml(after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')), GOOD),
    "样式号超出": (book(sheet=sheet_xml(TWO_CELLS.replace("<c ", '<c s="99999" '))), GOOD),
    "样式号在位置前": (book(sheet=sheet_xml(TWO_CELLS.replace('<c r="A1"', '<c s="0" r="A1"'))), GOOD),
    "单引号": (book(sheet=sheet_xml(TWO_CELLS.replace('"', "'"))), GOOD),
    "带前缀的标签": (book(sheet=prefixed(sheet_xml())), GOOD),
    "ISO 严格格式": (strict(), GOOD),
    "反斜杠的部件名": (zipped({name.replace("/", "\\"): part for name, part in parts().items()}), GOOD),
    "UTF-8 的字节顺序标记": (book(sheet=b"\xef\xbb\xbf" + sheet_xml().encode()), GOOD),
    "UTF-16 的部件": (book(sheet=sheet_xml().replace("UTF-8", "UTF-16").encode("utf-16")), GOOD),
    "共享文字另有名称": (
        zipped({name.replace("sharedStrings", "文字"): part for name, part in parts(links=relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "文字.xml"))).items()}), GOOD),
    "工作簿另有名称": (
        zipped({name.replace("workbook.xml", "book.xml"): part for name, part in parts(
            root=relations(("officeDocument", "/xl/book.xml"))).items()}), GOOD),
    "没有样式": (book(styles=None), GOOD),
    "宏的部件": (zipped(parts(), ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")), GOOD),
    "单元格不写位置": (book(sheet=sheet_xml("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")),
                       [[1, 2], [3, None]]),
    "行号颠倒": (book(sheet=sheet_xml('<row r="2"><c r="A2"><v>2</v></c></row>'
                                      '<row r="1"><c r="A1"><v>1</v></c></row>')), [[1], [2]]),
    "前面的空行空列": (book(sheet=sheet_xml('<row r="3"><c r="B3"><v>1</v></c></row>')),
                       [[None, None], [None, None], [None, 1]]),
    "末尾只有格式的行": (book(sheet=sheet_xml(TWO_CELLS + '<row r="9"><c r="A9" s="0"/></row>')), GOOD),
    "末尾只有空文字的行": (
        book(sheet=sheet_xml(TWO_CELLS + '<row r="9"><c r="A9" t="str"><f>""</f><v></v></c></row>')), GOOD),
    "空表": (book(sheet=sheet_xml("")), []),
    "分段的文字和注音": (
        book(strings=strings_xml().replace("</sst>", '<si><r><t>任务</t></r><r><t xml:space="preserve"> 编号</t></r>'
                                           "<rPh><t>レンム</t></rPh></si></sst>")), [["任务 编号"], ["RW-001"]]),
    "转义的字符": (book(strings=strings_xml("a_x000D_b_x005F_x0041_&lt;&#13;&amp;")),
                   [["a\rb_x0041_<\r&"], ["RW-001"]]),
    "逻辑值": (book(sheet=row('<c r="A1" t="b"><v>1</v></c>', '<c r="B1" t="b"><v>0</v></c>')), [[True, False]]),
    "数": (book(sheet=row(*(f'<c r="{column}1"><v>{number}</v></c>' for column, number in zip(
        "ABCDE", ("3", "2.50", "1E+20", "-0.1", "0.30000000000000004"), strict=True)))),
        [[3, 2.5, 10**20, -0.1, 0.30000000000000004]]),
    "错误值": (book(sheet=row('<c r="A1" t="e"><v>#REF!</v></c>', '<c r="B1" t="e"><f>NA()</f><v>#N/A</v></c>',
                              '<c r="C1" s="0" t="e"><v>#SPILL!</v></c>', '<c r="D1" t="str"><v>#REF!</v></c>')),
               [[ErrorValue("#REF!"), ErrorValue("#N/A"), ErrorValue("#SPILL!"), "#REF!"]]),
    "没有值的错误值": (book(sheet=row('<c r="A1" t="e"/>', '<c r="B1"><v>5</v></c>', '<c r="C1" t="e"><f>A1</f></c>')),
                       [[None, 5]]),
    "公式只读存下的值": (
        book(sheet=row("<c r=\"A1\"><f>cmd|'/C calc'!A0</f><v>7</v></c>",
                       '<c r="B1" t="str"><f>[1]表!A1</f><v>旧</v></c>', '<c r="C1"><f>1+1</f></c>',
                       '<c r="D1" t="str"><f>""</f><v></v></c>', '<c r="E1"><v>1</v></c>')),
        [[7, "旧", None, None, 1]]),
    "日期的格式": (book(styles=DATES, sheet=row(*(f'<c r="{column_letters(n)}1" s="{n - 1}"><v>45747</v></c>'
                                                  for n in (1, 2, 3, 4, 5, 6, 7, 11, 12)))),
                   [[45747, DAY, DAY, DAY, DAY, 45747, 45747, *[None] * 3, 45747, 45747]]),
    "内置的日期格式": (
        book(styles=styles_xml(*range(100)), sheet=row(*(f'<c r="{column_letters(n + 1)}1" s="{n}"><v>45747</v></c>'
                                                         for n in range(100) if n != 46))),
        [[None if n == 46 else DAY if n in BUILT_IN_DATES else 45747 for n in range(100)]]),
    "还有一个同名的工作簿": (
        zipped({name.replace("workbook.xml", "book.xml"): part for name, part in parts(
            root=relations(("officeDocument", "xl/book.xml"))).items()},
            ("xl/workbook.xml", workbook_xml()), ("xl/_rels/workbook.xml.rels", relations(("worksheet", "x.xml"))),
            ("xl/x.xml", sheet_xml('<row r="1"><c r="A1"><v>9</v></c></row>'))), GOOD),
    "还有一份同名的文字": (
        zipped(parts(strings=strings_xml("别的"), links=relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "字.xml"))),
            ("xl/字.xml", strings_xml("任务编号"))), GOOD),
    "时刻和时长": (book(styles=DATES, sheet=row(
        '<c r="A1" s="1"><v>45747.770833333336</v></c>', '<c r="B1" s="7"><v>1.5</v></c>',
        '<c r="C1" s="8"><v>0.75</v></c>', '<c r="D1" s="9"><v>0.75</v></c>')),
        [[MOMENT, dt.timedelta(hours=36), dt.time(18), dt.time(18)]]),
    "1900 年的日期": (book(styles=DATES, sheet=row('<c r="A1" s="1"><v>1</v></c>', '<c r="B1" s="1"><v>59</v></c>',
                                                   '<c r="C1" s="1"><v>61</v></c>')),
                      [[dt.date(1900, 1, 1), dt.date(1900, 2, 28), dt.date(1900, 3, 1)]]),
    "1904 年起算": (book(styles=DATES, workbook=workbook_xml(before='<workbookPr date1904="1"/>'), sheet=row(
        '<c r="A1" s="1"><v>44285</v></c>', '<c r="B1"><v>44285</v></c>')), [[DAY, 44285]]),
    "日期格式的负数": (book(styles=DATES, sheet=row(
        '<c r="A1" s="1"><v>-1.25</v></c>', '<c r="B1" s="1"><f>A1*2</f><v>-2</v></c>', '<c r="C1"><v>-3</v></c>')),
        [[-1.25, -2, -3]]),
    "不是数的数": (book(sheet=row(
        '<c r="A1"><v>nan</v></c>', '<c r="B1"><v>-inf</v></c>', '<c r="C1"><v>1e999</v></c>')),
        [[ErrorValue("#NUM!")] * 3]),
    "公式结果里的转义": (book(sheet=row('<c r="A1" t="str"><f>B1</f><v>a_x000D_b</v></c>')), [["a\rb"]]),
    "Excel 5 的模块": (book(workbook=workbook_xml('<sheet name="模块" sheetId="2"/>'
                                                 '<sheet name="任务" sheetId="1" r:id="rId1"/>')), GOOD),
    "UTF-16BE 的部件": (book(sheet=b"\xfe\xff" + sheet_xml().replace("UTF-8", "UTF-16BE").encode("utf-16-be")), GOOD),
    "表外的单元格不算": (book(sheet=sheet_xml(after='<extLst><c r="C9"><v>9</v></c></extLst>')), GOOD),
    "日历以外的数": (book(styles=DATES, sheet=row('<c r="A1" s="1"><v>99999999</v></c>')), [[99999999]]),
    "ISO 的日期": (book(sheet=row(*(f'<c r="{column}1" t="d"><v>{text}</v></c>' for column, text in zip(
        "ABCD", ("2025-03-31", "2025-03-31T00:00:00", "2025-03-31T18:30:00", "18:30:00"), strict=True)))),
        [[DAY, DAY, MOMENT, dt.time(18, 30)]]),
    "不完整的 ISO 日期": (book(sheet=row(*(f'<c r="{column}1" t="d"><v>{text}</v></c>' for column, text in zip(
        "ABC", ("2025-03-31T18:30", "2025-03-31T18:30:00Z", "20250331"), strict=True)))),
        [["2025-03-31T18:30", "2025-03-31T18:30:00Z", "20250331"]]),
}


@pytest.fixture(params=["快", "细"])
def whichever(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both readers in turn; the thorough one reads everything where nothing is taken for plain."""
    if request.param == "细":
        only_thorough(monkeypatch)
    return str(request.param)


@pytest.mark.usefixtures("whichever")
@pytest.mark.parametrize(("data", "rows"), ODD.values(), ids=ODD)
def test_odd_but_sound_files_are_read_alike(data: bytes, rows: list[list[RawValue]], tmp_path: Path) -> None:
    found = rows_of(data, tmp_path)
    assert found == rows
    assert [[type(value) for value in line] for line in found] == [[type(value) for value in line] for line in rows]


def test_the_quick_reader_gets_the_ordinary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the thorough reader was asked")
    monkeypatch.setattr("workbook.reading.sheetxml.read_cells", refuse)
    assert rows_of(book(styles=DATES), tmp_path) == GOOD


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD3", "ZZ99999"])
def test_a_far_cell_is_read_where_it_stands(place: str, tmp_path: Path) -> None:
    number, column = int(place.strip(ascii_uppercase)), column_number(place.strip(digits))
    rows = rows_of(book(sheet=sheet_xml(f'{TWO_CELLS}<row r="{number}"><c r="{place}"><v>1</v></c></row>')), tmp_path)
    assert rows[0][0] == "任务编号"
    assert len(rows) == number
    assert rows[number - 1][column - 1] == 1
    assert sum(value is not None for line in rows for value in line) == 3


def test_hidden_sheets_are_read_and_marked_and_charts_are_no_sheets(tmp_path: Path) -> None:
    links = relations(("worksheet", "worksheets/sheet1.xml"), ("chartsheet", "chartsheets/sheet1.xml"),
                      ("worksheet", "worksheets/sheet2.xml"), ("worksheet", "worksheets/sheet3.xml"))
    sheets = "".join(f'<sheet name="{name}" r:id="rId{number}" {state}/>' for number, (name, state) in enumerate(
        [("明", ""), ("图", ""), ("藏", 'state="hidden"'), ("深藏", 'state="veryHidden"')], 1))
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(
        parts(links=links, workbook=workbook_xml(sheets)), ("xl/worksheets/sheet2.xml", sheet_xml()),
        ("xl/worksheets/sheet3.xml", sheet_xml("")),
        ("xl/chartsheets/sheet1.xml", f'<chartsheet xmlns="{MAIN}"/>')))
    assert [(sheet.name, sheet.visible, len(sheet.rows)) for sheet in read(path).sheets] == [
        ("明", True, 2), ("藏", False, 2), ("深藏", False, 0)]


def test_old_macro_sheets_do_not_hide_the_others(tmp_path: Path) -> None:
    links = relations(("xlMacrosheet", "macrosheets/sheet1.xml"), ("worksheet", "worksheets/sheet1.xml"))
    sheets = '<sheet name="宏" r:id="rId1"/><sheet name="任务" r:id="rId2"/>'
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(parts(links=links, workbook=workbook_xml(sheets)), ("xl/macrosheets/sheet1.xml", "<a/>")))
    assert [(sheet.name, sheet.rows) for sheet in read(path).sheets] == [("任务", GOOD)]


@pytest.mark.usefixtures("whichever")
def test_merges_count_from_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(sheet=sheet_xml(after='<mergeCells count="9"><mergeCell ref="B2:D2"/></mergeCells>')))
    assert read(path).sheets[0].merges == (Merge(2, 2, 2, 4),)


def test_formulas_are_told_only_when_asked_for(tmp_path: Path) -> None:
    shared = ('<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1+$C$1</f><v>1</v></c></row>'
              '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
              '<row r="3"><c r="A3"><f>SUM(A1:A2)</f><v>3</v></c><c r="B3"><v>4</v></c></row>')
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(sheet=sheet_xml(shared)))
    asked = read(path, formulas=True)
    assert asked.formulas == {"任务": {(1, 1): "=B1+$C$1", (2, 1): "=B2+$C$1", (3, 1): "=SUM(A1:A2)"}}
    assert asked.sheets == read(path).sheets
    assert read(path).formulas == {}


@pytest.mark.parametrize(("formula", "expected"), [
    ("A1", "B3"), ("$A1+A$1+$A$1", "$A3+B$1+$A$1"), ("SUM(A1:B2)", "SUM(B3:C4)"), ("SUM(A:A,3:3)", "SUM(B:B,5:5)"),
    ('"A1"&A1', '"A1"&B3'), ("'A1'!A1", "'A1'!B3"), ("表A1!B2", "表A1!C4"), ("LOG10(A1)", "LOG10(B3)"),
    ("台账[@A1]+A1", "台账[@A1]+B3"), ("1E5+A1", "1E5+B3"), ("Sheet1!A1", "Sheet1!B3"), ("任务1", "任务1"),
])
def test_a_shared_formula_moves_its_relative_references(formula: str, expected: str) -> None:
    assert moved(formula, 2, 1) == expected


def test_a_book_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "台账.xlsx").write_bytes(book())
    monkeypatch.chdir(tmp_path)
    found: RawBook = read("台账.xlsx")
    assert found.path == "台账.xlsx"
    with pytest.raises(Refusal, match=r"^没有\.xlsx：找不到这个文件"):
        read("没有.xlsx")


def test_sheets_that_are_written_anew_need_not_be_read(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "两张.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("看板").write(0, 0, "图")
    book.add_worksheet("活动").write(0, 0, "编号")
    book.close()
    assert [(sheet.name, sheet.rows) for sheet in read(path, skip=("看板",)).sheets] == [("活动", [["编号"]])]


def test_it_is_known_beforehand_whether_a_file_is_too_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = zipped(parts())
    assert beyond_reading(BytesIO(data)) == 0
    monkeypatch.setattr("workbook.reading.reader.LARGEST_TOTAL", 10)
    (tmp_path / "大.xlsx").write_bytes(data)
    assert beyond_reading(BytesIO(data)) > 10
    with pytest.raises(Refusal, match="太大了，没有读"):
        read(tmp_path / "大.xlsx")
