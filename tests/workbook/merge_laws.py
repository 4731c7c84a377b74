"""The laws of the merge, each over one history: what must hold whatever the offices and the coordinator did."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from tests.workbook.histories import MASTER, OFFICES, READER, History, rows_of, sent_to
from workbook.exchange.memory import remembered, written
from workbook.exchange.merge import merge
from workbook.exchange.outcome import (
    CONFLICT,
    DELETED,
    FATES,
    MERGED,
    SENT_BACK,
    UNCHANGED,
    Fate,
    Merged,
    Place,
    Return,
    applied,
    words_for,
)
from workbook.exchange.settling import Run, run
from workbook.exchange.sides import OFFICE_COLUMNS, Row, Side
from workbook.exchange.standing import Stored, difference

Law = Callable[[History, random.Random], None]
NOTHING: tuple[dict[object, object], tuple[()], tuple[()]] = ({}, (), ())


def stored(back: Return, age: str = "1", dispatch: str = "D1") -> Stored:
    return Stored(f"{back.office}{age}{dispatch}", dispatch, age, back)


def runs(*batches: Sequence[Stored], now: Side = MASTER) -> list[Run]:
    """One run after another, each with the result of the one before, which went through its file."""
    made: list[Run] = []
    for batch in batches:
        was = remembered(written(made[-1].kept).read()) if made else None
        made.append(run("T", made[-1].target if made else now, batch, READER, was=was))
    return made


def merged_with(history: History) -> Merged:
    return merge("T", history.now, history.returns, READER)


def by_place(one: Side) -> dict[Place, Row]:
    return {(row.sheet, row.id): row for row in rows_of(one)}


def plain(one: Side) -> dict[Place, object]:
    """A side by what it says."""
    return {place: sorted((title, repr(READER.meaning(row.sheet, title, value)))
                          for title, value in row.values.items()) for place, row in by_place(one).items()}


def outcome(merged: Merged) -> tuple[object, ...]:
    return (merged.values, sorted(map(repr, merged.added)), sorted(merged.deleted),
            sorted(map(repr, merged.conflicts)), sorted(map(repr, merged.fates)))


def same(sheet: str, title: str, one: Row | None, other: Row | None) -> bool:
    values = [row.values.get(title) if row else None for row in (one, other)]
    return READER.same(sheet, title, *values)


def every_row_has_one_fate(history: History, _: random.Random) -> None:
    """Rows of the return and base rows missing from it, each once; no row that is neither."""
    merged = merged_with(history)
    fates, counted = list(merged.fates), merged.fates.counts()
    for back in history.returns:
        mine = [one for one in fates if one.office == back.office]
        counts = Counter(FATES[one.fate] for one in mine)
        assert counted.get(back.office, {}) == ({name: counts[name] for name in FATES.values()}
                                                | {"returned": len(mine)} if mine else {})
        came = Counter((row.sheet, row.number) for row in rows_of(back.theirs))
        assert Counter((one.sheet, one.number) for one in mine if one.number) == came
        known = Counter((one.sheet, one.id) for one in mine if one.fate != SENT_BACK)
        assert {place: known[place] for place in by_place(back.base)} == dict.fromkeys(by_place(back.base), 1)
        assert all((one.sheet, one.id) in by_place(back.base) for one in mine if not one.number)
    assert {one.fate for one in fates} <= {MERGED, UNCHANGED, CONFLICT, SENT_BACK}
    assert {one.office for one in fates} <= set(OFFICES)


def what_an_office_changed_is_there_or_waits(history: History, _: random.Random) -> None:
    """Every cell an office changed stands in the merged master, or waits as a conflict of just that place."""
    merged = merged_with(history)
    after = by_place(applied(history.now, merged))
    waiting = {(one.sheet, one.id, one.column) for one in merged.conflicts}
    renumbered = {(one.sheet, one.id) for one in merged.renumbered}
    for one, row, base in _came(history, merged):
        place = one.sheet, one.id
        if one.fate == SENT_BACK or (*place, "") in waiting:
            continue
        for title in READER.changed(base, row) if base else row.values:
            if (*place, title) not in waiting and not (title == "编号" and place in renumbered):
                assert same(one.sheet, title, row, after[place]), (one, title)


def _came(history: History, merged: Merged) -> list[tuple[Fate, Row, Row | None]]:
    """Every fate of a row that came, with the row and what was sent of it."""
    rows = {(back.office, row.sheet, row.number): row for back in history.returns for row in rows_of(back.theirs)}
    bases = {back.office: by_place(back.base) for back in history.returns}
    return [(one, rows[one.office, one.sheet, one.number], bases[one.office].get((one.sheet, one.id)))
            for one in merged.fates if one.number]


def what_is_sent_back_is_there_already(history: History, _: random.Random) -> None:
    """Only an exact copy, a row of another office, or one that is no fact is sent back."""
    merged = merged_with(history)
    held = by_place(history.now)
    for one, row, base in _came(history, merged):
        if one.fate != SENT_BACK or not row.fact:
            assert one.fate == SENT_BACK or row.fact, one
        elif base:
            twins = [other for back in history.returns if back.office == one.office
                     for other in (*rows_of(back.theirs), base) if other.id == row.id and other is not row]
            assert any(not READER.changed(other, row) for other in twins), one
        else:
            assert (row.sheet, row.id) in held, one


def what_is_said_is_what_was_done(history: History, _: random.Random) -> None:
    """合入 changed something or said the same as another; 未变 did not; 冲突 waits; a deletion is gone."""
    merged = merged_with(history)
    after, waiting = by_place(applied(history.now, merged)), {(one.sheet, one.id) for one in merged.conflicts}
    for one in merged.fates:
        place = one.sheet, one.id
        assert (one.fate == CONFLICT) <= (place in waiting), one
        if one.fate == MERGED:
            assert (place in after) == (not one.reason.startswith(DELETED)), one
            assert place not in history_rows(history) or place not in after or (
                READER.changed(history_rows(history)[place], after[place])), one
    for conflict in merged.conflicts:
        told = {one.office for one in merged.fates if (one.sheet, one.id) == (conflict.sheet, conflict.id)
                and one.fate == CONFLICT}
        assert {one.office for one in conflict.theirs} <= told, conflict


def history_rows(history: History) -> Mapping[Place, Row]:
    return by_place(history.now)


def what_the_coordinator_did_stays(history: History, _: random.Random) -> None:
    """What the coordinator changed, added or deleted since the dispatch is as they left it."""
    after = by_place(applied(history.now, merged_with(history)))
    for place, row in history_rows(history).items():
        base = by_place(MASTER).get(place)
        changed = READER.changed(base, row) if base else list(row.values)
        assert all(place in after and same(row.sheet, title, row, after[place]) for title in changed), place
    assert not [place for place in by_place(MASTER) if place in after and place not in history_rows(history)]


def what_nobody_touched_stays(history: History, _: random.Random) -> None:
    """A row that no office changed or deleted, a cell that no office changed, is as it was; the order too."""
    merged = merged_with(history)
    after = applied(history.now, merged)
    said = plain(after)
    touched = {(one.sheet, one.id) for one in merged.fates if one.fate in (MERGED, CONFLICT)}
    for place, told in plain(history.now).items():
        assert place in touched or said[place] == told, place
    for sheet, rows in history.now.items():
        kept = [row.id for row in after[sheet] if (sheet, row.id) in history_rows(history)]
        assert kept == [row.id for row in rows if row.id in kept]
    assert not {place[:2] for place in merged.values} - set(history_rows(history))
    assert not [place for place in merged.values if place[2] == OFFICE_COLUMNS[place[0]]]  # no office hands a row over


def a_deleted_row_was_deleted(history: History, _: random.Random) -> None:
    """Only rows go that an office deleted, that nobody changed, and that are one office's own."""
    merged = merged_with(history)
    gone = by_place(history.now).keys() - by_place(applied(history.now, merged)).keys()
    assert gone == set(merged.deleted)
    for place in gone:
        base = by_place(MASTER)[place]
        lacking = [back for back in history.returns if place in by_place(back.base) and place[0] in back.theirs
                   and any(one.office == back.office and (one.sheet, one.id, one.number) == (*place, 0)
                           for one in merged.fates)]
        assert lacking
        assert not any(back.guessed for back in lacking)
        assert base.sheet != "指标" or base.office
        assert not READER.changed(base, history_rows(history)[place])


