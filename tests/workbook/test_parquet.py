"""The Parquet writer: what another reader of the format gets back."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.parquet_reader import read_parquet
from workbook.rollup.parquet import to_parquet

ROWS = st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.none() | st.floats(allow_nan=False)),
                max_size=40)


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_写下去读回来一样_空的还是空的(rows: list[tuple[str, float | None]]) -> None:
    read = read_parquet(to_parquet(("名称", "值"), rows, numeric=("值",)))
    assert list(zip(read["名称"], read["值"], strict=True)) == rows


def test_列多的行多的也一样() -> None:
    titles = [f"列{number}" for number in range(40)]
    rows = [[float(row) if row % 3 else None for _ in titles] for row in range(5000)]
    read = read_parquet(to_parquet(titles, rows, numeric=titles))
    assert read == {title: [row[0] for row in rows] for title in titles}


def test_别的程序读得出来() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [("甲", 1.5), ("", None), ("乙" * 300, -2.0)]
    table = parquet.read_table(BytesIO(to_parquet(("名称", "值"), rows, numeric=("值",))))
    assert table.to_pydict() == {"名称": ["甲", "", "乙" * 300], "值": [1.5, None, -2.0]}
