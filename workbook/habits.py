"""What clerks write out of habit, each with the spelling that the program reads it as.

Writing `after` into the cell changes nothing that is read, counted or printed;
Excel's own formulas, filters and dropdowns then see the same as the program.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from workbook.book import Table, fold
from workbook.conditions import split_values
from workbook.findings import Cell
from workbook.ledger import Ledger, Records
from workbook.normalize import Quantity, read_date, read_text
from workbook.raw import RawValue
from workbook.readings import compiled
from workbook.rowkinds import is_ditto
from workbook.schema import DICTIONARY, HEAD_BY_TITLE, METRICS, SHEETS, Column, Type

ALPHANUMERIC = str.maketrans({code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ")
                              for code in range(ord(first), ord(last) + 1)})
"""Full-width digits and letters to half-width (GB/T 15835-2011, 5.1)."""
NUMBERED = ("任务", "条目", "问题", "活动", "办件", METRICS.title)
"""Sheets whose rows may be numbered for the clerk: nothing else is meant by their 编号."""
_PHRASES = ("基数", "填报值", "上年值", "目标值")
_NUMBERED_KEY = r"(.*?)(\d+)"


class Habit(NamedTuple):
    """One cell, what stands in it, and what is read."""

    cell: Cell
    column: str
    key: str
    before: RawValue
    after: RawValue


Habits = Iterator[Habit]


def dates_as_text(ledger: Ledger) -> Habits:
    """Days written as text (2025.3.8) or as a bare number (20250308), which no formula takes for a date."""
    yield from _head(ledger, Type.DATE, dt.date)
    for records, column in _columns(ledger, lambda column: column.type is Type.DATE):
        yield from _each(records, column.title, (str, int, float, Decimal), lambda raw: _day(ledger, raw))


def numbers_as_text(ledger: Ledger) -> Habits:
    """Exact numbers written as text (１２０, 1,200, 2场), which no formula adds up."""
    yield from _head(ledger, Type.INTEGER, int)
    for records, column in _columns(ledger, _holds_plain_numbers):
        values = records.column(column.title).different
        if not any(isinstance(value, str) for value in values):
            continue
        read = dict(zip(map(_known, values), records.different_numbers(column.title), strict=True))
        faulty = {one.value for one in records.findings if one.column == column.title}

        yield from _each(records, column.title, (str,), partial(_number, read, faulty))


def listed_otherwise(ledger: Ledger) -> Habits:
    """Values of a list written otherwise than the list has them (full-width, spaces, brackets)."""
    for records, column in _columns(ledger, lambda column: True):
        known = _listed(ledger, column)
        if known:
            yield from _each(records, column.title, (str,), partial(_as_listed, known, column.many))


def untidy_texts(ledger: Ledger) -> Habits:
    """Texts with spaces at the edges or invisible characters; 编号 also in full-width digits."""
    for records, column in _columns(ledger, lambda column: column.type in (Type.TEXT, Type.LONG)):
        is_key = column.title == records.sheet.key == "编号"
        yield from _each(records, column.title, (str,), _tidy_key if is_key else _tidy)


def missing_numbers(ledger: Ledger) -> Habits:
    """Rows without a 编号 on a sheet whose other rows have one; `after` continues the sheet's own numbering."""
    for title in NUMBERED:
        records = ledger[title]
        if not (len(records) and records.has("编号")) or records.column("编号").plain:
            continue
        blank = records.rows_where("编号", [not text for text in records.different_texts("编号")])
        shape = _numbering(records.texts("编号")) if blank else None
        for index in blank if shape else ():
            if shape:
                prefix, width, last = shape
                shape = prefix, width, last + 1
                yield Habit(records.cell(index, "编号"), "编号", "", None, f"{prefix}{last + 1:0{width}}")


def filled_cells(ledger: Ledger) -> Habits:
    """Cells that say 同上, or stand under a vertical merge, with the value that counts for them."""
    for sheet in SHEETS:
        records = ledger[sheet.title]
        for header in records.table.headers if len(records) else ():
            stored, read = records.table.values(header.title), records.raw(header.title)
            for index in records.facts:
                if stored[index] is not read[index] and (stored[index] is None or is_ditto(stored[index])):
                    yield _habit(records, index, header.title, stored[index], read[index])


def _columns(ledger: Ledger, wanted: Callable[[Column], bool]) -> Iterator[tuple[Records, Column]]:
    """The filled columns of the record sheets that are `wanted`, an office's own among them."""
    for sheet in SHEETS:
        records = ledger[sheet.title]
        for header in records.table.headers if len(records) else ():
            if header.column and not header.column.computed and wanted(header.column):
                yield records, header.column


