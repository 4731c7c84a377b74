"""What leaves with a report: its bytes with their marks, the manifest beside it, and a reviewer's copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from templates.report import Report, render

if TYPE_CHECKING:
    from templates.provenance.manifest import Manifest

REVIEW_DOCX, REVIEW_PAGE = ".核对稿.docx", ".核对.html"
"""What stands instead of .docx in the names of a reviewer's copies."""


class Issued(NamedTuple):
    """A report and the manifest that goes into its .trace.json."""

    data: bytes
    manifest: Manifest
    trace: str


class ReviewCopies(NamedTuple):
    """The report with a comment on every figure, and the page that lists them."""

    docx: bytes
    page: bytes


def issued(report: Report, form: str, *, source: str) -> Issued:
    """A composed report that knows its cells; `source` is the ledger's name."""
    from templates.provenance.carriers import Trace
    from templates.provenance.manifest import to_json
    from templates.provenance.marking import marked

    with_marks, manifest = marked(report, file=source, unseen=True)
    text = to_json(manifest)
    data = render(with_marks, form, trace=Trace(text, manifest.ledger_id, manifest.ledger_digest))
    return Issued(data, manifest, text)


def review_copies(report: Report, *, source: str) -> ReviewCopies:
    """A reviewer's copies of a composed report, with every finding of its ledger."""
    from templates.check import check_ledger
    from templates.provenance.carriers import Trace
    from templates.provenance.manifest import to_json
    from templates.provenance.marking import marked
    from templates.review.comments import review_docx
    from templates.review.page import review_page
    from workbook.facts import window_of

    ledger = report.facts.ledger
    told = check_ledger(ledger, report if report.facts.window == window_of(ledger) else None)
    with_marks, manifest = marked(report._replace(findings=tuple(told)), file=source)
    trace = Trace(to_json(manifest), manifest.ledger_id, manifest.ledger_digest)
    return ReviewCopies(review_docx(with_marks, trace), review_page(with_marks))
