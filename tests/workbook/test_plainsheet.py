"""The quick reader takes what is written in the usual way, and says of it what a parser would; the rest it leaves."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_files import HEAD, MAIN, TWO_CELLS, prefixed, sheet_xml, strings_xml

from workbook.raw import Merge, RawValue
from workbook.reading.plainsheet import read_plain
from workbook.reading.plaintext import Odd, root_at
from workbook.reading.serials import Kind
from workbook.reading.sheetxml import read_cells
from workbook.reading.sniff import Unusable
from workbook.reading.storedvalues import Values
from workbook.reading.stringsxml import plain_strings, read_strings

STRINGS, KINDS = ["任务编号", "a<b", "", " 空 "], [Kind.NUMBER, Kind.MOMENT, Kind.SPAN]
Told = tuple[list[list[RawValue]], list[Merge], bool]


def pieces(text: bytes, length: int = 1 << 15) -> Iterable[bytes]:
    return (text[at:at + length] for at in range(0, len(text), length))


def quick(text: bytes, length: int = 1 << 15, epoch1904: bool = False) -> Told | None:
    """What the quick reader tells; None where it leaves the sheet to the other."""
    try:
        sheet = read_plain(pieces(text, length), Values(STRINGS, KINDS, epoch1904), formulas=True)
    except Odd:
        return None
    return sheet.rows, list(sheet.merges), sheet.formulas


def thorough(text: bytes, epoch1904: bool = False) -> Told | None:
    """What the parser tells; None where the sheet is broken."""
    try:
        found = read_cells([text], "表", "甲", STRINGS, KINDS, epoch1904)
    except Unusable:
        return None
    rows: list[list[RawValue]] = [[] for _ in range(max(found.rows, default=0))]
    for number, cells in found.rows.items():
        rows[number - 1] = [cells.get(column) for column in range(1, max(cells) + 1)]
    return rows, found.merges, bool(found.formulas)


PLAIN = (
    "<v>0</v>", "<v>1</v>", "<v>3</v>", '<f>A1&gt;"&lt;c r="</f><v>2</v>',
    '<f t="shared" ref="A1:A9" si="0">B1</f><v>1</v>', '<f t="shared" si="0"/><v>2</v>', "<f>A1</f>",
    "<f/>", "<v></v>", "<v/>", "")
VALUES = (
    "<v>45747</v>", "<v>45747.75</v>", "<v>-1.5E-3</v>", "<v>60</v>", "<v>1_0</v>", "<v>２</v>", "<v>nan</v>",
    "<v>#N/A</v>", "<v>2025-03-31T18:30:00</v>", "<v> 3 </v>", "<v>&lt;a&#10;&#x4E2D;&amp;lt;</v>", "<v>a\r\nb\rc</v>",
    '<v xml:space="preserve"> 字 _x000D_</v>')
ODD = ("<v>99</v>", "<is><r><t>分段</t></r></is>", "<v>1</v><v>2</v>", "<v><![CDATA[1]]></v>", "<v>&#0;</v>",
       "<v>&nbsp;</v>", "<x><v>1</v></x>", "<v>1</v><extLst><ext/></extLst>", "<f>]]></f><v>1</v>", "<is><t>1</t></is>")
INLINE = ("<is><t>里面 </t></is>", '<is><t xml:space="preserve"> 里&amp;面</t></is>', "")
STYLES = ("", ' s="0"', ' s="1"', ' s="2"', ' s="9"', ' s="1" vm="1"')
ODD_STYLES = (" s='1'", ' s="1" r="C3"', ' s="-1"')
LETTERS = ("A", "B", "C", "Z", "AA", "XFD")
AROUND = ("", '<mergeCells count="1"><mergeCell ref="B2:D2"/><mergeCell ref="A9"/></mergeCells>',
          '<cols><col min="1"/></cols>', '<extLst><c r="C9"><v>9</v></c></extLst>', "<mergeCells/>")
ODD_AROUND = ("<!-- -->", '<mergeCell ref="b2:c3"/>', '<x:mergeCell ref="B2:C3"/>', "<sheetData/>", "<?a <sheetData>?>")


def mostly(draw: st.DrawFn, usual: tuple[str, ...], odd: tuple[str, ...]) -> str:
    """One of the usual, and once in a while one of the odd."""
    return draw(st.sampled_from(odd if draw(st.integers(0, 49)) == 49 else usual))


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Sheets written in the usual way, some with an oddity."""
    number, text = 0, ""
    for step in draw(st.lists(st.sampled_from((1, 1, 2, 3)), max_size=5)):
        number += step
        attributes = mostly(draw, ("", ' spans="1:5"'), (' r="7"', " a='b'"))
        letters = sorted(draw(st.sets(st.sampled_from(LETTERS))), key=LETTERS.index)
        places = [mostly(draw, (name,), ("XFE", "B", "a", "ABCD")) + str(number) for name in letters]
        text += f'<row r="{number}"{attributes}>' + "".join(one_cell(draw, place) for place in places)
        text += mostly(draw, ("</row>", "</row>\r\n", f'</row><row r="{number}"/>'), ("", "</c>", "<c/></row>"))
    return sheet_xml(text, mostly(draw, AROUND[:1] + AROUND[2:4], ODD_AROUND), mostly(draw, AROUND, ODD_AROUND))


