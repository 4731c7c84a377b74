"""报告信息 of the next year: the year and its days move on, what belongs to one paper is blank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from workbook import schema
from workbook.findings import Refusal
from workbook.ledger import Head, print_date
from workbook.raw import RawSheet, RawValue
from workbook.rollover.notes import Fate, Note

OF_ONE_PAPER = ("成文日期", "发文年份", "发文顺序号", "份号", "印发日期", "紧急程度")
PLAN_KEYS = ("规划期名称", "规划期起", "规划期止")
_DAY = dt.timedelta(days=1)


class Plan(NamedTuple):
    """A plan period that begins: its 规划期名称, first day and, where it is known, last day."""

    name: str
    start: dt.date | None = None
    end: dt.date | None = None


class Years(NamedTuple):
    """From one report to the next: the days that each covers; `plan` where a new plan period begins."""

    old: int
    new: int
    end: dt.date
    next_start: dt.date
    next_end: dt.date
    plan: Plan | None


def years_of(head: Head, path: str, year: int, plan: Plan | None) -> Years:
    """What the turn of the year means for this ledger.

    Raises Refusal where the ledger does not say its year or days, where `year` is not the next one, and where a
    plan period ends and its successor has no name, or the other way round.
    """
    start, end = head.date("统计起"), head.date("统计止")
    if head.year is None or start is None or end is None:
        raise Refusal(f"{path}：报告信息的报告年度、统计起、统计止没有填全，算不出结转的数。请补填后再结转。")
    if year != head.year + 1:
        raise Refusal(f"{path}：是{head.year}年的台账，只能结转到{head.year + 1}年，不能结转到{year}年。请改 --year。")
    return Years(head.year, year, end, _next_year(start), _next_year(end), _plan(head, path, year, plan))


def _next_year(day: dt.date) -> dt.date:
    """The same day a year on; the last day of February stays the last day."""
    following = day + _DAY
    if following.day == 1:
        return following.replace(year=following.year + 1) - _DAY
    return day.replace(year=day.year + 1)


def _plan(head: Head, path: str, year: int, plan: Plan | None) -> Plan | None:
    ends, name = head.date("规划期止"), head.text("规划期名称")
    if ends is None or ends.year < year:
        return _begun(head, path, year, plan, ends)
    if plan:
        raise Refusal(f"{path}：规划期{name}到{print_date(ends)}为止，{year}年还没有进入新的规划期。请去掉 --plan。")
    return None


def _begun(head: Head, path: str, year: int, plan: Plan | None, ended: dt.date | None) -> Plan | None:
    """The plan period that begins with the new year; None where nothing says that one ends."""
    if plan is None and ended is None:
        return None
    if plan is None or not plan.name.strip():
        until = f"到{print_date(ended)}为止，" if ended else ""
        raise Refusal(f"{path}：规划期{head.text('规划期名称')}{until}{year}年进入新的规划期，规划期的数要重新起算。"
                      "请加 --plan 写明新规划期的名称，如：--plan “九五”普法。")
    start = plan.start or (ended + _DAY if ended else dt.date(year, 1, 1))
    if (ended and start <= ended) or (plan.end and plan.end < start):
        raise Refusal(f"{path}：新的规划期从{print_date(start)}起，要晚于原来的规划期，也不能晚于它自己的止日。"
                      "请核对 --plan-start 和 --plan-end。")
    return Plan(plan.name.strip(), start, plan.end)


def next_head(head: Head, years: Years) -> tuple[RawSheet, list[Note]]:
    """The sheet 报告信息 of the new ledger; keys of the office's own go along."""
    new = _new_values(years)
    rows: list[list[RawValue]] = [list(schema.HEAD_COLUMNS)]
    for title, value in _stored(head):
        rows.append([title, new.pop(title) if title in new else value])
    rows += [[title, value] for title, value in new.items() if value is not None]
    return RawSheet(schema.HEAD_SHEET, rows), list(_notes(head, years))


def _new_values(years: Years) -> dict[str, RawValue]:
    new: dict[str, RawValue] = {"报告年度": years.new, "统计起": years.next_start, "统计止": years.next_end}
    new |= dict.fromkeys(OF_ONE_PAPER)
    if years.plan:
        new |= dict(zip(PLAN_KEYS, years.plan, strict=True))
    return new


def _stored(head: Head) -> Iterator[tuple[str, RawValue]]:
    """Every key once, with its value; days are days, whatever the epoch of the file."""
    for title, entry in head.entries.items():
        index = head.table.numbers.index(entry.cell.row)
        stored = head.table.value(index, "内容")
        yield title, entry.value if isinstance(entry.value, dt.date) else stored


def _notes(head: Head, years: Years) -> Iterator[Note]:
    sheet = schema.HEAD_SHEET
    yield Note(Fate.RESET, sheet, f"报告年度 {years.new}，统计起 {years.next_start}，统计止 {years.next_end}。")
    cleared = [title for title in OF_ONE_PAPER if head.text(title)]
    if cleared:
        yield Note(Fate.RESET, sheet, f"{'、'.join(cleared)}是上一份报告的，已清空。")
    if years.plan:
        until = f"止{years.plan.end}" if years.plan.end else "止日没有给，请在报告信息里补填"
        yield Note(Fate.RESET, sheet, f"规划期改为{years.plan.name}，起{years.plan.start}，{until}。")
    elif head.text("规划期起") and not head.text("规划期止"):
        yield Note(Fate.LOOK, sheet, "规划期止空着，按规划期还没有结束处理；已经结束的，请加 --plan 重新结转。")
