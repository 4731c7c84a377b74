"""Cells of a sheet in the office: one range, or several under one address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from addin.areas import spelled
from workbook.reading.places import column_number

if TYPE_CHECKING:
    from addin.office.engine import Sheet

Area = Sequence[int]
"""Top, left, bottom, right, counted from 1."""
_WHOLE = 16384
_SEPARATOR = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_PART = re.compile(r"([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?")
_BOLD, _PLAIN = 150.0, 100.0
"""com.sun.star.awt.FontWeight."""
_SCRIPTS = ("", "Asian")


def areas_of(address: str) -> list[Area]:
    """$C$3:$C$5,D9 and 5:7 as areas; whole rows end beyond every sheet."""
    return [_area(word) for word in address.replace("$", "").split(",")]


def _area(word: str) -> Area:
    match = _PART.fullmatch(word)
    if match is None or not match[2]:
        raise ValueError(word)
    left, top, right, bottom = match.groups()
    last = column_number(right or left) if left else _WHOLE
    return int(top), column_number(left) if left else 1, int(bottom or top), last


class Range:
    """Values, formulas and notes are those of the first area."""

    max_cells_per_read = max_cells_per_write = None
    api = True

    def __init__(self, sheet: Sheet, areas: Sequence[Area]) -> None:
        self.sheet, self.areas, self.options = sheet, areas, {}  # type: ignore[var-annotated]
        top, left, bottom, right = areas[0]
        self.row, self.column, self.shape = top, left, (bottom - top + 1, right - left + 1)
        self.coords = (sheet.name, top, left, *self.shape)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int) -> Range:
        return self.sheet.range((self.row + row - 1, self.column + column - 1))

    @property
    def address(self) -> str:
        words = (spelled((top, left), (bottom, right)) for top, left, bottom, right in self.areas)
        return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", ",".join(words))

    @property
    def raw_value(self) -> list[list[Any]]:
        told = self.sheet.ask("read", area=self.areas[0])
        rows: list[list[Any]] = told["rows"]
        for area in told["moments"]:
            self._mean(rows, area, self._moment)
        for area in told["truths"]:
            self._mean(rows, area, lambda value: bool(value) if isinstance(value, int | float) else value)
        for row, column, text in told["errors"]:
            rows[row - self.row][column - self.column] = text
        return rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows = value if isinstance(value, list | tuple) else [[value] * self.shape[1]] * self.shape[0]
        self.sheet.ask("write", area=self.areas[0], rows=[[self._stored(one) for one in row] for row in rows])

    def _mean(self, rows: list[list[Any]], area: Area, meant: Any) -> None:
        columns = range(area[1] - self.column, area[3] - self.column + 1)
        for row in rows[area[0] - self.row:area[2] - self.row + 1]:
            for column in columns:
                row[column] = meant(row[column])

    def _moment(self, value: Any) -> Any:
        """A serial number to the millisecond, as Excel's COM interface gives it."""
        if not isinstance(value, int | float):
            return value
        return self.sheet.book.zero + dt.timedelta(milliseconds=round(value * 86_400_000))

    def _stored(self, value: Any) -> Any:
        """Calc has numbers and texts; a day is a number in a cell with a format for days."""
        if isinstance(value, dt.datetime):
            return (value - self.sheet.book.zero) / dt.timedelta(days=1)
        return "" if value is None else value if isinstance(value, str) else float(value)

    @property
    def formula(self) -> Any:
        rows = self.sheet.ask("formulas", area=self.areas[0])
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        rows = value if isinstance(value, list | tuple) else [[value]]
        said = [[_SEPARATOR.sub(";", str(one)) for one in row] for row in rows]
        self.sheet.ask("write_formulas", area=self.areas[0], rows=said)

    def put(self, **values: Any) -> None:
        """Set properties of com.sun.star.table.CellProperties."""
        self.sheet.ask("put", areas=self.areas, values=values)

    @property
    def color(self) -> Any:
        number = self.sheet.ask("colour", areas=self.areas)
        if number == "":
            raise TypeError("several colours")
        return None if number == -1 else (number >> 16, number >> 8 & 255, number & 255)

    @color.setter
    def color(self, colour: Any) -> None:
        self.put(CellBackColor=-1 if colour is None else _number(colour))

    @property
    def number_format(self) -> str | None:
        return self.sheet.ask("number_format", areas=self.areas) or None

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.sheet.ask("put_format", areas=self.areas, code=code)

    def _set_wrap(self, on: bool) -> None:
        self.put(IsTextWrapped=on)

    def _set_width(self, width: float) -> None:
        self.sheet.ask("columns", area=self.areas[0], width=width)

    def _set_hidden(self, on: bool) -> None:
        self.sheet.ask("columns", area=self.areas[0], hidden=on)

    def _set_height(self, points: float) -> None:
        self.sheet.ask("heights", areas=self.areas, points=points)

    wrap_text = property(None, _set_wrap)
    column_width = property(None, _set_width)
    column_hidden = property(None, _set_hidden)
    row_height = property(None, _set_height)

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def note(self) -> SimpleNamespace | None:
        """The note of the first cell, to be read."""
        text = self.sheet.ask("note", row=self.row, column=self.column)
        return SimpleNamespace(text=text) if text else None

    @property
    def merge_cells(self) -> bool:
        return bool(self.sheet.ask("merged", area=self.areas[0]))

    @property
    def merge_area(self) -> Range:
        return Range(self.sheet, [self.sheet.ask("merge_area", area=self.areas[0])])

    def merge(self, across: bool = False) -> None:
        self.sheet.ask("merge", area=self.areas[0], on=True)

    def unmerge(self) -> None:
        self.sheet.ask("merge", area=self.areas[0], on=False)

    def select(self) -> None:
        self.sheet.ask("select", areas=self.areas)


class Font:
    """What is written of a font; Chinese text has properties of its own."""

    def __init__(self, cells: Range) -> None:
        self._cells = cells

    def _set(self, name: str, value: Any, scripts: Sequence[str] = _SCRIPTS) -> None:
        self._cells.put(**{f"{name}{script}": value for script in scripts})

    name = property(None, lambda self, name: self._set("CharFontName", name))
    size = property(None, lambda self, size: self._set("CharHeight", float(size)))
    bold = property(None, lambda self, on: self._set("CharWeight", _BOLD if on else _PLAIN))
    color = property(None, lambda self, colour: self._set("CharColor", _number(colour), ("",)))


def _number(colour: Sequence[int]) -> int:
    red, green, blue = colour
    return (red << 16) + (green << 8) + blue
