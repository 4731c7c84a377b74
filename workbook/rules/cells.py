"""Cells against the schema: required, typed, chosen, referred to, unique.

The columns' own readings (dates, numbers, yes and no) note what they cannot
read; asking for every column once brings all of it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from workbook.book import fold
from workbook.conditions import split_values
from workbook.faults import found
from workbook.findings import Finding
from workbook.ledger import Ledger, Records, near, shown
from workbook.names import any_suspect
from workbook.normalize import Quantity, placeholder, read_festival, read_number, read_text
from workbook.raw import ErrorValue, RawValue
from workbook.schema import DICTIONARY, HEAD_KEYS, SHEETS, Column, Type

PHRASES = ("基数", "填报值", "上年值", "目标值")
"""Columns of 指标 that take every phrase; `workbook.metrics` reads them with the metric's unit."""
_NAMED_DAYS = "节点"


def cell_findings(ledger: Ledger, *, errors: bool = False) -> Iterator[Finding]:
    """Every fault of every cell that the schema alone can tell; `errors`: most of what is a warning is left out."""
    yield from _head(ledger)
    if not errors:
        yield from _statistics(ledger)
    for sheet in SHEETS:
        records = ledger[sheet.title]
        for column in sheet.columns if len(records) else ():
            if records.has(column.title) and not column.computed:
                yield from _column(ledger, records, column)
                if not errors:
                    yield from _warnings(ledger, records, column)
        yield from _repeated_keys(records)


def _head(ledger: Ledger) -> Iterator[Finding]:
    """报告信息: values that are none of the choices, and placeholders."""
    for key in HEAD_KEYS:
        entry = ledger.head.entries.get(key.title)
        if entry is None or not entry.text:
            continue
        if key.choices and key.title != "自称" and fold(entry.text) not in map(fold, key.choices):
            yield found("C006", entry.cell, column=key.title, value=entry.text, given="、".join(key.choices))
        if key.type in (Type.TEXT, Type.LONG) and (unfinished := placeholder(entry.text)):
            yield found("C013", entry.cell, column=key.title, value=unfinished)


def _column(ledger: Ledger, records: Records, column: Column) -> Iterator[Finding]:
    yield from _errors(records, column)
    if column.required:
        yield from _blanks(records, column)
    yield from _typed(records, column)
    if column.choices:
        yield from _strange(records, column, _choices(column.choices), "C006", "、".join(column.choices))
    if column.refers:
        yield from _dangling(ledger, records, column)


def _warnings(ledger: Ledger, records: Records, column: Column) -> Iterator[Finding]:
    """What stops no report."""
    if column.dictionary and not column.choices and (allowed := _dictionary(ledger, column.dictionary)):
        if column.title == _NAMED_DAYS:
            yield from _two_days(records)
        yield from _strange(records, column, allowed, "C005", "")
    if column.type in (Type.TEXT, Type.LONG):
        yield from _placeholders(records, column)


def _statistics(ledger: Ledger) -> Iterator[Finding]:
    """统计表: a number with another unit than its row's."""
    records = ledger["统计表"]
    units, values = records.texts("单位"), records.raw("值")
    for index in records.facts:
        value = values[index]
        read = read_number(value).value if isinstance(value, str) and "{" not in value else None
        given = read.unit if isinstance(read, Quantity) else ""
        if given and units[index] and fold(given) != fold(units[index]):
            yield records.finding("C011", index, "值", given=units[index])


def _errors(records: Records, column: Column) -> Iterator[Finding]:
    different = records.column(column.title).different
    if ErrorValue in map(type, different):
        for index in records.rows_where(column.title, [isinstance(value, ErrorValue) for value in different]):
            yield records.finding("C007", index, column.title)


def _blanks(records: Records, column: Column) -> Iterator[Finding]:
    values = records.column(column.title)
    blank = [] if values.plain else [value is None or (isinstance(value, str) and not read_text(value))
                                     for value in values.different]
    for index in records.rows_where(column.title, blank) if any(blank) else ():
        yield records.finding("C001", index, column.title)


