"""What a dispatched workbook has more than a ledger: the cover, the count of what is filled in, the seal's carriers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.book import Table, fold
from workbook.exchange import seal
from workbook.exchange.sides import OFFICE_COLUMNS
from workbook.raw import RawValue
from workbook.schema import COVER_SHEET, METRICS, Level
from workbook.standard import look
from workbook.standard.guide import SECRECY
from workbook.standard.layout import Layout, Place, values
from workbook.standard.xlsx_cells import put_live, storable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from workbook.standard.look import Looks

_WIDTHS = (2, 18, 62, 10, 10, 40)
_FILLED, _DUE = 3, 4
"""Columns of the cover, from 0."""
_TYPED = ("统计方式", "填报")
_ROW: dict[str, Any] = {"valign": "vcenter", "text_wrap": True, "bottom": 1, "bottom_color": look.LINE}
_COUNTED = "已填：必填列都填了的行；应填：写了内容的行。“指标”只数统计方式是“填报”的。"


class Facts(NamedTuple):
    """What the cover says."""

    title: str
    office: str
    clerk: str
    due: str
    contact: str
    phone: str
    dispatch: str


class Cover:
    """The dress of one office's workbook (`workbook.standard.writer.Dress`)."""

    def __init__(self, facts: Facts, tables: Mapping[str, Table], identity: seal.Identity) -> None:
        self.facts, self.tables, self.identity = facts, tables, identity
        self.lines: dict[str, int] = {}

    def front(self, made: Workbook, looks: Looks, layouts: Mapping[str, Layout]) -> Worksheet:
        """Add the cover as the first sheet."""
        sheet = made.add_worksheet(COVER_SHEET)
        _set_up(sheet)
        sheet.set_row_pixels(0, 16)
        _line(sheet, 1, f"{self.facts.title}", looks(font_size=20, bold=True, font_color=look.NAVY), 44)
        _line(sheet, 2, SECRECY, looks(bold=True, font_color="#C00000"), 26)
        row = _pairs(sheet, looks, 4, self._told())
        self._count(sheet, looks, layouts, row + 1)
        return sheet

    def finish(self, made: Workbook, looks: Looks, layouts: Mapping[str, Layout]) -> None:
        """The count on every sheet's band, and who the book is, where no clerk changes it by chance."""
        for title, row in self.lines.items():
            sheet, layout = made.get_worksheet_by_name(title), layouts[title]
            filled, due = _counts(layout, self.tables.get(title))
            at, cover = _free_place(layout), f"'{COVER_SHEET}'!"
            formula = f'="本股室已填 "&{cover}$D${row + 1}&"/应填 "&{cover}$E${row + 1}'
            shown = looks(look.BAND_TEXT, bold=True, font_color=look.NAVY)
            put_live(sheet, 0, at, formula, f"本股室已填 {filled}/应填 {due}", shown)
        made.define_name(seal.NAME, f'="{self.identity.text}"')
        made.set_custom_property(seal.PROPERTY, self.identity.text, "text")

    def _told(self) -> tuple[tuple[str, str], ...]:
        facts = self.facts
        due = f"请在 {facts.due} 前填好交回。" if facts.due else "没有定截止日期，请尽快填好交回。"
        who = "，电话 ".join(filter(None, (facts.contact, facts.phone))) or "见通知"
        return (
            ("填报股室", f"{facts.office}{f'（填报人：{facts.clerk}）' if facts.clerk else ''}"), ("截止日期", due),
            ("交给谁", f"交回时用原来的邮件回复，附上这个文件，文件名不用改。联系人：{who}。"),
            ("怎么填", "只填本股室的行；新做的事接在各表下面另起一行。看不懂的先看“填写说明”。"),
            ("不要动", "不要改表头和工作表名称，不要删隐藏的列和表：合并时靠它们认出每一行。"),
            ("下发编号", facts.dispatch),
        )

    def _count(self, sheet: Worksheet, looks: Looks, layouts: Mapping[str, Layout], row: int) -> None:
        for at, text in enumerate(("工作表", "填什么", "已填", "应填"), 1):
            sheet.write_string(row, at, text, looks(look.SECTION, align="left" if at < _FILLED else "center", indent=0))
        sheet.set_row_pixels(row, 28)
        for title in OFFICE_COLUMNS:
            row += 1
            self.lines[title] = row
            _count_line(sheet, looks, row, layouts[title], self.tables.get(title))
        sheet.write_string(row + 1, 1, _COUNTED, looks(font_color=look.MUTED, font_size=9))


