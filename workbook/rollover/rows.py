"""Which rows go into the next year's ledger, and what changes in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from workbook.book import Header
from workbook.facts import Facts
from workbook.ledger import Records
from workbook.raw import RawSheet, RawValue
from workbook.rollover.bases import Change
from workbook.rollover.head import Years
from workbook.rollover.notes import Fate, Note
from workbook.rowkinds import TOTAL_WORDS
from workbook.schema import CASES, EVENTS, EXCUSE_COLUMN, ID_COLUMN, ITEMS, PROBLEMS, STATISTICS, TASKS, Type
from workbook.slots import parse_slots

FROM = "结转自"
"""The column that names a carried row in the ledger it comes from."""
CLOSED, CANCELLED, SETTLED = "已完成", "已取消", "已整改"
_OF_THE_OLD_YEAR = ("工作成效", "入报告", EXCUSE_COLUMN)


def sheet_of(records: Records, rows: Iterable[int], changes: Mapping[int, Change]) -> RawSheet:
    """Some rows of a sheet under its standard headers and the office's own; columns that changes name are added."""
    own = [header for header in records.table.headers if not (header.column and header.column.computed)]
    titles = [header.title for header in own] or [one.title for one in records.sheet.columns if not one.computed]
    titles += dict.fromkeys(title for change in changes.values() for title in change if title not in titles)
    cells: list[list[RawValue]] = [list(titles)]
    for index in rows:
        kept = {header.title: stored(records, index, header) for header in own} | changes.get(index, {})
        cells.append([kept.get(title) for title in titles])
    return RawSheet(records.sheet.title, cells)


def stored(records: Records, index: int, header: Header) -> RawValue:
    """A cell with 同上 and merges filled in; a day is a day, whatever the epoch of the file."""
    value = records.raw(header.title)[index]
    dated = header.column is not None and header.column.type is Type.DATE
    if dated and isinstance(value, int | float | Decimal):
        return records.dates(header.title)[index] or value
    return value


def open_tasks(facts: Facts, years: Years) -> list[int]:
    """The tasks that are not finished, and those finished only after the days of the old report."""
    records = facts.ledger[TASKS.title]
    states, later = records.texts("状态"), set(after(facts, TASKS.title, years.end))
    return [index for index in records.facts
            if states[index] not in (CLOSED, CANCELLED) or (states[index] == CLOSED and index in later)]


def open_problems(facts: Facts) -> list[int]:
    records = facts.ledger[PROBLEMS.title]
    return [index for index in records.facts if records.texts("整改状态")[index] != SETTLED]


def after(facts: Facts, source: str, end: dt.date) -> list[int]:
    """The rows that count only after the days of the old report."""
    following = (end + dt.timedelta(days=1), dt.date.max)
    return facts.within(source, facts.ledger[source].facts, following)


def linked(records: Records, rows: Iterable[int], year: int) -> dict[int, Change]:
    """What a carried row says of where it comes from; one carried before keeps its first origin."""
    known = records.texts(FROM)
    return {index: {FROM: known[index] or f"{year}年台账 {_named(records, index)}"} for index in rows}


def _named(records: Records, index: int) -> str:
    name = records.texts(records.sheet.name_column)[index] if records.sheet.name_column else ""
    return records.key(index) or name or f"第{records.table.numbers[index]}行"


def task_changes(records: Records, rows: list[int], year: int) -> tuple[dict[int, Change], list[Note]]:
    """An open task starts without last year's 工作成效; one finished after 统计止 keeps it, still to be told."""
    changes = linked(records, rows, year)
    open_ones = [index for index in rows if records.texts("状态")[index] != CLOSED]
    for index in open_ones:
        changes[index] |= {title: None for title in _OF_THE_OLD_YEAR if records.has(title)}
    notes = carried_notes(records, rows)
    told = sum(bool(records.texts("工作成效")[index]) for index in open_ones)
    if told:
        notes.append(Note(Fate.RESET, TASKS.title, f"{told} 项结转任务的工作成效是上一年的，已清空；原台账里还在。"))
    return changes, notes


def carried_notes(records: Records, rows: Iterable[int]) -> list[Note]:
    """A line for each carried row; rows keep their ids."""
    ids, title = records.texts(ID_COLUMN), records.sheet.title
    names = records.texts(records.sheet.name_column) if records.sheet.name_column else records.texts(records.sheet.key)
    return [Note(Fate.CARRIED, title, names[index] or _named(records, index), records.key(index), ids[index])
            for index in rows]


def left_notes(facts: Facts, carried: Mapping[str, list[int]]) -> Iterator[Note]:
    """How many rows of each sheet stay behind, and why."""
    reasons = {TASKS.title: "已完成、已取消的任务", PROBLEMS.title: "已整改的问题", ITEMS.title: "条目是上一年的话",
               EVENTS.title: "活动是上一年的", CASES.title: "办件是上一年的"}
    for title, reason in reasons.items():
        left = len(facts.ledger[title].facts) - len(carried.get(title, ()))
        if left:
            yield Note(Fate.LEFT, title, f"{reason}，{left} 行留在原台账。")


def lost_links(facts: Facts, title: str, column: str, rows: Iterable[int], kept: set[str]
               ) -> tuple[dict[int, Change], list[Note]]:
    """References of carried rows to rows that stay behind: blank in the new ledger, and said."""
    records = facts.ledger[title]
    gone = [index for index in rows if (name := records.folded(column)[index]) and name not in kept]
    notes = [Note(Fate.LOOK, title, f"{column}“{records.texts(column)[index]}”没有带入，这一格已清空。",
                  records.key(index), records.texts(ID_COLUMN)[index]) for index in gone]
    return {index: {column: None} for index in gone}, notes


def statistics_rows(records: Records) -> tuple[list[int], list[Note]]:
    """The tables whose every value is a slot or a total; one with typed numbers is last year's."""
    def renewed(index: int) -> bool:
        totals = {records.texts("行")[index], records.texts("列")[index]} & set(TOTAL_WORDS)
        return bool(totals) or any(not isinstance(part, str) for part in parse_slots(records.texts("值")[index]))

    titles = records.texts("表题")
    typed = {titles[index] for index in records.facts if not renewed(index)}
    notes = [Note(Fate.LEFT, STATISTICS.title, f"表“{title}”里有手填的数，是上一年的，没有带。")
             for title in dict.fromkeys(titles[index] for index in records.facts) if title in typed]
    return [index for index in records.facts if titles[index] not in typed], notes
