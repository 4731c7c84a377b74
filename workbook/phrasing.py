"""A number as a report says it: 5000余件次, 1千余人次, 近40次, 100%, 一名.

Only the value and the printing columns of its metric decide; nothing is looked
up. What is printed is always true of the value: 余 lies below it, 近 above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from typing import NamedTuple

from workbook.numerals import spell_decimal
from workbook.readings import Problem, plain

EXACT, PERCENT, CHINESE, OMIT = "精确", "百分比", "汉字", "省略"
_AFTER = ("余", "多")
_BEFORE = ("近", "约", "逾")
_DIRECTIONS = {
    "余": ROUND_DOWN, "多": ROUND_DOWN, "逾": ROUND_DOWN, "以上": ROUND_FLOOR, "近": ROUND_UP, "约": ROUND_HALF_UP,
}
_SHIFTS = {"千": 3, "万": 4}
_LONGEST = 10
_RATIO_PLACES = 2
"""A ratio without an end (2/3) has no shortest exact form: it gets two decimals."""
_WIDE = Context(prec=100)


class Style(NamedTuple):
    """The printing columns of one metric: 单位, 表述, 取整, 数字样式, 小数位, 舍入, 零值写法."""

    unit: str = ""
    wording: str = EXACT
    step: int = 1
    numerals: str = "数字"
    places: int | None = None
    rounding: str = "四舍五入"
    zero: str = ""

    @property
    def percent(self) -> bool:
        return self.numerals == PERCENT or self.percent_unit

    @property
    def percent_unit(self) -> bool:
        return self.unit in ("%", "％")

    @property
    def shift(self) -> int:
        """The power of ten between the value and the digits printed: 2 for %, -4 for 万."""
        return 2 if self.percent else -_SHIFTS.get(self.numerals, 0)

    @property
    def last_place(self) -> Decimal:
        """What one in the last printed place is worth; 0 where 小数位 is blank."""
        return Decimal(0) if self.places is None else Decimal(1).scaleb(-_bounded(self.places) - self.shift)


class Printed(NamedTuple):
    """A printed number: `phrase` as a sentence takes it, `number` without its unit.

    The marks that stand at the number (近40, 5000余, 1.6万余) belong to `number`;
    以上 stands after the unit. `omitted`: 零值写法 is 省略 and the value zero.
    """

    phrase: str
    number: str
    unit: str
    problems: tuple[Problem, ...] = ()
    omitted: bool = False


def say(value: Decimal, style: Style, *, inexact: bool = False, at_least: bool = False) -> Printed:
    """Print a value in the style of its metric.

    A ratio is 1 for 100%. `inexact`: an addend was one, so the sum is; `at_least`:
    the value is a lower bound (3名以上). Problems: M011, M012.
    """
    if not value:
        return _zero(style)
    if _stands(value, style) and not (inexact or at_least):
        return _assembled(str(int(value)), "", style, ())
    problems: list[Problem] = []
    least = _least(style, _wording(style, inexact, at_least))
    if abs(value) < least:
        problems.append(Problem("M012", plain(least)))
        style = _exactly(value, style)
    wording = _wording(style, inexact, at_least)
    shown = _shown(value, style, wording)
    printed = shown.scaleb(-style.shift, _WIDE)
    if wording == "近" and abs(value) * 10 < abs(printed) * 9:
        problems.append(Problem("M011", plain(printed)))
    mark = _mark(wording, printed == value, inexact, at_least)
    return _assembled(_digits(shown, style, value), mark, style, tuple(problems))


def _stands(value: Decimal, style: Style) -> bool:
    """Whether a value prints as it stands, digit by digit, as nearly all do."""
    return style.wording == EXACT and style.numerals == "数字" and style.places is None and (
        not style.percent_unit and value == value.to_integral_value())


def all_reach(names_printed: Sequence[Printed]) -> str:
    """均达到100% where all phrases are the same, else 分别为98%和100% (分别为98%、99%和100%)."""
    phrases = [printed.phrase for printed in names_printed]
    if len(set(phrases)) <= 1:
        return ("均达到" if len(phrases) > 1 else "达到") + phrases[0] if phrases else ""
    return f"分别为{'、'.join(phrases[:-1])}和{phrases[-1]}"


def _zero(style: Style) -> Printed:
    """零值写法 as it stands, else 0 with the unit."""
    if style.zero:
        return Printed("" if style.zero == OMIT else style.zero, "0", style.unit, omitted=style.zero == OMIT)
    return _assembled("0", "", style._replace(numerals=PERCENT if style.percent else "数字"), ())


def _wording(style: Style, inexact: bool, at_least: bool) -> str:
    """The 表述 that is true of the value: an exact wording of an inexact value is none."""
    wording = style.wording if style.wording in _DIRECTIONS else EXACT
    if at_least and wording in (EXACT, "近", "约"):
        return "以上"
    if inexact and wording == EXACT:
        return "约" if style.percent else "余"
    return wording


def _least(style: Style, wording: str) -> Decimal:
    """The smallest number that 取整 and 小数位 leave; a smaller value would print as 0余."""
    step = style.step if style.wording in _DIRECTIONS and style.step > 1 else 0
    return max(Decimal(step), Decimal(0) if wording == EXACT else style.last_place)


def _exactly(value: Decimal, style: Style) -> Style:
    """The same style without 取整, and without 小数位 where that would leave nothing."""
    return style._replace(wording=EXACT, places=None if abs(value) < style.last_place else style.places)


def _shown(value: Decimal, style: Style, wording: str) -> Decimal:
    """The number as its digits show it: after 取整, then scaled, then with 小数位."""
    rounding = _DIRECTIONS.get(wording) or (ROUND_DOWN if style.rounding == "去尾" else ROUND_HALF_UP)
    step = _step(value, style)
    stepped = _rounded(value, Decimal(step), rounding) if step else value
    return _placed(stepped.scaleb(style.shift, _WIDE), style.places, rounding)


def _step(value: Decimal, style: Style) -> int:
    """取整 where it says something: exact wording has none, and 1 yields to 小数位, to % and to 0.5."""
    loose = style.places is not None or style.percent or abs(value) < 1
    return 0 if style.wording not in _DIRECTIONS or (style.step <= 1 and loose) else max(style.step, 0)


def _rounded(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    steps = _WIDE.divide(value, step).quantize(Decimal(1), rounding, _WIDE)
    return _WIDE.multiply(steps, step)


def _placed(value: Decimal, places: int | None, rounding: str) -> Decimal:
    """The number with fixed decimals, or in its shortest exact form."""
    if places is None:
        shortest = value.normalize(_WIDE)
        if int(shortest.as_tuple().exponent) >= -_LONGEST:
            return shortest
        places = _RATIO_PLACES
    return value.quantize(Decimal(1).scaleb(-_bounded(places)), rounding, _WIDE)


def _bounded(places: int) -> int:
    return min(max(places, 0), _LONGEST)


def _digits(shown: Decimal, style: Style, value: Decimal) -> str:
    if style.percent and value == 1:
        return "100"
    written = format(shown if shown else abs(shown), "f")
    return spell_decimal(Decimal(written)) if style.numerals == CHINESE else written


def _mark(wording: str, kept: bool, inexact: bool, at_least: bool) -> str:
    """The word beside the number; 余, 多, 逾, 近 fall away where the number is the value."""
    if wording == EXACT:
        return ""
    if wording in ("以上", "约") or not kept:
        return wording
    if at_least:
        return "以上"
    return wording if inexact else ""


def _assembled(digits: str, mark: str, style: Style, problems: tuple[Problem, ...]) -> Printed:
    """The number, its scale, its mark and its unit in their order: 1.6万余份, 近40次, 90%以上."""
    before, after = (mark if mark in _BEFORE else ""), (mark if mark in _AFTER else "")
    bound = mark if mark == "以上" else ""
    scale = "%" if style.percent else style.numerals if style.numerals in _SHIFTS else ""
    unit = "" if style.percent_unit else style.unit
    number = f"{before}{digits}{'' if style.percent_unit else scale}{after}"
    spoken = "两" if digits == "二" and unit else digits
    phrase = f"{before}{spoken}{scale}{after}{unit}{bound}"
    return Printed(phrase, number, "%" if style.percent_unit else style.unit, problems)
