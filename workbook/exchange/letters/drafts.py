"""A letter as a mail message: a draft that Outlook and Foxmail open unsent, or what goes out by SMTP.

Headers by RFC 5322 and RFC 2047; a Chinese file name both by RFC 2231 and, for
programs that do not know it, as an encoded word. No clock and no chance: the same
letter gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from workbook.exchange.letters.wording import Letter

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_BETWEEN = re.compile(r"[\s,;，；、]+")
_LINE, _WORD = 76, 45
"""Characters of a line of base64 (RFC 2045, 6.8) and bytes of an encoded word (RFC 2047, 2)."""


class Attached(NamedTuple):
    """A file of a letter."""

    name: str
    data: bytes
    type: str = SHEET_TYPE


def addresses(text: str) -> list[str]:
    """The mail addresses of a cell; whatever is none is left out."""
    parts = _BETWEEN.split(text.replace("＠", "@").strip())
    return [part for part in parts if _ADDRESS.fullmatch(part)]


def message(letter: Letter, to: Sequence[str], attached: Sequence[Attached] = (), *, sender: str = "",
            message_id: str = "", date: str = "", unsent: bool = True) -> bytes:
    """The message as bytes; `unsent` makes it a draft. Addresses come from `addresses`."""
    headers = [("From", sender), ("To", ", ".join(to)), ("Subject", _encoded(letter.subject)), ("Date", date),
               ("Message-ID", message_id), ("X-Unsent", "1" if unsent else ""), ("MIME-Version", "1.0")]
    parts = [_text(letter.body), *map(_file, attached)]
    boundary = f"taizhang-{hashlib.sha256(b''.join(parts)).hexdigest()[:32]}"
    headers.append(("Content-Type", f'multipart/mixed; boundary="{boundary}"'))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers if value)
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts)
    return head.encode("ascii") + b"\r\n" + body + b"--%b--\r\n" % boundary.encode()


def _text(text: str) -> bytes:
    return b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + _base64(
        text.replace("\n", "\r\n").encode("utf-8", "replace"))


def _file(one: Attached) -> bytes:
    told = quote(one.name.encode("utf-8", "replace"), safe="")
    head = (f"Content-Type: {one.type};\r\n name=\"{_encoded(one.name)}\"\r\n"
            f"Content-Transfer-Encoding: base64\r\n"
            f"Content-Disposition: attachment;\r\n filename*=UTF-8''{told}\r\n\r\n")
    return head.encode("ascii") + _base64(one.data)


def _base64(data: bytes) -> bytes:
    packed = b64encode(data)
    lines = (packed[at:at + _LINE] for at in range(0, len(packed), _LINE))
    return b"".join(line + b"\r\n" for line in lines)


def _encoded(text: str) -> str:
    """Encoded words (RFC 2047), none of which cuts a character in two; plain ASCII stays."""
    if text.isascii() and text.isprintable():
        return text
    words, piece = [], ""
    for mark in text:
        if len((piece + mark).encode("utf-8", "replace")) > _WORD:
            words.append(piece)
            piece = ""
        piece += mark
    packed = (b64encode(word.encode("utf-8", "replace")).decode() for word in (*words, piece))
    return "\r\n ".join(f"=?utf-8?B?{word}?=" for word in packed)
