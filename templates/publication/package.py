"""A docx cut down to the parts that print: an allow-list, from the root relationships on.

Everything else (custom XML, properties, comments, thumbnail, template, macros,
printer settings …) goes, whoever wrote it and wherever it stands.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from templates.publication.content import clean
from templates.publication.pictures import bare_picture
from workbook.findings import Refusal

if TYPE_CHECKING:
    from lxml.etree import _Element

CONTENT_TYPES, ROOT, CORE = "[Content_Types].xml", "_rels/.rels", "docProps/core.xml"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
MAIN = "officeDocument"
KEPT = frozenset((
    MAIN, "core-properties", "styles", "settings", "fontTable", "font", "numbering", "theme", "footnotes", "endnotes",
    "header", "footer", "image", "hyperlink", "chart", "chartStyle", "chartColorStyle", "chartUserShapes",
    "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing",
))
OBJECTS = frozenset(("oleObject", "package", "control", "aFChunk", "subDocument", "activeXControlBinary"))
_MACROS = re.compile(r"(?i)application/vnd\.ms-word\.(?:document|template)\.macroEnabled(?:Template)?\.main\+xml")
"""The type of a text that has macros, which go."""
_WEB = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


def printed_parts(parts: Mapping[str, bytes], title: str) -> dict[str, bytes]:
    """The parts that print, cleaned, with `title` as the only property.

    Raises Refusal where an embedded object stands in the text.
    """
    kept: dict[str, bytes] = {}
    relations = {"": _Relations(parts, "")}
    waiting = [target for kind, target in relations[""].targets() if kind == MAIN]
    while waiting:
        name = waiting.pop()
        if name in relations or name not in parts:
            continue
        relations[name] = _Relations(parts, name)
        kept[name] = _cleaned(name, parts[name], relations[name])
        waiting += [target for _, target in relations[name].targets()]
    for name, one in relations.items():
        if name and one.kept:
            kept[one.name] = one.xml()
    types = _types(parts[CONTENT_TYPES], kept)
    return {CONTENT_TYPES: types, ROOT: _root(relations[""]), **kept, CORE: _core(title)}


def _cleaned(name: str, content: bytes, relations: _Relations) -> bytes:
    if name.endswith((".xml", ".vml")):
        from lxml import etree

        root = parse(content)
        clean(root, relations.dropped)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
    return bare_picture(content)


def parse(content: bytes) -> _Element:
    """The tree of one part, without comments and instructions; a document type is refused."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise Refusal("文件里有不该有的文档类型声明，没有处理。请用 Word 打开并另存为 .docx 后再试。")
    return root


class _Relations:
    """What one part (or, under the empty name, the package) refers to."""

    def __init__(self, parts: Mapping[str, bytes], part: str) -> None:
        folder, _, base = part.rpartition("/")
        self.folder = folder
        self.name = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        found = list(parse(parts[self.name])) if self.name in parts else []
        self.kept = [one for one in found if _kind(one) in KEPT and _may_point(one)]
        self.dropped = {one.get("Id", ""): _kind(one) for one in found if one not in self.kept}

    def targets(self) -> list[tuple[str, str]]:
        """(kind, part) of everything kept inside the package."""
        inside = [one for one in self.kept if one.get("TargetMode") != "External"]
        return [(_kind(one), self._path(one.get("Target", ""))) for one in inside]

    def _path(self, target: str) -> str:
        return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(self.folder, target))

    def xml(self) -> bytes:
        return _relations_xml([dict(one.attrib) for one in self.kept])


def _kind(relationship: _Element) -> str:
    return str(relationship.get("Type", "")).rpartition("/")[2]


def _may_point(relationship: _Element) -> bool:
    """Web addresses may stay; a path on some disk tells who made the report."""
    if relationship.get("TargetMode") != "External":
        return True
    return _kind(relationship) == "hyperlink" and bool(_WEB.match(relationship.get("Target", "")))


def _relations_xml(relationships: list[dict[Any, Any]]) -> bytes:
    from lxml import etree

    root = etree.Element(f"{{{PACKAGE}}}Relationships", nsmap={None: PACKAGE})  # type: ignore[dict-item]
    for attributes in relationships:
        etree.SubElement(root, f"{{{PACKAGE}}}Relationship", attributes)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _root(relations: _Relations) -> bytes:
    main = [dict(one.attrib) for one in relations.kept if _kind(one) == MAIN]
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return _relations_xml([*main, {"Id": "taizhangCore", "Type": kind, "Target": CORE}])


def _types(content: bytes, kept: Mapping[str, bytes]) -> bytes:
    from lxml import etree

    from templates.typesetting.package import MAIN_TYPE

    root = parse(content)
    endings = {name.rpartition(".")[2].lower() for name in (*kept, "x.rels", "x.xml")}
    for one in list(root):
        part, ending = one.get("PartName"), one.get("Extension")
        one.set("ContentType", _MACROS.sub(MAIN_TYPE, one.get("ContentType", "")))
        if (part is not None and part.lstrip("/") not in kept) or (ending and ending.lower() not in endings):
            root.remove(one)
    etree.SubElement(root, f"{{{TYPES}}}Override", PartName=f"/{CORE}", ContentType=CORE_TYPE)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _core(title: str) -> bytes:
    from templates.typesetting.package import core_properties

    return core_properties(title)
