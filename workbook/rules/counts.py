"""Numbers of single rows, and the total rows under them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from workbook.findings import Finding, Severity
from workbook.ledger import Records
from workbook.normalize import Quantity, read_number
from workbook.raw import RawValue
from workbook.rowkinds import RowKind
from workbook.rules.agreement import spoken
from workbook.rules.registry import Inspection, rule, rule_of
from workbook.schema import CASES, EVENTS, TASKS

_W = Severity.WARNING
_SESSIONS, _MOST_SESSIONS = "场次", 366
_WHOLE_UNITS = frozenset(
    ("人", "人次", "户", "户次", "件", "件次", "份", "个", "张", "条", "场", "场次", "次", "家", "家次", "名", "对",
     "位", "册", "期", "项", "起", "宗", "篇", "块", "幅", "面", "批", "批次"))


@rule("N010", "数量是负数", "“{column}”是{value}，数量不会是负的，相加时会把别的行减掉。",
      "请核对；要冲减的，直接改原来那一行。", _W)
def count_is_negative(look: Inspection) -> Iterator[Finding]:
    """负数会悄悄减掉别的行，合计少了却看不出来。"""
    for records, title, numbers in _counted(look):
        for index in records.rows_where(title, (one and one.value < 0 for one in numbers)):
            yield records.finding("N010", index, title)


@rule("N011", "场次是零", "场次是 0，这场活动一场也不会计入。",
      "办过的请填实际场次（空着按 1 场算），没有办的删掉这一行。", _W)
def no_session(look: Inspection) -> Iterator[Finding]:
    """登记了活动又填零场，报告里的场次就少了。"""
    return _sessions(look, "N011", lambda value: value == 0)


@rule("N012", "户数多于人数", "户数是{given}，人数只有{value}，一户至少一人，两个数可能填反了。", "请核对这两格。", _W)
def more_homes_than_people(look: Inspection) -> Iterator[Finding]:
    """“33087户57374人”填反了，报告一看就是错的。"""
    records = look.ledger[CASES.title]
    if not (records.has("户数") and records.has("人数")):
        return
    homes, people = records.numbers("户数"), records.numbers("人数")
    for index in records.rows_where("户数", records.different_numbers("户数")):
        if (home := homes[index]) and (some := people[index]) and home.value > some.value >= 0:
            yield records.finding("N012", index, "人数", given=spoken(home.value))


@rule("N013", "件数、人数不是整数", "“{column}”是{value}，单位是{given}，应是整数。", "请核对后改正。", _W)
def count_is_broken(look: Inspection) -> Iterator[Finding]:
    """半个人、半件事数不出来，多半是把别的数填到了这一格。"""
    for records, title, numbers in _counted(look):
        own_unit, fixed = (records.sheet, title) == (CASES, "数量"), _unit(records, title)
        for index in records.rows_where(title, (one and one.value % 1 for one in numbers)):
            unit = records.texts("单位")[index] if own_unit else fixed
            if unit in _WHOLE_UNITS:
                yield records.finding("N013", index, title, given=unit)


@rule("N017", "进度不在0到100%之间", "进度是{value}，应在 0 和 100% 之间。", "请核对后改正。", _W)
def progress_is_out_of_range(look: Inspection) -> Iterator[Finding]:
    """进度超过100%或是负数，看板和平均进度都会算错。"""
    records = look.ledger[TASKS.title]
    if not records.has("进度"):
        return
    texts = records.folded("进度")
    for index in records.rows_where("进度", map(_far, records.column("进度").different)):
        number = records.number_at(index, "进度", percent=True) if texts[index] else None
        if number and (number.value < 0 or (number.value > 1 and "%" in texts[index])):
            yield records.finding("N017", index, "进度", value=spoken(number.value, percent=True))


def _far(progress: RawValue) -> bool:
    number = read_number(progress, percent=True).value
    return isinstance(number, Quantity) and (number.value < 0 or number.value > 1)


@rule("N015", "场次多得不可能", "场次是{value}，比一年的天数还多，可能填成了人数或编号。", "请核对后改正。", _W)
def too_many_sessions(look: Inspection) -> Iterator[Finding]:
    """一格填错，全年的场次就错了几百场。"""
    return _sessions(look, "N015", lambda value: value > _MOST_SESSIONS)


@rule_of("S013", "合计行和各行对不上")
def total_row_is_wrong(look: Inspection) -> Iterator[Finding]:
    """合计行是手写的，后来添了行没有改，两个数总有一个会被人引用。"""
    for title in (EVENTS.title, CASES.title):
        records = look.ledger[title]
        if RowKind.TOTAL in records.kinds:
            for column in _columns(records):
                yield from _wrong_totals(records, column)


def _wrong_totals(records: Records, title: str) -> Iterator[Finding]:
    """A total may sum all rows, those above it, or those since the total before it."""
    numbers = records.numbers(title)
    if any((number := numbers[index]) and number.inexact for index in records.facts):
        return
    blank = Decimal(1) if title == _SESSIONS else Decimal(0)
    facts = set(records.facts)
    sections, above = [Decimal(0)] * 2, [Decimal(0)] * 2
    whole = [_sum(numbers, records.facts, one) for one in (Decimal(0), blank)]
    for index, kind in enumerate(records.kinds):
        if index in facts:
            for at, default in enumerate((Decimal(0), blank)):
                value = _value(numbers[index], default)
                sections[at], above[at] = sections[at] + value, above[at] + value
        elif kind is RowKind.TOTAL:
            number = numbers[index]
            if number and not number.inexact and number.value not in (*sections, *above, *whole):
                yield records.finding("S013", index, title, given=spoken(number.value),
                                      value=spoken(above[1] or whole[1]))
            sections = [Decimal(0)] * 2


def _sum(numbers: list[Quantity | None], rows: list[int], default: Decimal) -> Decimal:
    return sum((_value(numbers[index], default) for index in rows), Decimal(0))


def _value(number: Quantity | None, default: Decimal) -> Decimal:
    return number.value if number else default


def _sessions(look: Inspection, code: str, wrong: Callable[[Decimal], bool]) -> Iterator[Finding]:
    records = look.ledger[EVENTS.title]
    if records.has(_SESSIONS):
        numbers = records.different_numbers(_SESSIONS)
        odd = records.having(_SESSIONS, (one and wrong(one.value) for one in numbers))
        for index in records.rows(odd & ~records.filled("备注")):
            yield records.finding(code, index, _SESSIONS)


def _counted(look: Inspection) -> Iterator[tuple[Records, str, list[Quantity | None]]]:
    """The columns of events and cases that count things, each different number once; money may be paid back."""
    for sheet in (EVENTS.title, CASES.title):
        records = look.ledger[sheet]
        for title in _columns(records):
            if not _unit(records, title).endswith("元"):
                yield records, title, records.different_numbers(title)


def _columns(records: Records) -> list[str]:
    """The columns of a sheet that hold numbers, an office's own among them."""
    return [header.title for header in records.table.headers if header.column and header.column.numeric]


def _unit(records: Records, title: str) -> str:
    header = next(one for one in records.table.headers if one.title == title)
    return header.column.unit if header.column else ""
