"""Attachments of old mailers, which stand in the text itself, from `begin 644 name` to `end` (POSIX uuencode)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from workbook.exchange.mail.names import text_of
from workbook.exchange.mail.pieces import Enclosure

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n(?=[ -`])", re.MULTILINE)


def enclosures(body: bytes) -> Iterator[Enclosure]:
    """The files in a text; one that is cut off comes as far as it goes."""
    at = 0
    while match := _BEGIN.search(body, at):
        data, at = _unpacked(body, match.end())
        if data:
            yield Enclosure(text_of(match[1]), data)


def _unpacked(body: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of the lines from `at` on, and where those lines end."""
    found = []
    while at < len(body):
        end = body.find(b"\n", at) + 1 or len(body)
        line = body[at:end].rstrip(b"\r\n")
        at = end
        if line == b"end" or not line:
            break
        try:
            found.append(binascii.a2b_uu(line[:_length(line[0])]))
        except binascii.Error:
            break
    return b"".join(found), at


def _length(first: int) -> int:
    """How long a line is whose first character is this; some mailers add more."""
    return 1 + ((first - 32 & 63) + 2) // 3 * 4
