"""A ledger as the standard workbook: every stored value, live formulas, dropdowns, marks, board and guide.

XlsxWriter sets it up, because it writes formulas with their values and native
charts. The bytes depend on the ledger alone: no clock, no user, no chance.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Protocol

from workbook import schema
from workbook.book import Book
from workbook.raw import RawSheet, RawValue
from workbook.standard import look
from workbook.standard.xlsx_cells import Cells, require_room, storable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from workbook.standard.layout import Layout
    from workbook.standard.metric_cells import MetricValues

CREATED = dt.datetime(2000, 1, 1)
"""A fixed date of birth: a later one in a file says that a person saved it."""
LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans("[]:*?/\\", "［］：＊？／＼")


class Dress(Protocol):
    """What a dispatched workbook has more: a first sheet, and whatever is set up once all sheets stand."""

    def front(self, made: Workbook, looks: look.Looks, layouts: Mapping[str, Layout]) -> Worksheet: ...

    def finish(self, made: Workbook, looks: look.Looks, layouts: Mapping[str, Layout]) -> None: ...


def write(book: Book, metrics: Mapping[str, MetricValues], *, starters: bool = False,
          today: dt.date | None = None, dress: Dress | None = None) -> bytes:
    """The standard workbook of a ledger, as xlsx bytes.

    `metrics` by 编号; a metric without an entry shows nothing. `starters`: a new
    workbook, which opens at 填写说明. `today` only decides the value that stands
    for 逾期未完成 until Excel calculates; without it, the day after 统计止.
    Raises Refusal for a text or header longer than Excel can hold.
    """
    from workbook.standard.made_book import made_book

    target = BytesIO()
    made = made_book(target, default_row_height=look.ROW_PIXELS)
    made.set_properties({"created": CREATED, "author": "", "title": schema.HEAD_SHEET})
    _fill(made, book, metrics, starters, today, dress)
    made.close()
    return target.getvalue()


def _fill(made: Workbook, book: Book, metrics: Mapping[str, MetricValues], starters: bool,
          today: dt.date | None, dress: Dress | None) -> None:
    from workbook.ledger import Ledger
    from workbook.standard.board_figures import Figures
    from workbook.standard.board_tally import Tally
    from workbook.standard.dashboard import heading, ledger_title, write_board
    from workbook.standard.dropdowns import define_lists, write_options
    from workbook.standard.formulas import metric_formulas
    from workbook.standard.guide import write_guide
    from workbook.standard.head_sheet import write_head
    from workbook.standard.layout import lay_out
    from workbook.standard.metric_cells import Computed
    from workbook.standard.record_sheets import write_records

    looks, layouts, ledger = look.Looks(made), lay_out(book), Ledger(book)
    front = dress.front(made, looks, layouts) if dress else None
    guide = write_guide(made, looks, ledger_title(book))
    board = write_board(made, looks, Figures(Tally(ledger, metrics, today), layouts), *heading(book))
    write_head(made, looks, book.head)
    computed = Computed(metric_formulas(book, layouts), metrics)
    for name, layout in layouts.items():
        write_records(made, looks, layout, book.tables.get(name), computed)
    define_lists(made, layouts)
    _write_strangers(made, looks, book)
    write_options(made, book, layouts[schema.DICTIONARY.title])
    _write_meta(made, looks, book.meta)
    if dress:
        dress.finish(made, looks, layouts)
    (front or (guide if starters else board)).activate()


def _write_strangers(made: Workbook, looks: look.Looks, book: Book) -> None:
    """The sheets that are no part of the schema, cell by cell; 已知问题 among them."""
    known = book.raw.sheet(schema.KNOWN_ISSUES)
    taken = {sheet.name.lower() for sheet in made.worksheets()}
    for sheet in (*((known,) if known else ()), *book.others):
        name = _sheet_name(sheet.name, taken)
        taken.add(name.lower())
        _write_stranger(made, looks, sheet, name)


def _write_stranger(made: Workbook, looks: look.Looks, source: RawSheet, name: str) -> None:
    width = max((len(row) for row in source.rows), default=0)
    require_room(name, len(source.rows), width)
    sheet = made.add_worksheet(name)
    if not source.visible:
        sheet.hide()
    cells = Cells(sheet, looks)
    sheet.set_column(0, max(width - 1, 0), look.EXTRA_WIDTH)
    for row, values in enumerate(source.rows):
        for at, value in enumerate(values):
            cells.put(row, at, value, {"num_format": look.GENERAL_FORMAT})


def _sheet_name(name: str, taken: Iterable[str]) -> str:
    """A name Excel accepts, unlike the others."""
    base = storable(re.sub(r"[\x00-\x1f]", "", name)).translate(_NOT_IN_NAMES).strip("'") or "表"
    fitted, count = base[:LONGEST_NAME], 1
    while fitted.lower() in taken:
        count += 1
        fitted = f"{base[:LONGEST_NAME - len(str(count)) - 1]}_{count}"
    return fitted


def _write_meta(made: Workbook, looks: look.Looks, meta: Mapping[str, str]) -> None:
    sheet = made.add_worksheet(schema.META_SHEET)
    sheet.very_hidden()
    cells = Cells(sheet, looks)
    rows: list[tuple[RawValue, RawValue]] = [schema.HEAD_COLUMNS, *meta.items()]
    for row, pair in enumerate(rows):
        for at, value in enumerate(pair):
            cells.put(row, at, value or None, {"num_format": look.TEXT_FORMAT})