def _set_up(sheet: Worksheet) -> None:
    sheet.hide_gridlines(2)
    sheet.set_tab_color(look.RUST)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)


def _line(sheet: Worksheet, row: int, text: str, shown: Format, height: int) -> None:
    sheet.set_row_pixels(row, height)
    sheet.write_string(row, 1, storable(text), shown)


def _pairs(sheet: Worksheet, looks: Looks, row: int, pairs: tuple[tuple[str, str], ...]) -> int:
    """Write names and what is said of them; the row after the last."""
    width = sum(_WIDTHS[2:5])
    for at, (name, text) in enumerate(pairs, row):
        bold = name in ("截止日期", "填报股室")
        sheet.write_string(at, 1, name, looks(_ROW, bold=True, font_color=look.INK))
        sheet.merge_range(at, 2, at, _DUE, storable(text), looks(_ROW, bold=bold, font_color=look.INK))
        sheet.set_row_pixels(at, look.height(look.lines(text, width)) + 6)
    return row + len(pairs)


def _count_line(sheet: Worksheet, looks: Looks, row: int, layout: Layout, table: Table | None) -> None:
    link = looks(_ROW, font_color=look.BLUE, underline=1, bold=True)
    sheet.write_url(row, 1, f"internal:'{layout.sheet.title}'!A1", link, layout.sheet.title)
    sheet.write_string(row, 2, layout.sheet.purpose, looks(_ROW, font_color="#404040"))
    sheet.set_row_pixels(row, look.height(look.lines(layout.sheet.purpose, _WIDTHS[2])) + 6)
    filled, due = _counts(layout, table)
    number = looks(_ROW, align="center", bold=True, font_color=look.NAVY)
    put_live(sheet, row, _FILLED, f"=SUMPRODUCT({_all_filled(layout)})", filled, number)
    put_live(sheet, row, _DUE, f"=SUMPRODUCT({_any_filled(layout)})", due, number)


def _needed(layout: Layout) -> list[Place]:
    """The columns that must be filled in a row."""
    if layout.sheet is METRICS:
        return [layout.by_title["编号"], layout.by_title["填报值"]]
    return [place for place in layout.places if place.column.required and not place.extra]


def _all_filled(layout: Layout) -> str:
    """Excel's factors that are 1 for a row with nothing missing."""
    factors = [f"({_area(layout, place)}<>\"\")" for place in _needed(layout)]
    return "*".join([*factors, *_only_typed(layout)])


def _any_filled(layout: Layout) -> str:
    if layout.sheet is METRICS:
        return "*".join((f"({_area(layout, layout.by_title['编号'])}<>\"\")", *_only_typed(layout)))
    parts = "+".join(f"({_area(layout, place)}<>\"\")" for place in _needed(layout))
    return f"--(({parts})>0)"


def _only_typed(layout: Layout) -> list[str]:
    if layout.sheet is not METRICS:
        return []
    title, wanted = _TYPED
    return [f'({_area(layout, layout.by_title[title])}="{wanted}")']


def _area(layout: Layout, place: Place) -> str:
    return f"'{layout.sheet.title}'!{layout.area(place.title)}"


def _counts(layout: Layout, table: Table | None) -> tuple[int, int]:
    """What the two formulas show now."""
    rows = list(zip(*(values(table, place) for place in _needed(layout)), strict=True)) if table else []
    if layout.sheet is METRICS and table:
        how = values(table, layout.by_title[_TYPED[0]])
        rows = [row for row, way in zip(rows, how, strict=True) if way is not None and fold(way) == _TYPED[1]]
        return sum(all(map(_said, row)) for row in rows), sum(_said(row[0]) for row in rows)
    return sum(all(map(_said, row)) for row in rows), sum(any(map(_said, row)) for row in rows)


def _said(value: RawValue) -> bool:
    return value is not None and value != ""


def _free_place(layout: Layout) -> int:
    """The first visible column right of the sheet's purpose."""
    visible = [place for place in layout.places if place.column.level is not Level.ALL or place.extra]
    needed, at = look.display_width(layout.sheet.purpose), 1
    while at < len(visible) - 1 and needed > 0:
        needed -= int(visible[at].column.width)
        at += 1
    return visible[at].at
