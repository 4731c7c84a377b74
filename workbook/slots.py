"""Slots in text cells: {{ 合法性审查 }}, {{ 法规("业务培训") }}.

A text is split once into literal parts and slots; a slot is evaluated once and
never recursively. A plain name or a call is evaluated here; any other
expression goes through Jinja2's sandbox (`workbook.expressions`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

FUNCTIONS = ("法规", "均达到")
YEARS = {"下年度": 1, "上年度": -1}
"""The names every ledger has besides its metrics and head keys; a year is told from 报告年度."""
_BRACES = str.maketrans({"｛": "{", "｝": "}"})
_SLOT = re.compile(r"\{\{(?P<body>.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"\s*(?P<name>\w+)\s*(?:\.\s*(?P<attribute>\w+)\s*)?$")
_CALL = r"(?s)\s*(?P<name>\w+)\s*\((?P<arguments>.*)\)\s*$"
_ARGUMENT = r"""\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|“(?P<c>[^”]*)”|‘(?P<d>[^’]*)’)\s*(?P<end>[,，]|$)"""


class Slot(NamedTuple):
    """One {{ … }}: `body` as typed; `name`, `attribute`, `arguments` where it is simple.

    `arguments` is None unless the slot is a call. A slot without a name is an
    expression.
    """

    body: str
    name: str = ""
    attribute: str = ""
    arguments: tuple[str, ...] | None = None


class BadSlot(NamedTuple):
    """Braces that make no slot; `reason` is a Chinese half-sentence."""

    body: str
    reason: str


Part = str | Slot | BadSlot


def parse_slots(text: str) -> list[Part]:
    """Literal text and slots in turn; full-width braces are accepted.

    A text without braces comes back as itself.
    """
    if not has_braces(text):
        return [text] if text else []
    parts: list[Part] = []
    folded, at = text.translate(_BRACES) if "｛" in text or "｝" in text else text, 0
    for match in _SLOT.finditer(folded):
        parts += _literal(text[at:match.start()], folded[at:match.start()])
        parts.append(parse_slot(match["body"]))
        at = match.end()
    return parts + _literal(text[at:], folded[at:])


def has_braces(text: str) -> bool:
    """Whether a text holds a brace of either width."""
    return "{" in text or "｛" in text or "}" in text or "｝" in text


def has_full_width_braces(text: str) -> bool:
    """Whether a slot was typed with ｛｛ ｝｝."""
    return "｛｛" in text or "｝｝" in text


def _literal(text: str, folded: str) -> list[Part]:
    if "{" not in folded and "}" not in folded:
        return [text] if text else []
    for mark, reason in (("{{", "缺右边的 }}"), ("}}", "缺左边的 {{"), ("{%", "格子里不能用 {% %}")):
        if mark in folded:
            return [BadSlot(text.strip(), reason)]
    return [text] if text else []


@lru_cache(maxsize=1 << 12)
def parse_slot(body: str) -> Slot | BadSlot:
    """One slot's inside."""
    if not body.strip():
        return BadSlot(body, "花括号里是空的")
    if "{%" in body or "{{" in body:
        return BadSlot(body.strip(), "花括号没有成对")
    simple = _NAME.match(body)
    if simple:
        return Slot(body.strip(), _name(simple["name"]), _name(simple["attribute"] or ""))
    call = re.match(_CALL, body)
    arguments = _arguments(call["arguments"]) if call else None
    if call and arguments is not None:
        return Slot(body.strip(), _name(call["name"]), arguments=arguments)
    return Slot(body.strip())


def _name(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _arguments(text: str) -> tuple[str, ...] | None:
    """The quoted arguments of a call; None where they are not plain texts."""
    arguments, at = [], 0
    argument = re.compile(_ARGUMENT)
    while at < len(text):
        match = argument.match(text, at)
        if match is None:
            return None
        arguments.append(next(value for value in match.group("a", "b", "c", "d") if value is not None))
        at = match.end()
    return tuple(arguments)
