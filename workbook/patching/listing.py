"""A sheet put last into the workbook's lists, or taken out of them: names and views keep their sheets."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from html import unescape

from workbook.patching.package_edit import PackageEdit, SheetEntry
from workbook.patching.references import whole
from workbook.patching.values import as_xml
from workbook.patching.xmlbytes import Node, Part, quoted

_HIDDEN = ' hidden="1"'
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_AFTER_NAMES = ("calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes",
                "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst")


def add_sheet(book: PackageEdit, title: str, content: bytes, names: Iterable[tuple[str, str, bool]]) -> Part:
    """Put a sheet last, with the names it needs."""
    listed = book.sheets()
    place = book.fresh_name(posixpath.join(book.folder, "worksheets/sheet{}.xml"))
    identity = book.relate(book.main, "worksheet", place)
    book.declare(place, _WORKSHEET)
    main = book.part(book.main)
    sheets = main.child("sheets")
    if sheets is not None:
        number = max((sheet.number for sheet in listed), default=0) + 1
        main.append(sheets, b"<" + main.prefix + b'sheet xmlns:r="' + book.vocabulary.encode() + b'" name="'
                    + quoted(title) + f'" sheetId="{number}" r:id="{identity}"/>'.encode())
        _add_names(main, len(main.children(sheets)), names)
    _title(book, title, added=True)
    return book.part(place, content)


def _add_names(main: Part, index: int, names: Iterable[tuple[str, str, bool]]) -> None:
    tag = main.prefix + b"definedName"
    made = b"".join(b"<" + tag + f' name="{name}" localSheetId="{index}"{hidden * _HIDDEN}>'.encode() + as_xml(where)
                    + b"</" + tag + b">" for name, where, hidden in names)
    if not made:
        return
    held = main.child("definedNames")
    if held is not None:
        main.append(held, made)
    else:
        tag += b"s"
        main.insert(b"<" + tag + b">" + made + b"</" + tag + b">", _AFTER_NAMES, main.children())


def remove_sheet(book: PackageEdit, entry: SheetEntry) -> None:
    """Take a sheet out, with its parts and names."""
    main, listed = book.part(book.main), book.sheets()
    index = [sheet.node for sheet in listed].index(entry.node)
    for relation in book.relations(entry.relation.target).values():
        if relation.target and book.has(relation.target):
            book.remove(relation.target)
    book.unrelate(book.main, entry.relation)
    book.remove(entry.relation.target)
    main.put(entry.node.start, entry.node.end, b"")
    _renumber_names(main, index)
    _renumber_views(main, index, len(listed) - 1)
    _title(book, entry.name, added=False)


def _renumber_names(main: Part, index: int) -> None:
    held = main.child("definedNames")
    nodes = main.children(held) if held else []
    gone = [node for node in nodes if node.get("localSheetId") == str(index)]
    if held is not None and nodes and len(gone) == len(nodes):
        main.put(held.start, held.end, b"")
        return
    for node in nodes:
        if node in gone:
            main.put(node.start, node.end, b"")
        elif whole(node.get("localSheetId")) > index:
            main.set(node, "localSheetId", str(whole(node.get("localSheetId")) - 1))


def _renumber_views(main: Part, index: int, left: int) -> None:
    views = main.child("bookViews")
    for view in main.children(views) if views else ():
        for name in ("activeTab", "firstSheet"):
            at = whole(view.get(name))
            if at > index or at >= left > 0:
                main.set(view, name, str(max(at - 1, 0)))


def _title(book: PackageEdit, title: str, *, added: bool) -> None:
    """Keep the list of titles in the document's properties, where it has the usual form."""
    relation = book.related("", "extended-properties")
    if relation is None or not book.has(relation.target):
        return
    part = book.part(relation.target)
    pairs, titles = _vector(part, "HeadingPairs"), _vector(part, "TitlesOfParts")
    count = _count(part, pairs) if pairs else None
    if titles is None or count is None:
        return
    held = part.children(titles)
    number = whole(part.data[count.inner:count.close].decode())
    if added and 0 < number <= len(held):
        tag = held[0].prefix + b"lpstr>"
        part.put(held[number - 1].end, held[number - 1].end, b"<" + tag + as_xml(title) + b"</" + tag)
    else:
        same = [node for node in held[:number] if _said(part, node) == title]
        if added or not same:
            return
        part.put(same[-1].start, same[-1].end, b"")
    step = 1 if added else -1
    part.set(titles, "size", str(len(held) + step))
    part.put(count.inner, count.close, str(number + step).encode())


def _vector(part: Part, name: str) -> Node | None:
    node = part.child(name)
    return part.child("vector", node) if node else None


def _count(part: Part, pairs: Node) -> Node | None:
    """The number of worksheets: the second value of the first pair."""
    values = [part.children(variant) for variant in part.children(pairs)[:2]]
    return values[1][0] if len(values) == 2 and values[1] and values[1][0].name == "i4" else None


def _said(part: Part, node: Node) -> str:
    return unescape(part.data[node.inner:node.close].decode("utf-8", "replace"))
