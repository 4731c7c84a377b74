"""`taizhang convert --review`: what a reviewer gets beside a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from templates.report import Report

DOCX_SUFFIX, PAGE_SUFFIX = ".核对稿.docx", ".核对.html"


def review_files(output: Path) -> tuple[Path, Path]:
    """报告.docx -> 报告.核对稿.docx and 报告.核对.html."""
    return output.with_name(f"{output.stem}{DOCX_SUFFIX}"), output.with_name(f"{output.stem}{PAGE_SUFFIX}")


def write_review(report: Report, source: str, output: str, *, public: bool = False) -> tuple[str, ...]:
    """Write the commented docx and the page of a composed report, and name both.

    They stand beside the report, those of a public copy beside the ledger:
    nothing internal leaves the office with it.
    """
    from templates.check import check_ledger
    from templates.provenance.carriers import Trace
    from templates.provenance.manifest import to_json
    from templates.provenance.marking import marked
    from templates.review.comments import review_docx
    from templates.review.page import review_page
    from workbook.facts import window_of
    from workbook.files import write_atomic

    ledger = report.facts.ledger
    told = check_ledger(ledger, report if report.facts.window == window_of(ledger) else None)
    with_marks, manifest = marked(report._replace(findings=tuple(told)), file=source)
    docx, page = review_files(Path(source).with_name(Path(output).name) if public else Path(output))
    write_atomic(docx, review_docx(with_marks, Trace(to_json(manifest), manifest.ledger_id, manifest.ledger_digest)))
    write_atomic(page, review_page(with_marks))
    return str(docx), str(page)
