"""A helper: one process that works for us, call by call, and may be slow, hungry or die without harm.

It is started afresh (as on Windows), never forked, and may be used where the process
itself must not have children of multiprocessing (a worker of Dask).
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from workbook.apart.child import DONE, FAULT, MEMORY, receive, send

_CHILD = Path(__file__).with_name("child.py")
_TRIES, _STARTS = 2, 3
_GRACE = 5.0
_TICK = 0.2
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class Limits(NamedTuple):
    """What one call may use: `seconds` of wall clock, `memory` in MB; 0: as much as it likes."""

    seconds: float = 0.0
    memory: int = 0


UNLIMITED = Limits()


class Lost(Exception):
    """A call that came to nothing; its text is the reason in Chinese. `process` did not survive it, 0: it did."""

    def __init__(self, reason: str, process: int = 0) -> None:
        super().__init__(reason)
        self.process = process


class Fault(Lost):
    """The called function raised an error of ours."""


class _Died(Exception):
    """The process ended; `begun` tells whether it had begun with the call."""

    def __init__(self, begun: bool) -> None:
        self.begun = begun


class Helper:
    """A process that takes one call at a time; started at the first one, and anew after one that it did not survive."""

    def __init__(self, limits: Limits = UNLIMITED) -> None:
        self.limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._due: float | None = None
        self._late = False

    def call(self, function: Callable[..., Any], *arguments: object) -> Any:
        """function(*arguments), done there; both and the result are pickled, the function by its name.

        A process that dies by itself in the middle may have been killed from outside: the call is
        tried once more. Raises Lost where it came to nothing.
        """
        call = pickle.dumps((function, arguments), pickle.HIGHEST_PROTOCOL)
        died = idle = 0
        while True:
            process = self._running()
            try:
                return self._answer(*self._asked(process, call))
            except _Died as death:
                code = self._buried()
                died, idle = died + death.begun, idle + (not death.begun)
            if self._late:
                raise Lost(f"超过 {self.limits.seconds:g} 秒没有做完，已停止", process.pid)
            if died >= _TRIES:
                raise Lost(f"处理它的进程中途停了（{_manner(code)}）", process.pid)
            if idle >= _STARTS:
                raise Lost(f"处理它的进程起不来（{_manner(code)}）", process.pid)

    def stop(self) -> None:
        """End the process: at once where it is idle, after its call where it is not."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()  # type: ignore[union-attr]

    def end_if_late(self, now: float) -> None:
        """Kill the process where its call is overdue."""
        with self._lock:
            if self._due is not None and now > self._due and self._process:
                self._due, self._late = None, True
                self._process.kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process and self._process.poll() is None:
            return self._process
        if self._process:
            self._buried()
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=None if os.environ.get("TAIZHANG_DEBUG") else subprocess.DEVNULL, env=os.environ | _ONE_THREAD,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0))
        with contextlib.suppress(OSError):
            send(self._process.stdin, b"H", pickle.dumps((sys.path, self.limits.memory << 20)))  # type: ignore[arg-type]
        if self.limits.seconds:
            _watch(self)
        return self._process

    def _asked(self, process: subprocess.Popen[bytes], call: bytes) -> tuple[bytes, bytes]:
        """The answer to a call; raises _Died."""
        begun = False
        self._late = False
        try:
            send(process.stdin, b"C", call)  # type: ignore[arg-type]
            receive(process.stdout)  # type: ignore[arg-type]
            begun = True
            self._expect(self.limits.seconds)
            return receive(process.stdout)  # type: ignore[arg-type]
        except (OSError, EOFError):
            raise _Died(begun) from None
        finally:
            self._expect(0)

    def _expect(self, seconds: float) -> None:
        with self._lock:
            self._due = time.monotonic() + seconds if seconds else None

    def _answer(self, kind: bytes, data: bytes) -> Any:
        if kind == DONE:
            return pickle.loads(data)
        if kind == FAULT:
            name, text = pickle.loads(data)
            raise Fault(f"{name}：{text}")
        assert kind == MEMORY, kind
        process = self._process.pid if self._process else 0
        self.stop()
        raise Lost(f"内存超过 {self.limits.memory} MB，已停止", process)

    def _buried(self) -> int:
        """The exit code of a process that is no more."""
        process, self._process = self._process, None
        if process is None:
            return 0
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        return process.wait()


def _manner(code: int) -> str:
    """How a process ended, from its exit code."""
    if code < 0 or code >= 128:
        return f"信号 {-code}，可能是内存不够" if code < 0 else f"退出码 {code:#x}，可能是内存不够"
    return f"退出码 {code}"


_watched: weakref.WeakSet[Helper] = weakref.WeakSet()
_watching = threading.Lock()
_watchman: threading.Thread | None = None


def _watch(helper: Helper) -> None:
    """Let one thread of this process look after all helpers' time."""
    global _watchman
    with _watching:
        _watched.add(helper)
        if _watchman is None:
            _watchman = threading.Thread(target=_look_round, name="taizhang-watchman", daemon=True)
            _watchman.start()


def _look_round() -> None:
    while True:
        time.sleep(_TICK)
        with _watching:
            helpers = list(_watched)
        now = time.monotonic()
        for helper in helpers:
            helper.end_if_late(now)
