"""A mailbox in one file (RFC 4155, and mboxrd's quoting): where one message ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

_START = re.compile(rb"From [^\n]*\d{4}[^\n]*\n(?=>?[!-9;-~]+:)")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def is_mbox(data: bytes) -> bool:
    """Whether these bytes are a mailbox."""
    return _START.match(data) is not None


def messages(data: bytes) -> list[bytes]:
    """The bytes of each message of a mailbox, in order."""
    starts = list(_starts(data))
    ends = [start for start, _ in starts[1:]] + [len(data)]
    return [_QUOTED.sub(rb"\1", data[begin:end]) for (_, begin), end in zip(starts, ends, strict=True)]


def _starts(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the line that opens each message begins and ends: the first line, and such a line behind a blank one."""
    at = 0
    while at >= 0:
        match = _START.match(data, at)
        if match and (at == 0 or data.endswith((b"\n\n", b"\n\r\n"), max(at - 3, 0), at)):
            yield match.start(), match.end()
        at = data.find(b"\nFrom ", at) + 1 or -1
