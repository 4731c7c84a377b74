"""The laws of the merge: nothing lost, order-free, idempotent, and the balance always comes out."""

from __future__ import annotations

import random as chance
from collections import Counter
from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.exchange.memory import remembered, written
from workbook.exchange.merge import merge
from workbook.exchange.outcome import (
    CONFLICT,
    DELETED,
    FATES,
    MERGED,
    SENT_BACK,
    UNCHANGED,
    Merged,
    Return,
    applied,
    words_for,
)
from workbook.exchange.settling import Run, run
from workbook.exchange.sides import Reader, Row, Side
from workbook.exchange.standing import Stored, difference
from workbook.raw import RawValue

law = partial(settings, deadline=None, suppress_health_check=[HealthCheck.too_slow])
READER = Reader(2025)
SAME = READER.same
OFFICES = ("办公室", "救助股", "养老股")
WORDS = st.sampled_from(("甲", "乙", "丙", "甲 ", "\u200b乙"))
NUMBERS = st.sampled_from((1, 2, "1", "２", None))


def event(name: str, office: str, **values: RawValue) -> Row:
    given = {"编号": name, "活动名称": f"活动{name}", "承办股室": office, "开始日期": "2025-03-01", "类型": "宣传",
             **values}
    return Row("活动", 2, f"X{name}", name, {title: value for title, value in given.items() if value is not None})


def metric(name: str, **values: RawValue) -> Row:
    given = {"编号": name, "名称": f"指标{name}", **values}
    return Row("指标", 2, f"X{name}", name, {title: value for title, value in given.items() if value is not None})


def side(*rows: Row) -> Side:
    sheets: dict[str, list[Row]] = {"活动": [], "指标": []}
    for number, row in enumerate(rows, 2):
        sheets[row.sheet].append(row._replace(number=number))
    return {sheet: tuple(found) for sheet, found in sheets.items()}


MASTER = side(*(event(f"H{n}{k}", office, 地点="甲", 场次=1) for n, office in enumerate(OFFICES) for k in range(3)),
              metric("M1", 填报值=1), metric("M2", 填报值=2))


def sent_to(office: str) -> Side:
    return {sheet: tuple(row for row in rows if row.office in ("", office)) for sheet, rows in MASTER.items()}


@st.composite
def returns_of(draw: st.DrawFn, office: str) -> Return:
    """What an office may do with its workbook: edit, add, delete, copy, move, lose ids."""
    base = sent_to(office)
    rows: list[Row] = []
    for row in (one for found in base.values() for one in found):
        what = draw(st.sampled_from(("keep", "keep", "edit", "delete", "copy", "edited copy", "lose id")))
        edited = row._replace(values={**row.values, "地点": draw(WORDS), "填报值" if row.sheet == "指标" else "场次":
                                      draw(NUMBERS)})
        edited = edited._replace(values={title: value for title, value in edited.values.items() if value is not None})
        rows += {"keep": [row], "edit": [edited], "delete": [], "copy": [row, row], "edited copy": [row, edited],
                 "lose id": [edited._replace(id="")]}[what]
    for number in range(draw(st.integers(0, 2))):
        key = draw(st.sampled_from((f"N{number}", "H00", "")))
        rows.append(event(key, draw(st.sampled_from((office, office, "救助股"))), 地点=draw(WORDS))._replace(id=""))
    return Return(office, base, side(*draw(st.permutations(rows))))


HISTORIES = st.tuples(*(returns_of(office) for office in OFFICES))


def outcome(merged: Merged) -> tuple[object, ...]:
    return (merged.values, sorted(map(repr, merged.added)), sorted(merged.deleted),
            sorted(map(repr, merged.conflicts)), sorted(map(repr, merged.fates)))


def merged_with(returns: Sequence[Return]) -> Merged:
    return merge("T", MASTER, returns, READER)


def stored(back: Return, age: str = "1", dispatch: str = "D1") -> Stored:
    return Stored(f"{back.office}{age}{dispatch}", dispatch, age, back)


def runs(*batches: Sequence[Stored], now: Side = MASTER) -> list[Run]:
    """One run after another, each with the result of the one before, which went through its file."""
    made: list[Run] = []
    for batch in batches:
        was = remembered(written(made[-1].kept).read()) if made else None
        made.append(run("T", made[-1].target if made else now, batch, READER, was=was))
    return made