def one_cell(draw: st.DrawFn, place: str) -> str:
    style = mostly(draw, STYLES, ODD_STYLES)
    kind = mostly(draw, ("", "s", "str", "n", "b", "e", "d", "inlineStr"), ("x", 's" t="n'))
    usual = PLAIN if kind in ("s", "") else INLINE if kind == "inlineStr" else (*PLAIN, *VALUES)
    content = mostly(draw, usual, ODD)
    attributes = style + (f' t="{kind}"' if kind else "")
    return f'<c r="{place}"{attributes}>{content}</c>' if content else f'<c r="{place}"{attributes}/>'


def same(found: Told, expected: Told) -> bool:
    """Whether values, their types and the merged ranges are the same; formulas may be feared where there are none."""
    alike = all(type(one) is type(other) for rows in zip(found[0], expected[0], strict=True)
                for one, other in zip(*rows, strict=True))
    return alike and found[:2] == expected[:2] and found[2] >= expected[2]


@settings(max_examples=400, deadline=None)
@given(sheets(), st.booleans(), st.sampled_from((7, 60, 1 << 15)))
def test_what_the_quick_reader_takes_a_parser_reads_alike(text: str, epoch1904: bool, length: int) -> None:
    found = quick(text.encode(), length, epoch1904)
    if found is None:
        return
    expected = thorough(text.encode(), epoch1904)
    assert expected is not None
    assert same(found, expected)


NOISE = ("", "0", '"', "'", "<", ">", "/", "</c>", "<c ", 's="1"', "<v>", "\0", "&a;", " ", "\1", "\2", "\3",
         "<is><t>", "</t></is>", '<is><t xml:space="preserve">', "</v>")


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_damage_makes_the_two_read_differently(data: st.DataObject) -> None:
    text = SHEET
    for _ in range(data.draw(st.integers(1, 3))):
        at, taken = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 9))
        new = data.draw(st.sampled_from(NOISE))
        text = text[:at] + new + text[at + taken:]
    found, expected = quick(text.encode()), thorough(text.encode())
    assert found is None or (expected is not None and same(found, expected))


SHEET = sheet_xml(
    '<row r="1" spans="1:4"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1"><v>45747</v></c><c r="D1" s="0"/></row>'
    '<row r="3"><c r="A3" t="str"><f>B1</f><v>字</v></c><c r="C3" t="inlineStr"><is><t>a</t></is></c></row>'
    '<row r="4"><c r="A4" t="inlineStr"><is><t xml:space="preserve"> b </t></is></c></row>',
    '<dimension ref="A1:D3"/>', '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>')


