"""Files of every shape the schema allows, holding the worst cells we know of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from workbook import schema
from workbook.raw import ErrorValue, RawBook, RawSheet, RawValue
from workbook.readings import canonical

MARKS = '\\|<>=#"-% \n\r\t*_`&;:.,0159eE+TR年（）、｜\u3000\u200b\ufeff\u2028\x0b\x1f\x85\xa0\ud800\udc00👨'
LOOKALIKES = (
    "2023-01-05", "2023-01-05 10:30:00", "2023-02-30", "100%", "1.10", "411.60", "0", "-0", "007", "1e5", "1,291",
    '"2023-01-05"', '"', '""', '"5"', "=1", "=TRUE", '=""', "=#REF!", "=PT1H0M0S", "=10:30:00", "=SUM(A1)", "\\=1",
    "#REF!", "TRUE", "---", "|---|", "|", "\\", "\\\\", "a\\|b", " ", "  ", " a ", "<br>",
    "a\r\nb", "\\x0d", "\\ ", "1.1万",
    "## 活动", "{{ 法规(\"业务培训\") }}", "合计", "９５", "nan", "inf",
)
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#GETTING_DATA")

texts = st.one_of(
    st.sampled_from(LOOKALIKES),
    st.text(st.sampled_from(MARKS), max_size=8),
    st.text(st.characters(), max_size=5),
)
numbers = st.one_of(
    st.integers(-1000, 10**6),
    st.integers(-(10**300), 10**300),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-(10**9), 10**9, places=2),
    st.decimals(0, 1, places=30),
    st.sampled_from((0.6, 1, 0.1 + 0.2, -0.0, 1e300, 5e-324, 1e16, 1e15, Decimal("1E+30"), Decimal("1.50"))),
)
others = st.one_of(
    st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
    st.sampled_from(ERRORS).map(ErrorValue), st.just(dt.timedelta.min), st.just(dt.datetime(2023, 1, 5)),
)
values = st.one_of(st.none(), texts, numbers, others)
STRANGE_HEADERS = ("环保袋（个）", "备注|2", " 宽 ", "_id", "经费\n（万元）", "备注")
extra_headers = st.one_of(st.none(), st.sampled_from(STRANGE_HEADERS), texts)


@st.composite
def ledger_sheets(draw: st.DrawFn, sheet: schema.Sheet) -> RawSheet:
    """One recognizable sheet: some columns in some order, strangers among them, ragged rows."""
    stored = [column.title for column in sheet.columns if not column.computed]
    computed = [column.title for column in sheet.columns if column.computed]
    headers: list[RawValue] = draw(st.lists(st.sampled_from(stored), min_size=2, max_size=8, unique=True))
    headers += draw(st.lists(st.one_of(extra_headers, st.sampled_from(computed or ["备注"])), max_size=3))
    headers = list(draw(st.permutations(headers)))
    above: list[list[RawValue]] = draw(st.sampled_from(([], [["临溪县2025年台账"]], [[], [None, "填报说明"]])))
    rows = draw(st.lists(st.lists(values, max_size=len(headers) + 1), max_size=4))
    return RawSheet(sheet.title, [*above, headers, *rows])


@st.composite
def head_sheets(draw: st.DrawFn) -> RawSheet:
    keys = st.one_of(st.sampled_from([key.title for key in schema.HEAD_KEYS]), values)
    pairs = draw(st.lists(st.tuples(keys, values), max_size=5))
    return RawSheet(schema.HEAD_SHEET, [list(schema.HEAD_COLUMNS), *([key, value] for key, value in pairs)])


@st.composite
def raw_books(draw: st.DrawFn) -> RawBook:
    """A recognizable file: the required sheets, some others, in any order."""
    titles = draw(st.sets(st.sampled_from([sheet.title for sheet in schema.SHEETS]), max_size=2))
    sheets = [draw(head_sheets()), *(draw(ledger_sheets(schema.BY_TITLE[t])) for t in sorted({"章节", *titles}))]
    strangers = st.sampled_from(("草稿　", "Sheet1", " 说明# ", "看板", "已知问题", "活动 (2)", schema.META_SHEET))
    for name in sorted(draw(st.sets(strangers, max_size=2))):
        sheets.append(RawSheet(name, draw(st.lists(st.lists(values, max_size=3), max_size=3))))
    return RawBook("台账.xlsx", tuple(draw(st.permutations(sheets))))


def told(value: RawValue) -> tuple[type, RawValue]:
    """A value and its type; numbers by their decimal value."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        value = canonical(value)
    return type(value), value
