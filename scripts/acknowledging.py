"""`taizhang check --acknowledge`: a finding somebody has looked at goes into 已知问题, with the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from workbook.acknowledged import HEADERS, Line, cannot_stand, header_row, mark_of, read_lines, with_marks
from workbook.book import Book, fold, recognize
from workbook.findings import Cell, Finding, Refusal
from workbook.ledger import Ledger
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.schema import ID_COLUMN, KNOWN_ISSUES

_ORDER = re.compile(r"(?P<code>[A-Za-z]\d{3})@(?P<where>.+![A-Za-z]{1,3}\d{1,7})")


_WIDTHS = (10, 14, 18, 16, 60)


class _Sheet(NamedTuple):
    """已知问题: where its columns are, its first free row, its lines, and the headers still to be written."""

    places: dict[str, int]
    free: int
    lines: list[Line]
    headers: dict[Cell, RawValue]


def acknowledge(path: str, wanted: Sequence[str], reason: str) -> bytes:
    """The workbook with a line in 已知问题 for each CODE@表!格.

    Raises Refusal for what is not found there, cannot be acknowledged, or has no place to be written.
    """
    from workbook.files import read_bytes
    from workbook.patching.cells import with_cells
    from workbook.patching.new_sheet import with_sheet
    from workbook.reading.reader import read
    from workbook.schema import GENERATED_SHEETS

    data, raw = read_bytes(path), read(path, skip=GENERATED_SHEETS)
    made = changes(raw, wanted, reason)
    if raw.sheet(KNOWN_ISSUES) is None:
        data = with_sheet(data, KNOWN_ISSUES, _WIDTHS, path=path)
    return with_cells(data, made, path=path)


def changes(raw: RawBook, wanted: Sequence[str], reason: str) -> dict[Cell, RawValue]:
    """The cells that acknowledge these findings; rows that have no `_id` yet get theirs. Raises Refusal."""
    from templates.check import check
    from workbook.identity import with_ids

    sheet = _known_issues(raw)
    identified = with_ids(raw)
    found = with_marks(Ledger(recognize(identified)), check(raw))
    new = dict(sheet.headers)
    taken = {line.mark: line.cell.row for line in sheet.lines}
    for one in [each for text in wanted for each in _named(raw, found, text)]:
        row = taken.setdefault(mark_of(one), max([sheet.free - 1, *taken.values()]) + 1)
        values = (one.code, one.row_id, one.column, one.digest, reason)
        new |= {Cell(KNOWN_ISSUES, row, sheet.places[fold(header)]): value
                for header, value in zip(HEADERS, values, strict=True)}
        new |= _id_cell(recognize(raw), one)
    return new


def _named(raw: RawBook, found: list[Finding], text: str) -> list[Finding]:
    """The findings that CODE@表!格 means; raises Refusal where there is none to acknowledge."""
    match = _ORDER.fullmatch(text.strip())
    if match is None:
        raise Refusal(f"--acknowledge 不能是“{text}”，请写成 D008@任务!J3 的样子：规则代码@工作表!单元格。")
    code, where = match["code"].upper(), match["where"]
    if why := cannot_stand(code):
        raise Refusal(f"{code} 不能确认：{why}。请照它的提示改正。")
    hits = [one for one in found if one.code == code and one.where.upper() == where.upper()]
    if not hits:
        places = [one.where for one in found if one.code == code and one.where][:5]
        have = f"{code} 报在：{'、'.join(places)}" if places else f"这本台账没有报 {code}"
        raise Refusal(f"{raw.path}：{where} 没有报 {code}。{have}。")
    if not hits[0].row_id:
        raise Refusal(f"{raw.path}：{where} 不是台账里的一行，不能单独确认。请照提示改正。")
    return hits


def _known_issues(raw: RawBook) -> _Sheet:
    sheet = raw.sheet(KNOWN_ISSUES)
    if sheet is None or not _used(sheet):
        headers: dict[Cell, RawValue] = {Cell(KNOWN_ISSUES, 1, at): header for at, header in enumerate(HEADERS, 1)}
        return _Sheet({fold(header): at for at, header in enumerate(HEADERS, 1)}, 2, [], headers)
    top = header_row(sheet)
    if top is None:
        raise Refusal(f"{raw.path}：“{KNOWN_ISSUES}”表的表头不对。请在第一行写：{'、'.join(HEADERS)}。")
    places = {fold(value): at for at, value in enumerate(sheet.rows[top], 1) if value is not None}
    missing = [header for header in HEADERS if fold(header) not in places]
    if missing:
        raise Refusal(f"{raw.path}：“{KNOWN_ISSUES}”表没有{'、'.join(missing)}列。请在表头补上。")
    return _Sheet(places, max(_used(sheet)) + 1, read_lines(sheet), {})


def _used(sheet: RawSheet) -> list[int]:
    """The rows, from 1, that hold anything."""
    return [number for number, row in enumerate(sheet.rows, 1) if any(value not in (None, "") for value in row)]


def _id_cell(book: Book, one: Finding) -> dict[Cell, RawValue]:
    """The `_id` that the row of a finding still lacks. Raises Refusal where its sheet has no such column."""
    table = next((table for table in book.tables.values() if one.cell and table.name == one.cell.sheet), None)
    if table is None or one.cell is None:
        return {}
    if not table.has(ID_COLUMN):
        raise Refusal(f"{book.path}：工作表“{table.name}”没有 {ID_COLUMN} 列，记不住是哪一行。"
                      "请用 taizhang repair 补上。")
    number = table.places[ID_COLUMN]
    row = table.raw.rows[one.cell.row - 1]
    held = row[number - 1] if number <= len(row) else None
    return {} if held not in (None, "") else {Cell(table.name, one.cell.row, number): one.row_id}
