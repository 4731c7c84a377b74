"""A folder that the clerk points at: in Excel's own dialog, else in that of the desktop."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from addin.sheet import OpenBook

_FOLDER_PICKER, _CHOSEN = 4, -1
"""MsoFileDialogType.msoFileDialogFolderPicker, and what Show returns where a folder was chosen."""


def choose_folder(book: OpenBook, title: str, start: Path) -> Path | None:
    """The folder; None where the clerk cancelled. Where nothing can ask, it is `start`."""
    dialog = _excel_dialog(book)
    if dialog is not None:
        dialog.Title = title
        dialog.InitialFileName = f"{start}{os.sep}"
        return Path(str(dialog.SelectedItems(1))) if dialog.Show() == _CHOSEN else None
    from workbook import desktop

    said = desktop.choose_folder(title, start)
    return start if said is None else Path(said) if said else None


def _excel_dialog(book: OpenBook) -> Any:
    """Excel's dialog on Windows; None on a Mac, in Calc and where a program has none."""
    try:
        return book.app.api.FileDialog(_FOLDER_PICKER)
    except Exception:
        return None
