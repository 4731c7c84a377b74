"""A template's output, Markdown subset -> nodes.

`# 标题` to `#### 标题` are chapter headings (numbers are computed), with
`{行内}` at the end the next paragraph runs in; `**粗**`; pipe tables, their title
in a line `[表题] …`. Cell texts are opaque marks and are never parsed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_HEADING = re.compile(r"^(#{1,4})\s+(.+?)(\s*\{行内\})?\s*$")
_CAPTION = re.compile(r"^\[表题\]\s*(.+)$")
_RULE = re.compile(r"^\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?$")
_BAR = re.compile(r"(?<!\\)\|")


class HeadingNode(NamedTuple):
    level: int
    text: str
    run_in: bool


class ParagraphNode(NamedTuple):
    text: str


class CaptionNode(NamedTuple):
    text: str


class TableNode(NamedTuple):
    rows: tuple[tuple[str, ...], ...]


Node = HeadingNode | ParagraphNode | CaptionNode | TableNode


def parse_markdown(text: str) -> list[Node]:
    """The nodes of a template's output, in order."""
    nodes: list[Node] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if lines:
            nodes += _block(lines)
    return nodes


def _block(lines: list[str]) -> list[Node]:
    nodes: list[Node] = []
    paragraph: list[str] = []
    rows: list[tuple[str, ...]] = []
    for line in lines:
        node = _line(line)
        if line.startswith("|"):
            rows += [] if _RULE.match(line) else [_cells(line)]
        elif node is None:
            paragraph.append(line)
        else:
            nodes += [*_close(paragraph), node]
            paragraph = []
    return [*nodes, *_close(paragraph), *([TableNode(tuple(rows))] if rows else [])]


def _line(line: str) -> Node | None:
    heading, caption = _HEADING.match(line), _CAPTION.match(line)
    if heading:
        return HeadingNode(len(heading[1]), heading[2], heading[3] is not None)
    return CaptionNode(caption[1]) if caption else None


def _close(paragraph: list[str]) -> list[Node]:
    return [ParagraphNode("".join(paragraph))] if paragraph else []


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip("|").strip()))
