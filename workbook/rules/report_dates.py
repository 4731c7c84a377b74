"""The days and years of 报告信息 against each other: what the report covers, when it was signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from workbook.faults import found
from workbook.findings import Finding, Severity
from workbook.ledger import Head
from workbook.rules.registry import Inspection, rule

_W = Severity.WARNING
_LONGEST = dt.timedelta(days=366)


@rule("D010", "统计止早于统计起", "统计止{value}早于统计起{given}，一行也计不进来，所有的数都是 0。",
      "请核对后改正其中一个。")
def counts_nothing(look: Inspection) -> Iterator[Finding]:
    """统计起到统计止之间没有一天，报告里的数全部是零。"""
    return _earlier("D010", look.ledger.head, "统计止", "统计起")


@rule("D011", "规划期起晚于统计起", "规划期起{value}晚于统计起{given}，累计数会比本年数少。",
      "请核对规划期从哪一天算起。", _W)
def plan_starts_late(look: Inspection) -> Iterator[Finding]:
    """规划期的数从规划期起累计，起点晚了，累计数反而小于本年数。"""
    head = look.ledger.head
    plan, start = head.date("规划期起"), head.date("统计起")
    if plan and start and plan > start:
        yield _at("D011", head, "规划期起", start.isoformat())


@rule("D012", "规划期止早于统计止", "规划期止{value}早于统计止{given}，报告里“规划期以来”的数超出了规划期。",
      "请换成现行的规划期，或核对统计止。", _W)
def plan_is_over(look: Inspection) -> Iterator[Finding]:
    """规划期已经结束，还按它累计，报告里写的是上一个规划期。"""
    return _earlier("D012", look.ledger.head, "规划期止", "统计止")


@rule("D013", "成文日期早于统计止", "成文日期{value}早于统计止{given}，报告写成时还没有统计到那一天。",
      "请核对后改正其中一个。", _W, "惯例")
def signed_before_the_end(look: Inspection) -> Iterator[Finding]:
    """正文写着截至某日的数，落款却在那天之前，读报告的人会质疑数字的来历。"""
    return _earlier("D013", look.ledger.head, "成文日期", "统计止")


@rule("D014", "印发日期早于成文日期", "印发日期{value}早于成文日期{given}，文件不会在成文以前印发。",
      "请核对后改正其中一个。", _W, "惯例")
def printed_before_signed(look: Inspection) -> Iterator[Finding]:
    """印发日期是送印的日子，总在成文日期当天或以后。"""
    return _earlier("D014", look.ledger.head, "印发日期", "成文日期")


@rule("D017", "报告年度不是统计止的年份", "报告年度是{value}，统计止却在{given}年，标题和数字不是同一年。",
      "请核对后改正其中一个。", _W)
def another_year(look: Inspection) -> Iterator[Finding]:
    """标题印报告年度，数字按统计起止计算，两处不是一年，报告就张冠李戴。"""
    return _not_the_year("D017", look.ledger.head, "报告年度", "统计止")


@rule("D018", "发文年份不是成文日期的年份", "发文年份是{value}，成文日期却在{given}年，文号和落款不是同一年。",
      "请核对后改正其中一个。", _W, "惯例")
def numbered_in_another_year(look: Inspection) -> Iterator[Finding]:
    """文号按发文当年编，年份和落款不一致，归档时会错位。"""
    return _not_the_year("D018", look.ledger.head, "发文年份", "成文日期")


@rule("D020", "统计期超过一年", "从统计起{value}到统计止{given}超过一年，“本年”的数会把往年也算进来。",
      "请核对统计起的年份。", _W)
def covers_more_than_a_year(look: Inspection) -> Iterator[Finding]:
    """本年值从统计起算到统计止，起点的年份写错，往年的行就混进本年。"""
    head = look.ledger.head
    start, end = head.date("统计起"), head.date("统计止")
    if start and end and end - start >= _LONGEST:
        yield _at("D020", head, "统计起", end.isoformat())


def _earlier(code: str, head: Head, key: str, than: str) -> Iterator[Finding]:
    day, other = head.date(key), head.date(than)
    if day and other and day < other:
        yield _at(code, head, key, other.isoformat())


def _not_the_year(code: str, head: Head, key: str, of: str) -> Iterator[Finding]:
    year, day = head.number(key), head.date(of)
    if year is not None and day and year != day.year:
        yield _at(code, head, key, str(day.year))


def _at(code: str, head: Head, key: str, given: str) -> Finding:
    entry = head.entries[key]
    return found(code, entry.cell, column=key, key=key, value=entry.text, given=given)
