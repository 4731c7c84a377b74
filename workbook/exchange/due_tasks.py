"""Tasks that are overdue or soon due, by the office that has to do them."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from workbook.exchange.working_days import working_days
from workbook.ledger import Ledger

OPEN = ("未开始", "进行中")


class Due(NamedTuple):
    """One open task; `days` are the working days left, negative where it is overdue."""

    office: str
    key: str
    name: str
    person: str
    limit: dt.date
    state: str
    days: int


def due_tasks(ledger: Ledger, today: dt.date, within: int) -> list[Due]:
    """The open tasks overdue or due within so many working days, by office and date; others are left out."""
    records = ledger["任务"]
    offices, names, people, states = (records.texts(title) for title in ("责任股室", "任务名称", "责任人", "状态"))
    limits, found = records.dates("完成时限"), []
    for index in records.facts:
        limit = limits[index]
        if limit is None or states[index] not in OPEN or not offices[index]:
            continue
        days = min(working_days(today, limit), -1) if limit < today else working_days(today, limit)
        if days <= within:
            found.append(Due(offices[index], records.key(index), names[index], people[index], limit, states[index],
                             days))
    return sorted(found, key=lambda one: (one.office, one.limit, one.key))
