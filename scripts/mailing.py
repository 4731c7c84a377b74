"""What dispatch, remind and merge share: letters that are sent, or that go nowhere for want of an address."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scripts.common import tell, warn
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.exchange.folder import Exchange
    from workbook.exchange.posting import Outbound
    from workbook.exchange.smtp import Sender


def sender(options: Namespace) -> Sender | None:
    """The account to send by, where something is to be sent; raises Refusal where it is missing or unsafe."""
    from workbook.exchange import smtp

    if not options.send and (options.again or options.arrived):
        raise Refusal(f"{'--again' if options.again else '--arrived'} 要和 --send 一起用。")
    return smtp.sender() if options.send else None


def send(exchange: Exchange, letters: Sequence[Outbound], by: Sender, options: Namespace) -> list[str]:
    """Send the letters, each once, and say what became of them; the offices that did not get theirs, or may not have.

    The caller holds the folder's lock.
    """
    from workbook.exchange.posting import post

    failed = without_address(letters)
    unknown = {*options.again, *options.arrived} - {name for one in letters for name in (one.office, one.code)}
    if unknown:
        warn(f"--again、--arrived：{'、'.join(sorted(unknown))}没有要发的信。请核对股室的名称或代码。")
    for one in post(letters, by, exchange.events(), exchange.record, options.again, options.arrived):
        if one.why:
            failed.append(one.letter.office)
            warn(f"  {one.letter.office}（{one.letter.kind}）：{one.why}")
        else:
            tell(f"  已发邮件：{one.letter.office}（{one.letter.kind}）", options)
    if failed:
        warn("改好以后再运行一次同样的命令，只发没有发出去的。")
    return list(dict.fromkeys(failed))


def without_address(letters: Iterable[Outbound]) -> list[str]:
    """The offices that 股室 has no usable address for, said."""
    found = list(dict.fromkeys(one.office for one in letters if not one.to))
    if found:
        warn(f"“股室”表里没有可用的邮箱：{'、'.join(found)}。请补填邮箱，或另外送达。")
    return found
