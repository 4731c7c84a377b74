"""What Excel offers and questions while a clerk types: dropdowns, hints, guarded headers.

Only choices that steer the report are enforced; a new type, an office not listed
yet or a number in words (约300) is questioned at most, never refused.

The dropdowns of 字典 come from the very hidden sheet `_选项`: for each 类别 one
column of row positions and one of values, each position found by MATCH below the
one before. So a value added anywhere in 字典 is offered at once, unsorted, in
Excel, WPS and LibreOffice alike; OFFSET over 字典 itself would need it sorted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workbook.book import Book
from workbook.findings import column_letters
from workbook.schema import CHAPTERS, DICTIONARY, METRICS, OFFICES, OPTIONS_SHEET, SHEETS, TASKS, Column, Level, Type
from workbook.standard.layout import FIRST_ROW, Layout, Place
from workbook.standard.terms import text
from workbook.standard.xlsx_cells import put_live

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

OPTION_SLOTS = 100
LISTED = ((CHAPTERS.title, "编号"), (OFFICES.title, "名称"), (METRICS.title, "编号"), (TASKS.title, "编号"))
FIRST_DAY, LAST_DAY = dt.date(1949, 10, 1), dt.date(2100, 12, 31)
_LEVELS = {Level.REQUIRED: "必填", Level.USUAL: "常用", Level.ALL: "选填"}
_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255
Rule = dict[str, Any]


def categories() -> tuple[str, ...]:
    """Every 类别 of 字典 that feeds a dropdown."""
    return tuple(dict.fromkeys(c.dictionary for sheet in SHEETS for c in sheet.columns if c.dictionary))


def list_name(sheet: str, column: str) -> str:
    """The defined name of the filled part of a column that others refer to."""
    return f"名单_{sheet}{column}"


def option_name(category: str) -> str:
    """The defined name of the values of one 类别."""
    return "选项_" + category.replace(".", "")


def define_lists(book: Workbook, layouts: Mapping[str, Layout]) -> None:
    """Name the columns that dropdowns refer to, each down to its last filled cell."""
    for sheet, title in LISTED:
        area = f"{sheet}!{layouts[sheet].area(title)}"
        last = f'SUMPRODUCT(MAX(({area}<>"")*(ROW({area})-{FIRST_ROW - 1})))'
        first = area.split(":")[0]
        book.define_name(list_name(sheet, title), f"={first}:INDEX({area},MAX(1,{last}))")


def write_options(book: Workbook, source: Book, layout: Layout) -> None:
    """Write the sheet `_选项` and name its lists."""
    sheet = book.add_worksheet(OPTIONS_SHEET)
    sheet.very_hidden()
    kinds, words = (f"{DICTIONARY.title}!{layout.area(title)}" for title in ("类别", "值"))
    for at, category in enumerate(categories()):
        _write_category(sheet, 2 * at, category, options_of(source, category), kinds, words)
        place, value = (f"'{OPTIONS_SHEET}'!${column_letters(2 * at + side)}$" for side in (1, 2))
        last = 1 + _slots(options_of(source, category))
        count = f"COUNT({place}2:${column_letters(2 * at + 1)}${last})"
        book.define_name(option_name(category),
                         f"={value}2:INDEX({value}2:${column_letters(2 * at + 2)}${last},MAX(1,{count}))")


def _slots(options: list[tuple[int, str]]) -> int:
    return max(OPTION_SLOTS, len(options) + OPTION_SLOTS // 2)


def _write_category(sheet: Worksheet, at: int, category: str, options: list[tuple[int, str]],
                    kinds: str, words: str) -> None:
    """Two columns: the rows of 字典 with this 类别, one below the other, and their values."""
    place = column_letters(at + 1)
    sheet.write_string(0, at, category)
    for row in range(_slots(options)):
        position, word = options[row] if row < len(options) else ("", "")
        put_live(sheet, row + 1, at, _next(category, kinds, place, row), position)
        put_live(sheet, row + 1, at + 1, f'=IF({place}{row + 2}="","",INDEX({words},{place}{row + 2})&"")', word)


def _next(category: str, kinds: str, place: str, row: int) -> str:
    """The formula of the next row of 字典 with this 类别, counted from its first."""
    if row == 0:
        return f'=IFERROR(MATCH({text(category)},{kinds},0),"")'
    above = f"{place}{row + 1}"
    rest = f"INDEX({kinds},{above}+1):INDEX({kinds},ROWS({kinds}))"
    return f'=IF({above}="","",IFERROR({above}+MATCH({text(category)},{rest},0),""))'


def options_of(source: Book, category: str) -> list[tuple[int, str]]:
    """Row of 字典 (from 1) and value of every entry of one 类别."""
    table = source.tables.get(DICTIONARY.title)
    if table is None:
        return []
    pairs = zip(table.values("类别"), table.values("值"), strict=True)
    return [(row, "" if value is None else str(value))
            for row, (kind, value) in enumerate(pairs, 1) if kind == category]


def cell_rule(place: Place) -> Rule | None:
    """The validation of a column's cells; None where there is nothing to say."""
    column = place.column
    if column.computed:
        return _guard(column.title, "这一列由公式和程序计算，不用填。", "这一列不能填写。")
    rule = typed_rule(column.type, column.choices) or _listed_rule(column) or {"validate": "any"}
    hint = _hint(column)
    if rule["validate"] == "any" and not hint:
        return None
    return rule | _prompt(column.title, hint) if hint else rule


