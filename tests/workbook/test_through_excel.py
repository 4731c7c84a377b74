"""load(dump(book)) = book, with a real xlsx file between the two."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook import schema
from workbook.book import Book, recognize
from workbook.identity import with_ids
from workbook.raw import ErrorValue, RawBook, RawSheet, RawValue
from workbook.reading.reader import read
from workbook.standard.making import workbook_bytes
from workbook.text import dump, parse

SHOWN = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
texts = st.one_of(
    st.text(SHOWN, min_size=1, max_size=8),
    st.sampled_from(("=1+1", "+86", "-", "@此", "007", "2025-01-05", "100%", " 两边 ", "第一行\n第二行", "_x000D_",
                     "{{ 合法性审查 }}", "合计", "示例1", "同上", "http://x.invalid", "<b>&\"'", "长" * 300)),
)
numbers = st.one_of(st.integers(-10**14, 10**14), st.decimals(-10**6, 10**6, places=3).map(float))
days = st.dates(dt.date(1900, 3, 1), dt.date(2100, 12, 31))
values = st.one_of(st.none(), texts, numbers, days, st.booleans(), st.sampled_from(("#REF!", "#N/A")).map(ErrorValue))


@st.composite
def record_sheets(draw: st.DrawFn, sheet: schema.Sheet) -> RawSheet:
    stored = [column.title for column in sheet.columns if not column.computed]
    headers = [*draw(st.permutations(stored)), *draw(st.lists(st.sampled_from(("审核意见", "联系人")), unique=True))]
    rows = draw(st.lists(st.lists(values, min_size=len(headers), max_size=len(headers)), max_size=3))
    return RawSheet(sheet.title, [list(headers), *(row for row in rows if any(v is not None for v in row))])


@st.composite
def ledgers(draw: st.DrawFn) -> RawBook:
    keys = draw(st.lists(st.sampled_from([key.title for key in schema.HEAD_KEYS]), unique=True, max_size=6))
    head = RawSheet(schema.HEAD_SHEET, [list(schema.HEAD_COLUMNS), *([key, draw(values)] for key in keys)])
    titles = {"章节", *draw(st.sets(st.sampled_from([s.title for s in schema.SHEETS]), max_size=2))}
    return RawBook("试.xlsx", (head, *(draw(record_sheets(schema.BY_TITLE[title])) for title in sorted(titles))))


def cells(book: Book) -> dict[tuple[str, int, str], RawValue]:
    """Every filled cell by sheet, row and column title, 报告信息 by its keys."""
    filled: dict[tuple[str, int, str], RawValue] = {
        ("报告信息", 0, str(key)): value
        for key, value in zip(book.head.values("项目"), book.head.values("内容"), strict=True) if value is not None
    }
    for title, table in book.tables.items():
        computed = {column.title for column in table.sheet.columns if column.computed}
        for index in range(len(table)):
            filled |= {(title, index, header.title): value for header, value in table.row_values(index)
                       if value is not None and header.title not in computed}
    return filled


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(ledgers())
def test_a_workbook_holds_every_cell_of_its_text(raw: RawBook) -> None:
    raw = with_ids(raw)
    text = dump(recognize(raw))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "试.xlsx"
        path.write_bytes(workbook_bytes(parse(text, "试.md")))
        again = recognize(read(path))
    assert cells(again) == cells(recognize(raw))
