"""What goes back to an office whose return cannot be merged: its workbook marked, and what is wrong, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workbook.exchange.letters.drafts import Attached, Head, addressed, message
from workbook.exchange.letters.wording import Letter, Sender, attachment_name
from workbook.exchange.mail.addresses import addresses
from workbook.exchange.posting import Outbound
from workbook.exchange.preparing import Prepared
from workbook.faults import safe
from workbook.findings import Finding, Refusal
from workbook.ledger import Ledger

KIND = "退回"
_SHOWN = 200


class ReturnLetter(NamedTuple):
    """A letter and its marked workbook, b"" where the file cannot be marked; `stem` is what its files are called."""

    stem: str
    letter: Letter
    book: bytes
    outbound: Outbound

    def files(self, drafts: bool) -> dict[str, bytes]:
        """The letter by file name: as text, the workbook, and a draft where one is wanted."""
        made = {f"{self.stem}.txt": self.letter.body.replace("\n", "\r\n").encode("utf-8-sig")}
        made |= {f"{self.stem}.xlsx": self.book} if self.book else {}
        return made | ({f"{self.stem}.eml": self.outbound.written(Head(self.outbound.to))} if drafts else {})


def return_letter(master: Ledger, sender: Sender, one: Prepared, message_ids: Mapping[str, str]) -> ReturnLetter:
    """The letter about one return; `message_ids` names the mail that each file came in."""
    arrived = one.opened.arrived
    letter, book = _letter(sender, one), _marked(one)
    attached = [Attached(attachment_name(sender, one.office), book)] if book else []
    to, name, reply = _addresses(master, one.office)
    answers = [message_ids[arrived.file]] if message_ids.get(arrived.file) else []

    def written(head: Head) -> bytes:
        return message(letter, addressed(head._replace(reply_to=reply, answers=answers), sender, name), attached)

    return ReturnLetter(arrived.code or arrived.file, letter, book,
                        Outbound(f"{KIND} {arrived.file}", KIND, one.office, arrived.code, to, written,
                                 {"dispatch": arrived.dispatch}))


def _marked(one: Prepared) -> bytes:
    from workbook.patching.marks import marked

    try:
        return marked(one.opened.arrived.data, one.errors)
    except Refusal:
        return b""


def _letter(sender: Sender, one: Prepared) -> Letter:
    lines = [f"{one.office}：", "", f"交回的{sender.ledger}里有 {len(one.errors)} 处错误，整张表还没有合并。"
             "请照下面改好，在附件（已标出来的表）里改也可以，再交回一次。", ""]
    lines += [_line(found) for found in one.errors[:_SHOWN]]
    lines += [f"……还有 {len(one.errors) - _SHOWN} 处，都在附件里标出来了。"] if len(one.errors) > _SHOWN else []
    lines += ["", f"联系人：{sender.whom}"] if sender.whom else []
    return Letter(f"请改正后再交：{sender.ledger}（{one.office}）", "\n".join([*lines, sender.office, ""]))


def _line(found: Finding) -> str:
    key = f"（{found.key}）" if found.key else ""
    return safe(f"  {found.where}{key}：{found.message}{found.hint}")


def _addresses(master: Ledger, office: str) -> tuple[list[str], str, str]:
    """Where the letter goes, to whom, and where the answer goes: to the office that leads."""
    records = master["股室"]
    rows = list(zip(*(records.texts(title) for title in ("名称", "邮箱", "填报人", "角色")), strict=True))
    to, clerk = next(((mail, clerk) for name, mail, clerk, _ in rows if name == office), ("", ""))
    reply = next((addresses(mail) for _, mail, _, role in rows if role == "牵头"), [])
    return addresses(to), clerk or office, reply[0] if reply else ""
