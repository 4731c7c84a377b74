"""The new workbook is written, read back, and every cell of the old one looked up in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from workbook import schema
from workbook.book import Book, fold_header, recognize
from workbook.findings import Cell
from workbook.identity import with_ids
from workbook.raw import RawBook, RawValue
from workbook.reading.reader import read_content
from workbook.restoring.assembly import Aside, Assembly, Claim, Placed, Spot
from workbook.restoring.balance import BLANK, Change, Entry, Fate, Unbalanced, cells_of, key_of, same
from workbook.schema import GENERATED_SHEETS, HEAD_COLUMNS, HEAD_SHEET, KNOWN_ISSUES, META_SHEET
from workbook.standard.head_sheet import head_lines
from workbook.standard.layout import FIRST_ROW, HEADER_ROW, lay_out

NOT_GENERATED = "不是程序生成的内容，原来的位置由程序重新生成"
ToBytes = Callable[[RawBook], bytes]


class Restored(NamedTuple):
    """The new workbook, what became of every cell of the old one, and what was done."""

    data: bytes
    entries: tuple[Entry, ...]
    changes: tuple[Change, ...]
    asides: tuple[Aside, ...]

    def counts(self) -> dict[str, int]:
        """Cells of the old file in all and by fate."""
        fates = Counter(entry.fate for entry in self.entries)
        return {"cells": len(self.entries)} | {fate.value: fates[fate] for fate in Fate}

    @property
    def to_settle(self) -> bool:
        """Whether a person should look at anything."""
        return any(one.settle for one in self.changes) or any(one.settle for one in self.asides)


def settle(assembly: Assembly, old: RawBook, to_bytes: ToBytes) -> Restored:
    """Write the new workbook and account for every cell of the old one.

    Raises Unbalanced where the new file does not hold what it should, Refusal for what Excel cannot hold.
    """
    new = _NewFile(assembly, to_bytes)
    doubtful = [claim for claim in assembly.claims if not new.stands(claim)]
    if doubtful:
        gone = {claim.cell for claim in doubtful}
        assembly.claims = [claim for claim in assembly.claims if claim.cell not in gone]
        assembly.asides += [Aside(claim.cell, claim.value, NOT_GENERATED) for claim in doubtful]
        new = _NewFile(assembly, to_bytes)
    entries = (*map(new.written, assembly.placed), *map(new.rebuilt, assembly.claims), *new.set_aside())
    _prove(entries, old)
    return Restored(new.data, entries, tuple(assembly.changes), tuple(assembly.asides))


def _prove(entries: Iterable[Entry], old: RawBook) -> None:
    wanted = {cell for sheet in old.sheets for cell in cells_of(sheet)}
    counted = Counter(entry.cell for entry in entries)
    wrong = wanted ^ counted.keys() or {cell for cell, count in counted.items() if count > 1}
    if wrong:
        raise Unbalanced(f"{min(wrong)}等 {len(wrong)} 格没有对上账")


def reread(data: bytes) -> RawBook:
    """What a workbook file in memory holds."""
    return read_content(data, "new.xlsx")


class _NewFile:
    """The written workbook as read back, with the place of every spot."""

    def __init__(self, assembly: Assembly, to_bytes: ToBytes) -> None:
        self.assembly = assembly
        self.book: Book = recognize(with_ids(assembly.as_raw()))
        self.data = to_bytes(self.book.raw)
        self.read = reread(self.data)
        self.sheets = {sheet.name: sheet for sheet in self.read.sheets}

    def written(self, one: Placed) -> Entry:
        place = self._place(one.spot)
        found = self._at(place)
        told = str(found) if one.spot.table == META_SHEET and found is not None else found
        if not same(told, str(one.written) if one.spot.table == META_SHEET else one.written):
            raise Unbalanced(f"{one.cell} 应在 {place}，那里的内容不同")
        changed = "" if same(one.value, one.written) else "写成同一天的日期"
        return Entry(one.cell, one.value, Fate.WRITTEN, str(place), changed)

    def rebuilt(self, one: Claim) -> Entry:
        return Entry(one.cell, one.value, Fate.REBUILT, one.table)

    def set_aside(self) -> list[Entry]:
        start, entries = self.assembly.aside_start(), []
        for number, one in enumerate(self.assembly.asides, start):
            place = self._place(Spot(self.assembly.aside_sheet, number, 1))
            if not same(self._at(place), one.value):
                raise Unbalanced(f"{one.cell} 应在 {place}，那里的内容不同")
            if not one.remark:
                entries.append(Entry(one.cell, one.value, Fate.ASIDE, str(place), one.why))
        return entries

    def stands(self, claim: Claim) -> bool:
        """Whether the new file holds what the program was to make anew."""
        if claim.sure:
            return True
        if claim.by_place and self._at(Cell(claim.table, claim.cell.row, claim.cell.column)) not in BLANK:
            return True
        return any(_key(claim.value) in self._said(claim.table, rows) for rows in (HEADER_ROW, None))

    def _said(self, title: str, rows: int | None) -> set[str | tuple[str, str]]:
        """What stands in the first rows of a sheet, or in all of them."""
        if (title, rows) not in self._seen:
            held = self.sheets[title].rows[:rows] if title in self.sheets else []
            self._seen[title, rows] = {_key(value) for row in held for value in row if value not in BLANK}
        return self._seen[title, rows]

    @cached_property
    def _seen(self) -> dict[tuple[str, int | None], set[str | tuple[str, str]]]:
        return {}

    def _at(self, place: Cell) -> RawValue:
        rows = self.sheets[place.sheet].rows if place.sheet in self.sheets else []
        row = rows[place.row - 1] if place.row <= len(rows) else []
        return row[place.column - 1] if place.column <= len(row) else None

    def _place(self, spot: Spot) -> Cell:
        if spot.table == HEAD_SHEET:
            return Cell(HEAD_SHEET, FIRST_ROW + self._head_rows[spot.row], self._head_columns[spot.column])
        if spot.table in schema.BY_TITLE:
            rows, columns = self._records(spot.table)
            return Cell(spot.table, FIRST_ROW + rows[spot.row], columns[spot.column])
        if spot.table == META_SHEET:
            return Cell(META_SHEET, spot.row + 2, spot.column + 1)
        return Cell(self._stranger_names[spot.table], spot.row + 1, spot.column + 1)

    def _records(self, title: str) -> tuple[dict[int, int], dict[int, int]]:
        """Row and column of a draft -> row from 0 and column from 1 as written."""
        if title not in self._layouts:
            layout, table = lay_out(self.book)[title], self.book.tables[title]
            places = (*layout.places, *layout.loose)
            self._layouts[title] = ({number - 2: at for at, number in enumerate(table.numbers)},
                                    {place.number - 1: place.at + 1 for place in places if place.number})
        return self._layouts[title]

    @cached_property
    def _layouts(self) -> dict[str, tuple[dict[int, int], dict[int, int]]]:
        return {}

    @cached_property
    def _head_rows(self) -> dict[int, int]:
        numbers = self.book.head.numbers
        return {numbers[line.source] - 2: at for at, line in enumerate(head_lines(self.book.head))
                if line.source is not None}

    @cached_property
    def _head_columns(self) -> dict[int, int]:
        others = [header.number - 1 for header in self.book.head.headers if header.title not in HEAD_COLUMNS]
        return {0: 1, 1: 2} | {number: at for at, number in enumerate(others, 3)}

    @cached_property
    def _stranger_names(self) -> dict[str, str]:
        """The names strangers got: Excel refuses some."""
        known = self.book.raw.sheet(KNOWN_ISSUES)
        given = [*((known,) if known else ()), *self.book.others]
        fixed = {HEAD_SHEET, *schema.BY_TITLE, *GENERATED_SHEETS, META_SHEET}
        names = [sheet.name for sheet in self.read.sheets if sheet.name not in fixed]
        if len(names) != len(given):
            raise Unbalanced(f"应有 {len(given)} 张附带的工作表，写出了 {len(names)} 张")
        return {sheet.name: name for sheet, name in zip(given, names, strict=True)}


def _key(value: RawValue) -> str | tuple[str, str]:
    """What two cells have in common that say the same; texts are compared like headers."""
    return fold_header(value) if isinstance(value, str) else key_of(value)
