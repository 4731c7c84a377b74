"""What a value is as an XML cell: text inside the cell, a date as a number in a style that shows a date."""

from __future__ import annotations

import datetime as dt
import functools
import re
from decimal import Decimal
from typing import NamedTuple
from xml.sax.saxutils import escape

from workbook.findings import Cell, Refusal, column_letters
from workbook.patching.grid import Found
from workbook.patching.styles import Styles
from workbook.raw import ErrorValue, RawValue
from workbook.reading.serials import Kind
from workbook.standard.xlsx_cells import FORMULA_MARKS, fitting, special_look, storable, stored

_DAYS_1904 = 1462
_SURELY_FITS = 16_000
"""Characters that are no more than a cell holds, whatever they are."""
_LITERAL_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")


class Writer(NamedTuple):
    """Makes cells of one sheet; `styles` takes what a date needs."""

    sheet: str
    styles: Styles
    epoch1904: bool
    prefix: bytes

    def cell(self, found: Found, value: RawValue) -> bytes | None:
        """The cell's element with a value; None where there is nothing to clear."""
        if value is None or value == "":
            return blank_cell(self.prefix, found, found.style) if found.node is not None else None
        kind, content = stored(value)
        if kind == "s":
            return self._text(found, content)
        if kind == "n":
            return self._number(found, value, content)
        return self._element(found, found.style, kind, b"v", escape(content).encode())

    def fitting(self, text: str, row: int, column: int) -> str:
        """The text; raises Refusal where it is longer than a cell."""
        return text if len(text) <= _SURELY_FITS else fitting(text, Cell(self.sheet, row, column))

    def _text(self, found: Found, text: str) -> bytes:
        self.fitting(text, found.row, found.column)
        style = self.styles.changed(found.style, quotePrefix="1") if text.startswith(FORMULA_MARKS) else found.style
        return text_cell(self.prefix, found, style, text)

    def _number(self, found: Found, value: RawValue, content: str) -> bytes:
        shown, style = self.styles.kind(found.style), found.style
        if isinstance(value, int | float | Decimal):
            if not Decimal(value).is_finite():
                raise Refusal(f"{Cell(self.sheet, found.row, found.column)}：要填的不是一个数（{value}）。请核对。")
            if shown is not Kind.NUMBER:
                style = self.styles.changed(style, numFmtId="0", applyNumberFormat="1")
        else:
            if shown is not (Kind.SPAN if isinstance(value, dt.timedelta) else Kind.MOMENT):
                code = special_look(value, "")["num_format"]
                style = self.styles.changed(style, numFmtId=str(self.styles.code_id(code)), applyNumberFormat="1")
            if self.epoch1904 and isinstance(value, dt.date):
                content = repr(float(content) - _DAYS_1904)
        return self._element(found, style, "n", b"v", content.encode())

    def _element(self, found: Found, style: int, kind: str, tag: bytes, content: bytes) -> bytes:
        inside = b"<" + self.prefix + tag + b">" + content + b"</" + self.prefix + tag + b">"
        return _cell(self.prefix, found, style, b"" if kind == "n" else f' t="{kind}"'.encode(), inside)


def written(value: RawValue) -> bool:
    """Whether a value leaves something in its cell."""
    return value is not None and not (isinstance(value, str | ErrorValue) and str(value) == "")


def text_cell(prefix: bytes, found: Found, style: int, text: str) -> bytes:
    """A cell that holds its text itself; the shared strings stay as they are."""
    return _cell(prefix, found, style, b' t="inlineStr"', inline(prefix, text).encode())


@functools.lru_cache(4096)
def inline(prefix: bytes, text: str) -> str:
    """A text as it stands inside its cell."""
    tag = prefix.decode()
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<{tag}is><{tag}t{space}>{_spelled(text)}</{tag}t></{tag}is>"


def blank_cell(prefix: bytes, found: Found, style: int) -> bytes:
    """A cell with a style and nothing else."""
    return _start(prefix, found, style) + b"/>"


def valued_cell(prefix: bytes, found: Found, kind: bytes, formula: bytes, content: bytes) -> bytes:
    """A cell with a formula, where there is one, and the value it has; `kind` is its attribute t."""
    tag = prefix + b"v>"
    return _cell(prefix, found, found.style, kind, formula + b"<" + tag + content + b"</" + tag)


def as_xml(text: str) -> bytes:
    """A text as XML holds it, control characters in Excel's spelling ([ECMA-376] 22.4.2.4)."""
    return _spelled(text).encode()


def _spelled(text: str) -> str:
    spelled = _LITERAL_ESCAPE.sub("_x005F_", storable(text)) if "_x" in text else storable(text)
    if not spelled.isprintable():
        spelled = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", spelled)
    return escape(spelled)


def _start(prefix: bytes, found: Found, style: int) -> bytes:
    place = f'c r="{column_letters(found.column)}{found.row}"' + (f' s="{style}"' if style else "")
    return b"<" + prefix + place.encode()


def _cell(prefix: bytes, found: Found, style: int, kind: bytes, inside: bytes) -> bytes:
    return _start(prefix, found, style) + kind + b">" + inside + b"</" + prefix + b"c>"
