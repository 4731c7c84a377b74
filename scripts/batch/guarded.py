"""One file worked on in a process of its own, whoever asks: a thread here, or a worker of Dask on another machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from glob import escape, iglob
from typing import Any, NamedTuple

from scripts.batch.identity import Content, content_of, still
from scripts.batch.result import Result
from workbook.apart.helper import Helper, Limits, Lost

_OF_THREAD = threading.local()


class Task(NamedTuple):
    """What is sent to whoever does the work; `folder` is where relative paths begin, `version` the program's."""

    work: Callable[[Any], Result]
    order: Any
    limits: Limits
    folder: str
    version: str


class Answer(NamedTuple):
    """What comes back: the result, or why there is none; and what the file held when it was worked on."""

    result: Result | None
    why: str = ""
    content: Content = Content()


def guarded(task: Task) -> Answer:
    """The answer to a task; never raises for what the file or our program does."""
    if task.version != version():
        return Answer(None, f"这台机器上的 taizhang 是 {version()}，派活的是 {task.version}，请装成一样的")
    try:
        answer: Answer = _helper(task.limits).call(_measured, task)
    except Lost as lost:
        if lost.process:
            _clear_behind(lost.process, task)
        return Answer(None, str(lost))
    return answer


def _measured(task: Task) -> Answer:
    """The result, and what the file held if it did not change meanwhile. Runs in the helper's process."""
    try:
        if task.folder != os.getcwd():
            os.chdir(task.folder)
    except OSError:
        return Answer(None, f"这台机器上没有文件夹“{task.folder}”，几台机器要用同样的路径共用它")
    source = task.order.source
    before, content = still(source), content_of(source)
    result = task.work(task.order)
    return Answer(result, "", content if still(source) == before else Content())


def stop_helpers() -> None:
    """End the processes of all threads."""
    while HELPERS:
        HELPERS.pop().stop()


HELPERS: list[Helper] = []
"""Every helper of this process, to be stopped with it."""


def _helper(limits: Limits) -> Helper:
    """This thread's own helper."""
    helper: Helper | None = getattr(_OF_THREAD, "helper", None)
    if helper is None or helper.limits != limits:
        if helper is not None:
            helper.stop()
        helper = _OF_THREAD.helper = Helper(limits)
        HELPERS.append(helper)
    return helper


def _clear_behind(process: int, task: Task) -> None:
    """Remove what a process that was stopped left on its way into the folders of this order."""
    for path in (getattr(task.order, "output", ""), task.order.source):
        beside = os.path.join(escape(os.path.join(task.folder, os.path.dirname(path))), f"~taizhang-*{process}-*.tmp")
        for name in iglob(beside):
            with suppress(OSError):
                os.unlink(name)


@cache
def version() -> str:
    """The installed program's version."""
    from importlib.metadata import version as installed

    return installed("taizhang")
