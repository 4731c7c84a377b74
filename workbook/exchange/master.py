"""The master that returns are merged into: read once, its file patched, all else in it byte for byte as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from workbook.book import Table, recognize
from workbook.disk.spool import Kept, Spool, Streamed, no_room
from workbook.exchange import decisions
from workbook.exchange.added import Joined, by_sheet
from workbook.exchange.grown_book import grown_book
from workbook.exchange.master_ids import missing_ids
from workbook.exchange.matching import rows_held
from workbook.exchange.outcome import Merged
from workbook.exchange.sides import Reader, Row, Side, dated, side_of, unrepeated
from workbook.exchange.standing import Difference, difference
from workbook.files import read_bytes
from workbook.findings import Cell, Refusal
from workbook.gate import admit
from workbook.identity import LEDGER_KEY, with_ids
from workbook.ledger import Ledger
from workbook.patching.cells import with_cells
from workbook.patching.figures import with_figures
from workbook.patching.listed_sheet import with_listing
from workbook.patching.new_sheet import with_sheet
from workbook.patching.pouring import Pouring, looks, pour, with_rows
from workbook.patching.room import Room, with_room
from workbook.raw import Merge, RawBook, RawSheet, RawValue
from workbook.reading.reader import read_content
from workbook.rules.secrets import listed, secrets_in
from workbook.schema import BY_TITLE, ID_COLUMN, META_SHEET, METRICS

RUN_KEY = "合并批次"
Cells = dict[Cell, RawValue]


class Master(NamedTuple):
    """A master as it is: `raw` as stored, `ledger` with every row's id, `side` its rows, `held` their (sheet, id)."""

    path: str
    data: bytes
    raw: RawBook
    ledger: Ledger
    side: Side
    reader: Reader
    held: frozenset[tuple[str, str]]

    @property
    def id(self) -> str:
        return self.ledger.book.meta.get(LEDGER_KEY, "")

    @property
    def run(self) -> str:
        """What names the merge that wrote it, "" where none did."""
        return self.ledger.book.meta.get(RUN_KEY, "")


def read_master(path: str) -> Master:
    """Read a master with its sheet of decisions.

    Raises Refusal where it is no ledger, or holds a mark of secrecy.
    """
    data = read_bytes(path)
    raw = read_content(data, path, notes=True)
    admit(recognize(raw))
    ledger = Ledger(recognize(with_ids(raw)))
    secret = secrets_in(ledger)
    if secret:
        raise Refusal(f"{path}：有密级标志，不能合并。{listed(secret)}。涉密内容请按保密规定另行处理。")
    reader = Reader(ledger.head.year, raw.epoch1904)
    side = unrepeated(side_of(ledger))
    return Master(path, data, raw, ledger, side, reader, rows_held(side))


def written(master: Master, target: Side, merged: Merged, run: str) -> bytes | Kept:
    """The master's file with the target's rows and the sheet of decisions; the same bytes where it says so already.

    A deleted row is cleared and stays as a blank row, which no reader counts: other rows,
    their notes, merges and the formulas that name them keep their places.
    """
    change = difference(master.side, target, master.reader)
    sheets = decisions.listing(merged, master.reader)
    cells: Cells = dict(missing_ids(master.raw, master.ledger.book.raw))
    told = bool(change.values or change.added or change.deleted) or not decisions.unchanged(master.raw, sheets)
    if not told and not cells:
        return master.data
    cells |= _run_cells(master.raw, run) if told else {}
    new, data = by_sheet(change.added), _with_new_sheets(master, change)
    filled = [_Filled(table, master.side.get(title, ()), change, new.get(title, ()), master.reader)
              for title, table in _tables(master, change).items()]
    data, pourings = _patched(master, data, cells, filled, told=told)
    if not decisions.unchanged(master.raw, sheets):
        data = with_listing(data, sheets, path=master.path)
    return _poured(data, pourings, master.path) if pourings else data


