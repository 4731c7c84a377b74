"""The rules whose findings stop a final report: few modules, so that a report costs little more for asking them."""

from __future__ import annotations

from workbook.facts import Facts
from workbook.faults import FAULTS
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger
from workbook.rules import counts, metric_links, report_dates, totals, units  # noqa: F401
from workbook.rules.cells import cell_findings
from workbook.rules.registry import RULES, Rule, run_rules


def error_rules() -> list[Rule]:
    """The registered rules of severity error."""
    return [rule for code, rule in RULES.items() if FAULTS[code].severity is Severity.ERROR]


def errors_of(ledger: Ledger, facts: Facts) -> list[Finding]:
    """The errors that the cells and these rules find: what a final report may not have besides its own."""
    found = (*cell_findings(ledger, errors=True), *run_rules(ledger, facts, error_rules()), *ledger.findings,
             *facts.findings)
    return [one for one in found if one.severity is Severity.ERROR]
