"""Where a cell of an xlsx sheet can stand."""

from __future__ import annotations

import functools

LAST_ROW, LAST_COLUMN = 1_048_576, "XFD"


@functools.cache
def column_number(letters: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
