"""What a merge takes and what it gives: returns, conflicts, the fate of every row, the balance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, overload

from workbook.exchange.sides import Reader, Row, Side
from workbook.raw import RawValue

if TYPE_CHECKING:
    from workbook.exchange.added import Added, Fates

MERGED, UNCHANGED, CONFLICT, SENT_BACK = "合入", "未变", "冲突", "退回"
DELETED, ADDED = "删除", "新增"
FATES = {MERGED: "merged", UNCHANGED: "unchanged", CONFLICT: "conflict", SENT_BACK: "sent_back"}
"""What can become of a row, and what the balance calls it."""
KEEP, DROP, TAKE, LEAVE = "保留", "删除", "收下", "不收"
"""How a conflict about a whole row is settled: of one that was sent, of one that is new."""
Place = tuple[str, str]
"""A sheet and a row id."""


class Return(NamedTuple):
    """What came back from one office; `base` is what it was sent.

    `guessed`: nobody knows what it was sent, so that a missing row may be none that it deleted.
    """

    office: str
    base: Side
    theirs: Side
    guessed: bool = False


class Proposal(NamedTuple):
    """One office's value of one cell."""

    office: str
    value: RawValue


class Conflict(NamedTuple):
    """One cell, or with column "" one row, that a person must settle or (`chosen`) has settled."""

    sheet: str
    id: str
    key: str
    column: str
    base: RawValue
    ours: RawValue
    theirs: tuple[Proposal, ...]
    reason: str
    chosen: str = ""

    def digest(self, reader: Reader) -> str:
        """What names the conflict as long as what was sent and what came back say the same."""
        told = [self.sheet, self.id, self.column, str(reader.meaning(self.sheet, self.column, self.base))]
        told += [f"{one.office}={reader.meaning(self.sheet, self.column, one.value)}" for one in self.theirs]
        return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Choice(NamedTuple):
    """How a person settled a conflict: `word` as written; the value, or for a row one of KEEP, DROP, TAKE, LEAVE."""

    word: str
    value: RawValue


Choices = Mapping[str, RawValue]
"""What a person wrote, by the digest of the conflict."""
OURS, SENT, BLANK = "用主台账的", "用下发时的", "（空）"


def words_for(conflict: Conflict) -> tuple[str, ...]:
    """What a person may write to settle a conflict; of a cell any value besides."""
    if not conflict.column:
        return (TAKE, LEAVE) if conflict.base is None else (KEEP, DROP)
    return (OURS, SENT, *(f"用{one.office}的" for one in conflict.theirs))


def chosen(conflict: Conflict, written: RawValue) -> Choice | None:
    """What was chosen; None where nothing was, or for a row something else than its words."""
    word = str(written).strip() if written is not None else ""
    if not word or (not conflict.column and word not in words_for(conflict)):
        return None
    if not conflict.column:
        return Choice(word, word)
    values = {OURS: conflict.ours, SENT: conflict.base, BLANK: None}
    values |= {f"用{one.office}的": one.value for one in conflict.theirs}
    return Choice(word, values.get(word, written))


class Fate(NamedTuple):
    """What became of one row of a return; `number` is its row there, 0 where it is missing from it."""

    office: str
    sheet: str
    number: int
    key: str
    id: str
    fate: str
    reason: str


class Renumbered(NamedTuple):
    """A new row whose 编号 was taken."""

    office: str
    sheet: str
    id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What is to be written into the master, what was decided about each row, what waits and what was settled."""

    values: dict[tuple[str, str, str], RawValue]
    added: Added
    deleted: tuple[Place, ...]
    conflicts: tuple[Conflict, ...]
    settled: tuple[Conflict, ...]
    fates: Fates
    renumbered: tuple[Renumbered, ...]


Balance = dict[str, dict[str, int]]
"""Per office: rows returned, and how many of each fate; the four add up to the first."""


def count(offices: Balance, office: str, fate: str, number: int = 1) -> None:
    """Enter so many rows into a balance."""
    if number:
        counts = offices.setdefault(office, dict.fromkeys(("returned", *FATES.values()), 0))
        counts["returned"] += number
        counts[FATES[fate]] += number


class Grown(Sequence[Row]):
    """Rows of a sheet: those that were there, as they are now, then new ones."""

    def __init__(self, there: Sequence[Row], new: Added) -> None:
        self.there, self.new = there, new

    def __len__(self) -> int:
        return len(self.there) + len(self.new)

    def __iter__(self) -> Iterator[Row]:
        return chain(self.there, self.new)

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        return tuple(self)[at]


def applied(master: Side, merged: Merged) -> Side:
    """The master with a merge written into it; new rows come last, a sheet that was not there is there."""
    values: dict[Place, dict[str, RawValue]] = {}
    for (sheet, name, title), value in merged.values.items():
        values.setdefault((sheet, name), {})[title] = value
    deleted, sheets = set(merged.deleted), dict[str, Sequence[Row]]()
    for sheet, rows in master.items():
        kept = [row for row in rows if not row.id or (sheet, row.id) not in deleted]
        sheets[sheet] = tuple(with_values(row, values.get((sheet, row.id), {})) if row.id else row for row in kept)
    for sheet in merged.added.sheets:
        sheets[sheet] = Grown(sheets.get(sheet, ()), merged.added.of(sheet))
    return sheets


def with_values(row: Row, values: Mapping[str, RawValue]) -> Row:
    """The row with these values in its cells; None clears one."""
    if not values:
        return row
    now = {title: value for title, value in {**row.values, **values}.items() if value not in (None, "")}
    key = str(values.get("编号") or row.key) if "编号" in values else row.key
    columns = None if row.columns is None else row.columns.union(values)
    return row._replace(values=now, key=key, columns=columns)
