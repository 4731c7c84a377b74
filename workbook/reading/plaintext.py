"""What can be told of a part, and made of its text, without a parser, where it is written in the usual way."""

from __future__ import annotations

import re

PREFIXED = re.compile(rb"<[\w.-]+:(?:c|row|sheetData|mergeCells?|sheetPr|dimension|worksheet)[\s/>]")
"""Elements that a parser takes for a sheet's own."""
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml([^>]*)\?>\s*)?(?:<!--(?:[^-]|-(?!-))*+-->\s*+)*+<(\w+)")
_OTHER_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_FORBIDDEN = (*(bytes((code,)) for code in range(32) if code not in (9, 10, 13)), b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_ANY_FORBIDDEN = re.compile(b"|".join(map(re.escape, _FORBIDDEN)))
_SHORT = 256
"""One expression is quicker than a search for each mark only in so few bytes."""
_WRITTEN = ((9, 10), (13, 13), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))


class Odd(Exception):
    """What is not written in the usual way; nothing says that it is wrong."""


def root_at(text: bytes, root: bytes) -> int:
    """Where the root element begins in a part that is UTF-8, without a document type, and has this root; else -1."""
    match = _PROLOG.match(text)
    plain = match is not None and match[2] == root and not _OTHER_ENCODING.search(match[1] or b"")
    return match.start(2) - 1 if match and plain else -1


def decoded(data: bytes) -> str:
    """The characters of UTF-8 bytes with line ends as a parser gives them; raises Odd where XML forbids them."""
    if b"]]>" in data or not legible(data):
        raise Odd
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Odd from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def legible(data: bytes) -> bool:
    """Whether no character is one that XML forbids."""
    if len(data) <= _SHORT:
        return _ANY_FORBIDDEN.search(data) is None
    return not any(mark in data for mark in _FORBIDDEN)


def resolved(text: str) -> str:
    """The references in a text replaced by their characters; raises Odd."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal or "0", 16)
    if not any(first <= code <= last for first, last in _WRITTEN):
        raise Odd
    return chr(code)
