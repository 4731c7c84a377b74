"""What the fast reader cannot say about an .xls file ([MS-XLS]): where error cells are, and whether it is bounded.

One pass over the records of the workbook stream, by their lengths only, along the
same way that the fast reader takes: the globals, then each sheet from where the
globals say that it begins.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.reading.sniff import ASK_AGAIN, SAVE_AS, Unusable

MOST_RECORDS = 5_000_000
LARGEST_GRID = 10_000_000
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_FORMULA, _EOF, _DATE1904, _PASSWORD, _SHEET, _MULTIPLE = 0x0006, 0x000A, 0x0022, 0x002F, 0x0085, 0x00BD
_DIMENSION, _BOOL_OR_ERROR, _BEGIN = 0x0200, 0x0205, 0x0809
_CELLS = frozenset({_FORMULA, _MULTIPLE, 0x00D6, 0x00FD, 0x0203, 0x0204, _BOOL_OR_ERROR, 0x027E})
_COLUMNS, _ROWS = 256, 65536
_DAMAGED = "文件已损坏（.xls 的记录读不下去）。" + ASK_AGAIN
_TOO_LARGE = "有内容的区域大得不正常，没有读。" + SAVE_AS

_NUMBER, _RK = 0x0203, 0x027E
Errors = dict[tuple[int, int], str]
Negatives = dict[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class Marks:
    """Error cells and negative numbers of each sheet by (row, column) from 1, sheets in the file's order."""

    errors: list[Errors]
    negatives: list[Negatives]
    epoch1904: bool


def examine(stream: bytes) -> Marks:
    """Look through a workbook stream; raises Unusable where it is encrypted, broken or out of bounds."""
    starts, epoch1904 = [], False
    for kind, at, size in _records(stream, 0):
        if kind == _EOF:
            break
        if kind == _PASSWORD:
            raise Unusable("有打开密码，读不了。请在 Excel 里打开，去掉密码，另存为 .xlsx 再试。")
        if kind == _SHEET and size >= 4:
            starts.append(struct.unpack_from("<I", stream, at)[0])
        elif kind == _DATE1904:
            epoch1904 = stream[at:at + 2] == b"\1\0"
    looker = _Looker()
    sheets = [looker.sheet(stream, start) for start in starts]
    return Marks([errors for errors, _ in sheets], [negatives for _, negatives in sheets], epoch1904)


def is_encrypted(stream: bytes) -> bool:
    """Whether the globals of a workbook stream say that a password is needed."""
    for kind, _, _ in _records(stream, 0):
        if kind in (_EOF, _PASSWORD):
            return kind == _PASSWORD
    return False


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > len(stream):
            break
        yield kind, at + 4, size
        at += 4 + size


class _Looker:
    """What the sheets add up to."""

    def __init__(self) -> None:
        self.records = self.grid = 0

    def sheet(self, stream: bytes, start: int) -> tuple[Errors, Negatives]:
        """The error cells and negative numbers of one sheet; a chart inside it has cells of its own, none of these."""
        if start >= len(stream):
            raise Unusable(_DAMAGED)
        errors: Errors = {}
        negatives: Negatives = {}
        depth = last_row = last_column = 0
        for kind, at, size in _records(stream, start):
            self.records += 1
            if kind == _BEGIN:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    break
            elif depth > 1:
                continue
            elif kind in _CELLS:
                row, column = _cell(errors, kind, stream[at:at + size])
                negatives.update(_negatives(kind, stream[at:at + size]))
                last_row, last_column = max(last_row, row), max(last_column, column)
            elif kind == _DIMENSION:
                _check_extent(stream[at:at + size])
        self.grid += last_row * last_column
        if self.records > MOST_RECORDS or self.grid > LARGEST_GRID:
            raise Unusable(_TOO_LARGE)
        return errors, negatives


def _cell(errors: Errors, kind: int, record: bytes) -> tuple[int, int]:
    """The place of a cell (of its last one where it holds several), from 1; an error value is noted."""
    if len(record) < 6:
        raise Unusable(_DAMAGED)
    row, column = struct.unpack_from("<HH", record)
    last = struct.unpack_from("<H", record, len(record) - 2)[0] if kind == _MULTIPLE else column
    if max(column, last) >= _COLUMNS:
        raise Unusable(_DAMAGED)
    code = None
    if kind == _BOOL_OR_ERROR and record[7:8] == b"\1":
        code = record[6]
    elif kind == _FORMULA and record[6:7] == b"\2" and record[12:14] == b"\xff\xff":
        code = record[8]
    if code is not None:
        errors[row + 1, column + 1] = _ERRORS.get(code, "#ERROR!")
    return row + 1, last + 1


def _negatives(kind: int, record: bytes) -> Iterator[tuple[tuple[int, int], float]]:
    """The numbers below zero in a record of cells ([MS-XLS] 2.4.127, 2.4.175, 2.4.180, 2.4.220)."""
    row, column = struct.unpack_from("<HH", record)
    numbers: list[float] = []
    if kind == _NUMBER or (kind == _FORMULA and record[12:14] != b"\xff\xff"):
        numbers = list(struct.unpack_from("<d", record, 6)) if len(record) >= 14 else []
    elif kind in (_RK, _MULTIPLE):
        numbers = [_rk(record[at:at + 4]) for at in range(6, len(record) - 3, 6)]
    yield from (((row + 1, column + 1 + at), number) for at, number in enumerate(numbers) if number < 0)


def _rk(stored: bytes) -> float:
    """A number in four bytes: an integer or the upper half of a float, perhaps in hundredths ([MS-XLS] 2.5.218)."""
    bits = struct.unpack("<i", stored)[0]
    number = float(bits >> 2) if bits & 2 else struct.unpack("<d", bytes(4) + struct.pack("<i", bits & ~3))[0]
    return number / 100 if bits & 1 else number


def _check_extent(record: bytes) -> None:
    """The declared extent, for which the fast reader makes room; rows are two bytes wide before Excel 97."""
    if len(record) not in (10, 14):
        raise Unusable(_DAMAGED)
    first, last, _, right = struct.unpack_from("<IIHH" if len(record) == 14 else "<HHHH", record)
    if last > _ROWS or right > _COLUMNS or first > last:
        raise Unusable(_DAMAGED)
