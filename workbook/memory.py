"""The collector of circles, kept from walking through a whole ledger again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection while millions of cells arrive or are looked at, none of which is garbage.

    What no longer has a reference is given back as ever. Freezing and thawing puts the cells among
    the old objects at once, which are looked at rarely.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