def _patched(master: Master, data: bytes, cells: Cells, filled: list[_Filled], *, told: bool
             ) -> tuple[bytes, dict[str, Pouring]]:
    """The file with all that is written cell by cell, and the rows that are still to be poured into it."""
    path = master.path
    for one in filled:
        cells |= one.cells()
    unmerged = [merge for one in filled for merge in one.unmerged]
    rooms = {one.table.name: one.room for one in filled if one.room}
    pourings = {one.table.name: one.pouring for one in filled if one.pouring}
    styles = looks(data, {sheet: one.room for sheet, one in pourings.items()}, path=path) if pourings else {}
    pourings = {sheet: one._replace(styles=styles[sheet]) for sheet, one in pourings.items()}
    data = with_room(data, rooms, path=path) if rooms else data
    data = with_cells(data, cells, unmerge=unmerged, path=path) if cells else data
    if not told:
        return data, pourings
    book = grown_book(_after(master.raw, cells, unmerged), pourings)
    metrics = book.tables[METRICS.title].name if METRICS.title in book.tables else ""
    if metrics in pourings:
        data = with_rows(data, {metrics: pourings.pop(metrics)._replace(every=True)}, path=path)
    defined = any(one.table.sheet is METRICS for one in filled)
    return with_figures(data, book, before=master.ledger.book if defined else None, path=path), pourings


def _poured(data: bytes, pourings: Mapping[str, Pouring], path: str) -> Kept:
    spool = Spool()
    try:
        pour(data, pourings, spool.file, path=path)
    except OSError:
        raise no_room() from None
    return spool.whole()


def _after(raw: RawBook, cells: Cells, unmerged: Iterable[tuple[str, Merge]]) -> RawBook:
    """What the file will hold but for the rows that are poured in, as it would be read."""
    held = {sheet.name: sheet._replace(rows=[list(row) for row in sheet.rows], merges=tuple(
        merge for merge in sheet.merges if (sheet.name, merge) not in unmerged)) for sheet in raw.sheets}
    for cell, value in cells.items():
        rows = held.setdefault(cell.sheet, RawSheet(cell.sheet, [])).rows
        rows += [[] for _ in range(cell.row - len(rows))]
        row = rows[cell.row - 1]
        row += [None] * (cell.column - len(row))
        row[cell.column - 1] = value
    return raw._replace(sheets=tuple(held.values()))


def _run_cells(raw: RawBook, run: str) -> Cells:
    sheet = raw.sheet(META_SHEET)
    if sheet is None:
        return {}
    rows = [str(row[0]) if row and row[0] is not None else "" for row in sheet.rows]
    number = rows.index(RUN_KEY) + 1 if RUN_KEY in rows else len(rows) + 1
    return {Cell(META_SHEET, number, 1): RUN_KEY, Cell(META_SHEET, number, 2): run}


def _touched(change: Difference) -> set[str]:
    return {one[0] for one in (*change.values, *change.deleted)} | by_sheet(change.added).keys()


def _tables(master: Master, change: Difference) -> dict[str, Table]:
    held = master.ledger.book.tables
    return {title: held[title] if title in held else _blank_table(title) for title in sorted(_touched(change))}


def _with_new_sheets(master: Master, change: Difference) -> bytes:
    """A sheet that the master has not, for rows that came."""
    data = master.data
    for title in sorted(_touched(change) - master.ledger.book.tables.keys()):
        widths = [column.width for column in BY_TITLE[title].columns]
        data = with_sheet(data, title, widths, path=master.path)
    return data


def _blank_table(title: str) -> Table:
    return Table(BY_TITLE[title], title, 1, (), (), RawSheet(title, []), {})


