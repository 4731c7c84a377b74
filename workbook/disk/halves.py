"""Files on their way: written beside their target under a name that tells whose they are, cleared when orphaned."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import time
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from workbook.disk.system import BINARY, alive, machine_mark

if TYPE_CHECKING:
    from workbook.disk.spool import Kept

SHARED, PRIVATE = 0o666, 0o600
_ABANDONED = 86_400
"""Seconds after which a file on the way from another computer is nobody's any more."""
_NAME = re.compile(r"~taizhang-([0-9a-f]{8})-(\d{1,10})-\d+\.tmp")


def new_file(target: str, data: bytes | Kept, *, durable: bool, mode: int = SHARED) -> str:
    """The path of a new file beside the target that holds `data`; raises OSError, and there is none, where not."""
    descriptor, place = _created(target, mode)
    try:
        try:
            for piece in pieces_of(data):
                write_all(descriptor, piece)
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        discard(place)
        raise
    return place


def linked(target: str) -> str:
    """A second name for the target's content; a copy where the disk knows no links."""
    for place in _names(target):
        try:
            os.link(target, place)
        except FileExistsError:
            continue
        except OSError:
            with open(target, "rb") as file:
                return new_file(target, file.read(), durable=True)
        return place
    raise AssertionError("names never end")


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte to an open file."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest):]


def pieces_of(data: bytes | Kept) -> Iterator[bytes]:
    """Bytes, or those that a spool keeps, one part after the other."""
    return iter((data,)) if isinstance(data, bytes) else data.pieces()


def discard(place: str) -> None:
    """Remove a file, if it is there and can be."""
    with contextlib.suppress(OSError):
        os.unlink(place)


@cache
def clear(folder: str) -> None:
    """Once a run: what killed runs left on the way in a folder goes."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for one in entries:
            match = _NAME.fullmatch(one.name)
            if match and _is_orphaned(one.path, match[1], int(match[2])):
                discard(one.path)


def _is_orphaned(place: str, mark: str, process: int) -> bool:
    if mark == machine_mark():
        return not alive(process)
    try:
        return time.time() - os.stat(place).st_mtime > _ABANDONED
    except OSError:
        return False


def _created(target: str, mode: int) -> tuple[int, str]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY
    for place in _names(target):
        with contextlib.suppress(FileExistsError):
            return os.open(place, flags, mode), place
    raise AssertionError("names never end")


def _names(target: str) -> Iterator[str]:
    """Free names beside a target, the likeliest first."""
    beside = os.path.join(os.path.dirname(target), f"~taizhang-{machine_mark()}-{os.getpid()}")
    return (f"{beside}-{number}.tmp" for number in itertools.count(1))
