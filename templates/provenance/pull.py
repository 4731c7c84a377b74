"""Wording that was edited in the report, proposed back into the cells it came from; numbers never are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from templates.provenance.extents import Unplaced
from templates.provenance.slots_back import literal_text
from templates.provenance.status import Status
from templates.provenance.verify import Verdict, Verification
from templates.provenance.wording import Wording
from templates.provenance.words import numbers
from workbook.findings import Cell
from workbook.patching.grid import place

GONE = "整段从报告里删了；以后也不再写，就在台账里把“入报告”改成否，或清空这一格"
BOTH = "报告和台账都改了，改得不一样，请定一个"


class Change(NamedTuple):
    """A cell's text before and after; `numbers` are those typed into it, which no cell backs."""

    cell: str
    before: str
    after: str
    numbers: tuple[str, ...] = ()


class Conflict(NamedTuple):
    """A cell whose text cannot be settled by the program, in its three versions."""

    cell: str
    column: str
    base: str
    ours: str
    theirs: str
    reason: str


class Pulled(NamedTuple):
    """What may go into the ledger and what a person must settle; `figures` stay in their slots."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    figures: tuple[Verdict, ...]
    unplaced: tuple[Unplaced, ...]


def pull(checked: Verification) -> Pulled:
    """The report's wording as changes of cells."""
    changes, conflicts, gone = [], [], []
    for text in checked.texts:
        if text.status is Status.MISSING:
            gone.append(Unplaced(text.base, "", GONE))
        elif text.problem or text.status is Status.BOTH:
            conflicts.append(_conflict(text))
        elif text.status is Status.REPORT and text.report is not None:
            changes.append(Change(text.cell, text.ledger or "", text.report, _typed(text.base, text.report)))
    figures = [one for one in checked.figures if one.status in (Status.REPORT, Status.BOTH, Status.MISSING)]
    return Pulled(tuple(changes), tuple(conflicts), tuple(figures), (*checked.unplaced, *gone))


def cells_of(changes: Sequence[Change]) -> dict[Cell, str]:
    """The changes by cell, as a workbook is patched."""
    cells: dict[Cell, str] = {}
    for change in changes:
        sheet, _, reference = change.cell.rpartition("!")
        cells[Cell(sheet, *place(reference))] = change.after
    return cells


def _conflict(text: Wording) -> Conflict:
    theirs = text.report if text.report is not None else text.printed
    ours = "" if text.ledger is None else text.ledger
    gone = "台账里这段字已经没有了，报告里却改了" if text.ledger is None else ""
    return Conflict(text.cell, text.column, text.base, ours, theirs, text.problem or gone or BOTH)


def _typed(before: str, after: str) -> tuple[str, ...]:
    """The numbers that stand in a text now and did not before."""
    left = Counter(token.text for token in numbers(literal_text(after)))
    return tuple((left - Counter(token.text for token in numbers(literal_text(before)))).elements())
