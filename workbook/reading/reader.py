"""A file becomes raw cells: read as stored, nothing interpreted, nothing executed.

The content says what a file is. An .xlsx sheet that is written in the usual way goes to
the quick reader, any other to the thorough one; both give the same values. Old and
foreign formats are looked over and read by a library (calamine).
"""

from __future__ import annotations

import os
from collections.abc import Collection
from functools import cached_property
from typing import IO, TYPE_CHECKING

from workbook.files import read_bytes
from workbook.findings import Refusal
from workbook.memory import uncollected
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.reading.sniff import SAVE_AS, Container, Unusable, container

if TYPE_CHECKING:
    from workbook.reading.outline import Outline, SheetPart
    from workbook.reading.package import Package
    from workbook.reading.serials import Kind
    from workbook.reading.sheetxml import SheetCells
    from workbook.reading.storedvalues import Values

LARGEST_TOTAL = 256 << 20
LARGEST_SLOW_PART = 100 << 20
LARGEST_FULL_GRID = 5_000_000
LARGEST_RAGGED, FREE_GRID = 20_000_000, 2_000_000
_CELL_PARTS = ("xl/worksheets/", "xl/sharedStrings", "xl/styles")
_UNREADABLE = "读不出来，文件可能已损坏。"


def read(path: str | os.PathLike[str], *, formulas: bool = False, notes: bool = False,
         skip: Collection[str] = ()) -> RawBook:
    """The sheets of a workbook file, with cached values only; `formulas` fills RawBook.formulas from an .xlsx,
    `notes` the notes on cells from an .xlsx or .ods.

    `skip` names sheets of an .xlsx that need not be read (those the program writes anew).
    Rows of a sheet are equally long, except where a far cell makes that too much:
    then each ends at its last value. Raises Refusal: one sentence that names the
    file as given, what is wrong with it, and what to do.
    """
    name = os.fspath(path)
    return read_content(read_bytes(name), name, formulas=formulas, notes=notes, skip=skip)


def read_content(data: bytes, name: str, *, formulas: bool = False, notes: bool = False,
                 skip: Collection[str] = ()) -> RawBook:
    """The same for a workbook that is in memory; `name` is what messages call it."""
    try:
        with uncollected():
            if container(data, name) is Container.OLE:
                from workbook.reading.unlocking import unlocked

                data = unlocked(data)
            if container(data, name) is Container.OLE:
                return _read_xls(name, data)
            return _read_zip(name, data, formulas, notes, skip)
    except Unusable as why:
        raise Refusal(f"{name}：{why}") from None


def beyond_reading(package: IO[bytes]) -> int:
    """How many bytes the sheets and their texts have unpacked, where those are too many for `read`, else 0."""
    import zipfile

    with zipfile.ZipFile(package) as archive:
        size = sum(one.file_size for one in archive.infolist() if one.filename.startswith(_CELL_PARTS))
    return size if size > LARGEST_TOTAL else 0


def _read_zip(name: str, data: bytes, formulas: bool, notes: bool, skip: Collection[str]) -> RawBook:
    from workbook.reading.ods import MIMETYPE, check_ods
    from workbook.reading.outline import outline
    from workbook.reading.package import open_package

    package = open_package(data)
    if package.has("mimetype") and package.size("mimetype") < 100 and package.read("mimetype").strip() == MIMETYPE:
        noted = check_ods(package, notes=notes)
        return _with_notes(_read_whole(name, data, [], [], False), noted)
    plan = outline(package)
    wanted = tuple(sheet for sheet in plan.sheets if sheet.name not in skip)
    book = _Xlsx(name, package, plan._replace(sheets=wanted), formulas).book()
    if not notes:
        return book
    from workbook.reading.elsewhere import texts_elsewhere

    passed_over = _notes(package, tuple(sheet for sheet in plan.sheets if sheet.name in skip))
    more = tuple(("批注", text) for held in passed_over.values() for text in held.values())
    return _with_notes(book, _notes(package, wanted))._replace(elsewhere=texts_elsewhere(package) + more)


def _notes(package: Package, sheets: tuple[SheetPart, ...]) -> dict[str, dict[tuple[int, int], str]]:
    from workbook.reading.notes import read_notes

    return {sheet.name: read_notes(package, sheet.part) for sheet in sheets}


def _with_notes(book: RawBook, noted: dict[str, dict[tuple[int, int], str]]) -> RawBook:
    if not any(noted.values()):
        return book
    return book._replace(sheets=tuple(sheet._replace(notes=noted.get(sheet.name, {})) for sheet in book.sheets))


def _read_xls(name: str, data: bytes) -> RawBook:
    from workbook.reading.ole import open_compound, workbook_stream
    from workbook.reading.xls import examine

    compound = open_compound(data)
    marks = examine(compound.stream(workbook_stream(compound)))
    return _legible(_read_whole(name, data, marks.errors, marks.negatives, marks.epoch1904))


