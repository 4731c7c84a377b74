"""The table of national laws, regulations and party documents that county offices cite (laws.csv).

A name is required; dates and status stand only where a page that says so was read: 来源 names it, 核对日期 is the day
for which it speaks. 施行日期 and 修订日期 are those of the text in the source; a later revision is not in the table. A
blank status says nothing: only 已废止 was looked for, in the words of the law that repeals. An office's own sheet 法规
extends the table.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from workbook.readings import compiled

STATE = "中华人民共和国"
REPEALED = "已废止"
LEAST_NEAR = 6
"""A name shorter than this has too many neighbours for a slip to be told."""
_TABLE = Path(__file__).with_name("laws.csv")
_NO_MARKS = str.maketrans({**dict.fromkeys(" 　“”‘’\"'「」、《》〈〉·\u200b"), **dict.fromkeys("－—–‐~～", "-")})
_NOTE = r"\([^()]*\)$"


class Law(NamedTuple):
    """One law; `shorts` are its 简称, `wrong` the names it is wrongly given; dates as ISO text, blank where unread."""

    official: str
    shorts: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    kind: str = ""
    issuer: str = ""
    in_force: str = ""
    revised: str = ""
    status: str = ""
    source: str = ""
    checked: str = ""

    @property
    def repealed(self) -> bool:
        return self.status == REPEALED

    @property
    def names(self) -> tuple[str, ...]:
        """The official name, the same without 中华人民共和国, and the 简称."""
        return tuple(dict.fromkeys((self.official, self.official.removeprefix(STATE), *self.shorts)))


class LawTable:
    """Laws by what they are called; the first law of a name has it."""

    def __init__(self, laws: tuple[Law, ...]) -> None:
        self.laws = laws

    @cached_property
    def right(self) -> dict[str, Law]:
        """Folded name -> law; a name also counts without its closing （试行） or （2021－2025年）."""
        pairs = [(one, law) for law in self.laws for name in law.names for one in _spoken(fold_title(name))]
        return dict(reversed(pairs))

    @cached_property
    def wrong(self) -> dict[str, Law]:
        """Folded wrong name -> the law that is meant; 中华人民共和国 before a name that has none is one of them."""
        listed = [(fold_title(name), law) for law in self.laws for name in law.wrong]
        national = [(fold_title(STATE + law.official), law) for law in self.laws if not law.official.startswith(STATE)]
        whole = [(fold_title(STATE + name), law) for law in self.laws for name in law.wrong
                 if law.official.startswith(STATE) and not name.startswith(STATE)]
        return {name: law for name, law in reversed([*listed, *national, *whole]) if name not in self.right}

    @cached_property
    def _shortened(self) -> dict[str, Law]:
        """Every name with one character left out -> its law."""
        return {less: law for name, law in self.right.items() if len(name) >= LEAST_NEAR for less in _one_less(name)}

    def named(self, title: str) -> Law | None:
        """The law of a right name."""
        return self.right.get(fold_title(title))

    def meant(self, title: str) -> Law | None:
        """The law that a wrong name means: a listed wrong name, or one character too few or too many; else None."""
        name = fold_title(title)
        if name in self.right:
            return None
        if name in self.wrong or len(name) < LEAST_NEAR - 1:
            return self.wrong.get(name)
        longer = (self.right[less] for less in _one_less(name) if len(less) >= LEAST_NEAR and less in self.right)
        return self._shortened.get(name) or next(longer, None)


@lru_cache(maxsize=1 << 12)
def fold_title(title: str) -> str:
    """A title as compared: NFKC, without spaces, quotation marks and 、, all dashes alike."""
    return unicodedata.normalize("NFKC", title).translate(_NO_MARKS)


def _spoken(name: str) -> tuple[str, ...]:
    bare = compiled(_NOTE).sub("", name)
    return (name, bare) if bare != name else (name,)


def _one_less(name: str) -> Iterator[str]:
    """The name with one character left out; figures stay."""
    return (name[:at] + name[at + 1:] for at, letter in enumerate(name) if not letter.isdigit())


@cache
def national_laws() -> tuple[Law, ...]:
    """The table as shipped."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(law_of(row) for row in csv.DictReader(file))


@cache
def national_table() -> LawTable:
    return LawTable(national_laws())


def table_with(own: Iterable[Law]) -> LawTable:
    """The national table extended by an office's laws, whose word comes first."""
    laws = tuple(own)
    return LawTable((*laws, *national_laws())) if laws else national_table()


def law_of(row: dict[str, str]) -> Law:
    """A law out of a row: header -> text, names in one cell separated by 、."""
    official = row["正式名称"].strip("《》 ")
    return Law(official, _names(row["简称"]), _names(row["误名"]), row["类别"], row["发布机关"], row["施行日期"],
               row["修订日期"], row["状态"], row.get("来源", ""), row.get("核对日期", ""))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip("《》 ") for name in text.split("、") if name.strip("《》 "))
