"""What tests of the written workbook share: small books, the written file, a look into it."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any

from openpyxl import load_workbook

from tests.hand_counted import TODAY, hand_counted
from workbook.book import Book, recognize
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.standard.cached import cached_values
from workbook.standard.layout import FIRST_ROW, HEADER_ROW
from workbook.standard.writer import write


def book_of(*sheets: RawSheet, head: tuple[list[RawValue], ...] = ()) -> Book:
    """A recognizable file: the given sheets beside an empty 报告信息 and 章节."""
    given = {sheet.name for sheet in sheets}
    needed = [RawSheet("报告信息", [["项目", "内容"], *head]), RawSheet("章节", [["编号", "标题"]])]
    return recognize(RawBook("试.xlsx", (*(sheet for sheet in needed if sheet.name not in given), *sheets)))


@cache
def made(today: dt.date = TODAY) -> bytes:
    """The hand-counted ledger; whatever XlsxWriter would drop with a warning is an error here."""
    book = hand_counted()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return write(book, cached_values(book), today=today)


def opened(data: bytes, *, values: bool = False) -> Any:
    return load_workbook(io.BytesIO(data), data_only=values)


def part(name: str, data: bytes | None = None) -> str:
    with zipfile.ZipFile(io.BytesIO(made() if data is None else data)) as package:
        return package.read(name).decode()


def sheet_xml(title: str) -> str:
    names = opened(made()).sheetnames
    return part(f"xl/worksheets/sheet{names.index(title) + 1}.xml")


def visible(sheet: Any) -> list[str]:
    """The letters of the columns a clerk sees."""
    shown = sheet.column_dimensions
    letters = (cell.column_letter for cell in sheet[HEADER_ROW])
    hidden = {letter for dimension in shown.values() if dimension.hidden for letter in _letters(dimension)}
    return [letter for letter in letters if letter not in hidden]


def _letters(dimension: Any) -> Iterator[str]:
    from openpyxl.utils import get_column_letter

    return (get_column_letter(at) for at in range(dimension.min, dimension.max + 1))


def rules_at(sheet: Any, place: str) -> list[Any]:
    return [rule for rule in sheet.data_validations.dataValidation if place in rule.sqref]


def rule_of(sheet: Any, title: str) -> Any:
    """The validation of the first data cell of a column."""
    letter = next(cell.column_letter for cell in sheet[HEADER_ROW] if cell.value == title)
    found = rules_at(sheet, f"{letter}{FIRST_ROW}")
    return found[0] if found else None


def board(values: Any) -> dict[str, Any]:
    """The tiles of 看板 by their labels."""
    sheet = values["看板"]
    return {sheet.cell(4, column).value: sheet.cell(5, column).value for column in range(2, 14, 2)}
