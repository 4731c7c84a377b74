"""Which sheet of a damaged file is which: by name, by headers, a copy, or none of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from workbook import schema
from workbook.book import HEAD, HEADER_SEARCH_ROWS, LONGEST_HEADER, fold, fold_header
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.restoring.balance import BLANK
from workbook.schema import HEAD_BY_TITLE, HEAD_COLUMNS, ID_COLUMN, NO_FACT_SHEETS, Sheet

ALL_SHEETS = (HEAD, *schema.SHEETS)
LIKE = 0.6
FEWEST_KEYS = 3
WIDEST_HEAD = 20
_COPY = re.compile(r"^(?P<name>.+?)(?:\(\d+\)|_\d{1,2}|[-_]?(?:的)?副本\d*(?:\(\d+\))?)$")


class Sorted(NamedTuple):
    """The sheets of a file: ours by title, the original first and copies after it, and the others in their order."""

    ours: dict[str, list[RawSheet]]
    others: list[RawSheet]


def sort_sheets(raw: RawBook) -> Sorted:
    """Say of every sheet what it is; generated sheets and `_元` are in neither list."""
    chosen: dict[str, RawSheet] = {}
    free = [sheet for sheet in raw.sheets if sheet.name not in NO_FACT_SHEETS]
    for names in (lambda sheet: (sheet.title,), lambda sheet: sheet.aliases):
        for sheet in ALL_SHEETS:
            wanted = {fold(name) for name in names(sheet)}
            found = [one for one in _left(free, chosen) if fold(one.name) in wanted and _ours(sheet, one)]
            _choose(chosen, sheet, found)
    for one in _left(free, chosen):
        sheet = max(ALL_SHEETS, key=lambda sheet: likeness(sheet, one))
        _choose(chosen, sheet, [one] if likeness(sheet, one) >= LIKE else [])
    copies = {title: [one for one in _left(free, chosen) if _is_copy(one, title, chosen[title])] for title in chosen}
    known = {id(one) for ones in copies.values() for one in ones}
    others = [one for one in _left(free, chosen) if id(one) not in known]
    return Sorted({title: [chosen[title], *copies[title]] for title in chosen}, others)


def alike(found: Sorted) -> dict[str, str]:
    """Name -> title of the other sheets that are headed like one of ours but not named like its copy."""
    told = {}
    for one in found.others:
        sheet = max(schema.SHEETS, key=lambda sheet: likeness(sheet, one))
        if likeness(sheet, one) >= LIKE:
            told[one.name] = sheet.title
    return told


def is_ours(raw: RawBook, found: Sorted) -> bool:
    """Whether the file was once a standard workbook: its `_元`, its head, its outline or its row ids are there."""
    rows = [row for sheets in found.ours.values() for row in sheets[0].rows[:HEADER_SEARCH_ROWS]]
    needed = any(title in found.ours for title in schema.REQUIRED_SHEETS)
    return needed or raw.sheet(schema.META_SHEET) is not None or any(ID_COLUMN in row for row in rows)


def header_row(sheet: Sheet, raw: RawSheet) -> int | None:
    """The row, from 1, that holds most of the sheet's headers; None where no row holds two."""
    known = known_headers(sheet)
    scores = [len(_texts(row) & known) for row in raw.rows[:HEADER_SEARCH_ROWS]]
    best = max(scores, default=0)
    return scores.index(best) + 1 if best >= 2 else None


def known_headers(sheet: Sheet) -> set[str]:
    """Every header the sheet's columns are known by, as compared."""
    return {fold_header(name) for column in sheet.columns for name in (column.title, *column.aliases)}


def likeness(sheet: Sheet, raw: RawSheet) -> float:
    """The share of the required columns that stand as headers; for 报告信息, whether its keys stand in a column."""
    if sheet is HEAD:
        return float(key_column(raw) is not None)
    row = header_row(sheet, raw)
    present = _texts(raw.rows[row - 1]) if row else set()
    if len(present & known_headers(sheet)) < min(3, len(sheet.columns)):
        return 0.0
    wanted = [column for column in sheet.columns if column.required] or list(sheet.columns)
    hits = sum(bool({fold_header(name) for name in (column.title, *column.aliases)} & present) for column in wanted)
    return hits / len(wanted)


def key_column(raw: RawSheet) -> int | None:
    """The column, from 0, of 报告信息 in which most of its keys stand; None where no column holds three."""
    width = min(max(map(len, raw.rows), default=0), WIDEST_HEAD)
    counts = [len({key_in(row[at]) for row in raw.rows if at < len(row)} - {""}) for at in range(width)]
    best = max(counts, default=0)
    return counts.index(best) if best >= FEWEST_KEYS else None


def key_place(raw: RawSheet) -> int | None:
    """The same column; without three keys, the one headed 项目."""
    at = key_column(raw)
    headed = (number for row in raw.rows[:HEADER_SEARCH_ROWS] for number, value in enumerate(row)
              if isinstance(value, str) and fold_header(value) == HEAD_COLUMNS[0])
    return next(headed, None) if at is None else at


def key_in(value: RawValue) -> str:
    """The key of 报告信息 that a cell names, or nothing."""
    folded = fold_header(value) if isinstance(value, str) else ""
    return folded if folded in HEAD_BY_TITLE else ""


def _ours(sheet: Sheet, raw: RawSheet) -> bool:
    """Of a sheet that has the right name: does it hold anything of ours?"""
    if sheet is HEAD:
        return key_column(raw) is not None or header_row(sheet, raw) is not None
    return header_row(sheet, raw) is not None or (bool(raw.rows) and sheet.purpose in raw.rows[0])


def _choose(chosen: dict[str, RawSheet], sheet: Sheet, found: Sequence[RawSheet]) -> None:
    if found and sheet.title not in chosen:
        chosen[sheet.title] = found[0]


def _left(free: Iterable[RawSheet], chosen: dict[str, RawSheet]) -> list[RawSheet]:
    taken = {id(one) for one in chosen.values()}
    return [one for one in free if id(one) not in taken]


def _is_copy(one: RawSheet, title: str, original: RawSheet) -> bool:
    """活动 (2), 活动 - 副本: named after the original, headed like it."""
    sheet = next(sheet for sheet in ALL_SHEETS if sheet.title == title)
    match = _COPY.match(fold(one.name))
    return match is not None and match["name"] in (fold(title), fold(original.name)) and _ours(sheet, one)


def _texts(row: Iterable[RawValue]) -> set[str]:
    return {fold_header(text) for text in row
            if isinstance(text, str) and text not in BLANK and len(text) <= LONGEST_HEADER}
