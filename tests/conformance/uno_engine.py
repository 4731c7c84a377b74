"""An xlwings engine over a running LibreOffice Calc: as much of it as the macros use, in blocks, over UNO.

It behaves as Excel does where the two differ and a macro could notice: text that is
typed into a cell without text format is read as a number or a day, a protected sheet
takes neither values nor formats, cells of several colours have none in common.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import time
from pathlib import Path
from types import SimpleNamespace

import uno
import xlwings
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import Locale
from com.sun.star.table import CellRangeAddress

from workbook.findings import column_letters
from workbook.reading.cellscan import column_number

EPOCH = dt.datetime(1899, 12, 30)
NOTES, DATES, TEXT = 8, 2 | 4, 256
FILTER = "Calc MS Excel 2007 XML"
_SEPARATOR = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_PART = re.compile(r"([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?")


class Protected(Exception):
    """What Excel says of a protected sheet, as COM tells it."""

    hresult = -2147352567


def connected(port, seconds=120):
    """The context of a LibreOffice that listens on this machine."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    address = f"uno:socket,host=127.0.0.1,port={port},tcpNoDelay=1;urp;StarOffice.ComponentContext"
    until = time.monotonic() + seconds
    while True:
        try:
            return resolver.resolve(address)
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def install(context):
    """Make a running LibreOffice xlwings' active engine; its App."""
    app = App(context)
    app.engine = Engine(app)
    engine = xlwings.Engine(impl=app.engine)
    xlwings.engines.add(engine)
    xlwings.engines.active = engine
    return app


