"""What real programs say stands in the cells of a workbook, in one form: {(sheet, A1): value}; a blank is left out."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from tests.conformance.programs import output, require, require_package
from workbook.findings import column_letters

Value = str | float | bool
Cells = dict[tuple[str, str], Value]
Key = TypeVar("Key")

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
ALL_SHEETS_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


class Office:
    """A LibreOffice with a profile of its own that calculates every formula anew on loading."""

    def __init__(self, folder: Path) -> None:
        self.program, self.folder = require("soffice"), folder
        (folder / "user").mkdir()
        (folder / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")

    def convert(self, path: Path, form: str) -> Path:
        """The folder that holds `path` saved as `form` (xlsx, ods, csv of all sheets)."""
        target = path.parent / f"{path.stem}-{form.split(':')[0]}"
        output(
            self.program,
            f"-env:UserInstallation={self.folder.as_uri()}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            target,
            path,
        )
        return target


def by_openpyxl(path: Path, *, formulas: bool = False) -> Cells:
    """Cached values, or with `formulas` the formulas (without their =)."""
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=not formulas)
    found = ((sheet.title, cell) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    if formulas:
        return {(name, cell.coordinate): str(cell.value)[1:] for name, cell in found if cell.data_type == "f"}
    return _told({(name, cell.coordinate): cell.value for name, cell in found})


def by_calamine(path: Path) -> Cells:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return _told(
        {
            (name, f"{column_letters(at)}{row}"): value
            for name in book.sheet_names
            for row, values in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1)
            for at, value in enumerate(values, 1)
        }
    )


def by_exceljs(path: Path) -> tuple[Cells, Cells]:
    """Values and formulas as exceljs reads them; its dates are ISO texts and come back as such."""
    packages = require_package("exceljs").parent
    script = Path(__file__).parent / "readers" / "exceljs.js"
    done = subprocess.run(
        [require("node"), script, path],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env=os.environ | {"NODE_PATH": str(packages)},
    )
    cells = {(sheet, place): pair for sheet, found in json.loads(done.stdout).items() for place, pair in found.items()}
    return (
        _told({key: value for key, (value, _) in cells.items()}),
        {key: formula for key, (_, formula) in cells.items() if formula},
    )


def _told(cells: dict[tuple[str, str], object]) -> Cells:
    return {key: one for key, value in cells.items() if (one := plain(value)) is not None}


def plain(value: object) -> Value | None:
    """One form for what readers call the same: whole days as dates, all numbers as floats, "" as blank."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool | str):
        return value
    return float(value) if isinstance(value, int | float) else str(value)


def differences(one: Mapping[Key, object], other: Mapping[Key, object]) -> dict[Key, tuple[object, object]]:
    """Where two readings differ by more than the last digits of a float."""
    return {
        key: (one.get(key), other.get(key))
        for key in one.keys() | other.keys()
        if not _near(one.get(key), other.get(key))
    }


def _near(one: object, other: object) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_near, one, other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return one == other
