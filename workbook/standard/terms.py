"""The pieces live formulas are made of: structured references and row filters.

Each filter is an array term that is 1 for the rows it keeps and 0 for the others,
to be multiplied inside SUMPRODUCT; all of them calculate alike in Excel 2010 and
later, WPS and LibreOffice.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbook.rowkinds import EXAMPLE_MARK, TOTAL_WORDS
from workbook.schema import EVENTS, METRICS
from workbook.standard.layout import Layout

START, END, PLAN_START = "统计起", "统计止", "规划期起"
"""Defined names of cells in 报告信息."""
_ESCAPED = "[]#'@"
_PLAIN = str.maketrans("", "", "（）_")


def reference(table: str, title: str) -> str:
    """活动[类型]: a column of an Excel table, escaped as its grammar asks."""
    escaped = "".join("'" + mark if mark in _ESCAPED else mark for mark in title)
    return f"{table}[{title}]" if title.translate(_PLAIN).isalnum() else f"{table}[[{escaped}]]"


def this_row(title: str) -> str:
    """A column of sheet 指标 in the formula's own row."""
    return f"{METRICS.title}[[#This Row],[{title}]]"


def text(value: str) -> str:
    """A text as a formula holds it."""
    return '"' + value.replace('"', '""') + '"'


def counting(layout: Layout) -> str:
    """The rows that are facts: no totals, no examples."""
    name = layout.sheet.title
    marked = [reference(name, title) for title in dict.fromkeys((layout.sheet.key, layout.sheet.name_column))]
    totals = text("|" + "|".join(TOTAL_WORDS) + "|")
    factors = [f'ISERROR(FIND("|"&{column}&"|",{totals}))' for column in marked]
    noted = '&"|"&'.join([*marked, reference(name, "备注")])
    return "*".join([*factors, f'ISERROR(FIND("|{EXAMPLE_MARK}","|"&{noted}))'])


def within(layout: Layout, first: str, last: str) -> str:
    """The rows dated from `first` to the end of day `last`; an empty bound is none, text is no date."""
    days = [reference(layout.sheet.title, title) for title in layout.sheet.date_columns]
    spans = ["*".join([f"ISNUMBER({day})", *([f"({day}>={first})"] if first else []),
                       *([f"({day}<{last}+1)"] if last else [])]) for day in days]
    if len(spans) == 1:
        return spans[0]
    return f"({spans[0]}+(1-ISNUMBER({days[0]}))*{spans[1]})"


def holds(column: str, wanted: Iterable[str]) -> str:
    """The rows one of whose values (、) in `column` is wanted; "" wants the blank ones."""
    finds = [f'ISNUMBER(FIND({text(f"、{value}、")},"、"&{column}&"、"))' for value in wanted]
    return finds[0] if len(finds) == 1 else f"({'+'.join(finds)}>0)"


def times(rows: str) -> str:
    """How often events took place: the sum of 场次 over `rows`, where a blank is one."""
    column = reference(EVENTS.title, "场次")
    return f"SUMPRODUCT({rows},{column})+SUMPRODUCT({rows}*(1-ISNUMBER({column})))"
