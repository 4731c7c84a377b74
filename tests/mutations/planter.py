"""The table of mutations: a code, how to plant its fault at a random place, where it must be told, what may follow."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.planting import clean, rows_where, sheet_of, value, where, with_cells, with_row
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.text import parse

Planted = tuple[RawBook, str | set[str]]
"""A faulty ledger, and the place or places where the fault must be told."""
Planting = Callable[[RawBook, Random], Planted]


class Mutation(NamedTuple):
    """`companions` may be told besides the code; with "*" among them anything may."""

    code: str
    plant: Planting
    companions: frozenset[str]


class NotHere(Exception):
    """This ledger has no place for the fault."""


MUTATIONS: dict[str, list[Mutation]] = {}
VALUES = ("Q001", "Q002", "M005", "M006", "M009", "M011", "M012", "N002", "N003", "N006", "N020", "L017")
"""What may follow where a metric now has another value, or a value of 字典 is no longer used."""


def plants(code: str, *companions: str) -> Callable[[Planting], Planting]:
    """Add a way of planting `code`."""

    def add(plant: Planting) -> Planting:
        MUTATIONS.setdefault(code, []).append(Mutation(code, plant, frozenset(companions)))
        return plant

    return add


@cache
def ledgers() -> tuple[RawBook, ...]:
    """The clean ledgers: a civil affairs bureau, a township, a police bureau."""
    here = Path(__file__).parent
    return (clean(), *(parse(path.read_text("utf-8"), path.name) for path in sorted(here.glob("*.ledger.md"))))


def any_row(book: RawBook, random: Random, sheet: str, **wanted: object) -> int:
    """A random row whose columns hold these values."""
    try:
        rows = rows_where(book, sheet, **wanted)
    except (AssertionError, ValueError):
        rows = []
    if not rows:
        raise NotHere(sheet)
    return random.choice(rows)


def put(book: RawBook, random: Random, sheet: str, title: str, new: RawValue, **wanted: object) -> Planted:
    """One cell of a random row changed; told there."""
    row = any_row(book, random, sheet, **wanted)
    return with_cells(book, sheet, row, {title: new}), where(book, sheet, row, title)


def head(book: RawBook, key: str, new: RawValue) -> Planted:
    """One item of 报告信息 changed or added; told there."""
    rows = rows_where(book, "报告信息", 项目=key)
    if rows:
        return with_cells(book, "报告信息", rows[0], {"内容": new}), f"报告信息!B{rows[0]}"
    changed, row = with_row(book, "报告信息", {"项目": key, "内容": new})
    return changed, f"报告信息!B{row}"


def head_of(book: RawBook, key: str) -> RawValue:
    rows = rows_where(book, "报告信息", 项目=key)
    if not rows:
        raise NotHere(key)
    return value(book, "报告信息", rows[0], "内容")


def added(book: RawBook, sheet: str, title: str, **cells: RawValue) -> Planted:
    """A row more; told at one of its cells."""
    changed, row = with_row(book, sheet, cells)
    return changed, where(changed, sheet, row, title)


def with_sheet(book: RawBook, old: str, new: RawSheet | None) -> RawBook:
    """One sheet replaced, removed (None), or added where there is no such."""
    if all(one.name != old for one in book.sheets):
        assert new is not None
        return RawBook(book.path, (*book.sheets, new), book.epoch1904, book.formulas)
    sheets = tuple(new if one.name == old else one for one in book.sheets)
    return RawBook(book.path, tuple(one for one in sheets if one), book.epoch1904, book.formulas)


def with_rows(book: RawBook, sheet: str, rows: list[list[RawValue]]) -> RawBook:
    old = sheet_of(book, sheet)
    return with_sheet(book, sheet, RawSheet(old.name, rows, old.visible, old.merges))


_BODIES = (("任务", "工作成效"), ("条目", "正文"))


def any_body(book: RawBook, random: Random) -> tuple[str, int, str]:
    """Sheet, row and column of a random text that the report prints."""
    places = [(sheet, row, title) for sheet, title in _BODIES
              for row in rows_where(book, sheet, 入报告="是", **{title: ...})]
    return random.choice(places)


def written(book: RawBook, random: Random, sentence: str, *, first: bool = False) -> Planted:
    """A sentence put before or behind a random printed text; told there."""
    sheet, row, title = any_body(book, random)
    old = str(value(book, sheet, row, title))
    new = sentence + old if first or random.random() < 0.4 else old + sentence
    return with_cells(book, sheet, row, {title: new}), where(book, sheet, row, title)
