"""What became of every cell of the old file: written, made anew, or set aside with a reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from workbook.faults import safe
from workbook.findings import Cell
from workbook.raw import RawSheet, RawValue
from workbook.readings import plain
from workbook.standard.xlsx_cells import stored

BLANK = (None, "")
_TIMES = (dt.date, dt.time, dt.timedelta)
_TIME_PLACES = 7
"""Of a day: a hundredth of a second; programs round the rest differently."""


class Fate(StrEnum):
    """What became of a cell."""

    WRITTEN = "写入"
    REBUILT = "重建"
    ASIDE = "移到附表"


class Entry(NamedTuple):
    """One cell of the old file and where it is now; `to` is a place of the new file."""

    cell: Cell
    value: RawValue
    fate: Fate
    to: str
    why: str = ""

    def as_json(self) -> dict[str, str]:
        told = {"from": str(self.cell), "fate": self.fate.value, "to": self.to}
        return told | ({"value": shown(self.value), "reason": self.why} if self.why else {})


class Change(NamedTuple):
    """One thing that was done, in a clerk's words; `settle`: a person should look at it."""

    text: str
    settle: bool = False


class Unbalanced(Exception):
    """A cell is not where the program put it: our fault, so nothing is written."""


def same(one: RawValue, other: RawValue) -> bool:
    """Whether an xlsx file holds the same for both."""
    return (type(one) is type(other) and one == other) or key_of(one) == key_of(other)


def key_of(value: RawValue) -> tuple[str, str]:
    """Two values with the same key are the same in an xlsx file."""
    if value in BLANK:
        return "", ""
    kind, content = stored(value)
    if kind != "n":
        return kind, content
    number = Decimal(content)
    return kind, str((round(number, _TIME_PLACES) if isinstance(value, _TIMES) else number).normalize())


def shown(value: RawValue, most: int = 40) -> str:
    """A value for the screen: short, without any person's number in full."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    text = safe(plain(value) if number else str(value)).replace("\n", " ")  # type: ignore[arg-type]
    return text if len(text) <= most else text[:most] + "……"


def cells_of(sheet: RawSheet) -> dict[Cell, RawValue]:
    """Every cell of a sheet that is not blank."""
    return {Cell(sheet.name, number, at): value for number, row in enumerate(sheet.rows, 1)
            for at, value in enumerate(row, 1) if value not in BLANK}