def new_rows_have_an_id_and_a_number_of_their_own(history: History, _: random.Random) -> None:
    merged = merged_with(history)
    after = rows_of(applied(history.now, merged))
    assert Counter((row.sheet, row.id) for row in after).most_common(1)[0][1] == 1
    numbers = Counter((row.sheet, row.key) for row in after if row.key)
    assert [row.key for row in merged.added if row.key and numbers[row.sheet, row.key] > 1] == []


def a_new_row_that_two_offices_sent_waits(history: History, _: random.Random) -> None:
    """The same date, name and type from two offices: neither goes in by itself."""
    merged = merged_with(history)
    names = Counter(READER.name(row) for row in merged.added if row.id not in {one.id for one in rows_of(MASTER)})
    senders: dict[object, set[str]] = {}
    for one, row, base in _came(history, merged):
        if base is None and one.fate in (MERGED, CONFLICT):
            senders.setdefault(READER.name(row), set()).add(one.office)
    assert not [name for name in names if name is not None and len(senders.get(name, ())) > 1]


def the_order_of_returns_does_not_matter(history: History, chance: random.Random) -> None:
    shuffled = chance.sample(history.returns, len(history.returns))
    assert outcome(merged_with(history._replace(returns=tuple(shuffled)))) == outcome(merged_with(history))


