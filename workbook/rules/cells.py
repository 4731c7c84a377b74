"""Cells against the schema: required, typed, chosen, referred to, unique.

The columns' own readings (dates, numbers, yes and no) note what they cannot
read; asking for every column once brings all of it out.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.book import fold
from workbook.conditions import split_values
from workbook.faults import found
from workbook.findings import Finding
from workbook.ledger import Ledger, Records, near, shown
from workbook.normalize import Quantity, placeholder
from workbook.raw import ErrorValue
from workbook.schema import DICTIONARY, SHEETS, Column, Type

PHRASES = ("基数", "填报值", "上年值", "目标值")
"""Columns of 指标 that take every phrase; `workbook.metrics` reads them with the metric's unit."""


def cell_findings(ledger: Ledger) -> Iterator[Finding]:
    """Every fault of every cell that the schema alone can tell."""
    for sheet in SHEETS:
        records = ledger[sheet.title]
        for column in sheet.columns:
            if len(records) and records.has(column.title) and not column.computed:
                yield from _column(ledger, records, column)
        yield from _repeated_keys(records)


def _column(ledger: Ledger, records: Records, column: Column) -> Iterator[Finding]:
    yield from _errors(records, column)
    if column.required:
        yield from _blanks(records, column)
    yield from _typed(records, column)
    yield from _chosen(ledger, records, column)
    if column.refers:
        yield from _dangling(ledger, records, column)
    if column.type in (Type.TEXT, Type.LONG):
        yield from _placeholders(records, column)


def _errors(records: Records, column: Column) -> Iterator[Finding]:
    values = records.raw(column.title)
    for index in records.facts:
        if isinstance(values[index], ErrorValue):
            yield records.finding("C007", index, column.title)


def _blanks(records: Records, column: Column) -> Iterator[Finding]:
    texts = records.texts(column.title)
    for index in records.facts:
        if not texts[index]:
            yield records.finding("C001", index, column.title)


def _typed(records: Records, column: Column) -> Iterator[Finding]:
    """Reading a column notes what it cannot read; only whole numbers need a second look."""
    title = column.title
    if column.type is Type.DATE:
        records.dates(title)
    elif column.type is Type.YES_NO:
        records.flags(title)
    elif column.type is Type.PERCENT:
        for index in records.facts:
            records.number_at(index, title, percent=True)
    elif column.numeric and not column.slots and not (records.sheet.title == "指标" and title in PHRASES):
        yield from _whole(records, column, records.numbers(title))


def _whole(records: Records, column: Column, numbers: list[Quantity | None]) -> Iterator[Finding]:
    if column.type is Type.INTEGER:
        for index in records.facts:
            number = numbers[index]
            if number is not None and number.value != number.value.to_integral_value():
                yield records.finding("C015", index, column.title)


def _chosen(ledger: Ledger, records: Records, column: Column) -> Iterator[Finding]:
    if column.choices:
        allowed, code, given = {fold(choice) for choice in column.choices}, "C006", "、".join(column.choices)
    elif column.dictionary:
        allowed, code, given = _dictionary(ledger, column.dictionary), "C005", ""
        if not allowed:
            return
    else:
        return
    texts = records.texts(column.title)
    for index in records.facts:
        values = split_values(texts[index]) if column.many else [texts[index]]
        for value in values:
            if value and fold(value) not in allowed and column.title != "空时":
                yield records.finding(code, index, column.title, value=value, given=given)


def _dictionary(ledger: Ledger, category: str) -> set[str]:
    records = ledger[DICTIONARY.title]
    wanted, values = records.folded("类别"), records.folded("值")
    return {values[index] for index in records.facts if wanted[index] == fold(category)}


def _dangling(ledger: Ledger, records: Records, column: Column) -> Iterator[Finding]:
    assert column.refers is not None
    sheet, title = column.refers
    target = ledger[sheet]
    names = [target.texts(title)[index] for index in target.facts]
    known = {fold(name) for name in names if name}
    texts = records.texts(column.title)
    for index in records.facts:
        if texts[index] and fold(texts[index]) not in known and known:
            yield records.finding("L001", index, column.title, sheet_to=sheet, near=near(texts[index], names))


def _placeholders(records: Records, column: Column) -> Iterator[Finding]:
    for index, text in enumerate(records.texts(column.title)):
        unfinished = placeholder(text) if text else None
        if unfinished:
            yield records.finding("C013", index, column.title, value=unfinished)


def _repeated_keys(records: Records) -> Iterator[Finding]:
    key = records.sheet.key
    if key not in ("编号", "代码"):
        return
    first: dict[str, int] = {}
    for index in records.facts:
        value = records.folded(key)[index]
        if value and value in first:
            row = str(records.table.numbers[first[value]])
            yield found("L002", records.cell(index, key), column=key, key=value, value=shown(value), given=row)
        elif value:
            first[value] = index
