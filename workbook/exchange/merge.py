"""The three-way merge of returns into the master: row by row, field by field, nothing lost, nothing guessed.

The result is a function of the master and the *set* of returns, so their order cannot
matter and a return merged twice changes nothing. What two sides changed differently
stays in the master as it was, and is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from workbook.book import fold
from workbook.exchange.matching import Kind, Match, Matcher
from workbook.exchange.numbering import numbered, referring
from workbook.exchange.offered import Offered, line
from workbook.exchange.outcome import (
    ADDED,
    CONFLICT,
    DELETED,
    KEEP,
    LEAVE,
    MERGED,
    SENT_BACK,
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
from workbook.raw import RawValue

Fated = dict[str, tuple[str, str]]
"""Fate and reason by office."""
_BY_CHOICE = "按裁决"
_NO_SHEET = "退回的表里没有这张工作表"
_BACK = {Kind.COPY: "和另一行完全一样", Kind.FOREIGN: "没有下发给本单位", Kind.NO_FACT: "不是事项（合计、分段或示例）"}
_NEW_REASONS = ("新增的行写的是别的股室", "和{others}新增的行像是同一件事")


def merge(ledger: str, master: Side, returns: Sequence[Return | Packed], reader: Reader,
          choices: Choices | None = None, retired: Collection[tuple[str, str]] = ()) -> Merged:
    """Merge the returns, at most one an office, into the master (`ledger` is its id); one is unpacked at a time.

    `choices` settle conflicts; `retired` are (sheet, 编号) that no new row gets.
    """
    merging = _Merging(ledger, master, reader, choices or {}, retired)
    for one in sorted(returns, key=lambda one: one.office):
        merging.take(one.unpacked() if isinstance(one, Packed) else one)
    return merging.settled()


class _Merging:
    def __init__(self, ledger: str, master: Side, reader: Reader, choices: Choices,
                 retired: Collection[tuple[str, str]]) -> None:
        self.retired = retired
        self.ledger, self.side, self.reader, self.choices = ledger, master, reader, choices
        self.master = {(sheet, row.id): row for sheet, rows in master.items() for row in rows if row.id}
        self.offered: dict[Place, Offered] = {}
        self.new: list[tuple[str, Row]] = []
        self.pending: list[Fate] = []
        self.keys: dict[str, set[tuple[str, str]]] = {}
        self.values: dict[tuple[str, str, str], RawValue] = {}
        self.by: dict[tuple[str, str, str], str] = {}
        self.restored: list[Row] = []
        self.deleted: list[Place] = []
        self.conflicts: list[Conflict] = []
        self.decided: list[Conflict] = []
        self.fates: list[Fate] = []

    def take(self, one: Return) -> None:
        """Sort the rows of a return into proposals, new rows and what needs no decision."""
        self.keys[one.office] = {(sheet, fold(row.key)) for sheet, rows in one.base.items() for row in rows}
        for found in Matcher(self.ledger, one.office, self.master.keys(), self.reader).match(one.base, one.theirs):
            if found.kind in (Kind.KNOWN, Kind.MISSING):
                undecided = _undecided(one.office, found)
                if self._changes(one, found):
                    self.pending.append(undecided)
                else:
                    self.fates.append(undecided._replace(fate=UNCHANGED))
            elif found.kind is Kind.NEW:
                self.new.append((one.office, found.row))
            else:
                self._fate(one.office, found.row, SENT_BACK, _BACK[found.kind])
        self.fates += [Fate(one.office, sheet, 0, row.key, row.id, UNCHANGED, _NO_SHEET)
                       for sheet, rows in one.base.items() if sheet not in one.theirs for row in rows]

    def _changes(self, one: Return, found: Match) -> bool:
        """Note what a return proposes for a row that was sent; whether it proposes anything."""
        assert found.base is not None
        titles = self.reader.changed(found.base, found.theirs) if found.theirs else [""]
        if not titles:
            return False
        offered = self.offered.setdefault((found.base.sheet, found.base.id), Offered(found.base))
        if found.theirs is None:
            offered.deleted_by.append(one.office)
            offered.guessed |= one.guessed
            return True
        for title in titles:
            offered.cells[title].append(Proposal(one.office, found.theirs.values.get(title)))
        return True

    def settled(self) -> Merged:
        """Decide every row once all returns have been taken."""
        decided = {place: self._decide(place, offered) for place, offered in self.offered.items()}
        for one in self.pending:
            fate, reason = decided[one.sheet, one.id].get(one.office, (UNCHANGED, ""))
            self.fates.append(one._replace(fate=fate, reason=reason or one.reason))
        added, renumbered = self._added()
        self._follow(renumbered)
        return Merged(self.values, (*self.restored, *added), tuple(self.deleted), tuple(self.conflicts),
                      tuple(self.decided), tuple(self.fates), tuple(renumbered))

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

    def _added(self) -> tuple[list[Row], list[Renumbered]]:
        """The new rows, but those that a person must decide about; a taken 编号 is renumbered."""
        named: dict[object, set[str]] = defaultdict(set)
        for office, row in self.new:
            named[self.reader.name(row)].add(office)
        fresh = []
        for office, row in self.new:
            if (row.sheet, row.id) in self.master:
                self._fate(office, row, UNCHANGED, "")
                continue
            reason = self._why_not_add(office, row, named)
            choice = self._settle(Conflict(row.sheet, row.id, row.key, "", None, None, (Proposal(office, line(row)),),
                                           reason)) if reason else Choice("", TAKE)
            if choice and choice.value == TAKE:
                fresh.append((office, row))
            if not choice:
                self._fate(office, row, CONFLICT, reason)
            elif choice.value == LEAVE:
                self._fate(office, row, UNCHANGED, _BY_CHOICE)
            else:
                self._fate(office, row, MERGED, _BY_CHOICE if reason else ADDED)
        taken = {(row.sheet, fold(row.key)) for rows in self.side.values() for row in rows if row.key}
        return numbered(fresh, taken.union(self.retired, *self.keys.values()), self.keys)

    def _why_not_add(self, office: str, row: Row, named: Mapping[object, set[str]]) -> str:
        if row.office not in ("", fold(office)):
            return _NEW_REASONS[0]
        others = named[name] - {office} if (name := self.reader.name(row)) else set()
        return _NEW_REASONS[1].format(others="、".join(sorted(others))) if others else ""

    def _follow(self, renumbered: list[Renumbered]) -> None:
        """What an office wrote of its own renumbered rows names them by the new 编号."""
        for place, office in self.by.items():
            self.values[place] = referring(place[0], place[2], self.values[place],
                                           [one for one in renumbered if one.office == office], self.keys[office])

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


def _undecided(office: str, found: Match) -> Fate:
    """A row whose fate hangs on what others want of it."""
    row, missing = found.row, found.theirs is None
    return Fate(office, row.sheet, 0 if missing else row.number, row.key, row.id, "", DELETED * missing)