class Engine:
    name, type = "uno", "desktop"

    def __init__(self, app):
        self.apps = Apps(app)

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):
        return [[empty_as if value == "" else value for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value, options):
        return "" if value is None else value


class Apps:
    def __init__(self, app):
        self.app = app

    def keys(self):
        return [self.app.pid]

    def __iter__(self):
        return iter([self.app])

    def __len__(self):
        return 1

    def __getitem__(self, pid):
        return self.app


class App:
    """The office; `alerts` is what the clerk was told, `answers` the buttons they press, `shown` the status bar."""

    screen_updating = display_alerts = enable_events = visible = True
    pid, hwnd, version = 1, 0, "16.0"

    def __init__(self, context):
        self.context = context
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self.alerts, self.answers, self.shown = [], [], []
        self.books = Books(self)

    @property
    def status_bar(self):
        return self.shown[-1] if self.shown else False

    @status_bar.setter
    def status_bar(self, text):
        self.shown.append(text)

    @property
    def selection(self):
        book = self.books.active
        held = book.api.CurrentSelection
        return Range(Sheet(book, held.Spreadsheet), held) if hasattr(held, "RangeAddress") else None

    def alert(self, prompt, title, buttons, mode, callback):
        self.alerts.append((title, prompt))
        return "ok" if buttons == "ok" else self.answers.pop(0)

    def activate(self, steal_focus=False):
        pass


class Books:
    def __init__(self, app):
        self.app = app

    def _documents(self):
        found = self.app.desktop.Components.createEnumeration()
        while found.hasMoreElements():
            yield found.nextElement()

    def __iter__(self):
        return iter([Book(self.app, one) for one in self._documents() if hasattr(one, "Sheets")])

    def __len__(self):
        return len(list(iter(self)))

    def __call__(self, key):
        books = list(self)
        found = [books[key - 1]] if isinstance(key, int) else [book for book in books if book.name == key]
        if not found:
            raise KeyError(key)
        return found[0]

    @property
    def active(self):
        front = self.app.desktop.getCurrentComponent()
        return Book(self.app, front) if hasattr(front, "Sheets") else next(iter(self), None)

    def open(self, fullname, *arguments, **named):
        return self._load(Path(fullname).resolve().as_uri())

    def add(self):
        return self._load("private:factory/scalc")

    def _load(self, address):
        return Book(self.app, self.app.desktop.loadComponentFromURL(address, "_blank", 0, ()))


class Book:
    def __init__(self, app, document):
        self.app, self.api = app, document
        self.sheets = Sheets(self)

    @property
    def fullname(self):
        return uno.fileUrlToSystemPath(self.api.URL) if self.api.URL else self.name

    @property
    def name(self):
        return os.path.basename(uno.fileUrlToSystemPath(self.api.URL)) if self.api.URL else self.api.Title

    def activate(self, steal_focus=False):
        self.api.CurrentController.Frame.activate()

    def save(self, path=None, password=None):
        option = PropertyValue()
        option.Name, option.Value = "FilterName", FILTER
        target = Path(path).resolve().as_uri() if path else self.api.URL
        self.api.storeAsURL(target, (option,))

    def close(self):
        self.api.close(True)


class Sheets:
    def __init__(self, book):
        self.book = book

    @property
    def xl(self):
        return self.book.api.Sheets

    @property
    def active(self):
        return Sheet(self.book, self.book.api.CurrentController.ActiveSheet)

    def __call__(self, key):
        return Sheet(self.book, self.xl.getByIndex(key - 1) if isinstance(key, int) else self.xl.getByName(key))

    def __len__(self):
        return self.xl.Count

    def __iter__(self):
        return iter([self(number) for number in range(1, len(self) + 1)])

    def add(self, before, after, name):
        self.allowed()
        self.xl.insertNewByName(name, after.index if after else before.index - 1)
        made = self(name)
        made.activate()
        return made

    def allowed(self):
        if self.book.api.isProtected():
            raise Protected("the structure of the workbook is protected")


class Sheet:
    def __init__(self, book, xl):
        self.book, self.xl = book, xl
        self.api = xl

    @property
    def name(self):
        return self.xl.Name

    @property
    def index(self):
        return self.xl.RangeAddress.Sheet + 1

    @property
    def visible(self):
        return self.xl.IsVisible

    @property
    def notes(self):
        found = self.xl.Annotations.createEnumeration()
        while found.hasMoreElements():
            yield Note(self, found.nextElement())

    @property
    def used_range(self):
        cursor = self.xl.createCursor()
        cursor.gotoEndOfUsedArea(False)
        address = cursor.RangeAddress
        return Range(self, self.xl.getCellRangeByPosition(0, 0, address.EndColumn, address.EndRow))

    def activate(self):
        self.book.api.CurrentController.setActiveSheet(self.xl)

    def delete(self):
        self.book.sheets.allowed()
        self.book.api.Sheets.removeByName(self.name)

    def range(self, first, last=None):
        if isinstance(first, str):
            parts = [self._part(word) for word in first.replace("$", "").split(",")]
            return Range(self, parts[0]) if len(parts) == 1 else Range(self, self._union(parts))
        top, left = (first.row, first.column) if isinstance(first, Range) else first
        if last is None:
            bottom, right = (top + first.shape[0] - 1, left + first.shape[1] - 1) if isinstance(first, Range) else first
        elif isinstance(last, Range):
            bottom, right = last.row + last.shape[0] - 1, last.column + last.shape[1] - 1
        else:
            bottom, right = last
        return Range(self, self.xl.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1))

    def _part(self, word):
        left, top, right, bottom = _PART.fullmatch(word).groups()
        first = column_number(left) - 1 if left else 0
        last = column_number(right or left) - 1 if left else self.xl.Columns.Count - 1
        return self.xl.getCellRangeByPosition(first, int(top) - 1, last, int(bottom or top) - 1)

    def _union(self, parts):
        ranges = self.book.api.createInstance("com.sun.star.sheet.SheetCellRanges")
        ranges.addRangeAddresses(tuple(part.RangeAddress for part in parts), False)
        return ranges

    def locked(self):
        if self.xl.isProtected():
            raise Protected(f"{self.name} is protected")


