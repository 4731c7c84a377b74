"""A printed line in tokens, its numbers whole: 近40次 and 1.6万余份 are one token each, other characters one each.

Two numbers read the same where they say the same, whatever the width of their digits.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from workbook.normalize import quantities, read_date, tidy
from workbook.numerals import NUMERALS
from workbook.readings import compiled

_BEFORE = "大约|约|将近|接近|近|超过|超出|逾|突破|不少于|不低于|不超过|不足|不到|至少|至多|最多"
_MEASURE = (
    "平方公里|平方米|立方米|个百分点|件次|人次|场次|户次|家次|批次|班次|课时|公里|千米|公顷|公斤|小时|分钟|季度|个月|"
    "[元人户件次场份条张个名家对所期篇起宗项部册本块幅面台辆套间处座栋亩米吨克岁天位批轮类种倍村例只头瓶盒箱袋枚卷]"
)
_INEXACT = f"{_BEFORE}|[余多来几]|以上|以下|左右|上下|以内|之内"
_BOUND = "及?以上|及?以下|左右|上下|以内|之内|不等"
_DIGITS = r"[0-9０-９]+(?:[,，][0-9０-９]{3}(?![0-9０-９])|[.．·][0-9０-９]+)*"
_DATE = r"(?P<first>[0-9０-９]{1,4})(?:年(?:[0-9０-９]{1,2}月(?:[0-9０-９]{1,2}日)?)?|月(?:[0-9０-９]{1,2}日)?|日)"
_SPELLED = rf"[{NUMERALS}]+(?:点[{NUMERALS}]+)?"
_TOKEN = re.compile(
    rf"(?P<label>[0-9]{{1,2}}[.．](?=(?:19|20)\d\d年))|(?P<number>(?:{_BEFORE})?(?:(?P<date>{_DATE})|(?P<core>(?:(?<!\w)[-−－])?{_DIGITS}[十百千万亿]{{0,3}}[余多来几]?"
    rf"(?:[万亿][余多]?)?(?:[%％‰])?[余多]?|{_SPELLED}(?:[余多来几](?={_MEASURE})|(?={_MEASURE})|(?<=[十百千万亿])[余多]))"
    rf"(?P<unit>{_MEASURE})?(?P<bound>{_BOUND})?))|(?P<other>.)",
    re.DOTALL,
)


class Token(NamedTuple):
    """A stretch of a line; of a number `core` is where its digits with 万, % and 余 end, before its unit or 年."""

    text: str
    start: int
    end: int
    core: int = 0

    @property
    def number(self) -> bool:
        return self.core > 0


@lru_cache(maxsize=1 << 15)
def tokens(line: str) -> tuple[Token, ...]:
    """The tokens of a line, end to end."""
    return tuple(_token(match) for match in _TOKEN.finditer(line))


def _token(match: re.Match[str]) -> Token:
    core = match.end("first") if match["date"] else match.end("core")
    return Token(match[0], match.start(), match.end(), max(core, 0) if match["number"] else 0)


@lru_cache(maxsize=1 << 15)
def _ends(line: str) -> tuple[int, ...]:
    return tuple(token.end for token in tokens(line))


def near(line: str, start: int, end: int) -> tuple[int, int]:
    """The tokens that overlap or touch a range: the place of the first, and of the one behind the last."""
    ends = _ends(line)
    first = last = bisect_left(ends, start)
    while last < len(ends) and tokens(line)[last].start <= end:
        last += 1
    return first, last


def numbers(line: str) -> list[Token]:
    """The numbers of a line in their order."""
    return [token for token in tokens(line) if token.number]


def grown(line: str, start: int, end: int) -> tuple[int, int]:
    """A range with the digits, 约数词 and units that stand against it.

    A unit is taken in only where the range holds one already: 23 of 23件 stays 23.
    """
    for token in tokens(line)[slice(*near(line, start, end))]:
        if token.number and token.start < end and token.end > start:
            stop = token.core if end <= token.core < token.end else token.end
            start, end = min(start, token.start), max(end, stop)
    return start, end


def numeric(phrase: str) -> bool:
    """Whether a phrase says a number: 二, two of 两名, 12月; not 件, 未发生."""
    return any(character.isdecimal() or character in NUMERALS for character in phrase)


def same(one: str, other: str) -> bool:
    """Whether two printed phrases say the same."""
    if one == other:
        return True
    tidied = tidy(one), tidy(other)
    return tidied[0] == tidied[1] or _meaning(tidied[0]) == _meaning(tidied[1]) is not None


@lru_cache(maxsize=1 << 12)
def _meaning(text: str) -> object:
    """What a phrase means, None where it is more than one number or date."""
    day = read_date(text, year=None).value
    if day is not None:
        return day
    found = quantities(text)
    single = len(found) == 1 and len(numbers(text)) == 1 and numbers(text)[0].text == text
    if not single:
        return None
    return found[0]._replace(scale="", chinese=False, places=0), tuple(compiled(_INEXACT).findall(text))
