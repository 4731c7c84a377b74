"""Each rule's fault, planted at random places of clean ledgers, is told at its cell, with sensible companions only."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from templates.check import check
from tests.mutations import of_cells, of_metrics, of_reports, of_rows, of_texts  # noqa: F401
from tests.mutations.planter import MUTATIONS, Mutation, NotHere, ledgers
from workbook.faults import FAULTS
from workbook.findings import Finding
from workbook.raw import RawBook

FAMILIES = "SCDLMNQTOWPR"
NOT_IN_A_CELL = {
    "R003": "要五千多字的正文：tests/cases/R003.md",
    "R005": "要出比台账短的一期（季度）报告：见 tests/templates",
}
"""Codes that need other surroundings than a cell of a clean ledger, with the reason."""
EACH = 2


@pytest.mark.parametrize("book", ledgers(), ids=lambda book: book.path)
def test_nothing_is_said_of_a_clean_ledger(book: RawBook) -> None:
    assert [(one.code, one.where, one.message) for one in check(book)] == []


def test_every_code_of_a_ledger_has_its_mutation() -> None:
    codes = {code for code in FAULTS if code[0] in FAMILIES}
    assert codes - MUTATIONS.keys() - NOT_IN_A_CELL.keys() == set()
    assert MUTATIONS.keys() <= codes


def _cases() -> list[Mutation]:
    return [mutation for code in sorted(MUTATIONS) for mutation in MUTATIONS[code]]


@pytest.mark.parametrize("mutation", _cases(), ids=lambda one: f"{one.code}-{one.plant.__name__}")
@settings(max_examples=EACH, deadline=None, derandomize=True, database=None,
          phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(first=st.integers(0, 2), seed=st.integers(0, 10**9))
def test_a_planted_fault_is_told_at_its_cell(mutation: Mutation, first: int, seed: int) -> None:
    book, expected = _planted(mutation, first, Random(seed))
    findings = check(book)
    told = {one.where for one in findings if one.code == mutation.code}
    assert told == expected, f"应在 {expected}，实在 {told}\n{_listed(findings)}"
    others = {one.code for one in findings} - {mutation.code}
    assert "*" in mutation.companions or others <= mutation.companions, _listed(findings)


def _planted(mutation: Mutation, first: int, random: Random) -> tuple[RawBook, set[str]]:
    """The fault in the first of the ledgers, from `first` on, that has a place for it."""
    books = ledgers()
    for book in (*books[first:], *books[:first]):
        try:
            planted, place = mutation.plant(book, random)
        except (NotHere, AssertionError, IndexError, ValueError):
            continue
        return planted, {place} if isinstance(place, str) else place
    raise AssertionError(f"{mutation.code} 没有一份台账能种")


def _listed(findings: list[Finding]) -> str:
    return "\n".join(f"{one.code} {one.where} {one.message}" for one in findings[:12])
