"""Fields: those that print pages and references stay, of all others only what they show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PRINTING = frozenset(("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "REF", "PAGEREF", "NOTEREF", "TOC", "SEQ",
                      "STYLEREF", "EQ", "SYMBOL", "ADVANCE"))
_WORD = re.compile(r"\s*([A-Za-z]+)")


def unlink_fields(root: _Element) -> None:
    """Field codes that name files, people or properties go; their results stay as text."""
    for field in list(root.iter(f"{W}fldSimple")):
        if not _prints(field.get(f"{W}instr", "")):
            parent = field.getparent()
            if parent is not None:
                at = parent.index(field)
                parent[at:at + 1] = list(field)
    for marks, codes in _fields(root):
        if not _prints("".join(str(code.text or "") for code in codes)):
            for element in (*marks, *codes):
                parent = element.getparent()
                if parent is not None:
                    parent.remove(element)


def _prints(code: str) -> bool:
    word = _WORD.match(code)
    return word is not None and word[1].upper() in PRINTING


def _fields(root: _Element) -> list[tuple[list[_Element], list[_Element]]]:
    """(begin, separate, end) and the codes of every complex field, nested, unfinished and stray ones apart."""
    done: list[tuple[list[_Element], list[_Element]]] = []
    still: list[tuple[list[_Element], list[_Element]]] = []
    stray: list[_Element] = []
    for element in root.iter(f"{W}fldChar", f"{W}instrText"):
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            still.append(([element], []))
        elif element.tag == f"{W}instrText":
            (still[-1][1] if still else stray).append(element)
        elif still:
            still[-1][0].append(element)
            if kind == "end":
                done.append(still.pop())
    return [*done, *still, *(([], [one]) for one in stray)]
