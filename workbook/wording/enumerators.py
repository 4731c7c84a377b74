"""Enumerators in a text (一是, 第一, （1）, ①): where they stand, where they begin at two or jump."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from workbook.numerals import from_chinese
from workbook.wording.hits import SLOT, Hit, compiled

ORDINAL = "[一二三四五六七八九十]{1,3}"
_EDGE = r"(?:^|(?<=[。；：，;:,、！？\n]))"
FAMILIES = {
    "一是": rf"{_EDGE}(?P<n>{ORDINAL})是",
    "第一": rf"{_EDGE}第(?P<n>{ORDINAL})[，,、](?![一二三四五六七八九十])",
    "其一": rf"{_EDGE}其(?P<n>{ORDINAL})[，,、是]",
    "（一）": rf"{_EDGE}[（(](?P<n>{ORDINAL})[）)](?![项款条目])",
    "（1）": rf"{_EDGE}[（(](?P<n>\d{{1,2}})[）)]",
    "1.": rf"{_EDGE}(?P<n>\d{{1,2}})[.．、](?![\d{SLOT}])",
    "①": r"(?P<n>[①-⑳])",
}
SIGNS: dict[str, tuple[str, ...]] = {
    "一是": tuple(f"{n}是" for n in "一二三四五六七八九十"), "第一": ("第",), "其一": ("其",),
    "（一）": ("（", "("), "（1）": ("（", "("), "1.": (".", "．", "、"), "①": tuple("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
}
"""Words one of which stands in every text that holds an enumerator of the family."""
_OPENERS = frozenset("一二三四五六七八九十第其（(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_NUMERALS = "二三四五六七八九十"
BEYOND_ONE = {
    "一是": [f"{n}是" for n in _NUMERALS], "第一": [f"第{n}" for n in _NUMERALS], "其一": [f"其{n}" for n in _NUMERALS],
    "（一）": [f"{left}{n}" for left in "（(" for n in _NUMERALS],
    "（1）": [f"{left}{n}" for left in "（(" for n in range(2, 10)],
    "1.": [f"{n}{mark}" for n in range(2, 10) for mark in ".．、"], "①": list("②③④⑤⑥⑦⑧⑨⑩"),
}
"""What a text holds that goes beyond the first of a family."""
ANNOUNCING = ("：", ":")
"""What stands in every text that says how many points follow."""
_COUNTED = (
    rf"(?P<n>[两二三四五六七八九十]|(?<!\d)\d)(?:个方面|方面|项工作|项措施|点)[^。；]*[：:](?=\s*(?:$|{_EDGE}一是))"
)
_IN_DIGITS = ("（1）", "1.")
_COUNT_ITEM = rf"(?:^|[：:。；，\n])({ORDINAL})是"


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


def may_begin(family: str, prose: str) -> bool:
    """Whether a prose holds what the first enumerator of a family is written with."""
    if not any(sign in prose for sign in SIGNS[family]):
        return False
    return any(map(str.isdecimal, prose)) if family in _IN_DIGITS else ("①" if family == "①" else "一") in prose


def marks(family: str, prose: str) -> list[Mark]:
    """The enumerators of one family, in their order."""
    return [_mark(one) for one in compiled(FAMILIES[family]).finditer(prose)]


def opens_with(family: str, prose: str) -> Mark | None:
    """The enumerator of a family with which a prose begins."""
    if not prose or not (prose[0] in _OPENERS or prose[0].isdecimal()):
        return None
    match = compiled(FAMILIES[family]).match(prose)
    return _mark(match) if match else None


def _mark(match: re.Match[str]) -> Mark:
    return Mark(match.start(), match.end(), match[0], ordinal(match["n"]))


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
    match = compiled(_COUNTED).search(prose)
    if match is None:
        return None
    said = match[0].split("，")[0].rstrip("：:")
    return Announced(match.start(), match.end(), said, ordinal(match["n"].replace("两", "二")))


def items_in(rest: str) -> int:
    """How many points (一是, 二是) a text holds."""
    return len(compiled(_COUNT_ITEM).findall(rest))
