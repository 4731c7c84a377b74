"""A column of a large sheet: each different value once, and sets of its rows.

Two hundred thousand rows hold a few dozen different values; what is read or
judged once a value instead of once a row costs next to nothing. A set of rows is
one whole number, a bit a row, so that "both" and "how many" are one step each.
"""

from __future__ import annotations

import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import compress, count
from typing import Any, TypeVar

from workbook.raw import RawValue
from workbook.readings import Quantity

T = TypeVar("T")
_NUMBERS = frozenset({bool, int, float, Decimal})
_UNLIKE = {int, float}
"""Of these two, only a whole float is equal to one of the other kind."""
_ONE = ord("1")
_BYTE, _TWO_BYTES = 256, 1 << 16
_FEW_VALUES = _BYTE
_FEW_HIGH = 12
"""Above so many times 256 different values, one look a row is cheaper."""
_SHORT = 4096
"""Up to so many rows, telling values apart is cheaper than numbering them, and adding them up than counting digits."""
_SAMPLE = 64
"""Where the first rows all differ, most do: an 编号. Numbering them is put off until somebody asks."""
_BITS = bytes(int(one == _ONE) for one in range(256))


class Values:
    """The stored values of one column: `rows` holds one a row."""

    def __init__(self, rows: list[RawValue]) -> None:
        self.rows = rows

    @cached_property
    def _told_apart(self) -> tuple[Sequence[int] | None, list[RawValue]]:
        """Row by row the place of its value, where known by now, and each value once.

        1, 1.0 and TRUE are equal, and so are 1.5 and 1.50: they are told apart.
        """
        codes: list[int] | None = None
        if self._is_uniform:
            return bytes(len(self.rows)), self.rows[:1]
        if len(self.rows) <= _SHORT or len(set(self.rows[:_SAMPLE])) == _SAMPLE:
            once = list(dict.fromkeys(self.rows))
        else:
            codes, once = _numbered(self.rows)
        if not _NUMBERS.isdisjoint(map(type, once)):
            numbers = set(map(type, self.rows)) & _NUMBERS
            if numbers - _UNLIKE or (len(numbers) > 1 and any(map(_is_whole_float, self.rows))):
                keys = [(type(one), str(one)) if type(one) in _NUMBERS else one for one in self.rows]
                codes = _numbered(keys)[0]
                once = list(dict(zip(keys, self.rows, strict=True)).values())
        return codes and _packed(codes, len(once)), once

    @property
    def _is_uniform(self) -> bool:
        """Whether all rows hold the same text or nothing, as a column that nobody fills does."""
        rows, sample = self.rows, self.rows[:_SAMPLE]
        first = rows[0] if rows else 0
        return ((first is None or isinstance(first, str)) and sample.count(first) == len(sample)
                and rows.count(first) == len(rows))

    @property
    def different(self) -> list[RawValue]:
        """Each different value once."""
        return self._told_apart[1]

    @cached_property
    def plain(self) -> bool:
        """Whether every value is a text of nothing but ASCII letters and digits, as an 编号 is: clean as it stands."""
        once = self.different
        if not (once and isinstance(once[0], str) and once[0].isascii()) or set(map(type, once)) != {str}:
            return False
        joined = "".join(map(str, once))
        return joined.isascii() and joined.isalnum() and "" not in once

    @cached_property
    def codes(self) -> Sequence[int]:
        """Row by row the place of its value in `different`."""
        codes, once = self._told_apart
        if len(once) == len(self.rows):
            return range(len(once))
        if codes is None:
            places = dict(zip(once, range(len(once)), strict=True))
            codes = _packed(list(map(places.__getitem__, self.rows)), len(once))
        return codes

    @cached_property
    def _bytes(self) -> tuple[bytes, bytes]:
        """The low and the high bytes of `codes`, where two hold them."""
        written = array("H", self.codes).tobytes()
        first, second = written[::2], written[1::2]
        return (first, second) if sys.byteorder == "little" else (second, first)

    def spread(self, read: list[T]) -> list[T]:
        """What stands for each of `different`, row by row."""
        return read * len(self.rows) if len(read) == 1 else [read[code] for code in self.codes]

    def places(self, passed: Iterable[object]) -> set[int]:
        """The places in `different` for which something true stands."""
        return {place for place, one in enumerate(passed) if one}

    def having(self, places: Collection[int]) -> int:
        """The set of the rows whose value has one of these places in `different`."""
        if not places:
            return 0
        codes, different = self.codes, len(self.different)
        if len(places) == different:
            return (1 << len(self.rows)) - 1
        if isinstance(codes, range):
            return row_set(places, len(self.rows))
        if isinstance(codes, bytes):
            return int(codes.translate(_flags(places, _BYTE)), 2)
        if different <= _FEW_HIGH * _BYTE:
            return self._once_by_high_byte(frozenset(places))
        return int(bytes(map(_flags(places, different).__getitem__, codes)), 2)

    def _once_by_high_byte(self, places: frozenset[int]) -> int:
        """The same, kept: many rules ask for the rows that name a day, or one of the report's span."""
        known: dict[frozenset[int], int] = self.__dict__.setdefault("_known", {})
        if places not in known:
            known[places] = self._by_high_byte(places)
        return known[places]

    def _by_high_byte(self, places: Collection[int]) -> int:
        """The same, one look at all rows for every 256 different values."""
        by_high: dict[int, list[int]] = {}
        for place in places:
            by_high.setdefault(place // _BYTE, []).append(place % _BYTE)
        low, high = self._bytes
        chosen = 0
        for number, lows in by_high.items():
            alike = int(high.translate(_flags([number], _BYTE)), 2)
            chosen |= alike if len(lows) == _BYTE else alike & int(low.translate(_flags(lows, _BYTE)), 2)
        return chosen


def _is_whole_float(value: RawValue) -> bool:
    return type(value) is float and value.is_integer()


def _numbered(keys: Iterable[object]) -> tuple[list[int], list[Any]]:
    """For each key the place of its first equal among the different ones, and these."""
    places: defaultdict[object, int] = defaultdict(count().__next__)
    return list(map(places.__getitem__, keys)), list(places)


def _packed(codes: list[int], different: int) -> Sequence[int]:
    return bytes(codes) if different <= _BYTE else array("H", codes) if different <= _TWO_BYTES else codes


def _flags(places: Iterable[int], size: int) -> bytearray:
    """A digit 1 at the places, 0 elsewhere."""
    flags = bytearray(b"0") * size
    for place in places:
        flags[place] = _ONE
    return flags


def row_set(rows: Iterable[int], size: int) -> int:
    """The set of some of `size` rows; row 0 is the highest bit."""
    return int(_flags(rows, size), 2) if size else 0


def rows_in(chosen: int, size: int) -> list[int]:
    """The rows of a set, in order."""
    return list(compress(range(size), flags_of(chosen, size))) if chosen else []


def flags_of(chosen: int, size: int) -> bytes:
    """A set of rows as one 0 or 1 a row."""
    return format(chosen, f"0{size}b").encode().translate(_BITS) if size else b""


class Addable:
    """A column of exact numbers that can be summed over any set of rows.

    The numbers are scaled to whole ones and, where the rows are many, kept bit by
    bit: a sum is one count of rows for each binary digit, never one addition a row.
    """

    def __init__(self, values: Values, read: Sequence[Quantity | None]) -> None:
        stated = {place: one.value for place, one in enumerate(read) if one is not None}
        exponents = {place: int(number.as_tuple().exponent) for place, number in stated.items()}
        self.stated = values.having(stated)
        self.inexact = values.having([place for place in stated if (one := read[place]) and one.inexact])
        self._scale = min(0, min(exponents.values(), default=0))
        self._fractions = [(exponent, values.having([place for place, its in exponents.items() if its == exponent]))
                           for exponent in sorted(set(exponents.values())) if exponent < 0]
        self._values = values
        self._whole = {place: _whole(number, self._scale) for place, number in stated.items()}
        self._least = min(0, min(self._whole.values(), default=0))

    def total(self, chosen: int) -> Decimal:
        """The exact sum over the rows of a set that state a number."""
        chosen &= self.stated
        total = self._added(chosen) if len(self._values.rows) <= _SHORT else self._counted(chosen)
        places = next((exponent for exponent, rows in self._fractions if rows & chosen), 0)
        return Decimal(f"{total // _power(places - self._scale)}E{places}")

    def _added(self, chosen: int) -> int:
        return sum(compress(self._one_a_row, flags_of(chosen, len(self._one_a_row)))) if chosen else 0

    @cached_property
    def _one_a_row(self) -> list[int]:
        return self._values.spread([self._whole.get(place, 0) for place in range(len(self._values.different))])

    def _counted(self, chosen: int) -> int:
        return self._least * chosen.bit_count() + sum(
            (chosen & digit).bit_count() << power for power, digit in enumerate(self._digits))

    @cached_property
    def _digits(self) -> list[int]:
        return _binary_digits(self._values, {place: one - self._least for place, one in self._whole.items()})


def _whole(number: Decimal, scale: int) -> int:
    """The number in units of its last place; a Decimal's own arithmetic would round at 28 digits."""
    if not scale:
        return int(number)
    sign, digits, exponent = number.as_tuple()
    whole = int("".join(map(str, digits))) * _power(int(exponent) - scale)
    return -whole if sign else whole


def _power(places: int) -> int:
    return int("1" + "0" * places)


def _binary_digits(values: Values, numbers: dict[int, int]) -> list[int]:
    """For each binary digit, the lowest first, the rows whose number has it."""
    width = max(numbers.values(), default=0).bit_length()
    if not width:
        return []
    if len(values.different) <= _FEW_VALUES:
        return [values.having([place for place, one in numbers.items() if one >> power & 1]) for power in range(width)]
    written = [format(numbers.get(place, 0), f"0{width}b") for place in range(len(values.different))]
    text = "".join(values.spread(written))
    return [int(text[width - 1 - power::width], 2) for power in range(width)]


def each_once(values: Values, read: Callable[[RawValue], T]) -> list[T]:
    """What each of `values.different` reads as."""
    return [read(value) for value in values.different]
