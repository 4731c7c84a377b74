"""A finding: one fault, at one place, with what to do about it.

Every code, its severity and its wording stand once, in `workbook.faults`;
the rest of the program names a code and fills in the blanks.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs: only an error stops a final report."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        """As a clerk reads it."""
        return {"error": "错误", "warning": "提醒", "info": "说明"}[self.value]


@cache
def column_letters(number: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Cell(NamedTuple):
    """The place of a value; row and column count from 1, as a clerk counts."""

    sheet: str
    row: int
    column: int

    @property
    def a1(self) -> str:
        return f"{column_letters(self.column)}{self.row}"

    def __str__(self) -> str:
        return f"{self.sheet}!{column_letters(self.column)}{self.row}"


class Finding(NamedTuple):
    """One fault: where, what was given, why it matters, what to do.

    `cell` is None where the fault is the sheet's or the file's; `column` is the
    header, `key` the row's 编号, `value` the text as the clerk sees it. `row_id` and
    `digest` name the row and its value to 已知问题 (`workbook.acknowledged`);
    `acknowledged` is the reason given there.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    authority: str = ""
    cell: Cell | None = None
    sheet: str = ""
    column: str = ""
    key: str = ""
    value: str = ""
    row_id: str = ""
    digest: str = ""
    acknowledged: str = ""

    @property
    def open(self) -> bool:
        """Whether there is something to settle: an acknowledged finding stays listed and counts no more."""
        return not self.acknowledged

    @property
    def blocks(self) -> bool:
        """Whether it stops a final report."""
        return self.severity is Severity.ERROR and self.open

    @property
    def where(self) -> str:
        """`活动!C5`, `活动`, or empty for the file."""
        return str(self.cell) if self.cell else self.sheet

    def as_json(self) -> dict[str, object]:
        """The keys that other offices' scripts rely on."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "sheet": self.cell.sheet if self.cell else self.sheet,
            "cell": self.cell.a1 if self.cell else "",
            "column": self.column,
            "row": self.cell.row if self.cell else None,
            "key": self.key,
            "value": self.value,
            "message": self.message,
            "hint": self.hint,
            "authority": self.authority,
            "row_id": self.row_id,
            "digest": self.digest,
            "acknowledged": self.acknowledged,
        }


class Refusal(Exception):
    """Input that cannot be used; its text is the one sentence a clerk reads.

    Caught once, at the command line (exit code 2) or in a macro (a message box).
    """
