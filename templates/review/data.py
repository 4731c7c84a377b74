"""What the review page knows of the ledger: used rows, the cells of each figure, never a contact.

All places are numbers: sheets by position, rows and columns as in Excel. Equal
sets of cells stand once, rows as runs, so that 5,000 figures over 10,000 rows
stay small.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from templates.review.marks import Reviewed, by_column, runs
from workbook.book import Header, Table, fold_header
from workbook.findings import Cell, column_letters
from workbook.ledger import Ledger, shown
from workbook.personal import mask
from workbook.raw import RawValue
from workbook.schema import HEAD_SHEET, ID_COLUMN
from workbook.spans import Origin, Span, Spans

WITHHELD = "（联系方式，不放进核对页）"
_CONTACT = re.compile(r"电话|手机|邮箱|邮件|联系人|联系方式|传真|微信|QQ|e-?mail", re.IGNORECASE)

CellSet = list[list[Any]]
"""[[sheet, column, [first, last, first, last, …]], …]"""


class Sets:
    """Sheets and sets of cells as the page counts them; both grow."""

    def __init__(self, ledger: Ledger) -> None:
        self.tables: list[Table] = [ledger.book.head, *ledger.book.tables.values()]
        self.sheet_of = {table.name: number for number, table in enumerate(self.tables)}
        self.sets: list[CellSet] = []
        self.used: dict[str, set[int]] = {}
        self._seen: dict[int, tuple[int, Sequence[Cell]]] = {}
        self._numbers: dict[str, int] = {}

    def number(self, cells: Sequence[Cell]) -> int:
        """The number of this set of cells; figures of one metric share theirs, so each is looked at once."""
        if id(cells) not in self._seen:
            self._seen[id(cells)] = self._number(cells), cells
        return self._seen[id(cells)][0]

    def _number(self, cells: Sequence[Cell]) -> int:
        made: CellSet = []
        for (sheet, column), rows in by_column(cells).items():
            self.used.setdefault(sheet, set()).update(rows)
            if sheet in self.sheet_of:
                made.append([self.sheet_of[sheet], column, runs(rows)])
        if (key := str(made)) not in self._numbers:
            self._numbers[key] = len(self.sets)
            self.sets.append(made)
        return self._numbers[key]


def page_data(ledger: Ledger, marks: Sequence[Reviewed], passages: Sequence[Spans]) -> dict[str, Any]:
    """Everything the page's script reads; `passages` are the lines of the report."""
    places = Sets(ledger)
    figures = [_figure(one, places) for one in marks]
    texts = [places.number(span.source.cells) for line in passages for span in line if is_passage(span)]
    return {
        "marks": figures, "texts": texts, "sets": places.sets,
        "sheets": [_sheet(table, places.used.get(table.name, set())) for table in places.tables],
    }


def is_passage(span: Span) -> TypeGuard[Any]:
    """Whether a span is text typed in a cell."""
    return span.source is not None and span.source.origin is Origin.TEXT and bool(span.source.cells)


def _figure(one: Reviewed, places: Sets) -> list[Any]:
    """[phrase, origin, value, how, slot, last year, cells, rows, the cell it is printed in]"""
    source = one.source
    return [one.phrase, str(source.origin), mask(source.value), source.how, source.slot, one.last,
            places.number(source.cells), places.number(source.rows),
            places.number((source.place,) if source.place else ())]


def _sheet(table: Table, used: set[int]) -> dict[str, Any]:
    headers = [header for header in table.headers if not withheld(header.text) and header.text != ID_COLUMN]
    rows = [[number, *_row(table, index, headers)] for index, number in enumerate(table.numbers) if number in used]
    return {"name": table.name, "rows": rows, "total": len(table),
            "columns": [[column_letters(header.number), header.text, header.number, width(header)]
                        for header in headers]}


def _row(table: Table, index: int, headers: Sequence[Header]) -> list[str]:
    values: Mapping[str, RawValue] = {header.text: value for header, value in table.row_values(index)}
    secret = table.sheet.title == HEAD_SHEET and withheld(shown(table.value(index, "项目")))
    return [WITHHELD if secret and header.title == "内容" else mask(shown(values[header.text])) for header in headers]


def withheld(header: str) -> bool:
    """Whether a column or a key of 报告信息 holds what reaches a person: 电话, 邮箱, 联系人 …"""
    return _CONTACT.search(fold_header(header)) is not None


def width(header: Header) -> int:
    """How wide a column is on the page, in characters."""
    return int(min(36, max(5, header.column.width if header.column else 12)))