def plain(side: Side) -> dict[tuple[str, str], object]:
    return {(sheet, row.id): sorted((t, repr(READER.meaning(sheet, t, v))) for t, v in row.values.items())
            for sheet, rows in side.items() for row in rows}


@law(max_examples=300)
@given(HISTORIES, st.randoms())
def test_the_order_of_returns_does_not_matter(returns: tuple[Return, ...], random: chance.Random) -> None:
    shuffled = list(returns)
    random.shuffle(shuffled)
    assert outcome(merged_with(returns)) == outcome(merged_with(shuffled))


@law(max_examples=300)
@given(HISTORIES, st.randoms())
def test_one_run_or_several_is_the_same(returns: tuple[Return, ...], random: chance.Random) -> None:
    shuffled = [stored(one) for one in returns]
    random.shuffle(shuffled)
    at_once, = runs([stored(one) for one in returns])
    one_by_one = runs(*([one] for one in shuffled))[-1]
    assert plain(one_by_one.target) == plain(at_once.target)
    assert sorted(map(repr, one_by_one.merged.conflicts)) == sorted(map(repr, at_once.merged.conflicts))


@law(max_examples=300)
@given(HISTORIES)
def test_the_balance_comes_out(returns: tuple[Return, ...]) -> None:
    merged = merged_with(returns)
    counted = merged.fates.counts()
    assert {office: Counter(FATES[one.fate] for one in merged.fates if one.office == office)
            for office in counted} == {office: Counter({name: number for name, number in counts.items() if number
                                                        and name != "returned"}) for office, counts in counted.items()}
    for one in returns:
        counts = counted.get(one.office, {"returned": 0})
        back = sum(map(len, one.theirs.values()))
        gone = sum(fate.office == one.office and fate.number == 0 for fate in merged_with(returns).fates)
        assert counts["returned"] == back + gone
        assert counts["returned"] == sum(n for name, n in counts.items() if name != "returned")


@law(max_examples=400)
@given(HISTORIES)
def test_nothing_is_lost(returns: tuple[Return, ...]) -> None:
    """Every value an office typed stands in the merged master, or in a conflict, or its row is an exact copy."""
    merged = merged_with(returns)
    after = {(row.sheet, row.id): row for rows in applied(MASTER, merged).values() for row in rows}
    waiting = {(one.sheet, one.id) for one in merged.conflicts}
    for fate in merged.fates:
        assert fate.fate in (MERGED, UNCHANGED, CONFLICT, SENT_BACK)
        if fate.fate == CONFLICT:
            assert (fate.sheet, fate.id) in waiting
        elif fate.fate in (MERGED, UNCHANGED) and fate.number:
            one = next(one for one in returns if one.office == fate.office)
            row = next(row for row in one.theirs[fate.sheet] if row.number == fate.number)
            sent = next((r for r in one.base[fate.sheet] if r.id == fate.id), None)
            now = after[fate.sheet, fate.id]
            for title in set(row.values) - {"编号"}:
                value = row.values[title]
                if sent is None or not SAME(fate.sheet, title, value, sent.values.get(title)):
                    assert SAME(fate.sheet, title, value, now.values.get(title))


@law(max_examples=300)
@given(HISTORIES)
def test_what_nobody_touched_stays(returns: tuple[Return, ...]) -> None:
    """A row that no return changed or lacks is in the merged master as it was."""
    merged = merged_with(returns)
    after = plain(applied(MASTER, merged))
    touched = {(one.sheet, one.id) for one in merged.fates if one.fate in (MERGED, CONFLICT)}
    for place, said in plain(MASTER).items():
        if place not in touched:
            assert after[place] == said


@law(max_examples=250)
@given(HISTORIES)
def test_merging_again_changes_nothing(returns: tuple[Return, ...]) -> None:
    batch = [stored(one) for one in returns]
    first, again = runs(batch, batch)
    assert difference(first.target, again.target, READER) == ({}, (), ())
    assert sorted(map(repr, again.merged.fates)) == sorted(map(repr, first.merged.fates))


