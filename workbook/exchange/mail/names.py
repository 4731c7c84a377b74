"""Names as the sender wrote them: RFC 2231, RFC 2047, raw UTF-8 or GB18030; never used as a path."""

from __future__ import annotations

import binascii
import re
import string
from collections.abc import Iterator
from itertools import groupby

from workbook.personal import mask

LONGEST_NAME = 100
NAMELESS = "未命名"
_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]*)?\?([BbQq])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?)")
_NO_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_CHINESE = frozenset({"gb2312", "gbk", "cp936", "ms936", "x-gbk", "gb_2312-80", "euc-cn", "gb18030"})
_UNKNOWN = frozenset({"", "unknown", "unknown-8bit", "us-ascii", "ascii", "8bit", "default", "x-unknown"})


def text_of(data: bytes, charset: str = "") -> str:
    """Bytes as text in their charset; a charset that is missing or wrong is UTF-8, else GB18030. Never raises."""
    named = charset.strip("\"' ").lower()
    if named in _CHINESE:
        named = "gb18030"
    for one in (() if named in _UNKNOWN else (named,)) + ("utf-8", "gb18030"):
        try:
            return data.decode(one)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("gb18030", "replace")


def header_text(value: str) -> str:
    """A header as text: raw bytes (kept by the parser as surrogates) and encoded words decoded (RFC 2047)."""
    return words(raw_text(value))


def raw_text(value: str) -> str:
    """A header whose raw 8-bit bytes are read as UTF-8, else GB18030."""
    if value.isascii() or not any("\udc80" <= one <= "\udcff" for one in value):
        return value
    return text_of(value.encode("utf-8", "surrogateescape"))


def words(text: str) -> str:
    """A text with its encoded words decoded; neighbours of one charset are joined first, since senders cut
    characters in two."""
    if "=?" not in text:
        return text
    return "".join(text_of(data, charset) if data is not None else charset
                   for charset, data in _joined(_BETWEEN.sub("", text)))


def _joined(text: str) -> Iterator[tuple[str, bytes | None]]:
    """(charset, bytes) of encoded words, (text, None) of what stands between them."""
    for charset, group in groupby(_split(text), key=lambda one: one[0] if one[1] is not None else None):
        found = list(group)
        if charset is None:
            yield "".join(one[0] for one in found), None
        else:
            yield charset, b"".join(data for _, data in found if data is not None)


def _split(text: str) -> Iterator[tuple[str, bytes | None]]:
    end = 0
    for match in _WORD.finditer(text):
        if match.start() > end:
            yield text[end:match.start()], None
        yield match[1].lower(), _unpacked(match[2], match[3])
        end = match.end()
    if end < len(text):
        yield text[end:], None


def _unpacked(kind: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "surrogateescape")
    if kind in "Qq":
        return _HEX.sub(lambda match: bytes([int(match[1], 16)]), raw.replace(b"_", b" "))
    return unbase64(raw)


def unbase64(raw: bytes) -> bytes:
    """What base64 holds, as far as it goes; what is no base64 in it is passed over."""
    kept = raw.translate(None, _NO_BASE64)
    odd = len(kept) % 4
    try:
        return binascii.a2b_base64(kept[:-1] if odd == 1 else kept + b"=" * (4 - odd) if odd else kept)
    except binascii.Error:
        return b""


def shown(name: str) -> str:
    """A name to show: its last part only, nothing that steers a terminal, no number of a person, not too long."""
    last = re.split(r"[/\\]", _UNPRINTABLE.sub("", name).strip())[-1].strip(" .") or NAMELESS
    masked = mask(last)
    if len(masked) <= LONGEST_NAME:
        return masked
    stem, dot, ending = masked.rpartition(".")
    tail = dot + ending if dot and len(ending) <= 8 else ""
    return (stem if tail else masked)[:LONGEST_NAME - len(tail) - 1] + "…" + tail


def line_of(text: str, most: int = 120) -> str:
    """A text on one line, masked, not too long: for subjects and reports of machines."""
    plain = mask(" ".join(_UNPRINTABLE.sub(" ", text).split()))
    return plain if len(plain) <= most else plain[:most - 1] + "…"
