"""Ways to reach a person, and marks of state secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from workbook.faults import found
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger
from workbook.personal import secrecy_marks
from workbook.raw import RawSheet
from workbook.readings import compiled
from workbook.rules.privacy import suspects, told_at
from workbook.rules.registry import Inspection, rule
from workbook.schema import OFFICES

_MAIL = r"[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_CHAT = (
    r"(?:(?P<wechat>微信)(?:号码?)?[:：\s]*(?P<name>[A-Za-z][A-Za-z0-9_-]{5,19}|\d{6,12}(?!\d))"
    r"|(?<![A-Za-z0-9])(?P<qq>[Qq]{2})(?:号码?)?[:：\s]*(?P<number>\d{5,12}))(?![年月\d])"
)


@rule("P007", "填了密级", "密级填的是“{value}”，本程序和往来的文件只能处理不涉密的内容。",
      "不涉密的请清空这一格；涉密的请改用涉密计算机办理。", Severity.WARNING, "法规")
def classified(inspection: Inspection) -> Iterator[Finding]:
    """涉密内容在非涉密计算机上存放、传递是违法的。"""
    entry = inspection.ledger.head.entries.get("密级")
    if entry and entry.text and entry.text not in ("无", "不涉密", "非密", "非涉密"):
        yield found("P007", entry.cell, column="密级", value=entry.text)


@rule("P008", "密级标志", "这一格有密级标志“{value}”，内容像是从涉密文件里摘来的。",
      "请立即核对来源；涉密的内容删掉，并按保密规定处理这份文件。", Severity.WARNING, "法规")
def secrecy_mark(inspection: Inspection) -> Iterator[Finding]:
    """带“秘密★”一类标志的文字来自涉密文件，不能进入这份台账。"""
    ledger = inspection.ledger
    for place, text in suspects(ledger):
        for mark in secrecy_marks(text):
            yield told_at(ledger, "P008", place, mark)
    for where, text in (("文件名", os.path.basename(ledger.path)), *ledger.book.raw.elsewhere,
                        *(("工作表名", sheet.name) for sheet in ledger.book.raw.sheets)):
        for mark in secrecy_marks(text):
            yield found("P008", value=f"{mark}（在{where}里）")


@rule("P009", "个人邮箱", "这一格有邮箱{value}，会随台账和报告传出去。", "请删掉；股室的邮箱写在“股室”表里。",
      Severity.WARNING, "法规")
def mail_address(inspection: Inspection) -> Iterator[Finding]:
    """邮箱能联系到具体的人，除了股室表里的办公邮箱，台账用不着。"""
    for place, text in suspects(inspection.ledger):
        if place.in_note or place.sheet is not _offices(inspection.ledger):
            for match in compiled(_MAIL).finditer(text) if _holds(text, "@＠") else ():
                yield told_at(inspection.ledger, "P009", place, _masked_mail(match[0]))


def _holds(text: str, characters: str) -> bool:
    return any(one in text for one in characters)


def _offices(ledger: Ledger) -> RawSheet | None:
    table = ledger.book.tables.get(OFFICES.title)
    return table.raw if table else None


def _masked_mail(address: str) -> str:
    name, _, host = address.replace("＠", "@").partition("@")
    return f"{name[:1]}***@{host}"


@rule("P011", "微信号、QQ 号", "这一格有{value}，是个人的联系方式，会随台账传出去。", "请删掉，或换成办公电话。",
      Severity.WARNING, "法规")
def chat_number(inspection: Inspection) -> Iterator[Finding]:
    """微信号、QQ 号能直接找到本人，和手机号一样不该写在台账里。"""
    for place, text in suspects(inspection.ledger):
        for match in compiled(_CHAT).finditer(text) if _holds(text, "微Qq") else ():
            yield told_at(inspection.ledger, "P011", place, _masked_chat(match))


def _masked_chat(match: re.Match[str]) -> str:
    return f"{match['wechat'] or match['qq']}{(match['name'] or match['number'])[:2]}***"
