"""Notes put on cells: the comments part and the old drawing that shows them ([ECMA-376] 18.7, part 4, 19).

A note that the clerk wrote stays, ours follows it; a threaded comment is left as it is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple

from workbook.findings import column_letters
from workbook.patching.boxes import Measures
from workbook.patching.grid import Grid
from workbook.patching.marking import AUTHOR, BEGIN
from workbook.patching.package_edit import TYPES, PackageEdit
from workbook.patching.references import Place
from workbook.patching.style_part import main_vocabulary
from workbook.patching.values import as_xml
from workbook.patching.xmlbytes import Node, Part
from workbook.standard.look import FONT

MOST_NOTES = 2000
THREADED = "tc="
_AFTER_DRAWING = ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
                  "extLst")
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SHAPE_NUMBER = re.compile(rb"_x0000_s(\d{1,9})")
_BLOCK = 1024
_BLANK = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="%s"><authors></authors>' \
         b"<commentList></commentList></comments>"
_BLANK_DRAWING = b"""<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%s"/>\
</o:shapelayout></xml>"""
_SHAPE_TYPE = b"""<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""
_SHAPE = """<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" \
fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>\
<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>\
</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>\
<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""


class Comment(NamedTuple):
    """A note as the part has it."""

    reference: str
    author: str
    node: Node


def put_notes(book: PackageEdit, sheet: str, grid: Grid, texts: Mapping[Place, str]) -> None:
    """Give cells notes, in the order of `texts`; those beyond the most that a sheet bears get none."""
    part = _comments_part(book, sheet)
    held = {comment.reference: comment for comment in comments(part)}
    author, new = _Author(part), []
    for place, text in list(texts.items())[:MOST_NOTES]:
        name = f"{column_letters(place[1])}{place[0]}"
        comment = held.get(name)
        if comment is None:
            new.append((place, text))
            _append_comment(part, name, author.number(), text)
        elif not comment.author.startswith(THREADED):
            _append_text(part, comment, text)
    if new:
        _draw(book, sheet, grid, new)


def comments(part: Part) -> list[Comment]:
    """The notes of a comments part."""
    listed, authors = part.child("commentList"), _authors(part)
    found = []
    for node in part.children(listed) if listed else ():
        number = node.get("authorId")
        at = int(number) if number.isdecimal() and len(number) < 9 else len(authors)
        found.append(Comment(node.get("ref"), authors[at] if at < len(authors) else "", node))
    return found


def _authors(part: Part) -> list[str]:
    listed = part.child("authors")
    return [part.data[node.inner:node.close].decode("utf-8", "replace")
            for node in (part.children(listed) if listed else ())]


class _Author:
    """Our name among the authors, put there when first needed."""

    def __init__(self, part: Part) -> None:
        self.part, self.names = part, _authors(part)

    def number(self) -> int:
        if AUTHOR not in self.names:
            tag = self.part.prefix + b"author>"
            listed = self.part.child("authors")
            if listed is not None:
                self.part.append(listed, b"<" + tag + AUTHOR.encode() + b"</" + tag)
            self.names.append(AUTHOR)
        return self.names.index(AUTHOR)


def _comments_part(book: PackageEdit, sheet: str) -> Part:
    relation = book.related(sheet, "comments")
    if relation is not None and book.has(relation.target):
        return book.part(relation.target)
    name = book.fresh_name(posixpath.join(book.folder, "comments{}.xml"))
    book.relate(sheet, "comments", name)
    book.declare(name, _COMMENTS)
    return book.part(name, _BLANK % main_vocabulary(book))


def _runs(prefix: bytes, text: str, before: str = "") -> bytes:
    font = f'<sz val="9"/><color indexed="81"/><rFont val="{FONT}"/><charset val="134"/>'
    pieces = (("<b/>" + font, f"{before}{BEGIN}\n"), (font, text))
    made = "".join(f'<r><rPr>{look}</rPr><t xml:space="preserve">{as_xml(said).decode()}</t></r>'
                   for look, said in pieces)
    return re.sub(rb"<(/?)(?=\w)", rb"<\1" + prefix, made.encode())


def _append_comment(part: Part, reference: str, author: int, text: str) -> None:
    listed, tag = part.child("commentList"), part.prefix
    if listed is not None:
        part.append(listed, b"<" + tag + f'comment ref="{reference}" authorId="{author}"><'.encode() + tag + b"text>"
                    + _runs(tag, text) + b"</" + tag + b"text></" + tag + b"comment>")


def _append_text(part: Part, comment: Comment, text: str) -> None:
    """Put our text after the clerk's, whose plain text becomes a run, as Excel wants beside other runs."""
    node = part.child("text", comment.node)
    if node is None:
        return
    pieces = part.children(node)
    for piece in pieces:
        if piece.name == "t":
            part.put(piece.start, piece.start, b"<" + part.prefix + b"r>")
            part.put(piece.end, piece.end, b"</" + part.prefix + b"r>")
    last = [piece for piece in pieces if piece.name in ("t", "r")]
    new = _runs(part.prefix, text, "\n" if last else "")
    if last:
        part.put(last[-1].end, last[-1].end, new)
    else:
        part.append(node, new)


def _draw(book: PackageEdit, sheet: str, grid: Grid, notes: list[tuple[Place, str]]) -> None:
    part = _drawing_part(book, sheet, grid, len(notes))
    number = max(map(int, _SHAPE_NUMBER.findall(part.data)), default=_first_block(part) * _BLOCK)
    measures = Measures(grid)
    if b"_x0000_t202" not in part.data:
        part.append(part.root, _SHAPE_TYPE)
    for at, ((row, column), text) in enumerate(notes, 1):
        anchor = measures.anchor(row, column, text)
        shape = _SHAPE.format(number=number + at, anchor=anchor, row=row - 1, column=column - 1)
        part.append(part.root, shape.encode())


def _first_block(part: Part) -> int:
    match = re.search(rb'data="(\d+)', part.data)
    return int(match[1]) if match else 1


def _drawing_part(book: PackageEdit, sheet: str, grid: Grid, notes: int) -> Part:
    node = grid.child("legacyDrawing")
    relation = book.relations(sheet).get(node.relation) if node else None
    if relation is not None and book.has(relation.target):
        return book.part(relation.target)
    name = book.fresh_name(posixpath.join(book.folder, "drawings/vmlDrawing{}.vml"))
    first = _free_block(book)
    blocks = ",".join(str(first + more) for more in range(notes // _BLOCK + 1))
    identity = book.relate(sheet, "vmlDrawing", name)
    if not any(one.get("Extension").lower() == "vml" for one in book.part(TYPES).children()):
        book.declare(name, _DRAWING)
    grid.part.insert(b"<" + grid.part.prefix + b'legacyDrawing xmlns:r="' + book.vocabulary.encode() + b'" r:id="'
                     + identity.encode() + b'"/>', _AFTER_DRAWING, grid.top)
    return book.part(name, _BLANK_DRAWING % blocks.encode())


def _free_block(book: PackageEdit) -> int:
    """A block of shape numbers that no drawing of the workbook uses."""
    return max((int(number) // _BLOCK for name in book.part_names(".vml")
                for number in _SHAPE_NUMBER.findall(book.part(name).data)), default=0) + 1
