"""A worksheet for ledgers: rows that grow while typing, and long columns written straight.

Excel marks only heights that a person has set, XlsxWriter marks all. Without a
stored height Excel measures the rows itself, LibreOffice and WPS show one line.
XlsxWriter keeps an object for every cell; a county's ledger has millions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from workbook.findings import Cell, column_letters
from workbook.raw import RawValue
from workbook.standard.look import Looks
from workbook.standard.made_book import Sheet
from workbook.standard.xlsx_cells import fitting, special_look, stored


@dataclass(frozen=True, slots=True)
class LiveCell:
    """A formula (without its =; empty: none), the value it has now, its look."""

    formula: str
    value: int | float | str
    shown: dict[str, Any]


class GrowingSheet(Sheet):
    """XlsxWriter's worksheet. Its rows and columns count from 0.

    Streamed columns fill the rows below all cells written one by one.
    """

    dim_rowmax: int

    def __init__(self) -> None:
        super().__init__()
        self._heights: dict[int, int] = {}
        self._first = 0
        self._columns: list[tuple[int, list[str | None]]] = []

    def grow(self, row: int, pixels: int) -> None:
        """Give a row the height its text needs, as Excel does."""
        self.set_row_pixels(row, pixels)
        self._heights[row] = pixels

    def stream(self, first: int, at: int, values: Sequence[RawValue], column: dict[str, Any], looks: Looks) -> None:
        """Write a whole column from row `first` down; None writes nothing.

        Raises Refusal for a text longer than a cell.
        """
        writer = _ColumnWriter(self, looks, column)
        self._stream(first, at, [None if value is None else writer.cell(value, first + row, at)
                                 for row, value in enumerate(values)])

    def stream_live(self, first: int, at: int, cells: Sequence[LiveCell | None], looks: Looks) -> None:
        """Write a column of formulas with their values, each with its own look."""
        self._stream(first, at, [None if cell is None else _live(cell, looks) for cell in cells])

    def _stream(self, first: int, at: int, cells: list[str | None]) -> None:
        if cells:
            self._check_dimensions(first, at)
            self._check_dimensions(first + len(cells) - 1, at)
            self._first = first
            self._columns.append((at, cells))

    def long_table(self, last_row: int, options: dict[str, Any]) -> None:
        """An Excel table from A2 to `last_row`; XlsxWriter would note down every cell of it."""
        last = len(options["columns"]) - 1
        self.add_table(1, 0, 2, last, options)
        area = f"A2:{column_letters(last + 1)}{last_row + 1}"
        self.tables[-1] |= {"range": area, "a_range": area, "autofilter": area}

    def _xml_start_tag_unencoded(self, tag: str, attributes: Sequence[tuple[str, object]] = ()) -> None:
        if tag == "row" and int(str(attributes[0][1])) - 1 in self._heights:
            attributes = [pair for pair in attributes if pair[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _write_rows(self) -> None:
        if not self._columns:
            super()._write_rows()
            return
        last = self.dim_rowmax
        self.dim_rowmax = self._first - 1
        super()._write_rows()
        self.dim_rowmax = last
        columns = [(column_letters(at + 1), cells) for at, cells in sorted(self._columns)]
        for row in range(len(columns[0][1])):
            number = self._first + row + 1
            written = [f'<c r="{letters}{number}"{cell}' for letters, cells in columns if (cell := cells[row])]
            height = self._heights.get(number - 1)
            shown = f' ht="{height * 0.75:g}"' if height else ""
            self.fh.write(f'<row r="{number}"{shown}>{"".join(written)}</row>')


def _live(cell: LiveCell, looks: Looks) -> str:
    style = looks(cell.shown)._get_xf_index()
    typed = ' t="str"' if isinstance(cell.value, str) else ""
    formula = f"<f>{escape(cell.formula)}</f>" if cell.formula else ""
    return f' s="{style}"{typed}>{formula}<v>{escape(str(cell.value))}</v></c>'


class _ColumnWriter:
    """Turns the values of one column into cells, each different value once."""

    def __init__(self, sheet: GrowingSheet, looks: Looks, column: dict[str, Any]) -> None:
        self.sheet, self.looks, self.column = sheet, looks, column
        self.style = looks(column)._get_xf_index()
        self._made: dict[tuple[type, RawValue], str] = {}

    def cell(self, value: RawValue, row: int, at: int) -> str:
        """The cell without its address."""
        key = (value.__class__, value)
        if key not in self._made:
            self._made[key] = self._make(value, row, at)
        return self._made[key]

    def _make(self, value: RawValue, row: int, at: int) -> str:
        special = special_look(value, self.column["num_format"])
        style = self.looks(self.column, special)._get_xf_index() if special else self.style
        kind, content = stored(value)
        if kind == "s":
            text = fitting(content, Cell(self.sheet.name, row + 1, at + 1))
            return f' s="{style}" t="s"><v>{self.sheet.str_table._get_shared_string_index(text)}</v></c>'
        typed = {"n": "", "b": ' t="b"', "e": ' t="e"'}[kind]
        return f' s="{style}"{typed}><v>{content}</v></c>'
