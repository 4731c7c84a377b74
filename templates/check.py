"""All that is wrong with a ledger, at once: cells, rules, metrics, slots, readiness."""

from __future__ import annotations

from collections.abc import Iterable

from templates.report import Report, compose
from workbook.acknowledged import settle
from workbook.book import Book, recognize
from workbook.facts import Facts
from workbook.findings import Finding, Severity
from workbook.gate import admit
from workbook.ledger import Ledger
from workbook.memory import uncollected
from workbook.raw import RawBook
from workbook.rules.cells import cell_findings
from workbook.rules.every import RULES
from workbook.rules.registry import run_rules

_ORDER = {severity: place for place, severity in enumerate(Severity)}


def check(raw: RawBook) -> list[Finding]:
    """Every finding of one workbook, errors first, then in the order of the workbook.

    Raises Refusal where the file is no ledger that this program can work with.
    """
    return check_ledger(Ledger(admit(recognize(raw))))


def check_ledger(ledger: Ledger, report: Report | None = None) -> list[Finding]:
    """Every finding of a ledger in the same order, what 已知问题 lets stand with its reason.

    `report` is the composed report where there is one already; its facts are used.
    """
    with uncollected():
        return in_order(ledger.book, settle(ledger, _once(_found(ledger, report))))


def _found(ledger: Ledger, report: Report | None) -> list[Finding]:
    facts = report.facts if report else Facts(ledger)
    for metric in facts.metrics:
        facts.figure(metric)
    report = report or compose(ledger, facts=facts, traced=False)
    findings = [*cell_findings(ledger), *run_rules(ledger, facts, RULES.values()), *report.findings]
    findings += [one for records in ledger.opened for one in records.row_findings()]
    return [*findings, *ledger.findings, *facts.findings]


def in_order(book: Book, findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then by sheet, row and column."""
    places = {sheet.name: number for number, sheet in enumerate(book.raw.sheets)}

    def place(one: Finding) -> tuple[int, int, int, int, str]:
        sheet = places.get(one.cell.sheet if one.cell else one.sheet, -1)
        row, column = (one.cell.row, one.cell.column) if one.cell else (0, 0)
        return _ORDER[one.severity], sheet, row, column, one.code

    return sorted(findings, key=place)


def _once(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Each finding once: the first, which knows most."""
    once: dict[tuple[str, object, str], Finding] = {}
    for one in findings:
        once.setdefault((one.code, one.cell or one.sheet, one.message), one)
    return once.values()
