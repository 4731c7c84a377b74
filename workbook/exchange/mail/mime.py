"""An internet message (RFC 5322, MIME) becomes a Message; what mailers get wrong is read as they meant it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Part
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from typing import Any

from workbook.exchange.mail import uuencoded
from workbook.exchange.mail.addresses import address_in, addresses_in
from workbook.exchange.mail.names import header_text, raw_text, text_of, unbase64
from workbook.exchange.mail.pieces import Enclosure, Envelope, Message
from workbook.exchange.mail.texts import from_html
from workbook.reading.sniff import ASK_AGAIN, Unusable

MOST_PARTS = 500
LARGEST_LETTER = 100 << 20
"""Bytes of a letter that are taken apart, at ten times as much memory; servers let pass half of it."""
LONGEST_TEXT = 200_000
_LONGEST_HEADER = 4_000
_FIELD = re.compile(rb"([!-9;-~]{1,60}):[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*")
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?(?:From [^\r\n]*\r?\n)?")
"""A byte order mark; the line with which a mail folder begins a letter, left in front when one is taken out of it."""
_TELLING = frozenset({b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"mime-version", b"received",
                      b"return-path", b"delivered-to", b"content-type", b"reply-to", b"sender", b"x-mailer"})
_TRAVELLED = _TELLING - {b"mime-version", b"content-type", b"subject"}
_HEAD_END = re.compile(rb"\n\r?\n")
_WHOLE = "请对方把文件作为附件，重发一封完整的信。"
_TORN = re.compile(r"(?im)^content-(?:transfer-encoding:\s*base64|disposition:\s*attachment)")
_ID = re.compile(r"<[!-;=?-~]{3,200}>")
_NOTICE_PARTS = ("message/delivery-status", "message/disposition-notification", "text/rfc822-headers")
_FAILED = re.compile(r"(?i)退信|投递失败|发送失败|未送达|无法送达|undeliver|failure notice|returned mail"
                     r"|mail delivery failed|delivery (?:status notification|failure|has failed)")
_AWAY = re.compile(r"(?i)\A\s*(?:自动(?:回复|答复)|auto(?:matic)?[ -]?(?:reply|response)|out of office"
                   r"|已读[:：]|read[:：])")
_MACHINES = ("mailer-daemon@", "postmaster@", "mail-daemon@")


class _Raw(Compat32):
    """Header values as they stand, raw bytes read as text; the library would turn them into �."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        return raw_text(value) if isinstance(value, str) else value


_POLICY = _Raw(max_line_length=None, mangle_from_=False)


def is_message(data: bytes) -> bool:
    """Whether these bytes are an internet message: they begin with header fields, one of which says from or to whom."""
    names: set[bytes] = set()
    before = _BEFORE.match(data)
    at = before.end() if before else 0
    while len(names) < 40 and (match := _FIELD.match(data, at)):
        names.add(match[1].lower())
        at = match.end()
    return len(names & _TELLING) >= 2 and bool(names & _TRAVELLED)


def read_message(data: bytes) -> Message:
    """The message these bytes are; raises Unusable where it cannot be taken apart."""
    if len(data) > LARGEST_LETTER:
        raise Unusable(too_large(len(data)))
    if data.lower().count(b"boundary=") > MOST_PARTS:
        raise Unusable(f"邮件套了太多层，没有打开。{ASK_AGAIN}")
    try:
        return _message(message_from_bytes(_head_mended(data.removeprefix(b"\xef\xbb\xbf")), policy=_POLICY))
    except Unusable:
        raise
    except Exception:  # the library raises whatever a crafted message leads it to, RecursionError among them
        raise Unusable(f"邮件已损坏，打不开。{ASK_AGAIN}") from None


def _head_mended(data: bytes) -> bytes:
    """The letter without NULs in its head, where the library would take them for its end."""
    end = _HEAD_END.search(data)
    stop = end.start() if end else len(data)
    return data[:stop].translate(None, b"\0") + data[stop:] if data.find(b"\0", 0, stop) >= 0 else data


def too_large(size: int) -> str:
    """What is said of a letter beyond LARGEST_LETTER."""
    return f"邮件有 {size >> 20} MB，大得不正常，没有打开。请在邮箱里把附件另存出来，放进文件夹再收。"


def is_torn(text: str) -> bool:
    """Whether a text holds the head of an attachment: then the letter fell apart before it could be taken apart."""
    return bool(_TORN.search(text))


def automatic(sender: str, subject: str, mark: str = "") -> str:
    """退信 or 自动回复, where sender, subject or the mark of RFC 3834 tell of a machine; else nothing."""
    if sender.startswith(_MACHINES) and (_FAILED.search(subject) or mark):
        return "退信"
    if mark not in ("", "no", "auto-generated") or _AWAY.match(subject):
        return "自动回复"
    return "退信" if _FAILED.match(subject.strip()) and not sender else ""


