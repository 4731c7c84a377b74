"""One sheet of a rollup under construction: a header that stays, rows as high as their texts, formulas with values."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.facts import plain
from workbook.findings import column_letters
from workbook.raw import RawValue
from workbook.schema import Level
from workbook.standard import look
from workbook.standard.xlsx_cells import Cells, put_live

if TYPE_CHECKING:
    from xlsxwriter import Workbook

RIGHT = look.RIGHT | {"num_format": look.GENERAL_FORMAT}
_LEFT = look.LEFT | {"num_format": look.GENERAL_FORMAT}
_MADE = RIGHT | look.COMPUTED


class Page:
    """One sheet under construction: a header row, then rows from 1."""

    def __init__(self, book: Workbook, looks: look.Looks, name: str, headers: Sequence[str], widths: Sequence[float],
                 *, fixed: int = 0) -> None:
        self.sheet = book.add_worksheet(name)
        self.looks, self.cells, self.widths = looks, Cells(self.sheet, looks), tuple(widths)
        for at, (header, width) in enumerate(zip(headers, widths, strict=True)):
            self.sheet.set_column(at, at, width)
            self.cells.put(0, at, header, look.header("1F4E79", Level.REQUIRED) | {"num_format": "@"})
        self.sheet.set_row_pixels(0, look.HEADER_PIXELS)
        self.sheet.freeze_panes(1, fixed)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.repeat_rows(0)
        self.sheet.fit_to_pages(1, 0)

    def texts(self, row: int, values: Sequence[RawValue]) -> None:
        """Texts from the left; the row becomes as high as the longest needs."""
        tallest = 1
        for at, value in enumerate(values):
            if value is not None and value != "":
                self.cells.put(row, at, value, _LEFT)
                tallest = max(tallest, look.lines(str(value), self.widths[at]))
        self.sheet.set_row_pixels(row, look.height(tallest))

    def number(self, row: int, at: int, value: Decimal | None, number_format: str = look.GENERAL_FORMAT) -> None:
        if value is not None:
            self.cells.put(row, at, Decimal(plain(value)), RIGHT | {"num_format": number_format})

    def formula(self, row: int, at: int, formula: str, value: Decimal | None, number_format: str) -> None:
        shown = "" if value is None else float(value)
        put_live(self.sheet, row, at, formula, shown, self.looks(_MADE, {"num_format": number_format}))

    def filtered(self, rows: int) -> None:
        self.sheet.autofilter(0, 0, rows, len(self.widths) - 1)


def place(row: int, at: int) -> str:
    """A1 of a row and a column from 0."""
    return f"{column_letters(at + 1)}{row + 1}"