def _legible(book: RawBook) -> RawBook:
    """The same; the fast reader takes some texts of old files byte by byte, with a NUL behind each letter."""
    for sheet in book.sheets:
        if any(isinstance(value, str) and "\0" in value for row in sheet.rows for value in row):
            raise Unusable(f"工作表“{sheet.name}”的文字读出来是乱码。{SAVE_AS}")
    return book


def _read_whole(name: str, data: bytes, errors: list[dict[tuple[int, int], str]],
                negatives: list[dict[tuple[int, int], float]], epoch1904: bool) -> RawBook:
    """A workbook that only the fast reader knows; `errors` and `negatives` by sheet, in the file's order."""
    from workbook.reading.fastreader import fast_book

    book = fast_book(data)
    sheets = book.sheets(errors, negatives) if book else None
    if sheets is None:
        raise Unusable(_UNREADABLE + SAVE_AS)
    return RawBook(name, sheets, epoch1904)


class _Xlsx:
    """One xlsx file on its way to a RawBook; shared parts are read when first needed."""

    def __init__(self, name: str, package: Package, plan: Outline, formulas: bool) -> None:
        self.name, self.package, self.plan, self.wants_formulas = name, package, plan, formulas
        self.formulas: dict[str, dict[tuple[int, int], str]] = {}

    def book(self) -> RawBook:
        self._check_total()
        sheets = tuple(self._plain(sheet) or self._thorough(sheet) for sheet in self.plan.sheets)
        return RawBook(self.name, sheets, self.plan.epoch1904, self.formulas)

    def _plain(self, part: SheetPart) -> RawSheet | None:
        """A sheet that is written in the usual way; None for another."""
        from workbook.reading.plainsheet import LARGEST_GRID, read_plain
        from workbook.reading.plaintext import Odd

        room = min(LARGEST_GRID, FREE_GRID + self.package.size(part.part) // 2)
        try:
            sheet = read_plain(self.package.pieces(part.part), self._values, room=room, formulas=self.wants_formulas)
        except Odd:
            return None
        if sheet.formulas:
            self._note_formulas(part.name, self._cells(part, None).formulas)
        if len(sheet.rows) * sheet.width <= room:
            for row in sheet.rows:
                row += [None] * (sheet.width - len(row))
        return RawSheet(part.name, sheet.rows, part.visible, sheet.merges)

    def _check_total(self) -> None:
        sizes = [self.package.size(part) for part in
                 (self.plan.strings, self.plan.styles, *(sheet.part for sheet in self.plan.sheets)) if part]
        if sum(sizes) > LARGEST_TOTAL:
            raise Unusable(f"内容解开后有 {sum(sizes) >> 20} MB，太大了，没有读。请拆成几个文件再试。")

    def _thorough(self, part: SheetPart) -> RawSheet:
        cells = self._cells(part, self._strings)
        self._note_formulas(part.name, cells.formulas)
        if sum(max(row) for row in cells.rows.values()) > LARGEST_RAGGED:
            raise Unusable(f"工作表“{part.name}”有内容的区域大得不正常，没有读。请清除空白行列的格式，另存后再试。")
        return RawSheet(part.name, _grid(cells.rows), part.visible, tuple(cells.merges))

    def _cells(self, part: SheetPart, strings: list[str] | None) -> SheetCells:
        from workbook.reading.sheetxml import read_cells

        size = self.package.size(part.part)
        if size > LARGEST_SLOW_PART:
            raise Unusable(f"工作表“{part.name}”解开后有 {size >> 20} MB，太大了，没有读。请拆成几个文件再试。")
        pieces = self.package.pieces(part.part)
        return read_cells(pieces, part.part, part.name, strings, self._kinds, self.plan.epoch1904)

    def _note_formulas(self, sheet: str, found: dict[tuple[int, int], str]) -> None:
        if self.wants_formulas and found:
            self.formulas[sheet] = found

    @cached_property
    def _values(self) -> Values:
        from workbook.reading.storedvalues import Values

        return Values(self._strings, self._kinds, self.plan.epoch1904)

    @cached_property
    def _strings(self) -> list[str]:
        from workbook.reading.stringsxml import shared_strings

        return shared_strings(self.package, self.plan.strings)

    @cached_property
    def _kinds(self) -> list[Kind]:
        from workbook.reading.stringsxml import read_kinds

        return read_kinds(self.package, self.plan.styles)


def _grid(cells: dict[int, dict[int, RawValue]]) -> list[list[RawValue]]:
    if not cells:
        return []
    height, width = max(cells), max(map(max, cells.values()))
    full = height * width <= LARGEST_FULL_GRID
    blank = width if full else 0
    empty: dict[int, RawValue] = {}
    rows = []
    for number in range(1, height + 1):
        row = cells.get(number, empty)
        rows.append([row.get(column) for column in range(1, (blank or max(row, default=0)) + 1)])
    return rows
