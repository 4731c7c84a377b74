"""The thorough reader of an xlsx sheet: slower than the fast one, safe with far cells, odd writers and lies.

It keeps the cells that hold something, by place, and takes the fast reader's view
of every value, so that it does not matter which of the two has read a sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from workbook.findings import column_letters
from workbook.raw import Merge, RawValue
from workbook.reading.cellvalues import value_of
from workbook.reading.places import LAST_COLUMN, LAST_ROW, column_number
from workbook.reading.serials import Kind
from workbook.reading.shared_formulas import moved
from workbook.reading.sniff import ASK_AGAIN, Unusable
from workbook.reading.stringsxml import TextRuns
from workbook.reading.xmlstream import Attributes, parse, small_number

MOST_CELLS = 4_000_000
_LAST_COLUMN = column_number(LAST_COLUMN)
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)


@dataclass
class SheetCells:
    """What a sheet holds: values by row and column, merged ranges, formulas by (row, column), all from 1."""

    rows: dict[int, dict[int, RawValue]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    count: int = 0


def read_cells(
    pieces: Iterable[bytes], part: str, sheet: str, strings: list[str] | None, kinds: list[Kind], epoch1904: bool
) -> SheetCells:
    """Read one sheet; without strings only its formulas and merged ranges.

    Raises Unusable, naming the cell, where the sheet is damaged or beyond Excel's own limits.
    """
    reader = _SheetReader(sheet, strings, kinds, epoch1904)
    parse(pieces, part, reader.start, reader.end, reader.text.more)
    return reader.found


class _SheetReader:
    """The state of one pass over a sheet."""

    def __init__(self, sheet: str, strings: list[str] | None, kinds: list[Kind], epoch1904: bool) -> None:
        self.sheet, self.kinds, self.epoch1904 = sheet, kinds, epoch1904
        self.strings, self.wants_values = strings or [], strings is not None
        self.found = SheetCells()
        self.text = TextRuns()
        self.masters: dict[str, tuple[tuple[int, int], str]] = {}
        self.row = self.column = 0
        self.cell: Attributes | None = None
        self.inside = self.over = False
        self.stored: str | None = None
        self.formula: Attributes = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if self.cell is not None:
            if name in ("v", "f"):
                self.text.open = []
                self.formula = attributes if name == "f" else self.formula
            else:
                self.text.start(name, attributes)
        elif name == "c" and self.inside:
            self._place(attributes)
            self.cell, self.stored = attributes, None
            self.text.begin()
        elif name == "row" and self.inside:
            self.row = small_number(attributes["r"], LAST_ROW + 1) if "r" in attributes else self.row + 1
            self.column = 0
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "sheetData":
            if self.over:
                raise Unusable(f"工作表“{self.sheet}”的内容写了两遍，文件已损坏。{ASK_AGAIN}")
            self.inside = True

    def end(self, name: str) -> None:
        if self.cell is None:
            self.over = self.over or name == "sheetData"
            self.inside = self.inside and not self.over
        elif name == "c":
            self._keep()
            self.cell = None
        elif name == "v" and self.text.open is not None:
            self.stored, self.text.open = "".join(self.text.open), None
        elif name == "f" and self.text.open is not None:
            self._formula("".join(self.text.open))
            self.text.open = None
        else:
            self.text.end(name)

    def _place(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        if place is None:
            self.column += 1
        else:
            self.row, self.column = self._parsed(place)
        if not (1 <= self.row <= LAST_ROW and 1 <= self.column <= _LAST_COLUMN):
            raise Unusable(f"工作表“{self.sheet}”有第 {self.row} 行第 {self.column} 列的单元格，超出了 Excel 的范围，"
                           f"文件已损坏。{ASK_AGAIN}")

    def _parsed(self, place: str) -> tuple[int, int]:
        match = _PLACE.fullmatch(place)
        if match is None:
            raise Unusable(f"工作表“{self.sheet}”有位置写作“{place[:20]}”的单元格，文件已损坏。{ASK_AGAIN}")
        return int(match[2]), column_number(match[1].upper())

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (top, left), (bottom, right) = self._parsed(first), self._parsed(last or first)
        self.found.merges.append(Merge(top, left, bottom, right))

    def _formula(self, text: str) -> None:
        key, here = self.formula.get("si", ""), (self.row, self.column)
        if self.formula.get("t") == "shared":
            if text:
                self.masters[key] = here, text
            elif key in self.masters:
                origin, master = self.masters[key]
                text = moved(master, here[0] - origin[0], here[1] - origin[1])
        if text:
            self.found.formulas[here] = "=" + text

    def _keep(self) -> None:
        value = self._value((self.cell or {}).get("t", "")) if self.wants_values else None
        if value is None or value == "":
            return
        row = self.found.rows.setdefault(self.row, {})
        if self.column in row:
            raise Unusable(f"工作表“{self.sheet}”的 {self._name()} 出现了两次，文件已损坏。{ASK_AGAIN}")
        row[self.column] = value
        self.found.count += 1
        if self.found.count > MOST_CELLS:
            raise Unusable(f"工作表“{self.sheet}”的单元格超过 {MOST_CELLS // 10_000} 万个，没有读。请拆成几个文件。")

    def _value(self, kind: str) -> RawValue:
        if kind in ("inlineStr", "is") or (self.stored is None and self.text.parts):
            return self.text.whole()
        if not self.stored:
            return None
        if kind == "s":
            return self._shared(self.stored)
        style = small_number((self.cell or {}).get("s", ""), -1)
        format_kind = self.kinds[style] if 0 <= style < len(self.kinds) else Kind.NUMBER
        return value_of(kind, self.stored, format_kind, self.epoch1904)

    def _shared(self, stored: str) -> str:
        number = small_number(stored.strip(), -1)
        if not 0 <= number < len(self.strings):
            raise Unusable(f"工作表“{self.sheet}”的 {self._name()} 的文字丢失了，文件已损坏。{ASK_AGAIN}")
        return self.strings[number]

    def _name(self) -> str:
        return f"{column_letters(self.column)}{self.row}"
