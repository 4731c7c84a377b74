"""An xlsx package under change: its parts, how they are related, and what of them is new, changed or gone.

Both vocabularies ([ECMA-376], transitional and strict) and any prefixes are kept as the file has them.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from workbook.findings import Refusal
from workbook.patching.archive import Content, repack, repacked
from workbook.patching.xmlbytes import Node, Part, Splice, quoted, spliced
from workbook.reading.ods import MIMETYPE
from workbook.reading.outline import outline
from workbook.reading.package import Package, fold_name, open_package
from workbook.reading.sniff import SAVE_AS, Container, Unusable, container, not_a_workbook

TYPES = "[Content_Types].xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_BLANK_RELATIONS = (b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                    b'<Relationships xmlns="' + _RELATIONS.encode() + b'"></Relationships>')


class Relation(NamedTuple):
    """One relationship of a part: `kind` is the last word of its type, `target` a part's name."""

    id: str
    type: str
    target: str
    node: Node

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]


class SheetEntry(NamedTuple):
    """A sheet as the workbook lists it, worksheets and others alike."""

    name: str
    number: int
    relation: Relation
    node: Node


class Undo(NamedTuple):
    """What brings a changed package back: check sum and inverse changes by part, and the parts that are new."""

    parts: dict[str, tuple[int, list[Splice]]]
    added: list[str]


class PackageEdit:
    """A workbook under change; raises Unusable where it is none or is broken."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._parts: dict[str, Part] = {}
        self._gone: set[str] = set()
        self._contents: dict[str, tuple[list[Splice], bytes]] = {}
        self._related: dict[str, dict[str, Relation]] = {}
        self._later: dict[bytes, Callable[[], Iterator[bytes]]] = {}
        self.outline = outline(package)
        self.main = next(relation.target for relation in reversed(self.relations("").values())
                         if relation.kind == "officeDocument")
        self.folder = posixpath.dirname(self.main)

    # parts

    def has(self, name: str) -> bool:
        folded = fold_name(name)
        return folded not in self._gone and (folded in self._parts or self.package.has(name))

    def part(self, name: str, blank: bytes = b"") -> Part:
        """A part to change; a new one of this content where the package has none."""
        folded = fold_name(name)
        if folded not in self._parts:
            fresh = bool(blank) and not self.has(name)
            self._parts[folded] = Part(blank if fresh else self.package.read(name), name)
            self._gone.discard(folded)
        return self._parts[folded]

    def part_names(self, ending: str) -> list[str]:
        """The parts of the package whose names end so."""
        return [name for name in self.package.parts if name.endswith(ending) and name not in self._gone]

    def remove(self, name: str) -> None:
        """Leave out a part, its relationships and its content type."""
        if fold_name(name) in self._gone:
            return
        self._gone.update((fold_name(name), fold_name(relations_of(name))))
        types = self.part(TYPES)
        for node in types.children():
            if node.name == "Override" and fold_name(node.get("PartName")) == "/" + fold_name(name):
                types.put(node.start, node.end, b"")

    def fresh_name(self, pattern: str) -> str:
        """The first part name of a pattern (with {}) that is not taken."""
        number = 1
        while self.package.has(pattern.format(number)) or fold_name(pattern.format(number)) in self._parts:
            number += 1
        return pattern.format(number)

    def declare(self, name: str, content_type: str) -> None:
        """Say of what type a new part is."""
        types = self.part(TYPES)
        tag = types.prefix + b"Override"
        types.append(types.root, b"<" + tag + b' PartName="/' + quoted(name) + b'" ContentType="'
                     + quoted(content_type) + b'"/>')

    # relationships

    def relations(self, source: str) -> dict[str, Relation]:
        """The relationships of a part by id, as the file has them; "" is the package itself."""
        if source not in self._related:
            place = relations_of(source)
            part = self.part(place) if self.has(place) else None
            self._related[source] = {node.get("Id"): _relation(node, source)
                                     for node in (part.children() if part else ()) if node.name == "Relationship"}
        return self._related[source]

    def relate(self, source: str, kind: str, target: str) -> str:
        """Relate a part to another; the new id."""
        known, part = self.relations(source), self.part(relations_of(source), _BLANK_RELATIONS)
        number = len(known) + 1
        while f"rId{number}" in known:
            number += 1
        type_ = f"{self.vocabulary}/{kind}"
        where = posixpath.relpath("/" + target, "/" + posixpath.dirname(source))
        part.append(part.root, b"<" + part.prefix + b'Relationship Id="rId%d" Type="' % number + quoted(type_)
                    + b'" Target="' + quoted(where) + b'"/>')
        known[f"rId{number}"] = Relation(f"rId{number}", type_, target, part.root)
        return f"rId{number}"

    def unrelate(self, source: str, relation: Relation) -> None:
        self.part(relations_of(source)).put(relation.node.start, relation.node.end, b"")

    def related(self, source: str, kind: str) -> Relation | None:
        """The first relationship of a kind."""
        return next((relation for relation in self.relations(source).values() if relation.kind == kind), None)

    @property
    def vocabulary(self) -> str:
        """What the types of this file's relationships begin with."""
        return next(relation.type.rpartition("/")[0] for relation in self.relations("").values()
                    if relation.kind == "officeDocument")

    # sheets

    def sheets(self) -> list[SheetEntry]:
        """All sheets in their order."""
        book = self.part(self.main)
        listed, related, found = book.child("sheets"), self.relations(self.main), []
        for node in book.children(listed) if listed else ():
            relation = related.get(node.relation)
            if relation is not None:
                number = node.get("sheetId")
                found.append(SheetEntry(node.get("name"), int(number) if number.isdecimal() else 0, relation, node))
        return found

    def worksheet(self, name: str) -> str:
        """The part of a worksheet; raises Refusal where there is none of that name."""
        for sheet in self.outline.sheets:
            if sheet.name == name:
                return sheet.part
        raise Unusable(f"没有工作表“{name}”。请核对工作表的名称。")

    # the result

    def result(self) -> bytes:
        """The changed package; the very same bytes where nothing changed."""
        changed = self._changed()
        return repacked(self.package, changed) if changed else self.package.data

    def write(self, out: IO[bytes], last: Part, finish: Callable[[], None]) -> None:
        """Write the changed package to an empty file, what comes `later` piece by piece; then `finish` the part that
        is written last.
        """
        def finished() -> Iterator[bytes]:
            finish()
            yield self._content(last, last.changes())

        repack(self.package, {**self._changed(), last.name: finished()}, out)

    def later(self, tell: Callable[[], Iterator[bytes]]) -> bytes:
        """A mark to put into a part, in whose place these bytes are told when the package is written."""
        mark = b"\x00later %d\x00" % len(self._later)
        self._later[mark] = tell
        return mark

    def _changed(self) -> dict[str, Content | None]:
        changed: dict[str, Content | None] = dict.fromkeys(self._gone)
        for folded, part in sorted(self._parts.items()):
            changes = part.changes()
            if folded not in self._gone and (changes or not self.package.has(folded)):
                content = self._content(part, changes)
                changed[part.name] = self._with_later(content) if self._later and b"\x00" in content else content
        return changed

    def _with_later(self, content: bytes) -> Iterator[bytes]:
        for piece in re.split(rb"(\x00later \d+\x00)", content):
            yield from self._later[piece]() if piece in self._later else (piece,)

    def undo(self) -> Undo:
        """What brings the changes so far back."""
        parts: dict[str, tuple[int, list[Splice]]] = {}
        added = []
        for folded, part in sorted(self._parts.items()):
            changes = [] if folded in self._gone else part.changes()
            if not self.package.has(folded):
                added.append(part.name)
            elif changes:
                parts[part.name] = zlib.crc32(self._content(part, changes)), inverse(part.data, changes)
        return Undo(parts, added)

    def _content(self, part: Part, changes: list[Splice]) -> bytes:
        """A part with its changes made; kept, since large parts are asked for twice."""
        held = self._contents.get(part.name)
        if held is None or held[0] != changes:
            held = self._contents[part.name] = changes, spliced(part.data, changes)
        return held[1]


