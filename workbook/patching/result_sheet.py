"""The sheet 校验结果: every finding a row, its cell one click away.

Two hidden columns carry the style a marked cell has now and the one it had. Programs
that save the file renumber styles; those two are renumbered with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbook.findings import Cell, Finding, Severity, column_letters
from workbook.patching.grid import Found
from workbook.patching.marking import solid
from workbook.patching.styles import Styles
from workbook.patching.values import blank_cell, text_cell
from workbook.patching.xmlbytes import quoted
from workbook.standard import look

TITLE = "校验结果"
HEADERS = ("序号", "级别", "规则", "位置", "表", "行", "列名", "编号", "填的内容", "问题", "怎么改", "依据")
WIDTHS = (6, 7, 8, 9, 11, 6, 15, 10, 24, 42, 36, 11)
NOW, BEFORE = len(HEADERS) + 1, len(HEADERS) + 2
"""The hidden columns."""
HEADER_ROW = 3
_MOST_LINKS = 65_000
_SETTLED = "已确认"
_CENTRED = frozenset((1, 2, 3, 4, 6))


class Restyled(NamedTuple):
    """The style of a cell, marked and before."""

    now: int
    before: int


class _Looks(NamedTuple):
    title: int
    legend: int
    header: int
    body: int
    centre: int
    link: int
    severity: Mapping[Severity, int]


def result_sheet(findings: Sequence[Finding], restyled: Mapping[Cell, Restyled], styles: Styles,
                 fills: Mapping[Severity, int], vocabulary: bytes) -> bytes:
    """The sheet's part; `restyled` by the cell a finding names."""
    looks = _looks(styles, fills)
    rows = [_row(number, finding, restyled, looks) for number, finding in enumerate(findings, 1)]
    head = [_line(1, [(1, looks.title, summary(findings))], 28), _line(2, [(1, looks.legend, legend(findings))], 18),
            _line(HEADER_ROW, [(at, looks.header, title) for at, title in enumerate(HEADERS, 1)], 22)]
    last = HEADER_ROW + len(findings)
    return b"".join((
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="', vocabulary,
        b'"><sheetPr><tabColor rgb="FFC55A11"/><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:',
        f"{column_letters(BEFORE)}{last}".encode(), b'"/><sheetViews><sheetView showGridLines="0" workbookViewId="0">',
        f'<pane ySplit="{HEADER_ROW}" topLeftCell="A{HEADER_ROW + 1}" activePane="bottomLeft" '.encode(),
        b'state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews>'
        b'<sheetFormatPr defaultRowHeight="16.5"/>', _columns(), b"<sheetData>", *head, *rows, b"</sheetData>",
        f'<autoFilter ref="{_filtered(len(findings))}"/>'.encode(), _links(findings),
        b'<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        b'<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddFooter>',
        "&amp;C第 &amp;P 页，共 &amp;N 页".encode(), b"</oddFooter></headerFooter></worksheet>"))


def names(findings: Sequence[Finding]) -> tuple[tuple[str, str, bool], ...]:
    """The defined names that the sheet needs: name, reference, hidden."""
    first, last = f"${HEADER_ROW}", f"{_filtered(len(findings))}"
    begin, _, end = last.partition(":")
    return (("_xlnm._FilterDatabase", f"'{TITLE}'!{_fixed(begin)}:{_fixed(end)}", True),
            ("_xlnm.Print_Titles", f"'{TITLE}'!{first}:{first}", False))


def _fixed(place: str) -> str:
    letters = place.rstrip("0123456789")
    return f"${letters}${place[len(letters):]}"


def _filtered(count: int) -> str:
    return f"A{HEADER_ROW}:{column_letters(len(HEADERS))}{HEADER_ROW + max(count, 1)}"


def summary(findings: Sequence[Finding]) -> str:
    """What the first line says."""
    if not findings:
        return f"{TITLE}：没有发现问题"
    counts = Counter(_level(finding) for finding in findings)
    words = [severity.label for severity in Severity] + [_SETTLED] * (_SETTLED in counts)
    return f"{TITLE}：" + "，".join(f"{word} {counts[word]} 处" for word in words)


def _level(finding: Finding) -> str:
    return finding.severity.label if finding.open else _SETTLED


def legend(findings: Sequence[Finding]) -> str:
    """What the second line says."""
    if not findings:
        return "改动台账后请再校验一次，本表会重写。"
    return "点“位置”跳到那一格；格子的颜色与“级别”一列相同，批注里写着级别和问题。改好后再校验一次，本表会重写。"


def _columns() -> bytes:
    shown = "".join(f'<col min="{at}" max="{at}" width="{width + look.CELL_PADDING}" customWidth="1"/>'
                    for at, width in enumerate(WIDTHS, 1))
    return f'<cols>{shown}<col min="{NOW}" max="{BEFORE}" width="2" hidden="1" customWidth="1"/></cols>'.encode()


