"""`taizhang convert --review`: what a reviewer gets beside a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from templates.report import Report


def review_files(output: Path) -> tuple[Path, Path]:
    """报告.docx -> 报告.核对稿.docx and 报告.核对.html."""
    from templates.issue import REVIEW_DOCX, REVIEW_PAGE

    return output.with_name(f"{output.stem}{REVIEW_DOCX}"), output.with_name(f"{output.stem}{REVIEW_PAGE}")


def write_review(report: Report, source: str, output: str, *, public: bool = False) -> tuple[str, ...]:
    """Write the commented docx and the page of a composed report, and name both.

    They stand beside the report, those of a public copy beside the ledger:
    nothing internal leaves the office with it.
    """
    from templates.issue import review_copies
    from workbook.files import write_atomic

    copies = review_copies(report, source=source)
    docx, page = review_files(Path(source).with_name(Path(output).name) if public else Path(output))
    write_atomic(docx, copies.docx)
    write_atomic(page, copies.page)
    return str(docx), str(page)
