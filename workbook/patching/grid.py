"""The cells of a worksheet part by their place in its bytes: found, restyled, replaced, made where they are missing."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from workbook.findings import column_letters
from workbook.patching.references import Place, area, reference, whole
from workbook.patching.references import place as place
from workbook.patching.xmlbytes import REST, Node, Part
from workbook.raw import Merge
from workbook.reading.package import broken
from workbook.reading.places import column_number

Made = Callable[["Found"], bytes | None]
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")


class Row(NamedTuple):
    """A row: its number and where its start tag begins and ends."""

    number: int
    start: int
    inner: int
    attributes: bytes

    @property
    def empty(self) -> bool:
        return self.attributes.endswith(b"/")

    def tag(self, prefix: bytes) -> Node:
        """Its start tag alone."""
        return Node("row", prefix, self.start, self.inner, self.inner, self.inner, self.attributes)


class Found(NamedTuple):
    """A cell to change: its place, its element where it has one, and the style it shows."""

    row: int
    column: int
    node: Node | None
    style: int


class Grid:
    """The cells of one worksheet under change."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.top = part.children(whole="sheetData")
        data = self.child("sheetData")
        if data is None:
            raise broken(part.name)
        self.data = data
        self._seen = [(0, data.inner)]

    def child(self, name: str) -> Node | None:
        return next((node for node in self.top if node.name == name), None)

    @functools.cached_property
    def rows(self) -> list[Row]:
        """All rows as the part has them; one without a number follows the one before."""
        found, last = [], 0
        for match in _opening(self.part.prefix, b"row").finditer(self.part.plain, self.data.inner, self.data.close):
            number = _NUMBER.search(match[1])
            last = int(number[1]) if number else last + 1
            found.append(Row(last, match.start(), match.end(), match[1]))
        return found

    @functools.cached_property
    def _row_by_number(self) -> dict[int, Row]:
        return {row.number: row for row in reversed(self.rows)}

    def row(self, number: int) -> Row | None:
        """A row by its number; looked for where it is usually found before all rows are."""
        _, at = self._seen[bisect.bisect_right(self._seen, (number + 1, 0)) - 1]
        start = self.part.plain.find(b"<" + self.part.prefix + b'row r="%d"' % number, at, self.data.close)
        match = _opening(self.part.prefix, b"row").match(self.part.plain, start) if start >= 0 else None
        if match is None:
            return self._row_by_number.get(number)
        if start > self._seen[-1][1]:
            self._seen.append((number, start))
        return Row(number, start, match.end(), match[1])

    def end_of(self, row: Row) -> int:
        """Where the content of a row ends."""
        if row.empty:
            return row.inner
        close = self.part.plain.find(b"</" + self.part.prefix + b"row", row.inner, self.data.close)
        if close < 0:
            raise broken(self.part.name)
        return close

    def cell(self, row: Row, column: int) -> Node | None:
        """One cell of a row; looked for where it is usually found before all cells are."""
        wanted = b"<" + self.part.prefix + f'c r="{column_letters(column)}{row.number}"'.encode()
        end = self.end_of(row)
        start = self.part.plain.find(wanted, row.inner, end)
        match = _opening(self.part.prefix, b"c").match(self.part.plain, start, end) if start >= 0 else None
        return self._node(match, end) if match else self.cells(row).get(column)

    def cells(self, row: Row) -> dict[int, Node]:
        """The cells of a row by column."""
        found, column, end = {}, 0, self.end_of(row)
        for match in _opening(self.part.prefix, b"c").finditer(self.part.plain, row.inner, end):
            place = _PLACE.search(match[1])
            column = column_number(place[1].decode().upper()) if place else column + 1
            found[column] = self._node(match, end)
        return found

    def _node(self, match: re.Match[bytes], end: int) -> Node:
        close = last = match.end()
        if not match[1].endswith(b"/"):
            close = self.part.plain.find(b"</" + self.part.prefix + b"c", last, end)
            last = self.part.plain.find(b">", close) + 1
        if close < 0 or not last:
            raise broken(self.part.name)
        return Node("c", self.part.prefix, match.start(), match.end(), close, last, match[1])

    @functools.cached_property
    def merges(self) -> list[tuple[Merge, Node]]:
        listed = self.child("mergeCells")
        return [(area(node.get("ref")), node) for node in (self.part.children(listed) if listed else ())
                if node.name == "mergeCell"]

    def visible(self, at: Place) -> Place:
        """The cell that shows a value: of a merged range the first."""
        for merge, _ in self.merges:
            if merge.top <= at[0] <= merge.bottom and merge.left <= at[1] <= merge.right:
                return merge.top, merge.left
        return at

    @functools.cached_property
    def _columns(self) -> list[tuple[int, int, int]]:
        """First column, last column and style of each <col>."""
        listed = self.child("cols")
        return [(whole(node.get("min")), whole(node.get("max")), whole(node.get("style")))
                for node in (self.part.children(listed) if listed else ())]

    def style_of(self, row: Row | None, column: int, cell: Node | None) -> int:
        """The style that a cell shows: its own, else its row's, else its column's."""
        if cell is not None:
            return whole(cell.get("s"))
        if row is not None and row.tag(b"").get("customFormat") in ("1", "true"):
            return whole(row.tag(b"").get("s"))
        return next((style for first, last, style in self._columns if first <= column <= last), 0)

    def change(self, made: Mapping[Place, Made]) -> None:
        """Replace cells by what is made of them, in their order; None leaves a cell as it is."""
        by_row: dict[int, dict[int, Made]] = {}
        for (number, column), make in sorted(made.items()):
            by_row.setdefault(number, {})[column] = make
        before: dict[int, list[bytes]] = {}
        for number, cells in by_row.items():
            row = self.row(number)
            if row is not None:
                self._change_row(row, cells)
            elif new := self._new_row(number, cells):
                before.setdefault(self.place_for(number), []).append(new)
        for at, rows in before.items():
            self.put_rows(at, b"".join(rows))
        if made:
            rows_, columns = zip(*made, strict=True)
            self.widen((min(rows_), min(columns)), (max(rows_), max(columns)))

    def put_rows(self, at: int, rows: bytes) -> None:
        """Put whole rows in where `place_for` says."""
        self.part.append(self.data, rows) if at == self.data.close else self.part.put(at, at, rows)

    def _change_row(self, row: Row, made: Mapping[int, Made]) -> None:
        new = []
        for column, make in made.items():
            node = self.cell(row, column)
            content = make(Found(row.number, column, node, self.style_of(row, column, node)))
            if content is None:
                continue
            if node is not None:
                self.part.put(node.start, node.end, content)
            else:
                new.append((column, content))
        if new:
            self._put_new(row, self.cells(row), new)
            self._spans(row, new[0][0], new[-1][0])

    def _put_new(self, row: Row, held: Mapping[int, Node], new: list[tuple[int, bytes]]) -> None:
        by_place: dict[int, list[bytes]] = {}
        for column, content in new:
            at = min((node.start for other, node in held.items() if other > column), default=self.end_of(row))
            by_place.setdefault(at, []).append(content)
        for at, contents in by_place.items():
            if row.empty:
                closing = b"</" + self.part.prefix + b"row>"
                self.part.put(row.inner - 2, row.inner, b">" + b"".join(contents) + closing)
            else:
                self.part.put(at, at, b"".join(contents))

    def _spans(self, row: Row, first: int, last: int) -> None:
        match = re.search(rb"""\sspans\s*=\s*["'](\d+):(\d+)["']""", row.attributes)
        if match and not int(match[1]) <= first <= last <= int(match[2]):
            wide = f"{min(first, int(match[1]))}:{max(last, int(match[2]))}"
            self.part.set(row.tag(self.part.prefix), "spans", wide)

    def _new_row(self, number: int, made: Mapping[int, Made]) -> bytes:
        contents = [make(Found(number, column, None, self.style_of(None, column, None)))
                    for column, make in made.items()]
        cells, tag = b"".join(filter(None, contents)), self.part.prefix + b"row"
        return b"<" + tag + b' r="%d">' % number + cells + b"</" + tag + b">" if cells else b""

    def place_for(self, number: int) -> int:
        """Where a row of this number belongs that the sheet has not."""
        if not self.rows or number > self._last:
            return self.data.close
        return next(row.start for row in self.rows if row.number > number)

    @functools.cached_property
    def _last(self) -> int:
        return max(row.number for row in self.rows)

    def widen(self, first: Place, last: Place) -> None:
        """Let the sheet's dimension hold these cells."""
        node = self.child("dimension")
        if node is None:
            return
        held = area(node.get("ref"))
        wide = Merge(min(held.top, first[0]), min(held.left, first[1]), max(held.bottom, last[0]),
                     max(held.right, last[1]))
        if wide != held:
            self.part.set(node, "ref", reference(wide))

    def unmerge(self, wanted: set[Merge]) -> None:
        """Take merged ranges apart; those that the sheet does not have are ignored."""
        listed, gone = self.child("mergeCells"), [node for merge, node in self.merges if merge in wanted]
        if listed is None or not gone:
            return
        if len(gone) == len(self.merges):
            gone = [listed]
        for node in gone:
            self.part.put(node.start, node.end, b"")
        if listed.get("count") and listed not in gone:
            self.part.set(listed, "count", str(len(self.merges) - len(gone)))


@functools.cache
def _opening(prefix: bytes, name: bytes) -> re.Pattern[bytes]:
    return re.compile(b"<" + re.escape(prefix + name) + rb"(?=[\s/>])" + REST)
