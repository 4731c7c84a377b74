"""Findings shown in the clerk's own file: colours, notes and 校验结果 come, and go again without a trace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.odd_files import MAIN, OFFICE, SHEET, STYLES, WORKBOOK, prefixed, sheet_xml, styles_xml, zipped
from tests.workbook.patched import book, differing, finding, grown, read_back, types, unpacked
from workbook.findings import Cell, Finding, Refusal, Severity
from workbook.patching.cells import with_cells
from workbook.patching.marking import BEGIN, END
from workbook.patching.marks import marked, unmarked
from workbook.patching.notes import MOST_NOTES
from workbook.raw import ErrorValue
from workbook.schema import GENERATED_SHEETS

RESULTS = "xl/worksheets/sheet2.xml"
PERMITTED = {"[Content_Types].xml", WORKBOOK, "xl/_rels/workbook.xml.rels", STYLES, "docProps/app.xml", RESULTS}
OF_SHEETS = re.compile(r"xl/worksheets/(?:_rels/)?sheet[19]\.xml(?:\.rels)?|xl/comments\d\.xml|xl/drawings/.*\.vml")
A2, B2, BLANK = Cell("任务", 2, 1), Cell("任务", 2, 2), Cell("任务", 6, 4)

CELLS = st.builds(Cell, st.sampled_from(["任务", "别的"]), st.integers(1, 8), st.integers(1, 5))
FINDINGS = st.lists(st.builds(finding, st.one_of(st.none(), CELLS), st.sampled_from(["C001", "C005"]),
                              st.sampled_from(list(Severity))), max_size=6)


def texts(data: bytes, part: str) -> str:
    return re.sub(r"<[^>]+>", "", unpacked(data)[part].decode())


@settings(deadline=None, max_examples=50)
@given(FINDINGS)
def test_marks_go_without_a_trace(findings: list[Finding]) -> None:
    data = marked(book(), findings)
    assert unpacked(unmarked(data)) == unpacked(book())
    assert list(unpacked(unmarked(data))) == list(unpacked(book()))
    assert all(name in PERMITTED or OF_SHEETS.fullmatch(name) for name in differing(book(), data))


@settings(deadline=None, max_examples=50)
@given(FINDINGS, FINDINGS)
def test_marking_anew_is_marking_the_clean_file(first: list[Finding], second: list[Finding]) -> None:
    assert marked(marked(book(), first), second) == marked(book(), second)


@settings(deadline=None, max_examples=50)
@given(FINDINGS)
def test_a_file_saved_by_another_program_loses_its_marks_too(findings: list[Finding]) -> None:
    again = unmarked(saved_elsewhere(marked(book(), findings)))
    assert [shown(again, part) for part in (SHEET, "xl/worksheets/sheet9.xml")] == [
        shown(book(), part) for part in (SHEET, "xl/worksheets/sheet9.xml")]
    assert not {name for name in unpacked(again) if "comments" in name or "vml" in name or name == RESULTS}
    assert not any("校验".encode() in content for content in unpacked(again).values())


def saved_elsewhere(data: bytes) -> bytes:
    """Every style with another number, the record and our author gone: what programs do that write the file anew."""
    parts = unpacked(data)
    parts[RESULTS] = re.sub(rb"<!--.*?-->", b"", parts[RESULTS])
    styles = parts[STYLES].decode()
    before = re.search(r"<cellXfs[^>]*>(.*)</cellXfs>", styles)
    assert before is not None
    turned = re.findall(r"<xf[^>]*?/>|<xf.*?</xf>", before[1])
    parts[STYLES] = styles.replace(before[1], turned[0] + "".join(turned[:0:-1])).encode()
    for name, content in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = re.sub(rb' s="(\d+)"', lambda match: b' s="%d"' % (len(turned) - int(match[1])), content)
        parts[name] = parts[name].replace("<author>台账校验</author>".encode(), b"<author> </author>")
    return book(**parts)


def shown(data: bytes, part: str) -> list[tuple[str, str, str]]:
    """Each cell's place, look and content; blank cells without a look are as good as none."""
    parts = unpacked(data)
    listed = re.search(r"<cellXfs[^>]*>(.*)</cellXfs>", parts[STYLES].decode())
    looks = re.findall(r"<xf[^>]*?/>|<xf.*?</xf>", listed[1]) if listed else []
    cells = re.findall(r'<c r="(\w+)"([^>]*/>|.*?</c>)', parts[part].decode())
    styles = [re.search(r' s="(\d+)"', rest.partition(">")[0]) for _, rest in cells]
    found = [(place, looks[int(style[1]) if style else 0], re.sub(r' s="\d+"', "", rest, count=1))
             for (place, rest), style in zip(cells, styles, strict=True)]
    return [cell for cell in found if cell[1:] != (looks[0], "/>")]


