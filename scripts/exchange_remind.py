"""`taizhang remind`: letters to offices that have not returned their workbook, and about tasks overdue or soon due."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from typing import TYPE_CHECKING

from scripts.common import print_json, tell
from scripts.exchange_dispatch import register
from scripts.exchange_status import dispatched, lateness, say_uncertain, summary
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.exchange.due_tasks import Due
    from workbook.exchange.folder import Exchange
    from workbook.exchange.letters.wording import Sender
    from workbook.exchange.progress import Progress
    from workbook.ledger import Ledger

FOLDER, LETTER = "催报", "催报函.docx"
_TASKS = ("编号", "任务", "责任人", "完成时限", "状态", "情况")


def run(options: Namespace) -> int:
    """Write the letters into the 往来 folder; 0 also where there is nothing to write."""
    from workbook.exchange.progress import progress, uncertain_years
    from workbook.files import stamp

    exchange, today = dispatched(options.folder), stamp().date()
    ledger = _ledger(options.book) if options.book else None
    found = progress(exchange, today)
    late = [one for one in found if one.waiting]
    with exchange.lock():
        files = _remind(exchange, late, today) if late else []
        files += _tasks(exchange, ledger, today, options.within) if ledger else []
        register(exchange)
    if options.json:
        print_json({"folder": str(exchange.path), "offices": [one.as_json() for one in late], "files": files})
    tell(summary(found), options)
    for name in files:
        tell(f"  已生成：{exchange.path / name}", options)
    if not files:
        tell("没有要催的。", options)
    say_uncertain(uncertain_years(late, today))
    return 0


def _remind(exchange: Exchange, late: list[Progress], today: dt.date) -> list[str]:
    """A draft for every office and one 催报函 for all."""
    from templates.reminders import docx, letter
    from workbook.exchange.letters.drafts import addresses, message
    from workbook.exchange.letters.wording import day, reminder

    sender, files = _sender(exchange), []
    for one in late:
        path = f"{FOLDER}/{today.isoformat()}/{one.code}.eml"
        told = reminder(sender, one.office, one.clerk, one.due, _how_late(one, today))
        exchange.write(path, message(told, addresses(one.mail)))
        files.append(path)
    table = [("股室", "填报人", "截止日期", "情况"),
             *((one.office, one.clerk, day(one.due) or "未定", lateness(one) or one.state.value) for one in late)]
    lines = (f"{sender.ledger}填报表已经下发，截至{day(today.isoformat())}，下列 {len(late)} 个股室还没有交回。",
             "请抓紧填好，回复原来那封邮件并附上填好的文件。")
    path = f"{FOLDER}/{today.isoformat()}/{LETTER}"
    exchange.write(path, docx(letter("催报函", "各有关股室", lines, table, sender.office, today)))
    _record(exchange, late, today)
    return [*files, path]


def _record(exchange: Exchange, late: list[Progress], today: dt.date) -> None:
    """Enter the reminder, once a day and office."""
    known = {(event["dispatch"], event["code"], event["day"]) for event in exchange.events()
             if event["event"] == "reminded"}
    for one in late:
        if (one.dispatch, one.code, today.isoformat()) not in known:
            exchange.record({"event": "reminded", "dispatch": one.dispatch, "code": one.code, "day": today.isoformat()})


def _how_late(one: Progress, today: dt.date) -> str:
    from workbook.exchange.working_days import working_days

    if one.state.value == "已退回":
        return "退回改正后"
    if one.late:
        return f"已过 {one.overdue} 个工作日" if one.overdue else "已经到期"
    if not one.due:
        return "到今天"
    left = working_days(today, dt.date.fromisoformat(one.due))
    return f"还有 {left} 个工作日" if left else "今天到期"


def _sender(exchange: Exchange) -> Sender:
    from workbook.exchange.letters.wording import Sender

    told = [event["sender"] for event in exchange.events() if event["event"] == "dispatch"][-1]
    return Sender(*(str(told[name]) for name in Sender._fields))


def _ledger(path: str) -> Ledger:
    from workbook.book import recognize
    from workbook.exchange.withheld import require_harmless
    from workbook.gate import admit
    from workbook.ledger import Ledger
    from workbook.reading.reader import read

    ledger = Ledger(admit(recognize(read(path, notes=True))))
    require_harmless(ledger, "出提示单和督办单")
    return ledger


def _tasks(exchange: Exchange, ledger: Ledger, today: dt.date, within: int) -> list[str]:
    """督办单 for what is overdue, 提示单 for what is soon due, one of each an office."""
    from workbook.exchange.due_tasks import due_tasks
    from workbook.exchange.letters.wording import sender_of
    from workbook.exchange.shares import offices_of

    if within < 0:
        raise Refusal(f"--within：“{within}”不能是负数。请写成 10 这样的天数。")
    codes = {one.name: one.code or one.name for one in offices_of(ledger)}
    groups: dict[tuple[str, str], list[Due]] = {}
    for one in due_tasks(ledger, today, within):
        groups.setdefault((one.office, "督办单" if one.days < 0 else "提示单"), []).append(one)
    files = []
    for number, ((office, title), tasks) in enumerate(groups.items(), 1):
        name = codes.get(office, f"其他{number}")
        path = f"{FOLDER}/{today.isoformat()}/{title}-{name}.docx"
        exchange.write(path, _task_letter(title, office, tasks, sender_of(ledger.head).office, today))
        files.append(path)
    return files


def _task_letter(title: str, office: str, tasks: list[Due], sender: str, today: dt.date) -> bytes:
    from templates.reminders import docx, letter

    overdue = title == "督办单"
    what = ("已过完成时限，请说明原因，尽快办结，并在台账里更新状态和完成日期。" if overdue else
            "即将到期，请抓紧办理；已经办完的，请在台账里更新状态和完成日期。")
    table = [_TASKS, *((one.key, one.name, one.person, one.limit.isoformat(), one.state, _situation(one))
                       for one in tasks)]
    return docx(letter(title, office, (f"下列 {len(tasks)} 项任务{what}",), table, sender, today))


def _situation(one: Due) -> str:
    if one.days < 0:
        return f"逾期 {-one.days} 个工作日"
    return f"还有 {one.days} 个工作日" if one.days else "今天到期"
