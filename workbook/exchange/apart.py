"""Files from outside are read in a process of their own: one that hangs or dies takes no more than itself along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from workbook.disk.system import children_spared
from workbook.exchange.returned import Returned, returned

LONGEST_LOOK = 120.0
"""Seconds one file may take; the largest ledgers take three."""
_GAVE_UP = Returned("可疑", "读它的时候程序停了或没有尽头，可能是恶意文件，没有收。请向发件人核实，再要一份。")


class Apart:
    """Looks at files in another process, which starts with the first file and again after one that it died of."""

    def __init__(self, longest: float = LONGEST_LOOK) -> None:
        self.longest = longest
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    def look(self, data: bytes, name: str, key: bytes) -> Returned:
        """What the file is (`returned`); 可疑 where looking at it did not end well."""
        line = self._started()
        try:
            line.send((data, name, key))
            if line.poll(self.longest):
                found = line.recv()
                assert isinstance(found, Returned)
                return found
        except (EOFError, OSError):
            pass
        self.stop()
        return _GAVE_UP

    def stop(self) -> None:
        """End the process."""
        if self._process is not None and self._line is not None:
            self._line.close()
            self._process.kill()
            self._process.join()
        self._process = self._line = None

    def _started(self) -> Connection:
        if self._line is None:
            context = get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            with children_spared():  # Ctrl-C is for the one who asks
                process.start()
            theirs.close()
            self._line, self._process = ours, process
        return self._line


@contextmanager
def apart() -> Iterator[Apart]:
    """A process apart for as long as it is needed."""
    found = Apart()
    try:
        yield found
    finally:
        found.stop()


def _serve(line: Connection) -> None:
    """Look at one file after the other, until nobody asks any more."""
    while True:
        try:
            data, name, key = line.recv()
        except (EOFError, OSError):
            return
        try:
            found = returned(data, name, key)
        except Exception:  # what no reader foresaw is not to be shown as a fault of ours
            found = _GAVE_UP
        line.send(found)