def _message(root: Part) -> Message:
    leaves = list(_leaves(root))
    if len(leaves) > MOST_PARTS:
        raise Unusable(f"邮件里有 {len(leaves)} 个附件，多得不正常，没有打开。{ASK_AGAIN}")
    if any(part.get_content_type() == "message/partial" for part, _ in leaves):
        raise Unusable(f"是一封大信分成几段寄来的其中一段，拼不起来。{_WHOLE}")
    text, room = [], LONGEST_TEXT
    enclosures: list[Enclosure] = []
    for part, related in leaves:
        if _is_body(part):
            text.append(_body(part)[:room])
            room -= len(text[-1])
            if part.get_content_type() == "text/plain":
                enclosures += uuencoded.enclosures(_content(part))
        elif not _belongs_to_body(part, related):
            enclosures.append(Enclosure(_name(part), _content(part)))
    envelope = _envelope(root)
    told, said = _report(root)
    if told:
        return Message(envelope._replace(notice=told, said=said), "\n".join(text), ())
    return Message(envelope, "\n".join(text), tuple(enclosures))


def _leaves(part: Part, related: bool = False) -> Iterator[tuple[Part, bool]]:
    """The parts that hold something, with whether they stand beside a body that may show them."""
    if part.is_multipart() and part.get_content_maintype() != "message":
        inside = related or part.get_content_subtype() == "related"
        for one in part.get_payload():
            assert isinstance(one, Part)
            yield from _leaves(one, inside)
    else:
        yield part, related


def _is_body(part: Part) -> bool:
    if part.get_content_type() in _NOTICE_PARTS:
        return True
    attached = _disposition(part) == "attachment" or bool(_name(part))
    return part.get_content_type() in ("text/plain", "text/html") and not attached


def _belongs_to_body(part: Part, related: bool) -> bool:
    """Whether it is a picture of a signature, a calendar's twin of the text, or nothing at all."""
    if part.get_content_maintype() == "multipart":
        return not str(part.get_payload()).strip()
    shown = part.get_content_maintype() == "image" and _disposition(part) != "attachment"
    return shown and related and bool(part.get("Content-ID"))


def _disposition(part: Part) -> str:
    return str(part.get("Content-Disposition", "")).partition(";")[0].strip().lower()


def _name(part: Part) -> str:
    """The name an attachment goes by: RFC 2231 before RFC 2047 before what stands there raw."""
    for header, key in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        given = [value for name, value in part.get_params([], header) if name.lower() == key]
        for value in sorted(given, key=lambda one: not isinstance(one, tuple)):
            found = _extended(value) if isinstance(value, tuple) else header_text(value)
            if found.strip():
                return " ".join(found.split())
    return ""


def _extended(value: tuple[str | None, str | None, str]) -> str:
    charset, _, text = value
    try:
        return text_of(text.encode("latin-1"), charset or "")
    except UnicodeEncodeError:
        return header_text(text)


def _content(part: Part) -> bytes:
    """An attachment's bytes; a message comes as the bytes it was, also where it was wrongly put into base64."""
    if part.get_content_maintype() == "message" and part.is_multipart():
        inner = part.get_payload(0)
        assert isinstance(inner, Part)
        if _encoding(part) == "base64" and not inner.keys():
            return unbase64(str(inner.get_payload()).encode("utf-8", "surrogateescape"))
        return inner.as_bytes(policy=_POLICY)
    raw = part.get_payload()
    if _encoding(part) == "base64" and isinstance(raw, str):
        return unbase64(raw.encode("utf-8", "surrogateescape"))
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _encoding(part: Part) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def _body(part: Part) -> str:
    if part.is_multipart():
        return "\n".join(str(one) for one in part.get_payload())
    text = text_of(_content(part)[:4 * LONGEST_TEXT], part.get_content_charset("") or "")
    return from_html(text) if part.get_content_type() == "text/html" else text


def _envelope(root: Part) -> Envelope:
    sender = address_in(header_text(str(root.get("From", "") or root.get("Sender", ""))))
    subject = header_text(str(root.get("Subject", ""))[:_LONGEST_HEADER])
    mark = str(root.get("Auto-Submitted", "")).partition(";")[0].strip().lower()
    if not mark and (root.get("X-Autoreply") or root.get("X-Autorespond")):
        mark = "auto-replied"
    name = _ID.search(str(root.get("Message-ID", ""))[:_LONGEST_HEADER])
    return Envelope(sender, subject, _date(str(root.get("Date", ""))), automatic(sender, subject, mark),
                    id=name[0] if name else "")


def _date(text: str) -> str:
    try:
        return parsedate_to_datetime(raw_text(text)[:200]).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _report(root: Part) -> tuple[str, str]:
    """What a report of a mail system (RFC 3464, RFC 8098) says: its verdict, and about whom."""
    if root.get_content_type() != "multipart/report" or not root.is_multipart():
        return "", ""
    kind = str(root.get_param("report-type", "")).lower()
    if kind == "disposition-notification":
        return "自动回复", "已读回执"
    if kind != "delivery-status":
        return "", ""
    told = "\n".join(str(one) for part in root.walk() if part.get_content_type() == "message/delivery-status"
                     for one in (part.get_payload() if part.is_multipart() else [part]))
    actions = {one.lower() for one in re.findall(r"(?im)^Action:\s*(\w+)", told)}
    who = "、".join(dict.fromkeys(addresses_in(" ".join(re.findall(r"(?im)^Final-Recipient:([^\n]*)", told)))))
    if actions and "failed" not in actions:
        return "自动回复", f"投递通知：{who}" if who else "投递通知"
    return "退信", f"没有送到 {who}" if who else "没有送到"
