"""Which sheet is which, which column is which: a raw file becomes a Book.

Sheets are found by name, then by their headers; columns by header text, never
by position. Nothing is interpreted here: values stay as stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from workbook import schema
from workbook.columns import Values
from workbook.faults import found
from workbook.findings import Cell, Finding, Refusal
from workbook.no_ledger import why_no_ledger
from workbook.raw import Merge, RawBook, RawSheet, RawValue
from workbook.schema import Column, Sheet, Type

HEADER_SEARCH_ROWS = 20
LONGEST_HEADER = 60
LONGEST_WORD = 40
_TURNED = 512
"""So many rows are turned into columns at a time."""
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_WIDE_MARKS = tuple(zip("，：；！？（）", ",:;!?()", strict=True))
"""What NFKC makes of them; a text that holds no others is normalized at one look."""
_HEADER_MARKS = re.compile(r"(\*|\(必填\)|:)+$")
_QUANTITY_HEADER = re.compile(r"^(?P<kind>[^()]+)\((?P<unit>[^()]+)\)$")
_COPY_NAME = re.compile(r"^(?P<name>.+?)[ _-]*(\(\d+\)|副本\d*|\d+)$")


def fold(text: object) -> str:
    """Text as compared: NFKC, no white space, no zero-width characters."""
    written = str(text)
    if written.isascii() and written.isalnum():
        return written
    return _fold_word(written) if len(written) <= LONGEST_WORD else _fold(written)


def _fold(text: str) -> str:
    for wide, narrow in _WIDE_MARKS:
        text = text.replace(wide, narrow)
    text = unicodedata.normalize("NFKC", text)
    return text if text.isprintable() and " " not in text else _INVISIBLE.sub("", text)


_fold_word = lru_cache(4096)(_fold)


def fold_header(text: object) -> str:
    """A header as compared: also without the marks of a required column."""
    written = str(text)
    return _fold_header(written) if len(written) <= LONGEST_HEADER else _HEADER_MARKS.sub("", fold(written))


@lru_cache(4096)
def _fold_header(text: str) -> str:
    return _HEADER_MARKS.sub("", fold(text))


class Header(NamedTuple):
    """One column of a table as it stands in the file; `number` counts from 1."""

    text: str
    number: int
    column: Column | None = None

    @property
    def title(self) -> str:
        """The schema's title where there is one, else the file's header."""
        return self.column.title if self.column else self.text


class Table:
    """One recognized sheet: headers and the numbers of the rows that hold anything."""

    def __init__(self, sheet: Sheet, name: str, header_row: int, headers: tuple[Header, ...],
                 numbers: Sequence[int], raw: RawSheet, places: dict[str, int]) -> None:
        self.sheet = sheet
        self.name = name
        self.header_row = header_row
        self.headers = headers
        self.numbers = numbers
        self.raw = raw
        self.places = places

    def __len__(self) -> int:
        return len(self.numbers)

    def has(self, title: str) -> bool:
        return title in self.places

    def values(self, title: str) -> list[RawValue]:
        """The stored values of one column, a value per row; blanks are None. Not to be changed."""
        if title not in self.places:
            return [None] * len(self.numbers)
        at = self.places[title] - 1
        if at < self._narrowest:
            return self._transposed[at]
        return [row[at] if at < len(row) else None for row in self._rows]

    def numbered(self, number: int) -> list[RawValue]:
        """The stored values of a column by its number (from 1), a header over it or none."""
        return [row[number - 1] if number <= len(row) else None for row in self._rows]

    @cached_property
    def _rows(self) -> list[list[RawValue]]:
        rows = self.raw.rows
        return [rows[number - 1] for number in self.numbers]

    @cached_property
    def _transposed(self) -> list[list[RawValue]]:
        """Every column that all rows have, in one walk through the rows: a walk for each would miss the cache."""
        if len(self) <= _TURNED:
            return list(map(list, zip(*self._rows, strict=False)))
        columns: list[list[RawValue]] = [[] for _ in range(self._narrowest)]
        for first in range(0, len(self), _TURNED):
            for column, part in zip(columns, zip(*self._rows[first:first + _TURNED], strict=False), strict=False):
                column.extend(part)
        return columns

    @cached_property
    def _narrowest(self) -> int:
        return min(map(len, self._rows), default=0)

    def column(self, title: str) -> Values:
        """The same values, each different one once; what is given back is not to be changed."""
        columns: dict[str, Values] = self.__dict__.setdefault("_columns", {})
        if title not in columns:
            columns[title] = Values(self.values(title))
        return columns[title]

    def value(self, index: int, title: str) -> RawValue:
        """One stored value; None where the column is not there."""
        at, row = self.places.get(title, 0) - 1, self.raw.rows[self.numbers[index] - 1]
        return row[at] if 0 <= at < len(row) else None

    def cell(self, index: int, title: str) -> Cell:
        """The place of row `index` (from 0) in a column; column 1 where it has none."""
        return Cell(self.name, self.numbers[index], self.places.get(title, 1))

    def row_values(self, index: int) -> list[tuple[Header, RawValue]]:
        """One row, header by header."""
        row = self.raw.rows[self.numbers[index] - 1]
        return [(h, row[h.number - 1] if h.number <= len(row) else None) for h in self.headers]


class Book(NamedTuple):
    """A recognized workbook: `tables` by schema title, unknown sheets in `others`."""

    path: str
    head: Table
    tables: dict[str, Table]
    others: tuple[RawSheet, ...]
    meta: dict[str, str]
    findings: tuple[Finding, ...]
    raw: RawBook


HEAD = Sheet(
    schema.HEAD_SHEET,
    (Column("项目", width=18), Column("内容", Type.LONG, width=70)),
    key="项目", required=True, aliases=("基本信息", "报告基本信息"), tab="1F4E79",
    purpose="本局是谁、报告哪一年、怎么署名。",
)
_ALL = (HEAD, *schema.SHEETS)


def recognize(raw: RawBook) -> Book:
    """Find every sheet and column.

    Raises Refusal where the file is no ledger or a required sheet is missing.
    """
    finder = _Finder(raw)
    chosen = finder.choose()
    missing = [title for title in schema.REQUIRED_SHEETS if title not in chosen]
    if missing:
        raise Refusal(why_no_ledger(raw, chosen, missing))
    tables = {title: finder.table(sheet, raw_sheet) for title, (sheet, raw_sheet) in chosen.items()}
    head = tables.pop(schema.HEAD_SHEET)
    for sheet in schema.SHEETS:
        if sheet.title not in tables:
            finder.findings.append(found("S001", sheet=sheet.title))
    return Book(raw.path, head, tables, finder.others(chosen), _meta(raw), tuple(finder.findings), raw)


def _meta(raw: RawBook) -> dict[str, str]:
    sheet = raw.sheet(schema.META_SHEET)
    pairs = ([*row, None, None][:2] for row in (sheet.rows if sheet else []))
    return {str(key): "" if value is None else str(value) for key, value in pairs
            if key is not None and key != "项目"}


class _Finder:
    """Recognition of one file; collects what it notices in `findings`."""

    def __init__(self, raw: RawBook) -> None:
        self.raw = raw
        self.findings: list[Finding] = []
        self.header_rows: dict[tuple[str, int], int | None] = {}

    def choose(self) -> dict[str, tuple[Sheet, RawSheet]]:
        chosen: dict[str, tuple[Sheet, RawSheet]] = {}
        for names in (lambda s: (s.title,), lambda s: s.aliases):
            for sheet in _ALL:
                wanted = {fold(name) for name in names(sheet)}
                for raw_sheet in self._free(chosen):
                    free = sheet.title not in chosen and fold(raw_sheet.name) in wanted
                    if free and self._header_row(sheet, raw_sheet):
                        chosen[sheet.title] = (sheet, raw_sheet)
        for raw_sheet in self._free(chosen):
            self._by_headers(raw_sheet, chosen)
        return chosen

    def _free(self, chosen: dict[str, tuple[Sheet, RawSheet]]) -> Iterator[RawSheet]:
        taken = {id(raw_sheet) for _, raw_sheet in chosen.values()}
        for raw_sheet in self.raw.sheets:
            if raw_sheet.name not in schema.NO_FACT_SHEETS and id(raw_sheet) not in taken:
                yield raw_sheet

    def _header_row(self, sheet: Sheet, raw_sheet: RawSheet) -> int | None:
        key = sheet.title, id(raw_sheet)
        if key not in self.header_rows:
            self.header_rows[key] = _header_row(sheet, raw_sheet)
        return self.header_rows[key]

    def _by_headers(self, raw_sheet: RawSheet, chosen: dict[str, tuple[Sheet, RawSheet]]) -> None:
        best = max(_ALL, key=lambda sheet: _likeness(sheet, raw_sheet))
        if _likeness(best, raw_sheet) < 0.6:
            return
        copy = _COPY_NAME.match(raw_sheet.name)
        if best.title in chosen:
            self.findings.append(found("S002", sheet=best.title, given=raw_sheet.name))
        elif not (copy and fold(copy["name"]) in {fold(s.title) for s in _ALL if s is not best}):
            chosen[best.title] = (best, raw_sheet)
            self.findings.append(found("S005", sheet=best.title, given=raw_sheet.name))

    def others(self, chosen: dict[str, tuple[Sheet, RawSheet]]) -> tuple[RawSheet, ...]:
        return tuple(self._free(chosen))

    def table(self, sheet: Sheet, raw_sheet: RawSheet) -> Table:
        header_row = self._header_row(sheet, raw_sheet) or 1
        headers = self._headers(sheet, raw_sheet, header_row)
        places = {header.title: header.number for header in headers}
        for column in sheet.columns:
            if column.required and column.title not in places:
                self.findings.append(found("S003", sheet=raw_sheet.name, column=column.title))
        numbers = _filled_rows(raw_sheet, header_row, headers)
        return Table(sheet, raw_sheet.name, header_row, headers, numbers, raw_sheet, places)

    def _headers(self, sheet: Sheet, raw_sheet: RawSheet, header_row: int) -> tuple[Header, ...]:
        titles, aliases = _columns_of(sheet.title)
        cells = [(number, str(text)) for number, text in enumerate(raw_sheet.rows[header_row - 1], 1)
                 if text is not None and str(text).strip()]
        exact = {fold_header(text) for _, text in cells} & titles.keys()
        taken: set[str] = set()
        headers = []
        for number, text in cells:
            folded = fold_header(text)
            column = titles.get(folded) or self._alias(aliases, folded, exact, text, raw_sheet.name)
            column = column or (open_quantity(text) if sheet.open_quantities else None)
            title = column.title if column else text
            if title in taken:
                self.findings.append(found("S004", Cell(raw_sheet.name, header_row, number), value=text))
                continue
            taken.add(title)
            headers.append(Header(text, number, column))
        return tuple(headers)

    def _alias(self, aliases: dict[str, Column], folded: str, exact: set[str], text: str, name: str) -> Column | None:
        column = aliases.get(folded)
        if column is None or fold_header(column.title) in exact:
            return None
        self.findings.append(found("S006", sheet=name, column=column.title, value=text))
        return column


def _filled_rows(raw_sheet: RawSheet, header_row: int, headers: tuple[Header, ...]) -> tuple[int, ...]:
    """The numbers of the rows that hold anything under a header; most do in their first column."""
    if not headers:
        return ()
    first, *others = [header.number - 1 for header in headers]
    return tuple([
        number for number, row in enumerate(raw_sheet.rows[header_row:], header_row + 1)
        if (len(row) > first and row[first] is not None and row[first] != "")
        or (row.count(None) < len(row)
            and any(at < len(row) and row[at] is not None and row[at] != "" for at in others))
    ])


def open_quantity(text: str) -> Column | None:
    """The column that an office's own header 种类（单位） stands for."""
    match = _QUANTITY_HEADER.match(fold_header(text))
    if match is None:
        return None
    return Column(f"{match['kind']}（{match['unit']}）", Type.NUMBER, width=9, unit=match["unit"])


