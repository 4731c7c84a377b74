"""数字来源: where the metric that is selected comes from, or which metrics count the row that is selected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from addin.areas import areas
from addin.sheet import OpenBook
from workbook.book import recognize
from workbook.findings import Cell, Refusal
from workbook.gate import admit
from workbook.ledger import Ledger
from workbook.schema import METRICS
from workbook.slots import Slot, parse_slots

if TYPE_CHECKING:
    from templates.provenance.manifest import Mark

SHOWN, ROWS_SHOWN = 8, 20
HOW_TO = "请先选中工作表“指标”里的一行，或写着 {{ 指标 }} 的格子，或一行活动、办件、任务，再点“数字来源”。"


class Explained(NamedTuple):
    """What is said, and the rows to select."""

    text: str
    rows: tuple[Cell, ...] = ()


def explain(book: OpenBook) -> str:
    """Say it, and select the rows of one metric where they stand on a sheet that is shown.

    Raises Refusal where nothing is selected that has to do with a metric.
    """
    place = book.selected()
    if place is None:
        raise Refusal(HOW_TO)
    raw = book.raw()
    book.tell("正在找来源……")
    told = explained(Ledger(admit(recognize(raw))), Cell(place.sheet, place.row, place.column))
    if told.rows and book.visible(told.rows[0].sheet):
        sheet = told.rows[0].sheet
        first = next(areas((one.row, one.column) for one in told.rows if one.sheet == sheet))
        book.go(sheet, first.address)
    return told.text


def explained(ledger: Ledger, cell: Cell) -> Explained:
    """The metric of a row of 指标, the metrics in the slots of a text, or those that count a row."""
    from templates.provenance.marking import metrics_manifest
    from workbook.facts import Facts

    manifest = metrics_manifest(Facts(ledger))
    names = _metric_names(ledger, cell)
    if names:
        found = [mark for mark in manifest.figures if mark.slot in names]
    else:
        found = [mark for mark in manifest.figures if f"{cell.sheet}!{cell.row}" in mark.rows]
    if not found:
        raise Refusal(f"{cell} 没有算进哪个指标，也不是算得出的指标。{HOW_TO}" if not names
                      else f"指标“{'、'.join(names)}”还算不出数，请先点“校验”看它的问题。")
    lines = [_told(mark) for mark in found[:SHOWN]] + [f"……共 {len(found)} 个指标"] * (len(found) > SHOWN)
    head = "" if names else f"{cell.sheet}第 {cell.row} 行算进了：\n"
    return Explained(head + "\n".join(lines), _cells(found[0].rows) if names and len(found) == 1 else ())


def _metric_names(ledger: Ledger, cell: Cell) -> tuple[str, ...]:
    """The names of the metrics that a cell defines or asks for."""
    records = ledger[METRICS.title]
    codes, names = records.texts("编号"), records.texts("名称")
    if len(records) and cell.sheet == records.table.name:
        return tuple(names[index] for index in records.facts if records.cell(index, "名称").row == cell.row)
    sheet = ledger.book.raw.sheet(cell.sheet)
    row = sheet.rows[cell.row - 1] if sheet and cell.row <= len(sheet.rows) else []
    text = row[cell.column - 1] if cell.column <= len(row) else None
    asked = {part.name for part in parse_slots(text) if isinstance(part, Slot)} if isinstance(text, str) else set()
    return tuple(name for code, name in zip(codes, names, strict=True) if {code, name} & asked - {""})


def _told(mark: Mark) -> str:
    rows = _folded(mark.rows)
    cells = "、".join(mark.cells[:SHOWN])
    parts = [f"{mark.slot}：{mark.phrase}", mark.how, f"格子 {cells}" if cells else "", rows]
    return "　".join(filter(None, parts))


def _folded(rows: Sequence[str]) -> str:
    """活动第 5、6、12 行."""
    said = []
    for sheet, group in groupby((row.rpartition("!") for row in rows), key=lambda parts: parts[0]):
        numbers = [number for _, _, number in group]
        more = f" 等 {len(numbers)} 行" if len(numbers) > ROWS_SHOWN else " 行"
        said.append(f"{sheet}第 {'、'.join(numbers[:ROWS_SHOWN])}{more}")
    return "，".join(said)


def _cells(rows: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(Cell(sheet, int(number), 1) for sheet, _, number in (row.rpartition("!") for row in rows))
