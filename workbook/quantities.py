"""Numbers out of a clerk's text: 1.6万余份, 近40次, 十三个, 100％.

Exact decimals throughout. What has no single meaning is not read: it becomes a
problem that says why.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from workbook.names import placeholder
from workbook.numerals import NUMERALS, SCALES, decimal_from_chinese
from workbook.raw import ErrorValue, RawValue
from workbook.readings import Absent, Problem, Quantity, Reading, compiled, exact, plain, tidy, unread

_LEADS = "共计|共有|合计|累计|总计|共|达到|达|仅为|仅|只有|计|有|为"
_BEFORE = "大约|约|将近|接近|近|超过|超出|超|逾|突破|不少于|不低于|不超过|不足|不到|至少|至多|最多"
_AFTER = "余|多|来|几"
_BOUNDS = "以上|以下|左右|上下|以内|之内|不等|开外|有余"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d{1,20})(?:\.\d{1,15})?"
_CHINESE = rf"[{NUMERALS}]{{1,24}}(?:点[零〇一二三四五六七八九]{{1,8}})?"
_SCALED = rf"(?P<mark>{_AFTER})?(?P<more>[万亿]{{0,2}})(?P<percent>%)?(?P<last>余|多)?"
_TEXT_UNIT = rf"(?![{NUMERALS}余多来几])(?:(?!{_BOUNDS}|及以)[^\W\d_]|/){{1,8}}(?:\(次\))?"
_PHRASE = (
    rf"(?P<before>(?:{_LEADS}|{_BEFORE})*)(?P<of>百分之)?(?P<sign>[-−+负])?"
    rf"(?:(?P<arabic>{_ARABIC})(?P<scale>[十百千万亿]{{0,3}})|(?P<chinese>{_CHINESE})){_SCALED}"
    rf"(?P<unit>[A-Za-z]{{1,3}}[23]|{_TEXT_UNIT})?(?:及?(?P<bound>{_BOUNDS}))?[。;,、]?"
)
_BOUND_AT_END = rf"及?(?:{_BOUNDS})?[。;,、]?$"

_MEASURES = (
    "平方公里|平方米|立方米|个百分点|件次|人次|场次|户次|家次|批次|班次|课时|场\\(次\\)|亩次|公里|千米|公顷|公斤|小时|分钟|季度|个月|"
    "元|人|户|件|次|场|份|条|张|个|名|家|对|所|期|篇|起|宗|项|部|册|本|块|幅|面|台|辆|套|间|处|座|栋|亩|米|吨|克|岁|天|年|"
    "位|批|轮|类|种|倍|村|例|只|头|瓶|盒|箱|袋|枚|卷|m2|‰"
)
_DATE = (r"(?:(?:19|20)\d\d[-—–~至])?(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日"
         r"|(?:19|20)\d\d([-/.])\d{1,2}\2\d{1,2}(?!\d)"
         r"|[〔\[(](?:19|20)\d\d[〕\])]第?\d+号")
_COUNTED = f"(?<=[十百千万亿])[余多来几]|%|{_MEASURES}"
_IDIOM = "一起|一面|一部分|一次性|一年来|十分|一个个|万一"
_FIRST = re.escape("".join(sorted({word[0] for word in f"{_LEADS}|{_BEFORE}".split("|")})) + "百负-−〔[(")
_IN_TEXT = (
    rf"(?=[\d{NUMERALS}{_FIRST}])(?:(?P<date>{_DATE})|(?P<before>(?:{_LEADS}|{_BEFORE})*)(?P<of>百分之)?(?P<sign>(?<![\w)])[-−]|负)?"
    rf"(?:(?<![\d.,第A-Za-z])(?P<arabic>{_ARABIC})(?!\d)(?P<scale>[十百千万亿]{{0,3}})"
    rf"|(?<![\d.第{NUMERALS}])(?!{_IDIOM})(?P<chinese>{_CHINESE})(?(of)|(?={_COUNTED})))"
    rf"{_SCALED}(?P<unit>{_MEASURES})?(?:及?(?P<bound>{_BOUNDS}))?)"
)

_NONE = frozenset({"无", "没有", "暂无"})
_NOT_APPLICABLE = r"[-—–―−/]+|不适用|不涉及|[Nn]/?[Aa]"
_BLANK: Reading[Quantity | Absent] = Reading(None)
_SCALE_CHARACTERS = "".join(SCALES)
_LARGEST = 20
"""Powers of ten that a stored number may have; Excel itself is exact to 15 digits."""
_MOST_DIGITS = 20
"""More digits written in a row are no number of anything."""
_NUMBERS = (int, float, Decimal)
_PERCENT_UNITS = ("%", "％")
_SESSIONS = frozenset({"场次", "场(次)"})


def read_number(raw: RawValue, *, unit: str = "", percent: bool = False, whole: bool = False
                ) -> Reading[Quantity | Absent]:
    """Read the number of one cell in the unit of its column.

    `percent` (or unit %) reads a ratio: 100% and 1 are both 1. `whole` wants an
    integer. Problems without a value: C004, C007, C012, C013, C015, and C011 between
    万元 and 元 or % and a count; with the value: C010, C016, and C011 between other units.
    """
    if raw is None:
        return _BLANK
    if isinstance(raw, _NUMBERS) and not isinstance(raw, bool):
        return _stored(raw, percent or unit in _PERCENT_UNITS, whole)
    if isinstance(raw, str):
        return _written(raw, unit, percent or unit in _PERCENT_UNITS, whole)
    return unread("C007") if isinstance(raw, ErrorValue) else unread("C004")


def quantities(text: str) -> list[Quantity]:
    """All quantities of a phrase in their order: 33087户57374人 gives two.

    Dates (2023年5月), document numbers and ordinals (第8次) are none; Chinese numerals count only
    before a measure word, 余 or 多.
    """
    found = (_quantity(match) for match in compiled(_IN_TEXT).finditer(tidy(text)) if match["date"] is None)
    return [quantity for quantity in found if quantity is not None]


@lru_cache(maxsize=1 << 14, typed=True)
def _stored(raw: int | float | Decimal, percent: bool, whole: bool) -> Reading[Quantity | Absent]:
    value = exact(raw)
    if not value.is_finite() or value.adjusted() > _LARGEST:
        return unread("C004")
    quantity = Quantity(value, places=max(0, -int(value.as_tuple().exponent)))
    return _judged(quantity, "", percent, whole) if percent or whole else Reading(quantity)


@lru_cache(maxsize=1 << 14)
def _written(raw: str, unit: str, percent: bool, whole: bool) -> Reading[Quantity | Absent]:
    text = tidy(raw)
    if not text:
        return _BLANK
    if text in _NONE:
        return Reading(Absent.NONE)
    if compiled(_NOT_APPLICABLE).fullmatch(text):
        return Reading(Absent.NOT_APPLICABLE)
    wanted = "" if percent else tidy(unit)
    quantity = _in_unit(text, wanted) or _whole_text(text)
    return _judged(quantity, wanted, percent, whole) if quantity else unread(_why_not(text))


def _why_not(text: str) -> str:
    if placeholder(text):
        return "C013"
    return "C012" if len(quantities(text)) > 1 else "C004"


def _whole_text(text: str) -> Quantity | None:
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return Quantity(Decimal(text))
    match = compiled(_PHRASE).fullmatch(text)
    return _quantity(match) if match else None


def _in_unit(text: str, unit: str) -> Quantity | None:
    """The number before the column's own unit, so that 20万元 is 20 under 万元."""
    if not unit:
        return None
    end = compiled(_BOUND_AT_END).search(text)
    at = end.start() if end else len(text)
    if not text.endswith(unit, 0, at):
        return None
    quantity = _whole_text(text[:at - len(unit)] + text[at:])
    return quantity._replace(unit=unit) if quantity and not quantity.unit else None


