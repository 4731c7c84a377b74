"""A disk whose every change is a step: it can stop, fill up or refuse at any of them.

A change is a file opened for writing, some bytes written, a flush to the disk, a rename, a link, a removal, a folder
made, a length or a right set. Whoever writes past these calls is found out.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

DEAD = 2**31 - 77
"""The number of a process that does not run: what a killed one leaves is nobody's."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_BY_PATH = ("replace", "rename", "link", "unlink", "remove", "mkdir", "rmdir", "chmod", "utime", "truncate", "symlink")
_BY_DESCRIPTOR = ("write", "fsync", "ftruncate")
TAKES_ROOM = ("open", "write", "fsync", "mkdir", "link")
"""What a full disk refuses; renaming and removing still work."""


class Killed(BaseException):
    """The power goes: nothing changes on the disk any more."""


class Step(NamedTuple):
    """One change: the call, and the file it is about."""

    call: str
    path: str


Fault = Callable[[int, Step], BaseException | None]
"""(number of the step from 1, step) -> what happens instead of it, None where it goes well."""


class Disk:
    """What happens below `root` while a command runs; `seen` are the contents that each file had after a rename."""

    def __init__(self, root: Path, fault: Fault, *, halves: bool = False) -> None:
        self.root, self.fault, self.halves = str(root), fault, halves
        self.steps: list[Step] = []
        self.seen: dict[str, set[bytes]] = {}
        self._open: dict[int, str] = {}

    def step(self, call: str, path: str) -> BaseException | None:
        self.steps.append(Step(call, os.path.relpath(path, self.root)))
        return self.fault(len(self.steps), self.steps[-1])

    def _ours(self, path: Any) -> str:
        """The whole path of something below the root, else nothing."""
        if isinstance(path, int):
            return self._open.get(path, "")
        whole = os.path.abspath(os.fsdecode(path))
        return whole if whole.startswith(self.root + os.sep) else ""

    def opening(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *more: Any, **options: Any) -> int:
            ours = self._ours(path) if flags & _WRITING else ""
            if ours and (fault := self.step("open", ours)):
                raise fault
            descriptor = real(path, flags, *more, **options)
            if ours:
                self._open[descriptor] = ours
            return descriptor
        return call

    def by_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *more: Any, **options: Any) -> Any:
            ours = self._ours(path)
            if ours and (fault := self.step(name, self._ours(more[0]) if name in ("replace", "link") else ours)):
                raise fault
            found = real(path, *more, **options)
            if ours and name == "replace":
                with io.open_code(os.path.abspath(more[0])) as file:
                    self.seen.setdefault(self.steps[-1].path, set()).add(file.read())
            return found
        return call

    def by_descriptor(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(descriptor: int, *more: Any) -> Any:
            ours = self._open.get(descriptor, "")
            if ours and (fault := self.step(name, ours)):
                if name == "write" and self.halves:
                    real(descriptor, bytes(more[0])[:len(more[0]) // 2])
                raise fault
            return real(descriptor, *more)
        return call

    def closing(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def call(descriptor: int) -> None:
            self._open.pop(descriptor, None)
            real(descriptor)
        return call

    def plainly(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
            assert not (set(mode) & set("wax+") and self._ours(path)), f"{path}: written past workbook.files"
            return real(path, mode, *more, **options)
        return call


@contextmanager
def watched(patch: pytest.MonkeyPatch, root: Path, fault: Fault = lambda number, step: None, *, halves: bool = False,
            dead: bool = False) -> Iterator[Disk]:
    """The disk below `root`; `halves`: half of what is to be written still gets there; `dead`: so is the process."""
    from workbook.disk.halves import clear

    disk = Disk(root, fault, halves=halves)
    clear.cache_clear()
    with patch.context() as now:
        now.setattr(os, "open", disk.opening(os.open))
        now.setattr(os, "close", disk.closing(os.close))
        for name in _BY_PATH:
            now.setattr(os, name, disk.by_path(name, getattr(os, name)))
        for name in _BY_DESCRIPTOR:
            now.setattr(os, name, disk.by_descriptor(name, getattr(os, name)))
        now.setattr(builtins, "open", disk.plainly(builtins.open))
        now.setattr(io, "open", disk.plainly(io.open))
        if dead:
            now.setattr(os, "getpid", lambda: DEAD)
        yield disk
    clear.cache_clear()


def killed_at(number: int) -> Fault:
    """Nothing happens from this step on, not even what a program does to clean up."""
    return lambda at, step: Killed() if at >= number else None


def interrupted_at(number: int) -> Fault:
    """Ctrl-C comes just before this step."""
    return lambda at, step: KeyboardInterrupt() if at == number else None


def full_from(number: int) -> Fault:
    """The disk is full from this step on."""
    return lambda at, step: _error(errno.ENOSPC) if at >= number and step.call in TAKES_ROOM else None


def read_only_from(number: int) -> Fault:
    """Nobody may write any more from this step on."""
    return lambda at, step: _error(errno.EACCES) if at >= number and step.call not in ("write", "fsync") else None


def held_at(number: int) -> Fault:
    """Another program holds the target just when it is to be replaced, as Excel does on Windows (sharing violation)."""
    def fault(at: int, step: Step) -> BaseException | None:
        if at < number or step.call not in ("replace", "unlink"):
            return None
        error = _error(errno.EACCES)
        error.winerror = 32  # type: ignore[attr-defined]
        return error
    return fault


def _error(code: int) -> OSError:
    return OSError(code, os.strerror(code))
