"""The sheet 冲突裁决: what a person must settle, and how it was settled."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.book import fold
from workbook.exchange.outcome import BLANK, Choices, Conflict, Merged, words_for
from workbook.exchange.sides import Reader
from workbook.findings import Refusal
from workbook.ledger import shown
from workbook.patching.listed_sheet import Listing
from workbook.raw import RawBook, RawValue

TITLE = "冲突裁决"
HEADERS = ("序号", "表", "编号", "列", "下发时", "主台账", "退回的表", "原因", "可以填", "裁决", "标识")
_WIDTHS = (6, 8, 10, 14, 24, 24, 34, 26, 26, 22, 0)
_ANSWER, _MARK = HEADERS.index("裁决"), HEADERS.index("标识")
_LEGEND = ("在黄色的“裁决”列里填：下拉里的词，或者直接填这一格该是什么；留空就还按主台账原来的。"
           "填好后再合并一次，本表会重写。")


def choices_in(raw: RawBook) -> Choices:
    """What was written into 裁决, by the conflict's mark.

    Raises Refusal where a sheet of that name is not ours.
    """
    sheet = raw.sheet(TITLE)
    rows = sheet.rows if sheet else []
    top = next((at for at, row in enumerate(rows) if {"裁决", "标识"} <= {fold(value) for value in row if value}), None)
    if top is None:
        if any(value not in (None, "") for row in rows for value in row):
            raise Refusal(f"{raw.path}：工作表“{TITLE}”不是程序写的，不能覆盖。请给它改个名字再试。")
        return {}
    places = {fold(value): at for at, value in enumerate(rows[top]) if value}
    answer, mark = places["裁决"], places["标识"]
    found: dict[str, RawValue] = {}
    for row in rows[top + 1:]:
        if len(row) > max(answer, mark) and row[mark] and row[answer] not in (None, ""):
            found[str(row[mark])] = row[answer]
    return found


def listing(merged: Merged, reader: Reader) -> Listing:
    """The sheet for what a merge left open and what was settled, the open first."""
    conflicts = [*merged.conflicts, *merged.settled]
    rows = [_row(number, one, one.digest(reader)) for number, one in enumerate(conflicts, 1)]
    offers = [words_for(one) for one in conflicts]
    return Listing(TITLE, _LEGEND, HEADERS, _WIDTHS, rows, _ANSWER, offers)


def unchanged(raw: RawBook, made: Listing) -> bool:
    """Whether the sheet says just this already."""
    sheet = raw.sheet(TITLE)
    told = [[shown(value) for value in row] for row in (sheet.rows if sheet else [])[2:]]
    return [row for row in told if any(row)] == [list(row) for row in made.rows]


def not_understood(merged: Merged, choices: Choices, reader: Reader) -> list[str]:
    """What is written in 裁决 and settles nothing, a sentence each."""
    said = [(one, choices.get(one.digest(reader))) for one in merged.conflicts]
    return [f"“{TITLE}”里 {one.sheet} {one.key} 的裁决“{shown(word)}”看不懂，可以填：{'、'.join(words_for(one))}。"
            for one, word in said if word is not None]


def _row(number: int, one: Conflict, mark: str) -> tuple[str, ...]:
    theirs = "\n".join(f"{each.office}：{_said(each.value)}" for each in one.theirs)
    column, base, ours = (one.column, _said(one.base), _said(one.ours)) if one.column else (
        "（整行）", shown(one.base), shown(one.ours))
    return (str(number), one.sheet, one.key, column, base, ours, theirs, one.reason, _words(words_for(one)), one.chosen,
            mark)


def _words(words: Iterable[str]) -> str:
    return "、".join(words)


def _said(value: RawValue) -> str:
    return shown(value) if value not in (None, "") else BLANK