def inverse(data: bytes, changes: list[Splice]) -> list[Splice]:
    """The changes that bring `data` back from what these make of it."""
    found, moved = [], 0
    for start, end, new in changes:
        found.append(Splice(start + moved, start + moved + len(new), data[start:end]))
        moved += len(new) - (end - start)
    return found


def relations_of(name: str) -> str:
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def opened(data: bytes, path: str) -> Package:
    """The package of an xlsx or xlsm file; raises Unusable where it is something else."""
    if container(data, path) is Container.OLE:
        from workbook.reading.unlocking import unlocked

        data = unlocked(data)
    if container(data, path) is Container.OLE:
        from workbook.reading.ole import open_compound, workbook_stream

        workbook_stream(open_compound(data))
        raise Unusable(f"是旧格式 .xls，不能在原文件里改。{SAVE_AS}")
    package = open_package(data)
    if package.has("mimetype") and package.size("mimetype") < 100 and package.read("mimetype").strip() == MIMETYPE:
        raise Unusable(f"是 OpenDocument 表格（.ods），不能在原文件里改。{SAVE_AS}")
    if not package.has(TYPES):
        raise not_a_workbook("压缩包", SAVE_AS)
    return package


def edit(data: bytes, path: str) -> PackageEdit:
    return PackageEdit(opened(data, path))


def refused(path: str, why: object) -> Refusal:
    """One sentence with the file's name before it, where it is known."""
    return Refusal(f"{path}：{why}" if path else str(why))


def _relation(node: Node, source: str) -> Relation:
    target = node.get("Target").replace("\\", "/")
    place = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
    if node.get("TargetMode") == "External":
        place = ""
    return Relation(node.get("Id"), node.get("Type"), place, node)
