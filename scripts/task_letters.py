"""督办单 for tasks that are overdue and 提示单 for those soon due: one of each an office, on paper and as a letter."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.exchange.due_tasks import Due
    from workbook.exchange.posting import Outbound
    from workbook.exchange.shares import Office
    from workbook.ledger import Ledger

_COLUMNS = ("编号", "任务", "责任人", "完成时限", "状态", "情况")


class TaskLetter(NamedTuple):
    """One letter: `name` is that of its files, `docx` the paper, `outbound` the mail that brings it."""

    name: str
    docx: bytes
    outbound: Outbound


def ledger_of(path: str) -> Ledger:
    """The ledger whose tasks are looked at; raises Refusal where something in it must not travel."""
    from workbook.book import recognize
    from workbook.exchange.withheld import require_harmless
    from workbook.gate import admit
    from workbook.ledger import Ledger
    from workbook.reading.reader import read

    ledger = Ledger(admit(recognize(read(path, notes=True))))
    require_harmless(ledger, "出提示单和督办单")
    return ledger


def task_letters(ledger: Ledger, today: dt.date, within: int) -> list[TaskLetter]:
    """The letters about open tasks that are overdue or due within so many working days."""
    from workbook.exchange.due_tasks import due_tasks
    from workbook.exchange.letters.wording import OVERDUE, SOON
    from workbook.exchange.shares import offices_of

    if within < 0:
        raise Refusal(f"--within：“{within}”不能是负数。请写成 10 这样的天数。")
    offices = {one.name: one for one in offices_of(ledger)}
    groups: dict[tuple[str, str], list[Due]] = {}
    for one in due_tasks(ledger, today, within):
        groups.setdefault((one.office, OVERDUE if one.days < 0 else SOON), []).append(one)
    return [_letter(ledger, title, tasks, offices.get(name) or _unknown(name, number), today)
            for number, ((name, title), tasks) in enumerate(groups.items(), 1)]


def _unknown(name: str, number: int) -> Office:
    """An office that 股室 does not have."""
    from workbook.exchange.shares import Office

    return Office(name, f"其他{number}", "", "", "", -1)


def _letter(ledger: Ledger, title: str, tasks: list[Due], office: Office, today: dt.date) -> TaskLetter:
    from workbook.exchange.letters.drafts import LETTER_TYPE, Attached, addressed, message
    from workbook.exchange.letters.wording import due_letter, sender_of
    from workbook.exchange.mail.addresses import addresses
    from workbook.exchange.posting import Outbound
    from workbook.faults import safe

    sender, code = sender_of(ledger.head), office.code or office.name
    paper = _paper(title, office.name, tasks, sender.office, today)
    told = due_letter(sender, title, office.name, office.clerk, [safe(_line(one)) for one in tasks])
    file = Attached(f"{title}（{office.name}）.docx", paper, LETTER_TYPE)
    outbound = Outbound(f"{title} {code} {today.isoformat()}", title, office.name, code, addresses(office.mail),
                        lambda head: message(told, addressed(head, sender, office.clerk or office.name), [file]))
    return TaskLetter(f"{title}-{code}", paper, outbound)


def _paper(title: str, office: str, tasks: list[Due], sender: str, today: dt.date) -> bytes:
    from templates.reminders import docx, letter

    what = ("已过完成时限，请说明原因，尽快办结，并在台账里更新状态和完成日期。" if title == "督办单" else
            "即将到期，请抓紧办理；已经办完的，请在台账里更新状态和完成日期。")
    table = [_COLUMNS, *((one.key, one.name, one.person, one.limit.isoformat(), one.state, _situation(one))
                         for one in tasks)]
    return docx(letter(title, office, (f"下列 {len(tasks)} 项任务{what}",), table, sender, today))


def _line(one: Due) -> str:
    from workbook.exchange.letters.wording import day

    return f"{f'{one.key} ' if one.key else ''}{one.name}：{day(one.limit.isoformat())}到期，{_situation(one)}"


def _situation(one: Due) -> str:
    if one.days < 0:
        return f"逾期 {-one.days} 个工作日"
    return f"还有 {one.days} 个工作日" if one.days else "今天到期"
