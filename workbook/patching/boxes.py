"""Where the box of a note stands: beside its cell, of a size that its text needs, over columns of any width."""

from __future__ import annotations

import functools
from collections.abc import Callable
from math import ceil

from workbook.patching.grid import Grid
from workbook.patching.references import whole
from workbook.patching.xmlbytes import Node, attribute
from workbook.standard import look
from workbook.standard.xlsx_cells import MOST_COLUMNS, MOST_ROWS

_WIDTH, _LINE, _PADDING = 320, 17, 14
_CHARACTERS = 46
_LEFT, _TOP = 15, 2
_COLUMN_PIXELS, _ROW_PIXELS = 64, 20


class Measures:
    """The sizes of a sheet's columns and rows, in pixels."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        listed = grid.child("cols")
        self._columns = [(whole(node.get("min")), whole(node.get("max")), _column_pixels(node))
                         for node in (grid.part.children(listed) if listed else ())]
        self._column = functools.cache(self._column_at)

    def anchor(self, row: int, column: int, text: str) -> str:
        """The eight numbers of a VML anchor: column and offset, row and offset, of two corners, from 0."""
        lines = sum(max(1, ceil(look.display_width(line) / _CHARACTERS)) for line in text.split("\n")) + 1
        first_column, first_row = min(column, MOST_COLUMNS - 1), max(row - 2, 0)
        last_column, right = self._walk(first_column, _LEFT + _WIDTH, self._column, MOST_COLUMNS)
        last_row, bottom = self._walk(first_row, _TOP + lines * _LINE + _PADDING, self._row, MOST_ROWS)
        numbers = (first_column, _LEFT, first_row, _TOP, last_column, right, last_row, bottom)
        return ", ".join(map(str, numbers))

    @staticmethod
    def _walk(at: int, pixels: int, size: Callable[[int], int], end: int) -> tuple[int, int]:
        """The column or row that lies so many pixels further on, and the offset in it."""
        while at < end - 1 and pixels > size(at):
            pixels -= size(at)
            at += 1
        return at, pixels

    def _column_at(self, at: int) -> int:
        return next((pixels for first, last, pixels in self._columns if first <= at + 1 <= last), _COLUMN_PIXELS)

    def _row(self, at: int) -> int:
        row = self.grid.row(at + 1)
        if row is None:
            return _ROW_PIXELS
        if attribute("hidden").search(row.attributes):
            return 0
        match = attribute("ht").search(row.attributes)
        return _pixels(match[1] or match[2], 4 / 3, _ROW_PIXELS) if match else _ROW_PIXELS


def _column_pixels(node: Node) -> int:
    if node.get("hidden") in ("1", "true"):
        return 0
    return _pixels(node.get("width").encode(), 7, _COLUMN_PIXELS)


def _pixels(text: bytes, per_unit: float, otherwise: int) -> int:
    try:
        return max(0, min(2000, round(float(text) * per_unit)))
    except (ValueError, OverflowError):
        return otherwise
