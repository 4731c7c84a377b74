"""The formulas of a sheet that a new value touches: shared ones are written out, parts of arrays stay as they are."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape
from typing import NamedTuple
from xml.sax.saxutils import escape

from workbook.findings import Cell
from workbook.patching.grid import Grid
from workbook.patching.references import Place, area, reference
from workbook.patching.xmlbytes import REST, Node
from workbook.reading.shared_formulas import moved
from workbook.reading.sniff import Unusable


class Formula(NamedTuple):
    """The formula of a cell: its element and its cell's place."""

    place: Place
    node: Node


def drop_formulas(grid: Grid, sheet: str, cells: Collection[Place]) -> bool:
    """Make ready for these cells losing their formulas; whether one of them has any.

    Raises Unusable where a cell is part of an array formula or a data table.
    """
    if b"<" + grid.part.prefix + b"f" not in grid.part.plain:
        return False
    _check_areas(grid, sheet, cells)
    held = [formula for place in cells if (formula := _formula(grid, place))]
    shared = {formula.node.get("si") for formula in held
              if formula.node.get("t") == "shared" and not formula.node.empty}
    if shared:
        _write_out(grid, shared, set(cells))
    return bool(held)


def _check_areas(grid: Grid, sheet: str, cells: Collection[Place]) -> None:
    if b"array" not in grid.part.plain and b"dataTable" not in grid.part.plain:
        return
    for node in _formulas(grid, grid.data.inner, grid.data.close):
        held = area(node.get("ref"))
        if node.get("t") not in ("array", "dataTable") or held[:2] == held[2:]:
            continue
        for row, column in cells:
            if held.top <= row <= held.bottom and held.left <= column <= held.right:
                raise Unusable(f"{Cell(sheet, row, column)} 在数组公式 {reference(held)} 里，不能单独改。"
                               "请在 Excel 里改。")


def _formulas(grid: Grid, start: int, end: int) -> list[Node]:
    """The <f> elements between two places."""
    tag, found = grid.part.prefix + b"f", []
    for match in re.finditer(b"<" + re.escape(tag) + rb"(?=[\s/>])" + REST, grid.part.plain[start:end]):
        inner = start + match.end()
        empty = match[1].endswith(b"/")
        close = inner if empty else grid.part.plain.find(b"</" + tag, inner)
        last = inner if empty else grid.part.plain.find(b">", close) + 1
        found.append(Node("f", grid.part.prefix, start + match.start(), inner, close, last, match[1]))
    return found


def _formula(grid: Grid, place: Place) -> Formula | None:
    row = grid.row(place[0])
    cell = grid.cell(row, place[1]) if row else None
    found = _formulas(grid, cell.inner, cell.close) if cell else []
    return Formula(place, found[0]) if found else None


def _write_out(grid: Grid, shared: Collection[str], gone: Collection[Place]) -> None:
    """Give every cell of shared formulas the formula in full, those apart that lose theirs."""
    masters: dict[str, tuple[Place, str]] = {}
    for row in grid.rows:
        for column, cell in grid.cells(row).items():
            for node in _formulas(grid, cell.inner, cell.close):
                if node.get("t") != "shared" or node.get("si") not in shared:
                    continue
                here, text = (row.number, column), _text(grid, node)
                origin, master = masters.setdefault(node.get("si"), (here, text))
                if here not in gone:
                    said = moved(master, here[0] - origin[0], here[1] - origin[1])
                    tag = grid.part.prefix + b"f>"
                    grid.part.put(node.start, node.end, b"<" + tag + escape(said).encode() + b"</" + tag)


def _text(grid: Grid, node: Node) -> str:
    return unescape(grid.part.data[node.inner:node.close].decode("utf-8", "replace"))
