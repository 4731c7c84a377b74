"""The wording of each cell in three versions: as printed, as the report reads now, as the ledger holds it now.

In the report's version every figure is its slot again, so that numbers never come back as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from templates.provenance.extents import JOINED, ORDER, SPLIT, Extents, Unplaced
from templates.provenance.located import Located, Spot, is_figure
from templates.provenance.manifest import Mark
from templates.provenance.slots_back import Segment, one_spelling, segments
from templates.provenance.status import Status
from templates.provenance.words import numbers

NO_SLOTS = "看不出哪些字由台账算出，请自己改台账"
NUMBERS = "改过的字里有对不上的数，请自己改台账"
INSIDE = "这几个字由台账算出，请改台账里的指标或活动"
PARTLY = "有一段找不到了，请自己改台账"
_SIDE = 4


class Wording(NamedTuple):
    """One cell's text: `cell` where it stands now, else where it stood; None where a side has it no more.

    `problem` says in Chinese why the report's version cannot be told, `printed` what the report says now.
    """

    cell: str
    column: str
    base: str
    report: str | None
    ledger: str | None
    status: Status
    problem: str = ""
    printed: str = ""
    row: str = ""


def wordings(located: Located, pairs: Mapping[str, Mark]) -> tuple[list[Wording], list[Unplaced]]:
    """Every cell that the report printed text of, in print order, and what no cell can take."""
    extents = Extents(located)
    cells: dict[str, list[Mark]] = {}
    for mark in extents.texts.values():
        cells.setdefault(mark.place or mark.cells[0], []).append(mark)
    inside: dict[str, list[Mark]] = {}
    for mark in located.manifest.marks:
        if is_figure(mark) and mark.place:
            inside.setdefault(mark.place, []).append(mark)
    return [_Cell(located, extents, marks, inside.get(place, [])).wording(pairs.get(marks[0].id))
            for place, marks in cells.items()], extents.unplaced


class _Problem(Exception):
    pass


class _Cell:
    """One cell with its printed pieces, a paragraph each, and the figures inside them."""

    def __init__(self, located: Located, extents: Extents, pieces: Sequence[Mark], figures: Sequence[Mark]) -> None:
        self.located = located
        self.pieces = pieces
        self.figures = figures
        self.spots = [extents.spots.get(mark.id) for mark in pieces]
        self.base = pieces[0].value

    def wording(self, ours: Mark | None) -> Wording:
        """The three versions held against each other."""
        problem, report, ledger = "", None, ours.value if ours else None
        try:
            report = self._report()
        except _Problem as error:
            problem = str(error)
        printed = "\n".join(self.located.text(spot) for spot in self.spots if spot)
        first, status = self.pieces[0], _status(self.base, report, ledger, problem)
        return Wording((ours or first).place or first.cells[0], first.column, self.base, report, ledger,
                       status, problem, printed, first.rows[0] if first.rows else "")

    def _report(self) -> str | None:
        """The cell's text as the report has it; None where it is gone. Raises _Problem."""
        there = [spot for spot in self.spots if spot]
        if not there:
            return None
        if any(mark.id in self.located.split for mark in self.pieces):
            raise _Problem(SPLIT)
        if len(there) < len(self.spots):
            raise _Problem(PARTLY)
        if len({spot.paragraph for spot in there}) < len(there):
            raise _Problem(JOINED)
        if there != sorted(there):
            raise _Problem(ORDER)
        if self._untouched(there):
            return self.base
        return self._with_slots(there)

    def _untouched(self, there: Sequence[Spot]) -> bool:
        """Whether the wording around the figures is the printed one."""
        return all(_around(mark.phrase, self._then(mark)) == _around(self.located.text(spot), self._now(mark, spot))
                   for mark, spot in zip(self.pieces, there, strict=True))

    def _then(self, piece: Mark) -> list[tuple[Mark, int, int]]:
        """The figures of a piece with their places in it when printed."""
        return [(mark, mark.start - piece.start, mark.end - piece.start) for mark in self.figures
                if mark.paragraph == piece.paragraph and piece.start <= mark.start and mark.end <= piece.end]

    def _now(self, piece: Mark, spot: Spot) -> list[tuple[Mark, int, int]]:
        """The same figures with their places in the piece now; those that are gone are left out."""
        found = []
        for mark, _, _ in self._then(piece):
            if mark.id in self.located.spots:
                here = self.located.whole(mark)
                if here.paragraph == spot.paragraph and spot.start <= here.start and here.end <= spot.end:
                    found.append((mark, here.start - spot.start, here.end - spot.start))
        return found

    def _with_slots(self, there: Sequence[Spot]) -> str:
        at, marks = 0, []
        for piece in self.pieces:
            marks += [(mark, start + at, end + at) for mark, start, end in self._then(piece)]
            at += len(piece.phrase) + 1
        printed = "\n".join(piece.phrase for piece in self.pieces)
        found = segments(self.base, printed, marks)
        if found is None:
            raise _Problem(NO_SLOTS)
        now, at = "\n".join(map(self.located.text, there)), 0
        places: dict[str, tuple[int, int]] = {}
        for piece, spot in zip(self.pieces, there, strict=True):
            places |= {mark.id: (start + at, end + at) for mark, start, end in self._now(piece, spot)}
            at += spot.end - spot.start + 1
        return _restored(printed, now, found, places, {mark.id: (start, end) for mark, start, end in marks})


