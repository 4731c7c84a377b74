"""The register of rules, and the one place that runs them.

A rule is a generator over a ledger that yields findings; it is registered with
its code, wording and authority, and its docstring says why it matters. A rule
that crashes becomes a finding of its own and the others still run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from workbook.facts import Facts
from workbook.faults import found, register
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger


class Inspection(NamedTuple):
    """What a rule looks at: the ledger and what its rows add up to."""

    ledger: Ledger
    facts: Facts


Check = Callable[[Inspection], Iterator[Finding]]


class Rule(NamedTuple):
    """One rule; `title` names the fault in a few words, `why` is its docstring."""

    code: str
    title: str
    why: str
    check: Check


RULES: dict[str, Rule] = {}


def rule(code: str, title: str, message: str, hint: str, severity: Severity = Severity.ERROR,
         authority: str = "常识") -> Callable[[Check], Check]:
    """Register the decorated generator as the rule of `code`."""

    def add(check: Check) -> Check:
        register(code, severity, message, hint, authority)
        return rule_of(code, title)(check)

    return add


def rule_of(code: str, title: str) -> Callable[[Check], Check]:
    """Register the decorated generator as the rule of a fault that `workbook.faults` already words."""

    def add(check: Check) -> Check:
        RULES[code] = Rule(code, title, (check.__doc__ or "").strip(), check)
        return check

    return add


def run_rules(ledger: Ledger, facts: Facts, rules: Iterable[Rule]) -> list[Finding]:
    """Every finding of every rule, in the order of the codes."""
    inspection = Inspection(ledger, facts)
    chosen = sorted(rules, key=lambda one: one.code)
    return [finding for one in chosen for finding in _run(one, inspection)]


def _run(one: Rule, inspection: Inspection) -> list[Finding]:
    findings: list[Finding] = []
    try:
        findings.extend(one.check(inspection))
    except Exception as error:
        findings.append(found("X001", value=one.code, given=f"{type(error).__name__}: {error}"))
    return findings