def test_the_same_findings_come_of_a_marked_file(tmp_path: Path) -> None:
    findings = [finding(A2), finding(BLANK)]
    before, after = read_back(book(), tmp_path), read_back(marked(book(), findings), tmp_path)
    assert [sheet.name for sheet in after.sheets] == ["任务", "别的", "校验结果"]
    assert "校验结果" in GENERATED_SHEETS
    assert after.sheets[:2] == before.sheets


def test_a_cell_keeps_all_of_its_style_but_the_fill() -> None:
    data = unpacked(marked(book(), [finding(A2)]))
    new = re.search(rb'<c r="A2" s="(\d+)"', data[SHEET])
    assert new is not None
    xfs = re.findall(rb"<xf[^>]*>", data[STYLES].partition(b"<cellXfs>")[2])
    assert re.fullmatch(rb'<xf applyFill="1" fillId="\d" numFmtId="49"/>', xfs[int(new[1])])


def test_severities_have_colours_of_different_lightness() -> None:
    cells = [finding(Cell("任务", 8, 1 + at), "C001", severity) for at, severity in enumerate(Severity)]
    colours = re.findall(rb'fgColor rgb="FF(\w{6})"', unpacked(marked(book(), cells))[STYLES])[:3]
    parts = [bytes.fromhex(colour.decode()) for colour in colours]
    grey = [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in parts]
    assert grey[0] + 35 < grey[1]
    assert colours[1] != colours[2]


def test_a_colour_that_the_clerk_uses_is_not_ours() -> None:
    fill = '<fills><fill><patternFill patternType="solid"><fgColor rgb="FFF4A08A"/></patternFill></fill></fills>'
    own = styles_xml(0).replace("<cellStyleXfs>", fill + "<cellStyleXfs>")
    data = marked(book(styles=None, **{STYLES: own}), [finding(A2)])
    assert unpacked(data)[STYLES].count(b"F4A08A") == 1
    assert unpacked(unmarked(data))[STYLES] == own.encode()


