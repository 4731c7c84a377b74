"""Whether the entries are right: one rule, one fault, one remedy."""

from workbook.rules import (  # noqa: F401
    comparisons,
    counts,
    dates,
    links,
    metric_links,
    plausibility,
    privacy,
    ratios,
    registers,
    report_dates,
    totals,
    wording,
    wording_marks,
    wording_names,
    wording_words,
)
