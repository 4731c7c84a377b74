"""What reading a cell gives: a value, or nothing, and why.

The shapes every reader of `workbook.normalize` returns, and the one way in
which they all tidy a clerk's text before looking at it.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
"""Zero-width characters, soft hyphens and direction marks."""
_LARGEST_WHOLE_FLOAT = 1e16
"""From here on a float prints with an exponent, and stays a float."""
_SPACE = re.compile(r"(?<!\d)\s+|\s+(?!\d)")

compiled = lru_cache(maxsize=None)(re.compile)
"""A pattern compiled when it is first needed: many a ledger holds no such text."""


class Problem(NamedTuple):
    """A fault code of `workbook.faults` and what fills its blank {given}."""

    code: str
    given: str = ""


class Quantity(NamedTuple):
    """A number as a clerk writes it: 1.6万余份 is 16000, 份, 余, 万, one place.

    `value` is exact and in `unit`; 91.5% is 0.915 with `percent`. `mark` is the
    word that makes it inexact (余 多 近 约 逾 以上 …), empty where it is exact.
    `scale` is the 千 or 万 it was written in, `places` the decimals written.
    """

    value: Decimal
    unit: str = ""
    mark: str = ""
    scale: str = ""
    chinese: bool = False
    places: int = 0
    percent: bool = False

    @property
    def inexact(self) -> bool:
        return bool(self.mark)


class Absent(Enum):
    """A cell that says there is no number; zero is Quantity(0), a blank is None."""

    NONE = "无"
    NOT_APPLICABLE = "不适用"


class Reading(NamedTuple, Generic[T]):
    """The value of a cell, None where it is blank or cannot be read, with what is wrong."""

    value: T | None
    problems: tuple[Problem, ...] = ()


def unread(code: str, given: str = "") -> Reading[T]:
    """A reading without a value, and why."""
    return Reading(None, (Problem(code, given),))


def tidy(text: str) -> str:
    """Text as read: NFKC, nothing invisible, no space but one that keeps two numbers apart."""
    if not text.isascii():
        text = compiled(INVISIBLE).sub("", unicodedata.normalize("NFKC", text))
    return _SPACE.sub("", text)


def exact(number: int | float | Decimal) -> Decimal:
    """A stored number as decimal: a float by its 15 significant digits, as Excel shows it."""
    if isinstance(number, float):
        return Decimal(f"{number:.15g}") if number else Decimal(0)
    return Decimal(number)


def canonical(value: int | float | Decimal) -> int | float | Decimal:
    """The one Python number for a decimal value, whatever type it came as."""
    if isinstance(value, Decimal):
        nearest = float(value)
        if Decimal(repr(nearest)) != value:
            return int(value) if value == value.to_integral_value() else value
        value = nearest
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE_FLOAT:
        return int(value)
    return value


def plain(number: int | float | Decimal) -> str:
    """A number as text, shortest and without an exponent: 3.0 -> 3, 1E+3 -> 1000."""
    if isinstance(number, int):
        return str(number)
    written = format(exact(number), "f")
    return (written.rstrip("0").rstrip(".") or "0") if "." in written else written
