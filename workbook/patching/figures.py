"""The computed cells of 指标 after rows have changed: formulas stay, the values stored beside them are made anew.

Until Excel has calculated, whoever opens the file, or reads it by program, sees what is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from workbook.book import Book, Table, recognize
from workbook.facts import Facts
from workbook.findings import Refusal
from workbook.ledger import Ledger
from workbook.no_ledger import VERSION_KEY
from workbook.patching.grid import Found, Grid, Made
from workbook.patching.package_edit import edit, refused
from workbook.patching.references import Place
from workbook.patching.values import as_xml, valued_cell
from workbook.patching.xmlbytes import REST
from workbook.raw import RawValue
from workbook.reading.reader import read_content
from workbook.reading.sniff import Unusable
from workbook.schema import GENERATED_SHEETS, METRICS
from workbook.standard.metric_cells import PHRASE, REPORTED, YEAR, plain

Figure = int | float | str | None


def with_figures(data: bytes, book: Book | None = None, *, path: str = "") -> bytes:
    """The workbook with 本年值, 报告值 and 报告表述 as the program computes them; the same bytes where they are.

    Formulas stay; a value that stands without one is changed only in a book that has a schema
    version: there the program wrote it. `book` is what the workbook holds, where that is known. Raises Refusal.
    """
    book = book or recognize(read_content(data, path, skip=GENERATED_SHEETS))
    table, wanted = book.tables.get(METRICS.title), stale_figures(book)
    if table is None or not wanted:
        return data
    try:
        package = edit(data, path)
        grid = Grid(package.part(package.worksheet(table.name)))
        grid.change({place: _making(grid, value, ours=VERSION_KEY in book.meta) for place, value in wanted.items()})
        return package.result()
    except (Unusable, Refusal) as why:
        raise refused(path, why) from None


def stale_figures(book: Book) -> dict[Place, Figure]:
    """The cells of 指标 whose stored value is another than the computed one, with that."""
    table = book.tables.get(METRICS.title)
    return dict(_stale(Facts(Ledger(book)), table)) if table else {}


def _stale(facts: Facts, table: Table) -> Iterator[tuple[Place, Figure]]:
    held = {title: table.values(title) for title in (YEAR, REPORTED, PHRASE) if table.has(title)}
    for metric in facts.metrics:
        figure = facts.figure(metric)
        made: dict[str, Figure] = {
            YEAR: _stored(facts.amount(metric, this_year=True).value),
            REPORTED: _stored(figure.amount.value) if figure else None,
            PHRASE: figure.printed.phrase if figure else None}
        for title, stored in held.items():
            if not _same(stored[metric.row], made[title]):
                yield (table.numbers[metric.row], table.places[title]), made[title]


def _stored(value: Decimal | None) -> int | float | None:
    return None if value is None else plain(value)


def _same(stored: RawValue, value: Figure) -> bool:
    return (stored or None) == (value or None) if isinstance(value, str) or value is None else (
        not isinstance(stored, bool) and stored == value)


def _making(grid: Grid, value: Figure, *, ours: bool) -> Made:
    """What makes a cell with its formula and this value; a cell that is missing is left so."""
    tag = re.escape(grid.part.prefix + b"f")
    formula = re.compile(b"<" + tag + rb"(?=[\s/>])" + REST + rb"(?:(?<=/>)|[^<]*</" + tag + rb"\s*>)")

    def make(found: Found) -> bytes | None:
        if found.node is None:
            return None
        held = formula.search(grid.part.data[found.node.inner:found.node.close])
        if held is None and (not ours or value is None):
            return None
        kind, content = (b' t="str"', as_xml(value or "")) if value is None or isinstance(value, str) else (
            b"", repr(value).encode())
        return valued_cell(grid.part.prefix, found, kind, held[0] if held else b"", content)

    return make
