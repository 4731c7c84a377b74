"""Our notes taken out of a file that another program has saved; the clerk's own words stay."""

from __future__ import annotations

import re
from html import unescape

from workbook.patching.grid import Grid
from workbook.patching.marking import BEGIN, END
from workbook.patching.notes import Comment, comments
from workbook.patching.package_edit import PackageEdit
from workbook.patching.references import Place, place
from workbook.patching.values import as_xml
from workbook.patching.xmlbytes import Node, Part

_SHAPE = re.compile(rb"<v:shape\s.*?</v:shape>", re.DOTALL)
_PLACE = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>.*?<x:Column>\s*(\d+)\s*</x:Column>", re.DOTALL)


def remove_notes(book: PackageEdit, sheet: str, grid: Grid) -> None:
    """Take our notes off one sheet, and what drew them."""
    relation = book.related(sheet, "comments")
    if relation is None or not book.has(relation.target):
        return
    part = book.part(relation.target)
    if BEGIN.encode() not in part.data:
        return
    held = comments(part)
    gone = [comment for comment in held if _cut(part, comment)]
    left = _undraw(book, sheet, grid, {place(comment.reference) for comment in gone})
    if len(gone) == len(held):
        book.unrelate(sheet, relation)
        book.remove(relation.target)
        if not left:
            _drop_drawing(book, sheet, grid)
        return
    for comment in gone:
        part.put(comment.node.start, comment.node.end, b"")


def _cut(part: Part, comment: Comment) -> bool:
    """Cut our text out of a note; whether nothing else was in it."""
    texts = _texts(part, comment.node)
    said = [unescape(part.data[node.inner:node.close].decode("utf-8", "replace")) for node in texts]
    whole = "".join(said)
    first = whole.find(BEGIN)
    if first < 0:
        return False
    last = whole.find(END, first)
    last = last + len(END) if last >= 0 else len(whole)
    first -= whole[first - 1:first] == "\n"
    if not (whole[:first] + whole[last:]).strip():
        return True
    at = 0
    for node, text in zip(texts, said, strict=True):
        kept = text[:max(first - at, 0)] + text[max(last - at, 0):]
        at += len(text)
        if kept != text:
            part.put(node.inner, node.close, as_xml(kept))
    return False


def _texts(part: Part, node: Node) -> list[Node]:
    """The <t> elements of a note, in their order."""
    found = []
    for child in part.children(node):
        found += [child] if child.name == "t" else _texts(part, child) if child.name in ("text", "r") else []
    return found


def _drawing(book: PackageEdit, sheet: str, grid: Grid) -> tuple[Node, str] | None:
    node = grid.child("legacyDrawing")
    relation = book.relations(sheet).get(node.relation) if node else None
    return (node, node.relation) if node and relation and book.has(relation.target) else None


def _undraw(book: PackageEdit, sheet: str, grid: Grid, gone: set[Place]) -> bool:
    """Take the shapes of these cells out of the drawing; whether others are left."""
    drawing, left = _drawing(book, sheet, grid), False
    if drawing is None:
        return False
    part = book.part(book.relations(sheet)[drawing[1]].target)
    for match in _SHAPE.finditer(part.data):
        where = _PLACE.search(match[0]) if b'ObjectType="Note"' in match[0] else None
        if where and (int(where[1]) + 1, int(where[2]) + 1) in gone:
            part.put(match.start(), match.end(), b"")
        else:
            left = True
    return left


def _drop_drawing(book: PackageEdit, sheet: str, grid: Grid) -> None:
    drawing = _drawing(book, sheet, grid)
    if drawing is not None:
        relation = book.relations(sheet)[drawing[1]]
        grid.part.put(drawing[0].start, drawing[0].end, b"")
        book.unrelate(sheet, relation)
        book.remove(relation.target)
