"""Faults planted into a clean ledger: what a check says then that it did not say before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import templates
from templates.check import check
from workbook.findings import Finding
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.text import parse

VALUES_CHANGE = frozenset(
    {"N020", "M005", "M006", "M009", "M011", "M012", "Q001", "Q002", *(f"N{number:03}" for number in range(1, 10))})
"""What may follow where a metric now has another value."""


@cache
def clean() -> RawBook:
    """The example ledger that the program ships."""
    path = Path(templates.__file__).parent / "example.ledger.md"
    return parse(path.read_text("utf-8"), path.name)


@cache
def _said_before() -> frozenset[tuple[str, str]]:
    return frozenset((one.code, one.where) for one in check(clean()))


def assert_told(code: str, book: RawBook, place: str, companions: Collection[str]) -> None:
    """The planted fault is told at its place, and nothing else but its sensible companions."""
    found = new_findings(book)
    assert [one.where for one in found if one.code == code] == [place], f"{code} 应在 {place}"
    assert {one.code for one in found} - {code} <= set(companions)


def new_findings(book: RawBook) -> list[Finding]:
    """What is found in `book` beyond what the clean ledger has."""
    return [one for one in check(book) if (one.code, one.where) not in _said_before()]


def sheet_of(book: RawBook, title: str) -> RawSheet:
    sheet = book.sheet(title)
    assert sheet is not None
    return sheet


def rows_where(book: RawBook, sheet: str, **wanted: object) -> list[int]:
    """The Excel row numbers whose columns hold exactly these values; None is blank, ... anything but blank."""
    rows = sheet_of(book, sheet).rows
    places = {title: rows[0].index(title) for title in wanted}

    def fits(row: list[RawValue]) -> bool:
        values = {title: row[at] if at < len(row) else None for title, at in places.items()}
        return all(values[t] not in (None, "") if want is ... else (values[t] or None) == want
                   for t, want in wanted.items())

    return [number for number, row in enumerate(rows[1:], 2) if fits(row)]


def value(book: RawBook, sheet: str, row: int, title: str) -> RawValue:
    rows = sheet_of(book, sheet).rows
    return rows[row - 1][rows[0].index(title)]


def row_values(book: RawBook, sheet: str, row: int) -> dict[str, RawValue]:
    """One row by header."""
    rows = sheet_of(book, sheet).rows
    return {str(title): cell for title, cell in zip(rows[0], rows[row - 1], strict=False)}


def with_cells(book: RawBook, sheet: str, row: int, cells: Mapping[str, RawValue]) -> RawBook:
    """The same book with some cells of one row changed; a new header becomes the last column."""
    old = sheet_of(book, sheet)
    headers = [*old.rows[0], *(title for title in cells if title not in old.rows[0])]
    rows = [headers, *(list(one) + [None] * (len(headers) - len(one)) for one in old.rows[1:])]
    while len(rows) < row:
        rows.append([None] * len(headers))
    for title, cell in cells.items():
        rows[row - 1][headers.index(title)] = cell
    new = RawSheet(old.name, rows, old.visible, old.merges)
    sheets = tuple(new if one is old else one for one in book.sheets)
    return RawBook(book.path, sheets, book.epoch1904, book.formulas)


def with_row(book: RawBook, sheet: str, cells: Mapping[str, RawValue]) -> tuple[RawBook, int]:
    """The same book with one more row at the end, and that row's number."""
    row = len(sheet_of(book, sheet).rows) + 1
    return with_cells(book, sheet, row, cells), row


def where(book: RawBook, sheet: str, row: int, title: str) -> str:
    """`任务!C5` for a column by its header."""
    number = sheet_of(book, sheet).rows[0].index(title)
    letters = chr(65 + number) if number < 26 else "A" + chr(65 + number - 26)
    return f"{sheet}!{letters}{row}"
