"""A rollup as a workbook: 汇总, 按区划, 统计表, 待定重复, 口径差异, 来源; totals are formulas with their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING

from workbook.disk.spool import no_room
from workbook.files import scratch_folder
from workbook.raw import RawValue
from workbook.rollup import decisions
from workbook.rollup.collecting import Entry
from workbook.rollup.events import Verdict
from workbook.rollup.page import RIGHT, Page, place
from workbook.rollup.regions import write_regions
from workbook.rollup.rollup import Line, Rollup, TableLine, number_of
from workbook.rollup.summary import LABEL_WIDTHS, LABELS, SUMMARY, TWO_PLACES, SummaryRow, summary_rows
from workbook.standard import look
from workbook.standard.writer import CREATED

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from workbook.rollup.events import Group

TABLE_LABELS = ("表题", "行", "列", "单位")
MOST_LISTED = 100_000
"""Rows of 待定重复: nobody decides about more, and a sheet has an end."""


def to_xlsx(made: Rollup, entries: Sequence[Entry]) -> bytes:
    """The workbook of a rollup; the same ledgers give the same bytes, in any order.

    Rows go to the disk as they come: the sheets of a thousand units would not fit into memory. Raises Refusal where
    there is no place for them.
    """
    with scratch_folder() as place:
        try:
            return _written(made, entries, place)
        except OSError:
            raise no_room() from None


def _written(made: Rollup, entries: Sequence[Entry], place: str) -> bytes:
    from workbook.standard.made_book import made_book

    target = BytesIO()
    book = made_book(target, default_row_height=look.ROW_PIXELS, in_memory=False, constant_memory=True, tmpdir=place)
    book.set_properties({"created": CREATED, "author": "", "title": "汇总"})
    looks = look.Looks(book)
    _summary(book, looks, made)
    _tables(book, looks, made)
    _groups(book, looks, made)
    _differences(book, looks, made)
    _sources(book, looks, entries)
    book.close()
    return target.getvalue()


def _summary(book: Workbook, looks: look.Looks, made: Rollup) -> None:
    names = [unit.name for unit in made.units]
    headers = (*LABELS, *names, "合计", "重复剔除", "去重后", "说明")
    page = Page(book, looks, SUMMARY, headers, (*LABEL_WIDTHS, *(14 for _ in names), 14, 10, 14, 40), fixed=1)
    several = {id(line) for _, _, lines in made.differences for line in lines}
    rows = [row for line in made.lines for row in summary_rows(line, names, several=id(line) in several)]
    for number, row in enumerate(rows, 1):
        _summary_row(page, number, row)
    page.filtered(len(rows))
    write_regions(book, looks, made, rows)


def _summary_row(page: Page, number: int, row: SummaryRow) -> None:
    first, end = len(LABELS), len(LABELS) + len(row.numbers)
    page.texts(number, (*row.labels, *(None for _ in range(end + 3 - first)), row.note))
    if row.divides:
        shown = look.TENTH_FORMAT if row.percent else TWO_PLACES
        for at, value in (*enumerate(row.numbers, first), (end, row.total), (end + 2, row.after)):
            if value is not None or at >= end:
                top, bottom = place(number + 1, at), place(number + 2, at)
                page.formula(number, at, f'=IF(N({bottom})=0,"",{top}/{bottom})', value, shown)
        return
    shown = look.TENTH_FORMAT if row.percent else look.GENERAL_FORMAT
    for at, value in enumerate(row.numbers, first):
        page.number(number, at, value, shown)
    if row.total is not None and row.after is not None:
        page.formula(number, end, f"=SUM({place(number, first)}:{place(number, end - 1)})", row.total, shown)
        page.number(number, end + 1, row.total - row.after, shown)
        page.formula(number, end + 2, f"={place(number, end)}-{place(number, end + 1)}", row.after, shown)


def _tables(book: Workbook, looks: look.Looks, made: Rollup) -> None:
    names = [unit.name for unit in made.units]
    headers, first = (*TABLE_LABELS, *names, "合计", "说明"), len(TABLE_LABELS)
    page = Page(book, looks, "统计表", headers, (30, 18, 18, 8, *(14 for _ in names), 14, 30), fixed=3)
    for number, line in enumerate(made.tables, 1):
        labels = (line.table, line.row, line.column, line.unit)
        end, note = first + len(names), "比率和文字不能相加" if line.total is None else None
        page.texts(number, (*labels, *(None for _ in range(len(names) + 1)), note))
        for at, name in enumerate(names, first):
            _table_cell(page, number, at, line, name)
        if line.total is not None:
            page.formula(number, end, f"=SUM({place(number, first)}:{place(number, end - 1)})", line.total,
                         look.GENERAL_FORMAT)
    page.filtered(len(made.tables))


def _table_cell(page: Page, number: int, at: int, line: TableLine, name: str) -> None:
    cell = line.units.get(name)
    value = number_of(cell) if cell else None
    if cell and value is None:
        page.cells.put(number, at, cell.value, RIGHT)
    page.number(number, at, value)


def listed(groups: Sequence[Group]) -> Sequence[Group]:
    """The groups that the workbook lists: all, or where their rows are too many, first those that wait for a person."""
    if sum(len(group.events) for group in groups) <= MOST_LISTED:
        return groups
    waiting_first = sorted(groups, key=lambda group: group.verdict is not Verdict.OPEN)
    ends = accumulate(len(group.events) for group in waiting_first)
    return [group for group, end in zip(waiting_first, ends, strict=True) if end <= MOST_LISTED]


def _groups(book: Workbook, looks: look.Looks, made: Rollup) -> None:
    widths = (6, 12, 14, 22, 8, 12, 40, 20, 8, 12, 10, 14)
    page = Page(book, looks, decisions.SHEET, decisions.HEADERS, widths, fixed=4)
    rows, last = (row for number, group in enumerate(listed(made.shared.groups), 1)
                  for row in _group_rows(made, number, group)), 0
    for last, row in enumerate(rows, 1):
        page.texts(last, row)
    if last:
        page.sheet.data_validation(1, 2, last, 2, {
            "validate": "list", "source": list(decisions.ANSWERS), "input_title": "决定",
            "input_message": "填好后用 taizhang rollup --decided 带上这个文件再汇总。"})
    page.filtered(last)


def _group_rows(made: Rollup, number: int, group: Group) -> Iterator[tuple[RawValue, ...]]:
    for event in group.events:
        counts = event.row not in made.shared.dropped.get(event.unit, frozenset())
        yield (number, group.verdict.value, None, event.unit, event.key, event.day, event.name, event.place,
               "协办" if event.helper else "主办", event.people, "是" if counts else "否", event.row_id)


def _differences(book: Workbook, looks: look.Looks, made: Rollup) -> None:
    headers = (*LABELS, "这样统计的机关")
    page = Page(book, looks, "口径差异", headers, (*LABEL_WIDTHS, 50), fixed=1)
    rows: list[Line] = [line for _, _, lines in made.differences for line in lines]
    for number, line in enumerate(rows, 1):
        page.texts(number, (*line.family, "、".join(line.units)))
    page.filtered(len(rows))


def _sources(book: Workbook, looks: look.Looks, entries: Sequence[Entry]) -> None:
    headers = ("文件", "状态", "机关全称", "报告年度", "统计期", "说明", "SHA-256")
    page = Page(book, looks, "来源", headers, (36, 10, 24, 10, 26, 50, 68), fixed=1)
    for number, entry in enumerate(entries, 1):
        told = entry.as_json()
        page.texts(number, [str(told[key]) for key in ("file", "status", "unit", "year", "period", "reason", "digest")])
    page.filtered(len(entries))
