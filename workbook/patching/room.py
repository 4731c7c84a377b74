"""Room for new rows under those of a sheet: cells in the look of the row above, the Excel table and rules grown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from workbook.findings import Refusal
from workbook.patching.grid import Found, Grid, Made
from workbook.patching.package_edit import PackageEdit, edit, refused
from workbook.patching.references import area, reference
from workbook.patching.values import blank_cell
from workbook.patching.xmlbytes import Node, Part, attribute
from workbook.raw import Merge
from workbook.reading.sniff import Unusable

_RULES = (b"conditionalFormatting", b"dataValidation", b"ignoredError")


class Room(NamedTuple):
    """Rows `first` to `last` are to be filled, in columns 1 to `width`, in the look of row `above`."""

    above: int
    first: int
    last: int
    width: int


def with_room(data: bytes, rooms: Mapping[str, Room], *, path: str = "") -> bytes:
    """The workbook with blank styled cells in new rows, by sheet; tables, filters and rules reach down to them.

    A table with a row of totals stays as it is. Raises Refusal for what is no .xlsx or .xlsm.
    """
    try:
        book = edit(data, path)
        for sheet, room in rooms.items():
            _make(book, book.worksheet(sheet), room)
        return book.result()
    except (Unusable, Refusal) as why:
        raise refused(path, why) from None


def _make(book: PackageEdit, place: str, room: Room) -> None:
    grid = Grid(book.part(place))
    styles = styles_above(grid, room)
    grid.change({(row, column): _blank(grid, style) for row in range(room.first, room.last + 1)
                 for column, style in styles.items()})
    make_reach(book, place, grid, room)


def styles_above(grid: Grid, room: Room) -> dict[int, int]:
    """The style of each column that the row above shows one in."""
    above = grid.row(room.above)
    styles = {column: grid.style_of(above, column, grid.cell(above, column) if above else None)
              for column in range(1, room.width + 1)}
    return {column: style for column, style in styles.items() if style}


def make_reach(book: PackageEdit, place: str, grid: Grid, room: Room) -> None:
    """Let tables, filters and rules of a sheet reach down to the new rows."""
    _reach(grid.part, room)
    for relation in book.relations(place).values():
        if relation.kind == "table" and book.has(relation.target):
            _grow(book.part(relation.target), room)


def _blank(grid: Grid, style: int) -> Made:
    def make(found: Found) -> bytes | None:
        return blank_cell(grid.part.prefix, found, style) if found.node is None else None

    return make


def _reach(part: Part, room: Room) -> None:
    """Let validations, conditional formats and the like that end at the last row reach the new ones."""
    for name in _RULES:
        for match in re.finditer(b"<" + re.escape(part.prefix + name) + rb"(?=\s)[^>]*>", part.plain):
            found = attribute("sqref").search(match[0])
            group = 1 if found and found[1] is not None else 2
            if found is None:
                continue
            old = found[group].decode("utf-8", "replace")
            new = " ".join(_longer(one, room) for one in old.split())
            if new != old:
                part.put(match.start() + found.start(group), match.start() + found.end(group), new.encode())


def _longer(text: str, room: Room) -> str:
    held = area(text)
    covers = held.top < held.bottom and held.top <= room.above <= held.bottom < room.last
    return reference(held._replace(bottom=room.last)) if covers else text


def _grow(part: Part, room: Room) -> None:
    """Let a table that ends above the new rows hold them; its filter with it."""
    held = area(part.root.get("ref"))
    totals = part.root.get("totalsRowCount", "0") != "0"
    if totals or held.bottom >= room.last or not held.top < room.above <= held.bottom:
        return
    _set_bottom(part, part.root, held, room.last)
    filtered = part.child("autoFilter")
    if filtered is not None:
        _set_bottom(part, filtered, area(filtered.get("ref")), room.last)


def _set_bottom(part: Part, node: Node, held: Merge, bottom: int) -> None:
    part.set(node, "ref", reference(held._replace(bottom=bottom)))
