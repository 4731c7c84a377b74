"""A table in plain text, as web systems export it (CSV, Excel's “Unicode 文本”): one sheet, each cell a text."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from workbook.findings import Refusal
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.reading.sniff import CHECK_FILE, SAVE_AS, is_plain_text

MOST_CELLS = 5_000_000
_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_TOO_MANY = f"里面的格子多得不正常，没有读。{CHECK_FILE}"
_SEPARATORS = "\t,;"
_TWO_BYTES = "\u0800"
"""Where UTF-8 begins to take three bytes, as it does for every Chinese character."""


def separated(data: bytes, name: str) -> tuple[RawBook, str] | None:
    """The table with the encoding it was read in; None where the file is something else, or a text without columns.

    Raises Refusal where it is damaged or beyond all measure.
    """
    if not is_plain_text(data):
        return None
    encoding, text = decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    if separator not in first:
        return None
    rows = _rows(text, separator, name)
    return RawBook(name, (RawSheet(PurePath(name).stem[:31] or "表", rows),)), encoding


def decoded(data: bytes) -> tuple[str, str]:
    """(encoding, text): by the byte order mark, else UTF-8, else GB18030; what is no text in it shows as �.

    Some words in GBK (联通) are UTF-8 too, of two-byte letters that no office writes: then it is GB18030.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark):].decode(encoding, "replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030", data.decode("gb18030", "replace")
    if text.isascii() or max(text) >= _TWO_BYTES:
        return "utf-8", text
    return "gb18030", data.decode("gb18030", "replace")


def _rows(text: str, separator: str, name: str) -> list[list[RawValue]]:
    rows: list[list[RawValue]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            cells += len(row)
            if cells > MOST_CELLS:
                raise Refusal(f"{name}：{_TOO_MANY}")
            rows.append([cell if cell.strip() else None for cell in row])
    except csv.Error:
        raise Refusal(f"{name}：文本表格写坏了（多半是一个引号没有配对），读不下去。{SAVE_AS}") from None
    width = max(map(len, rows), default=0)
    if width * len(rows) > MOST_CELLS:
        raise Refusal(f"{name}：{_TOO_MANY}")
    return [row + [None] * (width - len(row)) for row in rows]