def _each(records: Records, title: str, kinds: tuple[type, ...], mend: Callable[[RawValue], RawValue]) -> Habits:
    """Each different value is looked at once; cells are located only where it reads as something else."""
    values = records.column(title)
    if values.plain and mend in (_tidy, _tidy_key):
        return
    read = [mend(value) if isinstance(value, kinds) and not isinstance(value, bool) else value
            for value in values.different]
    changed = [_known(value) != _known(after) for value, after in zip(values.different, read, strict=True)]
    if any(changed):
        stored = records.table.values(title)
        for index in records.rows_where(title, changed):
            if _known(stored[index]) == _known(values.rows[index]):
                yield _habit(records, index, title, stored[index], read[values.codes[index]])


def _habit(records: Records, index: int, title: str, before: RawValue, after: RawValue) -> Habit:
    return Habit(records.cell(index, title), title, records.key(index), before, after)


def _known(value: RawValue) -> tuple[type, RawValue]:
    """A value as a key: 1, True and 1.0 are not the same cell."""
    return type(value), value


def _head(ledger: Ledger, kind: Type, value_type: type) -> Habits:
    table: Table = ledger.head.table
    for index, (key, before) in enumerate(zip(table.values("项目"), table.values("内容"), strict=True)):
        title = fold(key) if key is not None else ""
        entry = ledger.head.entries.get(title)
        if entry is None or entry.problems or HEAD_BY_TITLE.get(title) is None:
            continue
        wanted = HEAD_BY_TITLE[title].type is kind and isinstance(entry.value, value_type)
        if wanted and isinstance(before, str) and entry.cell == table.cell(index, "内容"):
            yield Habit(entry.cell, title, "", before, entry.value)


def _day(ledger: Ledger, raw: RawValue) -> RawValue:
    """The one day that a cell names; a cell that names a span or none stays as it is."""
    reading = read_date(raw, year=ledger.head.year, epoch1904=ledger.book.raw.epoch1904)
    only_spelling = all(problem.code == "C014" for problem in reading.problems)
    return reading.value if reading.value is not None and only_spelling else raw


def _holds_plain_numbers(column: Column) -> bool:
    return column.numeric and column.type is not Type.PERCENT and not column.slots and column.title not in _PHRASES


def _number(read: dict[tuple[type, RawValue], Quantity | None], faulty: set[str], raw: RawValue) -> RawValue:
    quantity = read.get(_known(raw))
    exact = quantity is not None and not quantity.inexact and read_text(raw) not in faulty
    return _stored(quantity.value) if quantity and exact else raw


def _stored(value: Decimal) -> RawValue:
    return int(value) if value == value.to_integral_value() else value


def _listed(ledger: Ledger, column: Column) -> dict[str, str]:
    names: list[str] = list(column.choices)
    if column.dictionary:
        records = ledger[DICTIONARY.title]
        kinds, values = records.folded("类别"), records.texts("值")
        names = [values[index] for index in records.facts if kinds[index] == fold(column.dictionary)]
    elif column.refers:
        target = ledger[column.refers[0]]
        names = [target.texts(column.refers[1])[index] for index in target.facts]
    return {fold(name): name for name in reversed(names) if name}


def _as_listed(known: dict[str, str], many: bool, raw: RawValue) -> RawValue:
    parts = split_values(raw) if many and isinstance(raw, str) else [raw]
    listed = [known.get(fold(part)) for part in parts]
    return "、".join(one for one in listed if one) if all(listed) else raw


def _tidy(raw: RawValue) -> RawValue:
    assert isinstance(raw, str)
    text = read_text(raw)
    return raw if text == raw.replace("\r\n", "\n").replace("\r", "\n") else text or None


def _tidy_key(raw: RawValue) -> RawValue:
    assert isinstance(raw, str)
    return "".join(read_text(raw).translate(ALPHANUMERIC).split()) or None


def _numbering(keys: list[str]) -> tuple[str, int, int] | None:
    """The prefix, width and highest number of the commonest form of 编号 on a sheet."""
    found = [match for key in keys if (match := compiled(_NUMBERED_KEY).fullmatch(key.translate(ALPHANUMERIC)))]
    prefixes = [match[1] for match in found]
    if not prefixes:
        return None
    prefix = max(dict.fromkeys(prefixes), key=prefixes.count)
    numbers = [match[2] for match in found if match[1] == prefix]
    return prefix, min(map(len, numbers)), max(map(int, numbers))
