"""已知问题: findings that somebody has looked at and let stand, with the reason.

A line names a rule, a row (`_id`), a column and a digest of the value. It holds
for that value alone: where the cell changes, the finding is back. What keeps a
figure or a text from being made, and what must not travel, cannot be let stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from workbook.book import Table, fold
from workbook.faults import FAULTS, found, safe
from workbook.findings import Cell, Finding, Severity
from workbook.hashing import sha256
from workbook.ledger import Ledger, shown
from workbook.raw import RawSheet, RawValue
from workbook.schema import HEAD_COLUMNS, HEAD_SHEET, ID_COLUMN, KNOWN_ISSUES

HEADERS = ("规则", ID_COLUMN, "列", "值摘要", "理由")
SECRETS = frozenset({"P001", "P002", "P003", "P007", "P008"})
"""Identity numbers and marks of secrecy: they must go, whatever the reason."""
_UNCOMPUTED = frozenset("SCTMOX")
_MISDIRECTED = frozenset({"L001", "L003", "L004", "D010"})
"""Errors of these families and codes leave a figure or a text that cannot be made."""
_OWN = "K"
_LATEST_HEADER = 20

Mark = tuple[str, str, str]
"""Rule, row id, column."""


class Line(NamedTuple):
    """One line of 已知问题; `cell` is where it names its rule."""

    rule: str
    row_id: str
    column: str
    digest: str
    reason: str
    cell: Cell

    @property
    def mark(self) -> Mark:
        return self.rule, self.row_id, fold(self.column)


def settle(ledger: Ledger, findings: Iterable[Finding]) -> list[Finding]:
    """All findings of a ledger with the acknowledgements applied, and what is wrong with these themselves."""
    named = with_marks(ledger, findings)
    lines = read_lines(ledger.book.raw.sheet(KNOWN_ISSUES))
    if not lines:
        return named
    settled = _apply(lines, named)
    return settled + list(_faults(ledger, lines, settled))


def with_marks(ledger: Ledger, findings: Iterable[Finding]) -> list[Finding]:
    """Each finding with the id of its row, its column and the digest of its value, as 已知问题 names them."""
    places = _Places(ledger)
    return [places.named(one) for one in findings]


def acknowledged(ledger: Ledger, findings: Iterable[Finding]) -> list[Finding]:
    """The same findings, those that 已知问题 lets stand with their reason."""
    return _apply(read_lines(ledger.book.raw.sheet(KNOWN_ISSUES)), with_marks(ledger, findings))


def cannot_stand(code: str) -> str:
    """Why findings of this code cannot be acknowledged, or nothing where they can."""
    fault = FAULTS.get(code)
    if code in SECRETS:
        return "个人信息和涉密内容不能带着走"
    if code.startswith(_OWN):
        return "它说的是确认本身"
    if fault and fault.severity is Severity.ERROR and (code[0] in _UNCOMPUTED or code in _MISDIRECTED):
        return "不改正就算不出数、印不出字"
    return ""


def value_digest(row_id: str, value: str) -> str:
    """A short name for a value in its row; it tells nothing of the value, and begins with a letter."""
    digest: str = sha256(f"{row_id}\0{fold(value)}".encode("utf-8", "surrogatepass")).hexdigest()
    return "v" + digest[:11]


def read_lines(sheet: RawSheet | None) -> list[Line]:
    """The lines of 已知问题; blank ones are none."""
    top = header_row(sheet) if sheet else None
    if sheet is None or top is None:
        return []
    places = {fold(value): at for at, value in enumerate(sheet.rows[top]) if value is not None}
    lines = []
    for number, row in enumerate(sheet.rows[top + 1:], top + 2):
        texts = [_text(row, places.get(fold(header))) for header in HEADERS]
        if any(texts):
            rule, row_id, column, digest, reason = texts
            cell = Cell(sheet.name, number, places["规则"] + 1)
            lines.append(Line(rule.upper(), row_id, column, digest, reason, cell))
    return lines


def header_row(sheet: RawSheet) -> int | None:
    """The row, from 0, that names the columns of 已知问题."""
    wanted = {"规则", "理由"}
    rows = enumerate(sheet.rows[:_LATEST_HEADER])
    return next((at for at, row in rows if wanted <= {fold(value) for value in row if value is not None}), None)


def _text(row: list[RawValue], at: int | None) -> str:
    return shown(row[at]).strip() if at is not None and at < len(row) else ""


def _apply(lines: list[Line], findings: list[Finding]) -> list[Finding]:
    valid = {(*line.mark, line.digest): line.reason for line in lines if line.reason and not cannot_stand(line.rule)}
    if not valid:
        return findings
    reasons = (valid.get((*mark_of(one), one.digest), "") if one.row_id else "" for one in findings)
    return [one._replace(acknowledged=safe(reason)) if reason else one
            for one, reason in zip(findings, reasons, strict=True)]


def mark_of(one: Finding) -> Mark:
    """How 已知问题 names a finding."""
    return one.code, one.row_id, fold(one.column)


def _faults(ledger: Ledger, lines: list[Line], findings: list[Finding]) -> Iterator[Finding]:
    """What is wrong with the lines themselves."""
    import workbook.rules.every  # noqa: F401  # every code is registered

    standing: Mapping[Mark, list[Finding]] = _by_mark(findings)
    rows = _Places(ledger).rows
    for line in lines:
        why = cannot_stand(line.rule)
        if line.rule not in FAULTS:
            yield _at(line, "K002")
        elif why:
            yield _at(line, "K004", why=why)
        elif not line.reason:
            yield _at(line, "K001")
        elif line.row_id not in rows:
            yield _at(line, "K003", given=line.row_id)
        elif line.mark not in standing:
            yield _at(line, "K006", given=line.column)
        elif all(one.digest != line.digest for one in standing[line.mark]):
            yield _at(line, "K005", given=standing[line.mark][0].where)


def _at(line: Line, code: str, **blanks: str) -> Finding:
    return found(code, line.cell, column=HEADERS[0], value=line.rule, **blanks)


def _by_mark(findings: Iterable[Finding]) -> dict[Mark, list[Finding]]:
    marks = defaultdict(list)
    for one in findings:
        if one.row_id:
            marks[mark_of(one)].append(one)
    return marks


class _Places:
    """Where things stand in one ledger: the id of a row, the header over a cell, its value."""

    def __init__(self, ledger: Ledger) -> None:
        self.tables = {table.name: table for table in (ledger.book.head, *ledger.book.tables.values())}
        self.headers = {name: {one.number: one.title for one in table.headers} for name, table in self.tables.items()}

    @property
    def rows(self) -> set[str]:
        """Every row id of the ledger."""
        return {self.row_id(table, number) for table in self.tables.values() for number in table.numbers}

    def row_id(self, table: Table, number: int) -> str:
        """A row's `_id`; a row of 报告信息 goes by its key."""
        if table.sheet.title != HEAD_SHEET:
            return _text(table.raw.rows[number - 1], _at_column(table, ID_COLUMN))
        key = fold(_text(table.raw.rows[number - 1], _at_column(table, HEAD_COLUMNS[0])))
        return f"{HEAD_SHEET}/{key}" if key else ""

    def named(self, one: Finding) -> Finding:
        table = self.tables.get(one.cell.sheet) if one.cell else None
        if one.cell is None or table is None or not table.header_row < one.cell.row <= len(table.raw.rows):
            return one
        row_id = self.row_id(table, one.cell.row)
        if not row_id:
            return one
        value = _text(table.raw.rows[one.cell.row - 1], one.cell.column - 1)
        column = one.column or safe(self.headers[table.name].get(one.cell.column, ""))
        return one._replace(row_id=row_id, column=column, digest=value_digest(row_id, value))


def _at_column(table: Table, title: str) -> int | None:
    return table.places[title] - 1 if title in table.places else None
