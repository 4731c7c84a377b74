"""The three-way merge of returns into the master: row by row, field by field, nothing lost, nothing guessed.

The result is a function of the master and the *set* of returns, so their order cannot
matter and a return merged twice changes nothing. What two sides changed differently
stays in the master as it was, and is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import cache, cached_property

from workbook.book import fold
from workbook.exchange.added import Added, Fates
from workbook.exchange.matching import Matcher
from workbook.exchange.newcomers import doubtful, renumberings
from workbook.exchange.numbering import referring
from workbook.exchange.offered import Offered, line
from workbook.exchange.outcome import (
    CONFLICT,
    DELETED,
    KEEP,
    LEAVE,
    MERGED,
    TAKE,
    UNCHANGED,
    Choice,
    Choices,
    Conflict,
    Fate,
    Merged,
    Place,
    Proposal,
    Renumbered,
    Return,
    chosen,
    with_values,
)
from workbook.exchange.packing import Packed
from workbook.exchange.sides import OFFICE_COLUMNS, SHARED_SHEETS, Reader, Row, Side
from workbook.exchange.taking import Taking, taken
from workbook.raw import RawValue

Fated = dict[str, tuple[str, str]]
"""Fate and reason by office."""
_BY_CHOICE = "按裁决"


def merge(ledger: str, master: Side, returns: Sequence[Return | Packed | Taking], reader: Reader,
          choices: Choices | None = None, retired: Collection[tuple[str, str]] = ()) -> Merged:
    """Merge the returns, at most one an office, into the master (`ledger` is its id); one is unpacked at a time.

    A return may be told apart already, beside this master. `choices` settle conflicts; `retired` are (sheet, 编号)
    that no new row gets.
    """
    merging = _Merging(master, reader, choices or {}, retired)
    for one in sorted(returns, key=lambda one: one.office):
        merging.take(one if isinstance(one, Taking) else told_apart(ledger, one, merging.master.keys(), reader))
    return merging.settled()


def told_apart(ledger: str, one: Return | Packed, held: Collection[Place], reader: Reader) -> Taking:
    """A return row by row, beside a master that holds these rows."""
    back = one.unpacked() if isinstance(one, Packed) else one
    return taken(back, Matcher(ledger, back.office, held, reader).match(back.base, back.theirs), reader)


class _Merging:
    def __init__(self, master: Side, reader: Reader, choices: Choices, retired: Collection[tuple[str, str]]) -> None:
        self.side, self.reader, self.choices, self.retired = master, reader, choices, retired
        self.master = {(sheet, row.id): row for sheet, rows in master.items() for row in rows if row.id}
        self.takings: dict[str, Taking] = {}
        self.offered: dict[Place, Offered] = {}
        self.pending: list[Fate] = []
        self.values: dict[tuple[str, str, str], RawValue] = {}
        self.by: dict[tuple[str, str, str], str] = {}
        self.restored: list[Row] = []
        self.deleted: list[Place] = []
        self.conflicts: list[Conflict] = []
        self.decided: list[Conflict] = []
        self.fates: list[Fate] = []

    def take(self, one: Taking) -> None:
        """Put what a return proposes for rows that were sent beside what others do."""
        self.takings[one.office] = one
        for fate, base, theirs, titles in one.offers:
            offered = self.offered.setdefault((base.sheet, base.id), Offered(base))
            self.pending.append(fate)
            if theirs is None:
                offered.deleted_by.append(one.office)
                offered.guessed |= one.guessed
                continue
            for title in titles:
                offered.cells[title].append(Proposal(one.office, theirs.values.get(title)))

    def settled(self) -> Merged:
        """Decide every row once all returns have been taken."""
        decided = {place: self._decide(place, offered) for place, offered in self.offered.items()}
        for one in self.pending:
            fate, reason = decided[one.sheet, one.id].get(one.office, (UNCHANGED, ""))
            self.fates.append(one._replace(fate=fate, reason=reason or one.reason))
        odd, added, renumbered = self._added()
        self._follow(renumbered)
        return Merged(self.values, added, tuple(self.deleted), tuple(self.conflicts), tuple(self.decided),
                      Fates([*self.takings.values()], self.fates, odd), tuple(renumbered))

    # rows that were sent

    def _decide(self, place: Place, offered: Offered) -> Fated:
        """The fate of one sent row, by office; offices not named have it unchanged."""
        ours = self.master.get(place)
        if offered.deleted_by:
            return self._decide_deletion(place, offered, ours)
        if ours is None:
            return self._decide_gone(offered) if offered.cells else {}
        return self._decide_cells(place, ours, offered)

    def _decide_cells(self, place: Place, ours: Row, offered: Offered) -> Fated:
        fates: Fated = {}
        for title, proposals in sorted(offered.cells.items()):
            for office, fate in self._decide_cell(place, ours, offered.base, title, proposals).items():
                if fates.get(office, ("",))[0] != CONFLICT:
                    fates[office] = fate
        return fates

    def _decide_cell(self, place: Place, ours: Row, base: Row, title: str, proposals: list[Proposal]) -> Fated:
        mine, sent, first = ours.values.get(title), base.values.get(title), proposals[0].value
        same = all(self._same(place[0], title, one.value, first) for one in proposals)
        if same and self._same(place[0], title, mine, first):
            return {}
        reason, choice = self._why_not(ours, base, title, proposals, same), None
        if reason:
            conflict = Conflict(*place, ours.key, title, sent, mine, tuple(proposals), reason)
            choice = self._settle(conflict)
            if choice is None:
                return dict.fromkeys([one.office for one in proposals], (CONFLICT, reason))
        self.values[*place, title] = choice.value if choice else first
        self.by[*place, title] = proposals[0].office
        return dict.fromkeys([one.office for one in proposals], (MERGED, _BY_CHOICE if choice else ""))

    def _why_not(self, ours: Row, base: Row, title: str, proposals: list[Proposal], same: bool) -> str:
        """Why a person must decide about a cell; nothing where it simply goes in."""
        if title == OFFICE_COLUMNS[base.sheet]:
            return f"改了“{title}”"
        if not same:
            return "几个单位填的不一样"
        if ours.office and any(fold(one.office) != ours.office for one in proposals):
            return "这一行已经不归本单位"
        if not self._same(base.sheet, title, ours.values.get(title), base.values.get(title)):
            return "主台账和退回的表都改过"
        return ""

    def _decide_gone(self, offered: Offered) -> Fated:
        """The master has deleted a row that returns changed."""
        base, offices = offered.base, offered.editors
        edits = {title: cell[0].value for title, cell in offered.cells.items()}
        reason = "主台账已删除这一行，退回的表里改了它"
        said = [Proposal(office, offered.told(office)) for office in offices]
        choice = self._settle(Conflict(base.sheet, base.id, base.key, "", base.key, DELETED, tuple(said), reason))
        if choice and choice.value == KEEP:
            self.restored.append(with_values(base, edits))
            return dict.fromkeys(offices, (MERGED, _BY_CHOICE))
        return dict.fromkeys(offices, (UNCHANGED, _BY_CHOICE) if choice else (CONFLICT, reason))

    def _decide_deletion(self, place: Place, offered: Offered, ours: Row | None) -> Fated:
        base, editors = offered.base, offered.editors
        if ours is None:
            return self._decide_gone(offered) if editors else {}
        reason = self._why_not_delete(offered, ours)
        if reason:
            offices = sorted({*offered.deleted_by, *editors})
            said = [Proposal(one, DELETED if one in offered.deleted_by else offered.told(one)) for one in offices]
            choice = self._settle(Conflict(*place, base.key, "", base.key, ours.key, tuple(said), reason))
            if choice is None:
                return dict.fromkeys(offices, (CONFLICT, reason))
            if choice.value == KEEP:
                return dict.fromkeys(offices, (MERGED, _BY_CHOICE)) | self._decide_cells(place, ours, offered)
        self.deleted.append(place)
        done = f"{DELETED}（{_BY_CHOICE}）" if reason else DELETED
        return dict.fromkeys((*offered.deleted_by, *editors), (MERGED, done))

    def _why_not_delete(self, offered: Offered, ours: Row) -> str:
        base = offered.base
        if base.sheet in SHARED_SHEETS and not base.office:
            return "共用的行不能由一个单位删除"
        if offered.editors or self.reader.changed(base, ours):
            return "一边删除，一边修改"
        if offered.guessed:
            return "退回的表里没有这一行，不知道下发时有没有"
        return ""

    # rows that are new

    def _added(self) -> tuple[dict[Place, set[int]], Added, list[Renumbered]]:
        """The new rows, but those that a person must decide about; a taken 编号 is renumbered."""
        fresh = [part for one in self.takings.values() for part in one.fresh]
        odd: dict[Place, set[int]] = defaultdict(set)
        left: dict[Place, set[int]] = defaultdict(set)
        sheets = {sheet for sheet, _ in self.master}
        for part, at, row, reason in doubtful(fresh, self.master, sheets):
            odd[part.office, part.sheet].add(at)
            if not self._comes_in(part.office, row, reason):
                left[part.office, part.sheet].add(at)
        given = {(sheet, fold(value)) for (sheet, _, title), value in self.values.items() if title == "编号" and value}
        renumbered = renumberings(fresh, left, self.takings.values(), self.side, given.union(self.retired))
        return odd, Added(self.restored, fresh, left, renumbered, self._known), renumbered

    def _comes_in(self, office: str, row: Row, reason: str) -> bool:
        """Whether a new row comes in after all; without a reason it is there already."""
        if not reason:
            self._fate(office, row, UNCHANGED, "")
            return False
        said = (Proposal(office, line(row)),)
        choice = self._settle(Conflict(row.sheet, row.id, row.key, "", None, None, said, reason))
        if not choice:
            self._fate(office, row, CONFLICT, reason)
        else:
            self._fate(office, row, UNCHANGED if choice.value == LEAVE else MERGED, _BY_CHOICE)
        return choice is not None and choice.value == TAKE

    @cached_property
    def _known(self) -> Callable[[str], frozenset[tuple[str, str]]]:
        return cache(lambda office: self.takings[office].known)

    def _follow(self, renumbered: list[Renumbered]) -> None:
        """What an office wrote of its own renumbered rows names them by the new 编号."""
        for place, office in self.by.items() if renumbered else ():
            self.values[place] = referring(place[0], place[2], self.values[place],
                                           [one for one in renumbered if one.office == office], self._known(office))

    # saying

    def _same(self, sheet: str, title: str, one: RawValue, other: RawValue) -> bool:
        return self.reader.same(sheet, title, one, other)

    def _settle(self, conflict: Conflict) -> Choice | None:
        """How a person settled it; where nobody has, it waits."""
        choice = chosen(conflict, self.choices.get(conflict.digest(self.reader))) if self.choices else None
        if choice:
            self.decided.append(conflict._replace(chosen=choice.word))
        else:
            self.conflicts.append(conflict)
        return choice

    def _fate(self, office: str, row: Row, fate: str, reason: str) -> None:
        self.fates.append(Fate(office, row.sheet, row.number, row.key, row.id, fate, reason))

