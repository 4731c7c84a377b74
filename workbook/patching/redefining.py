"""The formulas of 指标 that rows which came make others: those of new metrics, and of metrics that are made of them."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbook.book import Book
from workbook.ledger import Ledger
from workbook.metrics import read_metrics
from workbook.no_ledger import VERSION_KEY
from workbook.patching.package_edit import PackageEdit
from workbook.patching.references import Place
from workbook.schema import METRICS
from workbook.standard.formulas import Formulas, metric_formulas
from workbook.standard.layout import lay_out
from workbook.standard.look import GENERAL_FORMAT, TENTH_FORMAT
from workbook.standard.metric_cells import REPORTED, YEAR, in_percent
from workbook.standard.terms import END, PLAN_START, START

_TABLE = re.compile(r"([^\W\d]\w*)\[")


class Redefined(NamedTuple):
    """What the program writes into a cell: the formula before and now (without =; "" for none), and its look."""

    was: str
    now: str
    number_format: str


def redefined(before: Book, after: Book) -> dict[Place, Redefined]:
    """The cells whose formula is another in the changed ledger; none in a book that the program did not write."""
    table = after.tables.get(METRICS.title)
    if table is None or VERSION_KEY not in after.meta:
        return {}
    held, made = (metric_formulas(book, lay_out(book)) for book in (before, after))
    units, styles = table.values("单位"), table.values("数字样式")
    found: dict[Place, Redefined] = {}
    for metric in read_metrics(Ledger(after))[0]:
        now, was = made.pop(metric.code, None), held.get(metric.code, Formulas())
        shown = TENTH_FORMAT if in_percent(units[metric.row], styles[metric.row]) else GENERAL_FORMAT
        for title, old, new in _pairs(was, now or was):
            if old != new and title in table.places:
                found[table.numbers[metric.row], table.places[title]] = Redefined(old[1:], new[1:], shown)
    return found


def _pairs(was: Formulas, now: Formulas) -> tuple[tuple[str, str, str], ...]:
    return (YEAR, was.this_year, now.this_year), (REPORTED, was.reported, now.reported)


def names_in(package: PackageEdit) -> set[str]:
    """What formulas can name in a workbook: its Excel tables and defined names."""
    sheets = [package.relations(sheet.part).values() for sheet in package.outline.sheets]
    tables = [package.part(one.target).root for related in sheets for one in related
              if one.kind == "table" and package.has(one.target)]
    book = package.part(package.main)
    listed = book.child("definedNames")
    return {node.get("displayName") for node in tables} | {
        node.get("name") for node in (book.children(listed) if listed else ())}


def named_by(formula: str) -> set[str]:
    """The tables and names of 报告信息 that a metric's formula counts on."""
    return {*_TABLE.findall(formula), *(name for name in (START, END, PLAN_START) if name in formula)}
