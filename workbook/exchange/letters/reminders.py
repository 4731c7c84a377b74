"""催报: the letter to an office whose workbook has not come back; it follows the letter that brought it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from workbook.exchange.folder import Exchange
from workbook.exchange.letters.drafts import addressed, message
from workbook.exchange.letters.wording import Sender, reminder
from workbook.exchange.mail.addresses import addresses
from workbook.exchange.posting import Outbound, fates, letter_id
from workbook.exchange.progress import Progress, State
from workbook.exchange.working_days import working_days

KIND = "催报"


def sender_of_last(exchange: Exchange) -> Sender:
    """Who sent the last dispatch of a folder."""
    told = [event["sender"] for event in exchange.events() if event["event"] == "dispatch"][-1]
    return Sender(*(str(told[name]) for name in Sender._fields))


def reminders(exchange: Exchange, late: Iterable[Progress], today: dt.date) -> list[Outbound]:
    """A letter for each of these offices, one a day."""
    sender, known = sender_of_last(exchange), fates(exchange.events())
    return [_reminder(sender, one, today, known[name].message_id if (name := letter_id(one.dispatch, one.code)) in known
                      else "") for one in late]


def _reminder(sender: Sender, one: Progress, today: dt.date, follows: str) -> Outbound:
    told = reminder(sender, one.office, one.clerk, one.due, _how_late(one, today))
    answers = [follows] if follows else []
    return Outbound(f"{KIND} {one.dispatch} {one.code} {today.isoformat()}", KIND, one.office, one.code,
                    addresses(one.mail),
                    lambda head: message(told, addressed(head._replace(answers=answers), sender,
                                                         one.clerk or one.office)),
                    {"dispatch": one.dispatch})


def _how_late(one: Progress, today: dt.date) -> str:
    if one.state is State.SENT_BACK:
        return "交回的有错误，已经退回，改好的还没有收到"
    if one.state is State.ASIDE:
        return "收到过一份写着你们名称、来路没有核实的表，没有收下"
    if one.late:
        return f"已过 {one.overdue} 个工作日，还没有收到" if one.overdue else "已经到期，还没有收到"
    if not one.due:
        return "到今天还没有收到"
    left = working_days(today, dt.date.fromisoformat(one.due))
    return f"{f'还有 {left} 个工作日' if left else '今天到期'}，还没有收到"
