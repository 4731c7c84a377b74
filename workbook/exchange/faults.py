"""What is wrong with the rows of a return in themselves: what the rest of the ledger makes of them is the master's."""

from __future__ import annotations

from workbook.acknowledged import acknowledged
from workbook.facts import Facts
from workbook.faults import FAULTS
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger
from workbook.rules.cells import cell_findings
from workbook.rules.every import RULES
from workbook.rules.registry import run_rules

_FAMILIES = ("C", "D", "P", "L001")
"""Cells, dates, persons, and references that lead nowhere."""


def faults_of_rows(ledger: Ledger) -> list[Finding]:
    """The open errors in cells and rows, from the first sheet to the last."""
    facts = Facts(ledger)
    rules = [one for code, one in RULES.items() if code.startswith(_FAMILIES) and _is_error(code)]
    findings = [*cell_findings(ledger), *run_rules(ledger, facts, rules), *facts.findings, *ledger.findings]
    errors = {(one.code, one.cell, one.message): one for one in reversed(findings)
              if one.cell and one.severity is Severity.ERROR and one.code.startswith(_FAMILIES)}
    places = {sheet.name: number for number, sheet in enumerate(ledger.book.raw.sheets)}
    open_ones = [one for one in acknowledged(ledger, errors.values()) if one.open]
    return sorted(open_ones, key=lambda one: (places[one.cell.sheet], *one.cell[1:], one.code) if one.cell else ())


def _is_error(code: str) -> bool:
    return FAULTS[code].severity is Severity.ERROR
