"""报告信息 as Excel shows it: one key a row, in the schema's order, each with its own hint and choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbook.book import HEAD, Header, Table, fold
from workbook.raw import RawValue
from workbook.schema import HEAD_COLUMNS, HEAD_KEYS, HEAD_SHEET, HeadKey, Level, Type
from workbook.standard import look
from workbook.standard.dropdowns import Rule, typed_rule
from workbook.standard.growing import GrowingSheet
from workbook.standard.guide import GUIDE
from workbook.standard.layout import FIRST_ROW, HEADER_ROW
from workbook.standard.record_sheets import set_up_print
from workbook.standard.terms import END, PLAN_START, START
from workbook.standard.xlsx_cells import NUMBER_FORMATS, Cells, header_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from workbook.standard.look import Looks

_HEADER, _FIRST = HEADER_ROW - 1, FIRST_ROW - 1
_OPEN_CHOICES = ("自称",)
"""Keys whose choices are the usual ones, not all."""
_RULE = {"top": 2, "top_color": f"#{HEAD.tab}"}
_OTHER = look.LEFT | {"num_format": look.TEXT_FORMAT}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the key as written, its schema entry, the other cells of the source's row."""

    title: RawValue
    key: HeadKey | None
    source: int | None = None


def head_lines(table: Table) -> list[Line]:
    """Every key of the schema, then whatever else the source holds, a repeated key included."""
    titles = ["" if value is None else fold(value) for value in table.values(HEAD_COLUMNS[0])]
    first = {title: row for row, title in reversed(list(enumerate(titles)))}
    lines = [Line(key.title, key, first.get(key.title)) for key in HEAD_KEYS]
    used = {line.source for line in lines}
    keys = table.values(HEAD_COLUMNS[0])
    return lines + [Line(keys[row], None, row) for row in range(len(keys)) if row not in used]


def cell_of(title: str) -> str:
    """报告信息!$B$3: where the value of a schema key is written."""
    row = next(row for row, key in enumerate(HEAD_KEYS) if key.title == title)
    return f"{HEAD_SHEET}!$B${FIRST_ROW + row}"


def write_head(book: Workbook, looks: Looks, table: Table) -> Worksheet:
    """Add the sheet 报告信息 and the names 统计起, 统计止, 规划期起.

    Raises Refusal for a text longer than Excel can hold.
    """
    sheet: GrowingSheet = book.add_worksheet(HEAD_SHEET, GrowingSheet)
    others = [header for header in table.headers if header.title not in HEAD_COLUMNS]
    _frame(sheet, looks, others)
    cells, lines = Cells(sheet, looks), head_lines(table)
    values = table.values(HEAD_COLUMNS[1])
    for row, line in enumerate(lines, _FIRST):
        starts = _starts_group(lines, row - _FIRST)
        shown = _value_look(line.key) | (_RULE if starts else {})
        sheet.write_blank(row, 1, None, looks(shown))
        if line.source is not None:
            cells.put(row, 1, values[line.source], shown)
            for at, header in enumerate(others, 2):
                cells.put(row, at, table.values(header.title)[line.source], _OTHER)
        _write_key(cells, row, line, starts)
        _validate(sheet, row, line)
        _grow(sheet, row, None if line.source is None else values[line.source])
        if line.key and line.key.required:
            sheet.conditional_format(row, 1, row, 1, {"type": "formula", "criteria": f'=$B${row + 1}=""',
                                                      "format": looks(look.MISSING)})
    for name in (START, END, PLAN_START):
        book.define_name(name, f"={cell_of(name)}")
    set_up_print(sheet, HEAD)
    return sheet


def _frame(sheet: Worksheet, looks: Looks, others: list[Header]) -> None:
    sheet.hide_gridlines(2)
    sheet.set_tab_color(f"#{HEAD.tab}")
    sheet.freeze_panes(_FIRST, 1)
    sheet.set_selection(_FIRST, 1, _FIRST, 1)
    for at, width in enumerate((*look.HEAD_WIDTHS, *(look.EXTRA_WIDTH for _ in others))):
        sheet.set_column(at, at, width)
    sheet.set_row_pixels(0, look.BAND_PIXELS)
    sheet.write_url(0, 0, f"internal:'{GUIDE}'!A1", looks(look.BAND_LINK), "← 说明", "回到填写说明")
    sheet.write_string(0, 1, HEAD.purpose, looks(look.BAND_TEXT))
    sheet.set_row_pixels(_HEADER, 28)
    for at, text in enumerate((*HEAD_COLUMNS, *(header_text(header.text) for header in others))):
        sheet.write_string(_HEADER, at, text, looks(look.header(HEAD.tab, Level.REQUIRED)))


def _starts_group(lines: list[Line], row: int) -> bool:
    groups = [line.key.group if line.key else "" for line in lines]
    return row > 0 and groups[row] != groups[row - 1]


def _write_key(cells: Cells, row: int, line: Line, starts: bool) -> None:
    level = Level.REQUIRED if line.key and line.key.required else Level.ALL
    shown = look.header(HEAD.tab, level) | {"align": "left", "indent": 1}
    cells.put(row, 0, line.title, shown | (_RULE if starts else {}) | {"num_format": look.TEXT_FORMAT})


def _value_look(key: HeadKey | None) -> dict[str, Any]:
    kind = key.type if key else Type.TEXT
    return look.LEFT | {"indent": 1, "num_format": NUMBER_FORMATS.get(kind, look.TEXT_FORMAT)}


def _grow(sheet: GrowingSheet, row: int, value: RawValue) -> None:
    lines = look.lines(value, look.HEAD_WIDTHS[1]) if isinstance(value, str) else 1
    sheet.grow(row, look.height(lines) + 2)


def _validate(sheet: Worksheet, row: int, line: Line) -> None:
    if line.key is None:
        return
    guard: Rule = {"validate": "custom", "value": "=FALSE", "ignore_blank": False, "error_title": "不能修改",
                   "error_message": "项目名称不能改：改了就读不出来了。按 Esc 取消。"}
    sheet.data_validation(row, 0, row, 0, guard)
    rule = typed_rule(line.key.type, line.key.choices) or {"validate": "any"}
    if line.key.title in _OPEN_CHOICES:
        rule = rule | {"error_type": "information", "error_message": "不在常用的几种里，请核对。"}
    hint = "".join(("必填。" if line.key.required else "", line.key.hint,
                    "写成 2025-03-08。" if line.key.type is Type.DATE else ""))
    if hint:
        rule = rule | {"input_title": line.key.title, "input_message": hint}
    if hint or rule["validate"] != "any":
        sheet.data_validation(row, 1, row, 1, rule)
