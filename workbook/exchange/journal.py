"""The append-only journal of a 往来 folder: one JSON object a line, kept by the disk before anyone goes on.

Only a line that ends counts: what a power cut tore is passed over on reading and
cut off before the next line is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from workbook.files import long_path
from workbook.findings import Refusal

Event = Mapping[str, object]


def events(path: str) -> list[dict[str, object]]:
    """Every event of the journal, in order; none where there is no journal.

    Raises Refusal for a line that is no event: the journal was changed by hand.
    """
    if not os.path.exists(long_path(path)):
        return []
    with _explained(path), open(long_path(path), "rb") as file:
        *lines, _torn = file.read().split(b"\n")
    return [_event(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def append(path: str, event: Event) -> None:
    """Add one event and return when the disk has it; what is torn behind the last whole line goes first.

    Raises Refusal where it cannot be written; the journal then holds what it held.
    """
    line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace") + b"\n"
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
    with _explained(path), open(os.open(long_path(path), flags, 0o666), "r+b") as file:
        file.seek(_whole(file.read()))
        file.truncate()
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _whole(data: bytes) -> int:
    """Where the last whole line ends."""
    return data.rfind(b"\n") + 1


def _event(path: str, number: int, line: bytes) -> dict[str, object]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict) or "event" not in found:
        raise Refusal(f"{path}：第 {number} 行读不懂，可能被改动了。请用备份里的这个文件换回来。")
    return found


@contextmanager
def _explained(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refusal(f"{path}：没有写成或读不出来（{error.strerror or error}）。"
                      f"请核对磁盘和这个文件夹的权限再试。") from None
