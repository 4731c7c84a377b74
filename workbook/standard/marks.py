"""What lights up by itself: overdue, missing, contradicting, repeated, and examples in grey.

The same faults as the checks find; here the clerk sees them while typing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbook.rowkinds import EXAMPLE_MARK
from workbook.schema import EVENTS, PROBLEMS, TASKS
from workbook.standard import look
from workbook.standard.layout import FIRST_ROW, Layout

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from workbook.standard.look import Looks

Mark = tuple[tuple[str, ...], str, dict[str, Any]]

MARKS: dict[str, tuple[Mark, ...]] = {
    TASKS.title: (
        (("完成时限", "状态"),
         'AND({状态}<>"已完成",{状态}<>"已取消",ISNUMBER({完成时限}),{完成时限}<TODAY())', look.OVERDUE),
        (("计划开始", "完成日期"),
         "AND(ISNUMBER({计划开始}),ISNUMBER({完成日期}),{完成日期}<{计划开始})", look.CONFLICT),
        (("状态", "完成日期"), 'AND({状态}="已完成",{完成日期}="")', look.CONFLICT),
    ),
    PROBLEMS.title: (
        (("整改时限", "整改状态"),
         'AND({整改状态}<>"已整改",ISNUMBER({整改时限}),{整改时限}<TODAY())', look.OVERDUE),
    ),
    EVENTS.title: (
        (("开始日期", "结束日期"),
         "AND(ISNUMBER({开始日期}),ISNUMBER({结束日期}),{结束日期}<{开始日期})", look.CONFLICT),
    ),
}
"""Columns marked, the formula of a row ({列} is its cell), the look."""
_COLUMN = re.compile(r"\{([^}]+)\}")
_CODES = ("编号", "代码")


def mark(sheet: Worksheet, layout: Layout, looks: Looks) -> None:
    """Put the conditional formats on a record sheet, examples first: they stop all others."""
    places = layout.by_title
    every = [place.title for place in layout.places]
    _put(sheet, layout, looks, every, _example(layout), look.EXAMPLE_ROW, stop=True)
    for titles, formula, shown in MARKS.get(layout.sheet.title, ()):
        _put(sheet, layout, looks, titles, formula, shown)
    filled = f"COUNTA({_typed_part(layout)})>0"
    for column in layout.sheet.columns:
        if column.required:
            _put(sheet, layout, looks, (column.title,), f'AND({{{column.title}}}="",{filled})', look.MISSING)
    key = layout.sheet.key
    if key in _CODES:
        letter = places[key].letter
        area = f"${letter}${FIRST_ROW}:${letter}${layout.prepared_to}"
        again = f'AND({{{key}}}<>"",MATCH({{{key}}},{area},0)<ROW()-{FIRST_ROW - 1})'
        _put(sheet, layout, looks, (key,), again, look.CONFLICT)


def _example(layout: Layout) -> str:
    marked = dict.fromkeys((layout.sheet.key, layout.sheet.name_column, "备注"))
    tests = (f'LEFT({{{title}}},{len(EXAMPLE_MARK)})="{EXAMPLE_MARK}"' for title in marked if title in layout.by_title)
    return f"OR({','.join(tests)})"


def _typed_part(layout: Layout) -> str:
    """$A3:$Z3: the cells of a row that a clerk fills."""
    typed = [place.letter for place in layout.places[:len(layout.sheet.columns)] if not place.column.computed]
    return f"${typed[0]}{FIRST_ROW}:${typed[-1]}{FIRST_ROW}"


def _put(sheet: Worksheet, layout: Layout, looks: Looks, titles: Any, formula: str, shown: dict[str, Any], *,
         stop: bool = False) -> None:
    cells = layout.by_title
    written = _COLUMN.sub(lambda match: f"${cells[match[1]].letter}{FIRST_ROW}", formula)
    letters = [cells[title].letter for title in titles]
    areas = [f"{letter}{FIRST_ROW}:{letter}{layout.prepared_to}" for letter in letters]
    if len(letters) == len(layout.places):
        areas = [f"{letters[0]}{FIRST_ROW}:{letters[-1]}{layout.prepared_to}"]
    options = {"type": "formula", "criteria": f"={written}", "format": looks(shown), "stop_if_true": stop}
    sheet.conditional_format(areas[0], options | {"multi_range": " ".join(areas)})
