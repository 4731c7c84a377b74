"""编号 of new rows: a taken one gives way to the next free one, and what named the row follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from workbook.book import fold
from workbook.exchange.fresh import key_mark
from workbook.exchange.outcome import Place, Renumbered
from workbook.exchange.sides import Row
from workbook.raw import RawValue
from workbook.schema import BY_TITLE

_KEY = "编号"
_DIGITS = "0123456789"


def renumbered(new: Iterable[tuple[str, Row]], taken: set[int]) -> list[Renumbered]:
    """Which new rows of offices must have another 编号, none of those `taken` (by their marks), and which."""
    changed: list[Renumbered] = []
    runs: dict[tuple[str, str, int], tuple[int, int]] = {}
    for office, row in new:
        key = row.key
        if key and key_mark(row.sheet, key) in taken:
            key = _free(row, taken, runs)
            changed.append(Renumbered(office, row.sheet, row.id, row.key, key))
        taken.add(key_mark(row.sheet, key))
    return changed


def followed(row: Row, changed: Mapping[Place, Renumbered], known: Collection[tuple[str, str]]) -> Row:
    """A new row of an office under its new 编号 where it has one, its references to other new rows of that office
    following theirs, unless the (sheet, 编号) is among those it was sent (`known`).
    """
    new = changed.get((row.sheet, row.id))
    row = row._replace(key=new.new, values={**row.values, _KEY: new.new}) if new else row
    return row._replace(values={title: referring(row.sheet, title, value, changed.values(), known)
                                for title, value in row.values.items()})


def referring(sheet: str, title: str, value: RawValue, renumbered: Iterable[Renumbered],
              known: Collection[tuple[str, str]]) -> RawValue:
    """A value as it reads where it names a renumbered row; a 编号 among those `known` means the row that has it."""
    target = _refers(sheet).get(title)
    for one in renumbered if target and value is not None else ():
        if one.sheet == target and fold(value) == fold(one.old) and (target, fold(value)) not in known:
            return one.new
    return value


def _free(row: Row, taken: Collection[int], runs: dict[tuple[str, str, int], tuple[int, int]]) -> str:
    """The next 编号 that is free; `runs` remembers which numbers of a kind were found taken one after the other."""
    stem = row.key.rstrip(_DIGITS)
    digits = row.key[len(stem):]
    first = number = int(digits or "1") + 1
    low, high = runs.get((row.sheet, stem, len(digits)), (first, first))
    if low <= number <= high:
        first, number = low, high
    while key_mark(row.sheet, f"{stem}{number:0{len(digits)}}") in taken:
        number += 1
    runs[row.sheet, stem, len(digits)] = first, number
    return f"{stem}{number:0{len(digits)}}"


@cache
def _refers(sheet: str) -> dict[str, str]:
    """The columns that hold a 编号 of another row, with that row's sheet."""
    return {column.title: column.refers[0] for column in BY_TITLE[sheet].columns
            if column.refers and column.refers[1] == _KEY and column.refers[0] != "章节"}
