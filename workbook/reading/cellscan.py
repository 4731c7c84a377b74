"""A look at the bytes of a part before the fast reader gets it: is it bounded, and where are error values?

The fast reader lays a sheet out as a full grid and stops the whole process where
that cannot be held; error values it returns as blanks. A sheet is plain when every
cell says where it stands, in ascending rows, inside a grid in proportion to the
size of the part, written in no way that readers take differently (an attribute
twice, elements with a prefix, comments). That is decided by searches over the
unparsed bytes, at a fraction of the cost of reading; what is not plain goes to the
slower reader.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterable, Iterator

from workbook.reading.sniff import Unusable
from workbook.reading.xmlstream import shallow

LARGEST_GRID = 60_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, "XFD"
_ANY_COLUMN = "(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X(?:[A-E][A-Z]|F[A-D]))"
_FREE_GRID = 2_000_000
_SLICE = 1 << 18
_LONGEST_CELL = 4 << 20
_SMALLEST_STRING = 4
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml([^>]*)\?>\s*)?(?:<!--(?:[^-]|-(?!-))*+-->\s*+)*+<(\w+)")
_OTHER_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]{1,3})(\d{1,7})"')
_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})\d')
_FORBIDDEN = tuple(bytes((code,)) for code in range(32) if code not in (9, 10, 13))
_ROW = re.compile(rb'<row(?: r="(\d{1,7})"|[ />])')
_COUNT = re.compile(rb"uniqueCount\s*=\s*[\"']\s*(\d{1,18})")
_ATTRIBUTES = rb'(?: s="\d++")?+(?: t="\w++")?+[/>]'
_PREFIXED = re.compile(rb"<[\w.-]+:(?:c|row|sheetData|mergeCells?|sheetPr|dimension|worksheet)[\s/>]")
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]* t="e"[^<>]*>((?:[^<]|<(?!/?c[\s>/]))*+)</c>')
_VALUE = re.compile(rb"<v[^<>]*>([^<]*)</v>")
_NEGATIVE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]*>(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v>(-[^<]*)</v>')


class Look:
    """What the bytes of a sheet say; error values and negative numbers by (row, column), both from 1."""

    def __init__(self) -> None:
        self.plain, self.formulas = True, False
        self.errors: dict[tuple[int, int], str] = {}
        self.negatives: dict[tuple[int, int], float] = {}


def look_at_sheet(pieces: Iterable[bytes], part: str, size: int, *, formulas: bool = False) -> Look:
    """Look through a sheet once, for formulas too where they are wanted; raises Unusable where it is broken."""
    look, odd, last_row, tables, text = Look(), None, 0, 0, b""
    for number, text in enumerate(_slices(pieces, part)):
        if number == 0:
            odd = _odd_cell(text, size)
            look.plain = begins_plainly(text, b"worksheet") and odd is not None
        if look.plain and odd is not None:
            rows = _rows(text)
            look.plain = (rows is not None and _ascend(rows, last_row) and not odd.search(text) and _legible(text)
                          and _one_reading(text))
            last_row = rows[-1] if rows else last_row
            tables += (text[:text.find(b"<c ")] or text).count(b"<sheetData") if text[:3] != b"<c " else 0
        look.formulas = look.formulas or (formulas and (b"<f>" in text or b"<f " in text))
        if b"#" in text and b't="e"' in text:
            look.errors.update(_errors(text))
        if b"-" in text and b"<v>-" in text:
            look.negatives.update(_negatives(text))
    look.plain = look.plain and tables + text[text.rfind(b"<c ") + 1:].count(b"<sheetData") <= 1
    return look


def look_at_strings(pieces: Iterable[bytes], size: int) -> bool:
    """Whether the shared strings promise no more than their size can hold; unpacks them to the end."""
    plain = True
    for number, text in enumerate(pieces):
        if number == 0:
            counts = _COUNT.findall(text)
            plain = begins_plainly(text, b"sst") and b">" in text.partition(b"<sst")[2]
            plain = plain and all(int(count) <= size // _SMALLEST_STRING for count in counts)
        plain = plain and _legible(text) and not (b"!" in text and b"<!" in text)
    return plain


def begins_plainly(text: bytes, root: bytes) -> bool:
    """Whether a part is UTF-8 with this root element, unprefixed, and without a document type."""
    match = _PROLOG.match(text)
    return match is not None and match[2] == root and not _OTHER_ENCODING.search(match[1] or b"")


def _slices(pieces: Iterable[bytes], part: str) -> Iterator[bytes]:
    """The bytes in slices that begin at a cell, or at least at a tag."""
    rest = b""
    for piece in pieces:
        rest += piece
        if len(rest) < _SLICE:
            continue
        cut = max(rest.rfind(b"<c "), 0) or rest.rfind(b"<")
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST_CELL:
            raise Unusable(f"部件 {part} 里有一段内容长得不正常，没有读。请在 Excel 里打开，另存后再试。")
    yield rest


def _odd_cell(text: bytes, size: int) -> re.Pattern[bytes] | None:
    """What finds a cell outside the grid that the first slice promises; None where that grid is too large."""
    promised = _DIMENSION.search(text)
    columns = {*_COLUMN.findall(text), promised[1] if promised else b"A"}
    rows = _rows(text) or [1]
    last = max(int(promised[2]) if promised else 1, max(rows), len(rows) * size * 3 // (len(text) * 2 + 1))
    widest = max(columns, key=lambda letters: (len(letters), letters)).decode()
    room = min(LARGEST_GRID, _FREE_GRID + size // 2)
    digits = len(str(last))
    for columns_up_to, places in ((_rounded(widest), max(4, digits)), (_rounded(widest), digits), (widest, digits)):
        if column_number(columns_up_to) * 10**places <= room:
            return _outside(columns_up_to, places)
    return None


def _rounded(widest: str) -> str:
    """A wider grid that more sheets share, so that fewer patterns are compiled."""
    return widest[0] * (len(widest) - 1) + "Z" if len(widest) < 3 else LAST_COLUMN


@functools.cache
def _outside(widest: str, digits: int) -> re.Pattern[bytes]:
    """What finds a cell to the right of a column or in a row of more digits, or one that does not say where it is."""
    first, last = widest[0], widest[-1]
    columns = {
        1: f"[A-{last}]",
        2: f"(?:[A-Z]|{first}[A-{last}]" + (f"|[A-{chr(ord(first) - 1)}][A-Z])" if first > "A" else ")"),
    }.get(len(widest), _ANY_COLUMN)
    return re.compile(rf'<c(?! r="{columns}\d{{1,{digits}}}"'.encode() + _ATTRIBUTES + b"|[a-zA-Z])")


def _rows(text: bytes) -> list[int] | None:
    """The numbers of the rows that begin in a slice; None where one has no number."""
    try:
        return list(map(int, _ROW.findall(text)))
    except ValueError:
        return None


def _ascend(rows: list[int], last: int) -> bool:
    return not rows or (last < rows[0] and rows[-1] <= LAST_ROW and all(map(int.__lt__, rows, rows[1:])))


def _legible(text: bytes) -> bool:
    """Whether no character is one that XML forbids."""
    return not any(mark in text for mark in _FORBIDDEN)


def _one_reading(text: bytes) -> bool:
    """Whether every reader finds the same cells: no comment or CDATA, no cell with a prefix, nothing nested deep.

    The first bytes of each search are rare, so that it ends at once.
    """
    if b"!" in text and b"<!" in text:
        return False
    first = text.find(b"<c ") if b"<c " in text else len(text)
    colon = text.find(b":", first)
    if _PREFIXED.search(text, 0, first) or (colon >= 0 and _PREFIXED.search(text, max(text.rfind(b"<", 0, colon), 0))):
        return False
    return shallow(text[:first]) and shallow(text[text.rfind(b"<c ") + 1:])


def _negatives(text: bytes) -> Iterator[tuple[tuple[int, int], float]]:
    for letters, row, number in _NEGATIVE.findall(text):
        with contextlib.suppress(ValueError):
            yield (int(row), column_number(letters.decode())), float(number)


def _errors(text: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for letters, row, content in _ERROR.findall(text):
        value = _VALUE.search(content)
        if value and value[1].strip():
            yield (int(row), column_number(letters.decode())), value[1].decode("utf-8", "replace").strip()


@functools.cache
def column_number(letters: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
