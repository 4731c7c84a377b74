"""What a stored value means: one answer for every reader of xlsx cells ([ECMA-376] part 1, 18.18.11)."""

from __future__ import annotations

import datetime as dt
import re

from workbook.raw import ErrorValue, RawValue
from workbook.reading.serials import Kind, from_serial, plain_day, whole

_ESCAPE = re.compile(r"_x00([0-9A-Fa-f]{2})_")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,6})?)?|\d\d:\d\d:\d\d(?:\.\d{1,6})?", re.ASCII)


def value_of(kind: str, stored: str, style: Kind, epoch1904: bool) -> RawValue:
    """The value of a cell of type `kind`, which is neither a shared nor an inline string; blank is None."""
    if not stored:
        return None
    if kind == "str":
        return unescaped(stored)
    if kind == "b":
        return stored != "0"
    if kind == "e":
        return ErrorValue(stored.strip())
    return _from_iso(stored) if kind == "d" else _number(stored, style, epoch1904)


def unescaped(text: str) -> str:
    """Excel's spelling of control characters (_x000D_) undone."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x00" in text else text


def _number(stored: str, style: Kind, epoch1904: bool) -> RawValue:
    try:
        value = float(stored)
    except ValueError:
        return stored
    if "_" in stored or not stored.isascii():
        return stored
    return whole(from_serial(value, style, epoch1904))


def _from_iso(text: str) -> RawValue:
    """A date, a time or a moment as Strict workbooks store it; anything else (a time zone, no seconds) is text."""
    kind = dt.datetime if "T" in text else dt.time if ":" in text else dt.date
    try:
        value = kind.fromisoformat(text) if _ISO.fullmatch(text) else text
    except ValueError:
        return text
    return plain_day(value) if isinstance(value, dt.datetime) else value
