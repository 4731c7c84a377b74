"""What goes back to an office whose return cannot be merged: its workbook marked, and what is wrong, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.exchange.letters.drafts import Attached, addresses, message
from workbook.exchange.letters.wording import Letter, Sender, attachment_name
from workbook.exchange.preparing import Prepared
from workbook.faults import safe
from workbook.findings import Finding, Refusal
from workbook.ledger import Ledger

FOLDER = "退回"
_SHOWN = 200


def files(master: Ledger, sender: Sender, one: Prepared) -> dict[str, bytes]:
    """The letter by file name: the marked workbook where the file can be marked, a draft, and the same as text."""
    arrived = one.opened.arrived
    stem = arrived.code or arrived.file
    letter = _letter(sender, one)
    book = _marked(one)
    attached = [Attached(attachment_name(sender, one.office), book)] if book else []
    to, reply = _addresses(master, one.office)
    draft = message(letter, to, attached)
    head = f"Reply-To: {reply[0]}\r\n".encode("ascii") if reply else b""
    made = {f"{stem}.txt": letter.body.replace("\n", "\r\n").encode("utf-8-sig"), f"{stem}.eml": head + draft}
    return made | ({f"{stem}.xlsx": book} if book else {})


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


def _addresses(master: Ledger, office: str) -> tuple[Sequence[str], Sequence[str]]:
    """Where the letter goes, and where the answer goes: the office that leads."""
    records = master["股室"]
    rows = list(zip(records.texts("名称"), records.texts("邮箱"), records.texts("角色"), strict=True))
    to = next((mail for name, mail, _ in rows if name == office), "")
    reply = next((mail for _, mail, role in rows if role == "牵头"), "")
    return addresses(to), addresses(reply)
