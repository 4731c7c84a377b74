"""Events and tasks that are possible, but that a careful reader would ask about."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import compress
from operator import add
from typing import TypeVar

from workbook.columns import flags_of
from workbook.faults import found
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger, Records
from workbook.rules.once import once_a_ledger
from workbook.rules.registry import Inspection, rule
from workbook.schema import EVENTS, EXCUSE_COLUMN, SOURCE_SHEETS, TASKS

T = TypeVar("T")
ATTENDED, ASKED = "参与（人次）", "咨询（人次）"
MOST_ATTENDED = 100_000
LONG_TEXT = 20
MANY_A_DAY, FAR_ABOVE_USUAL = 15, 5
CLUSTER = 8
"""So many rows of one kind are no accident."""
_MANY_MORE = 100
_ONLINE = "线上|网上|网络|直播|微信|公众号|短视频|新媒体|推送|抖音|云端|广播|电视"
_QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


@rule("Q003", "同一场活动登记了两次", "“{value}”和第{given}行日期、名称、股室、地点都相同，会数成两场。",
      "重复的请删掉一行；确是两场的，在名称里写明第几场。", Severity.WARNING)
def event_is_entered_twice(inspection: Inspection) -> Iterator[Finding]:
    """同一场活动登记两次，场次和人次都会多算一遍。"""
    records = inspection.ledger[EVENTS.title]
    for group in _apart(records, _alike(inspection.ledger), ("承办股室", "对象")):
        for index in group[1:]:
            yield records.finding("Q003", index, "活动名称", given=str(records.table.numbers[group[0]]))


@once_a_ledger
def _alike(ledger: Ledger) -> list[list[int]]:
    """The counting events with a day and a name, in groups that share these and the place."""
    records = ledger[EVENTS.title]
    days, names = records.different_dates("开始日期"), records.different_folded("活动名称")
    known = records.having("开始日期", days) & records.having("活动名称", names) & records.counted
    places = records.different_folded("地点")
    keys = _paired(records, (("开始日期", days), ("活动名称", names), ("地点", places)), known)
    twice = {key for key, count in Counter(keys).items() if count > 1}
    rows = compress(zip(keys, records.rows(known), strict=True), map(twice.__contains__, keys))
    return _grouped(rows)


def _apart(records: Records, groups: list[list[int]], titles: tuple[str, ...]) -> Iterator[list[int]]:
    """The groups again, each divided by what `titles` hold."""
    for group in groups:
        told = (tuple(records.folded_text(index, title) for title in titles) for index in group)
        yield from _grouped(zip(told, group, strict=True))


def _grouped(pairs: Iterable[tuple[Hashable, int]]) -> list[list[int]]:
    groups: dict[Hashable, list[int]] = {}
    for key, index in pairs:
        groups.setdefault(key, []).append(index)
    return list(groups.values())


def _numbered(values: Iterable[object]) -> list[int]:
    """The same number for equal values."""
    known: dict[object, int] = {}
    return [known.setdefault(value, len(known)) for value in values]


def _paired(records: Records, columns: Sequence[tuple[str, Sequence[object]]], chosen: int) -> list[int]:
    """A number for the values of each chosen row that counts in some columns; equal where all of them are.

    `columns` are their titles and what their different values read as; the number of the first counts most.
    """
    pairs: Iterable[int] | None = None
    below = 1
    for title, read in reversed(columns):
        numbers = _numbered(read)
        spread = records.column(title).spread([number * below for number in numbers])
        pairs = spread if pairs is None else map(add, spread, pairs)
        below *= max(numbers, default=0) + 1
    return list(compress(pairs or (), flags_of(chosen & records.counted, len(records))))


@rule("Q004", "两个股室登记了同一场活动", "“{value}”在第{given}行由{other}登记过，名称、地点都相同，会数成两场。",
      "请留主办的一行，另一行的角色填“协办”或删掉。", Severity.WARNING)
def event_of_two_offices(inspection: Inspection) -> Iterator[Finding]:
    """联合办的一场活动，两个股室各填一行，汇总就多一场。"""
    records = inspection.ledger[EVENTS.title]
    hosts = records.filled("地点") & records.filled("承办股室")
    hosts &= ~records.having("角色", [role == "协办" for role in records.different_folded("角色")])
    hosting = flags_of(hosts, len(records))
    for first, *others in filter(None, ([one for one in group if hosting[one]] for group in _alike(inspection.ledger))):
        office, people = records.folded_text(first, "承办股室"), records.folded_text(first, ATTENDED)
        for index in others:
            came = records.folded_text(index, ATTENDED)
            if office != records.folded_text(index, "承办股室") and (people == came or not (people and came)):
                row, other = str(records.table.numbers[first]), records.text(first, "承办股室")
                yield records.finding("Q004", index, "活动名称", given=row, other=other)


@rule("Q005", "一天里活动太多", "{given}在{value}登记了{count}场活动，远多于平时，日期可能填成了同一天。",
      "请核对这几行的日期。", Severity.INFO)
def many_events_on_one_day(inspection: Inspection) -> Iterator[Finding]:
    """补登台账时往下拖一格，日期就全成了同一天。"""
    records = inspection.ledger[EVENTS.title]
    counts = _events_a_day(inspection)
    usual = _typical(counts)
    busy = {pair for pair, count in counts.items()
            if count >= MANY_A_DAY and count >= FAR_ABOVE_USUAL * usual[pair[0]]}
    first: dict[tuple[str, dt.date | None], int] = {}
    for index in records.facts if busy else ():
        first.setdefault((records.text(index, "承办股室"), records.day(index, "开始日期")), index)
    for office, day in (pair for pair in counts if pair in busy):
        yield records.finding("Q005", first[office, day], "开始日期", given=office, count=str(counts[office, day]))


def _events_a_day(inspection: Inspection) -> Counter[tuple[str, dt.date]]:
    """How many events an office held on a day of the report's span; a day with a name is busy by nature."""
    records = inspection.ledger[EVENTS.title]
    start, end = inspection.facts.window.start or dt.date.min, inspection.facts.window.end or dt.date.max
    days, offices = records.different_dates("开始日期"), records.different_texts("承办股室")
    chosen = records.having("开始日期", [day and start <= day <= end for day in days])
    chosen &= ~records.having("节点", records.different_folded("节点"))
    numbers = Counter(_paired(records, (("承办股室", offices), ("开始日期", days)), chosen))
    known_offices, known_days = list(dict.fromkeys(offices)), list(dict.fromkeys(days))
    apart = ((divmod(pair, len(known_days)), count) for pair, count in numbers.items())
    return Counter({(known_offices[office], day): count for (office, at), count in apart if (day := known_days[at])})


