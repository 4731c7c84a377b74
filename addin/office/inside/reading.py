"""A sheet read in one go: its values, and what of them is a day, a truth value, an error; its notes and colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .office import Area, Office, area_of

_MOMENT, _TRUTH, _ERRORS = 2 | 4, 1024, 4
"""com.sun.star.util.NumberFormat DATE|TIME and LOGICAL; com.sun.star.sheet.FormulaResult ERROR."""


def used(office: Office, book: str, sheet: str) -> list[int]:
    cursor = office.sheet(book, sheet).createCursor()
    cursor.gotoEndOfUsedArea(False)
    return [cursor.RangeAddress.EndRow + 1, cursor.RangeAddress.EndColumn + 1]


def read(office: Office, book: str, sheet: str, area: Area) -> dict[str, Any]:
    """Numbers are serial numbers still; `moments` and `truths` are the areas where they mean something else."""
    cells = office.cells(book, sheet, [area])
    rows = cells.getDataArray()
    types = _types(office.document(book).NumberFormats)
    kinds = [found for at in _with_numbers(rows) for found in _kinds(cells, types, (0, at, len(rows) - 1, at))]
    top, left = area[0], area[1]
    placed = [(kind, (top + one[0], left + one[1], top + one[2], left + one[3])) for kind, one in kinds]
    return {"rows": rows,
            "moments": [one for kind, one in placed if kind & _MOMENT],
            "truths": [one for kind, one in placed if kind & _TRUTH],
            "errors": list(_errors(office.sheet(book, sheet), cells))}


def _with_numbers(rows: Sequence[Sequence[Any]]) -> Iterator[int]:
    for at, column in enumerate(zip(*rows)):  # noqa: B905 - strict= is newer than LibreOffice's Python
        if float in map(type, column):
            yield at


def _types(formats: Any) -> Callable[[int], int]:
    """What a number format is for, looked up once."""
    known: dict[int, int] = {}

    def of(key: int) -> int:
        if key not in known:
            known[key] = formats.getByKey(key).Type
        return known[key]

    return of


def _kinds(cells: Any, types: Callable[[int], int], part: Area) -> Iterator[tuple[int, Area]]:
    """The parts of one column that are days or truth values, halved where formats differ."""
    top, column, bottom, _ = part
    held = cells.getCellRangeByPosition(column, top, column, bottom)
    if held.getPropertyState("NumberFormat").value != "AMBIGUOUS_VALUE":
        kind = types(held.NumberFormat)
        if kind & (_MOMENT | _TRUTH):
            yield kind, part
    elif top < bottom:
        middle = (top + bottom) // 2
        yield from _kinds(cells, types, (top, column, middle, column))
        yield from _kinds(cells, types, (middle + 1, column, bottom, column))


def _errors(sheet: Any, cells: Any) -> Iterator[tuple[int, int, str]]:
    for one in cells.queryFormulaCells(_ERRORS).RangeAddresses:
        for row in range(one.StartRow, one.EndRow + 1):
            for column in range(one.StartColumn, one.EndColumn + 1):
                said = sheet.getCellByPosition(column, row).String
                yield row + 1, column + 1, "#VALUE!" if said.startswith("Err:") else said


def formulas(office: Office, book: str, sheet: str, area: Area) -> Any:
    return office.cells(book, sheet, [area]).getFormulaArray()


def notes(office: Office, book: str, sheet: str) -> list[tuple[int, int, str]]:
    found, every = [], office.sheet(book, sheet).Annotations.createEnumeration()
    while every.hasMoreElements():
        one = every.nextElement()
        place = one.Position
        found.append((place.Row + 1, place.Column + 1, one.String))
    return found


def note(office: Office, book: str, sheet: str, row: int, column: int) -> str:
    """The note of one cell; "" where it has none."""
    return str(office.sheet(book, sheet).getCellByPosition(column - 1, row - 1).Annotation.String)


def colours(office: Office, book: str, sheet: str, places: Sequence[Sequence[int]]) -> list[int]:
    """The colour of each cell as one number; -1 for none."""
    held = office.sheet(book, sheet)
    return [held.getCellByPosition(column - 1, row - 1).CellBackColor for row, column in places]


def colour(office: Office, book: str, sheet: str, areas: Sequence[Area]) -> Any:
    """The one colour of some cells, "" where they differ."""
    return _alike(office.cells(book, sheet, areas), "CellBackColor")


def number_format(office: Office, book: str, sheet: str, areas: Sequence[Area]) -> Any:
    """The one format of some cells as Excel writes it, "" where they differ."""
    key = _alike(office.cells(book, sheet, areas), "NumberFormat")
    return key if key == "" else office.document(book).NumberFormats.getByKey(key).FormatString


def _alike(cells: Any, name: str) -> Any:
    return "" if cells.getPropertyState(name).value == "AMBIGUOUS_VALUE" else cells.getPropertyValue(name)


def merged(office: Office, book: str, sheet: str, area: Area) -> bool:
    """Whether any cell of an area is merged with others."""
    return bool(office.cells(book, sheet, [area]).getIsMerged())


def merge_area(office: Office, book: str, sheet: str, area: Area) -> Area:
    held = office.sheet(book, sheet)
    cursor = held.createCursorByRange(held.getCellByPosition(area[1] - 1, area[0] - 1))
    cursor.collapseToMergedArea()
    return area_of(cursor.RangeAddress)


def selection(office: Office) -> Any:
    """Book, sheet and areas of what is selected on the sheet in front; None where it is no cells."""
    document = office.front()
    held = document.CurrentSelection if document is not None else None
    if held is None or not (hasattr(held, "RangeAddress") or hasattr(held, "RangeAddresses")):
        return None
    sheet = document.CurrentController.ActiveSheet
    addresses = held.RangeAddresses if hasattr(held, "RangeAddresses") else (held.RangeAddress,)
    areas = [area_of(one) for one in addresses if one.Sheet == sheet.RangeAddress.Sheet]
    return [document.RuntimeUID, sheet.Name, areas] if areas else None
