"""Generated histories of an exchange: what was sent, what the coordinator did meanwhile, what each office sent back.

Rows as a merge sees them: hidden, filtered and moved rows, sheets under other names and rows far below
the table differ in a file alone, see tests/conformance/test_merge_files.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from hypothesis import strategies as st

from workbook.exchange.outcome import Return
from workbook.exchange.sides import OFFICE_COLUMNS, Reader, Row, Side
from workbook.raw import RawValue

READER = Reader(2025)
OFFICES = ("办公室", "救助股", "养老股")
OWN = "内部备忘"
"""A column of an office's own."""
KNOWN = ("编号", "活动名称", "承办股室", "开始日期", "类型", "地点", "场次", "名称", "填报值", "责任股室")
WORDS = st.sampled_from(("甲", "乙", "丙", "甲 ", "\u200b乙", None))
NUMBERS = st.sampled_from((1, 2, "1", "２", None))
ROW_EDITS = ("keep", "keep", "keep", "edit", "edit", "delete", "copy", "edited copy", "two edited copies", "lose id",
             "lose id and edit", "rename", "hand over", "no fact")
MASTER_EDITS = ("keep", "keep", "keep", "keep", "edit", "edit", "delete", "hand over", "rename")


class History(NamedTuple):
    """The master `now`, and the returns to what was sent of MASTER."""

    now: Side
    returns: tuple[Return, ...]


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


def rows_of(one: Side) -> list[Row]:
    return [row for rows in one.values() for row in rows]


MASTER = side(*(event(f"H{n}{k}", office, 地点="甲", 场次=1) for n, office in enumerate(OFFICES) for k in range(3)),
              metric("M1", 填报值=1), metric("M2", 填报值=2), metric("M3", 填报值=3, 责任股室="养老股"))


def sent_to(office: str, master: Side = MASTER) -> Side:
    return {sheet: tuple(row for row in rows if row.office in ("", office)) for sheet, rows in master.items()}


def told(row: Row, **values: RawValue) -> Row:
    """The row with these values; None clears a cell."""
    now = {title: value for title, value in {**row.values, **values}.items() if value is not None}
    return row._replace(values=now, key=str(now.get("编号", "")))


@st.composite
def _edited(draw: st.DrawFn, row: Row) -> Row:
    number = "填报值" if row.sheet == "指标" else "场次"
    edited = told(row, **{"地点": draw(WORDS), number: draw(NUMBERS)})
    return told(edited, **{OWN: draw(WORDS)}) if draw(st.booleans()) else edited


@st.composite
def _changed(draw: st.DrawFn, row: Row, what: str) -> list[Row]:
    """What becomes of one row on its way back."""
    if what in ("keep", "delete", "copy"):
        return [row] * {"keep": 1, "delete": 0, "copy": 2}[what]
    edited = draw(_edited(row))
    if what == "two edited copies":
        return [edited, draw(_edited(row))]
    return {"edit": [edited], "edited copy": [row, edited], "lose id": [row._replace(id="")],
            "lose id and edit": [edited._replace(id="")], "rename": [told(row, 编号=f"{row.key}新")],
            "hand over": [told(row, **{OFFICE_COLUMNS[row.sheet]: draw(st.sampled_from(OFFICES))})],
            "no fact": [row, told(row, 活动名称="合计")._replace(id="", fact=False)]}[what]


@st.composite
def _new(draw: st.DrawFn, office: str) -> Row:
    """A new row: under a 编号 that others give too, that is taken, or none; now and then of another office."""
    key = draw(st.sampled_from(("N0", "N1", "H00", "H01新", "")))
    row = event(key, draw(st.sampled_from((office, office, office, "救助股"))), 地点=draw(WORDS))
    return told(row, 活动名称=draw(st.sampled_from(("联合活动", f"{office}的活动"))), 编号=key or None)._replace(id="")


@st.composite
def returns_of(draw: st.DrawFn, office: str, master: Side = MASTER) -> Return:
    """What an office may do with its workbook."""
    base = sent_to(office, master)
    rows: list[Row] = []
    if draw(st.integers(0, 9)):
        for row in rows_of(base):
            rows += draw(_changed(row, draw(st.sampled_from(ROW_EDITS))))
    else:
        rows += rows_of(base)
    rows += draw(st.lists(_new(office), max_size=2))
    others = [row for row in rows_of(master) if row.office not in ("", office)]
    if others and not draw(st.integers(0, 3)):
        stranger = draw(st.sampled_from(others))
        rows.append(draw(st.sampled_from((stranger, told(stranger, 地点="改了别人的")))))
    theirs = draw(_as_sheets(draw(st.permutations(rows))))
    return Return(office, base, theirs, draw(st.integers(0, 9)) == 0)


@st.composite
def _as_sheets(draw: st.DrawFn, rows: Iterable[Row]) -> Side:
    """Rows with gaps between them; a sheet may be gone, a header may be called something else."""
    number, sheets = 2, dict[str, list[Row]]({"活动": [], "指标": []})
    for row in rows:
        number += draw(st.sampled_from((1, 1, 1, 4)))
        sheets[row.sheet].append(row._replace(number=number))
    gone = draw(st.sampled_from((*[""] * 8, "活动", "指标")))
    renamed = draw(st.sampled_from((*[""] * 4, "地点", "场次")))
    return {sheet: tuple(_under_other_header(row, renamed) if renamed else row for row in found)
            for sheet, found in sheets.items() if sheet != gone}


def _under_other_header(row: Row, title: str) -> Row:
    """The row where the header of one column is a name that nobody knows."""
    values = {f"{one}（改了名）" if one == title else one: value for one, value in row.values.items()}
    return row._replace(values=values, columns=frozenset({*KNOWN, OWN, f"{title}（改了名）"} - {title}))


@st.composite
def masters(draw: st.DrawFn) -> Side:
    """What the coordinator may have done to MASTER since it was sent out."""
    rows: list[Row] = []
    for row in rows_of(MASTER):
        what = draw(st.sampled_from(MASTER_EDITS)) if draw(st.booleans()) else "keep"
        rows += {"keep": [row], "edit": [told(row, 地点=draw(WORDS), 场次=draw(NUMBERS))], "delete": [],
                 "hand over": [told(row, **{OFFICE_COLUMNS[row.sheet]: draw(st.sampled_from(OFFICES))})],
                 "rename": [told(row, 编号=f"{row.key}改")]}[what]
    if draw(st.booleans()):
        rows.append(event(draw(st.sampled_from(("N0", "Z1"))), draw(st.sampled_from(OFFICES)), 地点="主台账加的"
                          )._replace(id="XZ1"))
    return side(*rows)


HISTORIES = st.builds(History, masters(), st.tuples(*(returns_of(office) for office in OFFICES)))
