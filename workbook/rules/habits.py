"""Habits of writing that the program reads and Excel's own formulas do not; `taizhang check --fix` rewrites them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbook import habits
from workbook.faults import found
from workbook.findings import Finding, Severity
from workbook.ledger import shown
from workbook.rules.registry import Inspection, rule


def _told(code: str, kind: Callable[..., Iterator[habits.Habit]], look: Inspection) -> Iterator[Finding]:
    for one in kind(look.ledger):
        yield found(code, one.cell, column=one.column, key=one.key, value=shown(one.before), given=shown(one.after))


@rule("C017", "日期写成了文字", "“{column}”的“{value}”是文字，程序按 {given} 读取，Excel 的公式和筛选却不认它是日期。",
      "请改成日期 {given}。", Severity.WARNING)
def date_as_text(look: Inspection) -> Iterator[Finding]:
    """看板和指标里的公式按日期筛选，文字的日期会被漏掉，两边的数就对不上。"""
    yield from _told("C017", habits.dates_as_text, look)


@rule("C018", "数写成了文字", "“{column}”的“{value}”是文字，程序按 {given} 读取，Excel 的公式却不会把它加进去。",
      "请改成数 {given}。", Severity.WARNING)
def number_as_text(look: Inspection) -> Iterator[Finding]:
    """SUM 会跳过写成文字的数，表里的合计就少了。"""
    yield from _told("C018", habits.numbers_as_text, look)


@rule("C019", "和可选的值写法不同", "“{column}”的“{value}”按“{given}”读取，Excel 的公式和筛选会当成两样。",
      "请从下拉框里选“{given}”。", Severity.INFO)
def listed_otherwise(look: Inspection) -> Iterator[Finding]:
    """多一个空格、换一种括号，筛选时就成了另一个值。"""
    yield from _told("C019", habits.listed_otherwise, look)


@rule("C020", "文字有多余的空格或看不见的字符", "“{column}”的“{value}”里有多余的空格、全角编号或看不见的字符。",
      "请改成“{given}”。", Severity.INFO)
def untidy_text(look: Inspection) -> Iterator[Finding]:
    """多半是从网页或微信里粘来的，看着一样，查找和筛选时却对不上。"""
    for one in habits.untidy_texts(look.ledger):
        yield found("C020", one.cell, column=one.column, key=one.key, value=_short(str(one.before)),
                    given=_short(shown(one.after)))


@rule("C021", "没有编号", "这一行没有编号，别的行都有，来往核对时不好指明是哪一行。", "请编为“{given}”。",
      Severity.INFO)
def missing_number(look: Inspection) -> Iterator[Finding]:
    """催办、核对、合并时都用编号说事。"""
    yield from _told("C021", habits.missing_numbers, look)


def _short(text: str, longest: int = 24) -> str:
    return text if len(text) <= longest else f"{text[:longest - 1]}…"
