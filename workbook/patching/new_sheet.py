"""An empty worksheet more in a clerk's file; whatever else it holds stays byte for byte."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.findings import Refusal
from workbook.patching.listing import add_sheet
from workbook.patching.package_edit import edit, refused
from workbook.patching.style_part import main_vocabulary
from workbook.reading.sniff import Unusable

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def with_sheet(data: bytes, name: str, widths: Sequence[float], *, path: str = "") -> bytes:
    """The workbook with a last, empty worksheet of this name; `widths` of its first columns in characters.

    Raises Refusal for what is no .xlsx or .xlsm.
    """
    try:
        book = edit(data, path)
        add_sheet(book, name, _blank(main_vocabulary(book), widths), ())
        return book.result()
    except (Unusable, Refusal) as why:
        raise refused(path, why) from None


def _blank(vocabulary: bytes, widths: Sequence[float]) -> bytes:
    columns = b"".join(b'<col min="%d" max="%d" width="%.2f" customWidth="1"/>' % (at, at, width)
                       for at, width in enumerate(widths, 1))
    listed = b"<cols>" + columns + b"</cols>" if columns else b""
    return _DECLARATION + b'<worksheet xmlns="' + vocabulary + b'">' + listed + b"<sheetData/></worksheet>"
