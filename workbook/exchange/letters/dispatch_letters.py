"""What goes out with a dispatch: a draft for every office and one notice for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from workbook.exchange.folder import Dispatch, Exchange, Sent
from workbook.exchange.letters.drafts import Attached, Head, addressed, message
from workbook.exchange.letters.wording import Sender, attachment_name, day, request
from workbook.exchange.mail.addresses import addresses
from workbook.exchange.posting import Outbound, letter_id
from workbook.exchange.shares import Share

KIND = "下发"
DRAFTS, NOTICE = "邮件", "通知.txt"

Standing = tuple[Dispatch, Sent, Share]
"""What one office has now, and who it is."""


class Mail(NamedTuple):
    """One office's mail; `to` is empty where 股室 has no usable address."""

    dispatch: Dispatch
    sent: Sent
    to: list[str]
    share: Share


def mails(standing: Iterable[Standing]) -> list[Mail]:
    """The mail of every office, in the order of 股室."""
    return [Mail(dispatch, sent, addresses(share.office.mail), share) for dispatch, sent, share in standing]


def composed(exchange: Exchange, sender: Sender, mail: Mail, head: Head) -> bytes:
    """The message of one office with its workbook; raises Refusal where that is gone from the folder."""
    office = mail.share.office
    letter = request(sender, office.name, office.clerk, mail.dispatch.due)
    book = Attached(attachment_name(sender, office.name), exchange.read(mail.sent.file))
    return message(letter, addressed(head, sender, office.clerk or office.name), [book])


def outbound(exchange: Exchange, sender: Sender, mail: Mail) -> Outbound:
    """The same, ready to be sent."""
    return Outbound(letter_id(mail.dispatch.id, mail.sent.code), KIND, mail.share.office.name, mail.sent.code,
                    mail.to, lambda head: composed(exchange, sender, mail, head),
                    {"dispatch": mail.dispatch.id, "digest": mail.sent.digest})


def write_drafts(exchange: Exchange, sender: Sender, found: Iterable[Mail]) -> list[str]:
    """A draft for every office, beside its dispatch; the paths relative to the folder."""
    paths = []
    for mail in found:
        path = f"{mail.dispatch.id}/{DRAFTS}/{mail.sent.code}.eml"
        exchange.write(path, composed(exchange, sender, mail, Head(mail.to)))
        paths.append(path)
    return paths


def write_notices(exchange: Exchange, sender: Sender, found: Iterable[Mail]) -> list[str]:
    """A text for a chat group or a notice board, one a dispatch."""
    by_dispatch: dict[str, list[Mail]] = {}
    for mail in found:
        by_dispatch.setdefault(mail.dispatch.id, []).append(mail)
    for name, group in by_dispatch.items():
        exchange.write(f"{name}/{NOTICE}", notice(sender, group).encode("utf-8-sig"))
    return [f"{name}/{NOTICE}" for name in by_dispatch]


def notice(sender: Sender, group: list[Mail]) -> str:
    """The notice of one dispatch: who fills in what until when, and how it comes back."""
    due = group[0].dispatch.due
    lines = [f"关于填报{sender.ledger}的通知", "",
             f"各股室：{sender.ledger}的填报表已经下发，{f'请于{day(due)}前' if due else '请尽快'}填好交回。", ""]
    lines += [f"  {mail.share.office.name}{f'（{mail.share.office.clerk}）' if mail.share.office.clerk else ''}："
              f"{mail.sent.code}.xlsx，已有 {mail.share.own} 行" for mail in group]
    lines += ["", "只填本股室的行，新做的事接在各表下面；不要改表头和工作表名称，不要删隐藏的列和表。",
              "非涉密使用：不要填写国家秘密、个人身份证号。"]
    lines += [f"联系人：{sender.whom}"] if sender.whom else []
    return "\r\n".join([*lines, sender.office, ""])
