"""A proposed map with what helps a person to judge it: examples, other candidates, gaps, doubts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workbook.adopting.blocks import Block
from workbook.adopting.headermap import ColumnMap, HeaderMap, SheetMap
from workbook.book import fold
from workbook.findings import column_letters
from workbook.raw import RawValue
from workbook.restoring.balance import BLANK
from workbook.rowkinds import TOTAL_WORDS

SHOWN = 5


class ColumnDraft(NamedTuple):
    """A column of the map with what helps to judge it; `examples` are masked."""

    map: ColumnMap
    sure: bool
    others: tuple[str, ...]
    examples: tuple[str, ...]


class SheetDraft(NamedTuple):
    """A table of the map; `gaps` are required columns that nothing gives."""

    map: SheetMap
    columns: tuple[ColumnDraft, ...] = ()
    gaps: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    fixed_from: str = ""
    block: Block | None = None

    def under(self, title: str) -> list[RawValue]:
        """The values of the foreign column that is to become `title`, without totals."""
        number = next((column.number for column in self.map.columns if column.title == title), 0)
        columns = self.block.columns if self.block else ()
        values = next((column.values for column in columns if column.number == number), ())
        return [value for value in values if value not in BLANK and fold(value) not in TOTAL_WORDS]


class Draft(NamedTuple):
    """A proposed map, table by table; `seen` says what of 报告信息 was read off a title, `told` how it was read."""

    map: HeaderMap
    sheets: tuple[SheetDraft, ...]
    seen: Mapping[str, str]
    told: tuple[str, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a person should decide before the map is used."""
        return (*self.told, *(doubt for one in self.sheets for doubt in _doubts(one)))


def _doubts(one: SheetDraft) -> Iterator[str]:
    name = f"“{one.map.name}”"
    if one.map.sheet is None:
        yield f"{name}{_rows(one.map)}看不出对应哪张标准表，准备{one.map.target}。"
        return
    if one.rivals:
        yield f"{name}按“{one.map.target}”处理，也可能是{'、'.join(f'“{title}”' for title in one.rivals)}。"
    for column in one.columns:
        label = f"{name}{column_letters(column.map.number)}列“{column.map.header}”"
        if column.map.title and not column.sure:
            yield f"{label}按“{column.map.title}”放，把握不大。"
        elif column.map.extra and not column.sure:
            yield f"{label}没有对应的标准列，准备作附加列。"
    for title in one.gaps:
        yield f"{name}没有哪一列是“{title}”（必填），各行相同的可以写在固定值里。"
    for title, pairs in one.map.values.items():
        odd = [text for text, choice in pairs.items() if not choice]
        if odd:
            told = "、".join(f"“{text}”" for text in odd[:SHOWN])
            yield f"{name}“{title}”里的{told}不在可选的值里，没有对应，准备照原样写。"


def _rows(one: SheetMap) -> str:
    return f"第 {one.header[0]} 行起的表" if one.header[0] else ""
