"""Excel stores a formula that fills a range once; its other cells get it with the relative references moved."""

from __future__ import annotations

import re

from workbook.findings import column_letters
from workbook.reading.places import column_number

_TOKEN = re.compile(
    r"""(?P<kept>"[^"]*"|'[^']*'|\[[^\]]*\])"""
    r"""|(?<![\w.$])(?P<column>\$?[A-Z]{1,3})(?P<row>\$?[1-9][0-9]{0,6})(?![\w.(!])"""
    r"""|(?<![\w.$])(?P<left>\$?[A-Z]{1,3}):(?P<right>\$?[A-Z]{1,3})(?![\w.(!])"""
    r"""|(?<![\w.$])(?P<top>\$?[1-9][0-9]{0,6}):(?P<bottom>\$?[1-9][0-9]{0,6})(?![\w.(!])"""
    r"""|(?P<word>[^\W\d][\w.\\]*)"""
)


def moved(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads so many rows further down and columns further right; $ pins a row or column."""

    def move(match: re.Match[str]) -> str:
        if match["column"]:
            return _column(match["column"], columns) + _row(match["row"], rows)
        if match["left"]:
            return f"{_column(match['left'], columns)}:{_column(match['right'], columns)}"
        if match["top"]:
            return f"{_row(match['top'], rows)}:{_row(match['bottom'], rows)}"
        return match[0]

    return _TOKEN.sub(move, formula)


def _column(letters: str, by: int) -> str:
    return letters if letters.startswith("$") else column_letters(column_number(letters) + by)


def _row(number: str, by: int) -> str:
    return number if number.startswith("$") else str(int(number) + by)
