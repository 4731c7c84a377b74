"""`taizhang remind`: letters to offices that have not returned their workbook, and about tasks overdue or soon due."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from typing import TYPE_CHECKING

from scripts.common import print_json, tell
from scripts.exchange_dispatch import register
from scripts.exchange_status import dispatched, lateness, say_uncertain, summary
from scripts.mailing import send, sender, without_address
from scripts.task_letters import TaskLetter, ledger_of, task_letters

if TYPE_CHECKING:
    from workbook.exchange.folder import Exchange
    from workbook.exchange.posting import Outbound
    from workbook.exchange.progress import Progress
    from workbook.exchange.smtp import Sender

FOLDER, LETTER = "催报", "催报函.docx"


def run(options: Namespace) -> int:
    """Write the letters into the 往来 folder, or send them; 1 where one that was to be sent did not go."""
    from workbook.exchange.letters.reminders import reminders
    from workbook.exchange.progress import progress, uncertain_years
    from workbook.files import stamp

    exchange, today = dispatched(options.folder), stamp().date()
    by = sender(options)
    tasks = task_letters(ledger_of(options.book), today, options.within) if options.book else []
    with exchange.lock():
        found = progress(exchange, today)
        late = [one for one in found if one.waiting]
        letters = reminders(exchange, late, today)
        tell(summary(found), options)
        files = _papers(exchange, late, tasks, today)
        files += _drafts(exchange, letters, tasks, today) if options.eml or not by else []
        for name in files:
            tell(f"  已生成：{exchange.path / name}", options)
        try:
            unsent = _send(exchange, [*letters, *(one.outbound for one in tasks)], by, options)
            _record(exchange, [one for one in late if not by or one.office not in unsent], today)
        finally:
            register(exchange)
    if not files:
        tell("没有要催的。", options)
    if options.json:
        print_json({"folder": str(exchange.path), "offices": [one.as_json() for one in late], "files": files,
                    "unsent": unsent})
    say_uncertain(uncertain_years(late, today))
    return int(bool(unsent))


def _papers(exchange: Exchange, late: list[Progress], tasks: list[TaskLetter], today: dt.date) -> list[str]:
    """One 催报函 for all, and a 督办单 and a 提示单 for each office that has such tasks."""
    made = {LETTER: _notice(exchange, late, today)} if late else {}
    return _written(exchange, made | {f"{one.name}.docx": one.docx for one in tasks}, today)


def _notice(exchange: Exchange, late: list[Progress], today: dt.date) -> bytes:
    from templates.reminders import docx, letter
    from workbook.exchange.letters.reminders import sender_of_last
    from workbook.exchange.letters.wording import day

    by = sender_of_last(exchange)
    table = [("股室", "填报人", "截止日期", "情况"),
             *((one.office, one.clerk, day(one.due) or "未定", lateness(one) or one.state.value) for one in late)]
    lines = (f"{by.ledger}填报表已经下发，截至{day(today.isoformat())}，下列 {len(late)} 个股室还没有交回。",
             "请抓紧填好，回复原来那封邮件并附上填好的文件。")
    return docx(letter("催报函", "各有关股室", lines, table, by.office, today))


def _drafts(exchange: Exchange, letters: list[Outbound], tasks: list[TaskLetter], today: dt.date) -> list[str]:
    from workbook.exchange.letters.drafts import Head

    made = {f"{one.code}.eml": one.written(Head(one.to)) for one in letters}
    made |= {f"{one.name}.eml": one.outbound.written(Head(one.outbound.to)) for one in tasks}
    return _written(exchange, made, today)


def _written(exchange: Exchange, made: dict[str, bytes], today: dt.date) -> list[str]:
    paths = {f"{FOLDER}/{today.isoformat()}/{name}": data for name, data in made.items()}
    for path, data in paths.items():
        exchange.write(path, data)
    return list(paths)


def _send(exchange: Exchange, letters: list[Outbound], by: Sender | None, options: Namespace) -> list[str]:
    """Send them where they are to be sent; the offices that did not get theirs."""
    if by:
        return send(exchange, letters, by, options)
    without_address(letters)
    return []


def _record(exchange: Exchange, late: list[Progress], today: dt.date) -> None:
    """Enter the reminder, once a day and office."""
    known = {(event["dispatch"], event["code"], event["day"]) for event in exchange.events()
             if event["event"] == "reminded"}
    for one in late:
        if (one.dispatch, one.code, today.isoformat()) not in known:
            exchange.record({"event": "reminded", "dispatch": one.dispatch, "code": one.code, "day": today.isoformat()})
