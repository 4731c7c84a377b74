"""A letter as a mail message: a draft that Outlook and Foxmail open unsent, or what goes out by SMTP.

Headers by RFC 5322 and RFC 2047; a Chinese file name both by RFC 2231 and, for
programs that do not know it, as an encoded word. No clock and no chance: the same
letter gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from workbook.exchange.letters.wording import Letter, Sender
from workbook.exchange.mail.addresses import on_the_wire

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LETTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LINE, _WORD = 76, 45
"""Characters of a line of base64 (RFC 2045, 6.8) and bytes of an encoded word (RFC 2047, 2)."""
_ODD = re.compile(r'["\\]|=\?')
_SEGMENT = 60
"""Characters of a name in one line (RFC 2231, 3)."""


class Attached(NamedTuple):
    """A file of a letter."""

    name: str
    data: bytes
    type: str = SHEET_TYPE


class Head(NamedTuple):
    """What stands above a letter; addresses come from `addresses`. A blank `sender` makes it a draft, whose sender,
    date and id are left to the program that sends it.

    `answers` are the ids of earlier letters, the last one being what this one follows.
    """

    to: Sequence[str] = ()
    name: str = ""
    reply_to: str = ""
    answers: Sequence[str] = ()
    sender: str = ""
    sender_name: str = ""
    date: str = ""
    id: str = ""


def addressed(head: Head, sender: Sender, to: str) -> Head:
    """The same with the names of who sends and who gets it."""
    return head._replace(name=to, sender_name=sender.office)


def message(letter: Letter, head: Head, attached: Sequence[Attached] = ()) -> bytes:
    """The message as bytes."""
    parts = [_text(letter.body), *map(_file, attached)]
    boundary = f"taizhang-{hashlib.sha256(b''.join(parts)).hexdigest()[:32]}"
    headers = [*_headers(letter, head), ("MIME-Version", "1.0"),
               ("Content-Type", f'multipart/mixed; boundary="{boundary}"')]
    told = "".join(f"{name}: {value}\r\n" for name, value in headers if value)
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts)
    return told.encode() + b"\r\n" + body + b"--%b--\r\n" % boundary.encode()


def _headers(letter: Letter, head: Head) -> Iterator[tuple[str, str]]:
    """A program sent what has a sender (RFC 3834): no holiday notice need answer it."""
    yield "From", _mailbox(head.sender_name, head.sender) if head.sender else ""
    yield "To", ",\r\n ".join(_mailbox(head.name, one) for one in head.to)
    yield "Reply-To", _mailbox("", head.reply_to) if head.reply_to else ""
    yield "Subject", _encoded(letter.subject)
    yield "Date", head.date
    yield "Message-ID", head.id
    yield "In-Reply-To", head.answers[-1] if head.answers else ""
    yield "References", "\r\n ".join(head.answers)
    yield "Auto-Submitted", "auto-generated" if head.sender else ""
    yield "X-Unsent", "" if head.sender else "1"


def _mailbox(name: str, address: str) -> str:
    """A name and an address; a name in plain letters stands between quotation marks."""
    bare = on_the_wire(address)
    if not name or not bare:
        return bare
    told = _encoded(name)
    return f'"{told}" <{bare}>' if told == name else f"{told} <{bare}>"


def _text(text: str) -> bytes:
    return b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + _base64(
        text.replace("\n", "\r\n").encode("utf-8", "replace"))


def _file(one: Attached) -> bytes:
    head = (f"Content-Type: {one.type};\r\n name=\"{_encoded(one.name)}\"\r\n"
            f"Content-Transfer-Encoding: base64\r\n"
            f"Content-Disposition: attachment;\r\n {_extended('filename', one.name)}\r\n\r\n")
    return head.encode("ascii") + _base64(one.data)


def _extended(parameter: str, value: str) -> str:
    """A parameter by RFC 2231, on as many lines as it needs; no character is cut in two."""
    pieces, piece = [], ""
    for mark in value:
        told = quote(mark.encode("utf-8", "replace"), safe="")
        if len(piece) + len(told) > _SEGMENT:
            pieces.append(piece)
            piece = ""
        piece += told
    pieces.append(piece)
    first, *rest = pieces
    if not rest:
        return f"{parameter}*=UTF-8''{first}"
    return ";\r\n ".join(f"{parameter}*{at}*={one}" for at, one in enumerate((f"UTF-8''{first}", *rest)))


def _base64(data: bytes) -> bytes:
    packed = b64encode(data)
    lines = (packed[at:at + _LINE] for at in range(0, len(packed), _LINE))
    return b"".join(line + b"\r\n" for line in lines)


def _encoded(text: str) -> str:
    """Encoded words (RFC 2047), none of which cuts a character in two; plain ASCII stays."""
    if text.isascii() and text.isprintable() and not _ODD.search(text):
        return text
    words, piece = [], ""
    for mark in text:
        if len((piece + mark).encode("utf-8", "replace")) > _WORD:
            words.append(piece)
            piece = ""
        piece += mark
    packed = (b64encode(word.encode("utf-8", "replace")).decode() for word in (*words, piece))
    return "\r\n ".join(f"=?utf-8?B?{word}?=" for word in packed)
