"""The workbook that XlsxWriter makes for us: formulas of old functions go into it as they stand.

XlsxWriter looks for thirty newer functions in every formula, one after the other, which took nearly half of the
time of a standard workbook with its thousand formulas.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workbook.standard import look

_CALLED = re.compile(r"([A-Za-z][\w.]*)\(")
_OLD = frozenset((
    "AND", "COUNT", "COUNTA", "COUNTIFS", "DATE", "EDATE", "FIND", "IF", "IFERROR", "INDEX", "ISERROR", "ISNUMBER",
    "ISTEXT", "LARGE", "LEFT", "LEN", "MATCH", "MAX", "MID", "MIN", "MOD", "MONTH", "NOT", "OR", "ROUND", "ROW",
    "ROWS", "SMALL", "SUBSTITUTE", "SUM", "SUMIFS", "SUMPRODUCT", "TEXT", "TODAY", "VALUE", "YEAR",
))
"""Functions that Excel 2007 has, which need no mark in the file."""


class Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet that looks at a formula once."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        if formula[:1] != "{" and formula[-1:] != "}" and _OLD.issuperset(_CALLED.findall(formula)):
            return formula.removeprefix("=")
        prepared: str = super()._prepare_formula(formula, expand_future_functions)
        return prepared


class _Book(Workbook):  # type: ignore[misc]
    worksheet_class = Sheet


def made_book(target: BytesIO, **options: Any) -> Workbook:
    """A workbook to be filled and closed, whose bytes go into the target."""
    return _Book(target, {"in_memory": True, "default_format_properties": look.DEFAULTS, **options})
