"""All that is wrong with a ledger, at once: cells, rules, metrics, slots, readiness."""

from __future__ import annotations

from collections.abc import Iterable

from templates.report import compose
from workbook.book import Book, recognize
from workbook.facts import Facts
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger
from workbook.raw import RawBook
from workbook.rules.cells import cell_findings
from workbook.rules.registry import run_rules

_ORDER = {severity: place for place, severity in enumerate(Severity)}


def check(raw: RawBook) -> list[Finding]:
    """Every finding of one workbook, errors first, then in the order of the workbook.

    Raises Refusal where the file is no ledger.
    """
    book = recognize(raw)
    ledger = Ledger(book)
    facts = Facts(ledger)
    for metric in facts.metrics:
        facts.figure(metric)
    findings = [*cell_findings(ledger), *run_rules(ledger, facts), *compose(ledger, facts=facts).findings]
    findings += [one for records in ledger.opened for one in records.row_findings()]
    findings += [*ledger.findings, *facts.findings]
    return in_order(book, findings)


def in_order(book: Book, findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once (the first, which knows most): errors first, then by sheet, row and column."""
    places = {sheet.name: number for number, sheet in enumerate(book.raw.sheets)}

    def place(one: Finding) -> tuple[int, int, int, int, str]:
        sheet = places.get(one.cell.sheet if one.cell else one.sheet, -1)
        row, column = (one.cell.row, one.cell.column) if one.cell else (0, 0)
        return _ORDER[one.severity], sheet, row, column, one.code

    once: dict[tuple[str, object, str], Finding] = {}
    for one in findings:
        once.setdefault((one.code, one.cell or one.sheet, one.message), one)
    return sorted(once.values(), key=place)
