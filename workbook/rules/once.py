"""What several rules need of one ledger is worked out once, by the first that asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from workbook.ledger import Ledger

T = TypeVar("T")


def once_a_ledger(read: Callable[[Ledger], T]) -> Callable[[Ledger], T]:
    """The same function, its answer kept as long as the ledger lives: a ledger never changes."""
    known: WeakKeyDictionary[Ledger, T] = WeakKeyDictionary()

    @wraps(read)
    def remembered(ledger: Ledger) -> T:
        if ledger not in known:
            known[ledger] = read(ledger)
        return known[ledger]

    return remembered