def one_run_or_several_is_the_same(history: History, chance: random.Random) -> None:
    """Any order, any partition into runs, through the file that a run leaves."""
    shuffled = [stored(one) for one in chance.sample(history.returns, len(history.returns))]
    cut = sorted(chance.choices(range(len(shuffled) + 1), k=2))
    several = runs(shuffled[:cut[0]], shuffled[cut[0]:cut[1]], shuffled[cut[1]:], now=history.now)[-1]
    at_once, = runs([stored(one) for one in history.returns], now=history.now)
    assert plain(several.target) == plain(at_once.target)
    for told in (Merged.conflicts, Merged.fates, Merged.renumbered):
        assert sorted(map(repr, told.__get__(several.merged))) == sorted(map(repr, told.__get__(at_once.merged)))


def merging_again_changes_nothing(history: History, _: random.Random) -> None:
    batch = [stored(one) for one in history.returns]
    first, again = runs(batch, batch, now=history.now)
    assert difference(first.target, again.target, READER) == NOTHING
    assert sorted(map(repr, again.merged.fates)) == sorted(map(repr, first.merged.fates))
    assert sorted(map(repr, again.merged.conflicts)) == sorted(map(repr, first.merged.conflicts))


def its_own_output_merged_changes_nothing(history: History, _: random.Random) -> None:
    """The merged master sent out anew and returned as it is."""
    first, = runs([stored(one) for one in history.returns], now=history.now)
    back = [Return(office, own, own) for office in OFFICES for own in [sent_to(office, first.target)]]
    merged = merge("T", first.target, back, READER)
    assert (merged.values, [*merged.added], merged.deleted, merged.conflicts) == ({}, [], (), ())
    order = {"D1": 0, "D2": 1}
    later = run("T", first.target, [stored(one, "1", "D2") for one in back], READER, was=first.kept, order=order)
    assert difference(first.target, later.target, READER) == NOTHING


def an_unchanged_return_changes_nothing(history: History, chance: random.Random) -> None:
    """Whoever else sent what: with it or without, the same master, and all of it unchanged."""
    office = chance.choice(OFFICES)
    others = tuple(one for one in history.returns if one.office != office)
    untouched = Return(office, sent_to(office), sent_to(office))
    merged = merged_with(history._replace(returns=(*others, untouched)))
    without = merged_with(history._replace(returns=others))
    with_it, without_it = (plain(_unnumbered(history, one)) for one in (merged, without))
    assert with_it == without_it
    assert {one.fate for one in merged.fates if one.office == office} == {UNCHANGED}


