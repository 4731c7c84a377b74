r"""One cell of the text form: a value as text, and back again.

A bare text is read by the type of its column: ISO dates under 日期, plain
numbers under 整数, 数值 and 百分比 (there also 60%), text everywhere else.
Text that its typed column would read as a value stands in "double quotes".
A value that its column would read as text stands behind an equals sign: =1.1
(a number under 文本), =2023-01-05, =10:30:00, =PT36H0M0S, =TRUE, =#REF!, and
="" for a text of no length; text that would read so is written \=1.1.

A number is its decimal value: a whole one is an int, any other the float that
prints as it, and a Decimal only where no float does. So what an xlsx holds and
what its text says are the same numbers.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from workbook.raw import ErrorValue, RawValue
from workbook.readings import canonical
from workbook.schema import Type

_NUMERIC = (Type.INTEGER, Type.NUMBER, Type.PERCENT)
_TYPED = (Type.DATE, *_NUMERIC)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,308})(?P<rest>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)")
_PERCENT = re.compile(r"(-?(?:0|[1-9][0-9]{0,308})(?:\.[0-9]+)?)%")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")
_MOMENT = re.compile(rf"{_DATE.pattern}[ T]{_TIME.pattern}")
_DURATION = re.compile(r"(-?)PT([0-9]{1,11})H([0-9]{1,2})M([0-9]{1,2})(?:\.([0-9]{1,6}))?S")
_ERROR = re.compile(r"#(?:[A-Z][A-Z0-9_/]*[!?]|N/A|GETTING_DATA)")
_WORDS: dict[str, RawValue] = {"TRUE": True, "FALSE": False, '""': ""}

_Given = TypeVar("_Given")
_Read = TypeVar("_Read")


_HIDDEN = re.compile(
    r"[\\|<\x00-\x1f\x7f-\xa0\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_SHOWN = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([ -/:-@\[-`{-~]))|(?i:<br ?/?>)")


def write_cell(value: RawValue, kind: Type = Type.TEXT) -> str:
    """The text of a value in a column of type `kind`; blank is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _write_text(value, kind)
    if isinstance(value, bool) or not _fits(value, kind):
        return f"={_spell(value)}"
    return _spell_percent(value) if kind is Type.PERCENT else _spell(value)


def read_cell(source: str, kind: Type = Type.TEXT) -> RawValue:
    """The value that `source`, free of padding, stands for in a column of type `kind`."""
    if not source:
        return None
    typed = kind in _TYPED
    value = _read_marked(source[1:]) if source[0] == "=" else _read_bare(source, kind) if typed else None
    if value is not None:
        return value
    return unescape(source[1:-1] if typed and _quoted(source) else source)


def escape(text: str) -> str:
    r"""Text as it stands between bars: \\ \| \<, <br>, edge spaces as `\ `, unseen characters as \x0d or \u200b."""
    shown = _HIDDEN.sub(_show, text)
    if text[:1] == " ":
        shown = "\\" + shown
    if text[-1:] == " " and len(text) > 1:
        shown = shown[:-1] + "\\ "
    return shown


def unescape(source: str) -> str:
    """The text behind `escape`; a backslash before ASCII punctuation is dropped (CommonMark 2.4), any other stays."""
    return _SHOWN.sub(_unshow, source) if "\\" in source or "<" in source else source


def trim(source: str, padding: str | None = " \t") -> str:
    r"""Without the padding around it (None: any white space); a space behind an escaping backslash is no padding."""
    kept = source.strip(padding)
    return kept + " " if dangles(kept) and not source.endswith(kept) else kept


def dangles(source: str) -> bool:
    """Does it end in a backslash that escapes what follows?"""
    return source.endswith("\\") and (len(source) - len(source.rstrip("\\"))) % 2 == 1


def _write_text(text: str, kind: Type) -> str:
    if not text:
        return '=""'
    shown = escape(text)
    if shown[0] == "=" and _read_marked(shown[1:]) is not None:
        return "\\" + shown
    if kind in _TYPED and (_quoted(shown) or _read_bare(shown, kind) is not None):
        return f'"{shown}"'
    return shown


