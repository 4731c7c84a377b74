"""Days that have a name, and text that only keeps a place for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from workbook.raw import ErrorValue, RawValue
from workbook.readings import Problem, Reading, compiled, plain, tidy, unread

FESTIVALS: dict[tuple[int, int], str] = {
    (1, 1): "元旦",
    (1, 10): "中国人民警察节",
    (3, 5): "学雷锋纪念日",
    (3, 8): "国际妇女节",
    (3, 12): "植树节",
    (3, 15): "国际消费者权益日",
    (3, 22): "世界水日",
    (4, 7): "世界卫生日",
    (4, 15): "全民国家安全教育日",
    (4, 22): "世界地球日",
    (4, 26): "世界知识产权日",
    (5, 1): "劳动节",
    (5, 4): "青年节",
    (5, 12): "全国防灾减灾日",
    (5, 15): "国际家庭日",
    (5, 31): "世界无烟日",
    (6, 1): "儿童节",
    (6, 5): "世界环境日",
    (6, 25): "全国土地日",
    (6, 26): "国际禁毒日",
    (7, 1): "建党节",
    (8, 1): "建军节",
    (8, 15): "全国生态日",
    (8, 19): "中国医师节",
    (9, 5): "中华慈善日",
    (9, 10): "教师节",
    (9, 30): "烈士纪念日",
    (10, 1): "国庆节",
    (10, 17): "国家扶贫日",
    (11, 8): "中国记者节",
    (11, 9): "全国消防日",
    (12, 1): "世界艾滋病日",
    (12, 2): "全国交通安全日",
    (12, 3): "国际残疾人日",
    (12, 4): "国家宪法日",
    (12, 5): "国际志愿者日",
    (12, 9): "国际反腐败日",
    (12, 13): "国家公祭日",
}
"""Days whose date is the same every year."""

_QUOTES = "“”\"'‘’「」"
_DAY = rf"[{_QUOTES}]?(?P<month>\d{{1,2}})(?:[.·•・/-]|月)(?P<day>\d{{1,2}})[日号]?[{_QUOTES}]?(?P<name>.*)"

_DECIMAL = r"(\d{1,2})\.(\d{1,2})"
_SUSPECT = "[XxＸｘ×✕╳*＊○◯□＿_？?]|[（(【\\[［].{0,4}(?:待|此处|这里)|(?:此[处栏]|这里|请在此).{0,2}[填补插录]"
_SIGNS = "XxＸｘ×✕╳*＊○◯□＿_？?（(【[［此这"
"""What every match of it begins with."""
_ANY_LAW = "《[Xx×✕╳]+法》"
_PLACES = (
    ("Xx", r"(?<![A-Za-z@])[Xx]{2,}(?![A-Za-z0-9@])|(?<![A-Za-z0-9])[Xx](?=[省市县区镇乡村年月日号])"),
    ("×✕╳", r"[×✕╳]{2,}|(?<![\d.)])[×✕╳](?![\d.(])"),
    ("*", r"(?<![\d*])\*{2,}(?![\d*])|(?<=[一-鿿])\*(?=[件次个场人份条户家元万%])"),
    ("?", r"\?{2,}"),
    ("([【", r"[(【\[](?:(?:数据|内容|具体数|此处|这里)?待(?:补充?|核实|核对|确认|填写?|定|完善|更新|统计)"
             r"|(?:此处|这里)(?:补|核|填|加))[^()【】\[\]]{0,6}[)】\]]"),
    ("○◯□", r"(?<![一二三四五六七八九○])[○◯□]{2,}(?![一二三四五六七八九])"),
    ("_", r"(?<![A-Za-z0-9_])_{2,}(?![A-Za-z0-9_])"),
    ("此这", r"(?:此[处栏]|这里)请?(?:填写?|补充|插入|录入)(?!了)|请在此[处栏]?(?:填写?|补充|插入|录入)"),
)
"""What keeps a place, by the signs it begins with: only those that a text holds are looked for."""
_PLACE_OF = "(?:自治县|自治州|[省市县区旗镇乡村局年月日号])?"


def day_choices(number: str) -> list[tuple[int, int]]:
    """The days a decimal may stand for: 5.2 is 5月2日 or 5月20日, 12.4 only 12月4日."""
    match = compiled(_DECIMAL).fullmatch(number)
    if match is None:
        return []
    month, day = match.groups()
    days = [(int(month), int(day)), (int(month), int(day + "0"))] if len(day) == 1 else [(int(month), int(day))]
    return [choice for choice in days if is_day(*choice)]


def is_day(month: int, day: int) -> bool:
    """Whether the calendar has that day in a leap year."""
    try:
        dt.date(2024, month, day)
    except ValueError:
        return False
    return True


def spoken(choices: list[tuple[int, int]]) -> str:
    """5月2日或5月20日."""
    return "或".join(f"{month}月{day}日" for month, day in choices)


def read_festival(raw: RawValue) -> Reading[str]:
    """The name of a day in column 节点: 12.4, “12·4” and 12月4日 are 国家宪法日.

    Several values stand between 、; a day without a name is 5月20日; other text
    stays as it is. Problems: C007; C009 for a number that may be two days.
    """
    if raw is None:
        return Reading(None)
    if isinstance(raw, ErrorValue):
        return unread("C007")
    if isinstance(raw, dt.date):
        return Reading(_named(raw.month, raw.day))
    return _festivals(plain(raw) if isinstance(raw, float | Decimal) else str(raw))


@lru_cache(maxsize=1 << 12)
def _festivals(text: str) -> Reading[str]:
    readings = [_from_text(part.strip()) for part in text.replace("\n", "、").split("、") if tidy(part)]
    names = dict.fromkeys(reading.value for reading in readings if reading.value)
    return Reading("、".join(names) or None, tuple(problem for reading in readings for problem in reading.problems))


def any_suspect(texts: Iterable[str]) -> bool:
    """Whether one of many texts holds a sign that placeholders are made of."""
    joined = "\n".join(texts)
    return any(sign in joined for sign in _SIGNS) and compiled(_SUSPECT).search(joined) is not None


def placeholder(text: str) -> str | None:
    """The first placeholder of a text (××, XX县, **, ×), or None.

    No placeholder: × between numbers, stars inside a masked number, x in a Latin
    word, and 《××法》, which speaks of any law.
    """
    if compiled(_SUSPECT).search(text) is None:
        return None
    bare = tidy(text)
    if "《" in bare:
        bare = compiled(_ANY_LAW).sub("《》", bare)
    places = "|".join(pattern for signs, pattern in _PLACES if any(sign in bare for sign in signs))
    found = compiled(f"(?:{places}){_PLACE_OF}").search(bare) if places else None
    return found[0] if found else None


def _from_text(part: str) -> Reading[str]:
    text = tidy(part)
    if not (text[0].isdecimal() or text[0] in _QUOTES):
        return Reading(part)
    choices = day_choices(text)
    if len(choices) > 1:
        return Reading(part, (Problem("C009", spoken(choices)),))
    match = compiled(_DAY).fullmatch(text)
    if match is None:
        return Reading(part)
    month, day, name = int(match["month"]), int(match["day"]), match["name"]
    named = is_day(month, day) and name in ("", FESTIVALS.get((month, day)))
    return Reading(_named(month, day) if named else part)


def _named(month: int, day: int) -> str:
    return FESTIVALS.get((month, day), f"{month}月{day}日")