def _restored(printed: str, now: str, found: Sequence[Segment], places: Mapping[str, tuple[int, int]],
              were: Mapping[str, tuple[int, int]]) -> str:
    """`now` with what each slot printed replaced by the slot. Raises _Problem."""
    text, at, lost = "", 0, False
    literals = [segment for segment in found if not segment.slot]
    for segment in (one for one in found if one.slot):
        reach = _reach(printed, now, segment, places, were, at) or _hole(printed, now, segment, at)
        if reach is None:
            lost = True
            continue
        if reach[0] < at:
            raise _Problem(ORDER)
        text += now[at:reach[0]] + segment.raw
        at = reach[1]
    text += now[at:]
    if lost and len(numbers(text)) > sum(len(numbers(one.raw)) for one in found):
        raise _Problem(NUMBERS)
    return text if literals or text.strip() else ""


def _reach(printed: str, now: str, segment: Segment, places: Mapping[str, tuple[int, int]],
           were: Mapping[str, tuple[int, int]], at: int) -> tuple[int, int] | None:
    """Where a slot's output stands now; None where all of it is gone. Raises _Problem."""
    here = [places[mark.id] for mark in segment.marks if mark.id in places]
    if not segment.marks:
        return _plain_reach(printed, now, segment, at)
    if not here:
        return None
    first, last = were[segment.marks[0].id][0], were[segment.marks[-1].id][1]
    head, tail = printed[segment.start:first], printed[last:segment.end]
    start, end = min(here)[0], max(here)[1]
    if len(here) == len(segment.marks):
        if not (now[:start].endswith(head) and now[end:].startswith(tail)):
            raise _Problem(INSIDE)
        between = _between(now, sorted(here)), _between(printed, sorted(were[mark.id] for mark in segment.marks))
        if between[0] != between[1]:
            raise _Problem(INSIDE)
        return start - len(head), end + len(tail)
    return start - (len(head) if now[:start].endswith(head) else 0), end


def _hole(printed: str, now: str, segment: Segment, at: int) -> tuple[int, int] | None:
    """Where only the figure was deleted and the words on both sides now touch: it stays a slot."""
    before, after = printed[max(0, segment.start - _SIDE):segment.start], printed[segment.end:segment.end + _SIDE]
    if len(before + after) <= _SIDE or now[at - len(before) if at >= len(before) else 0:].count(before + after) != 1:
        return None
    hole = now.index(before + after, max(0, at - len(before))) + len(before)
    return hole, hole


def _plain_reach(printed: str, now: str, segment: Segment, at: int) -> tuple[int, int]:
    """The same for a slot that printed words or nothing: found by them, or by the words before it."""
    words = printed[segment.start:segment.end]
    anchor = words or printed[max(0, segment.start - 6):segment.start]
    if now[at:].count(anchor) != 1:
        raise _Problem(INSIDE)
    start = now.index(anchor, at)
    return (start, start + len(words)) if words else (start + len(anchor),) * 2


def _between(text: str, places: Sequence[tuple[int, int]]) -> list[str]:
    return [text[one[1]:other[0]] for one, other in pairwise(places)]


def _around(text: str, figures: Sequence[tuple[Mark, int, int]]) -> str:
    """A text with its figures taken out for their ids."""
    done, at = "", 0
    for mark, start, end in sorted(figures, key=lambda one: one[1]):
        done += f"{text[at:start]}\0{mark.id}\0"
        at = max(at, end)
    return done + text[at:]


def _status(base: str, report: str | None, ledger: str | None, problem: str) -> Status:
    ours = ledger is None or one_spelling(ledger) != one_spelling(base)
    if report is None and not problem:
        return Status.SAME if ledger is None else Status.MISSING
    theirs = bool(problem) or one_spelling(report or "") != one_spelling(base)
    if theirs and ours and report is not None and ledger is not None and one_spelling(report) == one_spelling(ledger):
        return Status.SAME
    return {(False, False): Status.SAME, (True, False): Status.REPORT, (False, True): Status.LEDGER,
            (True, True): Status.BOTH}[theirs, ours]


def changed(texts: Sequence[Wording]) -> Iterator[Wording]:
    """Those whose wording differs anywhere."""
    return (one for one in texts if one.status is not Status.SAME)
