"""Sheet 按区划: the rows of 汇总 by 行政区划, so that a city sees its counties; it adds up to the same 合计."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.rollup.page import Page, place
from workbook.rollup.rollup import Rollup
from workbook.rollup.summary import LABEL_WIDTHS, LABELS, SUMMARY, TWO_PLACES, SummaryRow
from workbook.standard import look

if TYPE_CHECKING:
    from xlsxwriter import Workbook

NAME, NOWHERE = "按区划", "未写行政区划"
MOST_ADDENDS = 200
"""Excel takes 255 arguments of SUM; beyond this the sum stands as a number."""


def write_regions(book: Workbook, looks: look.Looks, made: Rollup, rows: Sequence[SummaryRow]) -> None:
    """The sheet, where the units lie in more than one 行政区划."""
    regions: dict[str, list[int]] = {}
    for at, unit in sorted(enumerate(made.units), key=lambda one: one[1].region):
        regions.setdefault(unit.region or NOWHERE, []).append(at)
    if len(regions) < 2:
        return
    headers = (*LABELS, *regions, "合计")
    page = Page(book, looks, NAME, headers, (*LABEL_WIDTHS, *(14 for _ in regions), 14), fixed=1)
    for number, row in enumerate(rows, 1):
        page.texts(number, row.labels)
        if row.divides:
            _ratio(page, number, rows[number:number + 2], regions, row.percent)
        else:
            _sums(page, number, row, regions)
    page.filtered(len(rows))


def _ratio(page: Page, number: int, parts: Sequence[SummaryRow], regions: Mapping[str, Sequence[int]],
           percent: bool) -> None:
    """A ratio divides what its two rows below add up to."""
    groups = [*regions.values(), [at for group in regions.values() for at in group]]
    for at, group in enumerate(groups, len(LABELS)):
        top, bottom = (_sum(part, group) for part in parts)
        above, below = place(number + 1, at), place(number + 2, at)
        if top is not None and bottom is not None:
            page.formula(number, at, f'=IF(N({below})=0,"",{above}/{below})', top / bottom if bottom else None,
                         look.TENTH_FORMAT if percent else TWO_PLACES)


def _sums(page: Page, number: int, row: SummaryRow, regions: Mapping[str, Sequence[int]]) -> None:
    first, end = len(LABELS), len(LABELS) + len(regions)
    shown = look.TENTH_FORMAT if row.percent else look.GENERAL_FORMAT
    for at, group in enumerate(regions.values(), first):
        total = _sum(row, group)
        if total is not None and len(group) <= MOST_ADDENDS:
            addends = ",".join(f"{SUMMARY}!{place(number, first + unit)}" for unit in group)
            page.formula(number, at, f"=SUM({addends})", total, shown)
        else:
            page.number(number, at, total, shown)
    if row.total is not None:
        page.formula(number, end, f"=SUM({place(number, first)}:{place(number, end - 1)})", row.total, shown)


def _sum(row: SummaryRow, group: Sequence[int]) -> Decimal | None:
    known = [value for at in group if (value := row.numbers[at]) is not None]
    return sum(known, Decimal(0)) if known else None