def _quantity(match: re.Match[str]) -> Quantity | None:
    spelled, digits = match["chinese"], (match["arabic"] or "").replace(",", "")
    number = decimal_from_chinese(spelled) if spelled else Decimal(digits)
    if number is None:
        return None
    scale = (match["scale"] or "") + match["more"]
    percent = bool(match["percent"] or match["of"])
    places = _places(spelled.replace("点", ".") if spelled else digits)
    value = number.scaleb(-2) if percent else number
    for character in scale:
        value *= SCALES[character]
    value = Decimal(plain(value)) if scale or percent else value
    if spelled and spelled[-1] in "万亿":
        scale = spelled[-1] + scale
    return Quantity(-value if match["sign"] in ("-", "−", "负") else value, match["unit"] or "", _mark(match),
                    scale, bool(spelled), places, percent)


def _mark(match: re.Match[str]) -> str:
    before = compiled(_BEFORE).search(match["before"])
    return match["mark"] or match["last"] or match["bound"] or (before[0] if before else "")


def _places(number: str) -> int:
    return len(number.partition(".")[2])


def _judged(quantity: Quantity, unit: str, percent: bool, whole: bool) -> Reading[Quantity | Absent]:
    """The reading of a number once the column's demands are held against it."""
    if _mixes(quantity, unit, percent):
        return unread("C011", unit or "%")
    if whole and quantity.value % 1:
        return unread("C015")
    codes = []
    if percent and not quantity.percent:
        quantity = quantity._replace(percent=True)
        codes += ["C016"] if quantity.value > 1 else []
    if quantity.unit and unit and not _same_unit(quantity.unit, unit):
        codes.append("C011")
    if quantity.inexact:
        codes.append("C010")
    return Reading(quantity, tuple(Problem(code, unit if code == "C011" else "") for code in codes))


def _same_unit(one: str, other: str) -> bool:
    return one == other or {"场" if unit in _SESSIONS else unit for unit in (one, other)} == {"场"}


def _mixes(quantity: Quantity, unit: str, percent: bool) -> bool:
    """Whether 元 stands under 万元 or the other way round, or a count under % or the other way round."""
    if percent or not unit:
        return percent and bool(quantity.unit)
    if quantity.percent:
        return True
    base = unit.lstrip(_SCALE_CHARACTERS)
    if quantity.unit == unit:
        return bool(quantity.scale) and (base == "元" or base != unit)
    return base != unit and bool(quantity.unit == base if quantity.unit else quantity.scale)
