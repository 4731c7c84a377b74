"""Mail addresses (RFC 5322), also those in Chinese (RFC 6531), as people write them and as servers take them."""

from __future__ import annotations

import re

_HAN = "\u3400-\u9fff"
_DOMAIN = rf"(?:[A-Za-z0-9-]{{1,63}}|[{_HAN}]{{1,20}})"
_WHOLE = re.compile(rf"(?:[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}|[{_HAN}][{_HAN}0-9._-]{{0,20}})"
                    rf"@(?!-){_DOMAIN}(?:\.{_DOMAIN}){{0,10}}(?<!-)")
_INSIDE = re.compile(rf"(?:[A-Za-z0-9._%+=&'/#!-]+|[{_HAN}][{_HAN}0-9._-]*)[@＠]{_DOMAIN}(?:\.{_DOMAIN})+")
_BETWEEN = re.compile(r"[\s,;，；、]+")
_LONGEST_LINE = 4_000


def addresses(cell: str) -> list[str]:
    """The mail addresses of a cell; whatever is none is left out."""
    parts = _BETWEEN.split(cell.replace("＠", "@").strip())
    return list(dict.fromkeys(part for part in parts if _WHOLE.fullmatch(part) and on_the_wire(part)))


def address_in(text: str) -> str:
    """The mail address in a From line, bare and in lower case; the last one, where a name poses as another."""
    found = addresses_in(text[:_LONGEST_LINE])
    return found[-1] if found else ""


def addresses_in(text: str) -> list[str]:
    """Every mail address in a text, in lower case, as servers take it."""
    return [on_the_wire(one.replace("＠", "@")).lower() or one.lower() for one in _INSIDE.findall(text)]


def on_the_wire(address: str) -> str:
    """The address with its domain as servers take it (RFC 5891: xn--…); "" where there is no such domain."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""
