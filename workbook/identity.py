"""Who a ledger is and who a row is: hashes of content, carried along once given.

No clock, no user, no chance: the same ledger gets the same ids wherever it is
read. An id stays with its row through edits, sorting and the mail; a row copied
together with its id shows by the repetition, so repeated ids are left alone.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from itertools import count

from workbook import schema
from workbook.book import Book, Header, Table, fold, recognize
from workbook.hashing import sha256
from workbook.no_ledger import VERSION_KEY
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.readings import canonical, exact
from workbook.schema import ID_COLUMN, META_SHEET, Type

LEDGER_KEY = "台账编号"
ID_LENGTH = 10
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = _DIGITS[10:]
_BLANK = (None, "")


def ledger_id(office: str, year: str, kind: str) -> str:
    """The id of the ledger of one office, year and kind of report."""
    return _short(LEDGER_KEY, office, year, kind)


def row_id(ledger: str, sheet: str, content: str, occurrence: int = 0) -> str:
    """The id of a row first seen with this content; equal rows of a sheet differ by `occurrence`."""
    return _short(ledger, sheet, content, str(occurrence))


def content_digest(book: Book) -> str:
    """SHA-256, in hex, over the values of the ledger's own tables.

    Row ids, `_元`, computed columns, generated sheets and sheets that are no part
    of the ledger stay apart: giving ids or refreshing the board changes nothing.
    """
    tables = (book.head, *(book.tables[title] for title in schema.BY_TITLE if title in book.tables))
    told = "\n".join(map(_content_text, tables)).encode("utf-8", "surrogatepass")
    loaded = sys.modules.get("hashlib")
    digest: str = (loaded.sha256 if loaded else sha256)(told).hexdigest()
    return digest


def with_ids(raw: RawBook) -> RawBook:
    """The same file where every record sheet has a column `_id` and every row an id,
    and `_元` says 架构版本 and 台账编号; what is there already stays.

    Raises Refusal where the file is no ledger.
    """
    book = recognize(raw)
    ledger = book.meta.get(LEDGER_KEY) or ledger_id(*(_head(book, key) for key in ("机关全称", "报告年度", "报告类型")))
    given = {id(table.raw): _identified(table, ledger) for table in book.tables.values()}
    meta = raw.sheet(META_SHEET) or RawSheet(META_SHEET, [list(schema.HEAD_COLUMNS)], visible=False)
    given[id(meta)] = _completed(meta, book.meta, {VERSION_KEY: schema.SCHEMA_VERSION, LEDGER_KEY: ledger})
    sheets = raw.sheets if raw.sheet(META_SHEET) else (*raw.sheets, meta)
    return raw._replace(sheets=tuple(given.get(id(sheet), sheet) for sheet in sheets))


def _short(*parts: str) -> str:
    """Ten characters in Crockford's base 32; a letter first, so that no program takes it for a number."""
    digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    number, first = divmod(int.from_bytes(digest[:8]), len(_LETTERS))
    return _LETTERS[first] + "".join(_DIGITS[number >> 5 * place & 31] for place in range(ID_LENGTH - 1))


def _content_text(table: Table) -> str:
    """The columns that are told and hold anything, in their order; a row that holds nothing says nothing."""
    told = [header for header in table.headers if header.title != ID_COLUMN and not _computed(header)]
    columns = [(header.text, table.values(header.title)) for header in told]
    columns = [(title, values) for title, values in columns if values.count(None) + values.count("") < len(values)]
    if columns and all(None in values or "" in values for _, values in columns):
        rows = [row for row in zip(*(values for _, values in columns), strict=True)
                if not all(one in _BLANK for one in row)]
        filled = zip(*rows, strict=True)
        columns = [(title, list(values)) for (title, _), values in zip(columns, filled, strict=True)]
    return "\n".join((table.sheet.title, *(f"{title}\x1e{_told(values)}" for title, values in columns)))


