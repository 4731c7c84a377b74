"""What the letters to the offices say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from workbook.ledger import Head

OVERDUE, SOON = "督办单", "提示单"
_NOT_SECRET = "本邮件和附件非涉密使用：请不要填写国家秘密、个人身份证号。"


class Sender(NamedTuple):
    """Who sends: `office` is 机关全称, `ledger` what the ledger is called."""

    office: str
    ledger: str
    contact: str
    phone: str

    @property
    def whom(self) -> str:
        """温亦舟（0000-5550101）, or what of it there is."""
        return f"{self.contact}（{self.phone}）" if self.contact and self.phone else self.contact or self.phone


class Letter(NamedTuple):
    """A letter as text: paragraphs of `body` are lines."""

    subject: str
    body: str


def sender_of(head: Head) -> Sender:
    """The sender a ledger names."""
    year = head.text("报告年度")
    ledger = f"{head.text('机关简称') or head.text('机关全称')}{f'{year}年' if year else ''}台账"
    return Sender(head.text("机关全称"), ledger, head.text("联系人"), head.text("联系电话"))


def request(sender: Sender, office: str, clerk: str, due: str) -> Letter:
    """The letter that brings an office its workbook."""
    until = f"请于{day(due)}前" if due else "请尽快"
    lines = (
        f"{clerk or office}：",
        f"附件是{sender.ledger}中{office}要填的部分。{until}填好，用“回复”把它作为附件发回来，文件名不用改。",
        "一、先看“下发封面”和“填写说明”；只填本股室的行，新做的事接在各表下面。",
        "二、不要改表头和工作表名称，不要删隐藏的列和表，合并时靠它们认出每一行。",
        "三、填好后看一眼每张表上面的“本股室已填/应填”。",
        _NOT_SECRET,
        f"有不清楚的请联系{sender.whom}。" if sender.whom else "",
        sender.office,
    )
    return Letter(f"请填报：{sender.ledger}（{office}）{f'，{day(due)}前交回' if due else ''}", _joined(lines))


def reminder(sender: Sender, office: str, clerk: str, due: str, how_late: str) -> Letter:
    """The letter to an office that has not returned its workbook; `how_late` ends the sentence that tells so."""
    lines = (
        f"{clerk or office}：",
        f"下发给{office}的{sender.ledger}填报表{f'应于{day(due)}前交回' if due else ''}，{how_late}。",
        "请抓紧填好，回复原来那封邮件并附上填好的文件；已经发过的，请再发一次并告诉我们。",
        _NOT_SECRET,
        f"有不清楚的请联系{sender.whom}。" if sender.whom else "",
        sender.office,
    )
    return Letter(f"催报：{sender.ledger}（{office}）", _joined(lines))


def due_letter(sender: Sender, title: str, office: str, clerk: str, tasks: Sequence[str]) -> Letter:
    """The mail that brings a 督办单 or 提示单, with its tasks (a line each) also in the text."""
    overdue = title == OVERDUE
    lines = (
        f"{clerk or office}：",
        f"{sender.ledger}中，{office}有 {len(tasks)} 项任务{'已过完成时限' if overdue else '即将到期'}，"
        f"{title}见附件：",
        *(f"{number}. {task}。" for number, task in enumerate(tasks, 1)),
        "请说明原因，尽快办结，并在台账里更新状态和完成日期。" if overdue else
        "请抓紧办理；已经办完的，请在台账里更新状态和完成日期。",
        _NOT_SECRET,
        f"有不清楚的请联系{sender.whom}。" if sender.whom else "",
        sender.office,
    )
    return Letter(f"{title}：{sender.ledger}（{office}），{len(tasks)} 项任务", _joined(lines))


def attachment_name(sender: Sender, office: str) -> str:
    """What the workbook is called in a mail."""
    return f"{sender.ledger}（{office}）.xlsx"


def day(text: str) -> str:
    """An ISO day as it is read: 2025年3月8日; anything else stays."""
    try:
        when = dt.date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{when.year}年{when.month}月{when.day}日"


def _joined(lines: tuple[str, ...]) -> str:
    """Paragraphs indented as in any letter, but for the person addressed and the office that signs."""
    first, *paragraphs, last = (line for line in lines if line)
    return "\n".join((first, *(f"　　{line}" for line in paragraphs), last)) + "\n"