def header_rule(place: Place) -> Rule:
    """Refuses typing over a header and says what its column is for."""
    column = place.column
    kind = "自动计算" if column.computed else "本单位自加的列" if place.extra else f"{_LEVELS[column.level]}列"
    return _guard(column.title, f"{kind}。{_hint(column, header=True)}",
                  "表头不能改：改了这一列就读不出来了。按 Esc 取消。")


def typed_rule(kind: Type, choices: tuple[str, ...]) -> Rule | None:
    """The validation that a type asks for, None where it asks for none."""
    if choices or kind is Type.YES_NO:
        given = choices or ("是", "否")
        return {"validate": "list", "source": list(given), "error_type": "stop", "error_title": "不在选项里",
                "error_message": f"只能选：{'、'.join(given)}。"}
    rules: dict[Type, tuple[str, Any, Any, str]] = {
        Type.DATE: ("date", FIRST_DAY, LAST_DAY, "请写成 2025-03-08 这样的日期。"),
        Type.INTEGER: ("integer", 0, 999_999_999, "请写整数，只写数字。"),
        Type.PERCENT: ("decimal", 0, 1, "请写 0% 到 100% 之间的百分数。"),
    }
    if kind not in rules:
        return None
    validate, low, high, message = rules[kind]
    return {"validate": validate, "criteria": "between", "minimum": low, "maximum": high, "error_type": "warning",
            "error_title": "请核对", "error_message": f"{message}确定就这样填吗？"}


def _listed_rule(column: Column) -> Rule | None:
    """A dropdown that a clerk may write past."""
    source = list_name(*column.refers) if column.refers else option_name(column.dictionary) if column.dictionary else ""
    if not source:
        return None
    rule: Rule = {"validate": "list", "source": f"={source}"}
    if column.many:
        return rule | {"show_error": False}
    place = column.refers[0] if column.refers else DICTIONARY.title
    return rule | {"error_type": "warning", "error_title": "不在名单里",
                   "error_message": f"“{place}”表里还没有它，请随后补上。确定就这样填吗？"}


def _guard(title: str, message: str, error: str) -> Rule:
    return {"validate": "custom", "value": "=FALSE", "ignore_blank": False, "error_type": "stop",
            "error_title": "不能修改", "error_message": error} | _prompt(title, message)


def _prompt(title: str, message: str) -> Rule:
    return {"input_title": _cut(title, _TITLE_LIMIT), "input_message": _cut(message, _MESSAGE_LIMIT)}


def _cut(text: str, limit: int) -> str:
    """As much of a text as Excel shows; it counts UTF-16 units."""
    return text.encode("utf-16-le")[:2 * limit].decode("utf-16-le", "ignore")


def _hint(column: Column, *, header: bool = False) -> str:
    required = "必填。" if column.required and not header else ""
    many = "几个值用“、”隔开。" if column.many and "隔开" not in column.hint else ""
    default = f"空着按“{column.default}”算。" if column.default and "空着" not in column.hint else ""
    day = "写成 2025-03-08。" if column.type is Type.DATE else ""
    return "".join((required, column.hint, day, many, default))
