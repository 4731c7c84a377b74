"""What a clerk reads after a button: short, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from addin.marks import Marked
from addin.results import listed
from addin.sheet import OpenBook, front_book
from workbook.findings import Cell, Finding
from workbook.patching.result_sheet import summary

if TYPE_CHECKING:
    import xlwings

GUIDE = "填写说明"


def checked(findings: Sequence[Finding], marked: Marked, *, read_only: bool) -> str:
    """After a check."""
    lines = [summary(findings) + "。"]
    if findings:
        lines.append("点“下一处问题”逐处看；改好后再校验一次。全部列在工作表“校验结果”里。")
    if marked.refused:
        names = "、".join(f"“{name}”" for name in marked.refused)
        lines.append(f"工作表{names}受保护，没有标颜色和批注；问题都列在“校验结果”里。")
    if read_only:
        lines.append("台账是只读打开的：标记现在看得见，要留下请另存一份。")
    return "\n".join(lines)


def helped(app: xlwings.App) -> str:
    """The finding that is selected, explained; else the guide of the workbook is shown, else the buttons are listed."""
    if not len(app.books):
        return _buttons()
    book = front_book(app)
    if said := _finding(book):
        return said
    if GUIDE in book.sheets:
        book.go(GUIDE, "A1")
        return ""
    return _buttons()


def _finding(book: OpenBook) -> str:
    from workbook.rules.every import explained

    place = book.selected()
    here = Cell(place.sheet, place.row, place.column) if place else None
    said = []
    for one in (listed(book) or ()) if here else ():
        if one.cell == here:
            title, why = explained(one.text.partition("：")[0])
            said += [f"{one.level} {one.text}", *filter(None, (f"{title}：{why}" if why else "",))]
    return "\n".join(said)


def _buttons() -> str:
    from addin.buttons import working

    return "\n".join(f"{button.label}：{button.tip}" for button in working())