def _typed(records: Records, column: Column) -> Iterator[Finding]:
    """Reading a column notes what it cannot read; only whole numbers need a second look."""
    title = column.title
    if column.type is Type.DATE:
        records.different_dates(title)
    elif column.type is Type.YES_NO:
        records.flags(title)
    elif column.type is Type.PERCENT:
        noted = (read_number(value, percent=True).problems for value in records.column(title).different)
        for index in records.rows_where(title, noted):
            records.number_at(index, title, percent=True)
    elif column.numeric and not column.slots and not (records.sheet.title == "指标" and title in PHRASES):
        yield from _whole(records, column)


def _whole(records: Records, column: Column) -> Iterator[Finding]:
    numbers = records.different_numbers(column.title)
    if column.type is Type.INTEGER:
        broken = (one is not None and one.value != one.value.to_integral_value() for one in numbers)
        for index in records.rows_where(column.title, broken):
            yield records.finding("C015", index, column.title)


def _strange(records: Records, column: Column, allowed: Collection[str], code: str, given: str) -> Iterator[Finding]:
    strangers = [_strangers(text, column, allowed) for text in _comparable(records, column)]
    codes = records.column(column.title).codes if any(strangers) else []
    for index in records.rows_where(column.title, strangers):
        for value in strangers[codes[index]]:
            yield records.finding(code, index, column.title, value=value, given=given)


@cache
def _choices(choices: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, choices))


def _comparable(records: Records, column: Column) -> list[str]:
    """The texts of a column's different values; a day is called by its name."""
    if column.title == _NAMED_DAYS:
        return [_day_name(value) for value in records.column(column.title).different]
    return records.different_texts(column.title)


def _day_name(value: RawValue) -> str:
    reading = read_festival(value)
    return "" if reading.problems else reading.value or ""


def _two_days(records: Records) -> Iterator[Finding]:
    """Numbers such as 5.2, which may be 5月2日 or 5月20日."""
    readings = [read_festival(value) for value in records.column(_NAMED_DAYS).different]
    codes = records.column(_NAMED_DAYS).codes
    for index in records.rows_where(_NAMED_DAYS, (reading.problems for reading in readings)):
        for problem in readings[codes[index]].problems:
            if problem.code == "C009":
                yield records.problem(index, _NAMED_DAYS, problem)


def _strangers(text: str, column: Column, allowed: Collection[str]) -> list[str]:
    """The values of a cell that are none of those allowed; 空时 takes any text."""
    values = split_values(text) if column.many else [text]
    return [value for value in values if value and fold(value) not in allowed and column.title != "空时"]


def _dictionary(ledger: Ledger, category: str) -> frozenset[str]:
    records = ledger[DICTIONARY.title]
    wanted, values = records.folded("类别"), records.folded("值")
    return frozenset(values[index] for index in records.facts if wanted[index] == fold(category))


def _dangling(ledger: Ledger, records: Records, column: Column) -> Iterator[Finding]:
    assert column.refers is not None
    sheet, title = column.refers
    target = ledger[sheet]
    names = target.folded(title)
    known = {name for index in target.facts if (name := names[index])}
    folded = records.different_folded(column.title)
    dangling = [bool(name) and name not in known for name in folded] if known else []
    for index in records.rows_where(column.title, dangling):
        text, names = records.texts(column.title)[index], target.texts(title)
        near_ones = near(text, [names[index] for index in target.facts])
        yield records.finding("L001", index, column.title, sheet_to=sheet, near=near_ones)


def _placeholders(records: Records, column: Column) -> Iterator[Finding]:
    texts = records.different_texts(column.title)
    unfinished = [placeholder(text) for text in texts] if any_suspect(texts) else []
    values = records.column(column.title)
    places = values.places(unfinished)
    for index, code in enumerate(values.codes if places else ()):
        if code in places:
            yield records.finding("C013", index, column.title, value=unfinished[code])


def _repeated_keys(records: Records) -> Iterator[Finding]:
    key = records.sheet.key
    if key not in ("编号", "代码"):
        return
    if len(set(records.different_folded(key))) == len(records):
        return
    keys = records.folded(key)
    first: dict[str, int] = {}
    for index in records.facts:
        value = keys[index]
        if value and value in first:
            row = str(records.table.numbers[first[value]])
            yield found("L002", records.cell(index, key), column=key, key=value, value=shown(value), given=row)
        elif value:
            first[value] = index
