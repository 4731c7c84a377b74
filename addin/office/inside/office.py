"""Open documents, their sheets and cells, by the names that the macros' side uses for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import uno

Area = Sequence[int]
"""Top, left, bottom, right, counted from 1; a right end beyond the sheet means whole rows."""


class Refused(Exception):
    """What cannot be done, by the word that the other side knows: protected, missing."""


class Office:
    """One office while one button is at work; `window` is the frame it was pressed in, None where there is none."""

    def __init__(self, context: Any, window: Any = None, label: str = "") -> None:
        self.context, self.window, self.label = context, window, label
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.indicator: Any = None
        self.after: dict[str, Callable[[], Any]] = {}
        self._known: dict[str, Any] = {}

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def documents(self) -> list[Any]:
        """Every open workbook."""
        found, every = [], self.desktop.Components.createEnumeration()
        while every.hasMoreElements():
            one = every.nextElement()
            if hasattr(one, "supportsService") and one.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                found.append(one)
        return found

    def front(self) -> Any:
        """The workbook of the window, else the one in front, else any; None where none is open."""
        model = self.window.Controller.Model if self.window else self.desktop.getCurrentComponent()
        documents = self.documents()
        ours = [one for one in documents if model is not None and one.RuntimeUID == getattr(model, "RuntimeUID", "")]
        return (ours or documents or [None])[0]

    def document(self, book: str) -> Any:
        if book not in self._known:
            self._known = {one.RuntimeUID: one for one in self.documents()}
        if book not in self._known:
            raise Refused("missing")
        return self._known[book]

    def sheet(self, book: str, name: str) -> Any:
        sheets = self.document(book).Sheets
        if not sheets.hasByName(name):
            raise Refused("missing")
        return sheets.getByName(name)

    def writable(self, book: str, name: str) -> Any:
        """A sheet that takes what is written; Calc itself would keep silent."""
        held = self.sheet(book, name)
        if held.isProtected() or self.document(book).isReadonly():
            raise Refused("protected")
        return held

    def cells(self, book: str, sheet: str, areas: Sequence[Area]) -> Any:
        """One range, or several as one object."""
        held = self.sheet(book, sheet)
        if len(areas) == 1:
            top, left, bottom, right = areas[0]
            return held.getCellRangeByPosition(left - 1, top - 1, min(right, held.Columns.Count) - 1, bottom - 1)
        several = self.document(book).createInstance("com.sun.star.sheet.SheetCellRanges")
        at, last = held.RangeAddress.Sheet, held.Columns.Count
        several.addRangeAddresses(tuple(address(at, area, last) for area in areas), False)
        return several


def address(sheet: int, area: Area, last: int) -> Any:
    made = uno.createUnoStruct("com.sun.star.table.CellRangeAddress")
    made.Sheet, made.StartRow, made.StartColumn = sheet, area[0] - 1, area[1] - 1
    made.EndRow, made.EndColumn = area[2] - 1, min(area[3], last) - 1
    return made


def area_of(held: Any) -> Area:
    return held.StartRow + 1, held.StartColumn + 1, held.EndRow + 1, held.EndColumn + 1


def option(name: str, value: Any) -> Any:
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made
