"""The append-only journal of a 往来 folder: one JSON object a line, kept by the disk before anyone goes on.

Only a line that ends counts: what a power cut tore is passed over on reading and
cut off before the next line is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from workbook.files import append_line, long_path, read_bytes
from workbook.findings import Refusal

Event = Mapping[str, object]


def events(path: str) -> list[dict[str, object]]:
    """Every event of the journal, in order; none where there is no journal.

    Raises Refusal for a line that is no event: the journal was changed by hand.
    """
    if not os.path.exists(long_path(path)):
        return []
    *lines, _torn = read_bytes(path).split(b"\n")
    return [_event(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def append(path: str, event: Event) -> None:
    """Add one event and return when the disk has it; what is torn behind the last whole line goes first.

    Raises Refusal where it cannot be written; the journal then holds what it held.
    """
    append_line(path, json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace"))


def _event(path: str, number: int, line: bytes) -> dict[str, object]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict) or "event" not in found:
        raise Refusal(f"{path}：第 {number} 行读不懂，可能被改动了。请用备份里的这个文件换回来。")
    return found
