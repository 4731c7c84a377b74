"""The laws of the merge: nothing lost, order-free, idempotent, and the balance always comes out."""

from __future__ import annotations

import random as chance

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workbook.histories import HISTORIES, MASTER, OFFICES, READER, History, event, sent_to, side
from tests.workbook.merge_laws import LAWS, Law, runs, stored
from workbook.exchange.merge import merge
from workbook.exchange.outcome import DELETED, UNCHANGED, Return
from workbook.exchange.settling import run
from workbook.exchange.sides import Row, Side
from workbook.exchange.standing import difference
from workbook.raw import RawValue


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=HISTORIES, seed=st.integers(0, 2**32))
def test_law(law: Law, history: History, seed: int) -> None:
    """A few histories; tests/conformance/test_merge_histories.py tries more than two thousand."""
    law(history, chance.Random(seed))


@pytest.mark.parametrize("office", OFFICES)
def test_a_return_equal_to_what_was_sent_changes_nothing(office: str) -> None:
    merged = merge("T", MASTER, [Return(office, sent_to(office), sent_to(office))], READER)
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


def test_a_number_that_an_office_gave_a_row_it_was_sent_is_taken() -> None:
    backs = [changed("办公室", "XH00", 编号="N1"),
             Return("救助股", sent_to("救助股"), side(*(row for rows in sent_to("救助股").values() for row in rows),
                                                event("N1", "救助股")._replace(id="")))]
    merged = merge("T", MASTER, backs, READER)
    assert merged.values == {("活动", "XH00", "编号"): "N1"}
    assert [row.key for row in merged.added] == ["N2"]


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


def test_a_row_that_one_deleted_and_another_edited_is_kept_with_the_edit() -> None:
    backs = [changed("办公室", "XM1"), changed("救助股", "XM1", 填报值=5)]
    waiting, = merge("T", MASTER, backs, READER).conflicts
    kept = merge("T", MASTER, backs, READER, {waiting.digest(READER): "保留"})
    assert (kept.deleted, kept.values) == ((), {("指标", "XM1", "填报值"): 5})
    gone = merge("T", MASTER, backs, READER, {waiting.digest(READER): "删除"})
    assert (gone.deleted, gone.values) == ((("指标", "XM1"),), {})


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