def _unnumbered(history: History, merged: Merged) -> Side:
    """The merged master, its new rows without the 编号 that they were given beside those that others were sent."""
    held = history_rows(history)
    return {sheet: tuple(row if (sheet, row.id) in held else row._replace(
        values={title: value for title, value in row.values.items() if title != "编号"}) for row in rows)
        for sheet, rows in applied(history.now, merged).items()}


def what_both_sides_did_alike_is_no_conflict(history: History, chance: random.Random) -> None:
    """merge(base, a, a) = a."""
    office = chance.choice(OFFICES)
    theirs = {sheet: tuple(row for row in rows if (sheet, row.id) in by_place(sent_to(office)))
              for sheet, rows in history.now.items()}
    merged = merge("T", history.now, [Return(office, sent_to(office), theirs)], READER)
    assert (merged.values, [*merged.added], merged.deleted, merged.conflicts) == ({}, [], (), ())


def every_conflict_can_be_settled(history: History, chance: random.Random) -> None:
    """Any word offered settles it, it stays settled, and what was chosen is in the master."""
    batch = [stored(one) for one in history.returns]
    first, = runs(batch, now=history.now)
    words = {one.digest(READER): chance.choice(words_for(one)) for one in first.merged.conflicts}
    settled = run("T", first.target, batch, READER, was=first.kept, choices=words)
    assert len(settled.merged.settled) >= len(first.merged.conflicts)
    again = run("T", settled.target, batch, READER, was=settled.kept, choices=words)
    assert difference(settled.target, again.target, READER) == NOTHING


def what_the_coordinator_changes_after_a_merge_stays(history: History, chance: random.Random) -> None:
    """Rows edited, deleted and added in the merged master; the same returns once more.

    A new row goes only to wait: where a row was deleted that another office has too, the two look like one event.
    """
    batch = [stored(one) for one in history.returns]
    first, = runs(batch, now=history.now)
    now = {sheet: tuple(row._replace(values={**row.values, "地点": "后来改的"}) if chance.random() < 0.2 else row
                        for row in rows if chance.random() > 0.2) for sheet, rows in first.target.items()}
    again = run("T", now, batch, READER, was=first.kept)
    waiting = {(one.sheet, one.id) for one in again.merged.conflicts}
    change = difference(now, again.target, READER)
    new = {(row.sheet, row.id, "编号") for row in rows_of(first.target) if (row.sheet, row.id) not in by_place(MASTER)}
    assert not [place for place in change.values if place[:2] not in waiting and place not in new]
    assert change.added == ()
    assert set(change.deleted) <= {place for place in waiting if (*place, "编号") in new}
    once_more = run("T", again.target, batch, READER, was=again.kept)
    assert difference(again.target, once_more.target, READER) == NOTHING


def a_later_save_takes_the_place_of_an_earlier_one(history: History, _: random.Random) -> None:
    """What an office sent first, rows deleted, is forgotten."""
    first, second, third = history.returns
    earlier = second._replace(theirs={sheet: rows[1:] for sheet, rows in second.base.items()})
    in_two = runs([stored(earlier, "1"), stored(first)], [stored(second, "2"), stored(third)], now=history.now)[-1]
    at_once, = runs([stored(first), stored(second, "2"), stored(third)], now=history.now)
    assert plain(in_two.target) == plain(at_once.target)


LAWS: tuple[Law, ...] = (
    every_row_has_one_fate, what_an_office_changed_is_there_or_waits, what_is_sent_back_is_there_already,
    what_is_said_is_what_was_done, what_the_coordinator_did_stays, what_nobody_touched_stays,
    a_deleted_row_was_deleted, new_rows_have_an_id_and_a_number_of_their_own, a_new_row_that_two_offices_sent_waits,
    the_order_of_returns_does_not_matter, one_run_or_several_is_the_same, merging_again_changes_nothing,
    its_own_output_merged_changes_nothing, an_unchanged_return_changes_nothing,
    what_both_sides_did_alike_is_no_conflict, every_conflict_can_be_settled,
    what_the_coordinator_changes_after_a_merge_stays, a_later_save_takes_the_place_of_an_earlier_one,
)
