"""What opening mail gives: messages on the way, pieces in the end."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from workbook.exchange.mail.names import line_of

BOUNCED = "退信"


class Envelope(NamedTuple):
    """What the head of a message says; blank where it says nothing.

    `sender` is the bare address in lower case; `date` is ISO; `notice` is 退信 or 自动回复 where a machine wrote it,
    `said` what it reports; `id` is its Message-ID.
    """

    sender: str = ""
    subject: str = ""
    date: str = ""
    notice: str = ""
    said: str = ""
    id: str = ""


class Enclosure(NamedTuple):
    """One attachment of a message: its bytes, or the message that it is where the format keeps no bytes of it."""

    name: str
    data: bytes
    message: Message | None = None


class Message(NamedTuple):
    """One message: its envelope, the text of its bodies, what is attached."""

    envelope: Envelope
    text: str
    enclosures: tuple[Enclosure, ...]


class Piece(NamedTuple):
    """What gets one line: a file, an attachment, or a message with nothing attached.

    `route` names what it came in, from the outside in; `senders` are those of the messages among them; `texts`
    are their subjects and bodies. `verdict` and `why` stand where opening already settled what it is.
    `origin` names the place it came from: equal for the same piece of the same message in another run.
    `message_id` is that of the outermost message: what an answer refers to.
    """

    name: str
    data: bytes
    route: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    date: str = ""
    verdict: str = ""
    why: str = ""
    origin: str = ""
    message_id: str = ""

    @property
    def source(self) -> str:
        """Where it came from, on one line: the sender, then what it was in."""
        inside = " › ".join(self.route) or ("邮件" if self.senders else "文件")
        return line_of(f"{self.senders[-1]} {inside}" if self.senders and self.senders[-1] else inside, 200)

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()


def named(*parts: str) -> str:
    """What stands for a place: the SHA-256 of its parts, in hex."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
