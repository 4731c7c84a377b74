"""Which row of a return is which row of what was sent: by id, then by 编号, never by place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from enum import Enum
from typing import NamedTuple

from workbook.book import fold
from workbook.exchange.sides import Reader, Row, Side
from workbook.identity import row_id


class Kind(Enum):
    """What a row of a return is."""

    KNOWN = "known"
    NEW = "new"
    COPY = "copy"
    MISSING = "missing"
    FOREIGN = "foreign"
    NO_FACT = "no fact"


class Match(NamedTuple):
    """A row of a return, under its id, beside the row that was sent; `theirs` is None where it is missing."""

    kind: Kind
    theirs: Row | None
    base: Row | None

    @property
    def row(self) -> Row:
        row = self.theirs or self.base
        assert row is not None
        return row


class Matcher(NamedTuple):
    """How the rows of one office are told; `held` are the (sheet, id) of all rows of the master."""

    ledger: str
    office: str
    held: Collection[tuple[str, str]]
    reader: Reader

    def match(self, base: Side, theirs: Side) -> list[Match]:
        """Every row of a return, and every base row missing from a sheet that is there.

        A row of the master that was not sent is foreign.
        """
        return [found for sheet, rows in theirs.items() for found in self._sheet(base.get(sheet, ()), rows)]

    def _sheet(self, base: Sequence[Row], rows: Sequence[Row]) -> list[Match]:
        sent = {row.id: row for row in base if row.id}
        by_id: dict[str, list[Row]] = defaultdict(list)
        blank = [row for row in rows if not row.id]
        for row in rows:
            if row.id:
                by_id[row.id].append(row)
        matches = [found for name, held in by_id.items() for found in self._of_one_id(sent.get(name), held)]
        copies = [found.row for found in matches if found.kind is Kind.NEW and not found.row.id]
        matches = [found for found in matches if found.kind is not Kind.NEW or found.row.id]
        used = {found.base.id for found in matches if found.base}
        matches += self._without_id(blank, copies, sent, used)
        there = {found.base.id for found in matches if found.base}
        return matches + [Match(Kind.MISSING, None, row) for name, row in sent.items() if name not in there]

    def _of_one_id(self, sent: Row | None, held: list[Row]) -> list[Match]:
        """The occurrence nearest to what was sent keeps the id; an edited copy is new, an exact copy is too many."""
        if sent is None and (held[0].sheet, held[0].id) in self.held:
            return [Match(Kind.FOREIGN, row, None) for row in held]
        kept = min(held, key=lambda row: (self.distance(sent, row), row.number)) if sent else held[0]
        matches = [self._new(kept)] if sent is None else [Match(Kind.KNOWN, kept, sent)]
        for row in held:
            if row is not kept:
                exact = self.distance(kept, row) == 0 or (sent is not None and self.distance(sent, row) == 0)
                matches.append(Match(Kind.COPY, row, None) if exact else self._new(row._replace(id="")))
        return matches

    def _without_id(self, blank: list[Row], copies: list[Row], sent: dict[str, Row], used: set[str]) -> list[Match]:
        """Rows that lost their id and copies: by what they say, where that was sent before; the lost also by a 编号
        that only one free row of those sent has. What is left is new, under an id made of what it says."""
        numbers: dict[str, list[str]] = defaultdict(list)
        for name, row in sent.items():
            if row.key:
                numbers[fold(row.key)].append(name)
        named = self._named([*blank, *copies])
        used = used | {row.id for row in named if row.id in sent}
        lost = {row.number for row in blank}
        matches = []
        for row in named:
            free = [name for name in numbers.get(fold(row.key), ()) if name not in used] if row.key else []
            if row.id in sent:
                matches.append(Match(Kind.KNOWN, row, sent[row.id]))
            elif len(free) == 1 and row.number in lost:
                used.add(free[0])
                matches.append(Match(Kind.KNOWN, row._replace(id=free[0]), sent[free[0]]))
            else:
                matches.append(self._new(row))
        return matches

    def _named(self, rows: list[Row]) -> list[Row]:
        """Rows under ids made of what they say, in the order of the sheet."""
        seen: dict[str, int] = defaultdict(int)
        named = []
        for row in sorted(rows, key=lambda row: row.number):
            said = self.reader.content(row)
            named.append(row._replace(id=row_id(self.ledger, row.sheet, f"{self.office}\0{said}", seen[said])))
            seen[said] += 1
        return named

    @staticmethod
    def _new(row: Row) -> Match:
        return Match(Kind.NEW if row.fact else Kind.NO_FACT, row, None)

    def distance(self, one: Row, other: Row) -> int:
        """In how many cells two rows differ."""
        return len(self.reader.changed(one, other))


def rows_held(side: Side) -> frozenset[tuple[str, str]]:
    """The (sheet, id) of every row."""
    return frozenset((sheet, row.id) for sheet, rows in side.items() for row in rows if row.id)
