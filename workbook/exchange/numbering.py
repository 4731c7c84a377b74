"""编号 of new rows: a taken one gives way to the next free one, and what named the row follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from workbook.book import fold
from workbook.exchange.outcome import Renumbered
from workbook.exchange.sides import Row
from workbook.raw import RawValue
from workbook.schema import BY_TITLE

_KEY = "编号"
_DIGITS = "0123456789"


Known = Mapping[str, Collection[tuple[str, str]]]


def numbered(new: Sequence[tuple[str, Row]], held: set[tuple[str, str]], known: Known
             ) -> tuple[list[Row], list[Renumbered]]:
    """New rows of offices, each under a 编号 of its own, none of those `held` (by sheet); which were renumbered.

    In its own new rows an office's reference to a row of its own that was renumbered follows it, unless the
    (sheet, 编号) is among those it was sent (`known`).
    """
    taken = set(held)
    given: list[tuple[str, Row]] = []
    changed: list[Renumbered] = []
    for office, row in new:
        if row.key and (row.sheet, fold(row.key)) in taken:
            key = _free(row, taken)
            changed.append(Renumbered(office, row.sheet, row.id, row.key, key))
            row = row._replace(key=key, values={**row.values, _KEY: key})
        taken.add((row.sheet, fold(row.key)))
        given.append((office, row))
    own = {office: [one for one in changed if one.office == office] for office, _ in given}
    return [_followed(row, own[office], known.get(office, ())) for office, row in given], changed


def referring(sheet: str, title: str, value: RawValue, renumbered: Iterable[Renumbered],
              known: Collection[tuple[str, str]]) -> RawValue:
    """A value as it reads where it names a renumbered row; a 编号 among those `known` means the row that has it."""
    target = _refers(sheet).get(title)
    for one in renumbered if target and value is not None else ():
        if one.sheet == target and fold(value) == fold(one.old) and (target, fold(value)) not in known:
            return one.new
    return value


def _followed(row: Row, renumbered: Sequence[Renumbered], known: Collection[tuple[str, str]]) -> Row:
    if not renumbered:
        return row
    values = {title: referring(row.sheet, title, value, renumbered, known) for title, value in row.values.items()}
    return row._replace(values=values)


def _free(row: Row, taken: Collection[tuple[str, str]]) -> str:
    stem = row.key.rstrip(_DIGITS)
    digits = row.key[len(stem):]
    number = int(digits or "1") + 1
    while (row.sheet, fold(f"{stem}{number:0{len(digits)}}")) in taken:
        number += 1
    return f"{stem}{number:0{len(digits)}}"


@cache
def _refers(sheet: str) -> dict[str, str]:
    """The columns that hold a 编号 of another row, with that row's sheet."""
    return {column.title: column.refers[0] for column in BY_TITLE[sheet].columns
            if column.refers and column.refers[1] == _KEY and column.refers[0] != "章节"}