@law(max_examples=250)
@given(HISTORIES, st.data())
def test_what_the_coordinator_changes_after_a_merge_stays(returns: tuple[Return, ...], data: st.DataObject) -> None:
    """Rows edited, deleted and added in the merged master; the same returns once more."""
    batch = [stored(one) for one in returns]
    first, = runs(batch)
    sheets: dict[str, list[Row]] = {"活动": [], "指标": []}
    for sheet, rows in first.target.items():
        for row in rows:
            what = data.draw(st.sampled_from(("keep", "keep", "keep", "edit", "delete")))
            if what != "delete":
                edited = row._replace(values={**row.values, "地点": "主台账改的"})
                sheets[sheet].append(edited if what == "edit" else row)
    sheets["活动"].append(event("Z1", "办公室", 地点="主台账加的"))
    now = {sheet: tuple(rows) for sheet, rows in sheets.items()}
    again = run("T", now, batch, READER, was=first.kept)
    open_rows = {(one.sheet, one.id) for one in again.merged.conflicts}
    change = difference(now, again.target, READER)
    assert not [place for place in change.values if place[:2] not in open_rows]
    assert change.added == ()
    assert change.deleted == ()
    assert runs_alike(again, batch)


def runs_alike(last: Run, batch: Sequence[Stored]) -> bool:
    once_more = run("T", last.target, batch, READER, was=last.kept)
    return difference(last.target, once_more.target, READER) == ({}, (), ())


@law(max_examples=200)
@given(returns_of("救助股"), returns_of("救助股"))
def test_a_later_save_takes_the_place_of_an_earlier_one(first: Return, second: Return) -> None:
    in_two = runs([stored(first, "1")], [stored(second, "2")])[-1]
    at_once, = runs([stored(second, "2")])
    assert plain(in_two.target) == plain(at_once.target)


@law(max_examples=200)
@given(HISTORIES)
def test_every_conflict_can_be_settled(returns: tuple[Return, ...]) -> None:
    """The first word offered settles it, and it stays settled."""
    batch = [stored(one) for one in returns]
    first, = runs(batch)
    choices = {one.digest(READER): words_for(one)[-1] for one in first.merged.conflicts}
    settled = run("T", first.target, batch, READER, was=first.kept, choices=choices)
    assert settled.merged.conflicts == ()
    assert len(settled.merged.settled) == len(first.merged.conflicts)
    again = run("T", settled.target, batch, READER, was=settled.kept, choices=choices)
    assert difference(settled.target, again.target, READER) == ({}, (), ())


@pytest.mark.parametrize("office", OFFICES)
def test_a_return_equal_to_what_was_sent_changes_nothing(office: str) -> None:
    merged = merged_with([Return(office, sent_to(office), sent_to(office))])
    assert (merged.values, merged.added, merged.deleted, merged.conflicts) == ({}, (), (), ())
    assert {one.fate for one in merged.fates} == {UNCHANGED}


def changed(office: str, name: str, *, base: Side | None = None, **values: RawValue) -> Return:
    """A return in which one row has these values; None clears a cell, name alone deletes the row."""
    sent = base or sent_to(office)
    rows = []
    for row in (one for found in sent.values() for one in found):
        if row.id != name:
            rows.append(row)
        elif values:
            rows.append(row._replace(values={t: v for t, v in {**row.values, **values}.items() if v is not None}))
    return Return(office, sent, side(*rows))


def test_one_side_edits_what_the_other_deleted() -> None:
    """daff 1.4.2 drops the edit without a word."""
    master = side(*(row for rows in MASTER.values() for row in rows if row.id != "XH00"))
    merged = merge("T", master, [changed("办公室", "XH00", 地点="大厅")], READER)
    assert [(one.id, one.column) for one in merged.conflicts] == [("XH00", "")]
    kept = merge("T", master, [changed("办公室", "XH00", 地点="大厅")], READER,
                 {merged.conflicts[0].digest(READER): "保留"})
    assert kept.added[0].values["地点"] == "大厅"


def test_one_side_deletes_what_the_other_edited() -> None:
    rows = [row._replace(values={**row.values, "地点": "会堂"}) if row.id == "XH00" else row
            for found in MASTER.values() for row in found]
    merged = merge("T", side(*rows), [changed("办公室", "XH00")], READER)
    assert merged.deleted == ()
    assert merged.conflicts[0].theirs[0].value == DELETED


def test_the_same_new_number_from_both_sides() -> None:
    """daff 1.4.2 writes one row over the other; here both stay, one under the next number."""
    backs = [Return(office, sent_to(office), side(*(r for rows in sent_to(office).values() for r in rows),
                                                  event("N1", office, 活动名称=f"{office}的")._replace(id="")))
             for office in OFFICES[:2]]
    merged = merge("T", MASTER, backs, READER)
    assert [row.key for row in merged.added] == ["N1", "N2"]
    assert [(one.old, one.new) for one in merged.renumbered] == [("N1", "N2")]


