"""`taizhang merge`: returns go into the master; every row has one fate, and what two sides want waits for a person."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common import print_json, printed, warn
from scripts.mailing import send, sender, without_address
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.exchange.posting import Outbound
    from workbook.exchange.smtp import Sender


def run(options: Namespace) -> int:
    """Merge a folder of returns; 1 where a row waits or was sent back."""
    from scripts.batch.crew import sensible_jobs
    from templates.merging import Order, merge

    by = _sender(options)
    jobs = options.jobs or sensible_jobs()
    order = Order(options.book, Path(options.source), options.output, options.eml or not by, jobs)
    told = merge(order, warn)
    if not (options.json or options.quiet):
        print(printed("\n".join(told.lines(options.output))))
    unsent = _send(told.letters, by, options)
    if options.json:
        print_json(told.as_json() | {"unsent": unsent})
    return int(told.to_settle or bool(unsent))


def _sender(options: Namespace) -> Sender | None:
    """The account to send by; raises Refusal where nothing remembers what was sent."""
    from workbook.exchange.incoming import is_exchange

    if options.send and not is_exchange(options.source):
        raise Refusal(f"--send：{options.source} 不是往来文件夹，记不下发过哪些信，没有合并，也没有发。"
                      f"请用 --from 往来，或不写 --send，用“退回”文件夹里的 .eml 草稿自己发。")
    return sender(options)


def _send(letters: Sequence[Outbound], by: Sender | None, options: Namespace) -> list[str]:
    """Send the letters to offices whose returns have errors; the offices that did not get theirs."""
    from scripts.exchange_dispatch import register
    from workbook.exchange.folder import Exchange

    if by is None or not letters:
        without_address(letters)
        return []
    exchange = Exchange(Path(options.source))
    with exchange.lock():
        try:
            return send(exchange, letters, by, options)
        finally:
            register(exchange)


if __name__ == "__main__":
    from scripts.cli import main

    sys.exit(main(["merge", *sys.argv[1:]]))
