"""统计表: rows and columns in order of appearance, totals computed where named so."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from templates.blocks import Block, Grid, Paragraph, Role
from workbook.facts import plain
from workbook.faults import found
from workbook.fill import Filler
from workbook.findings import Cell, Finding
from workbook.ledger import Ledger, Records
from workbook.normalize import Quantity, read_number
from workbook.rowkinds import TOTAL_WORDS
from workbook.schema import STATISTICS
from workbook.spans import Origin, Source, Span, Spans, text_of

_TOTALS = frozenset(TOTAL_WORDS)


class _Value(NamedTuple):
    cell: Cell
    spans: Spans
    number: Decimal | None


class StatisticsReader:
    """The tables of sheet 统计表; `findings` grows as they are printed."""

    def __init__(self, ledger: Ledger, filler: Filler) -> None:
        self.records: Records = ledger[STATISTICS.title]
        self.filler = filler
        self.findings: list[Finding] = []

    def blocks(self, chapter: str, title: str) -> list[Block]:
        """The title and the grid of one table."""
        rows = [i for i in self._rows() if self._text("表题", i) == title and self._text("章节", i) == chapter]
        values = {(self._text("行", i), self._text("列", i)): self._value(i) for i in rows}
        across = list(dict.fromkeys(column for _, column in values))
        down = list(dict.fromkeys(row for row, _ in values))
        units = {unit for i in rows if (unit := self._text("单位", i))}
        corner = f"单位：{units.pop()}" if len(units) == 1 else ""
        header: tuple[Spans, ...] = ((Span(corner),), *((Span(column),) for column in across))
        grid = [((Span(row),), *(self._printed(values, row, column) for column in across)) for row in down]
        caption = self.filler.fill(title, self.records.cell(rows[0], "表题"))
        return [Paragraph(Role.TABLE_TITLE, caption),
                Grid((header, *grid), frozenset(range(1, len(across) + 1)))]

    def _rows(self) -> list[int]:
        return [index for index in self.records.facts if self._text("表题", index)]

    def _text(self, title: str, index: int) -> str:
        return self.records.texts(title)[index]

    def _value(self, index: int) -> _Value:
        cell, text = self.records.cell(index, "值"), self._text("值", index)
        spans = self.filler.fill(text, cell) if text else ()
        number = read_number(text_of(spans)).value if spans else None
        if not isinstance(number, Quantity):
            return _Value(cell, spans, None)
        if len(spans) == 1 and spans[0].source and spans[0].source.origin is Origin.TEXT:
            typed = Source(Origin.FIGURE, (cell,), how="填报", value=plain(number.value), place=cell)
            spans = (Span(spans[0].text, typed),)
        return _Value(cell, spans, number.value)

    def _printed(self, values: dict[tuple[str, str], _Value], row: str, column: str) -> Spans:
        value = values.get((row, column))
        addends = self._addends(values, row, column)
        if addends is None:
            return value.spans if value else ()
        total = sum((one.number or Decimal(0) for one in addends), Decimal(0))
        if value and value.number is not None:
            if value.number != total:
                self.findings.append(found("M006", value.cell, column="值", value=plain(value.number),
                                           given=plain(total)))
            return value.spans
        cells = tuple(one.cell for one in addends)
        return (Span(plain(total), Source(Origin.FIGURE, cells, how="合计", value=plain(total))),)

    def _addends(self, values: dict[tuple[str, str], _Value], row: str, column: str) -> list[_Value] | None:
        """The cells that a total sums; None where this cell is no total."""
        if row not in _TOTALS and column not in _TOTALS:
            return None
        return [value for (one_row, one_column), value in values.items()
                if one_row not in _TOTALS and one_column not in _TOTALS
                and (row in _TOTALS or one_row == row) and (column in _TOTALS or one_column == column)]
