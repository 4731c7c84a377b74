"""Which rows are facts: totals, banners and examples are read for what they are.

The live formulas of sheet 指标 leave out the same rows.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from workbook.book import Table, fold
from workbook.raw import RawValue

TOTAL_WORDS = ("合计", "小计", "总计", "共计", "累计")
EXAMPLE_MARK = "示例"
DITTO_MARKS = frozenset(("同上", "〃", "″", "″″", "//"))
_BANNER = (
    r"^(第?[一二三四1-4]季度?|[上下]半年|全年|\d{1,2}月份?|[一二三四五六七八九十]+月份?"
    r"|[一二三四五六七八九十]+、.*|[(][一二三四五六七八九十]+[)].*)$"
)
_LONGEST_DITTO = 4


class RowKind(Enum):
    """What a row of a record sheet is."""

    FACT = auto()
    TOTAL = auto()
    BANNER = auto()
    EXAMPLE = auto()


def row_kinds(table: Table) -> list[RowKind]:
    """One kind per row of the table."""
    marked = _marked_columns(table)
    kinds = [RowKind.FACT] * len(table)
    for title in marked:
        for index, value in enumerate(table.values(title)):
            if isinstance(value, str) and kinds[index] is RowKind.FACT:
                kinds[index] = _by_mark(value)
    for index, value in enumerate(table.values("备注")):
        if isinstance(value, str) and fold(value).startswith(EXAMPLE_MARK):
            kinds[index] = RowKind.EXAMPLE
    if table.sheet.date_columns or table.sheet.excusable:
        _find_banners(table, kinds)
    return kinds


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
    places = [header.number - 1 for header in table.headers]
    for index, number in enumerate(table.numbers):
        if kinds[index] is not RowKind.FACT:
            continue
        alone = _only_text(table.raw.rows[number - 1], places)
        if alone and (number in wide or re.match(_BANNER, fold(alone))):
            kinds[index] = RowKind.BANNER


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
    return value is None or (isinstance(value, str) and not value.strip())


def is_ditto(value: RawValue) -> bool:
    """Whether a cell says: as in the row above."""
    return isinstance(value, str) and len(value) <= _LONGEST_DITTO and fold(value) in DITTO_MARKS
