"""A master with many offices, and what comes back from each: merged by us, pasted together by a script.

    python -m tests.bench.merging prepare FOLDER NUMBER
    python -m tests.bench.merging naive|peer FOLDER

The master holds no rows; each return brings the rows of a ledger S (482) and has the 60 shared metrics as they were
sent. naive: pandas reads every sheet of every return and writes all of them one under the other, as a clerk's script
does; peer: the same through calamine and xlsxwriter. Neither compares, checks or remembers anything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.reference_ledgers import reference_ledger
from workbook.exchange.sides import OFFICE_COLUMNS
from workbook.raw import RawBook, RawSheet, RawValue

MASTER, EXCHANGE, RETURNS = "台账.xlsx", "往来", "退回的表"
Rows = list[list[RawValue]]


def prepare(folder: Path, number: int) -> None:
    """Write the master, send it out, and fill in what was sent."""
    from scripts.cli import main
    from scripts.ledgers import workbook_bytes

    (folder / RETURNS).mkdir(parents=True)
    (folder / MASTER).write_bytes(workbook_bytes(_master(number)))
    main(["dispatch", str(folder / MASTER), "-o", str(folder / EXCHANGE), "--quiet"])
    for at, sent in enumerate(sorted((folder / EXCHANGE).glob("*/下发/*.xlsx"))):
        (folder / RETURNS / sent.name).write_bytes(_filled(sent, at))


def _master(number: int) -> RawBook:
    sheets = []
    for sheet in reference_ledger("S").sheets:
        head, *rows = sheet.rows
        if sheet.name == "股室":
            given = [{"代码": f"G{at:04d}", "名称": _office(at), "角色": "填报"} for at in range(number)]
            rows = [[one.get(str(title)) for title in head] for one in given]
        elif sheet.name == "指标":
            owner = head.index("责任股室")
            rows = [[*row[:owner], None, *row[owner + 1:]] for row in rows]
        elif sheet.name in OFFICE_COLUMNS:
            rows = []
        sheets.append(sheet._replace(rows=[head, *rows]))
    return RawBook(MASTER, tuple(sheets))


def _office(at: int) -> str:
    return f"第{at:04d}股"


def _filled(sent: Path, at: int) -> bytes:
    """What an office was sent, with the rows of a ledger S below its headers."""
    from workbook.book import recognize
    from workbook.reading.reader import read
    from workbook.schema import GENERATED_SHEETS
    from workbook.standard.cached import cached_values
    from workbook.standard.writer import write

    raw = read(sent, skip=GENERATED_SHEETS)
    added = {sheet.name: sheet for sheet in reference_ledger("S", seed=100 + at).sheets}
    tables = recognize(raw).tables
    sheets = [sheet if sheet.name not in OFFICE_COLUMNS or sheet.name == "指标"
              else _with_rows(sheet, tables[sheet.name].header_row, added[sheet.name], at) for sheet in raw.sheets]
    book = recognize(raw._replace(sheets=tuple(sheets)))
    return write(book, cached_values(book))


def _with_rows(sheet: RawSheet, header: int, other: RawSheet, at: int) -> RawSheet:
    heads = sheet.rows[header - 1]
    return sheet._replace(rows=[*sheet.rows[:header], *(
        [row.get(str(title)) for title in heads] for row in _own(other, at))])


def _own(sheet: RawSheet, at: int) -> Iterator[dict[str, RawValue]]:
    head, *rows = sheet.rows
    for row in rows:
        told = dict(zip(map(str, head), row, strict=True))
        yield {**told, OFFICE_COLUMNS[sheet.name]: _office(at), "编号": f"{at:04d}-{told['编号']}"}


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
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        {"naive": naive, "peer": peer}[sys.argv[1]](Path(sys.argv[2]))
