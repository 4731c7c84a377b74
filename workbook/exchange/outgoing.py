"""The workbook one office is sent: its rows, what it needs to fill them in, and who it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from workbook import schema
from workbook.book import Book, Table, recognize
from workbook.cells_text import write_cell
from workbook.exchange import seal
from workbook.exchange.shares import Share
from workbook.exchange.sides import OFFICE_COLUMNS
from workbook.findings import Cell
from workbook.identity import LEDGER_KEY, content_digest
from workbook.ledger import Ledger, Records
from workbook.no_ledger import VERSION_KEY
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.schema import ID_COLUMN, META_SHEET, SCHEMA_VERSION

SAVER = "taizhang dispatch"
_CONTENT_LENGTH = 16


class Outgoing(NamedTuple):
    """One office's ledger before it is sealed: `raw` without `_元`.

    `base` is the digest of all it holds, `rows` that of its row ids, `own` that of the rows that are its alone.
    """

    share: Share
    raw: RawBook
    base: str
    rows: str
    own: str

    def content(self, due: str) -> str:
        """What names this sending, whenever it happens: the office, the due date, its rows.

        A dictionary that grew, or a shared metric that another office has filled in, makes
        no new sending, which would turn what is still out into an old one.
        """
        told = (self.share.office.code, self.share.office.name, due, self.rows, self.own)
        return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:_CONTENT_LENGTH]


def outgoing(ledger: Ledger, share: Share) -> Outgoing:
    """The ledger of one office: stored values only, 同上 and merges written out, every row with its id."""
    sheets = [RawSheet(schema.HEAD_SHEET, [[*schema.HEAD_COLUMNS], *_head_rows(ledger.book.head)])]
    for title, indexes in share.rows.items():
        if title in ledger.book.tables:
            sheets.append(_sheet(ledger[title], indexes))
    raw = RawBook(ledger.path, tuple(sheets), epoch1904=ledger.book.raw.epoch1904)
    rows, own = seal.rows_digest(_ids(ledger, share)), seal.rows_digest(_own_rows(ledger, share))
    return Outgoing(share, raw, content_digest(recognize(raw)), rows, own)


def book_of(sent: Outgoing, ledger: str, identity: seal.Identity, due: str, made: str) -> Book:
    """The same with `_元`: who it is from, for whom, and when our program saved it."""
    office = sent.share.office
    entries = {
        VERSION_KEY: SCHEMA_VERSION, LEDGER_KEY: ledger, seal.DISPATCH_KEY: identity.dispatch,
        seal.OFFICE_KEY: office.name, seal.CODE_KEY: office.code, seal.BASE_KEY: sent.base, seal.DUE_KEY: due,
        seal.SAVED_KEY: made, seal.SAVER_KEY: SAVER, seal.SEAL_KEY: identity.text,
    }
    rows: list[list[RawValue]] = [[*schema.HEAD_COLUMNS]]
    rows += [[key, value] for key, value in entries.items()]
    meta = RawSheet(META_SHEET, rows, visible=False)
    return recognize(sent.raw._replace(sheets=(*sent.raw.sheets, meta)))


def left_formulas(ledger: Ledger, shares: Iterable[Share]) -> list[tuple[Cell, str]]:
    """The cells whose value travels without the formula that made it, and what kind of formula that was."""
    held: Mapping[str, Mapping[tuple[int, int], str]] = ledger.book.raw.formulas
    cells: dict[Cell, str] = {}
    for share in shares:
        for title, indexes in share.rows.items():
            table = ledger.book.tables.get(title)
            formulas = held.get(table.name, {}) if table else {}
            if table is not None and formulas:
                cells |= _formulas_in(table, indexes, formulas)
    return sorted(cells.items())


def _formulas_in(table: Table, indexes: Iterable[int], formulas: Mapping[tuple[int, int], str]) -> dict[Cell, str]:
    computed = {header.number for header in table.headers if header.column and header.column.computed}
    numbers = {table.numbers[index] for index in indexes}
    return {Cell(table.name, row, column): _kind(text) for (row, column), text in formulas.items()
            if row in numbers and column not in computed}


def _kind(formula: str) -> str:
    upper = formula.upper()
    if "WEBSERVICE(" in upper:
        return "联网公式"
    if "|" in formula:
        return "DDE 公式"
    return "引用别的文件的公式" if "[" in formula else "公式"


def _head_rows(head: Table) -> list[list[RawValue]]:
    return [[*pair] for pair in zip(*(head.values(title) for title in schema.HEAD_COLUMNS), strict=True)]


def _sheet(records: Records, indexes: Iterable[int]) -> RawSheet:
    table = records.table
    filled = [(header.number - 1, records.raw(header.title)) for header in table.headers
              if not (header.column and header.column.computed)]
    rows = [_header_row(table)]
    for index in indexes:
        row = _bare(table, index)
        for at, values in filled:
            row[at] = values[index]
        rows.append(row)
    return RawSheet(records.sheet.title, rows)


def _header_row(table: Table) -> list[RawValue]:
    """The headers by their titles; what stands twice or under no header is carried as it is."""
    row = list(table.raw.rows[table.header_row - 1])
    for header in table.headers:
        row[header.number - 1] = header.title
    return row


def _bare(table: Table, index: int) -> list[RawValue]:
    row = list(table.raw.rows[table.numbers[index] - 1])
    row += [None] * (max(header.number for header in table.headers) - len(row))
    for header in table.headers:
        if header.column and header.column.computed:
            row[header.number - 1] = None
    return row


def _ids(ledger: Ledger, share: Share) -> list[str]:
    return [f"{sheet}\0{ledger[sheet].texts(ID_COLUMN)[index]}" for sheet in OFFICE_COLUMNS
            for index in share.rows.get(sheet, ())]


def _own_rows(ledger: Ledger, share: Share) -> Iterator[str]:
    """What each row says that names the office."""
    for sheet, owner in OFFICE_COLUMNS.items():
        records = ledger[sheet]
        owners = records.folded(owner)
        columns = [(header.title, records.raw(header.title)) for header in records.table.headers
                   if not (header.column and header.column.computed)]
        for index in share.rows.get(sheet, ()):
            if owners[index]:
                cells = sorted(f"{title}|{write_cell(values[index])}" for title, values in columns
                               if values[index] not in (None, ""))
                yield "\0".join((sheet, *cells))
