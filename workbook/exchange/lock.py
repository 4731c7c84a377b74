"""One process at a time in a folder, on every system: the system itself holds the lock and frees it when we die.

The lock lies on a byte far behind the text of the file, so that another process can
read there who holds it; a file left by a killed process locks nothing.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from workbook.files import long_path, stamp
from workbook.findings import Refusal

_LOCKED_BYTE = 1 << 30
_TEXT = 500

if sys.platform == "win32":
    import msvcrt

    def _seize(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _free(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _seize(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _free(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def locked(path: str, whose: str) -> Iterator[None]:
    """Hold the lock file at `path`; `whose` is what the message calls the thing it guards.

    Raises Refusal, and says who holds it, where another process (or this one) does.
    """
    descriptor = _opened(path, whose)
    try:
        _take(descriptor, whose)
        try:
            yield
        finally:
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
            with suppress(OSError):
                _free(descriptor)
    finally:
        os.close(descriptor)


def _opened(path: str, whose: str) -> int:
    try:
        return os.open(long_path(path), os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    except OSError as error:
        raise Refusal(f"{whose}：写不进去（{error.strerror or error}）。请核对这个文件夹能不能写。") from None


def _take(descriptor: int, whose: str) -> None:
    try:
        _seize(descriptor)
    except OSError:
        who = _read(descriptor).decode("utf-8", "replace").strip("\0 \n") or "另一个 taizhang"
        raise Refusal(f"{whose}：{who}正在使用。请等它做完再试。") from None
    text = f"{platform.node()} 上的进程 {os.getpid()}（{stamp():%Y-%m-%d %H:%M:%S} 开始）".encode()
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text)


def _read(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, _TEXT)