class _Filled:
    """One table on its way to what it should say."""

    def __init__(self, table: Table, rows: Iterable[Row], change: Difference, new: Sequence[Row],
                 reader: Reader) -> None:
        self.table, self.added, self.reader, title = table, new, reader, table.sheet.title
        self.dated = dated(title)
        self.numbers = {row.id: row.number for row in rows if row.id}
        self.values = {place[1:]: reader.stands(*place[::2], value)
                       for place, value in change.values.items() if place[0] == title}
        self.deleted = [name for sheet, name in change.deleted if sheet == title]
        self.places = dict(table.places)
        self.headers: Cells = {}
        self.unmerged: list[tuple[str, Merge]] = []

    @property
    def room(self) -> Room | None:
        """Room for the new rows that merged ranges reach into: those are written cell by cell."""
        return self._room(self.first, self.apart) if self.apart and self.table.headers else None

    @property
    def pouring(self) -> Pouring | None:
        """All other new rows."""
        apart, number = self.apart, len(self.added) - self.apart
        rows = Streamed(number, lambda: map(self._cells_of, islice(self.added, apart, None)))
        return Pouring(self._room(self.first + apart, number), rows) if number else None

    def _room(self, first: int, number: int) -> Room:
        return Room(max(self.first - 1, self.table.header_row + 1), first, first + number - 1,
                    max(self.places.values()))

    @property
    def apart(self) -> int:
        """How many of the new rows lie beside or above the end of a merged range."""
        lowest = max((merge.bottom for merge in self.table.raw.merges), default=0)
        return min(max(lowest - self.first + 1, 0), len(self.added))

    def _cells_of(self, row: Row) -> dict[int, RawValue]:
        """A new row by column, its id among the rest."""
        cells = {self.places[title]: value for title, value in row.values.items()} | {self.places[ID_COLUMN]: row.id}
        for title in self.dated:
            if type(row.values.get(title)) is str:
                cells[self.places[title]] = self.reader.stands(row.sheet, title, row.values[title])
        return cells

    @property
    def first(self) -> int:
        """The row under the last one, or under the headers."""
        return (self.table.numbers[-1] if self.table.numbers else self.table.header_row) + 1

    def cells(self) -> Cells:
        """Every cell to be written, headers of new columns among them; ids are written with their rows."""
        self._place([title for _, title in self.values])
        self._place(self._new_titles())
        cells = {Cell(self.table.name, self.numbers[name], self.places[title]): value
                 for (name, title), value in self.values.items()}
        for name in self.deleted:
            cells |= {Cell(self.table.name, self.numbers[name], at): None for at in self.table.places.values()}
        for number, row in enumerate(islice(self.added, self.apart), self.first):
            cells |= {Cell(self.table.name, number, at): value for at, value in self._cells_of(row).items()}
        return {**self._taken_apart(cells), **cells, **self.headers}

    def _new_titles(self) -> list[str]:
        """The columns that new rows need and the table has not."""
        titles = self.added.titles() if isinstance(self.added, Joined) else []
        unknown = [title for title in dict.fromkeys(titles) if title not in self.places]
        return [title for title in unknown if any(title in row.values for row in self.added)]

    def _place(self, titles: Iterable[str]) -> None:
        """A column for each title; one that the table has not goes behind all that the sheet holds."""
        for title in (*titles, ID_COLUMN):
            if title not in self.places:
                widest = max(map(len, self.table.raw.rows), default=0)
                at = max(widest, *self.places.values(), 0) + 1
                self.places[title] = at
                self.headers[Cell(self.table.name, self.table.header_row, at)] = title

    def _taken_apart(self, cells: Cells) -> Cells:
        """Merged ranges that hold one of these cells are dissolved; each of their rows keeps the value it showed."""
        kept: Cells = {}
        for merge in self.table.raw.merges:
            inside = [cell for cell in cells if merge.top <= cell.row <= merge.bottom
                      and merge.left <= cell.column <= merge.right]
            if inside and merge.top > self.table.header_row:
                value = self.table.raw.rows[merge.top - 1][merge.left - 1]
                self.unmerged.append((self.table.name, merge))
                kept |= {Cell(self.table.name, row, merge.left): value for row in range(merge.top, merge.bottom + 1)
                         if merge.left == merge.right}
        return kept