def test_the_usual_way_of_writing_is_taken() -> None:
    assert quick(SHEET.encode()) == thorough(SHEET.encode())
    assert quick(sheet_xml("").encode()) == quick(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode())
    assert quick(f"{HEAD}<worksheet>{TWO_CELLS}</worksheet>".encode()) is None


@pytest.mark.parametrize("sheet", [
    '<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>',
    '<row r="1"><c r="A1" s="0" r = "XFD1048576"><v>1</v></c></row>',
    "<row r=\"1\"><c r=\"A1\" t='n' \tr='XFD1048576'><v>1</v></c></row>",
    f'{TWO_CELLS}<row r="9"><x:c r="XFD1048576"><v>1</v></x:c></row>',
    f'{TWO_CELLS}<!-- <row r="1"> -->',
    '<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
    "<a>" * 2000 + "</a>" * 2000,
    '<row r="2"><c r="A2"/></row><row r="2"><c r="B2"/></row>',
    '<row r="2"><c r="A2"/><c r="A3"/></row>',
    '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
    f'<row r="1"><c r="A{"9" * 5000}"><v>1</v></c></row>',
    f'<row r="1"><c r="{"Z" * 5000}1"><v>1</v></c></row>',
    '<row r="1"><c r="A1" t="s"><v>4</v></c></row>',
], ids=["位置写了两遍", "第二个位置在后", "单引号和制表符", "带前缀的单元格", "注释", "CDATA", "套得太深",
        "一行写了两遍", "别行的单元格", "行号太大", "行号太长", "列名太长", "没有这条文字"])
def test_what_readers_take_differently_goes_to_the_thorough_one(sheet: str) -> None:
    assert quick(sheet_xml(sheet).encode()) is None
    assert quick(sheet_xml(before=sheet[:30]).encode()) in (None, quick(sheet_xml().encode()))


def test_a_prefix_goes_to_the_thorough_one() -> None:
    assert quick(prefixed(sheet_xml()).encode()) is None


@pytest.mark.parametrize("length", [100, 5000, 1 << 20])
def test_a_long_sheet_is_read_slice_by_slice(length: int) -> None:
    lines = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 20_000))
    assert quick(sheet_xml(lines).encode(), length) == ([[n] for n in range(1, 20_000)], [], False)


@pytest.mark.parametrize("text", [
    "a", " 空 ", '<t xml:space="preserve"> 空 </t>', "a&amp;lt;&#10;&#x4E2D;b", "_x000D_", "a\r\nb", "", "&nbsp;",
    "&#0;",
    "<r><t>分</t></r><r><t>段</t></r>", "<t>a</t><rPh><t>b</t></rPh>", "<!-- -->a", "<t>a", "\x01", "\ufffe",
])
def test_shared_strings_mean_the_same_to_both(text: str) -> None:
    item = text if text.startswith(("<t", "<r")) else f"<t>{text}</t>"
    data = f"{HEAD}<sst xmlns='{MAIN}'><si><t>前</t></si><si>{item}</si><si><t>后</t></si></sst>\r\n".encode()
    try:
        expected = read_strings([data], "文字")
    except Unusable:
        expected = []
    try:
        assert plain_strings(data, "文字") == expected
    except Odd:
        assert not expected or "<!" in text


def test_the_ordinary_list_of_strings_is_taken_and_its_count_not_believed() -> None:
    assert plain_strings(strings_xml("a", "b", count=2**32 - 1).encode(), "文字") == ["a", "b"]


def test_a_long_prologue_is_looked_at_once() -> None:
    comments = "<!-- - -->" * 5000
    assert root_at(f"<?xml version='1.0'?>{comments}<sst>".encode(), b"sst") > 0
    assert root_at(f"<?xml version='1.0'?>{comments}<!DOCTYPE a><sst>".encode(), b"sst") < 0
