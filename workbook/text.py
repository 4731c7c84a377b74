"""The text form: a whole ledger as Markdown, for reading, reviewing and comparing.

Each sheet is `## 表名` and a pipe table under it; what a cell's text stands for
is said in `workbook.cells_text`. Computed columns and generated sheets are left
out (已知问题 travels); sheets that are no part of the ledger come along whole,
every cell in its place. Lost is only what is no cell: blank rows, rows above a
header, merges, formats, the formulas behind values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import repeat

from workbook import schema
from workbook.book import HEAD, Book, Table, fold, fold_header, open_quantity
from workbook.cells_text import escape, read_cell, write_cell
from workbook.findings import Refusal
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.schema import Column, Sheet, Type
from workbook.tables_text import named_tables

KNOWN_ISSUES = "已知问题"
Values = list[RawValue]
"""One column, its header first."""

_SHEETS = (HEAD, *schema.SHEETS)
_KEY, _CONTENT = schema.HEAD_COLUMNS
_HEAD_TYPES = {fold_header(key.title): key.type for key in schema.HEAD_KEYS}
_BLANK = (None, "")


def dump(book: Book) -> str:
    """The ledger as Markdown: sheets in the order of the file, `_元` last."""
    sections = [(sheet.name, _kept(book, sheet)) for sheet in book.raw.sheets]
    sections.append((schema.META_SHEET, _meta(book)))
    return "\n".join(f"## {escape(name)}\n\n{table_text(name, columns)}" for name, columns in sections if columns)


def parse(text: str, path: str) -> RawBook:
    """The sheets of a text in their order; text outside tables is ignored.

    Raises Refusal, naming the line, for a broken table, and where there is no table at all.
    """
    sheets = tuple(_sheet(name, rows) for name, rows in named_tables(text, path))
    if not sheets:
        raise Refusal(f"{path}：没有找到台账的表。请在每张表上面写“## 表名”，下面写用 | 分列的表格。")
    return RawBook(path, sheets)


def table_columns(table: Table) -> list[Values]:
    """What the text form keeps of a recognized table: the rows that hold anything
    under a header, the columns that hold anything and are not computed."""
    raw = table.raw.rows
    top = raw[table.header_row - 1]
    told = [header.number - 1 for header in table.headers if not _computed(table.sheet, header.text)]
    rows = [raw[number - 1] for number in table.numbers]
    rows = [top, *(row for row in rows if any(_at(row, at) not in _BLANK for at in told))]
    wanted = [at for at in range(max(map(len, rows))) if not _computed(table.sheet, _at(top, at))]
    columns = ([_at(row, at) for row in rows] for at in wanted)
    return [column for column in columns if any(value not in _BLANK for value in column)]


def table_text(name: str, columns: Sequence[Values]) -> str:
    """One pipe table; `name` and the headers say which columns are typed."""
    kinds = _kinds(name, [column[0] for column in columns], lambda at: columns[at][1:])
    cells = [[write_cell(column[0]), *map(write_cell, column[1:], kind)]
             for column, kind in zip(columns, kinds, strict=True)]
    top, *rows = (f"| {' | '.join(row)} |\n" for row in zip(*cells, strict=True))
    return "".join((top, "|", "---|" * len(columns), "\n", *rows))


def _at(row: Sequence[RawValue], at: int) -> RawValue:
    return row[at] if at < len(row) else None


def _kept(book: Book, sheet: RawSheet) -> list[Values]:
    for table in (book.head, *book.tables.values()):
        if table.raw is sheet:
            return table_columns(table)
    travels = sheet.name == KNOWN_ISSUES or any(other is sheet for other in book.others)
    return _whole(sheet) if travels else []


def _whole(sheet: RawSheet) -> list[Values]:
    widths = [max((at for at, value in enumerate(row, 1) if value is not None), default=0) for row in sheet.rows]
    height = max((number for number, width in enumerate(widths, 1) if width), default=0)
    return [[_at(row, at) for row in sheet.rows[:height]] for at in range(max(widths, default=0))]


def _meta(book: Book) -> list[Values]:
    return [[_KEY, *book.meta], [_CONTENT, *(value or None for value in book.meta.values())]] if book.meta else []


def _sheet(name: str, rows: list[list[str]]) -> RawSheet:
    columns = list(zip(*rows, strict=True))
    kinds = _kinds(name, [read_cell(cell) for cell in rows[0]], lambda at: [read_cell(c) for c in columns[at][1:]])
    values = [[read_cell(column[0]), *map(read_cell, column[1:], kind)]
              for column, kind in zip(columns, kinds, strict=True)]
    return RawSheet(name, [list(row) for row in zip(*values, strict=True)], visible=name != schema.META_SHEET)


def _kinds(name: str, headers: list[RawValue], below: Callable[[int], list[RawValue]]) -> list[Iterable[Type]]:
    """The type of every cell below the headers, column by column.

    A function of nothing but the texts that stand in the form, so that dump and
    parse agree; `below` gives the values of a column (the keys of 报告信息).
    """
    sheet = _sheet_of(name, headers)
    kinds: list[Iterable[Type]] = [repeat(_type(sheet, header)) for header in headers]
    folded = [fold_header(header) for header in headers]
    if sheet is HEAD and _KEY in folded and _CONTENT in folded:
        keys = below(folded.index(_KEY))
        kinds[folded.index(_CONTENT)] = [_HEAD_TYPES.get(fold_header(key), Type.TEXT) for key in keys]
    return kinds


def _type(sheet: Sheet | None, header: RawValue) -> Type:
    column = _column(sheet, header)
    return column.type if column else Type.TEXT


def _computed(sheet: Sheet, header: RawValue) -> bool:
    column = _column(sheet, header)
    return column is not None and column.computed


def _column(sheet: Sheet | None, header: RawValue) -> Column | None:
    if header is None:
        return None
    known = _columns(sheet.title).get(fold_header(header)) if sheet else None
    return known or open_quantity(str(header))


def _sheet_of(name: str, headers: Sequence[RawValue]) -> Sheet | None:
    """The sheet of that title or alias, else the one whose required columns all stand there."""
    if name == schema.META_SHEET or name in schema.GENERATED_SHEETS:
        return None
    if named := _names().get(fold(name)):
        return named
    present = {fold_header(header) for header in headers if isinstance(header, str)}
    fitting = [sheet for sheet in _SHEETS if _wanted(sheet) <= {c.title for c in _present(sheet, present)}]
    return max(fitting, key=lambda sheet: len(_present(sheet, present)), default=None)


def _wanted(sheet: Sheet) -> set[str]:
    return {column.title for column in sheet.columns if column.required} or set(sheet.titles)


def _present(sheet: Sheet, folded: set[str]) -> list[Column]:
    return [column for text, column in _columns(sheet.title).items() if text in folded]


@lru_cache
def _names() -> dict[str, Sheet]:
    aliases = {fold(alias): sheet for sheet in _SHEETS for alias in sheet.aliases}
    return aliases | {fold(sheet.title): sheet for sheet in _SHEETS}


@lru_cache
def _columns(title: str) -> dict[str, Column]:
    """The columns of a sheet by folded header; a title goes before an alias."""
    columns = next(sheet.columns for sheet in _SHEETS if sheet.title == title)
    aliases = {fold_header(alias): column for column in columns for alias in column.aliases}
    return aliases | {fold_header(column.title): column for column in columns}