def _row(number: int, finding: Finding, restyled: Mapping[Cell, Restyled], looks: _Looks) -> bytes:
    cell, said = finding.cell, texts(number, finding)
    cells = [(at, looks.centre if at in _CENTRED else looks.body, text) for at, text in enumerate(said, 1)]
    if finding.open:
        cells[1] = (2, looks.severity[finding.severity], said[1])
    if cell is not None and number <= _MOST_LINKS:
        cells[3] = (4, looks.link, said[3])
    both = restyled.get(cell) if cell is not None else None
    if both is not None:
        cells += [(NOW, both.now, ""), (BEFORE, both.before, "")]
    lines = max(look.lines(text, width) for text, width in zip(said, WIDTHS, strict=True))
    return _line(HEADER_ROW + number, cells, look.height(lines) * 0.75)


def texts(number: int, finding: Finding) -> tuple[str, ...]:
    """What the row of a finding says, column by column."""
    cell = finding.cell
    hint = finding.hint if finding.open else f"已确认：{finding.acknowledged}"
    return (str(number), _level(finding), finding.code, cell.a1 if cell else "",
            cell.sheet if cell else finding.sheet, str(cell.row) if cell else "", finding.column, finding.key,
            finding.value, finding.message, hint, finding.authority)


def _line(row: int, cells: Sequence[tuple[int, int, str]], points: float) -> bytes:
    made = [_cell(Found(row, column, None, 0), style, text) for column, style, text in cells]
    return f'<row r="{row}" ht="{points:g}" customHeight="1">'.encode() + b"".join(made) + b"</row>"


def _cell(place: Found, style: int, text: str) -> bytes:
    if text.isdecimal() and place.column in (1, 6) and place.row > HEADER_ROW:
        return blank_cell(b"", place, style)[:-2] + b"><v>" + text.encode() + b"</v></c>"
    return text_cell(b"", place, style, text) if text else blank_cell(b"", place, style)


def _links(findings: Sequence[Finding]) -> bytes:
    made = []
    for number, finding in enumerate(findings[:_MOST_LINKS], 1):
        if finding.cell is not None:
            name = finding.cell.sheet.replace("'", "''")
            made.append(f'<hyperlink ref="D{HEADER_ROW + number}" location="'.encode()
                        + quoted(f"'{name}'!{finding.cell.a1}") + b'" display="' + quoted(finding.cell.a1) + b'"/>')
    return b"<hyperlinks>" + b"".join(made) + b"</hyperlinks>" if made else b""


def _looks(styles: Styles, fills: Mapping[Severity, int]) -> _Looks:
    line = look.LINE.lstrip("#")
    sides = "".join(f'<{side} style="thin"><color rgb="FF{line}"/></{side}>'
                    for side in ("left", "right", "top", "bottom"))
    border = styles.add("borders", styles.own(f"<border>{sides}<diagonal/></border>".encode()))
    navy = styles.add("fills", solid(styles, look.NAVY.lstrip("#")))
    plain, loud = _font(styles, look.INK), _font(styles, "#FFFFFF", bold=True)
    body, centre = 'vertical="center" wrapText="1"', 'horizontal="center" vertical="center"'
    return _Looks(
        _xf(styles, _font(styles, look.NAVY, 14, bold=True), 0, 0, 'vertical="center"'),
        _xf(styles, _font(styles, "#595959"), 0, 0, 'vertical="center"'),
        _xf(styles, loud, navy, border, centre), _xf(styles, plain, 0, border, body),
        _xf(styles, plain, 0, border, centre),
        _xf(styles, _font(styles, look.BLUE, underlined=True), 0, border, centre),
        {severity: _xf(styles, _font(styles, look.INK, bold=severity is Severity.ERROR), fill, border, centre)
         for severity, fill in fills.items()})


def _font(styles: Styles, colour: str, size: int = look.BODY_SIZE, *, bold: bool = False,
          underlined: bool = False) -> int:
    font = (f'<font>{"<b/>" * bold}{"<u/>" * underlined}<sz val="{size}"/><color rgb="FF{colour.lstrip("#")}"/>'
            f'<name val="{look.FONT}"/><family val="2"/><charset val="134"/></font>')
    return styles.add("fonts", styles.own(font.encode()))


def _xf(styles: Styles, font: int, fill: int, border: int, alignment: str) -> int:
    xf = (f'<xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyFont="1" applyFill="1" '
          f'applyBorder="1" applyAlignment="1"><alignment {alignment}/></xf>')
    return styles.add("cellXfs", styles.own(xf.encode()))
