"""The computed cells of 指标 after rows have changed: the values stored beside the formulas are made anew.

Formulas stay as they are, but for those that the program wrote and that new rows make others.

Until Excel has calculated, whoever opens the file, or reads it by program, sees what is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import unescape

from workbook.book import Book, Table, recognize
from workbook.facts import Facts
from workbook.findings import Refusal
from workbook.ledger import Ledger
from workbook.no_ledger import VERSION_KEY
from workbook.patching.cells import forget_chain
from workbook.patching.grid import Found, Grid, Made
from workbook.patching.package_edit import PackageEdit, edit, refused
from workbook.patching.redefining import Redefined, named_by, names_in, redefined
from workbook.patching.references import Place
from workbook.patching.style_part import styles_of
from workbook.patching.styles import Styles
from workbook.patching.values import as_xml, blank_cell, valued_cell
from workbook.patching.xmlbytes import REST, Node
from workbook.raw import RawValue
from workbook.reading.reader import read_content
from workbook.reading.sniff import Unusable
from workbook.schema import GENERATED_SHEETS, METRICS
from workbook.standard.metric_cells import PHRASE, REPORTED, YEAR, plain

Figure = int | float | str | None


def with_figures(data: bytes, book: Book | None = None, *, before: Book | None = None, path: str = "") -> bytes:
    """The workbook with 本年值, 报告值 and 报告表述 as the program computes them; the same bytes where they are.

    A value that stands without a formula is changed only in a book that has a schema version: there the program
    wrote it. `book` is what the workbook holds, where that is known; `before`, what it held: formulas stay, but for
    those the program wrote then and would write otherwise now. Raises Refusal.
    """
    book = book or recognize(read_content(data, path, skip=GENERATED_SHEETS))
    table, wanted = book.tables.get(METRICS.title), stale_figures(book)
    formulas = redefined(before, book) if before else {}
    if table is None or not (wanted or formulas):
        return data
    try:
        package = edit(data, path)
        figures = {place: value for place, (_, value) in _figures(book).items() if place in formulas} | wanted
        _put(package, table.name, figures, formulas, ours=VERSION_KEY in book.meta)
        return package.result()
    except (Unusable, Refusal) as why:
        raise refused(path, why) from None


def _put(package: PackageEdit, sheet: str, figures: Mapping[Place, Figure], formulas: Mapping[Place, Redefined], *,
         ours: bool) -> None:
    grid = Grid(package.part(package.worksheet(sheet)))
    known = names_in(package) if formulas else set()
    possible = {place: one for place, one in formulas.items() if named_by(one.now) <= known}
    styles = styles_of(package) if possible else None
    grid.change({place: _making(grid, value, possible.get(place), styles, ours=ours)
                 for place, value in figures.items()})
    if styles:
        styles.finish()
        forget_chain(package)


def stale_figures(book: Book) -> dict[Place, Figure]:
    """The cells of 指标 whose stored value is another than the computed one, with that."""
    return {place: made for place, (stored, made) in _figures(book).items() if not _same(stored, made)}


def _figures(book: Book) -> dict[Place, tuple[RawValue, Figure]]:
    """The cells of 指标 with what is stored and what is computed."""
    table = book.tables.get(METRICS.title)
    return dict(_reckoned(Facts(Ledger(book)), table)) if table else {}


def _reckoned(facts: Facts, table: Table) -> Iterator[tuple[Place, tuple[RawValue, Figure]]]:
    held = {title: table.values(title) for title in (YEAR, REPORTED, PHRASE) if table.has(title)}
    for metric in facts.metrics:
        figure = facts.figure(metric)
        made: dict[str, Figure] = {
            YEAR: _stored(facts.amount(metric, this_year=True).value),
            REPORTED: _stored(figure.amount.value) if figure else None,
            PHRASE: figure.printed.phrase if figure else None}
        for title, stored in held.items():
            yield (table.numbers[metric.row], table.places[title]), (stored[metric.row], made[title])


def _stored(value: Decimal | None) -> int | float | None:
    return None if value is None else plain(value)


def _same(stored: RawValue, value: Figure) -> bool:
    return (stored or None) == (value or None) if isinstance(value, str) or value is None else (
        not isinstance(stored, bool) and stored == value)


def _making(grid: Grid, value: Figure, change: Redefined | None, styles: Styles | None, *, ours: bool) -> Made:
    """What makes a cell with its formula and this value; a cell that is missing is left so."""
    prefix = grid.part.prefix

    def make(found: Found) -> bytes | None:
        if found.node is None:
            return None
        held = formula = _held(grid, found.node)
        if change and _said(held, prefix) == change.was:
            formula = _formula(prefix, change.now)
        if not formula and (not ours or value is None):
            return blank_cell(prefix, found, found.style) if held else None
        if change and styles and not held:
            found = found._replace(style=styles.formatted(found.style, change.number_format))
        kind, content = (b' t="str"', as_xml(value or "")) if value is None or isinstance(value, str) else (
            b"", repr(value).encode())
        return valued_cell(prefix, found, kind, formula, content)

    return make


def _held(grid: Grid, cell: Node) -> bytes:
    """The element of a cell's formula."""
    tag = re.escape(grid.part.prefix + b"f")
    formula = re.compile(b"<" + tag + rb"(?=[\s/>])" + REST + rb"(?:(?<=/>)|[^<]*</" + tag + rb"\s*>)")
    match = formula.search(grid.part.data[cell.inner:cell.close])
    return match[0] if match else b""


def _said(element: bytes, prefix: bytes) -> str | None:
    """The formula of such an element; "" for none, None for one that is shared or an array's."""
    start, end = b"<" + prefix + b"f>", b"</" + prefix + b"f>"
    if element and not (element.startswith(start) and element.endswith(end)):
        return None
    return unescape(element[len(start):-len(end)].decode()) if element else ""


def _formula(prefix: bytes, text: str) -> bytes:
    return b"<" + prefix + b"f>" + as_xml(text) + b"</" + prefix + b"f>" if text else b""
