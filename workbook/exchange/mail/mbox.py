"""A mailbox in one file (RFC 4155, and mboxrd's quoting): where one message ends and the next begins."""

from __future__ import annotations

import re

_START = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\d{4}[^\n]*\n(?=>?[!-9;-~]+:)")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def is_mbox(data: bytes) -> bool:
    """Whether these bytes are a mailbox."""
    return _START.match(data) is not None


def messages(data: bytes) -> list[bytes]:
    """The bytes of each message of a mailbox, in order."""
    starts = [(match.start(), match.end()) for match in _START.finditer(data)]
    ends = [start for start, _ in starts[1:]] + [len(data)]
    return [_QUOTED.sub(rb"\1", data[begin:end]) for (_, begin), end in zip(starts, ends, strict=True)]
