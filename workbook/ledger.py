"""The ledger: every value normalized, every value knowing its cell.

A sheet is kept column by column and a column is read when it is first asked
for, so a report costs what it uses. A value that cannot be read is None and a
finding; its row stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, cast

from workbook import schema
from workbook.book import Book, Table, fold, merged_down
from workbook.columns import Values, each_once, row_set, rows_in
from workbook.conditions import split_values
from workbook.faults import found
from workbook.findings import Cell, Finding
from workbook.normalize import (
    Absent,
    Problem,
    Quantity,
    Reading,
    read_date,
    read_festival,
    read_number,
    read_period,
    read_text,
    read_yes_no,
)
from workbook.periods import Period, Precision
from workbook.raw import ErrorValue, RawSheet, RawValue
from workbook.rowkinds import RowKind, any_ditto, is_ditto, row_kinds
from workbook.schema import Column, Sheet, Type

T = TypeVar("T")


class Records:
    """One record sheet. Row indexes count from 0 over the rows that hold anything."""

    def __init__(self, table: Table, year: int | None, epoch1904: bool) -> None:
        self.table = table
        self.sheet: Sheet = table.sheet
        self._year = year
        self._epoch1904 = epoch1904
        self._findings: dict[tuple[str, str], list[Finding]] = {}
        self._cache: dict[tuple[str, str], Any] = {}

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def kinds(self) -> list[RowKind]:
        known: list[RowKind] | None = getattr(self.table, "kinds", None)
        return row_kinds(self.table) if known is None else known

    @cached_property
    def facts(self) -> list[int]:
        """The rows that count: no totals, banners or examples."""
        if self.kinds.count(RowKind.FACT) == len(self):
            return list(range(len(self)))
        return [index for index, kind in enumerate(self.kinds) if kind is RowKind.FACT]

    @cached_property
    def counted(self) -> int:
        """The same rows as a set (`workbook.columns`)."""
        return (1 << len(self)) - 1 if len(self.facts) == len(self) else row_set(self.facts, len(self))

    @property
    def findings(self) -> list[Finding]:
        """What was noticed in the columns read so far."""
        return [finding for group in self._findings.values() for finding in group]

    def has(self, title: str) -> bool:
        return self.table.has(title)

    def cell(self, index: int, title: str) -> Cell:
        return self.table.cell(index, title)

    def key(self, index: int) -> str:
        """The 编号 of a row as the clerk sees it."""
        return read_text(self.table.value(index, self.sheet.key)) if self.sheet.key else ""

    def raw(self, title: str) -> list[RawValue]:
        """Stored values with 同上 and vertical merges filled in."""
        return self.column(title).rows

    def column(self, title: str) -> Values:
        """The same values, each different one once."""
        columns: dict[tuple[str, str], Values] = self._cache
        known = columns.get(("column", title))
        if known is None:
            known = columns["column", title] = self._filled(title)
        return known

    def texts(self, title: str) -> list[str]:
        """One column as text; blank is ""."""
        return self._spread("text", title, self.different_texts)

    def different_texts(self, title: str) -> list[str]:
        """The text of each different value of `column`."""
        return self._read("texts", title, lambda: _texts_of(self.column(title)))

    def text(self, index: int, title: str) -> str:
        """One cell of `texts`, without the whole column."""
        return self.different_texts(title)[self.column(title).codes[index]]

    def folded_text(self, index: int, title: str) -> str:
        """One cell of `folded`, without the whole column."""
        return self.different_folded(title)[self.column(title).codes[index]]

    def number(self, index: int, title: str) -> Quantity | None:
        """One cell of `numbers`, without the whole column."""
        return self.different_numbers(title)[self.column(title).codes[index]]

    def day(self, index: int, title: str) -> dt.date | None:
        """One cell of `dates`, without the whole column."""
        return self.different_dates(title)[self.column(title).codes[index]]

    def folded(self, title: str) -> list[str]:
        """One column as compared: NFKC, no white space."""
        return self._spread("fold", title, self.different_folded)

    def different_folded(self, title: str) -> list[str]:
        """Each different value of `column` as compared."""
        texts = self.different_texts
        return self._read("folds", title,
                          lambda: texts(title) if self.column(title).plain else list(map(fold, texts(title))))

    def dates(self, title: str) -> list[dt.date | None]:
        """One column as days; a span written in one cell (5月20日至22日) counts by its first day."""
        return self._spread("date", title, self.different_dates)

    def different_dates(self, title: str) -> list[dt.date | None]:
        """The day of each different value of `column`."""
        return self._read("dates", title, lambda: self._interpret(title, self._day))

    def rows_where(self, title: str, passed: Iterable[object]) -> list[int]:
        """The rows that count and for whose value, among the different ones of `column`, something true stands."""
        return self.rows(self.having(title, passed))

    def rows(self, chosen: int) -> list[int]:
        """The rows of a set that count, in order."""
        return rows_in(chosen & self.counted, len(self)) if chosen else []

    def filled(self, title: str) -> int:
        """The set of the rows with a text there."""
        return self.having(title, self.different_texts(title))

    def having(self, title: str, passed: Iterable[object]) -> int:
        """The same rows and those that do not count, as a set (`workbook.columns`)."""
        values = self.column(title)
        return values.having(values.places(passed))

    def periods(self, title: str) -> dict[int, Period]:
        """The rows whose date names no day (上半年, 2025年5月), with the time they cover."""
        values, days = self.column(title), self.different_dates(title)
        coarse = [self._period(value) if day is None and isinstance(value, str) else None
                  for value, day in zip(values.different, days, strict=True)]
        named = values.places(period and period.end for period in coarse)
        return {index: period for index, code in enumerate(values.codes) if code in named and (period := coarse[code])
                } if named else {}

    def _day(self, raw: RawValue) -> Reading[dt.date]:
        reading = read_date(raw, year=self._year, epoch1904=self._epoch1904)
        if reading.value is None and isinstance(raw, str):
            period = self._period(raw)
            if period and period.start and period.precision is Precision.DAY:
                return Reading(period.start, (Problem("C014", period.start.isoformat()),))
        return reading

    def _period(self, raw: RawValue) -> Period | None:
        return read_period(raw, year=self._year, epoch1904=self._epoch1904).value

    def numbers(self, title: str) -> list[Quantity | None]:
        """One column as quantities; 无, — and blanks are None."""
        return self._spread("number", title, self.different_numbers)

    def different_numbers(self, title: str) -> list[Quantity | None]:
        """The quantity of each different value of `column`."""
        unit = self._unit(title)

        def read(value: RawValue) -> Reading[Quantity | Absent]:
            return read_number(value, unit=unit)

        return self._read("numbers", title, lambda: [_said(value) for value in self._interpret(title, read)])

    def different_percents(self, title: str) -> list[Quantity | None]:
        """The quantity of each different value of `column`, an unmarked number as a fraction; nothing is noted."""
        return self._read("percents", title, lambda: [
            _said(read_number(value, percent=True).value) for value in self.column(title).different])

    def number_at(self, index: int, title: str, *, percent: bool) -> Quantity | None:
        """One cell as a quantity; `percent`: an unmarked number is a fraction."""
        stored = self.raw(title)[index]
        if stored is None:
            return None
        reading = read_number(stored, percent=percent)
        noted = [self.problem(index, title, one) for one in reading.problems if one.code != "C010"]
        self._findings.setdefault((f"at {index}", title), noted)
        return _said(reading.value)

    def flags(self, title: str) -> list[bool | None]:
        return self._read("flag", title, lambda: self.column(title).spread(self._interpret(title, read_yes_no)))

    def value_sets(self, title: str) -> list[tuple[str, ...]]:
        """The folded values of a column whose cells may hold several (、); 节点 by the day's name.

        A blank means the column's default, where it has one (角色: 主办).
        """
        return self._spread("set", title, self.different_sets)

    def different_sets(self, title: str) -> list[tuple[str, ...]]:
        """The folded values in each different value of `column`."""
        column = column_of(self, title) or next((c for c in self.sheet.columns if c.title == title), None)
        blank = (fold(column.default),) if column and column.default else ()
        return self._read("sets", title,
                          lambda: each_once(self.column(title), lambda value: self._split(title, value) or blank))

    def _split(self, title: str, value: RawValue) -> tuple[str, ...]:
        text = (read_festival(value).value or "") if title == "节点" else read_text(value)
        return tuple(fold(part) for part in split_values(text)) if text else ()

    def _unit(self, title: str) -> str:
        header = next((h for h in self.table.headers if h.title == title), None)
        return header.column.unit if header and header.column else ""

    def _read(self, how: str, title: str, build: Callable[[], T]) -> T:
        cache: dict[tuple[str, str], T] = self._cache
        key = how, title
        if key not in cache:
            cache[key] = build()
        return cache[key]

    def _spread(self, how: str, title: str, different: Callable[[str], list[T]]) -> list[T]:
        return self._read(how, title, lambda: self.column(title).spread(different(title)))

    def _interpret(self, title: str, read: Callable[[RawValue], Reading[T]]) -> list[T | None]:
        """The value of each different stored value; what is wrong is noted at every row that counts."""
        readings = each_once(self.column(title), read)
        findings = self._findings.setdefault(("read", title), [])
        for index in self.rows_where(title, (reading.problems for reading in readings)):
            problems = readings[self.column(title).codes[index]].problems
            findings.extend(self.problem(index, title, problem) for problem in problems)
        return [reading.value for reading in readings]

    def problem(self, index: int, title: str, problem: Problem) -> Finding:
        """A reading's problem as a finding at its cell."""
        return self.finding(problem.code, index, title, given=problem.given)

    def finding(self, code: str, index: int, title: str, *, value: str | None = None, **blanks: str) -> Finding:
        """A finding at one cell, with the row's 编号 and the value as the clerk sees it."""
        if value is None:
            value = shown(self.table.value(index, title))
        return found(code, self.cell(index, title), column=title, key=self.key(index), value=value, **blanks)

    def _filled(self, title: str) -> Values:
        if self.table.raw.merges:
            stored = list(self.table.values(title))
            self._fill_merges(title, stored)
            values = Values(stored)
        else:
            values = self.table.column(title)
        if values.plain or not any_ditto(values.different):
            return values
        stored = list(values.rows)
        above: RawValue = None
        for index, value in enumerate(stored):
            if is_ditto(value):
                self._note("S010", index, title, given=shown(above))
                stored[index] = above
            elif self.kinds[index] is RowKind.FACT:
                above = value
        return Values(stored)

    def _fill_merges(self, title: str, values: list[RawValue]) -> None:
        if not self.table.raw.merges or not self.table.has(title):
            return
        under = self.__dict__.setdefault("_under", merged_down(self.table.raw.merges))
        column, rows = self.table.places[title], self.table.raw.rows
        for index, number in enumerate(self.table.numbers):
            top = under.get((number, column))
            if top is not None and top > self.table.header_row and values[index] is None:
                values[index] = rows[top - 1][column - 1]
                self._note("S011", index, title, value=shown(values[index]))

    def _note(self, code: str, index: int, title: str, **blanks: str) -> None:
        self._findings.setdefault(("fill", title), []).append(self.finding(code, index, title, **blanks))

    def row_findings(self) -> list[Finding]:
        """The rows left out: totals, banners, examples."""
        if len(self.facts) == len(self):
            return []
        codes = {RowKind.TOTAL: "S007", RowKind.BANNER: "S008", RowKind.EXAMPLE: "S009"}
        return [
            found(codes[kind], Cell(self.table.name, self.table.numbers[index], 1), key=self.key(index),
                  value=self._label(index))
            for index, kind in enumerate(self.kinds) if kind in codes
        ]

    def _label(self, index: int) -> str:
        return next((shown(value) for _, value in self.table.row_values(index) if value is not None), "")


