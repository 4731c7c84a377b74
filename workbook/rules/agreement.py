"""Whether a number a clerk typed says the same as one that is computed."""

from __future__ import annotations

from decimal import Decimal

from workbook.book import fold
from workbook.facts import plain
from workbook.metrics import Metric
from workbook.normalize import Quantity
from workbook.rules.registry import Inspection
from workbook.schema import SOURCE_SHEETS

_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_PLACES = 4


def agrees(typed: Quantity, value: Decimal) -> bool:
    """Whether `typed` is `value`, rounded as it is written: 98% is 0.984, 1.1万 is 11200, 5000余 is 5012."""
    if typed.inexact:
        return abs(typed.value - value) <= _last_digit(typed.value)
    places = int(typed.value.as_tuple().exponent)
    if typed.scale:
        places = sum(_POWERS.get(one, 0) for one in typed.scale) - typed.places
    return 2 * abs(typed.value - value) <= (Decimal(1).scaleb(places) if places or value % 1 else 0)


def exact_value(look: Inspection, metric: Metric) -> Decimal | None:
    """The value of a metric; None where it is unknown or only about so much."""
    amount = look.facts.amount(metric)
    return None if amount.inexact or amount.at_least else amount.value


def derived(look: Inspection, metric: Metric) -> Metric | None:
    """The metric as it would be computed from the rows; None where nothing but the typed value says it."""
    if metric.method != "填报":
        return metric if metric.usable else None
    if metric.source not in SOURCE_SHEETS:
        return None
    records = look.ledger[metric.source]
    titles = {fold(title) for title in (*records.sheet.titles, *records.table.places)}
    wanted = [one.column for one in metric.conditions] + ([metric.column] if metric.column else [])
    if any(fold(title) not in titles for title in wanted):
        return None
    return metric._replace(method="求和" if metric.column else "计数", code=f"{metric.code} {metric.row}")


def spoken(value: Decimal, *, percent: bool = False) -> str:
    """A value for a message: at most four decimals, a ratio with %."""
    shown = value * 100 if percent else value
    if shown % 1:
        shown = round(shown, _PLACES)
    return plain(shown) + ("%" if percent else "")


def _last_digit(value: Decimal) -> Decimal:
    """One of the last digit that is not zero: 1000 for 5000, 10 for 40."""
    return Decimal(1).scaleb(max(0, int(value.normalize().as_tuple().exponent)))
