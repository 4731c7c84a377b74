"""看板: six totals and five native charts on one screen and one printed page, all live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workbook.book import Book
from workbook.ledger import Ledger
from workbook.standard import look
from workbook.standard.board_figures import BOARD, FIRST, Block, Figures, Live, Tile
from workbook.standard.board_tally import STATES, real_date
from workbook.standard.head_sheet import cell_of
from workbook.standard.terms import END, START
from workbook.standard.xlsx_cells import put_live

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.chart import Chart
    from xlsxwriter.worksheet import Worksheet

    from workbook.standard.look import Looks

COLUMNS, PIXELS, GUTTER = 12, 108, 16
UPPER, LOWER = 220, 200
"""Heights of the two rows of charts, in pixels."""
STATE_COLOURS = dict(zip(STATES, (look.TEAL, look.BLUE, "#C3CAD2", "#E4E8EC"), strict=True))
_TITLE_ROW, _SPAN_ROW, _LABEL_ROW, _UPPER_ROW, _LOWER_ROW = 0, 1, 3, 7, 9
_LAST_ROW = 10
_HEIGHTS = {0: 34, 1: 20, 2: 6, 3: 20, 4: 36, 5: 20, 6: 8, 7: 22, 8: UPPER + 8, 9: 22, 10: LOWER + 8}
NO_SPAN = "报告信息的统计起、统计止还没有填成日期"
_DATA: dict[str, Any] = {"font_color": look.FAINT, "font_size": 9, "valign": "top"}
_SMALL: dict[str, Any] = {"name": look.FONT, "size": 9, "color": "#595959"}


def write_board(book: Workbook, looks: Looks, figures: Figures, title: Live, span: Live) -> Worksheet:
    """Add the sheet 看板."""
    sheet = book.add_worksheet(BOARD)
    _prepare(sheet)
    _heading(sheet, looks, title, span)
    for place, tile in enumerate(figures.tiles()):
        _tile(sheet, looks, tile, 1 + 2 * place)
    blocks = figures.blocks()
    for block in blocks.values():
        _block(sheet, looks, block)
    _charts(book, sheet, looks, blocks)
    return sheet


def heading(book: Book) -> tuple[Live, Live]:
    """The title of the board, and the line that says which days it covers."""
    office, year = cell_of("机关全称"), cell_of("报告年度")
    title = Live(f'={office}&IF({year}="","",{year}&"年")&"工作台账"', ledger_title(book))
    first, last = (f'TEXT({name},"yyyy-mm-dd")' for name in (START, END))
    start, end = real_date(book, START), real_date(book, END)
    said = f"统计期 {start} 至 {end}" if start and end else NO_SPAN
    return title, Live(f'=IF(COUNT({START},{END})<2,"{NO_SPAN}","统计期 "&{first}&" 至 "&{last})', said)


def ledger_title(book: Book) -> str:
    """XX县民政局2023年工作台账."""
    head = Ledger(book).head
    year = head.text("报告年度")
    return f"{head.text('机关全称')}{year + '年' if year else ''}工作台账"


def _prepare(sheet: Worksheet) -> None:
    sheet.hide_gridlines(2)
    sheet.set_tab_color(look.NAVY)
    sheet.set_zoom(85)
    sheet.set_column_pixels(0, 0, GUTTER)
    sheet.set_column_pixels(1, COLUMNS, PIXELS)
    sheet.set_column_pixels(COLUMNS + 1, COLUMNS + 2, GUTTER)
    for row, height in _HEIGHTS.items():
        sheet.set_row_pixels(row, height)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.center_vertically()
    sheet.set_margins(0.4, 0.4, 0.4, 0.4)
    sheet.print_area(0, 0, _LAST_ROW, COLUMNS + 1)


def _heading(sheet: Worksheet, looks: Looks, title: Live, span: Live) -> None:
    big = looks(font_size=18, bold=True, font_color=look.NAVY, valign="vcenter")
    sheet.merge_range(_TITLE_ROW, 1, _TITLE_ROW, 8, "", big)
    put_live(sheet, _TITLE_ROW, 1, title.formula, title.value, big)
    small = looks(font_color=look.MUTED, valign="vcenter")
    sheet.merge_range(_SPAN_ROW, 1, _SPAN_ROW, 8, "", small)
    put_live(sheet, _SPAN_ROW, 1, span.formula, span.value, small)
    hint = looks(font_color=look.FAINT, align="right", valign="vcenter", font_size=9)
    sheet.merge_range(_SPAN_ROW, 9, _SPAN_ROW, COLUMNS, "各数随填写自动更新，不用填", hint)


def _tile(sheet: Worksheet, looks: Looks, tile: Tile, column: int) -> None:
    paper: dict[str, Any] = {"bg_color": look.BAND, "left": 5, "left_color": "#FFFFFF", "right": 5,
                             "right_color": "#FFFFFF", "align": "center", "valign": "vcenter"}
    ink = look.RUST if tile.label.startswith("逾期") else look.NAVY
    label = looks(paper, font_color="#595959")
    number = looks(paper, font_size=22, bold=True, font_color=ink, num_format="0%" if tile.percent else "#,##0")
    note = looks(paper, font_size=8, font_color=look.MUTED)
    for row, shown in ((_LABEL_ROW, label), (_LABEL_ROW + 1, number), (_LABEL_ROW + 2, note)):
        sheet.merge_range(row, column, row, column + 1, "", shown)
    sheet.write_string(_LABEL_ROW, column, tile.label, label)
    put_live(sheet, _LABEL_ROW + 1, column, tile.figure.formula, tile.figure.value, number)
    if isinstance(tile.note, Live):
        put_live(sheet, _LABEL_ROW + 2, column, tile.note.formula, tile.note.value, note)
    else:
        sheet.write_string(_LABEL_ROW + 2, column, tile.note, note)


def _block(sheet: Worksheet, looks: Looks, block: Block) -> None:
    faint = looks(_DATA)
    for place, header in enumerate(block.headers):
        sheet.write_string(FIRST - 2, block.column + place, header, faint)
    for row, cells in enumerate(block.rows):
        for place, live in enumerate(cells):
            shown = looks(_DATA, num_format=look.DATE_FORMAT) if live.day else faint
            put_live(sheet, FIRST - 1 + row, block.column + place, live.formula, live.value, shown)


def _charts(book: Workbook, sheet: Worksheet, looks: Looks, blocks: Mapping[str, Block]) -> None:
    upper = (("任务进展", 3, _ring(book, blocks["状态"])), ("各股室任务", 5, _stack(book, blocks["股室"])),
             ("各月活动场次", 4, _columns(book, blocks["月份"])))
    lower = (("各类活动场次（前八）", 6, _bars(book, blocks["类型"], look.BLUE, "#,##0;;")),
             ("指标完成情况（报告值 ÷ 目标值）", 6, _bars(book, blocks["指标"], look.TEAL, "0%;;", label=1, value=4)))
    for row, height, charts in ((_UPPER_ROW, UPPER, upper), (_LOWER_ROW, LOWER, lower)):
        column = 1
        for title, width, chart in charts:
            sheet.write_string(row, column, title, looks(bold=True, font_color=look.NAVY, valign="vcenter"))
            _place(sheet, chart, row + 1, column, width * PIXELS - 8, height)
            column += width


def _place(sheet: Worksheet, chart: Chart, row: int, column: int, width: int, height: int) -> None:
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": "#FFFFFF"}})
    chart.set_plotarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": width, "height": height})
    sheet.insert_chart(row, column, chart, {"object_position": 2, "x_offset": 4, "y_offset": 2})


def _ring(book: Workbook, block: Block) -> Chart:
    chart: Chart = book.add_chart({"type": "doughnut"})
    points = [{"fill": {"color": colour}, "border": {"color": "#FFFFFF"}} for colour in STATE_COLOURS.values()]
    chart.add_series({"name": "任务状态", "categories": block.area(0), "values": block.area(1), "points": points,
                      "data_labels": {"value": True, "num_format": "0;;", "font": {"name": look.FONT, "size": 9}}})
    chart.set_hole_size(58)
    chart.set_legend({"position": "bottom", "font": _SMALL})
    return chart


def _stack(book: Workbook, block: Block) -> Chart:
    chart: Chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for place, (state, colour) in enumerate(STATE_COLOURS.items(), 1):
        chart.add_series({"name": state, "categories": block.area(0), "values": block.area(place), "gap": 45,
                          "fill": {"color": colour}, "border": {"none": True}})
    _axes(chart)
    chart.set_legend({"position": "bottom", "font": _SMALL})
    return chart


def _columns(book: Workbook, block: Block) -> Chart:
    chart: Chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "场次", "categories": block.area(1), "values": block.area(2), "gap": 60,
                      "fill": {"color": look.BLUE}, "border": {"none": True},
                      "data_labels": {"value": True, "num_format": "0;;", "font": _SMALL}})
    chart.set_x_axis({"num_font": _SMALL, "line": {"color": look.LINE}, "major_tick_mark": "none"})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"none": True})
    return chart


def _bars(book: Workbook, block: Block, colour: str, labels: str, label: int = 0, value: int = 1) -> Chart:
    chart: Chart = book.add_chart({"type": "bar"})
    chart.add_series({"name": block.headers[value], "categories": block.area(label), "values": block.area(value),
                      "gap": 45, "fill": {"color": colour}, "border": {"none": True},
                      "data_labels": {"value": True, "num_format": labels, "font": _SMALL}})
    _axes(chart)
    chart.set_legend({"none": True})
    return chart


def _axes(chart: Chart) -> None:
    """Categories from the top down; values without a scale, their labels say them."""
    chart.set_y_axis({"num_font": _SMALL, "line": {"color": look.LINE}, "major_tick_mark": "none", "reverse": True,
                      "interval_unit": 1})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