def test_one_note_says_all_of_a_cell_the_gravest_first() -> None:
    weak = finding(A2, "C005", Severity.INFO)
    data = marked(book(), [weak, finding(A2), finding(Cell("任务", 2, 1), "C009", Severity.WARNING)])
    said = texts(data, "xl/comments1.xml")
    assert said.count(BEGIN) == said.count(END) == 1
    assert said.index("错误 C001") < said.index("提醒 C009") < said.index("说明 C005")
    assert unpacked(data)["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 1


def with_notes(*notes: tuple[str, int, str]) -> bytes:
    """A workbook whose sheet 任务 has notes already: place, author and the inside of its text."""
    made = "".join(f'<comment ref="{place}" authorId="{author}"><text>{text}</text></comment>'
                   for place, author, text in notes)
    shapes = "".join(f'<v:shape id="_x0000_s{1025 + at}"><x:ClientData ObjectType="Note"><x:Row>{int(place[1:]) - 1}'
                     f'</x:Row><x:Column>{ord(place[0]) - 65}</x:Column></x:ClientData></v:shape>'
                     for at, (place, _, _) in enumerate(notes))
    rels = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>'
            f'<Relationship Id="rId2" Type="{OFFICE}/comments" Target="/xl/comments1.xml"/></Relationships>')
    return book(**{
        SHEET: sheet_xml(after=f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rId1"/>'),
        "xl/worksheets/_rels/sheet1.xml.rels": rels,
        "xl/comments1.xml": f'<comments xmlns="{MAIN}"><authors><author>王</author><author>tc={{1}}</author></authors>'
                            f"<commentList>{made}</commentList></comments>",
        "xl/drawings/vmlDrawing1.vml": '<xml xmlns:v="v" xmlns:o="o" xmlns:x="x"><v:shapetype id="_x0000_t202"/>'
                                       f"{shapes}</xml>",
        "[Content_Types].xml": types('<Override PartName="/xl/comments1.xml" ContentType="a/b"/>')})


def test_a_note_of_the_clerk_stays_before_ours_and_comes_back() -> None:
    data = with_notes(("A2", 0, "<t>已核对 &amp; 盖章</t>"))
    new = marked(data, [finding(A2), finding(Cell("任务", 1, 1))])
    assert texts(new, "xl/comments1.xml").index("已核对") < texts(new, "xl/comments1.xml").index(BEGIN)
    assert unpacked(new)["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 2
    assert unpacked(unmarked(new)) == unpacked(data)
    again = unmarked(saved_elsewhere_with_notes(new))
    assert texts(again, "xl/comments1.xml") == "王tc={1}台账校验已核对 &amp; 盖章"
    assert unpacked(again)["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 1


def saved_elsewhere_with_notes(data: bytes) -> bytes:
    parts = unpacked(data)
    return book(**parts | {RESULTS: re.sub(rb"<!--.*?-->", b"", parts[RESULTS])})


def test_what_the_clerk_wrote_into_our_note_stays() -> None:
    parts = unpacked(marked(book(), [finding(A2), finding(B2)]))
    own = parts["xl/comments1.xml"].replace(END.encode(), f"{END}已问过".encode(), 1)
    again = unmarked(saved_elsewhere_with_notes(book(**parts | {"xl/comments1.xml": own})))
    assert texts(again, "xl/comments1.xml").strip() == "台账校验已问过"
    assert unpacked(again)["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 1


def test_the_note_of_a_threaded_comment_is_not_touched() -> None:
    data = with_notes(("A2", 1, "<t>[线程批注]</t>"))
    new = marked(data, [finding(A2)])
    assert "xl/comments1.xml" not in differing(data, new)
    assert SHEET in differing(data, new)
    assert "A2" in texts(new, RESULTS)


def test_a_merged_cell_is_marked_where_it_is_seen() -> None:
    data = book(after='<mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>')
    new = marked(data, [finding(Cell("任务", 4, 1))])
    assert b'<comment ref="A2"' in unpacked(new)["xl/comments1.xml"]
    assert b"A4" in unpacked(new)[RESULTS]


def test_the_list_holds_every_finding_and_leads_to_its_cell(tmp_path: Path) -> None:
    findings = [finding(A2), finding(None, "S001", Severity.WARNING)]
    data = marked(book(), findings)
    rows = read_back(data, tmp_path).sheets[-1].rows
    assert rows[0][0] == "校验结果：错误 1 处，提醒 1 处，说明 0 处"
    assert rows[3][:8] == [1, "错误", "C001", "A2", "任务", 2, "任务名称", "R1"]
    assert rows[3][8:12] == [None, "“任务名称”没有填。", "请补填。", "常识"]
    assert rows[4][3:6] == [None, "任务", None]
    sheet = unpacked(data)[RESULTS].decode()
    assert re.findall(r"<hyperlink [^>]*>", sheet) == ["<hyperlink ref=\"D4\" location=\"'任务'!A2\" display=\"A2\"/>"]
    names = re.findall(r"<definedName.*?</definedName>", unpacked(data)[WORKBOOK].decode())
    assert len(names) == 2
    assert all('localSheetId="2"' in name for name in names)


def test_an_acknowledged_finding_is_listed_with_its_reason_and_not_marked(tmp_path: Path) -> None:
    data = marked(book(), [finding(A2)._replace(acknowledged="沿用旧名"), finding(B2)])
    rows = read_back(data, tmp_path).sheets[-1].rows
    assert rows[0][0] == "校验结果：错误 1 处，提醒 0 处，说明 0 处，已确认 1 处"
    assert (rows[3][1], rows[3][10]) == ("已确认", "已确认：沿用旧名")
    assert b'<c r="A2" s="3"' in unpacked(data)[SHEET]
    assert b'ref="A2"' not in unpacked(data)["xl/comments1.xml"]


def test_where_nothing_was_found_the_sheet_says_so(tmp_path: Path) -> None:
    assert read_back(marked(book(), []), tmp_path).sheets[-1].rows[0][0] == "校验结果：没有发现问题"


def test_what_the_clerk_changed_in_between_stays(tmp_path: Path) -> None:
    new = with_cells(marked(book(), [finding(A2), finding(B2)]), {A2: "R9", Cell("任务", 9, 1): "新"})
    held = grown(read_back(unmarked(new), tmp_path))
    assert (held[A2], held[Cell("任务", 9, 1)]) == ("R9", "新")
    assert b'<c r="A2" s="3"' in unpacked(unmarked(new))[SHEET]
    assert "xl/comments1.xml" not in unpacked(unmarked(new))


def test_names_and_views_keep_their_sheets_when_ours_goes_from_between() -> None:
    parts = unpacked(saved_elsewhere_with_notes(marked(book(), [finding(A2)])))
    main = parts[WORKBOOK].decode()
    ours = re.search(r'<sheet xmlns:r="[^"]*" name="校验结果"[^>]*/>', main)
    assert ours is not None
    other, end = '<sheet name="别的"', "</definedNames>"
    main = main.replace(ours[0], "").replace(other, ours[0] + other).replace('localSheetId="2"', 'localSheetId="1"')
    main = main.replace("<sheets>", '<bookViews><workbookView activeTab="2"/></bookViews><sheets>')
    main = main.replace(end, f'<definedName name="甲" localSheetId="2">别的!$A$1</definedName>{end}')
    after = unpacked(unmarked(book(**parts | {WORKBOOK: main.encode()})))[WORKBOOK].decode()
    assert 'activeTab="1"' in after
    assert re.findall(r"<definedName [^>]*>", after) == ['<definedName name="甲" localSheetId="1">']


def test_a_file_without_marks_comes_back_as_it_is() -> None:
    assert unmarked(book()) == book()


def test_prefixed_sheets_and_files_without_styles_are_marked(tmp_path: Path) -> None:
    rels = unpacked(book())["xl/_rels/workbook.xml.rels"].decode()
    odd = unpacked(book()) | {SHEET: prefixed(sheet_xml()).encode(),
                              "xl/_rels/workbook.xml.rels": re.sub(r'<[^>]*styles.xml"/>', "", rels).encode()}
    del odd[STYLES]
    data = zipped(odd)
    new = marked(data, [finding(A2), finding(BLANK)])
    assert b'<x:c r="A2" t="inlineStr" s="1">' in unpacked(new)[SHEET]
    assert grown(read_back(new, tmp_path))[A2] == "RW-001"
    assert unpacked(unmarked(new)) == unpacked(data)


def test_another_sheet_of_that_name_is_not_overwritten() -> None:
    main = unpacked(book())[WORKBOOK].decode().replace("别的", "校验结果")
    data = book(**{WORKBOOK: main})
    assert unmarked(data) == data
    with pytest.raises(Refusal, match=r"台账\.xlsx：工作表“校验结果”不是程序写的"):
        marked(data, [], path="台账.xlsx")


@pytest.mark.parametrize("cell", [Cell("没有", 1, 1), Cell("任务", 0, 1), Cell("任务", 1, 16_385)], ids=str)
def test_a_cell_that_does_not_exist_is_refused(cell: Cell) -> None:
    with pytest.raises(Refusal, match="没有"):
        marked(book(), [finding(cell)])


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", OLE], ids=["空", "PDF", "OLE"])
def test_what_is_no_xlsx_is_refused(data: bytes) -> None:
    for act in (lambda: marked(data, [], path="台账.xlsx"), lambda: unmarked(data, path="台账.xlsx")):
        with pytest.raises(Refusal, match=r"^台账\.xlsx："):
            act()


def test_an_error_value_is_marked_and_stays(tmp_path: Path) -> None:
    data = book('<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>')
    held = grown(read_back(marked(data, [finding(Cell("任务", 1, 1))]), tmp_path))
    assert held[Cell("任务", 1, 1)] == ErrorValue("#REF!")


STRICT = ((MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
          (OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"))


def strict() -> bytes:
    parts = {name: content.decode() for name, content in unpacked(book()).items()}
    for usual, other in STRICT:
        parts = {name: content.replace(usual, other) for name, content in parts.items()}
    return zipped(parts)


def test_a_strict_workbook_stays_strict(tmp_path: Path) -> None:
    new = with_cells(marked(strict(), [finding(A2), finding(BLANK)]), {B2: 9})
    assert grown(read_back(new, tmp_path))[B2] == 9
    assert not any(usual.encode() in content for content in unpacked(new).values() for usual, _ in STRICT)
    assert unpacked(unmarked(marked(strict(), [finding(A2)]))) == unpacked(strict())


def test_beyond_the_most_notes_cells_are_still_coloured_and_listed() -> None:
    findings = [finding(Cell("任务", row, 1), "C005", Severity.INFO) for row in range(1, MOST_NOTES + 11)]
    findings.append(finding(Cell("任务", MOST_NOTES + 11, 1)))
    data = unpacked(marked(book(), findings))
    assert data["xl/comments1.xml"].count(b"<comment ") == MOST_NOTES
    assert "错误 C001" in data["xl/comments1.xml"].decode()
    assert data[RESULTS].count(b"<hyperlink ") == len(findings)
    assert f'<c r="A{MOST_NOTES + 11}" s='.encode() in data[SHEET]