@cache
def _columns_of(title: str) -> tuple[dict[str, Column], dict[str, Column]]:
    """The columns of a sheet of ours by their headers, and by their aliases."""
    columns = next(one for one in _ALL if one.title == title).columns
    return ({fold_header(column.title): column for column in columns},
            {fold_header(alias): column for column in columns for alias in column.aliases})


@cache
def _known_headers(title: str) -> frozenset[str]:
    titles, aliases = _columns_of(title)
    return frozenset((*titles, *aliases))


def _texts(row: list[RawValue]) -> set[str]:
    """The cells of a row that are short enough for a header, as compared."""
    return {_fold_header(text) for text in row if isinstance(text, str) and len(text) <= LONGEST_HEADER}


def _header_row(sheet: Sheet, raw_sheet: RawSheet) -> int | None:
    """The row (from 1) whose cells are most of all headers of this sheet."""
    known, titles = _known_headers(sheet.title), _columns_of(sheet.title)[0].keys()
    best, found_at = 1, None
    for number, row in enumerate(raw_sheet.rows[:HEADER_SEARCH_ROWS], 1):
        texts = _texts(row)
        score = len(texts & known)
        if score > best:
            best, found_at = score, number
        if score >= 2 and (texts <= known or texts >= titles):
            break
    return found_at


def _likeness(sheet: Sheet, raw_sheet: RawSheet) -> float:
    """The share of this sheet's required columns that stand as headers."""
    number = _header_row(sheet, raw_sheet)
    if number is None:
        return 0.0
    present = _texts(raw_sheet.rows[number - 1])
    wanted = [c for c in sheet.columns if c.required] or list(sheet.columns)
    hits = sum(bool({fold_header(n) for n in (c.title, *c.aliases)} & present) for c in wanted)
    few = len(present & _known_headers(sheet.title)) < min(3, len(sheet.columns))
    return 0.0 if few else hits / len(wanted)


def merged_down(merges: tuple[Merge, ...]) -> dict[tuple[int, int], int]:
    """(row, column) of every cell under a vertical merge -> the row that holds its value."""
    under: dict[tuple[int, int], int] = {}
    for merge in merges:
        if merge.left == merge.right:
            under |= {(row, merge.left): merge.top for row in range(merge.top + 1, merge.bottom + 1)}
    return under
