"""What is written into a sheet, block by block; a protected sheet refuses before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import uno

from .office import Area, Office, Refused, address

_NOTES = 8
_HUNDREDTHS = 35.28
"""Hundredths of a millimetre in a point."""
_CHARACTER = 195
"""Hundredths of a millimetre in a character of Excel's column widths."""


def write(office: Office, book: str, sheet: str, area: Area, rows: Sequence[Sequence[Any]]) -> None:
    """Text stays text whatever it looks like; nothing is taken for a formula."""
    office.writable(book, sheet)
    office.cells(book, sheet, [area]).setDataArray(tuple(map(tuple, rows)))


def write_formulas(office: Office, book: str, sheet: str, area: Area, rows: Sequence[Sequence[str]]) -> None:
    """Formulas in English with semicolons between arguments."""
    office.writable(book, sheet)
    office.cells(book, sheet, [area]).setFormulaArray(tuple(map(tuple, rows)))


def put(office: Office, book: str, sheet: str, areas: Sequence[Area], values: dict[str, Any]) -> None:
    """Properties of com.sun.star.table.CellProperties and com.sun.star.style.CharacterProperties."""
    office.writable(book, sheet)
    cells = office.cells(book, sheet, areas)
    cells.setPropertyValues(tuple(sorted(values)), tuple(values[name] for name in sorted(values)))


def put_format(office: Office, book: str, sheet: str, areas: Sequence[Area], code: str) -> None:
    """A number format as Excel writes it."""
    formats, english = office.document(book).NumberFormats, uno.createUnoStruct("com.sun.star.lang.Locale")
    english.Language, english.Country = "en", "US"
    key = formats.queryKey(code, english, False)
    put(office, book, sheet, areas, {"NumberFormat": formats.addNew(code, english) if key == -1 else key})


def heights(office: Office, book: str, sheet: str, areas: Sequence[Area], points: float) -> None:
    held = office.writable(book, sheet)
    for top, _, bottom, _ in areas:
        held.getCellRangeByPosition(0, top - 1, 0, bottom - 1).Rows.Height = int(points * _HUNDREDTHS)


def columns(office: Office, book: str, sheet: str, area: Area, width: Any = None, hidden: Any = None) -> None:
    """A width in characters, or whether they are hidden."""
    office.writable(book, sheet)
    held = office.cells(book, sheet, [area]).Columns
    if width is not None:
        held.Width = int(width * _CHARACTER)
    if hidden is not None:
        held.IsVisible = not hidden


def put_notes(office: Office, book: str, sheet: str, notes: Sequence[Sequence[Any]]) -> None:
    """Set the notes of many cells (row, column, text); an empty text takes a note away."""
    held = office.writable(book, sheet)
    gone = [(row, column, row, column) for row, column, text in notes if not text]
    if gone:
        several = office.document(book).createInstance("com.sun.star.sheet.SheetCellRanges")
        several.addRangeAddresses(
            tuple(address(held.RangeAddress.Sheet, one, held.Columns.Count) for one in gone), True)
        several.clearContents(_NOTES)
    there, noted = held.Annotations, _noted(held)
    where = uno.createUnoStruct("com.sun.star.table.CellAddress")
    where.Sheet = held.RangeAddress.Sheet
    for row, column, text in notes:
        if text and (row, column) in noted:
            held.getCellByPosition(column - 1, row - 1).Annotation.setString(text)
        elif text:
            where.Row, where.Column = row - 1, column - 1
            there.insertNew(where, text)


def _noted(sheet: Any) -> set[tuple[int, int]]:
    """The cells that have a note."""
    return {(row, column) for area in sheet.queryContentCells(_NOTES).RangeAddresses
            for row in range(area.StartRow + 1, area.EndRow + 2)
            for column in range(area.StartColumn + 1, area.EndColumn + 2)}


def merge(office: Office, book: str, sheet: str, area: Area, on: bool) -> None:
    office.writable(book, sheet)
    office.cells(book, sheet, [area]).merge(on)


def add_sheet(office: Office, book: str, name: str, at: int) -> None:
    """A new sheet before the one that is counted `at` from 0."""
    _structure(office, book).insertNewByName(name, at)


def drop_sheet(office: Office, book: str, sheet: str) -> None:
    _structure(office, book).removeByName(sheet)


def _structure(office: Office, book: str) -> Any:
    document = office.document(book)
    if document.isProtected() or document.isReadonly():
        raise Refused("protected")
    return document.Sheets
