"""Tracked changes: how many there are, and what the text is when all are accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge")
_CHANGE = re.compile(r"\w+(?:Change)$")


def revisions(root: _Element) -> list[_Element]:
    """Every tracked insertion, deletion, move and change of format."""
    return [one for one in root.iter(f"{W}*") if _name(one) in _MARKS or _CHANGE.match(_name(one))]


def accept_revisions(root: _Element) -> None:
    """The part as it reads when every change is accepted."""
    _merge_paragraphs(root)
    for one in revisions(root):
        name, parent = _name(one), one.getparent()
        if parent is None:
            continue
        if parent.tag == f"{W}trPr" and name == "del":
            _remove(parent.getparent())
        elif name == "cellDel":
            cell = parent.getparent()
            _remove(cell)
        elif name in ("ins", "moveTo") and len(one):
            at = parent.index(one)
            parent[at:at + 1] = list(one)
        else:
            parent.remove(one)


def _merge_paragraphs(root: _Element) -> None:
    """A paragraph whose mark is deleted runs on into the next one."""
    for paragraph in list(root.iter(f"{W}p")):
        marks = [paragraph.find(f"{W}pPr/{W}rPr/{W}{name}") for name in ("del", "moveFrom")]
        following = paragraph.getnext()
        if all(mark is None for mark in marks) or following is None or following.tag != f"{W}p":
            continue
        at = 1 if following.find(f"{W}pPr") is not None else 0
        following[at:at] = [one for one in paragraph if one.tag != f"{W}pPr"]
        _remove(paragraph)


def _name(element: _Element) -> str:
    return str(element.tag).removeprefix(W)


def _remove(element: _Element | None) -> None:
    parent = element.getparent() if element is not None else None
    if parent is not None and element is not None:
        parent.remove(element)
