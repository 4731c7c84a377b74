"""New rows that cannot simply come in: there already, another office's, perhaps the same as another's, 编号 taken."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from workbook.exchange.added import Places
from workbook.exchange.fresh import NOTHING, Fresh, key_mark, mark, marks_of, repeated
from workbook.exchange.numbering import renumbered
from workbook.exchange.outcome import Place, Renumbered
from workbook.exchange.sides import Row, Side
from workbook.exchange.taking import Taking

_ANOTHERS = "新增的行写的是别的股室"
_LIKE_ANOTHER = "和{others}新增的行像是同一件事"


class Doubtful(NamedTuple):
    """A new row, its place among those of its office and sheet, and why a person must decide; "": it is there."""

    part: Fresh
    at: int
    row: Row
    reason: str


def doubtful(fresh: Sequence[Fresh], held: Container[Place], sheets: Collection[str]) -> Iterator[Doubtful]:
    """The new rows that do not simply come in; `held` are the rows that the master has on these sheets."""
    whose = _shared(fresh)
    for part in fresh:
        ids = part.short.ids if part.sheet in sheets else []
        there = {at for at, name in enumerate(ids) if (part.sheet, name) in held}
        others = _others(part, whose)
        odd = sorted({*there, *part.strange, *others})
        rows = part.rows if odd else []
        for at in odd:
            told = "" if at in there else _ANOTHERS if at in part.strange else _LIKE_ANOTHER.format(
                others="、".join(sorted(others[at])))
            yield Doubtful(part, at, rows[at], told)


def renumberings(fresh: Sequence[Fresh], left: Places, takings: Iterable[Taking], side: Side,
                 retired: Iterable[tuple[str, str]]) -> list[Renumbered]:
    """Which new rows, but those left out, need another 编号: no row has it, and no office was ever sent one with it."""
    taken = {key_mark(row.sheet, row.key) for rows in side.values() for row in rows} if fresh else set()
    taken.update(mark(*one) for one in retired)
    for one in takings:
        taken.update(marks_of(one.sent))
    taken.discard(NOTHING)
    return renumbered(_in_turn(fresh, left), taken) if _any_twice(fresh, taken) else []


def _shared(fresh: Iterable[Fresh]) -> dict[int, set[str]]:
    """The names and ids that new rows of more than one office have, with these offices."""
    shared = repeated(one.names for one in fresh) | repeated(one.given for one in fresh)
    whose: dict[int, set[str]] = defaultdict(set)
    for part in fresh if shared else ():
        for one in shared.intersection((*marks_of(part.names), *marks_of(part.given))):
            whose[one].add(part.office)
    return whose


def _others(part: Fresh, whose: Mapping[int, set[str]]) -> dict[int, set[str]]:
    """The other offices that have a row like it, by the row's place."""
    if not whose:
        return {}
    pairs = zip(marks_of(part.names), marks_of(part.given), strict=True)
    found = {at: whose.get(name, set()) | whose.get(given, set()) for at, (name, given) in enumerate(pairs)}
    return {at: offices - {part.office} for at, offices in found.items() if offices}


def _any_twice(fresh: Iterable[Fresh], taken: set[int]) -> bool:
    every = array("Q")
    for part in fresh:
        keys = marks_of(part.keys)
        if not taken.isdisjoint(keys):
            return True
        every.extend(one for one in keys if one != NOTHING)
    ordered = sorted(every)
    return any(one == other for one, other in pairwise(ordered))


def _in_turn(fresh: Iterable[Fresh], left: Places) -> Iterator[tuple[str, Row]]:
    """The rows that come in, as far as their 编号 goes."""
    for part in fresh:
        out = left.get((part.office, part.sheet), ())
        for at, (number, name, key) in enumerate(zip(*part.short, strict=True)):
            if at not in out:
                yield part.office, Row(part.sheet, number, name, key, {})
