"""From a menu entry to its macro and back: the window takes no other input meanwhile, and a fault is one message."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

from .child import Unusable, questions, started
from .desk import ask, status
from .office import Office
from .serving import serve

_busy: list[str] = []
_standing: list[Any] = []
"""The text that the last macro left in the status bar."""


def settings(folder: str) -> dict[str, Any]:
    """What the build wrote into the extension: the interpreter, our version, the buttons, the texts."""
    with open(os.path.join(folder, "settings.json"), encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found


def click(context: Any, window: Any, macro: str, told: dict[str, Any]) -> None:
    """Run one macro on the workbook of a window; a second click while one runs does nothing."""
    if _busy or macro not in told["buttons"]:
        return
    _busy.append(macro)
    office = Office(context, window, f"台账 {told['buttons'][macro]}")
    office.indicator = _standing.pop() if _standing else None
    try:
        status(office, told["texts"]["running"])
        window.ContainerWindow.setEnable(False)
        _run(office, macro, told)
    finally:
        _busy.clear()
        window.ContainerWindow.setEnable(True)
        window.ContainerWindow.setFocus()
        if office.indicator is not None:
            _standing.append(office.indicator)


def _run(office: Office, macro: str, told: dict[str, Any]) -> None:
    child = None
    try:
        child = started(told["python"]["windows" if os.name == "nt" else "other"], macro, told["texts"])
        lines = questions(child, told["version"], told["texts"], lambda: _drawn(office))
        serve(office, lines, lambda answer: _say(child, answer))
    except Unusable as why:
        status(office, "")
        ask(office, str(why), told["texts"]["title"], "ok")
    finally:
        if child is not None:
            _end(child)


def _drawn(office: Office) -> None:
    """Let the window be drawn while the program thinks."""
    if office.indicator is not None:
        office.indicator.setValue(0)


def _say(child: Any, answer: bytes) -> None:
    child.stdin.write(answer)
    child.stdin.flush()


def _end(child: Any) -> None:
    with contextlib.suppress(OSError):
        child.stdin.close()
    try:
        child.wait(10)
    except Exception:
        child.kill()
