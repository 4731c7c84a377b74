"""An xlwings engine over LibreOffice Calc: what the macros use of it, each property one question."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from addin.office.cells import Range, areas_of
from addin.office.channel import Channel, Missing


def install(app: App) -> None:
    """Make an office the active engine of xlwings."""
    from addin.sheet import engine

    xlwings = engine()
    made = xlwings.Engine(impl=Engine(app))
    xlwings.engines.add(made)
    xlwings.engines.active = made


class Engine:
    name, type = "office", "desktop"

    def __init__(self, app: App) -> None:
        self.apps = Apps(app)
        app.engine = self

    @staticmethod
    def clean_value_data(data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool) -> Any:
        return [[empty_as if value is None or value == "" else value for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        return "" if value is None else value


class Apps:
    def __init__(self, app: App) -> None:
        self.app = app

    def keys(self) -> list[int]:
        return [self.app.pid]

    def __iter__(self) -> Iterator[App]:
        return iter([self.app])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        return self.app


class App:
    """The office; while its screen is not updated, all that is written is one step to undo."""

    display_alerts = enable_events = visible = True
    pid, hwnd, version = 1, 0, "16.0"
    api = SimpleNamespace()

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.engine: Any = None
        self.books = Books(self)
        self._status: Any = False
        self._drawing = True

    @property
    def screen_updating(self) -> bool:
        return self._drawing

    @screen_updating.setter
    def screen_updating(self, on: bool) -> None:
        if on != self._drawing:
            self.channel.ask("quiet", on=not on)
            self._drawing = on

    @property
    def status_bar(self) -> Any:
        return self._status

    @status_bar.setter
    def status_bar(self, text: Any) -> None:
        self._status = text
        self.channel.ask("status", text=text or "")

    @property
    def selection(self) -> Range | None:
        held = self.channel.ask("selection")
        if held is None:
            return None
        number, sheet, areas = held
        book = next(one for one in self.books if one.number == number)
        return Range(Sheet(book, sheet), areas)

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: str) -> str:
        return str(self.channel.ask("ask", text=prompt, title=title, buttons=buttons))

    def activate(self, steal_focus: bool = False) -> None:
        pass


class Books:
    def __init__(self, app: App) -> None:
        self.app = app

    def __iter__(self) -> Iterator[Book]:
        return iter([Book(self.app, one) for one in self.app.channel.ask("books")])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __call__(self, key: Any) -> Book:
        books = list(self)
        by_name = [one for one in books if key in (one.name, one.fullname)]
        found = books[key - 1:key] if isinstance(key, int) else by_name
        if not found:
            raise Missing(key)
        return found[0]

    @property
    def active(self) -> Book:
        return next(iter(self))

    def open(self, fullname: str, update_links: Any = None, read_only: Any = None, *rest: Any, **named: Any) -> Book:
        path = os.path.abspath(fullname)
        return Book(self.app, self.app.channel.ask("open_book", path=path, read_only=bool(read_only)))

    def add(self) -> Book:
        return Book(self.app, self.app.channel.ask("open_book"))


class Book:
    """`zero` is the day that counts as 0 there."""

    def __init__(self, app: App, told: dict[str, Any]) -> None:
        self.app, self.number, self.fullname = app, told["book"], told["path"] or told["title"]
        self.name = os.path.basename(told["path"]) or told["title"]
        self.zero = dt.datetime(*told["zero"])
        self.api = SimpleNamespace(ReadOnly=told["read_only"], Date1904=self.zero.year == 1904)
        self.sheets = Sheets(self)

    def ask(self, do: str, **given: Any) -> Any:
        return self.app.channel.ask(do, book=self.number, **given)

    def aside(self, on: bool) -> None:
        """Between on and off nothing that is written can be undone."""
        self.ask("aside", on=on)

    def activate(self, steal_focus: bool = False) -> None:
        self.ask("show")

    def save(self, path: Any = None, password: Any = None) -> None:
        self.ask("save", path=os.path.abspath(path) if path else "")

    def close(self) -> None:
        self.ask("close")


class Sheets:
    def __init__(self, book: Book) -> None:
        self.book = book

    def _listed(self) -> list[Sheet]:
        told = self.book.ask("sheets")["sheets"]
        return [Sheet(self.book, name, at, shown) for at, (name, shown) in enumerate(told, 1)]

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.ask("sheets")["front"])

    def __call__(self, key: Any) -> Sheet:
        return self._listed()[key - 1] if isinstance(key, int) else Sheet(self.book, key)

    def __len__(self) -> int:
        return len(self._listed())

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self._listed())

    def add(self, before: Sheet | None, after: Sheet | None, name: str) -> Sheet:
        at = after.index if after else before.index - 1 if before else len(self)
        self.book.ask("add_sheet", name=name, at=at)
        return Sheet(self.book, name)


class Sheet:
    api = True

    def __init__(self, book: Book, name: str, index: int = 0, shown: bool | None = None) -> None:
        self.book, self.name, self._index, self._shown = book, name, index, shown

    def ask(self, do: str, **given: Any) -> Any:
        return self.book.ask(do, sheet=self.name, **given)

    def _found(self) -> Sheet:
        return self if self._index else next(one for one in self.book.sheets if one.name == self.name)

    @property
    def index(self) -> int:
        return self._found()._index

    @property
    def visible(self) -> bool:
        return bool(self._found()._shown)

    @property
    def used_range(self) -> Range:
        return Range(self, [[1, 1, *self.ask("used")]])

    @property
    def notes(self) -> Iterator[SimpleNamespace]:
        for row, column, text in self.ask("notes"):
            yield SimpleNamespace(text=text, location=SimpleNamespace(row=row, column=column))

    def put_notes(self, notes: list[tuple[int, int, str]]) -> None:
        """Set the notes of many cells at once; an empty text takes one away."""
        self.ask("put_notes", notes=notes)

    def colours(self, places: list[tuple[int, int]]) -> list[tuple[int, int, int] | None]:
        """The colour of each of many cells."""
        return [_colour(number) for number in self.ask("colours", places=places)]

    def activate(self) -> None:
        self.ask("show_sheet")

    def delete(self) -> None:
        self.ask("drop_sheet")

    def range(self, first: Any, last: Any = None) -> Range:
        if isinstance(first, str):
            return Range(self, areas_of(first))
        begin, end = (one.areas[0] if isinstance(one, Range) else (*one, *one) for one in (first, last or first))
        return Range(self, [[begin[0], begin[1], end[2], end[3]]])


def _colour(number: int) -> tuple[int, int, int] | None:
    return None if number == -1 else (number >> 16, number >> 8 & 255, number & 255)