def _fits(value: RawValue, kind: Type) -> bool:
    if kind is Type.DATE:
        return isinstance(value, dt.date)
    return kind in _NUMERIC and isinstance(value, (int, float, Decimal))


def _quoted(source: str) -> bool:
    return len(source) > 1 and source[0] == source[-1] == '"'


def _show(match: re.Match[str]) -> str:
    character = match[0]
    if character == "\n":
        return "<br>"
    if character in "\\|<":
        return "\\" + character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _unshow(match: re.Match[str]) -> str:
    short, long, mark = match.groups()
    if code := short or long:
        return chr(int(code, 16))
    return mark or "\n"


def _spell(value: RawValue) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float, Decimal)):
        return _spell_number(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return _spell_duration(value)
    return escape(str(value))


def _spell_number(value: int | float | Decimal) -> str:
    number = canonical(value)
    return f"{number:f}".rstrip("0") if isinstance(number, Decimal) else repr(number)


def _spell_percent(value: RawValue) -> str:
    """N%, or the plain number where it has too many digits for that."""
    spelled = _spell(value)
    percent = f"{_shift(spelled, 2)}%" if _PERCENT.fullmatch(f"{spelled}%") else ""
    return percent if _PERCENT.fullmatch(percent) else spelled


def _spell_duration(value: dt.timedelta) -> str:
    minutes, rest = divmod(abs(value), dt.timedelta(minutes=1))
    sign, hours = "-" if value < dt.timedelta(0) else "", minutes // 60
    part = f".{rest.microseconds:06d}" if rest.microseconds else ""
    return f"{sign}PT{hours}H{minutes % 60}M{rest.seconds}{part}S"


def _shift(number: str, places: int) -> str:
    """A plain number times ten to the `places`, exactly, as a plain number."""
    sign, digits, exponent = Decimal(number).as_tuple()
    moved = f"{Decimal((sign, digits, int(exponent) + places)):f}"
    return moved.rstrip("0").rstrip(".") if "." in moved else moved


def _read_bare(source: str, kind: Type) -> RawValue:
    """The value a typed column reads in it; None where it is text."""
    if kind is Type.DATE:
        return _read_date(source)
    if kind is Type.PERCENT and (percent := _PERCENT.fullmatch(source)):
        return _read_number(_shift(percent[1], -2))
    return _read_number(source) if kind in _NUMERIC else None


def _read_marked(source: str) -> RawValue:
    if source in _WORDS:
        return _WORDS[source]
    if _ERROR.fullmatch(source):
        return ErrorValue(source)
    readings = (read(source) for read in (_read_number, _read_date, _read_time, _read_duration))
    return next((value for value in readings if value is not None), None)


def _read_number(source: str) -> int | float | Decimal | None:
    match = _NUMBER.fullmatch(source)
    if match is None:
        return None
    if not match["rest"]:
        return int(source)
    return None if math.isinf(float(source)) else canonical(Decimal(source))


def _read_date(source: str) -> dt.date | None:
    if _DATE.fullmatch(source):
        return _try(dt.date.fromisoformat, source)
    return _try(dt.datetime.fromisoformat, source) if _MOMENT.fullmatch(source) else None


def _read_time(source: str) -> dt.time | None:
    return _try(dt.time.fromisoformat, source) if _TIME.fullmatch(source) else None


def _read_duration(source: str) -> dt.timedelta | None:
    match = _DURATION.fullmatch(source)
    return _try(_duration, match) if match else None


def _duration(match: re.Match[str]) -> dt.timedelta:
    sign, hours, minutes, seconds, part = match.groups()
    micro = int((part or "0").ljust(6, "0"))
    size = dt.timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds), microseconds=micro)
    return -size if sign else size


def _try(read: Callable[[_Given], _Read], source: _Given) -> _Read | None:
    try:
        return read(source)
    except (ValueError, OverflowError):
        return None
