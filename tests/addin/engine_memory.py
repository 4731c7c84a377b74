"""An xlwings engine without any program behind it: sheets are dictionaries. As much of it as the macros use.

It treats what is typed as Excel does: in a cell without text format "007" is a number
and "2024-01-05" a day; cells of several colours have none; a protected sheet refuses.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from addin.sheet import engine
from workbook.findings import column_letters
from workbook.raw import ErrorValue, RawBook, RawSheet
from workbook.reading.places import column_number

Place = tuple[int, int]
_PART = re.compile(r"([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


class Refused(Exception):
    """A COM error: Excel does not do it; -2147418111 says that it is busy."""

    def __init__(self, hresult: int = -2147352567) -> None:
        super().__init__(hresult)
        self.hresult = hresult


class Engine:
    name, type = "memory", "desktop"

    def __init__(self, app: App) -> None:
        self.running = [app]

    @property
    def apps(self) -> Engine:
        return self

    def keys(self) -> list[int]:
        return [app.pid for app in self.running]

    def __len__(self) -> int:
        return len(self.running)

    def __iter__(self) -> Iterator[App]:
        return iter(self.running)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self.running if app.pid == pid)

    @staticmethod
    def clean_value_data(data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool) -> Any:
        return [[empty_as if value in (None, "") else str(value) if isinstance(value, ErrorValue) else value
                 for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        return value


class App:
    """`alerts` is what the clerk was told, `answers` the buttons they press, `shown` every text of the status bar."""

    screen_updating = display_alerts = visible = True
    pid, hwnd, version = 1, 4711, "16.0"

    def __init__(self) -> None:
        self.alerts: list[str] = []
        self.answers: list[str] = []
        self.shown: list[Any] = []
        self.books = Books(self)
        self.engine = Engine(self)

    @property
    def status_bar(self) -> Any:
        return self.shown[-1] if self.shown else False

    @status_bar.setter
    def status_bar(self, text: Any) -> None:
        self.shown.append(text)

    @property
    def selection(self) -> Range | None:
        return self.books.active.selected

    def activate(self, steal_focus: bool = False) -> None:
        pass

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: str) -> str:
        self.alerts.append(prompt)
        return "ok" if buttons == "ok" else self.answers.pop(0)


class Books:
    def __init__(self, app: App) -> None:
        self.app = app
        self.held: list[Book] = []

    def __iter__(self) -> Iterator[Book]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)

    def __call__(self, key: Any) -> Book:
        found = [one for at, one in enumerate(self.held, 1) if key in (at, one.name)]
        if not found:
            raise KeyError(key)
        return found[0]

    @property
    def active(self) -> Book:
        return self.held[0]


class Book:
    def __init__(self, app: App, raw: RawBook, fullname: str) -> None:
        self.app, self.name, self.fullname = app, raw.path, fullname
        self.api = SimpleNamespace(ReadOnly=False)
        self.saves, self.structure_locked = 0, False
        self.sheets = Sheets(self, [Sheet(self, one) for one in raw.sheets])
        self.selected: Range | None = self.sheets.held[0].range((1, 1))

    def activate(self, steal_focus: bool = False) -> None:
        pass

    def save(self, path: str | None = None, password: str | None = None) -> None:
        self.saves += 1


class Sheets:
    def __init__(self, book: Book, held: list[Sheet]) -> None:
        self.book, self.held = book, held
        self.active = held[0]

    def __len__(self) -> int:
        return len(self.held)

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.held)

    def __call__(self, key: Any) -> Sheet:
        return self.held[key - 1] if isinstance(key, int) else next(one for one in self.held if one.name == key)

    def add(self, before: Sheet | None, after: Sheet | None, name: str) -> Sheet:
        self.allowed()
        self.held.append(Sheet(self.book, RawSheet(name, [])))
        self.active = self.held[-1]
        return self.active

    def allowed(self) -> None:
        if self.book.structure_locked:
            raise Refused


class Sheet:
    def __init__(self, book: Book, raw: RawSheet) -> None:
        self.book, self.name, self.api = book, raw.name, True
        self.visible, self.protected, self.busy = -1 if raw.visible else 2, False, False
        self.values: dict[Place, Any] = {(row, column): _stored(value) for row, cells in enumerate(raw.rows, 1)
                                         for column, value in enumerate(cells, 1) if value is not None}
        self.looks: dict[Place, tuple[int, int, int]] = {}
        self.formats: dict[Place, str] = {}
        self.formulas: dict[Place, str] = {}
        self.texts: dict[Place, str] = dict(raw.notes)
        self.merges = list(raw.merges)

    @property
    def notes(self) -> list[Note]:
        return [Note(self, place) for place in sorted(self.texts)]

    @property
    def used_range(self) -> Range:
        places = [*self.values, *self.looks, (1, 1)]
        return Range(self, [(1, 1, max(row for row, _ in places), max(column for _, column in places))])

    def changed(self) -> None:
        if self.busy:
            raise Refused(-2147418111)
        if self.protected:
            raise Refused

    def activate(self) -> None:
        self.book.sheets.active = self

    def delete(self) -> None:
        self.book.sheets.allowed()
        self.book.sheets.held.remove(self)

    def range(self, first: Any, last: Any = None) -> Range:
        if isinstance(first, str):
            return Range(self, [_area(word) for word in first.replace("$", "").split(",")])
        begin, end = (one.areas[0] if isinstance(one, Range) else (*one, *one) for one in (first, last or first))
        return Range(self, [(begin[0], begin[1], end[2], end[3])])


class Range:
    """Areas of one sheet; only colours and formats are for several."""

    max_cells_per_read = max_cells_per_write = None

    def __init__(self, sheet: Sheet, areas: list[tuple[int, int, int, int]]) -> None:
        self.sheet, self.areas, self.options, self.api = sheet, areas, {}, True
        top, left, bottom, right = areas[0]
        self.row, self.column, self.shape = top, left, (bottom - top + 1, right - left + 1)
        self.coords = (sheet.name, top, left, *self.shape)
        self.font = SimpleNamespace()
        self.row_height = self.column_width = 0.0
        self.column_hidden = self.wrap_text = False

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int) -> Range:
        return self.sheet.range((self.row + row - 1, self.column + column - 1))

    @property
    def address(self) -> str:
        top, left, bottom, right = self.areas[0]
        first, last = f"${column_letters(left)}${top}", f"${column_letters(right)}${bottom}"
        return first if first == last else f"{first}:{last}"

    def places(self) -> list[Place]:
        return [(row, column) for top, left, bottom, right in self.areas for row in range(top, bottom + 1)
                for column in range(left, right + 1)]

    @property
    def raw_value(self) -> list[list[Any]]:
        top, left, bottom, right = self.areas[0]
        return [[self.sheet.values.get((row, column)) for column in range(left, right + 1)]
                for row in range(top, bottom + 1)]

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self.sheet.changed()
        rows = value if isinstance(value, list | tuple) else [[value] * self.shape[1]] * self.shape[0]
        for place, one in zip(self.places(), (one for row in rows for one in row), strict=True):
            self.sheet.formulas.pop(place, None)
            self.sheet.values[place] = _typed(one, self.sheet.formats.get(place, "General"))

    @property
    def formula(self) -> Any:
        said = [self.sheet.formulas.get(place, str(self.sheet.values.get(place) or "")) for place in self.places()]
        return said[0] if len(said) == 1 else [(one,) for one in said]

    @formula.setter
    def formula(self, value: Any) -> None:
        self.sheet.changed()
        for place, text in zip(self.places(), (one for row in value for one in row), strict=True):
            self.sheet.formulas[place] = text
            self.sheet.values[place] = text.rpartition(',"')[2].rstrip('")')

    @property
    def color(self) -> Any:
        found = {self.sheet.looks.get(place) for place in self.places()}
        if len(found) > 1:
            raise TypeError("several")
        return found.pop()

    @color.setter
    def color(self, colour: Any) -> None:
        self.sheet.changed()
        for place in self.places():
            self.sheet.looks.pop(place, None)
            if colour is not None:
                self.sheet.looks[place] = tuple(colour)

    @property
    def number_format(self) -> str | None:
        found = {self.sheet.formats.get(place, "General") for place in self.places()}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.sheet.changed()
        self.sheet.formats.update(dict.fromkeys(self.places(), code))

    @property
    def note(self) -> Note | None:
        place = self.row, self.column
        return Note(self.sheet, place) if place in self.sheet.texts else None

    def add_note(self, text: str) -> Note:
        self.sheet.changed()
        self.sheet.texts[self.row, self.column] = text
        return Note(self.sheet, (self.row, self.column))

    @property
    def merge_cells(self) -> bool | None:
        inside = [merge for merge in self.sheet.merges if any(
            merge.top <= row <= merge.bottom and merge.left <= column <= merge.right for row, column in self.places())]
        return None if inside else False

    @property
    def merge_area(self) -> Range:
        row, column = self.row, self.column
        return next((Range(self.sheet, [tuple(merge)]) for merge in self.sheet.merges
                     if merge.top <= row <= merge.bottom and merge.left <= column <= merge.right), self)

    def select(self) -> None:
        self.sheet.book.selected = self


class Note:
    def __init__(self, sheet: Sheet, place: Place) -> None:
        self.sheet, self.place = sheet, place
        self.location = SimpleNamespace(row=place[0], column=place[1])

    @property
    def text(self) -> str:
        return self.sheet.texts[self.place]

    @text.setter
    def text(self, text: str) -> None:
        self.sheet.changed()
        self.sheet.texts[self.place] = text

    def delete(self) -> None:
        self.sheet.changed()
        del self.sheet.texts[self.place]


def _area(word: str) -> tuple[int, int, int, int]:
    match = _PART.fullmatch(word)
    assert match, word
    left, top, right, bottom = match.groups()
    return (int(top), column_number(left) if left else 1, int(bottom or top),
            column_number(right or left) if left else 16384)


def _stored(value: Any) -> Any:
    """Excel has only doubles, and moments for days."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return dt.datetime(value.year, value.month, value.day) if type(value) is dt.date else value


def _typed(value: Any, form: str) -> Any:
    if isinstance(value, str) and form != "@":
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            return float(value)
        return dt.datetime.fromisoformat(value) if _DAY.fullmatch(value) else value
    return str(value) if form == "@" and isinstance(value, dt.datetime) else _stored(value)


def started(*books: tuple[RawBook, str]) -> App:
    """A running Excel with these workbooks (cells, full name), as xlwings' active engine."""
    xlwings, app = engine(), App()
    app.books.held = [Book(app, raw, fullname) for raw, fullname in books]
    active = xlwings.Engine(impl=app.engine)
    xlwings.engines.add(active)
    xlwings.engines.active = active
    return app
