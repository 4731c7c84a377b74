"""Random edits of a printed report: every changed figure is flagged, no other one is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from templates.docx_text import paragraphs
from templates.provenance.verify import verify
from tests.editing import EDITS, Printed, Rates, edited, printed

EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
DRAFTS, EDITS_EACH = 54, 6


@pytest.fixture(scope="module")
def report() -> Printed:
    return printed(EXAMPLE.read_text("utf-8"))


def rates(report: Printed, *, bookmarks: bool) -> Rates:
    found = Rates()
    for seed in range(DRAFTS):
        draft = report.draft(seed)
        names = random.Random(seed).sample(list(EDITS), EDITS_EACH) if seed >= len(EDITS) else [list(EDITS)[seed]] * 2
        made = edited(draft, names)
        now = paragraphs(draft.saved())
        if not bookmarks:
            now = tuple(one._replace(bookmarks=()) for one in now)
        found.add(draft, made, verify(report.manifest, now, report.manifest, known=report.known))
    print(found)
    return found


def test_with_bookmarks_every_changed_figure_is_flagged_and_no_other(report: Printed) -> None:
    found = rates(report, bookmarks=True)
    assert found.edits >= 200
    assert found.flagged == found.changed, str(found)
    assert found.false == 0, str(found)
    assert found.listed == found.typed, str(found)


def test_the_public_copy_is_known_by_its_sentences(report: Printed) -> None:
    found = rates(report, bookmarks=False)
    assert found.flagged >= 0.95 * found.changed, str(found)
    assert found.false <= 0.001 * found.unchanged, str(found)
    assert found.listed >= 0.95 * found.typed, str(found)


def test_an_untouched_report_says_nothing(report: Printed) -> None:
    now = paragraphs(report.data)
    assert not verify(report.manifest, now, report.manifest, known=report.known).differs
    bare = [one._replace(bookmarks=()) for one in now]
    assert not verify(report.manifest, bare, report.manifest, known=report.known).differs


@pytest.mark.parametrize("name", EDITS)
def test_each_kind_of_edit_is_made(report: Printed, name: str) -> None:
    draft = report.draft(7)
    while not edited(draft, [name]):
        draft = report.draft(draft.dice.randrange(1 << 20))
    assert draft.saved() != report.data
