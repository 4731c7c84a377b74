"""`taizhang dispatch`: every office its workbook."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common import print_json, tell, warn
from scripts.mailing import send, sender, without_address
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.exchange.dispatching import Dispatched, Prepared
    from workbook.exchange.folder import Exchange
    from workbook.exchange.smtp import Sender

SHOWN = 20


def run(options: Namespace) -> int:
    """Send out a ledger; 1 where rows go to nobody or a mail did not go."""
    from workbook.exchange.dispatching import dispatch, prepare
    from workbook.exchange.folder import Exchange

    exchange, due = Exchange.opened(options.output), due_date(options.due)
    by = sender(options)
    order = prepare(options.book)
    with exchange.lock():
        done = dispatch(exchange, order, due, options.office or ())
        _tell(exchange, order, done, options)
        try:
            unsent = _letters(exchange, order, done, options, by)
        finally:
            register(exchange)
    if options.json:
        print_json(_document(exchange, order, done, unsent))
    return int(any(one.settle for one in order.stays) or bool(unsent))


def due_date(text: str | None) -> str:
    """A day as ISO; raises Refusal for what is none."""
    from workbook.files import stamp
    from workbook.normalize import read_date

    if not text:
        return ""
    value, today = read_date(text, year=None).value, stamp().date()
    if value is None and _is_far(text):
        raise Refusal(f"--due：“{text}”这个年份不像截止日期，多半写错了。请核对年份。")
    if value is None:
        raise Refusal(f"--due：“{text}”不是一个日期。请写成 2025-12-05 这样的日期。")
    if value < today:
        warn(f"截止日期 {value} 已经过了，请核对 --due。")
    elif value.year > today.year + 1:
        warn(f"截止日期 {value} 还很远，请核对 --due 的年份。")
    return value.isoformat()


def _is_far(text: str) -> bool:
    """Whether it is a day of the calendar, of a year that no ledger has."""
    import datetime as dt

    try:
        return bool(dt.date.fromisoformat(text.strip()))
    except ValueError:
        return False


def register(exchange: Exchange) -> None:
    """Write 收发登记簿 anew; where it is open in Excel, say so and go on: the journal has everything."""
    from workbook.exchange.register import try_register

    said = try_register(exchange)
    if said:
        warn(said)


def _letters(exchange: Exchange, order: Prepared, done: Dispatched, options: Namespace, by: Sender | None
             ) -> list[str]:
    """Write drafts and notices, send what is to be sent; the offices whose mail did not go."""
    from workbook.exchange.letters.dispatch_letters import mails, outbound, write_drafts, write_notices

    found = mails(done.standing)
    if done.new or options.eml:
        write_notices(exchange, order.sender, found)
    if options.eml:
        write_drafts(exchange, order.sender, found)
    letters = [outbound(exchange, order.sender, mail) for mail in found]
    if options.eml and not by:
        without_address(letters)
    return send(exchange, letters, by, options) if by else []


def _tell(exchange: Exchange, order: Prepared, done: Dispatched, options: Namespace) -> None:
    if done.ids_written:
        tell(f"主台账的行原来没有内部编号，已补写进 {order.path}，原来的一份是 {Path(order.path).name}.bak。", options)
    if done.new:
        codes = {sent.code for sent in done.new.offices}
        folder = exchange.path / done.new.id / "下发"
        tell(f"已下发 {len(codes)} 个股室：{folder}（下发编号 {done.new.id}"
             f"{f'，{done.new.due} 前交回' if done.new.due else ''}）", options)
    kept = [(one, sent) for one, sent, _ in done.standing if done.new is None or one.id != done.new.id]
    for one, sent in kept if done.new else ():
        tell(f"  {sent.office}没有变化，仍以 {one.id} 为准。", options)
    if not done.new:
        tell("各股室的内容和截止日期都没有变，没有再发一次；已经下发的："
             f"{'、'.join(dict.fromkeys(one.id for one, _ in kept))}。", options)
    for _, sent, share in done.standing:
        shared = f"，共用 {share.shared} 行" if share.shared else ""
        tell(f"  {sent.file}　{sent.office}　{share.own} 行{shared}", options)
    _warn_list([str(one) for one in order.stays if one.settle], "行没有下发给任何股室：")
    _warn_list([f"{cell}：是{kind}，只带了值。" for cell, kind in done.formulas], "格的公式没有带走：")
    leading = sum(not one.settle for one in order.stays)
    if leading:
        tell(f"牵头股室的 {leading} 行留在主台账里填。", options)


def _warn_list(lines: list[str], what: str) -> None:
    if lines:
        warn(f"{len(lines)} {what}")
    for line in lines[:SHOWN]:
        warn(f"  {line}")
    if len(lines) > SHOWN:
        warn(f"  ……还有 {len(lines) - SHOWN} 处。")


def _document(exchange: Exchange, order: Prepared, done: Dispatched, unsent: list[str]) -> dict[str, object]:
    from workbook.faults import safe

    return {
        "folder": str(exchange.path), "dispatch": done.new.id if done.new else None, "ids_written": done.ids_written,
        "offices": [{"office": sent.office, "code": sent.code, "dispatch": one.id, "due": one.due, "file": sent.file,
                     "rows": share.own, "shared": share.shared,
                     "new": done.new is not None and one.id == done.new.id} for one, sent, share in done.standing],
        "stays": [{"sheet": one.cell.sheet, "cell": one.cell.a1, "key": safe(one.key), "reason": safe(one.why),
                   "settle": one.settle} for one in order.stays],
        "formulas": [{"sheet": cell.sheet, "cell": cell.a1, "kind": kind} for cell, kind in done.formulas],
        "unsent": unsent,
    }
