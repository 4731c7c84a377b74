"""A record sheet as Excel shows it: table, header, columns by level, print set-up, every stored value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.book import Table
from workbook.findings import Cell, Refusal
from workbook.schema import ID_COLUMN, METRICS, Level, Sheet, Type
from workbook.standard import look
from workbook.standard.dropdowns import cell_rule, header_rule
from workbook.standard.growing import GrowingSheet
from workbook.standard.guide import GUIDE
from workbook.standard.layout import FIRST_ROW, HEADER_ROW, Layout, Place, values
from workbook.standard.marks import mark
from workbook.standard.metric_cells import PHRASE, REPORTED, YEAR, Computed, MetricRow, metric_rows
from workbook.standard.xlsx_cells import LONGEST_HEADER, NUMBER_FORMATS, require_room

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from workbook.standard.look import Looks

WIDEST_FROZEN = 62
"""Characters of the columns that stay while scrolling: less than half a screen of 1366 pixels."""
_CENTRED = (Type.DATE, Type.CHOICE, Type.YES_NO, Type.REFERENCE)
_HEADER, _FIRST = HEADER_ROW - 1, FIRST_ROW - 1


def write_records(book: Workbook, looks: Looks, layout: Layout, table: Table | None, computed: Computed) -> Worksheet:
    """Add one record sheet.

    Raises Refusal for a header or a text longer than Excel can hold.
    """
    require_room(layout.sheet.title, layout.last_row, len(layout.places) + len(layout.loose) + 1)
    sheet: GrowingSheet = book.add_worksheet(layout.sheet.title, GrowingSheet)
    _set_columns(sheet, looks, layout)
    _write_band(sheet, looks, layout)
    _add_table(sheet, looks, layout)
    for place in (*layout.places, *layout.loose):
        if not place.column.computed:
            sheet.stream(_FIRST, place.at, values(table, place), column_look(place), looks)
    if layout.sheet is METRICS and table is not None:
        _stream_computed(sheet, looks, layout, metric_rows(table, computed))
    _grow(sheet, layout, table)
    _validate(sheet, layout)
    mark(sheet, layout, looks)
    _view(sheet, layout)
    set_up_print(sheet, layout.sheet)
    return sheet


def column_look(place: Place) -> dict[str, Any]:
    """How the cells of a column look; text columns keep what is typed."""
    column = place.column
    coded = column.title in ("编号", "代码", "序") or column.type in _CENTRED
    shown = look.RIGHT if column.numeric else look.CENTRE if coded else look.LEFT
    return shown | (look.COMPUTED if column.computed else {}) | {"num_format": _number_format(place)}


def _number_format(place: Place) -> str:
    if place.column.unit == "元":
        return look.MONEY_FORMAT
    if place.column.choices and all(choice.isdigit() for choice in place.column.choices):
        return look.GENERAL_FORMAT
    return NUMBER_FORMATS.get(place.column.type, look.TEXT_FORMAT)


def _grouped(place: Place) -> bool:
    return place.column.level is Level.ALL and not place.extra and place.title != ID_COLUMN


def _set_columns(sheet: Worksheet, looks: Looks, layout: Layout) -> None:
    """Widths and formats; columns of level 全部 are folded away."""
    to_the_right = _grouped(layout.places[0])
    sheet.outline_settings(True, True, to_the_right, False)
    folded = [_grouped(place) for place in layout.places] + [False]
    for at, place in enumerate(layout.places):
        beside = folded[at - 1] if to_the_right and at else folded[at + 1] if not to_the_right else False
        options = {"level": 1, "hidden": True} if folded[at] else {"collapsed": True} if beside else {}
        if place.title == ID_COLUMN:
            options = {"hidden": True}
        sheet.set_column(at, at, place.column.width + look.CELL_PADDING, looks(column_look(place)), options)
    for place in layout.loose:
        sheet.set_column(place.at, place.at, look.EXTRA_WIDTH, looks(column_look(place)))


def _visible(layout: Layout) -> list[Place]:
    return [place for place in layout.places if not _grouped(place) and place.title != ID_COLUMN]


def _write_band(sheet: Worksheet, looks: Looks, layout: Layout) -> None:
    """Row 1: back to the guide, and what the sheet is for; the right half is free for a dispatched book's count."""
    sheet.set_row_pixels(0, look.BAND_PIXELS)
    for place in layout.places[:-1]:
        sheet.write_blank(0, place.at, None, looks(look.BAND_TEXT))
    first, second = _visible(layout)[:2]
    sheet.write_url(0, first.at, f"internal:'{GUIDE}'!A1", looks(look.BAND_LINK), "← 说明", "回到填写说明")
    sheet.write_string(0, second.at, layout.sheet.purpose, looks(look.BAND_TEXT))


