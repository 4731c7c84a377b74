"""The condition of a metric: 类型=党组学法、集体学法；范围=全系统.

；means and, 、 means or; quotes around a value that holds one of these marks.
The program and the live Excel formulas are both made from the parsed form.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"""\s*(?:(?P<mark>[;；=＝、])|[“"](?P<quoted>[^”"]*)[”"]|(?P<plain>[^;；=＝、“”"]+))""")
_MARKS = {"；": ";", "＝": "="}


class Condition(NamedTuple):
    """A row matches when one value of `column` (values split at 、) is in `values`."""

    column: str
    values: tuple[str, ...]


class ConditionError(ValueError):
    """A condition that cannot be read; its text says what is wrong, in Chinese."""


@lru_cache(maxsize=1 << 12)
def parse_condition(text: str) -> tuple[Condition, ...]:
    """Read a cell of column 条件; empty gives no condition.

    Raises ConditionError.
    """
    if not text.strip():
        return ()
    return tuple(_clause(clause) for clause in _clauses(_tokens(text)))


def split_values(cell: str) -> list[str]:
    """The values of a cell that may hold several (、)."""
    return [value for part in cell.split("、") if (value := part.strip())]


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ConditionError("引号没有成对")
        kind = match.lastgroup or ""
        value = match[kind]
        tokens.append((kind, _MARKS.get(value, value) if kind == "mark" else value))
        at = match.end()
    return tokens


def _clauses(tokens: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    clauses: list[list[tuple[str, str]]] = [[]]
    for token in tokens:
        if token == ("mark", ";"):
            clauses.append([])
        else:
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]


def _clause(tokens: list[tuple[str, str]]) -> Condition:
    if len(tokens) < 3 or tokens[1] != ("mark", "=") or tokens[0][0] == "mark":
        raise ConditionError("每个条件应是 列名=值")
    values = [value for kind, value in tokens[2:] if kind != "mark"]
    marks = [value for kind, value in tokens[2:] if kind == "mark"]
    if any(mark != "、" for mark in marks):
        raise ConditionError("一个条件里只能有一个 =")
    if len(values) != len(marks) + 1:
        raise ConditionError("“、”前后要有值")
    column = unicodedata.normalize("NFKC", tokens[0][1]).strip()
    return Condition(column, tuple(unicodedata.normalize("NFKC", value).strip() for value in values))
