"""Where every column of a written sheet stands: schema order, then the office's own.

The writer, the live formulas, the dropdowns and the marks all ask here, so that
a column is placed once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from workbook.book import Book, Table, fold
from workbook.findings import column_letters
from workbook.raw import RawValue
from workbook.schema import EXCUSE_COLUMN, ID_COLUMN, SHEETS, Column, Level, Sheet, Type
from workbook.standard.xlsx_cells import MOST_ROWS, header_text

HEADER_ROW = 2
FIRST_ROW = 3
"""Row 1 is the band with the sheet's purpose; rows count from 1."""
SPARE_ROWS = 20
"""Empty rows inside a table: not every program grows a table when one types below it."""
PREPARED_ROWS = 2000
MARGIN_ROWS = 1000

EXCUSE = Column(EXCUSE_COLUMN, level=Level.USUAL, width=14, hint="这一行为什么不写进报告。")
ROW_ID = Column(ID_COLUMN, width=10)
NAMELESS = Column("", Type.LONG, width=14)


@dataclass(frozen=True, slots=True)
class Place:
    """One column as written: `at` counts from 0, `number` is its column in the source (from 1), 0 for none."""

    title: str
    at: int
    column: Column
    number: int = 0
    extra: bool = False

    @property
    def letter(self) -> str:
        return column_letters(self.at + 1)


@dataclass(frozen=True)
class Layout:
    """One record sheet as written; `source` is what it holds, None for a new one."""

    sheet: Sheet
    places: tuple[Place, ...]
    rows: int
    source: Table | None = None

    @property
    def by_title(self) -> dict[str, Place]:
        return {place.title: place for place in self.places}

    @cached_property
    def loose(self) -> tuple[Place, ...]:
        """The columns of the source that hold values under no header."""
        numbers = _nameless(self.source) if self.source is not None else []
        return tuple(Place("", len(self.places) + 1 + at, NAMELESS, number, True) for at, number in enumerate(numbers))

    @property
    def last_row(self) -> int:
        """The last row of the Excel table."""
        return FIRST_ROW + self.rows + SPARE_ROWS - 1

    @property
    def prepared_to(self) -> int:
        """The last row with validations and marks."""
        return min(max(PREPARED_ROWS, self.last_row + MARGIN_ROWS), MOST_ROWS)

    def find(self, title: str) -> Place | None:
        """The column whose header reads like `title` (（ and ( are one)."""
        folded = fold(title)
        return next((place for place in self.places if fold(place.title) == folded), None)

    def area(self, title: str) -> str:
        """$B$3:$B$2000: a column down to the last prepared row."""
        letter = self.by_title[title].letter
        return f"${letter}${FIRST_ROW}:${letter}${self.prepared_to}"


def lay_out(book: Book) -> dict[str, Layout]:
    """The layout of every record sheet, by schema title."""
    return {sheet.title: _sheet(sheet, book.tables.get(sheet.title)) for sheet in SHEETS}


def values(table: Table | None, place: Place) -> list[RawValue]:
    """The stored values of one column of the source, a value per row; blanks are None."""
    if table is None or not place.number:
        return []
    return table.numbered(place.number)


def _sheet(sheet: Sheet, table: Table | None) -> Layout:
    sources = table.places if table is not None else {}
    columns = [(column, sources.get(column.title, 0), False) for column in sheet.columns]
    tail = ((EXCUSE,) if sheet.excusable else ()) + (ROW_ID,)
    kept = {column.title for column, _, _ in columns} | {column.title for column in tail}
    columns += [(column, number, True) for column, number in _extras(table, kept)] if table is not None else []
    columns += [(column, sources.get(column.title, 0), False) for column in tail]
    places = tuple(Place(column.title, at, column, number, extra)
                   for at, (column, number, extra) in enumerate(columns))
    return Layout(sheet, places, len(table) if table else 0, table)


def _extras(table: Table, kept: set[str]) -> list[tuple[Column, int]]:
    """The office's own columns, then those whose header repeats another's, under a name of their own."""
    known = {header.number for header in table.headers}
    found = [(header.text, header.number, header.column) for header in table.headers if header.title not in kept]
    found += [(str(text), number, None) for number, text in _headers(table) if number not in known]
    taken = {title.lower() for title in kept}
    return [(_own(_unused(header_text(text), taken), column), number) for text, number, column in found]


def _headers(table: Table) -> list[tuple[int, RawValue]]:
    """Every column number with a header, and the header."""
    row = table.raw.rows[table.header_row - 1]
    return [(number, text) for number, text in enumerate(row, 1) if text is not None and str(text).strip()]


def _nameless(table: Table) -> list[int]:
    """The numbers of the columns without a header that hold anything beside the table's rows."""
    headed = {number for number, _ in _headers(table)}
    held = {number for row in table.numbers for number, value in enumerate(table.raw.rows[row - 1], 1)
            if value is not None}
    return sorted(held - headed)


def _own(title: str, column: Column | None) -> Column:
    if column is None:
        return Column(title, Type.TEXT, level=Level.USUAL, width=14)
    return Column(title, column.type, level=Level.USUAL, width=column.width, unit=column.unit)


def _unused(title: str, taken: set[str]) -> str:
    """A header Excel accepts in a table: unlike every other, whatever its case."""
    name, count = title, 1
    while name.lower() in taken:
        count += 1
        name = f"{title}_{count}"
    taken.add(name.lower())
    return name
