"""The open workbook: the only room that uses xlwings. Reads and writes in blocks, and never saves.

xlwings drives Excel on Windows and macOS; the tests put an engine of their own under it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.areas import Place, areas, runs, spelled
from addin.blocks import (
    MIXED,
    by_sheet,
    last_place,
    merges_of,
    notes_of,
    one_colour,
    put_note,
    read_rows,
    read_sheet,
    shown,
    write_run,
)
from workbook.findings import Cell, Refusal
from workbook.raw import Merge, RawBook, RawValue
from workbook.schema import GENERATED_SHEETS

if TYPE_CHECKING:
    import xlwings

Colour = tuple[int, int, int]
_HEAVY = ("pandas", "numpy", "polars", "matplotlib", "plotly", "PIL", "xlwings.pro")
NO_EXCEL = "没有找到打开的 Excel。请先用 Excel 打开台账，再点这个按钮。"
NO_BOOK = "没有打开的工作簿。请先打开台账，再点这个按钮。"


class Selected(NamedTuple):
    """Where the clerk is: the sheet in front and the address of what is selected there."""

    sheet: str
    address: str
    row: int
    column: int


def engine() -> Any:
    """xlwings, without the libraries that it loads wherever they are installed and no macro needs."""
    if "xlwings" not in sys.modules:
        held = [name for name in _HEAVY if name not in sys.modules]
        sys.modules.update(dict.fromkeys(held))  # type: ignore[arg-type]  # None stops an import
        try:
            import xlwings  # noqa: F401
        finally:
            for name in held:
                sys.modules.pop(name, None)
    return sys.modules["xlwings"]


def front_app() -> xlwings.App:
    """The Excel whose button was pressed (its window is named by --hwnd), else the one in front.

    Raises Refusal where no Excel runs.
    """
    apps = engine().apps
    window = _argument("--hwnd")
    app = next((one for one in apps if window and str(one.hwnd) == window), None)
    app = app or (apps.active if len(apps) else None)
    if app is None:
        raise Refusal(NO_EXCEL)
    return app  # type: ignore[no-any-return]


def front_book(app: xlwings.App) -> OpenBook:
    """The workbook the button was pressed in (--wb names it, = and all), else the one in front.

    Raises Refusal where none is open.
    """
    name = _argument("--wb")
    books = list(app.books)
    if not books:
        raise Refusal(NO_BOOK)
    return OpenBook(next((book for book in books if book.name == name), None) or app.books.active)


def _argument(name: str) -> str:
    return next((word.partition("=")[2].strip() for word in sys.argv if word.startswith(f"{name}=")), "")


class OpenBook:
    """One open workbook as it is at this moment, unsaved edits and all."""

    def __init__(self, book: xlwings.Book) -> None:
        self.book, self.app = book, book.app

    @property
    def name(self) -> str:
        return str(self.book.name)

    @property
    def path(self) -> Path | None:
        """Where it is saved on this machine; None for one that never was, or that is only in the cloud."""
        try:
            path = Path(self.book.fullname)
        except Exception:  # xlwings raises a plain one where it cannot tell a OneDrive address
            return None
        return path if path.is_absolute() and path.is_file() else None

    @property
    def read_only(self) -> bool:
        """Whether what is changed cannot go back into its file."""
        path = self.path
        return getattr(self.book.api, "ReadOnly", False) is True or (path is not None and not os.access(path, os.W_OK))

    @property
    def sheets(self) -> list[str]:
        """The names of its sheets, in order."""
        return [str(sheet.name) for sheet in self.book.sheets]

    def tell(self, text: str) -> None:
        """Show progress in the status bar; an empty text gives it back to Excel."""
        self.app.status_bar = text or False

    def ask(self, question: str, title: str, buttons: str = "yes_no") -> str:
        """The button that was chosen: yes, no, ok or cancel."""
        return str(self.app.alert(question, title, buttons))

    def raw(self) -> RawBook:
        """Its sheets as the reader gives those of a file, those that the program writes anew left out.

        Raises Refusal for a sheet that is used too far down to be read.
        """
        wanted = [sheet for sheet in self.book.sheets if sheet.name not in GENERATED_SHEETS]
        read = []
        for number, sheet in enumerate(wanted, 1):
            self.tell(f"正在读工作表 {number}/{len(wanted)}：{sheet.name}")
            read.append(read_sheet(sheet))
        return RawBook(self.name, tuple(read), getattr(self.book.api, "Date1904", False) is True)

    def values(self, sheet: str, right: int) -> list[list[RawValue]]:
        """What one sheet holds, from A1 as far down as it is used and over that many columns."""
        held = self.book.sheets[sheet]
        return list(read_rows(held, last_place(held)[0], right))

    def put(self, values: Mapping[Cell, RawValue]) -> None:
        """Write values run by run, each in a format that keeps it what it is ("007" stays text).

        Raises whatever the engine does where a sheet is protected.
        """
        for sheet, cells in by_sheet(values).items():
            held = self.book.sheets[sheet]
            for run in runs(cells):
                write_run(held, run, [cells[place] for place in run])

    def formulas(self, cells: Iterable[Cell]) -> dict[Cell, str]:
        """Which of these cells hold a formula, and which."""
        found: dict[Cell, str] = {}
        for sheet, places in by_sheet(dict.fromkeys(cells)).items():
            for run in runs(places):
                said = self.book.sheets[sheet].range(spelled(run[0], run[-1])).formula
                lines = [said] if isinstance(said, str) else [one if isinstance(one, str) else one[0] for one in said]
                found |= {Cell(sheet, *place): line for place, line in zip(run, lines, strict=True)
                          if str(line).startswith("=")}
        return found

    def merges(self, sheet: str) -> tuple[Merge, ...]:
        """The merged ranges of one sheet."""
        return merges_of(self.book.sheets[sheet])

    def unmerge(self, sheet: str, merge: Merge) -> None:
        self.book.sheets[sheet].range(spelled(merge[:2], merge[2:])).unmerge()

    def merge(self, sheet: str, merge: Merge) -> None:
        self.book.sheets[sheet].range(spelled(merge[:2], merge[2:])).merge()

    def paint(self, sheet: str, colour: Colour | None, places: Iterable[Place]) -> None:
        """Give cells one colour, or none; raises whatever the engine does where a sheet is protected."""
        for area in areas(places):
            self.book.sheets[sheet].range(area.address).color = colour

    def colours(self, sheet: str, places: Collection[Place]) -> dict[Place, Colour | None]:
        """The colour of each cell, asked for all at once where the engine can, else for many where they are alike."""
        at_once = getattr(self.book.sheets[sheet].impl, "colours", None)
        if at_once is not None:
            wanted = list(places)
            return dict(zip(wanted, at_once(wanted), strict=True)) if wanted else {}
        found: dict[Place, Colour | None] = {}
        for area in areas(places):
            held = one_colour(self.book.sheets[sheet].range(area.address), len(area.places))
            if held is MIXED:
                half = len(area.places) // 2
                for part in (area.places[:half], area.places[half:]):
                    found |= self.colours(sheet, part)
            else:
                found |= dict.fromkeys(area.places, held)
        return found

    def notes(self, sheet: str) -> dict[Place, str]:
        """The notes of one sheet."""
        return notes_of(self.book.sheets[sheet])

    def noted(self, sheet: str, place: Place) -> str:
        """The note of one cell."""
        held = self.book.sheets[sheet].range(place).note
        return str(held.text or "") if held is not None else ""

    def put_notes(self, sheet: str, texts: Mapping[Place, str], held: Collection[Place]) -> None:
        """Set the notes of cells, of which `held` have one now; an empty text takes a note away."""
        at_once = getattr(self.book.sheets[sheet].impl, "put_notes", None)
        if at_once is not None:
            at_once([(*place, text) for place, text in texts.items()])
            return
        cells = self.book.sheets[sheet]
        for place, text in texts.items():
            put_note(cells.range(place), text, there=place in held)

    def visible(self, sheet: str) -> bool:
        return sheet in self.sheets and shown(self.book.sheets[sheet])

    def selected(self) -> Selected | None:
        """What is selected; None where it is no cells (a chart)."""
        try:
            held = self.app.selection
        except AttributeError:
            return None
        return None if held is None else Selected(held.sheet.name, held.address, held.row, held.column)

    def go(self, sheet: str, address: str) -> None:
        """Bring a sheet to the front and select cells there."""
        held = self.book.sheets[sheet]
        held.activate()
        held.range(address).select()

    @contextmanager
    def still(self) -> Iterator[None]:
        """While much is written the window does not flicker, and afterwards the clerk is where they were."""
        active, place = self.book.sheets.active.name, self.selected()
        with self.app.properties(screen_updating=False):
            try:
                yield
            finally:
                self._back(active, place)

    def _back(self, active: str, place: Selected | None) -> None:
        """Go where the clerk was; what is selected there is touched only where it is no longer the same."""
        if self.book.sheets.active.name != active and active in self.sheets:
            self.book.sheets[active].activate()
        if place is not None and place.sheet == active and self.selected() != place:
            self.book.sheets[active].range(place.address).select()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is written meanwhile is nothing that a clerk would undo; Excel keeps no record of macros anyway."""
        lock = getattr(self.book.impl, "aside", None)
        if lock is None:
            yield
            return
        lock(True)
        try:
            yield
        finally:
            lock(False)
