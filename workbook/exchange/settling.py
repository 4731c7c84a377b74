"""One run of the merge: which return of each office counts, what it makes of the master, what to remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.exchange.merge import merge
from workbook.exchange.outcome import SENT_BACK, Choices, Fate, Merged, Return, applied
from workbook.exchange.packing import packed
from workbook.exchange.sides import Reader, Side
from workbook.exchange.standing import Standing, Stored, carried, settled_down, standing

OLD = "比已经收到的旧，没有合入"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run gives: the master as it should be, how it came about, what to remember, what was too old."""

    target: Side
    merged: Merged
    kept: Standing
    stale: tuple[Stored, ...]


def run(ledger: str, now: Side, incoming: Sequence[Stored], reader: Reader, *, was: Standing | None = None,
        choices: Choices | None = None, order: Mapping[str, int] | None = None, by_receipt: bool = False) -> Run:
    """Merge what came in, in order of receipt, into the master as it is.

    `was`: what the last run left. `order`: the rank of each dispatch. `by_receipt`: an older save that was received
    before a newer one is replaced by it; otherwise, and where it comes later, it is stale.
    """
    before = carried(was, now, reader) if was else Standing(ledger, now, now)
    taken, stale, later = _chosen(before, incoming, order or {}, by_receipt=by_receipt)
    if later and was:
        fresh = {one.file: one for one in settled_down(was, now, reader).returns}
        taken = tuple(fresh.get(one.file, one) for one in taken)
        before = before._replace(ground=now)
    told = [one.taking or one.held if was is None else one.held for one in taken]
    merged = merge(ledger, before.ground, told, reader, choices, before.retired)
    target = applied(before.ground, merged)
    return Run(target, merged, standing(before, target, taken, merged), tuple(stale))


def sent_back(back: Return, reason: str) -> list[Fate]:
    """Every row of a return that is refused whole."""
    return [Fate(back.office, sheet, row.number, row.key, row.id, SENT_BACK, reason)
            for sheet, rows in back.theirs.items() for row in rows]


def _chosen(before: Standing, incoming: Sequence[Stored], order: Mapping[str, int], *, by_receipt: bool
            ) -> tuple[tuple[Stored, ...], list[Stored], bool]:
    """The return of each office that counts, those that are too old, whether one answers a later dispatch."""
    held = {one.office: one for one in before.returns}
    stale: list[Stored] = []
    later = False
    for office in dict.fromkeys(one.office for one in incoming):
        mine = [one for one in incoming if one.office == office]
        known = held.get(office)
        newest = max(mine, key=lambda one: (_age(one, order), mine.index(one)))
        if known is None or (newest.file != known.file and _age(newest, order) >= _age(known, order)):
            later |= known is not None and newest.dispatch != known.dispatch
            held[office] = _after(known, newest)
        stale += [one for one in mine if _too_old(one, held[office], known, mine, by_receipt=by_receipt)]
    return tuple(held[office] for office in sorted(held)), stale, later


def _after(known: Stored | None, newest: Stored) -> Stored:
    """A return beside what its office was sent, or, of the same dispatch, what of it was seen since."""
    if known is None or known.dispatch != newest.dispatch:
        return newest
    held = packed(newest.back._replace(base=known.back.base, guessed=known.back.guessed))
    return newest._replace(held=held, taking=None)


def _too_old(one: Stored, counts: Stored, known: Stored | None, mine: Sequence[Stored], *, by_receipt: bool) -> bool:
    if one.file == counts.file or (known and one.file == known.file):
        return False
    files = [other.file for other in mine]
    return not (by_receipt and counts.file in files and files.index(one.file) < files.index(counts.file))


def _age(one: Stored, order: Mapping[str, int]) -> tuple[int, str]:
    return order.get(one.dispatch, -1), one.age
