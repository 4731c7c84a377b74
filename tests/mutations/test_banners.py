"""Rows that are no facts stay none after a ledger went through xlsx, where every row got its `_id`."""

from __future__ import annotations

from pathlib import Path

import pytest

from templates.check import check
from tests.mutations.planter import ledgers
from tests.planting import with_row
from workbook.book import recognize
from workbook.identity import with_ids
from workbook.reading.reader import read
from workbook.standard.writer import write


@pytest.mark.parametrize("words", ["一季度", "注：以上数据不含协办"])
def test_a_banner_row_is_a_banner_after_load(tmp_path: Path, words: str) -> None:
    book, _ = with_row(ledgers()[1], "活动", {"编号": words})
    path = tmp_path / "台账.xlsx"
    path.write_bytes(write(recognize(with_ids(book)), {}))
    told = [(one.code, one.where) for one in check(read(str(path))) if one.where.startswith("活动!")]
    assert "S008" in {code for code, _ in told}
    assert "C001" not in {code for code, _ in told}
