"""Places in a sheet as the file writes them: A1, $A$1, A1:C3."""

from __future__ import annotations

import re

from workbook.findings import column_letters
from workbook.raw import Merge
from workbook.reading.places import column_number

Place = tuple[int, int]
"""Row and column, from 1."""
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


def area(reference: str) -> Merge:
    """A1:C3 or A1 as numbers; what is neither is A1."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = place(first), place(last or first)
    return Merge(top, left, bottom, right)


def place(reference: str) -> Place:
    match = _REFERENCE.fullmatch(reference)
    return (int(match[2]), column_number(match[1].upper())) if match else (1, 1)


def reference(merge: Merge) -> str:
    first, last = f"{column_letters(merge.left)}{merge.top}", f"{column_letters(merge.right)}{merge.bottom}"
    return first if first == last else f"{first}:{last}"


def whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
