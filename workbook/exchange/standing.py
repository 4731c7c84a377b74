"""What a later merge must know of the earlier ones: the master before any return, and the returns so far.

A later run begins at the same ground with all returns again, so that it does not matter in
how many runs they come. What the coordinator changed since is put into the ground, and for
that cell or row the merged returns count as what was sent: their values have been seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from workbook.book import fold
from workbook.disk.spool import Spool
from workbook.exchange.added import Added, Joined
from workbook.exchange.matching import Kind, Match, Matcher, rows_held
from workbook.exchange.outcome import Grown, Merged, Place, Return, with_values
from workbook.exchange.packing import Packed, packed
from workbook.exchange.sides import OFFICE_COLUMNS, Reader, Row, Side
from workbook.exchange.taking import Taking
from workbook.raw import RawValue

Touched = tuple[str, str, str]
"""Sheet, row id, column; column "" is the whole row."""


class Stored(NamedTuple):
    """A return as it was taken: `file` names its bytes, `age` orders the saves of one dispatch.

    `taking` is the same told apart beside what was sent and the master as it is, where somebody has done so.
    """

    file: str
    dispatch: str
    age: str
    held: Return | Packed
    taking: Taking | None = None

    @property
    def office(self) -> str:
        return self.held.office

    def kept(self, spool: Spool) -> Stored:
        """The same, its rows put away."""
        held = self.held if isinstance(self.held, Packed) else packed(self.held)
        return self._replace(held=held.kept(spool), taking=self.taking and self.taking.kept(spool))

    @property
    def back(self) -> Return:
        """The return itself; unpacked whenever it is asked for."""
        return self.held.unpacked() if isinstance(self.held, Packed) else self.held


class Standing(NamedTuple):
    """After a run: the ground, the result, the returns, and what still waits.

    `retired` are the (sheet, 编号) that the coordinator took from rows: nobody gets them again.
    """

    ledger: str
    ground: Side
    result: Side
    returns: tuple[Stored, ...] = ()
    open: frozenset[Touched] = frozenset()
    retired: frozenset[tuple[str, str]] = frozenset()


def standing(before: Standing, result: Side, returns: Iterable[Stored], merged: Merged) -> Standing:
    """What to keep of a run."""
    waiting = frozenset((one.sheet, one.id, one.column) for one in merged.conflicts)
    told = tuple(one._replace(taking=None) for one in returns)
    return before._replace(result=result, returns=told, open=waiting)


def carried(was: Standing, now: Side, reader: Reader) -> Standing:
    """The same with what the coordinator did since (`now` is the master as it is)."""
    changes = difference(was.result, now, reader)
    done = {*changes.values, *((sheet, name, "") for sheet, name in changes.deleted)}
    whole = {(sheet, name, "") for sheet, name, title in done if title in ("", OFFICE_COLUMNS[sheet])}
    gone = set(changes.deleted)
    waiting = frozenset(one for one in was.open if one not in done and one[:2] not in gone)
    keys = {(sheet, fold(row.key)) for (sheet, name), row in _by_id(was.result).items()
            if row.key and ((sheet, name) in gone or (sheet, name, "编号") in changes.values)}
    rebased = _rebased(was, now, reader, done | whole, waiting)
    return rebased._replace(ground=_with(rebased.ground, changes.added), retired=was.retired | keys)


def settled_down(was: Standing, now: Side, reader: Reader) -> Standing:
    """The same where a later dispatch sent out what was merged: the master as it is becomes the ground."""
    rows = {(*place, "") for side in (was.result, now) for place in _by_id(side)}
    return _rebased(was, now, reader, rows - was.open, was.open)._replace(ground=now)


class Difference(NamedTuple):
    """What makes one side of another."""

    values: dict[Touched, RawValue]
    added: Sequence[Row]
    deleted: tuple[Place, ...]


def difference(one: Side, other: Side, reader: Reader) -> Difference:
    """What changes by meaning from one side to the other; a sheet that the other has not is no change."""
    before, held = _by_id(one), dict[Place, Row]()
    added: list[Added] = []
    for sheet, rows in other.items():
        there, new = (rows.there, rows.new) if isinstance(rows, Grown) else (rows, None)
        held |= {(sheet, row.id): row for row in there if row.id}
        if new and any(place in before for place in new.places()):
            held |= {(sheet, row.id): row for row in new}
        elif new:
            added.append(new)
    values = {(*place, title): row.values.get(title) for place, row in held.items()
              if place in before for title in reader.changed(before[place], row)}
    plain = tuple(row for place, row in held.items() if place not in before)
    deleted = tuple(place for place in before if place not in held and place[0] in other)
    return Difference(values, Joined(plain, added) if added else plain, deleted)


def _rebased(was: Standing, now: Side, reader: Reader, touched: set[Touched], waiting: frozenset[Touched]) -> Standing:
    """These cells and rows as they are now in the ground, and as the returns have them in what was sent."""
    rows, ground = _by_id(now), {sheet: list(held) for sheet, held in was.ground.items()}
    at = {(sheet, row.id): place for sheet, held in ground.items() for place, row in enumerate(held) if row.id}
    columns: dict[Place, set[str]] = {}
    for sheet, name, title in touched:
        columns.setdefault((sheet, name), set()).add(title)
    for place, titles in columns.items():
        row = rows.get(place)
        if row and place in at:
            ground[place[0]][at[place]] = _taken(ground[place[0]][at[place]], row, titles, waiting)
        elif row:
            ground.setdefault(place[0], []).append(row)
    kept = {sheet: tuple(row for row in held if (sheet, row.id) not in columns or (sheet, row.id) in rows)
            for sheet, held in ground.items()}
    held = rows_held(was.ground)
    returns = tuple(_seen(one, columns, waiting, Matcher(was.ledger, one.office, held, reader))
                    for one in was.returns) if columns else was.returns
    return was._replace(ground=kept, returns=returns)


def _with(side: Side, added: Iterable[Row]) -> Side:
    sheets = {sheet: list(rows) for sheet, rows in side.items()}
    for row in added:
        sheets.setdefault(row.sheet, []).append(row)
    return {sheet: tuple(rows) for sheet, rows in sheets.items()}


def _taken(row: Row, other: Row, titles: set[str], waiting: frozenset[Touched]) -> Row:
    """A row with these cells of another, or all but those that wait."""
    if "" in titles:
        titles = {title for title in {*row.values, *other.values} if (row.sheet, row.id, title) not in waiting}
    return with_values(row, {title: other.values.get(title) for title in titles})


def _seen(one: Stored, columns: Mapping[Place, set[str]], waiting: frozenset[Touched], tell: Matcher) -> Stored:
    """A return whose values in these cells count as what its office was sent."""
    back = one.back
    base = {sheet: {row.id: row for row in rows} for sheet, rows in back.base.items()}
    for found in tell.match(back.base, back.theirs):
        titles = columns.get((found.row.sheet, found.row.id))
        if titles and (found.row.sheet, found.row.id, "") not in waiting:
            _see(base.setdefault(found.row.sheet, {}), found, titles, waiting)
    seen = back._replace(base={sheet: tuple(rows.values()) for sheet, rows in base.items()})
    return one._replace(held=packed(seen))


def _see(base: dict[str, Row], found: Match, titles: set[str], waiting: frozenset[Touched]) -> None:
    row = found.row
    if found.kind is Kind.NEW:
        base[row.id] = row
    elif found.kind is Kind.KNOWN and found.base:
        base[row.id] = _taken(found.base, row, titles, waiting)
    elif found.kind is Kind.MISSING and "" in titles:
        del base[row.id]


def _by_id(side: Side) -> dict[Place, Row]:
    return {(sheet, row.id): row for sheet, rows in side.items() for row in rows if row.id}


