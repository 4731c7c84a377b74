"""Which part of a check costs how much: reading, metrics, cells, every rule, the report, dearest first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Step(NamedTuple):
    """One part of a check: CPU seconds, what it is, how many findings it made."""

    seconds: float
    name: str
    findings: int


def timed(size: str) -> list[Step]:
    """Every part of one check of a reference ledger, in this process, the dearest first.

    What several parts need (a column read, a metric counted) is paid by the first that asks.
    """
    from workbook.memory import uncollected

    with uncollected():
        return sorted(_steps(size), reverse=True)


def _steps(size: str) -> Iterator[Step]:
    import workbook.rules.every  # noqa: F401
    from templates.report import compose
    from tests.reference_ledgers import reference_ledger
    from workbook.book import recognize
    from workbook.facts import Facts
    from workbook.ledger import Ledger
    from workbook.rules.cells import cell_findings
    from workbook.rules.registry import RULES, run_rules

    raw = reference_ledger(size)
    seconds, ledger = _clocked(lambda: Ledger(recognize(raw)))
    yield Step(seconds, "recognize", 0)
    seconds, facts = _clocked(lambda: Facts(ledger))
    yield Step(seconds, "metrics: definitions", 0)
    seconds, _ = _clocked(lambda: [facts.figure(metric) for metric in facts.metrics])
    yield Step(seconds, "metrics: values", 0)
    seconds, findings = _clocked(lambda: list(cell_findings(ledger)))
    yield Step(seconds, "cells", len(findings))
    for rule in RULES.values():
        seconds, findings = _clocked(lambda rule=rule: run_rules(ledger, facts, [rule]))  # type: ignore[misc]
        yield Step(seconds, f"{rule.code} {rule.check.__module__}.{rule.check.__name__}", len(findings))
    seconds, report = _clocked(lambda: compose(ledger, facts=facts, traced=False))
    yield Step(seconds, "report", len(report.findings))


def _clocked(work: Callable[[], T]) -> tuple[float, T]:
    started = time.process_time()
    done = work()
    return time.process_time() - started, done


def table(size: str) -> str:
    """The steps as a Markdown table, with their sum."""
    steps = timed(size)
    lines = [f"| check {size} | ms | findings |", "|---|---|---|",
             f"| all | {sum(one.seconds for one in steps) * 1000:.1f} | {sum(one.findings for one in steps)} |"]
    return "\n".join([*lines, *(f"| {one.name} | {one.seconds * 1000:.2f} | {one.findings} |" for one in steps)])
