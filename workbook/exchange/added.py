"""The rows that come into the master, and the fate of every row: told anew each time, since a fleet has half a million.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain

from workbook.disk.spool import Streamed
from workbook.exchange.fresh import Fresh
from workbook.exchange.numbering import followed
from workbook.exchange.outcome import ADDED, MERGED, UNCHANGED, Balance, Fate, Place, Renumbered, count
from workbook.exchange.sides import Row
from workbook.exchange.taking import Taking

Places = Mapping[tuple[str, str], Collection[int]]
"""By office and sheet, places in its new rows."""
_NOWHERE: frozenset[int] = frozenset()


class Added(Streamed[Row]):
    """Rows that the master gets: first those restored, then the new ones, but those `left` out."""

    def __init__(self, restored: Sequence[Row], fresh: Sequence[Fresh], left: Places,
                 renumbered: Sequence[Renumbered], known: Callable[[str], Collection[tuple[str, str]]]) -> None:
        self.restored, self.fresh, self._left, self._known = tuple(restored), tuple(fresh), left, known
        self._renumbered: dict[str, dict[Place, Renumbered]] = {}
        for one in renumbered:
            self._renumbered.setdefault(one.office, {})[one.sheet, one.id] = one
        super().__init__(len(self.restored) + sum(map(self._number, self.fresh)), self._all)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that get any."""
        return tuple(dict.fromkeys([*(row.sheet for row in self.restored),
                                    *(one.sheet for one in self.fresh if self._number(one))]))

    def of(self, sheet: str) -> Added:
        """Those of one sheet."""
        return Added([row for row in self.restored if row.sheet == sheet],
                     [one for one in self.fresh if one.sheet == sheet], self._left,
                     [one for held in self._renumbered.values() for one in held.values()], self._known)

    def places(self) -> Iterator[Place]:
        """Sheet and id of each."""
        yield from ((row.sheet, row.id) for row in self.restored)
        for one in self.fresh:
            left = self._left.get((one.office, one.sheet), _NOWHERE)
            yield from ((one.sheet, name) for at, name in enumerate(one.short.ids) if at not in left)

    def titles(self) -> list[str]:
        """The columns that any of them fills, and perhaps some that only one left out does."""
        return [*(title for row in self.restored for title in row.values),
                *(title for one in self.fresh for title in one.titles)]

    def apart(self) -> list[Row]:
        """Those that stand nowhere as they are here."""
        return [*self.restored, *(row for one in self.fresh if one.office in self._renumbered
                                  for row in self._rows(one))]

    def as_returned(self) -> Iterator[tuple[str, str, list[tuple[int, str]]]]:
        """All others, in short: the office, the sheet, and of each the number there and the id."""
        for one in self.fresh:
            if one.office not in self._renumbered:
                left = self._left.get((one.office, one.sheet), _NOWHERE)
                told = zip(one.short.numbers, one.short.ids, strict=True)
                yield one.office, one.sheet, [pair for at, pair in enumerate(told) if at not in left]

    def _all(self) -> Iterator[Row]:
        yield from self.restored
        for one in self.fresh:
            yield from self._rows(one)

    def _number(self, one: Fresh) -> int:
        return one.number - len(self._left.get((one.office, one.sheet), _NOWHERE))

    def _rows(self, one: Fresh) -> list[Row]:
        left, changed = self._left.get((one.office, one.sheet), _NOWHERE), self._renumbered.get(one.office)
        rows = one.rows
        if left:
            rows = [row for at, row in enumerate(rows) if at not in left]
        known = self._known(one.office) if changed else ()
        return [followed(row, changed, known) for row in rows] if changed else rows


class Joined(Streamed[Row]):
    """Rows at hand, then others that are told."""

    def __init__(self, plain: Sequence[Row], told: Sequence[Added]) -> None:
        self.plain, self.told = plain, told
        super().__init__(len(plain) + sum(map(len, told)), lambda: chain(plain, *told))

    def titles(self) -> list[str]:
        """The columns that any of them fills, and perhaps some that only a row fills that was left out."""
        return [*(title for row in self.plain for title in row.values), *(title for one in self.told
                                                                          for title in one.titles())]


def by_sheet(rows: Sequence[Row]) -> dict[str, Joined]:
    """The same rows, sheet by sheet."""
    plain, told = (rows.plain, rows.told) if isinstance(rows, Joined) else (rows, ())
    sheets = dict.fromkeys([*(row.sheet for row in plain), *(sheet for one in told for sheet in one.sheets)])
    return {sheet: Joined([row for row in plain if row.sheet == sheet], [one.of(sheet) for one in told])
            for sheet in sheets}


class Fates(Streamed[Fate]):
    """The fate of every row of every return; `odd` are the places of new rows whose fate is among the `told`."""

    def __init__(self, takings: Sequence[Taking], told: Sequence[Fate], odd: Places) -> None:
        self.takings, self._told, self._odd = tuple(takings), told, odd
        super().__init__(sum(counts["returned"] for counts in self.counts().values()), self._all)

    def counts(self) -> Balance:
        """The balance, office by office."""
        offices: Balance = {}
        for one in self.takings:
            count(offices, one.office, UNCHANGED, one.unchanged)
            for part in one.fresh:
                odd = self._odd.get((part.office, part.sheet), _NOWHERE)
                count(offices, one.office, MERGED, part.number - len(odd))
        for fate in self.told():
            count(offices, fate.office, fate.fate)
        return offices

    def told(self) -> Iterator[Fate]:
        """Every fate but those of rows that simply are new and of rows that nobody changed."""
        for one in self.takings:
            yield from one.apart
        yield from self._told

    def _all(self) -> Iterator[Fate]:
        for one in self.takings:
            yield from one.still
            for part in one.fresh:
                yield from self._new(part)
        yield from self.told()

    def _new(self, part: Fresh) -> Iterator[Fate]:
        odd = self._odd.get((part.office, part.sheet), _NOWHERE)
        for at, (number, name, key) in enumerate(zip(*part.short, strict=True)):
            if at not in odd:
                yield Fate(part.office, part.sheet, number, key, name, MERGED, ADDED)
