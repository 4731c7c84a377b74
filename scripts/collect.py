"""`taizhang collect`: what came back, from folders, letters, mailboxes and archives, into the register; each once."""

from __future__ import annotations

import datetime as dt
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scripts.common import print_json, tell, warn
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.exchange.collecting import Collected
    from workbook.exchange.folder import Exchange, Received
    from workbook.exchange.mail.pieces import Piece

SHOWN = 200
MANY = 500
IMAP = "imap"
"""The source that is a mailbox on a server."""


def run(options: Namespace) -> int:
    """Collect every source into the folder; 1 where something is left to settle."""
    from workbook.exchange.collecting import dispatched
    from workbook.exchange.folder import Exchange

    if not options.sources and not options.accept:
        raise Refusal("请写收哪里的文件，如：taizhang collect 收件箱/ --to 往来。准收搁置的用 --accept 编号。")
    if options.since and IMAP not in options.sources:
        raise Refusal("--since 只用于收服务器上的邮箱，如：taizhang collect imap --to 往来 --since 2025-11-05。")
    exchange = Exchange.opened(options.to)
    dispatched(exchange)
    with exchange.lock():
        return _collect(exchange, options)


def _collect(exchange: Exchange, options: Namespace) -> int:
    from workbook.exchange.collecting import accept

    accepted = accept(exchange, options.accept)
    lines: list[Collected] = []
    try:
        for line in _lines(exchange, options):
            lines.append(line)
            if line.new and not options.quiet and sys.stderr.isatty():
                print(f"\r已登记 {len(lines)} 件", end="", file=sys.stderr, flush=True)
    finally:
        written = _register(exchange)
    _report(exchange, accepted, lines, options)
    return int(not written or any(one.open for one in lines))


def _lines(exchange: Exchange, options: Namespace) -> Iterator[Collected]:
    from workbook.exchange.apart import apart
    from workbook.exchange.collecting import collect

    with apart() as process:
        yield from collect(exchange, _pieces(exchange, options), process.look)


def _pieces(exchange: Exchange, options: Namespace) -> Iterator[Piece]:
    from workbook.exchange.mail.opening import from_path

    for source in options.sources:
        yield from _mailbox(exchange, options) if source == IMAP else from_path(source, without=exchange.path)


def _mailbox(exchange: Exchange, options: Namespace) -> Iterator[Piece]:
    """The letters on the server that were not taken yet."""
    from workbook.exchange.accounts import password_of
    from workbook.exchange.mail.imap import from_server, mailbox

    of = mailbox()
    taken = [event for event in exchange.events() if event["event"] == "imap"]
    yield from from_server(of, password_of(of.server.user), taken, exchange.record, _since(options.since), _say_many)


def _since(text: str | None) -> dt.date | None:
    from workbook.normalize import read_date

    value = read_date(text, year=None).value if text else None
    if text and value is None:
        raise Refusal(f"--since：“{text}”不是一个日期。请写成 2025-11-05 这样的日期。")
    return value


def _say_many(letters: int) -> None:
    if letters > MANY:
        warn(f"邮箱里有 {letters} 封没有收过的信，一封一封收，要一些时间；中断了再运行一次，接着收。"
             f"只收某天以后的，加 --since 2025-11-05。")


def _register(exchange: Exchange) -> bool:
    """Write the register anew; where it is open in Excel, say so."""
    from workbook.exchange.register import try_register

    said = try_register(exchange)
    if said:
        warn(said)
    return not said


def _report(exchange: Exchange, accepted: list[Received], lines: list[Collected], options: Namespace) -> None:
    from workbook.exchange.folder import REGISTER, VERDICTS

    counts = Counter(one.received.verdict for one in lines)
    if options.json:
        print_json({"folder": options.to, "register": str(exchange.path / REGISTER),
                    "counts": {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]},
                    "new": sum(one.new for one in lines), "to_settle": sum(one.open for one in lines),
                    "accepted": [one.id for one in accepted], "items": [one.as_json() for one in lines]})
        return
    for one in accepted:
        tell(f"已准收：{one.office}的“{one.name}”（{one.id}）", options)
    if options.sources:
        _tell_lines(exchange, lines, options)


def _tell_lines(exchange: Exchange, lines: list[Collected], options: Namespace) -> None:
    from workbook.exchange.folder import REGISTER, VERDICTS

    shown = [one for one in lines if one.new or one.open]
    for text in _table(shown[:SHOWN]):
        tell(text, options)
    if len(shown) > SHOWN:
        tell(f"……还有 {len(shown) - SHOWN} 件，都在收发登记簿里。", options)
    new = Counter(one.received.verdict for one in lines if one.new)
    told = "，".join(f"{verdict} {new[verdict]}" for verdict in VERDICTS if new[verdict]) or "没有新的"
    known = sum(not one.new for one in lines)
    tell(f"本次登记 {sum(new.values())} 件：{told}。" + (f"另有 {known} 件以前登记过。" if known else ""), options)
    if any(one.open for one in lines):
        _tell_open([one for one in lines if one.open], options)
    tell(f"收发登记簿：{exchange.path / REGISTER}", options)


def _tell_open(lines: list[Collected], options: Namespace) -> None:
    """What is left to settle, each with its reason and the id to accept it by."""
    from scripts.terminal import clean, screen
    from workbook.exchange.collecting import ACCEPTABLE

    tell(f"要处理的 {len(lines)} 件：", options)
    where = screen()
    for one in lines[:SHOWN]:
        line = one.received
        name = f"{line.id} " if line.verdict in ACCEPTABLE and line.code else ""
        for text in where.wrap(clean(f"{name}{line.verdict} {line.name}：{one.why}"), "  ", "    "):
            tell(text, options)
    if any(one.received.verdict in ACCEPTABLE and one.received.code for one in lines):
        tell(f"核实无误的，准收：taizhang collect --to {options.to} --accept 编号", options)


def _table(lines: list[Collected]) -> Iterator[str]:
    from scripts.terminal import clean, screen, table

    if not lines:
        return
    where = screen()
    rows = [("登记", "股室", "名称", "来源"), *((one.received.verdict, one.received.office or "—",
             clean(one.received.name), clean(one.received.source)) for one in lines)]
    for row in table(where, rows, where.columns - 2):
        yield "  " + "  ".join(row).rstrip()


if __name__ == "__main__":
    from scripts.cli import main

    sys.exit(main(["collect", *sys.argv[1:]]))
