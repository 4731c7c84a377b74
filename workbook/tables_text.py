"""Where the tables of a text stand: `## 表名`, and under it a pipe table.

The form is that of GitHub's Markdown, held stricter: every line of a table
starts with a bar, no row is wider than its header, no name has two tables. What
does not hold is refused by line, since a row read wrongly would go unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.cells_text import dangles, trim, unescape
from workbook.findings import Refusal

Rows = list[list[str]]
"""A table as written, all rows as long as the first, cells still escaped."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_NAME = re.compile(r"[ \t]*##(?!#)[ \t]*(.*)")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)|##(?!#)")
_RULE = re.compile(r":?-+:?")
_BARE_RULE = re.compile(r":?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?")


def named_tables(text: str, path: str) -> Iterator[tuple[str, Rows]]:
    """Every table of the text with its name, in their order; `path` is what a Refusal calls the text."""
    return _Scanner(text, path).tables()


def split_row(line: str) -> list[str]:
    """The cells of one row, without padding, escapes kept; the last bar may be missing."""
    escaped = "\\" in line
    pieces = _rejoined(line[1:].split("|")) if escaped else line[1:].split("|")
    if not pieces[-1].strip():
        pieces.pop()
    return [trim(piece) for piece in pieces] if escaped else [piece.strip(" \t") for piece in pieces]


def _rejoined(pieces: list[str]) -> list[str]:
    cells: list[str] = []
    for piece in pieces:
        if cells and dangles(cells[-1]):
            cells[-1] += f"|{piece}"
        else:
            cells.append(piece)
    return cells


class _Scanner:
    """One text; lines count from 0 here and from 1 in a Refusal."""

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self.whole = _LINE_END.split(text.removeprefix("\ufeff"))
        self.lines = [trim(line, None) for line in self.whole]
        self.taken: set[str] = set()

    def tables(self) -> Iterator[tuple[str, Rows]]:
        name, after = "", 0
        for at, line in enumerate(self.lines):
            if at < after:
                continue
            if heading := _NAME.match(self.whole[at]):
                name = unescape(trim(heading[1]))
            elif line.startswith("|"):
                after = self._end(at)
                self._claim(name, at)
                yield name, self._rows(at, after)
            elif _BARE_RULE.fullmatch(line):
                raise self._refusal(at, "表格没有以 | 开头", "请在表格的每一行前面加上 |")

    def _end(self, start: int) -> int:
        """The first line after the table: blank, or a heading."""
        lines = range(start, len(self.lines))
        return next((at for at in lines if not self.lines[at] or _HEADING.match(self.lines[at])), len(self.lines))

    def _claim(self, name: str, at: int) -> None:
        if not name:
            raise self._refusal(at, "表格上面没有“## 表名”", "请补上表名")
        if name in self.taken:
            raise self._refusal(at, f"“{name}”前面已经有一张表", "请合成一张，或在上面写另一个“## 表名”")
        self.taken.add(name)

    def _rows(self, start: int, end: int) -> Rows:
        top = self._cells(start)
        rule = self._cells(start + 1) if start + 1 < end else []
        if not top or len(rule) != len(top) or not all(map(_RULE.fullmatch, rule)):
            rule = ["---"] * max(len(top), 1)
            raise self._refusal(start, "表头下面不是与它同样格数的分隔行", f"请在下一行写 |{'|'.join(rule)}|")
        return [top, *(self._row(at, len(top)) for at in range(start + 2, end))]

    def _row(self, at: int, width: int) -> list[str]:
        cells = self._cells(at)
        if len(cells) > width:
            raise self._refusal(at, f"这一行有{len(cells)}格，表头只有{width}格",
                                "请删去多出的格；内容里的 | 要写成 \\|")
        return cells + [""] * (width - len(cells))

    def _cells(self, at: int) -> list[str]:
        if not self.lines[at].startswith("|"):
            raise self._refusal(at, "表格里的这一行没有以 | 开头", "请接回断开的行；不属于表格的话，前面空一行")
        return split_row(self.lines[at])

    def _refusal(self, at: int, what: str, remedy: str) -> Refusal:
        return Refusal(f"{self.path}：第{at + 1}行，{what}。{remedy}。")
