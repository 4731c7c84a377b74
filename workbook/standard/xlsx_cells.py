"""What a stored value is in an xlsx cell: nothing reinterpreted, nothing cut.

Text stays text whatever it begins with, a number keeps its digits, a date is a
real date. What Excel cannot hold (dates before 1900, negative times) is written
as text, and a text longer than a cell is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workbook.findings import Cell, Refusal
from workbook.raw import ErrorValue, RawValue
from workbook.schema import Type
from workbook.standard import look

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from workbook.standard.look import Looks

LONGEST_TEXT = 32_767
LONGEST_HEADER = 255
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
FIRST_DAY = dt.date(1900, 3, 1)
"""Excel counts a 29 February 1900; before it, programs disagree about the day."""
LONGEST_SPAN = dt.timedelta(days=2_958_465)
ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
FORMULA_MARKS = ("=", "+", "-", "@")
_UNSTORABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_DAY_ZERO = dt.datetime(1899, 12, 30)
_A_DAY = dt.timedelta(days=1)

NUMBER_FORMATS = {
    Type.DATE: look.DATE_FORMAT, Type.PERCENT: look.PERCENT_FORMAT, Type.LONG: look.GENERAL_FORMAT,
    Type.INTEGER: look.GENERAL_FORMAT, Type.NUMBER: look.GENERAL_FORMAT,
}
"""Everything else is text in Excel too: 1.10 and 007 stay what was typed."""

Stored = tuple[str, str]
"""s text, n number, b truth value or e error, and what stands in the cell."""


def stored(value: RawValue) -> Stored:
    """The kind of cell and its content; `value` is not None."""
    if isinstance(value, str):
        return "s", storable(value)
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, int | float | Decimal):
        return "n", repr(value) if isinstance(value, float) else str(value)
    if isinstance(value, ErrorValue):
        return "e" if value.code in ERRORS else "s", value.code
    serial = None if value is None else _serial(value)
    return ("s", str(value)) if serial is None else ("n", repr(serial))


def special_look(value: RawValue, number_format: str) -> dict[str, Any]:
    """What a value needs beside its column's look; mostly nothing."""
    if isinstance(value, str):
        return {"quote_prefix": True} if value.startswith(FORMULA_MARKS) else {}
    if value is None or isinstance(value, bool | ErrorValue):
        return {}
    if isinstance(value, int | float | Decimal):
        if number_format == look.PERCENT_FORMAT:
            return {"num_format": look.TENTH_FORMAT} if round(float(value) * 100, 6) % 1 else {}
        return {"num_format": look.GENERAL_FORMAT} if number_format in (look.DATE_FORMAT, look.TEXT_FORMAT) else {}
    shown = _time_format(value)
    return {} if _serial(value) is None or shown == number_format else {"num_format": shown}


def _serial(value: dt.date | dt.time | dt.timedelta) -> float | None:
    """Excel's number of a day, a time of day or a length of time; None where it has none."""
    if isinstance(value, dt.timedelta):
        return value / _A_DAY if dt.timedelta(0) <= value <= LONGEST_SPAN else None
    if isinstance(value, dt.time):
        return (dt.datetime.combine(_DAY_ZERO, value.replace(tzinfo=None)) - _DAY_ZERO) / _A_DAY
    moment = value.replace(tzinfo=None) if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    return (moment - _DAY_ZERO) / _A_DAY if moment.date() >= FIRST_DAY else None


def _time_format(value: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.time):
        return look.CLOCK_FORMAT
    if isinstance(value, dt.timedelta):
        return look.SPAN_FORMAT
    return look.MOMENT_FORMAT if isinstance(value, dt.datetime) and value.time() != dt.time() else look.DATE_FORMAT


def storable(text: str) -> str:
    """The text without what XML cannot hold; a pair of surrogates is the character it stands for."""
    if _UNSTORABLE.search(text) is None:
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return re.sub("[\ufffe\uffff]", "\ufffd", joined)


def shown_text(text: str) -> str:
    """The text with control characters as their pictures, line breaks apart."""
    return _CONTROL.sub(lambda match: chr(0x2400 + ord(match[0])), storable(text))


def header_text(text: str) -> str:
    """A header an Excel table can have."""
    return _ESCAPE.sub("＿", shown_text(text))


def require_room(sheet: str, rows: int, columns: int) -> None:
    """Raises Refusal where a sheet would be larger than Excel's."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise Refusal(f"{sheet}：有{rows}行、{columns}列，Excel一张表最多{MOST_ROWS}行、{MOST_COLUMNS}列。"
                      "请拆成几本台账。")


def fitting(text: str, cell: Cell) -> str:
    """The text; raises Refusal where it is longer than a cell."""
    if len(text) > LONGEST_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise Refusal(f"{cell}：这一格有{len(text)}个字，Excel一格最多{LONGEST_TEXT}个。请分成几行填写。")
    return text


class Cells:
    """Writes single cells of a sheet without columns of its own; rows and columns count from 0."""

    def __init__(self, sheet: Worksheet, looks: Looks) -> None:
        self.sheet = sheet
        self.looks = looks

    def put(self, row: int, at: int, value: RawValue, shown: dict[str, Any]) -> None:
        """Write one value; None writes nothing."""
        if value is None:
            return
        kind, content = stored(value)
        form = self.looks(shown, special_look(value, shown["num_format"]))
        if kind == "s":
            self.sheet.write_string(row, at, fitting(content, Cell(self.sheet.name, row + 1, at + 1)), form)
        elif kind == "n":
            self.sheet.write_number(row, at, _Written(content), form)
        elif kind == "b":
            self.sheet.write_boolean(row, at, value, form)
        else:
            self.sheet.write_formula(row, at, f"={content}", form, content)


class _Written(float):
    """A number that XlsxWriter, which prints 16 digits, prints as it stands here."""

    digits: str

    def __new__(cls, digits: str) -> _Written:
        made = super().__new__(cls, digits)
        made.digits = digits
        return made

    def __format__(self, spec: str) -> str:
        return self.digits


def put_live(sheet: Worksheet, row: int, at: int, formula: str, value: int | float | str,
             form: Format | None = None) -> None:
    """Write a formula with the value it has now; an empty text is a text, not a number without digits."""
    said = shown_text(value) if isinstance(value, str) else value
    sheet.write_formula(row, at, formula, form, said if said != "" else NO_TEXT)


class _NoText(str):
    """An empty result that XlsxWriter writes as text: for "" itself it leaves the type away."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False


NO_TEXT = _NoText()