def _texts_of(values: Values) -> list[str]:
    if values.plain:
        return cast(list[str], values.different)
    return [value if isinstance(value, str) and value.isalnum() else read_text(value) for value in values.different]


def _said(value: Quantity | Absent | None) -> Quantity | None:
    """A stated number; 无 and — say there is none."""
    return value if isinstance(value, Quantity) else None


def shown(value: RawValue) -> str:
    """A stored value as a clerk sees it, for messages."""
    return value.code if isinstance(value, ErrorValue) else read_text(value)


class Entry(NamedTuple):
    """One key of 报告信息: `value` is a date or a whole number where the key's type is one."""

    title: str
    text: str
    cell: Cell
    value: str | int | dt.date | None
    problems: tuple[Problem, ...] = ()

    @property
    def printed(self) -> str:
        """As a slot prints it: dates as 2025年12月31日."""
        if isinstance(self.value, dt.date):
            return print_date(self.value)
        return str(self.value) if isinstance(self.value, int) else self.text


def print_date(day: dt.date) -> str:
    """2024年1月9日 (GB/T 15835: Arabic digits, no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


class Head:
    """报告信息 by key; unknown keys are kept."""

    def __init__(self, table: Table, epoch1904: bool) -> None:
        self.table = table
        self.findings: list[Finding] = []
        self.entries: dict[str, Entry] = {}
        rows = list(zip(table.values("项目"), table.values("内容"), strict=True))
        year = next((read_number(v).value for k, v in rows if fold(k or "") == "报告年度"), None)
        self.year = int(year.value) if isinstance(year, Quantity) and year.value == int(year.value) else None
        for index, (key, value) in enumerate(rows):
            self._add(index, key, value, epoch1904)

    def _add(self, index: int, key: RawValue, value: RawValue, epoch1904: bool) -> None:
        title = fold(key) if key is not None else ""
        if not title:
            return
        cell = self.table.cell(index, "内容")
        if title in self.entries:
            self.findings.append(found("S012", cell, value=title))
            return
        entry = _entry(title, value, cell, self.year, epoch1904)
        self.entries[title] = entry
        self.findings.extend(found(p.code, cell, column=title, value=entry.text, given=p.given) for p in entry.problems)

    def __contains__(self, title: str) -> bool:
        return title in self.entries

    def text(self, title: str) -> str:
        """The value as typed, "" where blank."""
        entry = self.entries.get(title)
        return entry.text if entry else ""

    def date(self, title: str) -> dt.date | None:
        entry = self.entries.get(title)
        return entry.value if entry and isinstance(entry.value, dt.date) else None

    def number(self, title: str) -> int | None:
        entry = self.entries.get(title)
        return entry.value if entry and isinstance(entry.value, int) else None


def _entry(title: str, raw: RawValue, cell: Cell, year: int | None, epoch1904: bool) -> Entry:
    known = schema.HEAD_BY_TITLE.get(title)
    text = shown(raw)
    kind = known.type if known else Type.TEXT
    if not text:
        return Entry(title, "", cell, None)
    if isinstance(raw, ErrorValue):
        return Entry(title, "", cell, None, (Problem("C007"),))
    if kind is Type.DATE or (kind is not Type.INTEGER and isinstance(raw, dt.date)):
        day = read_date(raw, year=year, epoch1904=epoch1904)
        return Entry(title, text, cell, day.value, day.problems)
    if kind is Type.INTEGER:
        return _whole(title, raw, text, cell)
    return Entry(title, text, cell, text)


def _whole(title: str, raw: RawValue, text: str, cell: Cell) -> Entry:
    reading = read_number(raw, whole=True)
    value = int(reading.value.value) if isinstance(reading.value, Quantity) else None
    return Entry(title, text, cell, value, () if value is not None else (reading.problems or (Problem("C004"),)))


class Ledger:
    """A workbook that is understood: `ledger["活动"]` is its records, `ledger.head` 报告信息."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.path = book.path
        self.head = Head(book.head, book.raw.epoch1904)
        self._records: dict[str, Records] = {}

    def __getitem__(self, title: str) -> Records:
        if title not in self._records:
            known = self.book.tables.get(title)
            table = _empty(schema.BY_TITLE[title]) if known is None else known
            self._records[title] = Records(table, self.head.year, self.book.raw.epoch1904)
        return self._records[title]

    @property
    def opened(self) -> list[Records]:
        """The record sheets asked for so far."""
        return list(self._records.values())

    @property
    def findings(self) -> list[Finding]:
        """What recognition and the columns read so far have noticed."""
        seen = [*self.book.findings, *self.head.findings]
        for records in self._records.values():
            seen += records.findings
        return seen

    @cached_property
    def chapters(self) -> set[str]:
        return set(self["章节"].folded("编号"))


def _empty(sheet: Sheet) -> Table:
    return Table(sheet, sheet.title, 1, (), (), RawSheet(sheet.title, []), {})


def near(name: str, names: Iterable[str]) -> str:
    """是不是“合法性审查”？ — or nothing where no name is near."""
    from difflib import get_close_matches

    close = get_close_matches(name, list(dict.fromkeys(names)), 3, 0.5)
    return f"是不是{'、'.join(f'“{one}”' for one in close)}？" if close else ""


def column_of(records: Records, title: str) -> Column | None:
    """The schema column (or an office's own quantity column) of that header."""
    return next((h.column for h in records.table.headers if h.title == title), None)
