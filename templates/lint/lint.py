"""A report's file → remarks."""

from __future__ import annotations

from templates.lint import agreement, digits, layout, numbering, official, shared, writing  # noqa: F401
from templates.lint.outline import Office, outline
from templates.lint.reading import read_report
from templates.lint.registry import LINT, LintRule, Remark, run_lint
from templates.lint.text import Text

__all__ = ("LINT", "LintRule", "Office", "Remark", "lint", "lint_text")


def lint(path: str, office: Office | None = None) -> list[Remark]:
    """The remarks on one report, in its order. Raises Refusal where it cannot be read."""
    return lint_text(read_report(path), office)


def lint_text(text: Text, office: Office | None = None) -> list[Remark]:
    """The remarks on a report that has been read."""
    return run_lint(outline(text, office))
