"""What the fast reader cannot say about an OpenDocument sheet: error values, and whether it is bounded."""

from __future__ import annotations

from workbook.findings import column_letters
from workbook.reading.package import Package
from workbook.reading.sniff import SAVE_AS, Unusable
from workbook.reading.xmlstream import Attributes, parse, small_number

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
LARGEST_GRID = 5_000_000
_MANIFEST = "META-INF/manifest.xml"
_CELLS = ("table-cell", "covered-table-cell")
_VALUES = ("value", "string-value", "date-value", "time-value", "boolean-value")


def check_ods(package: Package, *, notes: bool = False) -> dict[str, dict[tuple[int, int], str]]:
    """Look through the content; raises Unusable for an error value or a sheet that would not fit.

    With `notes`, the notes on cells by sheet and (row, column); without, nothing.
    """
    if package.has(_MANIFEST) and b"encryption-data" in package.read(_MANIFEST):
        raise Unusable("有打开密码，读不了。请打开它，去掉密码，另存为 .xlsx 再试。")
    looker = _Looker()
    wanted = (looker.end, looker.text) if notes else ()
    parse(package.pieces("content.xml"), "content.xml", looker.start, *wanted)
    return looker.notes


class _Looker:
    """Where the pass stands; repeated rows and cells count as often as they are repeated."""

    def __init__(self) -> None:
        self.sheet = ""
        self.row = self.repeats = self.column = self.widest = 0
        self.notes: dict[str, dict[tuple[int, int], str]] = {}
        self.note: list[str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self.sheet = attributes.get("table:name", "")
            self.row = self.repeats = self.widest = 0
        elif name == "table-row":
            self.row += max(1, self.repeats)
            self.column = 0
            self.repeats = _repeats(attributes, "table:number-rows-repeated")
        elif name in _CELLS:
            self.column += _repeats(attributes, "table:number-columns-repeated")
            self._cell(attributes)
        elif name == "annotation":
            self.note = []

    def text(self, text: str) -> None:
        if self.note is not None:
            self.note.append(text)

    def end(self, name: str) -> None:
        if self.note is None:
            return
        if name in ("p", "date", "creator"):
            self.note.append("\n")
        elif name == "annotation":
            self.notes.setdefault(self.sheet, {})[self.row, self.column] = "".join(self.note).strip()
            self.note = None

    def _cell(self, attributes: Attributes) -> None:
        local = {name.rpartition(":")[2] for name in attributes}
        if attributes.get("calcext:value-type") == "error":
            place = f"{column_letters(self.column)}{self.row}"
            raise Unusable(f"工作表“{self.sheet}”的 {place} 是错误值，.ods 里读不出是哪一种。{SAVE_AS}")
        if local.isdisjoint((*_VALUES, "value-type", "formula")):
            return
        self.widest = max(self.widest, self.column)
        if self.widest * (self.row + self.repeats - 1) > LARGEST_GRID:
            raise Unusable(f"工作表“{self.sheet}”有内容的区域大得不正常，没有读。{SAVE_AS}")


def _repeats(attributes: Attributes, name: str) -> int:
    """How often a row or cell counts; what is no small number counts as more than any sheet holds."""
    return small_number(attributes.get(name, "1"), 10**9)
