"""Numbers that lead to one person, found in any text and shown only masked; and marks of state secrets."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from workbook.readings import compiled

GAP = r"[\s\u200b-\u200f\u2060\ufeff\-‐-―－_·.]{0,2}"
"""What people put between the groups of a number."""


class Kind(Enum):
    """Which number it is."""

    IDENTITY = auto()
    MISTYPED = auto()
    ROUNDED = auto()
    OLD = auto()
    CARD = auto()
    MOBILE = auto()


class Number(NamedTuple):
    """One number in a text: `digits` without gaps, half-width; `start`, `end` in the text as typed."""

    kind: Kind
    digits: str
    start: int
    end: int


_IDENTITY = rf"(?=(\d(?:{GAP}\d){{16}}{GAP}[\dXxＸｘ]))"
_OLD = r"(?<![\dA-Za-z.])\d{15}(?![\d.])"
_CARD = rf"(?<![\dA-Za-z.])(?=([3-6３-６](?:[ \u00a0\-]?\d){{15,18}})(?!{GAP}\d))"
_MOBILE = (
    r"(?<![\dA-Za-z.])(?:(?:[+＋]|00)?[8８][6６][ \-]?)?([1１][3-9３-９]\d[ \-]?\d{4}[ \-]?\d{4})(?![\d.]?\d)"
)
_WORTH_A_LOOK = rf"(?:[\dOoIl〇]{GAP}){{10}}[\dOoIl〇]"
_SHORTEST, _OLD_DIGITS, _CARD_DIGITS, _IDENTITY_DIGITS = 11, 15, 16, 18
_LETTERS = str.maketrans("OoIl〇", "00110")
"""What is typed for a digit that looks like it."""
_LEAST_DIGITS = 8
"""Fewer digits, the rest letters that look like digits, are a word."""
_PROVINCES = frozenset(str(code) for code in (
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83, 91,
))
"""GB/T 2260: the first two digits of a region."""
_BORN = ("1920", "2012")
"""Years of birth: a number with a later day is rather that of a document."""
_SPACE = "[ \u00a0\u3000]"
_SECRECY = rf"(?:绝{_SPACE}?密|机{_SPACE}?密|秘{_SPACE}?密){_SPACE}{{0,3}}[★☆]"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def mask(text: str) -> str:
    """A text with its identity, card and mobile numbers masked: 11010********1234, 138****1234."""
    for one in reversed(personal_numbers(text)):
        text = text[:one.start] + masked(one) + text[one.end:]
    return text


def personal_numbers(text: str) -> list[Number]:
    """Every personal number of a text, in order, none inside another."""
    taken: list[Number] = []
    if len(text) < _SHORTEST or compiled(_WORTH_A_LOOK).search(text) is None:
        return taken
    for seen in dict.fromkeys((text, text.translate(_LETTERS))):
        for one in (one for finder in (_identities, _cards, _olds, _mobiles) for one in finder(seen)):
            digits = sum(map(str.isdigit, text[one.start:one.end]))
            if digits >= _LEAST_DIGITS and all(one.end <= other.start or one.start >= other.end for other in taken):
                taken.append(one)
    return sorted(taken, key=lambda one: one.start)


def secrecy_marks(text: str) -> list[str]:
    """The 密级 marks of a text (秘密★), without their blanks; 保密 and 秘密 alone are none."""
    if "★" not in text and "☆" not in text:
        return []
    return ["".join(match[0].split()) for match in compiled(_SECRECY).finditer(text)]


def masked(number: Number) -> str:
    """11010********1234, 138****1234, 6222********1234."""
    digits = number.digits
    if number.kind is Kind.MOBILE:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"{digits[:4 if number.kind is Kind.CARD else 5]}********{digits[-4:]}"


def _bare(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", text).upper() if one.isdigit() or one == "X")


def _identities(text: str) -> Iterator[Number]:
    end = 0
    for match in compiled(_IDENTITY).finditer(text) if len(text) >= _IDENTITY_DIGITS else ():
        digits = _bare(match[1])
        kind = _identity_kind(digits)
        if kind is Kind.MISTYPED and not _stands_alone(text, match.start(1), match.end(1)):
            kind = None
        if kind and match.start() >= end:
            end = match.end(1)
            yield Number(kind, digits, match.start(), end)


def _identity_kind(digits: str) -> Kind | None:
    """GB 11643-1999: region, birthday, sequence, check digit (ISO 7064 MOD 11-2)."""
    if digits[:2] not in _PROVINCES or not _is_day(digits[6:14]):
        return None
    check = _CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11]
    if check == digits[17]:
        return Kind.IDENTITY
    if digits.endswith("000"):
        return Kind.ROUNDED
    return Kind.MISTYPED if _BORN[0] <= digits[6:10] <= _BORN[1] and len(set(digits)) > 3 else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no digit, letter or point continues the number on either side."""
    sides = text[max(0, start - 1):start] + text[end:end + 1]
    return not any(one.isdigit() or (one.isascii() and one.isalpha()) or one in "-.—" for one in sides)


def _is_day(digits: str) -> bool:
    try:
        day = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1880 <= day.year <= 2100


def _olds(text: str) -> Iterator[Number]:
    for match in compiled(_OLD).finditer(text) if len(text) >= _OLD_DIGITS else ():
        digits = _bare(match[0])
        if digits[:2] in _PROVINCES and _is_day("19" + digits[6:12]):
            yield Number(Kind.OLD, digits, match.start(), match.end())


def _cards(text: str) -> Iterator[Number]:
    for match in compiled(_CARD).finditer(text) if len(text) >= _CARD_DIGITS else ():
        digits = _bare(match[1])
        if _luhn(digits):
            yield Number(Kind.CARD, digits, match.start(1), match.end(1))


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _mobiles(text: str) -> Iterator[Number]:
    for match in compiled(_MOBILE).finditer(text):
        yield Number(Kind.MOBILE, _bare(match[1]), match.start(1), match.end(1))

