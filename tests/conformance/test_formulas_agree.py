"""Excel's formulas and the program agree: every metric of the reference ledgers, calculated anew by LibreOffice.

The files go out with wrong values cached in every metric, so that only calculation
can make them right.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conformance.sheets import Office
from tests.hand_counted import LEDGER
from tests.reference_ledgers import reference_ledger
from workbook.book import Book, recognize
from workbook.facts import Facts
from workbook.findings import Cell
from workbook.identity import with_ids
from workbook.ledger import Ledger
from workbook.metrics import Metric
from workbook.raw import RawBook, RawValue
from workbook.reading.reader import read
from workbook.readings import exact
from workbook.standard.metric_cells import MetricValues
from workbook.standard.writer import write
from workbook.text import parse

pytestmark = pytest.mark.conformance

STALE = Decimal(-7)
NEAR = Decimal("1e-12")
COLUMNS = ("本年值", "报告值")


@dataclass(frozen=True, slots=True)
class Calculated:
    """A recalculated file: what LibreOffice says of each metric (本年值, 报告值), and the program's own facts."""

    cells: dict[str, tuple[RawValue, RawValue]]
    facts: Facts


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written("S", tmp_path_factory.mktemp("台账"))


def written(size: str, folder: Path) -> Path:
    """A reference ledger as the standard workbook, every cached metric wrong."""
    return stale(reference_ledger(size), folder / f"{size}.xlsx")


def stale(ledger: RawBook, path: Path) -> Path:
    book = recognize(with_ids(ledger))
    codes = [metric.code for metric in Facts(Ledger(book)).metrics]
    path.write_bytes(write(book, dict.fromkeys(codes, MetricValues(STALE, STALE, "旧"))))
    return path


def calculated(path: Path, office: Office) -> Calculated:
    book = recognize(read(office.convert(path, "xlsx") / path.name))
    table = book.tables["指标"]
    columns = (table.values(title) for title in ("编号", *COLUMNS))
    cells = {str(code): (year, reported) for code, year, reported in zip(*columns, strict=True)}
    return Calculated(cells, Facts(Ledger(book)))


def disagreements(file: Calculated) -> list[str]:
    """Every metric whose calculated cells are not the program's values."""
    told = []
    for metric in file.facts.metrics:
        mine = (file.facts.amount(metric, this_year=True).value, file.facts.amount(metric).value)
        for title, value, cell in zip(COLUMNS, mine, file.cells[metric.code], strict=True):
            if not agree(metric, value, cell):
                told.append(f"{metric.code} {metric.name} {title}：程序 {value}，表格 {cell!r}")
    return told


def agree(metric: Metric, mine: Decimal | None, cell: RawValue) -> bool:
    """The same number: a ratio to 12 digits, anything else to the last one."""
    if mine is None or isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return mine is None and cell in (None, "")
    shown = exact(cell)
    return abs(shown - mine) <= abs(mine) * NEAR if metric.method == "比率" else shown == mine


@pytest.mark.parametrize("size", ["S", "M"])
def test_every_metric_of_a_reference_ledger_is_calculated_alike(size: str, office: Office, tmp_path: Path) -> None:
    file = calculated(written(size, tmp_path), office)
    assert len(file.facts.metrics) == {"S": 60, "M": 500}[size]
    assert not disagreements(file)


def test_a_changed_场次_changes_the_metrics_that_count_it_and_no_other(
        office: Office, small: Path, tmp_path: Path) -> None:
    before = calculated(small, office)
    cell = an_event(recognize(read(small)))
    after = calculated(changed(small, cell, tmp_path / small.name), office)
    moved = {code for code, values in after.cells.items() if values != before.cells[code]}
    assert moved == counting(before.facts, cell)
    assert 0 < len(moved) < len(after.cells)
    assert not disagreements(after)


def an_event(book: Book) -> Cell:
    """The 场次 of an event of the year that has one."""
    table = book.tables["活动"]
    days, times = table.values("开始日期"), table.values("场次")
    index = next(i for i, held in enumerate(times) if isinstance(held, int) and str(days[i]).startswith("2025"))
    return table.cell(index, "场次")


def counting(facts: Facts, cell: Cell) -> set[str]:
    """The metrics that name the cell among the places they counted, in either span of time."""
    return {metric.code for metric in facts.metrics
            if any(cell in facts.amount(metric, this_year=year).rows for year in (True, False))}


def changed(source: Path, cell: Cell, target: Path) -> Path:
    """The same file with a number in one cell raised by 4; no other byte of its sheet is touched."""
    place = re.compile(rf'(<c r="{cell.a1}"[^>]*><v>)(\d+)(</v>)')
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        part = part_of(old, cell.sheet)
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                text, count = place.subn(lambda found: f"{found[1]}{int(found[2]) + 4}{found[3]}", content.decode())
                assert count == 1
                content = text.encode()
            new.writestr(name, content)
    return target


def part_of(package: zipfile.ZipFile, sheet: str) -> str:
    """The part of a sheet; the writer numbers its parts in the order of the sheets."""
    names = re.findall(r'<sheet name="([^"]+)"', package.read("xl/workbook.xml").decode())
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def test_an_event_called_合计赛_counts_and_a_合计_row_does_not(office: Office, tmp_path: Path) -> None:
    text = LEDGER.replace("| 合计赛 | 竞赛 |  |  | 0 |", "| 合计赛 | 竞赛 |  |  | 4 |")
    text = text.replace("|M19|", "|M20|竞赛|场|计数|活动| |类型=竞赛| | | |本年| | | | |\n|M19|")
    file = calculated(stale(parse(text, "合计赛.md"), tmp_path / "合计赛.xlsx"), office)
    assert file.cells["M20"] == (4, 4)
    assert file.cells["M01"] == (3, 3), "合计行、小计行和示例行的场次不能加进来"
    assert file.facts.amount(file.facts.by_code["M20"]).value == 4
