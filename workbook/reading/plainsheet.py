"""The quick reader of an xlsx sheet that is written in the usual way, as nearly all are.

One expression finds the cells, and every byte of the table belongs to a cell or to a
row's tag, each spelled as the expressions here say: then nothing can stand in it that a
parser would see and this reader would not. What is spelled otherwise is Odd and goes to
the thorough reader; the values of both are made by the same functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from operator import getitem, itemgetter
from typing import NamedTuple, TypeVar
from xml.parsers import expat

from workbook.raw import Merge, RawValue
from workbook.reading.places import LAST_COLUMN, LAST_ROW, column_number
from workbook.reading.plaintext import PREFIXED, Odd, root_at
from workbook.reading.storedvalues import END, KEPT, STRIPPED, Values
from workbook.reading.xmlstream import shallow

_SLICE, _LONGEST = 1 << 18, 8 << 20
LARGEST_GRID = 60_000_000
_LONGEST_NUMBER, _LONGEST_KNOWN, _LARGEST_KNOWN = 7, 1000, 1 << 16
_WIDEST_PICKED = 256
_LAST_COLUMN = column_number(LAST_COLUMN)
_OPENS, _CLOSES = re.compile(rb"<sheetData ?+(/?)>"), b"</sheetData>"
_ATTRIBUTES = rb'(?: [\w:.]++="[^"<>&\0-\x1f]*+")*+ ?+'
_CHARACTERS = rb"[^<>&\0-\x08\x0b\x0c\x0e-\x1f]*+"
_FORMULA = (rb"f" + _ATTRIBUTES + rb">" + _CHARACTERS + rb"(?:&(?:[lg]t|amp|quot|apos|#\d++);" + _CHARACTERS
            + rb")*+</f>")
_CELL = re.compile(rb'<c r="([^"]*+)"([^>]*+)>(?:<(?:' + _FORMULA + rb"<)?+v>([^<]*+)</v></c>|"
                   rb"(?<=/>)|(?=<[fiv]|</c>))")
_REST = re.compile(
    rb"(?:<" + _FORMULA + rb"|<f" + _ATTRIBUTES + rb"/>)?+"
    rb'(?:<v(?: xml:space="preserve")?+>([^<]*+)</v>|<v ?+/>|'
    rb'<is><t( xml:space="preserve")?+>([^<]*+)</t></is>)?+</c>')
"""What follows a cell's tag where that is not just a value."""
_INLINE = ((b'<is><t xml:space="preserve">', b"<v>" + KEPT), (b"<is><t>", b"<v>" + STRIPPED),
           (b"</t></is>", END + b"</v>"))
_ROW = rb'<row(?: ([\w:.]++)="[^"<>&\0-\x1f]*+"(?![^<>]* \1="))*+ ?+'
_BETWEEN = {(closes, opens): re.compile(
    rb"\s*+" + (rb"</row>\s*+" if closes else b"") + rb"(?:" + _ROW + rb"(?:/>|>\s*+</row>)\s*+)*+"
    + (_ROW.replace(rb"\1", rb"\2") + rb">\s*+" if opens else b"")) for closes in (False, True)
    for opens in (False, True)}
"""Row tags: behind the last cell of a row or not, before the first of another or not."""
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?"')


T = TypeVar("T")


class PlainSheet(NamedTuple):
    """What a sheet holds: each row up to its last value, `width` the longest, the merged ranges, any formula."""

    rows: list[list[RawValue]]
    width: int
    merges: tuple[Merge, ...]
    formulas: bool


def read_plain(pieces: Iterable[bytes], values: Values, *, room: int = LARGEST_GRID, formulas: bool = False
               ) -> PlainSheet:
    """Read one sheet of at most `room` places, blank ones too; `formulas`: also tell whether it holds any.

    Raises Odd, and what `pieces` raise.
    """
    sections = _sections(pieces)
    tail, any_formula = b"", False
    _check_head(next(sections))
    table = _Table(values, room)
    for tail in sections:
        if tail.startswith(_CLOSES):
            break
        table.add(tail)
        any_formula = any_formula or (formulas and b"<f" in tail)
    return PlainSheet(table.rows, table.width, _merges(tail), any_formula)


