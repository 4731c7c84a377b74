"""Chinese numerals: 十三 and 13, both ways."""

from __future__ import annotations

from decimal import Decimal

DIGITS = "零一二三四五六七八九"
NUMERALS = "零〇一二两三四五六七八九十百千万亿"
"""Every character a Chinese numeral may hold."""
SCALES = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}

_VALUES = {character: value for value, character in enumerate(DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_LONGEST = 40


def to_chinese(number: int) -> str:
    """13 -> 十三, 20 -> 二十, 105 -> 一百零五; negative numbers begin with 负."""
    if number < 0:
        return "负" + to_chinese(-number)
    spelled = _spell(number)
    return spelled[1:] if spelled.startswith("一十") else spelled


def spell_decimal(number: Decimal) -> str:
    """2.5 -> 二点五, 2.50 -> 二点五零: every decimal that is written is read out."""
    whole, _, decimals = format(abs(number), "f").partition(".")
    sign = "负" if number < 0 else ""
    return sign + to_chinese(int(whole)) + ("点" if decimals else "") + "".join(DIGITS[int(d)] for d in decimals)


def from_chinese(text: str) -> int | None:
    """十三 -> 13, 二百五 -> 250, 一百零五 -> 105; None for what is no numeral (三四十, 百)."""
    if len(text) > _LONGEST:
        return None
    if len(text) == 1 and text in _VALUES:
        return _VALUES[text]
    for name, size in SCALES.items():
        high, found, low = text.rpartition(name)
        if found:
            return _joined(high, low, size)
    return None


def decimal_from_chinese(text: str) -> Decimal | None:
    """二点五 -> 2.5; None for what is no numeral."""
    whole, point, decimals = text.partition("点")
    value = from_chinese(whole)
    if value is None or not point:
        return None if value is None else Decimal(value)
    digits = from_digits(decimals)
    return None if digits is None else Decimal(f"{value}.{digits}")


def from_digits(text: str) -> str | None:
    """二〇二五 -> 2025, digit by digit as years and decimals are written; None for other text."""
    if not text or any(character not in _VALUES or character == "两" for character in text):
        return None
    return "".join(str(_VALUES[character]) for character in text)


def _spell(number: int) -> str:
    for name, size in SCALES.items():
        if number >= size:
            high, rest = divmod(number, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return _spell(high) + name + gap + (_spell(rest) if rest else "")
    return DIGITS[number]


def _joined(high: str, low: str, size: int) -> int | None:
    head = 1 if not high and size == 10 else from_chinese(high)
    limit = {10**8: None, 10**4: 10**4}.get(size, 10)
    tail = _rest(low, size)
    if not head or tail is None or (limit and head >= limit):
        return None
    return head * size + tail


def _rest(low: str, size: int) -> int | None:
    """What follows a unit; a lone digit counts in the next smaller one (二百五)."""
    if not low:
        return 0
    if low[0] in "零〇":
        value = from_chinese(low[1:])
    elif len(low) == 1 and size > 10:
        value = _VALUES.get(low, 0) * (size // 10)
    else:
        value = from_chinese(low)
    return value or None