def _told(values: list[RawValue]) -> str:
    """A column as text: texts as they are, anything else as Python spells it."""
    kinds = set(map(type, values))
    if kinds == {str} and "" not in values:
        return "\x1f".join(values)  # type: ignore[arg-type]
    if kinds <= {str, type(None)}:
        return "\x1f".join([value or "\x00" for value in values])  # type: ignore[misc]
    if bool in kinds:  # true is equal to 1, and spelled otherwise
        return f"[{', '.join(map(_spelled, values))}]"
    spelled = {one: _spelled(one) for one in dict.fromkeys(values)}
    return f"[{', '.join(map(spelled.__getitem__, values))}]"


@lru_cache(maxsize=1 << 12, typed=True)
def _spelled(value: RawValue) -> str:
    return repr(value) if isinstance(value, str) and value else repr(_alike(value))


_MANY_FORMS = (float, Decimal, dt.datetime, dt.time)


def _alike(value: RawValue) -> object:
    """A value as it is told: a blank, a number and a day are the same however they are stored."""
    return _one_form(value) if isinstance(value, _MANY_FORMS) else None if value == "" else value


def _one_form(value: float | Decimal | dt.datetime | dt.time) -> object:
    if isinstance(value, dt.time):
        return value.replace(fold=0)
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value.replace(fold=0)
    number = exact(canonical(value))
    return int(number) if number == number.to_integral_value() else number.normalize()


def _computed(header: Header) -> bool:
    return bool(header.column and header.column.computed)


def _head(book: Book, key: str) -> str:
    pairs = zip(book.head.values("项目"), book.head.values("内容"), strict=True)
    return next((fold(value) for title, value in pairs if fold(title) == key and value is not None), "")


def _identified(table: Table, ledger: str) -> RawSheet:
    rows = [list(row) for row in table.raw.rows]
    at = table.places.get(ID_COLUMN, 0) - 1
    if at < 0:
        at = _free_column(table)
        _put(rows[table.header_row - 1], at, ID_COLUMN)
    for number, value in zip(table.numbers, _ids(table, ledger), strict=True):
        if value not in _BLANK:
            _put(rows[number - 1], at, value)
    return table.raw._replace(rows=rows)


def _ids(table: Table, ledger: str) -> list[RawValue]:
    """The id of every row: its own, or a new one where the row holds anything."""
    ids = list(table.values(ID_COLUMN))
    taken = {str(value) for value in ids}
    seen: Counter[str] = Counter()
    for index, content in enumerate(_contents(table)):
        if content and ids[index] in _BLANK:
            while (new := row_id(ledger, table.sheet.title, content, seen[content])) in taken:
                seen[content] += 1
            taken.add(new)
            ids[index] = new
    return ids


def _contents(table: Table) -> list[str]:
    """What each row says, column by column in the order of their titles; blank cells say nothing."""
    said = [[""] * len(table)]
    for header in sorted(table.headers, key=lambda header: header.title):
        if header.title != ID_COLUMN and not _computed(header):
            said.append(_said(table, header))
    return ["\n".join(filter(None, cells)) for cells in zip(*said, strict=True)]


def _said(table: Table, header: Header) -> list[str]:
    kind = header.column.type if header.column else Type.TEXT
    from workbook.cells_text import escape, write_cell

    values, title = table.values(header.title), escape(header.title)
    return ["" if value in _BLANK else f"{title}|{write_cell(value, kind)}" for value in values]


def _free_column(table: Table) -> int:
    """The first column, from 0, behind the last header that is blank from the header down."""
    rows = table.raw.rows[table.header_row - 1:]
    last = max(header.number for header in table.headers)
    return next(at for at in count(last) if all(at >= len(row) or row[at] in _BLANK for row in rows))


def _completed(meta: RawSheet, known: dict[str, str], entries: dict[str, str]) -> RawSheet:
    rows = [list(row) for row in meta.rows]
    for key, value in entries.items():
        if not known.get(key):
            if not any(_names(row, key) for row in rows):
                rows.append([key])
            _put(next(row for row in reversed(rows) if _names(row, key)), 1, value)
    return meta._replace(rows=rows)


def _names(row: list[RawValue], key: str) -> bool:
    return bool(row) and str(row[0]) == key


def _put(row: list[RawValue], at: int, value: RawValue) -> None:
    row.extend([None] * (at + 1 - len(row)))
    row[at] = value
