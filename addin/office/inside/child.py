"""Our program as a child of the office: found, started without a window, of the right version, ended with the click."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from typing import Any

_NO_WINDOW = 0x08000000
_TAIL = 600


class Unusable(Exception):
    """Why our program cannot help, in the clerk's language."""


def started(python: str, macro: str, texts: dict[str, str]) -> Any:
    """The child, whose standard input and output are ours alone; raises Unusable where there is no such program."""
    place = os.path.expandvars(python)
    if not os.path.isfile(place):
        raise Unusable(texts["no_python"] + place)
    flags = _NO_WINDOW if os.name == "nt" else 0
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        return subprocess.Popen([place, "-I", "-B", "-m", "addin.office", macro], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=kept, creationflags=flags)
    except OSError as why:
        raise Unusable(f"{texts['no_python']}{place}（{why.strerror}）") from None


def questions(child: Any, version: str, texts: dict[str, str], waiting: Callable[[], Any]) -> Iterator[bytes]:
    """The lines of the child after its first, which says its version; `waiting` is called while it thinks.

    Raises Unusable where it says nothing, or is of another version.
    """
    lines: queue.Queue[bytes] = queue.Queue()
    heard: list[bytes] = []
    threading.Thread(target=_hear, args=(child.stdout, lines), daemon=True).start()
    complaints = threading.Thread(target=lambda: heard.append(child.stderr.read()), daemon=True)
    complaints.start()
    first = _next(lines, waiting)
    if not first:
        complaints.join(5)
        raise Unusable(texts["failed"] + b"".join(heard).decode("utf-8", "replace")[-_TAIL:])
    found = json.loads(first)["version"]
    if found != version:
        raise Unusable(texts["other_version"].format(ours=version, theirs=found))
    while True:
        line = _next(lines, waiting)
        if not line:
            return
        yield line


def _hear(stream: Any, lines: queue.Queue[bytes]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(b"")


def _next(lines: queue.Queue[bytes], waiting: Callable[[], Any]) -> bytes:
    while True:
        try:
            return lines.get(timeout=0.2)
        except queue.Empty:
            waiting()
