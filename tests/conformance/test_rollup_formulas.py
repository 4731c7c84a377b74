"""A rollup calculated anew by LibreOffice says what the program cached, in every cell of every sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.cli import main
from tests.conformance.sheets import Office, by_openpyxl, differences
from tests.reference_ledgers import reference_ledger
from workbook.standard.making import workbook_bytes

pytestmark = pytest.mark.conformance


def test_汇总的公式算出来就是存着的值(tmp_path: Path) -> None:
    folder, target = tmp_path / "各局", tmp_path / "汇总.xlsx"
    folder.mkdir()
    for number, office in enumerate(("云麓县民政局", "云麓县司法局", "临溪县教育局")):
        raw = reference_ledger("S", seed=number // 2, office=office)
        (folder / f"{number}.xlsx").write_bytes(workbook_bytes(raw))
    main(["rollup", str(folder), "-o", str(target), "--quiet"])
    cached = by_openpyxl(target)
    assert min(sum(sheet == name for sheet, _ in cached) for name in ("汇总", "按区划", "统计表", "待定重复")) > 30
    anew = by_openpyxl(Office(tmp_path).convert(target, "xlsx") / target.name)
    assert differences(cached, anew) == {}
