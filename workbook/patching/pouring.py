"""Many new rows under those of a sheet, written as they come: in the look of the row above, never held as cells.

Rows that the sheet has there already (blank ones with a look, or with something beside the table) are changed cell
by cell.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from math import isfinite
from typing import IO, NamedTuple

from workbook.findings import Refusal, column_letters
from workbook.patching.cells import calculate_on_opening, check_cells, forget_chain, require_place
from workbook.patching.formula_cells import drop_formulas
from workbook.patching.grid import Found, Grid, Made
from workbook.patching.package_edit import PackageEdit, edit, refused
from workbook.patching.references import Place
from workbook.patching.room import Room, make_reach, styles_above
from workbook.patching.style_part import styles_of
from workbook.patching.values import Writer, blank_cell, inline, written
from workbook.raw import RawValue
from workbook.reading.sniff import Unusable
from workbook.standard.xlsx_cells import FIRST_DAY, FORMULA_MARKS

_DAY_ZERO = dt.date(1899, 12, 30).toordinal()
_DAYS_1904 = 1462
_AT_ONCE = 256
"""Rows that are packed together."""
_LONGEST_KNOWN, _MOST_KNOWN = 32, 4096
"""Letters of a text that many rows may hold, and how many such texts are kept."""


class Pouring(NamedTuple):
    """The new rows of one sheet, as many as there is `room` for; what each holds by column, from the first down.

    They are gone through more than once. `styles` by column, where they are not those of the row above. A blank cell
    that looks as its column does is left out, but where there is to be `every` cell, for formulas to come.
    """

    room: Room
    rows: Iterable[Mapping[int, RawValue]]
    styles: Mapping[int, int] | None = None
    every: bool = False


def with_rows(data: bytes, pourings: Mapping[str, Pouring], *, path: str = "") -> bytes:
    """The workbook with new rows, by sheet; tables, filters and rules reach down to them.

    A table with a row of totals stays as it is. Raises Refusal for what is no .xlsx or .xlsm, and for a row
    that cannot be written.
    """
    out = io.BytesIO()
    pour(data, pourings, out, path=path)
    return out.getvalue()


def looks(data: bytes, rooms: Mapping[str, Room], *, path: str = "") -> dict[str, dict[int, int]]:
    """The styles, by sheet and column, that new rows will have there; raises Refusal."""
    try:
        book = edit(data, path)
        return {sheet: styles_above(Grid(book.part(book.worksheet(sheet))), room) for sheet, room in rooms.items()}
    except (Unusable, Refusal) as why:
        raise refused(path, why) from None


def pour(data: bytes, pourings: Mapping[str, Pouring], out: IO[bytes], *, path: str = "") -> None:
    """Write such a workbook to an empty file, its new rows as they come."""
    try:
        book = edit(data, path)
        styles, dropped = styles_of(book), False
        for sheet, one in pourings.items():
            dropped |= _Poured(book, sheet, one, Writer(sheet, styles, book.outline.epoch1904, b"")).put()
        calculate_on_opening(book.part(book.main))
        if dropped:
            forget_chain(book)
        book.write(out, styles.part, styles.finish)
    except (Unusable, Refusal) as why:
        raise refused(path, why) from None


class _Poured:
    def __init__(self, book: PackageEdit, sheet: str, given: Pouring, writer: Writer) -> None:
        self.book, self.sheet, self.room, self.rows = book, sheet, given.room, given.rows
        self.place = book.worksheet(sheet)
        self.grid = Grid(book.part(self.place))
        self.writer = writer._replace(prefix=self.grid.part.prefix)
        self.styles = styles_above(self.grid, self.room) if given.styles is None else given.styles
        self.every = given.every

    def put(self) -> bool:
        """Put the rows in; whether a formula went."""
        require_place(self.sheet, self.room.last, self.room.width)
        held = [row.number for row in self.grid.rows if self.room.first <= row.number <= self.room.last]
        dropped = self._into(set(held)) if held else False
        self.row = RowText(self.writer, self.grid, self.room.width, self.styles, every=self.every).row
        self._between(held)
        self.grid.widen((self.room.first, 1), (self.room.last, self.room.width))
        make_reach(self.book, self.place, self.grid, self.room)
        return dropped

    def _into(self, held: set[int]) -> bool:
        """The rows that are there already, cell by cell."""
        last = max(held) - self.room.first + 1
        wanted = {number: values for number, values in enumerate(islice(self.rows, last), self.room.first)
                  if number in held}
        values = {(number, column): value for number, row in wanted.items() for column, value in row.items()}
        check_cells(self.book, self.grid, self.sheet, values)
        dropped = drop_formulas(self.grid, self.sheet, values)
        columns = {*self.styles, *(column for _, column in values)}
        self.grid.change({(number, column): self._made(values.get((number, column)), column)
                          for number in wanted for column in sorted(columns)})
        return dropped

    def _made(self, value: RawValue, column: int) -> Made:
        style = self.styles.get(column, 0)

        def make(found: Found) -> bytes | None:
            shown = found._replace(style=style) if found.node is None and style else found
            if written(value):
                return self.writer.cell(shown, value)
            return blank_cell(self.writer.prefix, shown, style) if found.node is None and style else None

        return make

    def _between(self, held: list[int]) -> None:
        """The rows that are not there, in the places between those that are."""
        first, after = self.room.first, [*sorted(held), self.room.last + 1]
        for number in after:
            if first < number:
                self.grid.put_rows(self.grid.place_for(first), self.book.later(partial(self._texts, first, number)))
            first = number + 1

    def _texts(self, first: int, end: int) -> Iterator[bytes]:
        """The rows from one up to another."""
        row, above = self.row, self.room.first
        source = zip(range(first, end), islice(self.rows, first - above, end - above), strict=False)
        while some := list(islice(source, _AT_ONCE)):
            yield "".join([row(number, values) for number, values in some]).encode()


class RowText:
    """Writes rows of one sheet as XML text."""

    def __init__(self, writer: Writer, grid: Grid, width: int, styles: Mapping[int, int], *, every: bool) -> None:
        self.writer, self.tag, self.every = writer, writer.prefix.decode(), every
        self._columns = [self._column(grid, column, styles.get(column, 0)) for column in range(1, width + 1)]
        self._known: dict[tuple[int, type], str] = {}
        self._texts: dict[RawValue, str] = {}
        self._end = f"</{self.tag}c>"

    def _column(self, grid: Grid, column: int, style: int) -> tuple[int, str, str, str, int]:
        """A column with what begins its cells, and ends a blank one, and follows the place of one with a text."""
        usual = grid.style_of(None, column, None)
        shown, stands = style or usual, bool(style) and (self.every or style != usual)
        return (column, f'<{self.tag}c r="{column_letters(column)}', f'" s="{style}"/>' if stands else "",
                f'" s="{shown}" t="inlineStr">' if shown else '" t="inlineStr">', shown)

    def row(self, number: int, values: Mapping[int, RawValue]) -> str:
        """One row with its cells; nothing where it has none."""
        cells = []
        for column, start, blank, opened, style in self._columns:
            value = values.get(column)
            if value is None or value == "":
                if blank:
                    cells.append(f"{start}{number}{blank}")
            elif type(value) is str and (text := self._texts.get(value) or self._text(value, number, column)):
                cells.append(f"{start}{number}{opened}{text}")
            else:
                cells.append(self._other(start, (number, column), style, value))
        return f'<{self.tag}row r="{number}">{"".join(cells)}</{self.tag}row>' if cells else ""

    def _text(self, text: str, number: int, column: int) -> str:
        """What stands in the cell of a text, and its end; nothing where it could be taken for a formula."""
        if text.startswith(FORMULA_MARKS):
            return ""
        made = f"{inline(self.writer.prefix, self.writer.fitting(text, number, column))}{self._end}"
        if len(text) <= _LONGEST_KNOWN and len(self._texts) < _MOST_KNOWN:
            self._texts[text] = made
        return made

    def _other(self, start: str, at: Place, style: int, value: RawValue) -> str:
        """A cell that holds no plain text: numbers and days by what the first of their column looked like."""
        kind, spelled = type(value), self._spelled(value)
        if not spelled:
            return (self.writer.cell(Found(*at, None, style), value) or b"").decode()
        known = self._known.get((at[1], kind))
        if known is None:
            made = (self.writer.cell(Found(*at, None, style), value) or b"").decode()
            known = self._known[at[1], kind] = made[len(f"{start}{at[0]}"):made.index("v>") + 2]
        return f"{start}{at[0]}{known}{spelled}</{self.tag}v>{self._end}"

    def _spelled(self, value: RawValue) -> str:
        """A number or a day as its cell holds it; nothing for what is another thing or an odd one."""
        kind = type(value)
        if kind is int or (isinstance(value, float) and isfinite(value)):
            return repr(value)
        if kind is dt.date and isinstance(value, dt.date) and value >= FIRST_DAY:
            return repr(float(value.toordinal() - _DAY_ZERO - _DAYS_1904 * self.writer.epoch1904))
        return ""
