"""Cells of an .xlsx whose formula has no stored value: what they would say, the file does not tell."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from workbook.reading.places import column_number
from workbook.reading.sniff import Container

if TYPE_CHECKING:
    from workbook.reading.outline import SheetPart
    from workbook.reading.package import Package

Places = frozenset[tuple[int, int]]
_FORMULA = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?f[\s/>]")
_HELD = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*<f(?:\s[^<>]*)?(?:/>|(?<!/)>[^<]*</f>)\s*'
                   rb"(?:<v(?:\s[^<>]*)?(?:/>|>([^<]*)</v>))?")


def unvalued(data: bytes, sheets: Collection[str]) -> dict[str, Places]:
    """(row, column) of every formula without a value, by sheet; where a part is written in an unusual way, of every
    formula. Raises Unusable.
    """
    from workbook.reading.outline import outline
    from workbook.reading.package import open_package
    from workbook.reading.unlocking import unlocked

    data = unlocked(data)
    if not data.startswith(Container.ZIP.value):
        return {}
    package = open_package(data)
    if package.has("mimetype"):
        return {}
    parts = [one for one in outline(package).sheets if one.name in sheets]
    found = {one.name: _of_sheet(package, one) for one in parts}
    return {name: places for name, places in found.items() if places}


def _of_sheet(package: Package, sheet: SheetPart) -> Places:
    text = package.read(sheet.part)
    if b"<f" not in text and b":f" not in text:
        return frozenset()
    formulas = len(_FORMULA.findall(text))
    held = _HELD.findall(text) if formulas else []
    if len(held) != formulas:
        return _thoroughly(package, sheet)
    return frozenset((int(row), column_number(letters.decode())) for letters, row, value in held if not value)


def _thoroughly(package: Package, sheet: SheetPart) -> Places:
    """All formulas of a part that is written in an unusual way."""
    from workbook.reading.sheetxml import read_cells

    return frozenset(read_cells(package.pieces(sheet.part), sheet.part, sheet.name, None, [], False).formulas)