def _sections(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes before the first row, the rows in slices, and from the end of the table on what follows."""
    source = iter(pieces)
    rest = _longer(b"", source)
    while (opens := _OPENS.search(rest)) is None:
        rest = _longer(rest, source)
    yield rest[:opens.start()]
    rest = (_CLOSES if opens[1] else b"") + rest[opens.end():]
    while (closes := rest.find(_CLOSES)) < 0:
        cut = rest.rfind(b"<row ")
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
        rest = _longer(rest, source)
    yield rest[:closes]
    yield b"".join((rest[closes:], *source))


def _longer(text: bytes, source: Iterator[bytes]) -> bytes:
    """The same and a slice more; raises Odd where there is no more, or where it is too long to be usual."""
    pieces, size = [text], 0
    for piece in source:
        pieces.append(piece)
        size += len(piece)
        if size >= _SLICE:
            break
    if not size or len(text) > _LONGEST:
        raise Odd
    return b"".join(pieces)


def _checked_once(check: Callable[[bytes], T]) -> Callable[[bytes], T]:
    """A check that remembers what it found in bytes of an ordinary size: workbooks are alike around their cells."""
    known = lru_cache(128)(check)
    return lambda text: (known if len(text) <= _LARGEST_KNOWN else check)(text)


@_checked_once
def _check_head(head: bytes) -> None:
    """Raise Odd where what stands before the table is not sound, or could hold another one or a merged range."""
    root = root_at(head, b"worksheet")
    if root < 0 or b"mergeCell" in head:
        raise Odd
    _check_around(head[root:], head + b"<sheetData/></worksheet>")


@_checked_once
def _merges(tail: bytes) -> tuple[Merge, ...]:
    """The merged ranges that are told behind the table; raises Odd as for what stands before it."""
    found = [_merge(*match) for match in _MERGE.findall(tail)] if b"mergeCell" in tail else []
    if tail.count(b"<mergeCell") != len(found) + tail.count(b"<mergeCells"):
        raise Odd
    _check_around(tail, b"<worksheet><sheetData>" + tail)
    return tuple(found)


def _check_around(text: bytes, whole: bytes) -> None:
    if b"<!" in text or b"<?" in text or b"<sheetData" in text or PREFIXED.search(text) or not shallow(text):
        raise Odd
    try:
        expat.ParserCreate().Parse(whole, True)
    except expat.ExpatError:
        raise Odd from None


def _merge(left: bytes, top: bytes, right: bytes, bottom: bytes) -> Merge:
    first = int(top), column_number(left.decode())
    return Merge(*first, *((int(bottom), column_number(right.decode())) if right else first))


class _Table:
    """The rows of a sheet as they come in; a row begins where a row's tag stands between two cells."""

    def __init__(self, values: Values, room: int) -> None:
        self.values, self.room = values, room
        self.rows: list[list[RawValue]] = []
        self.width = self.last = 0

    def add(self, text: bytes) -> None:
        """Take in a slice that begins with a row's tag; raises Odd."""
        if not text.isascii():
            _check_utf8(text)
        self._add(_with_values(text) if self.values.inline else text)

    def _add(self, text: bytes) -> None:
        parts = _CELL.split(text)
        between, attributes, contents = parts[::4], parts[2::4], parts[3::4]
        stored = list(map(getitem, map(self.values.__getitem__, attributes), contents))
        starts = [at for at, gap in enumerate(between) if gap]
        odd = [at for at in starts if not _is_between(between[at], at > 0, at < len(stored))]
        if odd and not self.values.inline and between[odd[0]].startswith(b"<is>"):
            self.values.inline = True
            self._add(_with_values(text))
            return
        ended = set()
        for at in odd:
            rest = _REST.match(between[at])
            if rest is None or not at or contents[at - 1] is not None:
                raise Odd
            stored[at - 1] = self.values[attributes[at - 1]].rest(*rest.groups())
            gap = between[at][rest.end():]
            if not gap:
                ended.add(at)
            elif not _is_between(gap, True, at < len(stored)):
                raise Odd
        starts = [at for at in starts if at not in ended]
        if stored and (starts[:1] != [0] or starts[-1] < len(stored)):
            raise Odd
        self._rows(starts, parts[1::4], stored)

    def _rows(self, starts: list[int], names: list[bytes], stored: list[RawValue]) -> None:
        for first, after in pairwise(starts):
            digits = names[first].lstrip(_LETTERS)
            if not digits.isdigit() or len(digits) > _LONGEST_NUMBER:
                raise Odd
            number = int(digits)
            if not self.last < number <= LAST_ROW:
                raise Odd
            self.last = number
            letters = b" ".join((*names[first:after], b"")).replace(digits + b" ", b" ")
            row = _spread(letters, stored[first:after])
            while row and row[-1] is None:
                row.pop()
            if row:
                self._keep(number, row)

    def _keep(self, number: int, row: list[RawValue]) -> None:
        self.room -= len(row)
        if self.room < 0:
            raise Odd
        if number > len(self.rows) + 1:
            self.rows += [[] for _ in range(number - 1 - len(self.rows))]
        self.rows.append(row)
        if len(row) > self.width:
            self.width = len(row)


def _with_values(text: bytes) -> bytes:
    """The same, the texts that stand in their cells written as values between marks; raises Odd where marks are there.

    What was no such text is none now: a value with a mark at one end only is nobody's.
    """
    if any(mark in text for mark in (KEPT, STRIPPED, END)):
        raise Odd
    for tags, marks in _INLINE:
        text = text.replace(tags, marks)
    return text


def _check_utf8(text: bytes) -> None:
    try:
        text.decode()
    except UnicodeDecodeError:
        raise Odd from None


def _is_between(gap: bytes, closes: bool, opens: bool) -> bool:
    """Whether these are row tags; most differ in the row's number only."""
    parts = gap.split(b'"', 2)
    if len(parts) < 3 or not parts[1].isdigit() or len(gap) > _LONGEST_KNOWN:
        return bool(_BETWEEN[closes, opens].fullmatch(gap))
    return _is_around_number(parts[0], parts[2], closes, opens)


@lru_cache(1024)
def _is_around_number(before: bytes, behind: bytes, closes: bool, opens: bool) -> bool:
    return bool(_BETWEEN[closes, opens].fullmatch(before + b'"1"' + behind))


def _spread(letters: bytes, stored: list[RawValue]) -> list[RawValue]:
    """The values of a row with the blanks between them."""
    places, pick = (_places if len(letters) <= _LONGEST_KNOWN else _places.__wrapped__)(letters)
    if places[-1] < len(stored):
        return stored
    if pick is not None:
        stored.append(None)
        return list(pick(stored))
    row: list[RawValue] = [None] * (places[-1] + 1)
    for at, value in zip(places, stored, strict=True):
        row[at] = value
    return row


@lru_cache(4096)
def _places(letters: bytes) -> tuple[list[int], Callable[[list[RawValue]], tuple[RawValue, ...]] | None]:
    """Where the cells of a row stand, from 0, ascending; and what picks a whole row from them and a blank behind them.

    Raises Odd.
    """
    names = letters[:-1].split(b" ")
    if not all(names) or max(map(len, names)) > len(LAST_COLUMN) or letters.translate(None, _LETTERS + b" "):
        raise Odd
    places = [column_number(name.decode()) - 1 for name in names]
    width = places[-1] + 1
    if width > _LAST_COLUMN or places != sorted(set(places)):
        raise Odd
    if not 1 < width <= _WIDEST_PICKED:
        return places, None
    sources = [len(places)] * width
    for source, at in enumerate(places):
        sources[at] = source
    return places, itemgetter(*sources)