def _add_table(sheet: GrowingSheet, looks: Looks, layout: Layout) -> None:
    columns = []
    for place in layout.places:
        if len(place.title) > LONGEST_HEADER:
            raise Refusal(f"{Cell(layout.sheet.title, HEADER_ROW, place.at + 1)}：表头有{len(place.title)}个字，"
                          f"Excel最多{LONGEST_HEADER}个。请把表头改短。")
        shown = look.computed_header() if place.column.computed else look.header(layout.sheet.tab, place.column.level)
        columns.append({"header": place.title, "header_format": looks(shown)})
    sheet.set_row_pixels(_HEADER, look.HEADER_PIXELS)
    sheet.long_table(layout.last_row - 1, {"name": layout.sheet.title, "columns": columns, "style": None})


def _grow(sheet: GrowingSheet, layout: Layout, table: Table | None) -> None:
    """Estimate the height of every row whose visible text wraps."""
    needed = [1] * layout.rows
    for place in _visible(layout):
        if column_look(place).get("text_wrap"):
            for row, value in enumerate(values(table, place)):
                if isinstance(value, str):
                    needed[row] = max(needed[row], look.lines(value, place.column.width))
    for row, lines in enumerate(needed, _FIRST):
        if lines > 1:
            sheet.grow(row, look.height(lines))


def _stream_computed(sheet: GrowingSheet, looks: Looks, layout: Layout, rows: list[MetricRow]) -> None:
    for title in (YEAR, REPORTED):
        place = layout.by_title[title]
        shown = column_look(place)
        sheet.stream_live(_FIRST, place.at, [row.cell(title, shown) for row in rows], looks)
    place = layout.by_title[PHRASE]
    sheet.stream(_FIRST, place.at, [row.phrase for row in rows], column_look(place), looks)


def _validate(sheet: Worksheet, layout: Layout) -> None:
    last = layout.prepared_to - 1
    for place in layout.places:
        sheet.data_validation(_HEADER, place.at, _HEADER, place.at, header_rule(place))
        rule = cell_rule(place)
        if rule and place.title != ID_COLUMN:
            sheet.data_validation(_FIRST, place.at, last, place.at, rule)
    everything = f"A{FIRST_ROW}:{layout.places[-1].letter}{layout.prepared_to}"
    ignored = {"number_stored_as_text": everything}
    if layout.sheet is METRICS:
        ignored["formula_differs"] = everything
    sheet.ignore_errors(ignored)


def _view(sheet: Worksheet, layout: Layout) -> None:
    """Header and key columns stay while scrolling."""
    frozen = _frozen(layout)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(f"#{layout.sheet.tab}")
    sheet.freeze_panes(_FIRST, frozen)
    first = next(place.at for place in _visible(layout) if place.at >= frozen)
    sheet.set_selection(_FIRST, first, _FIRST, first)


def _frozen(layout: Layout) -> int:
    sheet = layout.sheet
    keys = [layout.by_title[title].at for title in (sheet.key, sheet.name_column) if title]
    for at in sorted(keys, reverse=True):
        if sum(place.column.width for place in _visible(layout) if place.at <= at) <= WIDEST_FROZEN:
            return at + 1
    return 0


def set_up_print(sheet: Worksheet, described: Sheet) -> None:
    """A4 landscape, as wide as the page, the header on every page, numbered."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER, _HEADER)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer(f"&L{described.title}&C第 &P 页，共 &N 页")
