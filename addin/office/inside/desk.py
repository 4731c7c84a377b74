"""Windows and documents: which are open, what is in front and selected, the status bar, and quiet while we write."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import uno

from .office import Area, Office, Refused, option

_FILTER = "Calc MS Excel 2007 XML"
_BUTTONS = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
_ANSWERS = {0: "cancel", 1: "ok", 2: "yes", 3: "no"}
"""com.sun.star.awt.MessageBoxButtons and MessageBoxResults."""


def books(office: Office) -> list[dict[str, Any]]:
    """Every open workbook, the one in front first."""
    front = office.front()
    found = sorted(office.documents(), key=lambda one: one.RuntimeUID != front.RuntimeUID)
    return [_book(one) for one in found]


def _book(document: Any) -> dict[str, Any]:
    zero = document.NullDate
    return {"book": document.RuntimeUID, "title": document.Title, "read_only": bool(document.isReadonly()),
            "path": uno.fileUrlToSystemPath(document.URL) if document.URL.startswith("file:") else "",
            "zero": [zero.Year, zero.Month, zero.Day]}


def open_book(office: Office, path: str = "", read_only: bool = False) -> dict[str, Any]:
    """Open a file, or a new workbook, in a window of its own; macros in it do not run."""
    place = uno.systemPathToFileUrl(path) if path else "private:factory/scalc"
    options = (option("ReadOnly", read_only), option("MacroExecutionMode", 0))
    made = office.desktop.loadComponentFromURL(place, "_blank", 0, options)
    if made is None:
        raise Refused("locked")
    return _book(made)


def save(office: Office, book: str, path: str = "") -> None:
    document = office.document(book)
    place = uno.systemPathToFileUrl(path) if path else document.URL
    document.storeAsURL(place, (option("FilterName", _FILTER),))


def close(office: Office, book: str) -> None:
    office.document(book).close(True)


def show(office: Office, book: str) -> None:
    office.document(book).CurrentController.Frame.activate()


def sheets(office: Office, book: str) -> dict[str, Any]:
    """Names and whether they are shown, in order; which is in front."""
    document = office.document(book)
    every = [document.Sheets.getByIndex(at) for at in range(document.Sheets.Count)]
    controller = document.CurrentController
    return {"sheets": [[one.Name, bool(one.IsVisible)] for one in every],
            "front": controller.ActiveSheet.Name if controller else every[0].Name}


def show_sheet(office: Office, book: str, sheet: str) -> None:
    office.document(book).CurrentController.setActiveSheet(office.sheet(book, sheet))


def select(office: Office, book: str, sheet: str, areas: Sequence[Area]) -> None:
    office.document(book).CurrentController.select(office.cells(book, sheet, areas))


def status(office: Office, text: str) -> None:
    """Show a text in the status bar; an empty one gives it back."""
    if office.indicator is None and text and office.window is not None:
        office.indicator = office.window.createStatusIndicator()
        office.indicator.start(text, 0)
    if office.indicator is None:
        return
    if text:
        office.indicator.setText(text)
    else:
        office.indicator.end()
        office.indicator = None


def ask(office: Office, text: str, title: str, buttons: str) -> str:
    """A message box over the window; the button that was pressed."""
    if office.window is None:
        return "ok"
    over = office.window.ContainerWindow
    kind = uno.Enum("com.sun.star.awt.MessageBoxType", "INFOBOX" if buttons == "ok" else "QUERYBOX")
    box = over.Toolkit.createMessageBox(over, kind, _BUTTONS[buttons], title, text)
    over.setEnable(True)
    try:
        return _ANSWERS.get(box.execute(), "cancel")
    finally:
        over.setEnable(False)


def quiet(office: Office, on: bool) -> None:
    """Between on and off nothing is drawn or laid out, and all of it is one step to undo."""
    if on and office.front() is not None:
        office.after["quiet"] = _quietened(office.front(), office.label)
    elif not on:
        office.after.pop("quiet", _nothing)()


def _quietened(document: Any, label: str) -> Callable[[], None]:
    """Make a document quiet; what makes it as it was."""
    adjusting = document.IsAdjustHeightEnabled
    document.UndoManager.enterUndoContext(label)
    document.lockControllers()
    document.addActionLock()
    document.IsAdjustHeightEnabled = False

    def back() -> None:
        document.IsAdjustHeightEnabled = adjusting
        document.removeActionLock()
        document.unlockControllers()
        document.UndoManager.leaveUndoContext()

    return back


def aside(office: Office, book: str, on: bool) -> None:
    """Between on and off nothing is recorded for undo: notes of our own that no clerk takes back."""
    manager = office.document(book).UndoManager
    if on:
        manager.lock()
        office.after["aside"] = manager.unlock
    else:
        office.after.pop("aside", _nothing)()


def rest(office: Office) -> None:
    """Leave the office as it was found, however the work ended."""
    while office.after:
        with contextlib.suppress(Exception):
            office.after.popitem()[1]()


def _nothing() -> None:
    """Nothing was begun."""
