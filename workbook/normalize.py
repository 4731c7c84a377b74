"""Cells as values: the one door to reading text, yes and no, numbers, dates and names.

Every reader takes a stored value and gives a `Reading`; texts come back as text.
None of them guesses, raises or looks at a neighbouring cell.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from workbook.dates import read_date, read_period
from workbook.names import FESTIVALS, placeholder, read_festival
from workbook.periods import Period, Precision
from workbook.quantities import quantities, read_number
from workbook.raw import ErrorValue, RawValue
from workbook.readings import INVISIBLE, Absent, Problem, Quantity, Reading, compiled, plain, tidy, unread

__all__ = [
    "FESTIVALS", "Absent", "Period", "Precision", "Problem", "Quantity", "Reading", "placeholder", "quantities",
    "read_date", "read_festival", "read_number", "read_period", "read_text", "read_yes_no", "tidy",
]

_YES = frozenset({"是", "有", "对", "√", "✓", "✔", "☑", "Y", "YES", "TRUE", "T", "1"})
_NO = frozenset({"否", "无", "不", "不是", "没有", "×", "✕", "✗", "✘", "N", "NO", "FALSE", "F", "0"})

_NO_BREAK = "(?<=[A-Za-z0-9])[\u00a0\u202f](?=[A-Za-z0-9])"
_LINE_EDGES = r"[^\S\n]*\n[^\S\n]*"


def read_yes_no(raw: RawValue) -> Reading[bool]:
    """是, 有, √, Y, TRUE, 1 are yes; 否, 无, ×, N, FALSE, 0 are no. Problems: C006, C007."""
    if isinstance(raw, bool):
        return Reading(raw)
    if isinstance(raw, ErrorValue):
        return unread("C007")
    return _yes_no(read_text(raw))


@lru_cache(maxsize=1 << 10)
def _yes_no(text: str) -> Reading[bool]:
    folded = tidy(text).upper()
    if folded in _YES or folded in _NO:
        return Reading(folded in _YES)
    return unread("C006", "是、否") if folded else Reading(None)


def read_text(raw: RawValue) -> str:
    """A cell as text: the clerk's characters without invisible ones and without spaces at line edges.

    3.0 is 3, a date is ISO (with its time where it has one), an error its code.
    """
    if isinstance(raw, str):
        text = raw.strip()
        return text if text.isprintable() else _cleaned(text)
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, int | float | Decimal):
        return plain(raw)
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" ", "seconds")
    return str(raw)


def _cleaned(text: str) -> str:
    lines = compiled(INVISIBLE).sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    spaced = compiled(_NO_BREAK).sub(" ", lines).replace("\u00a0", "").replace("\u202f", "")
    return compiled(_LINE_EDGES).sub("\n", spaced).strip()
