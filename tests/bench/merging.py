"""A master with many offices, and what comes back from each: merged by us, pasted together by a script.

    python -m tests.bench.merging prepare FOLDER NUMBER [new|same|few] [ROWS]
    python -m tests.bench.merging naive|peer FOLDER

new: the master holds no rows; each return brings the rows of a ledger S (482), or so many of them, and has the 60
shared metrics as they were sent. same: the master holds them, each office is sent its own and returns them as they
were. few: the same with a cell of every hundredth row changed. naive: pandas reads every sheet of every return and
writes all of them one under the other, as a clerk's script does; peer: the same through calamine and xlsxwriter.
Neither compares, checks or remembers anything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from tests.reference_ledgers import reference_ledger
from workbook.book import Table, recognize
from workbook.exchange.sides import OFFICE_COLUMNS
from workbook.findings import Cell
from workbook.patching.cells import with_cells
from workbook.patching.pouring import Pouring, with_rows
from workbook.patching.room import Room
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.reading.reader import read_content

MASTER, EXCHANGE, RETURNS = "台账.xlsx", "往来", "退回的表"
SEEDS = 20
"""So many different ledgers, over and over under other 编号."""
Rows = list[list[RawValue]]


def prepare(folder: Path, number: int, kind: str = "new", rows: int = 482) -> None:
    """Write the master, send it out, and fill in what was sent."""
    from scripts.cli import main
    from scripts.ledgers import workbook_bytes

    (folder / RETURNS).mkdir(parents=True)
    (folder / MASTER).write_bytes(workbook_bytes(_master(number, 0 if kind == "new" else rows)))
    main(["dispatch", str(folder / MASTER), "-o", str(folder / EXCHANGE), "--quiet"])
    for at, sent in enumerate(sorted((folder / EXCHANGE).glob("*/下发/*.xlsx"))):
        data = sent.read_bytes()
        back = _filled(data, at, rows) if kind == "new" else _edited(data) if kind == "few" else data
        (folder / RETURNS / sent.name).write_bytes(back)


def _master(number: int, rows: int) -> RawBook:
    sheets = []
    for sheet in reference_ledger("S").sheets:
        head, *held = sheet.rows
        if sheet.name == "股室":
            given = [{"代码": f"G{at:04d}", "名称": _office(at), "角色": "填报"} for at in range(number)]
            held = [[one.get(str(title)) for title in head] for one in given]
        elif sheet.name == "指标":
            owner = head.index("责任股室")
            held = [[*row[:owner], None, *row[owner + 1:]] for row in held]
        elif sheet.name in OFFICE_COLUMNS:
            own = (one for at in range(number) for one in _own(at, sheet.name, rows))
            held = [[one.get(str(title)) for title in head] for one in own]
        sheets.append(sheet._replace(rows=[head, *held]))
    return RawBook(MASTER, tuple(sheets))


def _office(at: int) -> str:
    return f"第{at:04d}股"


def _filled(data: bytes, at: int, rows: int) -> bytes:
    """What an office was sent, with rows below its headers."""
    pourings = {}
    for title, (header, places) in _places(data).items():
        new = [{places[name]: value for name, value in row.items() if name in places and value is not None}
               for row in _own(at, title, rows)]
        if new:
            first = header + 1
            pourings[title] = Pouring(Room(first, first, header + len(new), max(places.values())), new)
    return with_rows(data, pourings)


_KNOWN: dict[str, tuple[int, Mapping[str, int]]] = {}


def _places(data: bytes) -> dict[str, tuple[int, Mapping[str, int]]]:
    """Header row and columns by sheet; all offices are sent the same ones."""
    if not _KNOWN:
        tables = recognize(read_content(data, "")).tables
        _KNOWN.update({title: (table.header_row, table.places) for title, table in tables.items()
                       if title in OFFICE_COLUMNS and title != "指标"})
    return _KNOWN


def _edited(data: bytes) -> bytes:
    """The same with a note in every hundredth row."""
    tables = recognize(read_content(data, "")).tables
    return with_cells(data, {cell: "改过" for table in tables.values() for cell in _notes(table)})


def _notes(table: Table) -> Iterator[Cell]:
    if table.sheet.title in OFFICE_COLUMNS and table.has("备注"):
        yield from (Cell(table.name, number, table.places["备注"]) for number in islice(table.numbers, 0, None, 100))


@cache
def _ledger(seed: int) -> dict[str, RawSheet]:
    return {sheet.name: sheet for sheet in reference_ledger("S", seed=seed).sheets}


def _own(at: int, title: str, rows: int) -> Iterator[dict[str, RawValue]]:
    """The rows of one office on one sheet, its share of so many in all."""
    head, *held = _ledger(100 + at % SEEDS)[title].rows
    for row in held[:round(len(held) * rows / 482)]:
        told = dict(zip(map(str, head), row, strict=True))
        own = {"活动名称": f"{_office(at)}{told['活动名称']}"} if "活动名称" in told else {}
        yield {**told, **own, OFFICE_COLUMNS[title]: _office(at), "编号": f"{at:04d}-{told['编号']}"}


def naive(folder: Path) -> None:
    """Read every sheet of every return by pandas and write them one under the other."""
    import pandas as pd

    held: dict[str, list[Any]] = {}
    for path in sorted((folder / RETURNS).iterdir()):
        for name, frame in pd.read_excel(path, sheet_name=None, header=1, engine="openpyxl").items():
            held.setdefault(str(name), []).append(frame)
    with pd.ExcelWriter(folder / "naive.xlsx", engine="openpyxl") as target:
        for name, frames in held.items():
            pd.concat(frames).to_excel(target, sheet_name=name, index=False)


def peer(folder: Path) -> None:
    """The same by the quickest libraries, row after row."""
    from python_calamine import CalamineWorkbook
    from xlsxwriter import Workbook

    target = Workbook(folder / "peer.xlsx", {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    paths = sorted((folder / RETURNS).iterdir())
    for name in CalamineWorkbook.from_path(paths[0]).sheet_names:
        sheet, at = target.add_worksheet(name), 0
        for path in paths:
            for row in CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python():
                sheet.write_row(at, 0, [None if value == "" else value for value in row])
                at += 1
    target.close()


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:5], *map(int, sys.argv[5:6]))
    else:
        {"naive": naive, "peer": peer}[sys.argv[1]](Path(sys.argv[2]))
