"""Files from outside are looked at in a process of their own: one that hangs, swells or dies takes nothing along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from workbook.apart.helper import Helper, Limits, Lost
from workbook.exchange.returned import Returned, returned

ONE_LOOK = Limits(seconds=120.0, memory=1024)
"""What one file may take; the largest ledgers take three seconds and a quarter of the memory."""
_GAVE_UP = Returned("可疑", "读它的时候程序停了或没有尽头，可能是恶意文件，没有收。请向发件人核实，再要一份。")


class Apart:
    """Looks at files in another process, which starts with the first file and again after one that it died of."""

    def __init__(self, limits: Limits = ONE_LOOK) -> None:
        self._helper = Helper(limits)

    def look(self, data: bytes, name: str, key: bytes) -> Returned:
        """What the file is (`returned`); 可疑 where looking at it did not end well."""
        try:
            found: Returned = self._helper.call(returned, data, name, key)
        except Lost:
            return _GAVE_UP
        return found

    def stop(self) -> None:
        """End the process."""
        self._helper.stop()


@contextmanager
def apart() -> Iterator[Apart]:
    """A process apart for as long as it is needed."""
    found = Apart()
    try:
        yield found
    finally:
        found.stop()
