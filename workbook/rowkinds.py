"""Which rows are facts: totals, banners and examples are read for what they are.

The live formulas of sheet 指标 leave out the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto

from workbook.book import Table, fold
from workbook.columns import Values, rows_in
from workbook.raw import RawValue
from workbook.schema import ID_COLUMN

TOTAL_WORDS = ("合计", "小计", "总计", "共计", "累计")
EXAMPLE_MARK = "示例"
DITTO_MARKS = frozenset(("同上", "〃", "″", "″″", "//"))
_BANNER = (
    r"^(第?[一二三四1-4]季度?|[上下]半年|全年|\d{1,2}月份?|[一二三四五六七八九十]+月份?"
    r"|[一二三四五六七八九十]+、.*|[(][一二三四五六七八九十]+[)].*"
    r"|(?:注|备注|附注|说明|填报单位|填报人|填表人|填报时间|填表时间|制表人?|审核人?|单位):.*)$"
)
_LONGEST_DITTO = 4
_LEAST_HEADERS = 3


class RowKind(Enum):
    """What a row of a record sheet is."""

    FACT = auto()
    TOTAL = auto()
    BANNER = auto()
    EXAMPLE = auto()


def row_kinds(table: Table) -> list[RowKind]:
    """One kind per row of the table."""
    kinds = [RowKind.FACT] * len(table)
    for title in _marked_columns(table):
        for index, value in _perhaps_marked(table.column(title)):
            if kinds[index] is RowKind.FACT:
                kinds[index] = _by_mark(value)
    for index, value in _perhaps_marked(table.column("备注")):
        if fold(value).startswith(EXAMPLE_MARK):
            kinds[index] = RowKind.EXAMPLE
    if table.sheet.date_columns or table.sheet.excusable:
        _find_banners(table, kinds)
    return kinds


def _perhaps_marked(values: Values) -> list[tuple[int, str]]:
    """The texts, with their rows, that hold a character of every mark, in one of its forms."""
    texts = [] if values.plain else [value for value in values.different if isinstance(value, str)]
    if not _holds_mark("\n".join(texts)):
        return []
    marked = set(filter(_holds_mark, texts))
    return [(index, value) for index, value in enumerate(values.rows) if isinstance(value, str) and value in marked]


def _holds_mark(text: str) -> bool:
    return "计" in text or "例" in text or "\uf9b5" in text


def _marked_columns(table: Table) -> list[str]:
    first = [header.title for header in table.headers[:1]]
    sheet = table.sheet
    return list(dict.fromkeys([*first, sheet.key, sheet.name_column, *sheet.date_columns]))


def _by_mark(value: str) -> RowKind:
    text = fold(value).rstrip(":")
    if text in TOTAL_WORDS:
        return RowKind.TOTAL
    return RowKind.EXAMPLE if text.startswith(EXAMPLE_MARK) else RowKind.FACT


def _find_banners(table: Table, kinds: list[RowKind]) -> None:
    wide = {merge.top for merge in table.raw.merges if merge.right > merge.left}
    places = [header.number - 1 for header in table.headers if header.title != ID_COLUMN]
    _find_repeated_headers(table, kinds)
    for index in _with_gaps(table):
        if kinds[index] is not RowKind.FACT:
            continue
        number = table.numbers[index]
        alone = _only_text(table.raw.rows[number - 1], places)
        if alone and (number in wide or re.match(_BANNER, fold(alone))):
            kinds[index] = RowKind.BANNER


def _find_repeated_headers(table: Table, kinds: list[RowKind]) -> None:
    """The header row again among the rows, as pages pasted one below the other have it."""
    if len(table.headers) < _LEAST_HEADERS:
        return
    texts = [(header.number - 1, header.text) for header in table.headers if header.title != ID_COLUMN]
    first, text = table.column(table.headers[0].title), table.headers[0].text
    alike = [value == text for value in first.different] if text.isascii() or not first.plain else []
    for index in rows_in(first.having(first.places(alike)), len(table)):
        row = table.raw.rows[table.numbers[index] - 1]
        held = [(row[at], text) for at, text in texts if at < len(row) and not _blank(row[at])]
        if len(held) >= _LEAST_HEADERS and all(value == text for value, text in held):
            kinds[index] = RowKind.BANNER


def _with_gaps(table: Table) -> list[int]:
    """The rows whose two first columns are not both filled: no other can hold a single text."""
    if len(table.headers) < 2:
        return list(range(len(table)))
    columns = [table.column(header.title) for header in table.headers[:2]]
    gaps = [one.having([place for place, value in enumerate(one.different) if not value or _blank(value)])
            for one in columns if not one.plain] or [0]
    return rows_in(gaps[0] | gaps[-1], len(table))


def _only_text(row: list[RawValue], places: list[int]) -> str:
    """The text of a row that holds nothing else, or nothing."""
    alone: RawValue = None
    for at in places:
        if at < len(row) and not _blank(row[at]):
            if alone is not None:
                return ""
            alone = row[at]
    return alone if isinstance(alone, str) else ""


def _blank(value: RawValue) -> bool:
    return value is None or (isinstance(value, str) and (not value or value.isspace()))


def is_ditto(value: RawValue) -> bool:
    """Whether a cell says: as in the row above."""
    return isinstance(value, str) and len(value) <= _LONGEST_DITTO and fold(value) in DITTO_MARKS


def any_ditto(values: Iterable[RawValue]) -> bool:
    """Whether one of many cells says so."""
    return not DITTO_MARKS.isdisjoint(
        [fold(value) for value in values if isinstance(value, str) and len(value) <= _LONGEST_DITTO])
