"""Names of laws in a text: wrong ones, ones without 《》, repealed ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workbook.laws import LawTable
from workbook.wording.hits import SLOT, Hit, compiled, hit_of

_LAW_END = ("法", "条例", "办法", "规定")
_NOT_A_LAW = r"(?![律规治院官庭学制定人宣])"
_SHORTEST_UNTITLED = 5
_SHORTEST_OBEYED = 2
_OBEYING = ("根据", "依据", "按照", "依照", "违反", "适用", "执行", "遵守", "修订的", "颁布的", "贯彻实施")
_OBEY = "|".join(f"(?<={words})" for words in _OBEYING)
_RULED = "(?=[，。；、]|第[一二三四五六七八九十百千零\\d]+条|的?规定|的?要求|和|及|等)"
_TITLES = r"《([^《》\n]+)》"


def titled(prose: str) -> Iterator[Hit]:
    """Every name in 《》, without the marks."""
    return (Hit(one.start(1), one.end(1), one[1]) for one in compiled(_TITLES).finditer(prose) if SLOT not in one[1])


def wrong_titles(prose: str, table: LawTable) -> Iterator[Hit]:
    """Wrong names in 《》; `right` is the official name."""
    for hit in titled(prose):
        law = table.meant(hit.given)
        if law:
            yield hit._replace(right=law.official)


def repealed_titles(prose: str, table: LawTable) -> Iterator[Hit]:
    """Names of repealed laws in 《》, in a text that does not speak of repeal."""
    for hit in titled(prose) if "废止" not in prose else ():
        law = table.named(hit.given)
        if law and law.repealed:
            yield hit


def any_of(names: Iterable[str], tail: str = "") -> re.Pattern[str] | None:
    """A pattern of any of the names, the longest first."""
    longest = sorted({name for name in names if name}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, longest))}){tail}") if longest else None


def needs_marks(name: str) -> bool:
    """Whether a name is long and special enough to be no ordinary word without 《》."""
    return len(name) >= _SHORTEST_UNTITLED and name.endswith(_LAW_END)


def untitled(prose: str, names: Iterable[str]) -> Iterator[Hit]:
    """Where any of the names stands; what is in 《》 or “” is to be blotted out before."""
    pattern = any_of((name for name in names if needs_marks(name) and name in prose), _NOT_A_LAW)
    return (hit_of(match) for match in pattern.finditer(prose)) if pattern else iter(())


def may_be_obeyed(name: str) -> bool:
    """Whether a short name (民法典, 慈善法) stands for the law itself where something is done by it."""
    short = _SHORTEST_OBEYED <= len(name) < _SHORTEST_UNTITLED and name not in ("宪法", "法典")
    return short and name.endswith(("法", "法典")) and all("一" <= one <= "鿿" for one in name)


def obeyed(prose: str, names: Iterable[str]) -> Iterator[Hit]:
    """Short names without 《》 behind 根据, 违反 and the like; 民法典宣传 and 学习民法典 are ordinary words."""
    told = [name for name in names if name in prose and may_be_obeyed(name)]
    short = any_of(told if any(word in prose for word in _OBEYING) else (), _RULED)
    pattern = re.compile(f"(?:{_OBEY}){short.pattern}") if short else None
    return (hit_of(match) for match in pattern.finditer(prose)) if pattern else iter(())
