"""Enumerators in a text (一是, 第一, （1）, ①): where they stand, where they begin at two or jump."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from workbook.numerals import from_chinese
from workbook.wording.hits import SLOT, Hit

ORDINAL = "[一二三四五六七八九十]{1,3}"
_EDGE = r"(?:^|(?<=[。；：，;:,、！？\n]))"
FAMILIES = {
    "一是": re.compile(rf"{_EDGE}(?P<n>{ORDINAL})是"),
    "第一": re.compile(rf"{_EDGE}第(?P<n>{ORDINAL})[，,、](?![一二三四五六七八九十])"),
    "其一": re.compile(rf"{_EDGE}其(?P<n>{ORDINAL})[，,、是]"),
    "（一）": re.compile(rf"{_EDGE}[（(](?P<n>{ORDINAL})[）)](?![项款条目])"),
    "（1）": re.compile(rf"{_EDGE}[（(](?P<n>\d{{1,2}})[）)]"),
    "1.": re.compile(rf"{_EDGE}(?P<n>\d{{1,2}})[.．、](?![\d{SLOT}])"),
    "①": re.compile(r"(?P<n>[①-⑳])"),
}
_NUMERALS = "二三四五六七八九十"
BEYOND_ONE = {
    "一是": [f"{n}是" for n in _NUMERALS], "第一": [f"第{n}" for n in _NUMERALS], "其一": [f"其{n}" for n in _NUMERALS],
    "（一）": [f"{left}{n}" for left in "（(" for n in _NUMERALS],
    "（1）": [f"{left}{n}" for left in "（(" for n in range(2, 10)],
    "1.": [f"{n}{mark}" for n in range(2, 10) for mark in ".．、"], "①": list("②③④⑤⑥⑦⑧⑨⑩"),
}
"""What a text holds that goes beyond the first of a family."""
_COUNTED = re.compile(
    rf"(?P<n>[两二三四五六七八九十]|(?<!\d)\d)(?:个方面|方面|项工作|项措施|点)[^。；]*[：:](?=\s*(?:$|{_EDGE}一是))"
)
_COUNT_ITEM = re.compile(rf"(?:^|[：:。；，\n])({ORDINAL})是")


class Mark(NamedTuple):
    """One enumerator in a text."""

    start: int
    end: int
    text: str
    number: int


class Announced(NamedTuple):
    """A sentence that says how many points follow (抓好四个方面：); `said` is its first part."""

    start: int
    end: int
    said: str
    number: int


def ordinal(text: str) -> int:
    """一, 1 and ① are 1; 0 where it is no number."""
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    return int(text) if text.isdigit() else from_chinese(text) or 0


def marks(family: str, prose: str) -> list[Mark]:
    """The enumerators of one family, in their order."""
    return [Mark(one.start(), one.end(), one[0], ordinal(one["n"])) for one in FAMILIES[family].finditer(prose)]


def begins_late(found: list[Mark]) -> Mark | None:
    """The first enumerator where it is not the first of its family."""
    return found[0] if found and found[0].number > 1 else None


def jumps(found: list[Mark]) -> Iterator[Hit]:
    """Each enumerator that neither follows the one before (`given`) nor begins again."""
    for before, after in pairwise(found):
        if after.number not in (before.number + 1, 1):
            yield Hit(after.start, after.end, before.text, after.text)


def announced(prose: str) -> Announced | None:
    """The first sentence that says how many points follow."""
    match = _COUNTED.search(prose)
    if match is None:
        return None
    said = match[0].split("，")[0].rstrip("：:")
    return Announced(match.start(), match.end(), said, ordinal(match["n"].replace("两", "二")))


def items_in(rest: str) -> int:
    """How many points (一是, 二是) a text holds."""
    return len(_COUNT_ITEM.findall(rest))
