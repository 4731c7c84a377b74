"""What the chosen kind still lacks: warnings by custom, never a reason to refuse.

Deadlines, openness and length come from the kind's template.toml.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from templates.blocks import Document, Paragraph
from templates.front import PUBLIC
from templates.kinds import Kind
from workbook.facts import Facts
from workbook.faults import found
from workbook.findings import Cell, Finding
from workbook.ledger import Head, Ledger, print_date
from workbook.schema import TASKS


def readiness(ledger: Ledger, kind: Kind, facts: Facts, document: Document) -> Iterator[Finding]:
    """Every readiness warning of one report."""
    yield from _needs(ledger.head, kind)
    yield from _deadline(ledger.head, kind)
    yield from _openness(ledger.head, kind)
    yield from _length(kind, document)
    yield from _later_tasks(ledger, facts)


def _needs(head: Head, kind: Kind) -> Iterator[Finding]:
    for key in kind.needs:
        if not head.text(key):
            yield found("R004", _place(head, key), sheet=head.table.name, column=key, value=key, given=kind.name)


def _deadline(head: Head, kind: Kind) -> Iterator[Finding]:
    signed, day = head.date("成文日期"), _next_year(head, kind.deadline)
    if signed and day and signed > day:
        yield found("R001", _place(head, "成文日期"), column="成文日期",
                    value=print_date(signed), given=print_date(day))


def _next_year(head: Head, text: str) -> dt.date | None:
    """03-01 -> the first of March after the year of the report."""
    if head.year is None or not text:
        return None
    month, _, day = text.partition("-")
    try:
        return dt.date(head.year + 1, int(month), int(day))
    except ValueError:
        return None


def _openness(head: Head, kind: Kind) -> Iterator[Finding]:
    if head.text("公开属性") == "不予公开" and not head.text("不公开理由"):
        yield found("R002", _place(head, "公开属性"), column="公开属性")
    signed, day = head.date("成文日期"), _next_year(head, kind.publication)
    if head.text("公开属性") == PUBLIC and signed and day and signed > day:
        yield found("R006", _place(head, "成文日期"), column="成文日期",
                    value=print_date(signed), given=print_date(day))


def _length(kind: Kind, document: Document) -> Iterator[Finding]:
    size = sum(len(block.text) for block in document.blocks if isinstance(block, Paragraph))
    if kind.length and size > kind.length:
        yield found("R003", value=str(size), given=str(kind.length))


def _later_tasks(ledger: Ledger, facts: Facts) -> Iterator[Finding]:
    """Texts of tasks finished after the days that the report covers (a quarter from a year's ledger)."""
    end = facts.window.end
    if end is None or end == ledger.head.date("统计止"):
        return
    records = ledger[TASKS.title]
    days, texts, flags = records.dates("完成日期"), records.texts("工作成效"), records.flags("入报告")
    later = [i for i in records.facts if (day := days[i]) and day > end and texts[i] and flags[i] is not False]
    if later:
        keys = "、".join(records.key(index) for index in later)
        yield records.finding("R005", later[0], "完成日期", value=keys, given=print_date(end))


def _place(head: Head, key: str) -> Cell | None:
    entry = head.entries.get(key)
    return entry.cell if entry else None
