"""Which office writes from which mailbox: as 股室 said when it was sent its book, and where letters went to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from workbook.exchange.mail.addresses import addresses_in


class Mailboxes(NamedTuple):
    """The addresses of every office, by its code."""

    by_code: Mapping[str, frozenset[str]]

    def of(self, code: str) -> frozenset[str]:
        """The addresses of one office."""
        return self.by_code.get(code, frozenset())

    def codes(self, address: str) -> frozenset[str]:
        """The offices that write from an address."""
        return frozenset(code for code, addresses in self.by_code.items() if address in addresses)


def mailboxes(events: Iterable[Mapping[str, Any]]) -> Mailboxes:
    """The mailboxes that a journal knows of."""
    found: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event["event"] == "dispatch":
            for code, person in event.get("people", {}).items():
                found[code].update(addresses_in(" ".join(person)))
        elif event["event"] == "mailed":
            found[str(event["code"])].update(addresses_in(str(event["to"])))
    return Mailboxes({code: frozenset(addresses) for code, addresses in found.items()})
