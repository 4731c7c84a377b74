"""Numbers of an expression or a template that remember their cells through sums and ratios."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from workbook.facts import plain
from workbook.spans import Origin, Source, Span, Spans, joined
from workbook.tracked import Marks

LONGEST_HOW = 200
_FORMAT = re.compile(r"(%[-+ 0#]*\d*(?:\.\d+)?[a-zA-Z%])")


class Number:
    """A number with the sources of all it was computed from; prints as digits, behind a mark."""

    def __init__(self, marks: Marks, value: Decimal, sources: tuple[Source, ...], said: str, *,
                 derived: bool = False) -> None:
        self._marks, self._value, self._sources, self._said, self._derived = marks, value, sources, said, derived

    def _source(self, shown: str) -> Source:
        if not self._derived and len(self._sources) == 1:
            return self._sources[0]._replace(value=plain(self._value))
        said = self._said if len(self._said) <= LONGEST_HOW else self._said[:LONGEST_HOW] + "…"
        return joined(plain(self._value), self._sources, said)._replace(origin=Origin.FIGURE, slot=self._said)

    def _spans(self, shown: str) -> Spans:
        return (Span(shown, self._source(shown)),)

    def __str__(self) -> str:
        return self._marks.add(self._spans(plain(self._value)))

    def __format__(self, form: str) -> str:
        return self._marks.add(self._spans(format(self._value, form))) if form else str(self)

    def _formatted(self, form: str) -> str:
        number = int(self._value) if form[-1] in "dixXo" else self._value
        return self._marks.add(self._spans(form % number))

    def _made(self, other: object, compute: Callable[[Decimal, Decimal], Decimal], sign: str, *,
              swapped: bool = False) -> Number:
        value, sources, said = _operand(other)
        mine = f"（{self._said}）" if self._derived else self._said
        pair, words = ((value, self._value), (said, mine)) if swapped else ((self._value, value), (mine, said))
        both = (*sources, *self._sources) if swapped else (*self._sources, *sources)
        return Number(self._marks, compute(*pair), both, f" {sign} ".join(words)[:2 * LONGEST_HOW], derived=True)

    def __add__(self, other: object) -> Number:
        return self._made(other, Decimal.__add__, "+")

    def __radd__(self, other: object) -> Number:
        """0 + x, as sum() begins, is x."""
        if other.__class__ is int and other == 0:
            return self
        return self._made(other, Decimal.__add__, "+", swapped=True)

    def __sub__(self, other: object) -> Number:
        return self._made(other, Decimal.__sub__, "−")

    def __rsub__(self, other: object) -> Number:
        return self._made(other, Decimal.__sub__, "−", swapped=True)

    def __mul__(self, other: object) -> Number:
        return self._made(other, Decimal.__mul__, "×")

    def __rmul__(self, other: object) -> Number:
        return self._made(other, Decimal.__mul__, "×", swapped=True)

    def __truediv__(self, other: object) -> Number:
        return self._made(other, Decimal.__truediv__, "÷")

    def __rtruediv__(self, other: object) -> Number:
        return self._made(other, Decimal.__truediv__, "÷", swapped=True)

    def __floordiv__(self, other: object) -> Number:
        return self._made(other, Decimal.__floordiv__, "整除")

    def __mod__(self, other: object) -> Number:
        return self._made(other, Decimal.__mod__, "除余")

    def __pow__(self, other: object) -> Number:
        return self._made(other, Decimal.__pow__, "的乘方")

    def _same(self, value: Decimal) -> Number:
        return Number(self._marks, value, self._sources, self._said, derived=self._derived)

    def __round__(self, digits: int = 0) -> Number:
        return self._same(round(self._value, int(digits)))

    def __neg__(self) -> Number:
        return self._same(-self._value)

    def __abs__(self) -> Number:
        return self._same(abs(self._value))

    def __floor__(self) -> Number:
        return self._same(Decimal(math.floor(self._value)))

    def __ceil__(self) -> Number:
        return self._same(Decimal(math.ceil(self._value)))

    def __int__(self) -> int:
        return int(self._value)

    def __index__(self) -> int:
        if self._value != int(self._value):
            raise TypeError
        return int(self._value)

    def __float__(self) -> float:
        return float(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __hash__(self) -> int:
        return hash(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number | Decimal | int | float) and self._value == _operand(other)[0]

    def __lt__(self, other: object) -> bool:
        return self._value < _operand(other)[0]

    def __le__(self, other: object) -> bool:
        return self._value <= _operand(other)[0]

    def __gt__(self, other: object) -> bool:
        return self._value > _operand(other)[0]

    def __ge__(self, other: object) -> bool:
        return self._value >= _operand(other)[0]


def _operand(other: object) -> tuple[Decimal, tuple[Source, ...], str]:
    if isinstance(other, Number):
        return other._value, other._sources, f"（{other._said}）" if other._derived else other._said
    if isinstance(other, bool) or not isinstance(other, Decimal | int | float):
        raise TypeError("文字和数不能一起运算")
    value = Decimal(str(other))
    return value, (), plain(value)


def whole(value: Any, default: Any = 0, base: int = 10) -> Any:
    """The filter `int`: a number keeps its sources."""
    if isinstance(value, Number):
        return value._same(Decimal(int(value)))
    try:
        return int(str(value), base) if isinstance(value, str) else int(value)
    except (TypeError, ValueError):
        return default


def decimal(value: Any, default: Any = 0.0) -> Any:
    """The filter `float`: a number stays as exact as it is and keeps its sources."""
    try:
        return value if isinstance(value, Number) else float(value)
    except (TypeError, ValueError):
        return default


def formatted(form: Any, *values: Any) -> str:
    """The filter `format` with % signs: every number keeps its sources."""
    waiting, parts = list(values), []
    for part in _FORMAT.split(str(form)):
        if not _FORMAT.fullmatch(part) or part == "%%":
            parts.append("%" if part == "%%" else part)
            continue
        value = waiting.pop(0)
        number = isinstance(value, Number) and part[-1] != "s"
        parts.append(value._formatted(part) if number else part % value)
    return "".join(parts)


FILTERS = {"int": whole, "float": decimal, "format": formatted}