class Range:
    """One range, or several under one address (then only colours, formats and heights)."""

    def __init__(self, sheet, xl):
        self.sheet, self.xl, self.options = sheet, xl, {}
        self.api = xl
        addresses = xl.RangeAddresses if hasattr(xl, "RangeAddresses") else (xl.RangeAddress,)
        self.parts: tuple[CellRangeAddress, ...] = addresses
        first = addresses[0]
        self.row, self.column = first.StartRow + 1, first.StartColumn + 1
        self.shape = first.EndRow - first.StartRow + 1, first.EndColumn - first.StartColumn + 1
        self.coords = (sheet.name, self.row, self.column, *self.shape)

    max_cells_per_read = max_cells_per_write = None

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def __call__(self, row, column=None):
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        return self.sheet.range((self.row + row - 1, self.column + column - 1))

    @property
    def address(self):
        ends = [(self.row, self.column), (self.row + self.shape[0] - 1, self.column + self.shape[1] - 1)]
        first, last = (f"${column_letters(column)}${row}" for row, column in ends)
        return first if len(self) == 1 else f"{first}:{last}"

    @property
    def raw_value(self):
        rows = [list(row) for row in self.xl.getDataArray()]
        for part in self._of_kind(DATES):
            for row in range(part.StartRow - self.row + 1, part.EndRow - self.row + 2):
                for column in range(part.StartColumn - self.column + 1, part.EndColumn - self.column + 2):
                    if isinstance(rows[row][column], float):
                        rows[row][column] = EPOCH + dt.timedelta(milliseconds=round(rows[row][column] * 86_400_000))
        for part in self.xl.queryFormulaCells(4).RangeAddresses:
            for row in range(part.StartRow, part.EndRow + 1):
                for column in range(part.StartColumn, part.EndColumn + 1):
                    said = self.sheet.xl.getCellByPosition(column, row).String
                    rows[row - self.row + 1][column - self.column + 1] = said
        return rows

    def _of_kind(self, kind):
        formats, groups = self.sheet.book.api.NumberFormats, self.xl.getUniqueCellFormatRanges()
        for at in range(groups.Count):
            group = groups.getByIndex(at)
            if formats.getByKey(group.getByIndex(0).NumberFormat).Type & kind:
                yield from group.RangeAddresses

    @raw_value.setter
    def raw_value(self, value):
        self.sheet.locked()
        rows = value if isinstance(value, list | tuple) else [[value] * self.shape[1]] * self.shape[0]
        days = [isinstance(one, dt.datetime) for row in rows for one in row]
        plain = [[self._plain(one) for one in row] for row in rows]
        if any(isinstance(one, str) and one for row in plain for one in row):
            self._as_text(plain)
            self.xl.setFormulaArray(tuple(tuple(one if isinstance(one, str) else repr(one) for one in row)
                                          for row in plain))
        else:
            self.xl.setDataArray(tuple(map(tuple, plain)))
        if any(days) and not any(True for _ in self._of_kind(DATES)):
            self.number_format = "yyyy-mm-dd"

    def _as_text(self, rows):
        """What goes into cells of format @ is not read as anything else."""
        for part in self._of_kind(TEXT):
            for row in range(part.StartRow - self.row + 1, part.EndRow - self.row + 2):
                for column in range(part.StartColumn - self.column + 1, part.EndColumn - self.column + 2):
                    if isinstance(rows[row][column], str) and rows[row][column]:
                        rows[row][column] = f"'{rows[row][column]}"

    @staticmethod
    def _plain(value):
        if isinstance(value, dt.datetime):
            return (value - EPOCH) / dt.timedelta(days=1)
        return float(value) if isinstance(value, int) else value

    @property
    def formula(self):
        rows = self.xl.getFormulaArray()
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value):
        self.sheet.locked()
        rows = value if isinstance(value, list | tuple) else [[value]]
        self.xl.setFormulaArray(tuple(tuple(_SEPARATOR.sub(";", str(one)) for one in row) for row in rows))

    def _set(self, name, value):
        self.sheet.locked()
        self.xl.setPropertyValue(name, value)

    def _mixed(self, name):
        return self.xl.getPropertyState(name).value == "AMBIGUOUS_VALUE"

    @property
    def color(self):
        if self._mixed("CellBackColor"):
            raise TypeError("several colours")
        number = self.xl.CellBackColor
        return None if number == -1 else (number >> 16, number >> 8 & 255, number & 255)

    @color.setter
    def color(self, colour):
        self._set("CellBackColor", -1 if colour is None else (colour[0] << 16) + (colour[1] << 8) + colour[2])

    @property
    def number_format(self):
        formats = self.sheet.book.api.NumberFormats
        return None if self._mixed("NumberFormat") else formats.getByKey(self.xl.NumberFormat).FormatString

    @number_format.setter
    def number_format(self, code):
        formats, english = self.sheet.book.api.NumberFormats, Locale("en", "US", "")
        key = formats.queryKey(code, english, False)
        self._set("NumberFormat", key if key != -1 else formats.addNew(code, english))

    wrap_text = property(lambda self: self.xl.IsTextWrapped, lambda self, on: self._set("IsTextWrapped", on))
    column_width = property(lambda self: self.xl.Columns.Width / 195,
                            lambda self, width: setattr(self.xl.Columns, "Width", int(width * 195)))
    column_hidden = property(lambda self: not self.xl.Columns.IsVisible,
                             lambda self, on: setattr(self.xl.Columns, "IsVisible", not on))

    @property
    def row_height(self):
        return self.xl.Rows.Height / 35.28

    @row_height.setter
    def row_height(self, points):
        for part in self.parts:
            rows = self.sheet.xl.getCellRangeByPosition(0, part.StartRow, 0, part.EndRow).Rows
            rows.Height = int(points * 35.28)

    @property
    def font(self):
        return Font(self)

    @property
    def note(self):
        held = self.xl.getCellByPosition(0, 0).Annotation
        return Note(self.sheet, held) if held.String else None

    def add_note(self, text):
        self.sheet.locked()
        cell = self.xl.getCellByPosition(0, 0)
        self.sheet.xl.Annotations.insertNew(cell.CellAddress, text)
        return Note(self.sheet, cell.Annotation)

    @property
    def merge_cells(self):
        return bool(self.xl.getIsMerged())

    @property
    def merge_area(self):
        cursor = self.sheet.xl.createCursorByRange(self.xl)
        cursor.collapseToMergedArea()
        return Range(self.sheet, cursor)

    def merge(self, across=False):
        self.xl.merge(True)

    def unmerge(self):
        self.sheet.locked()
        self.xl.merge(False)

    def select(self):
        self.sheet.book.api.CurrentController.select(self.xl)


class Font:
    def __init__(self, cells):
        object.__setattr__(self, "cells", cells)

    def __setattr__(self, name, value):
        names = {"name": "CharFontName", "size": "CharHeight", "bold": "CharWeight", "color": "CharColor"}
        if name == "bold":
            value = 150.0 if value else 100.0
        if name == "color":
            value = (value[0] << 16) + (value[1] << 8) + value[2]
        for script in ("", "Asian") if name != "color" else ("",):
            with contextlib.suppress(AttributeError):
                self.cells._set(names[name] + script, float(value) if name == "size" else value)


class Note:
    def __init__(self, sheet, xl):
        self.sheet, self.xl = sheet, xl
        place = xl.Position
        self.location = SimpleNamespace(row=place.Row + 1, column=place.Column + 1)

    @property
    def text(self):
        return self.xl.String

    @text.setter
    def text(self, text):
        self.sheet.locked()
        self.xl.setString(text)

    def delete(self):
        self.sheet.locked()
        place = self.xl.Position
        self.sheet.xl.getCellByPosition(place.Column, place.Row).clearContents(NOTES)