def _typical(counts: Counter[tuple[str, dt.date]]) -> dict[str, int]:
    """The middle number of events a day, by office."""
    by_office: dict[str, list[int]] = {}
    for (office, _), count in counts.items():
        by_office.setdefault(office, []).append(count)
    return {office: sorted(numbers)[(len(numbers) - 1) // 2] for office, numbers in by_office.items()}


@rule("Q006", "参与人次都是整百", "{given}的{count}场活动，参与人次全是整百的数，像是估出来的。",
      "有签到表的请按签到表改。", Severity.INFO)
def every_number_is_round(inspection: Inspection) -> Iterator[Finding]:
    """实际数出来的人次不会场场整百，估数印进报告经不起核对。"""
    records = inspection.ledger[EVENTS.title]
    numbers, offices = records.different_numbers(ATTENDED), records.different_texts("承办股室")
    stated = records.having(ATTENDED, [one and one.value > 0 and not one.inexact for one in numbers])
    uneven = records.having(ATTENDED, [one and one.value % 100 != 0 for one in numbers])
    odd = {*_of_rows(records, "承办股室", offices, stated & uneven)}
    for office, count in Counter(_of_rows(records, "承办股室", offices, stated)).items():
        if count >= CLUSTER and office not in odd:
            its = records.having("承办股室", [one == office for one in offices])
            yield records.finding("Q006", records.rows(stated & its)[0], ATTENDED, given=office, count=str(count))


def _of_rows(records: Records, title: str, read: list[T], chosen: int) -> Iterator[T]:
    """What the values of a column read as, for each chosen row that counts."""
    flags = flags_of(chosen & records.counted, len(records))
    return (read[code] for code in compress(records.column(title).codes, flags))


@rule("Q007", "一场活动的人太多", "一场活动参与{value}人次，比一个县能到场的人还多，可能多打了0。",
      "请核对这个数；线上活动请在形式里写明。", Severity.WARNING)
def crowd_is_too_large(inspection: Inspection) -> Iterator[Finding]:
    """一格多打一个0，全年的参与人次就全错了。"""
    records = inspection.ledger[EVENTS.title]
    crowds = [one and one.value > MOST_ATTENDED for one in records.different_numbers(ATTENDED)]
    for index in records.rows_where(ATTENDED, crowds):
        if not _online(records, index):
            yield records.finding("Q007", index, ATTENDED)


def _online(records: Records, index: int) -> bool:
    return any(re.search(_ONLINE, records.text(index, title)) for title in ("形式", "活动名称", "类型", "地点"))


@rule("Q008", "咨询的比参与的还多", "咨询{value}人次，参与只有{given}人次，两个数可能填反了。", "请核对这两格。",
      Severity.WARNING)
def more_asked_than_came(inspection: Inspection) -> Iterator[Finding]:
    """来咨询的人也是参与的人，咨询远多于参与说明有一个数不对。"""
    records = inspection.ledger[EVENTS.title]
    many = [one and one.value >= _MANY_MORE for one in records.different_numbers(ASKED)]
    for index in records.rows_where(ASKED, many):
        one, all_ = records.number(index, ASKED), records.number(index, ATTENDED)
        if one is None or all_ is None or all_.value <= 0:
            continue
        if one.value > 3 * all_.value and one.value - all_.value >= _MANY_MORE:
            yield records.finding("Q008", index, ASKED, given=records.text(index, ATTENDED))


@rule("Q009", "完成了没有说明", "任务“{value}”已完成，没有工作成效和佐证材料，也没有活动或指标对得上。",
      "请补填工作成效或佐证材料，不写的在备注里说明。", Severity.INFO)
def done_without_a_word(inspection: Inspection) -> Iterator[Finding]:
    """说完成了又拿不出成效和材料，检查时说不清楚。"""
    records, events = inspection.ledger[TASKS.title], inspection.ledger[EVENTS.title]
    states, keys, linked = records.folded("状态"), records.folded("编号"), set(events.folded("关联任务"))
    reasons = [records.texts(title) for title in ("工作成效", "佐证材料", "目标指标", "备注", EXCUSE_COLUMN)]
    for index in records.facts if records.has("工作成效") or records.has("佐证材料") else ():
        if states[index] == "已完成" and not any(texts[index] for texts in reasons) and keys[index] not in linked:
            yield records.finding("Q009", index, "工作成效", value=records.texts("任务名称")[index])


@rule("Q010", "任务全在同一天完成", "{given}项已完成的任务，完成日期全是{value}，像是补填的。",
      "请按实际完成的日子改。", Severity.INFO)
def all_done_on_one_day(inspection: Inspection) -> Iterator[Finding]:
    """完成日期决定任务算进哪一年，一律填成一天就没有依据了。"""
    records = inspection.ledger[TASKS.title]
    days, states = records.dates("完成日期"), records.folded("状态")
    done = [index for index in records.facts if states[index] == "已完成" and days[index]]
    if len(done) >= CLUSTER and len({days[index] for index in done}) == 1:
        yield records.finding("Q010", done[0], "完成日期", given=str(len(done)))


@rule("Q011", "两项任务的成效一样", "任务“{value}”的工作成效和第{given}行一字不差，报告里同一段话会印两遍。",
      "请改成这项任务自己的成效。", Severity.WARNING)
def text_is_copied(inspection: Inspection) -> Iterator[Finding]:
    """两项任务不会做得一模一样，多半是复制以后忘了改。"""
    records = inspection.ledger[TASKS.title]
    texts, names = records.folded("工作成效"), records.texts("任务名称")
    first: dict[str, int] = {}
    for index in records.facts:
        if len(texts[index]) < LONG_TEXT:
            continue
        same = first.setdefault(texts[index], index)
        if same != index:
            row = str(records.table.numbers[same])
            yield records.finding("Q011", index, "工作成效", value=names[index], given=row)


@rule("Q012", "有一个季度没有活动", "{value}一场活动也没有登记，可能有股室没有填。", "请问一问各股室。", Severity.INFO)
def quarter_without_events(inspection: Inspection) -> Iterator[Finding]:
    """普法活动全年都有，空出一个季度多半是漏填。"""
    records, window = inspection.ledger[EVENTS.title], inspection.facts.window
    last, year = latest_day(inspection), window.end.year if window.end else 0
    if last is None or window.start is None or window.end is None:
        return
    days = records.different_dates("开始日期")
    seen = {(day.year, (day.month - 1) // 3) for day in _held(records, days)}
    of_year = records.having("开始日期", (day and day.year == year for day in days)) & records.counted
    for number, name in enumerate(_QUARTERS) if of_year.bit_count() >= CLUSTER else ():
        start, end = dt.date(year, 3 * number + 1, 1), _quarter_end(year, number)
        if window.start <= start and end <= min(last, window.end) and (year, number) not in seen:
            yield found("Q012", sheet=records.table.name, value=f"{year}年{name}")


def _held(records: Records, days: list[dt.date | None]) -> Iterator[dt.date]:
    """The days, of the different ones, that a counting row holds."""
    counted = compress(records.column("开始日期").codes, flags_of(records.counted, len(records)))
    return (day for code in set(counted) if (day := days[code]))


def _quarter_end(year: int, number: int) -> dt.date:
    return dt.date(year, 12, 31) if number == 3 else dt.date(year, 3 * number + 4, 1) - dt.timedelta(days=1)


def latest_day(inspection: Inspection) -> dt.date | None:
    """The last day on which any counted row falls within the report's span: how far the ledger is filled."""
    start, end = inspection.facts.window.start, inspection.facts.window.end
    if start is None or end is None:
        return None
    days = [day for records in _sources(inspection.ledger) for day in _done(inspection, records)]
    return max((day for day in days if start <= day <= end), default=None)


def _sources(ledger: Ledger) -> Iterator[Records]:
    return (ledger[title] for title in SOURCE_SHEETS)


def _done(inspection: Inspection, records: Records) -> Iterator[dt.date]:
    """The days of the rows that have happened: a task's deadline says nothing."""
    return (day for day in records.different_dates(records.sheet.date_columns[0]) if day)
