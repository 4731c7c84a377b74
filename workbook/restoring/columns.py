"""Which column is which where headers were overwritten, deleted or doubled.

A header says it; where it does not, the order of the schema between two known
neighbours and the types of the values do, and only where one meaning is possible.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from workbook.book import fold, fold_header, open_quantity
from workbook.normalize import read_number, read_period, read_yes_no
from workbook.raw import RawValue
from workbook.restoring.balance import BLANK
from workbook.schema import ID_COLUMN, Column, Type

ROW_ID = re.compile(r"[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{9}")
_PLAUSIBLE = re.compile(r"[^\d\s,，。；;：:{}!！?？]{2,12}")
_TYPED = (Type.DATE, Type.INTEGER, Type.NUMBER, Type.PERCENT, Type.YES_NO)
_ANY_YEAR = 2024
_MOSTLY = 0.8


class Candidate(NamedTuple):
    """A column (or a row of 报告信息) as it stands: its header, its values, the title it says it has."""

    number: int
    text: RawValue
    values: Sequence[RawValue]
    title: str = ""


def named(cells: Iterable[tuple[int, RawValue, Sequence[RawValue]]], columns: Sequence[Column]) -> list[Candidate]:
    """Columns with the titles their headers give; of several with one header, one gets it."""
    found = list(cells)
    titles = {fold_header(column.title): column.title for column in columns}
    present = {titles.get(_header(text), "") for _, text, _ in found}
    aliases = {fold_header(alias): column.title for column in columns for alias in column.aliases
               if column.title not in present}
    known = titles | {alias: title for alias, title in aliases.items() if alias not in titles}
    said = [Candidate(number, text, values, known.get(_header(text), "")) for number, text, values in found]
    return _single(said, list(columns))


def inferred(candidates: Sequence[Candidate], columns: Sequence[Column]) -> dict[int, str]:
    """Number -> title of the candidates without a title whose place and values leave one meaning."""
    order = {column.title: at for at, column in enumerate(columns)}
    taken = {one.title for one in candidates if one.title}
    known = {one.text for one in candidates if one.title}
    found: dict[int, str] = {}
    gap: list[Candidate] = []
    before = -1
    for one in (*candidates, None):
        if one is not None and not one.title:
            gap += [one] if not _own_quantity(one) else []
            continue
        after = len(columns) if one is None else order[one.title]
        missing = [column for column in columns[before + 1:after] if column.title not in taken]
        found |= _in_gap(gap, missing, known)
        gap, before = [], after
    return found


def fits(column: Column, values: Iterable[RawValue]) -> bool:
    """Whether nearly all values can stand in the column; no values fit any."""
    held = [value for value in values if value not in BLANK]
    return sum(_fits(column, value) for value in held) >= _MOSTLY * len(held)


def telling(column: Column, values: Iterable[RawValue]) -> bool:
    """Whether values that fit say anything: few texts are dates, numbers or one of the choices."""
    typed = column.type in _TYPED or bool(column.choices) or column.title == ID_COLUMN
    return typed and any(value not in BLANK for value in values)


def _header(text: RawValue) -> str:
    return fold_header(text) if isinstance(text, str) else ""


def _own_quantity(one: Candidate) -> bool:
    return isinstance(one.text, str) and open_quantity(one.text) is not None


def _in_gap(gap: Sequence[Candidate], missing: Sequence[Column], known: set[RawValue]) -> dict[int, str]:
    """Between two known neighbours: as many strangers as columns missing are these columns, in their order."""
    pairs = list(zip(gap, missing, strict=False))
    if len(gap) == len(missing) and all(fits(column, one.values) for one, column in pairs):
        return {one.number: column.title for one, column in pairs if _believable(one, column, known)}
    return _by_type([one for one in gap if one.text in BLANK], missing)


def _believable(one: Candidate, column: Column, known: set[RawValue]) -> bool:
    """Not where the office may have put a column of its own: an optional text with a header that sounds like one."""
    if one.text in BLANK or column.required or telling(column, one.values):
        return True
    sounds = isinstance(one.text, str) and _PLAUSIBLE.fullmatch(one.text) and one.text not in known
    return not sounds or one.text in one.values


def _by_type(gap: Sequence[Candidate], missing: Sequence[Column]) -> dict[int, str]:
    """Headers deleted, columns too: a column whose values fit one missing column only, and no other does."""
    choices = {one.number: [column.title for column in missing
                            if telling(column, one.values) and fits(column, one.values)] for one in gap}
    wanted = Counter(title for titles in choices.values() for title in titles)
    return {number: titles[0] for number, titles in choices.items() if len(titles) == 1 and wanted[titles[0]] == 1}


def _single(said: list[Candidate], columns: list[Column]) -> list[Candidate]:
    """Of candidates with one title, it goes to the one whose values and neighbours suit it best, else the first."""
    order = {column.title: at for at, column in enumerate(columns)}
    kept: dict[str, int] = {}
    for at, one in enumerate(said):
        if one.title and (one.title not in kept
                          or _suits(said, at, columns, order) > _suits(said, kept[one.title], columns, order)):
            kept[one.title] = at
    return [one if kept.get(one.title) == at else one._replace(title="") for at, one in enumerate(said)]


def _suits(said: list[Candidate], at: int, columns: list[Column], order: dict[str, int]) -> int:
    here = order[said[at].title]
    before = order.get(said[at - 1].title) if at else None
    after = order.get(said[at + 1].title) if at + 1 < len(said) else None
    return 4 * fits(columns[here], said[at].values) + (before == here - 1) + (after == here + 1)


def _fits(column: Column, value: RawValue) -> bool:
    if column.title == ID_COLUMN:
        return isinstance(value, str) and ROW_ID.fullmatch(value) is not None
    if column.type is Type.DATE:
        return read_period(value, year=_ANY_YEAR).value is not None
    if column.numeric:
        percent = column.type is Type.PERCENT
        return read_number(value, unit=column.unit, percent=percent).value is not None
    if column.type is Type.YES_NO:
        return read_yes_no(value).value is not None
    if column.choices:
        return fold(value) in {fold(choice) for choice in column.choices}
    return not isinstance(value, dt.date | dt.time | dt.timedelta)
