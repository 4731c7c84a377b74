"""One process at a time in a folder, on every system: the system itself holds the lock and frees it when we die.

A file left by a killed process locks nothing; who holds one can be read in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from workbook.disk.errors import NO_NEW_FILE, explained
from workbook.disk.halves import SHARED, write_all
from workbook.disk.system import BINARY, free, long_path, machine, seize
from workbook.findings import Refusal

_TEXT = 500


@contextmanager
def locked(path: str, whose: str, since: str) -> Iterator[None]:
    """Hold the lock file at `path`; `whose` is what the message calls the thing it guards, `since` the time of day.

    Raises Refusal, and says who holds it, where another process (or this one) does.
    """
    with explained(whose, NO_NEW_FILE, "写不进去"):
        descriptor = os.open(long_path(path), os.O_RDWR | os.O_CREAT | BINARY, SHARED)
    try:
        _take(descriptor, whose, since)
        try:
            yield
        finally:
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
            with suppress(OSError):
                free(descriptor)
    finally:
        os.close(descriptor)


def taken(descriptor: int) -> bool:
    """Take the lock of an open file, until it is closed; False where another process (or this one) has it."""
    try:
        seize(descriptor)
    except OSError:
        return False
    return True


def _take(descriptor: int, whose: str, since: str) -> None:
    if not taken(descriptor):
        who = _read(descriptor).decode("utf-8", "replace").strip("\0 \n") or "另一个 taizhang"
        raise Refusal(f"{whose}：{who}正在使用。请等它做完再试。")
    text = f"{machine()} 上的进程 {os.getpid()}（{since} 开始）".encode("utf-8", "replace")
    with suppress(OSError):  # the name is a courtesy: on a full disk the lock itself holds all the same
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        write_all(descriptor, text)


def _read(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, _TEXT)