def test_numbers_that_every_office_took_are_given_on_in_order() -> None:
    """Each of 40 offices numbers its rows from N1; the next free number is found at once, and none is given twice."""
    backs = [Return(f"股{at:02d}", {}, {"活动": tuple(event(f"N{n}", f"股{at:02d}", 活动名称=f"{at}的{n}")._replace(
        id="", number=n + 1) for n in range(1, 6))}) for at in range(40)]
    merged = merge("T", {"活动": ()}, backs, READER)
    assert [row.key for row in merged.added] == [f"N{n}" for n in range(1, 201)]


def test_a_reference_follows_its_renumbered_row() -> None:
    base: Side = {"活动": (), "任务": ()}
    task = Row("任务", 2, "", "T1", {"编号": "T1", "任务名称": "新任务", "责任股室": "办公室"})
    mine = event("N1", "办公室", 关联任务="T1")._replace(id="")
    master: Side = {"活动": (), "任务": (task._replace(id="XT1", values={**task.values, "任务名称": "别的"}),)}
    merged = merge("T", master, [Return("办公室", base, {"任务": (task,), "活动": (mine,)})], READER)
    assert {row.sheet: row.key for row in merged.added} == {"任务": "T2", "活动": "N1"}
    assert next(row for row in merged.added if row.sheet == "活动").values["关联任务"] == "T2"


def test_a_column_that_is_gone_from_the_return_is_not_cleared() -> None:
    base = sent_to("办公室")
    told = frozenset(("编号", "活动名称", "承办股室", "开始日期", "类型"))
    rows = tuple(row._replace(values={t: v for t, v in row.values.items() if t in told}, columns=told)
                 for row in base["活动"])
    merged = merge("T", MASTER, [Return("办公室", base, {"活动": rows})], READER)
    assert (merged.values, merged.deleted) == ({}, ())


def test_a_missing_sheet_is_no_deletion() -> None:
    merged = merge("T", MASTER, [Return("办公室", sent_to("办公室"), {"指标": sent_to("办公室")["指标"]})], READER)
    assert merged.deleted == ()


def test_without_what_was_sent_a_missing_row_is_asked_about() -> None:
    merged = merge("T", MASTER, [changed("办公室", "XH00")._replace(guessed=True)], READER)
    assert merged.deleted == ()
    assert "不知道" in merged.conflicts[0].reason


def test_two_offices_fill_a_shared_metric_differently() -> None:
    backs = [changed("办公室", "XM1", 填报值=5), changed("救助股", "XM1", 填报值=6)]
    merged = merge("T", MASTER, backs, READER)
    assert merged.values == {}
    assert [one.office for one in merged.conflicts[0].theirs] == ["办公室", "救助股"]
    alike = merge("T", MASTER, [backs[0], changed("救助股", "XM1", 填报值="５")], READER)
    assert alike.values == {("指标", "XM1", "填报值"): 5}


def test_a_later_dispatch_makes_what_was_merged_the_ground() -> None:
    """The first return merged, its result sent out again, the second return against that."""
    first, = runs([stored(changed("办公室", "XH00", 地点="一")), stored(changed("救助股", "XH10", 地点="救"))])
    now = {sheet: tuple(row._replace(values={**row.values, "地点": "主"}) if row.id == "XH10" else row for row in rows)
           for sheet, rows in first.target.items()}
    again = {sheet: tuple(row for row in rows if row.office in ("", "办公室")) for sheet, rows in now.items()}
    second = changed("办公室", "XH01", base=again, 地点="二")
    last = run("T", now, [stored(second, "1", "D2")], READER, was=first.kept, order={"D1": 0, "D2": 1})
    places = {row.id: row.values.get("地点") for row in last.target["活动"]}
    assert (places["XH00"], places["XH01"], places["XH10"]) == ("一", "二", "主")
    assert last.merged.conflicts == ()
    late = run("T", last.target, [stored(changed("办公室", "XH00", 地点="旧"), "9", "D1")], READER, was=last.kept,
               order={"D1": 0, "D2": 1})
    assert [one.dispatch for one in late.stale] == ["D1"]
    assert difference(last.target, late.target, READER) == ({}, (), ())
