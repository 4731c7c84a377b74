"""The rows of one foreign table: which are records, which are totals, banners, repeated headers, remarks below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from workbook.adopting.blocks import Block, filled
from workbook.book import Header, Table, fold, fold_header
from workbook.raw import RawSheet, RawValue
from workbook.restoring.tables import cell_at
from workbook.rowkinds import TOTAL_WORDS, RowKind, row_kinds
from workbook.schema import Sheet

LONGEST_TOTAL = 10
_REMARK = re.compile(r"(填表|制表|审核|填报|联系|报送|注|备注|说明|单位负责)[^:]{0,6}:|注[1-9]?[:.、]")


class Row(Enum):
    """What a row of a foreign table is, in a clerk's words."""

    RECORD = "记录"
    TOTAL = "合计行"
    BANNER = "分段行"
    EXAMPLE = "示例行"
    HEADER = "重复的表头"
    REMARK = "表末的说明"
    TITLE = "下一张表的标题"
    BLANK = "空行"
    BESIDE = "对照表里的列都空着的行"


_KINDS = {RowKind.FACT: Row.RECORD, RowKind.TOTAL: Row.TOTAL, RowKind.BANNER: Row.BANNER, RowKind.EXAMPLE: Row.EXAMPLE}


def rows_of(block: Block, sheet: Sheet, titles: Mapping[int, str], next_title: Iterable[int] = ()) -> dict[int, Row]:
    """What each row below the header is; `titles` are the standard (or own) titles of the columns that are taken."""
    numbers = range(block.bottom + 1, block.last + 1)
    held = [row for row in numbers if any(filled(cell_at(block.sheet.rows, row, at)) for at in titles)]
    seen = _seen(block, sheet, titles, held)
    heads = {row: _texts(block.sheet, row) for row in range(block.top, block.bottom + 1)}
    titled = set(next_title)
    return {row: _kind(block, row, seen.get(row), heads, row in titled) for row in numbers}


def _kind(block: Block, row: int, seen: Row | None, heads: Mapping[int, list[str]], titled: bool) -> Row:
    values = block.sheet.rows[row - 1]
    first = next((value for value in values if filled(value)), None)
    if first is None:
        return Row.BLANK
    if titled:
        return Row.TITLE
    if _texts(block.sheet, row) in heads.values():
        return Row.HEADER
    if _is_total(first):
        return Row.TOTAL
    if isinstance(first, str) and _REMARK.match(fold(first)):
        return Row.REMARK
    return seen or Row.BESIDE


def _is_total(first: RawValue) -> bool:
    """合计, 一季度小计: what stands first in the row ends so."""
    text = fold(first).rstrip(":") if isinstance(first, str) else ""
    return text.endswith(TOTAL_WORDS) and len(text) <= LONGEST_TOTAL


def _seen(block: Block, sheet: Sheet, titles: Mapping[int, str], held: list[int]) -> dict[int, Row]:
    """The kinds of the rows that hold anything, in the order of the file with its merges and in that of the schema."""
    order = {column.title: at for at, column in enumerate(sheet.columns)}
    in_file = _kinds(block.sheet, block, sheet, list(titles), titles, held)
    sorted_columns = sorted(titles, key=lambda at: (order.get(titles[at], len(order)), at))
    alone = _kinds(RawSheet(block.sheet.name, block.sheet.rows), block, sheet, sorted_columns, titles, held)
    return {row: one if one is not Row.RECORD else alone[row] for row, one in in_file.items()}


def _kinds(raw: RawSheet, block: Block, sheet: Sheet, order: list[int], titles: Mapping[int, str],
           held: list[int]) -> dict[int, Row]:
    known = {column.title: column for column in sheet.columns}
    headers = tuple(Header(titles[at], at, known.get(titles[at])) for at in order)
    table = Table(sheet, raw.name, block.bottom, headers, tuple(held), raw, {one.title: one.number for one in headers})
    return {row: _KINDS[kind] for row, kind in zip(held, row_kinds(table), strict=True)}


def _texts(sheet: RawSheet, row: int) -> list[str]:
    texts = [fold_header(value) if filled(value) else "" for value in sheet.rows[row - 1]]
    while texts and not texts[-1]:
        texts.pop()
    return texts
