"""Every rule of a ledger, registered."""

from workbook.rules import (  # noqa: F401
    comparisons,
    dates,
    errors,
    habits,
    heads,
    links,
    plausibility,
    privacy,
    ratios,
    registers,
    row_dates,
    secrecy,
    slot_phrases,
    units,
    wording,
    wording_enumerators,
    wording_laws,
    wording_marks,
    wording_names,
    wording_words,
)
from workbook.rules.noted import NOTED
from workbook.rules.registry import RULES

__all__ = ("NOTED", "RULES", "explained")


def explained(code: str) -> tuple[str, str]:
    """A code's short title and why it matters; both empty for a code of another register."""
    known = RULES.get(code) or NOTED.get(code)
    return (known.title, " ".join(known.why.split())) if known else ("", "")
