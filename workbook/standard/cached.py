"""What the computed columns of 指标 hold when the program writes them."""

from __future__ import annotations

from workbook.book import Book
from workbook.facts import Facts
from workbook.ledger import Ledger
from workbook.standard.metric_cells import MetricValues


def cached_values(book: Book) -> dict[str, MetricValues]:
    """本年值, 报告值 and 报告表述 of every metric, by its 编号."""
    facts = Facts(Ledger(book))
    values = {}
    for metric in facts.metrics:
        figure = facts.figure(metric)
        values[metric.code] = MetricValues(
            facts.amount(metric, this_year=True).value,
            figure.amount.value if figure else None,
            figure.printed.phrase if figure else "",
        )
    return values
