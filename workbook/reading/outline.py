"""Which parts of an xlsx package are its sheets, strings and styles ([ECMA-376] part 1, 12.3; both vocabularies)."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from workbook.reading.package import Package, foreign
from workbook.reading.sniff import ASK_AGAIN, SAVE_AS, Unusable, not_a_workbook
from workbook.reading.xmlstream import Attributes, elements

MOST_SHEETS = 500
_RELATION = frozenset({"Relationship"})
_WORKBOOK = frozenset({"sheet", "workbookPr"})
_TYPES = "[Content_Types].xml"
_OTHER_SHEETS = (b"chartsheet+xml", b"dialogsheet+xml", b"macrosheet+xml")


class SheetPart(NamedTuple):
    """A worksheet's name, its part, and its place among all sheets of the file."""

    name: str
    part: str
    at: int
    visible: bool


class Outline(NamedTuple):
    """What a workbook consists of."""

    sheets: tuple[SheetPart, ...]
    strings: str | None
    styles: str | None
    epoch1904: bool


class Relation(NamedTuple):
    """What a part refers to: the last word of the type's URI, the target's name in the package."""

    kind: str
    target: str


def outline(package: Package) -> Outline:
    """Read what the package says about itself; raises Unusable where it is no workbook or has no sheets."""
    main = _main_part(package)
    folder, base = posixpath.split(main)
    known = relations(package, posixpath.join(folder, "_rels", f"{base}.rels"), folder)
    found = elements(package, main, _WORKBOOK)
    listed = [attributes for name, attributes in found if name == "sheet"]
    content = [one for one in listed if _id(one)] or listed
    pairs = [(attributes, _relation_of(attributes, known)) for attributes in content]
    sheets = tuple(_sheet(index, attributes, relation) for index, (attributes, relation) in enumerate(pairs)
                   if relation.kind == "worksheet")
    _check_sheets(package, sheets)
    _check_types(package, sheets)
    strings = _single(package, known, "sharedStrings", posixpath.join(folder, "sharedStrings.xml"))
    styles = _single(package, known, "styles", posixpath.join(folder, "styles.xml"))
    epoch = any(attributes.get("date1904") in ("1", "true") for name, attributes in found if name == "workbookPr")
    return Outline(sheets, strings, styles, epoch)


def _main_part(package: Package) -> str:
    if not package.has("_rels/.rels"):
        raise foreign(package)
    top = relations(package, "_rels/.rels", "").values()
    main = [relation.target for relation in top if relation.kind == "officeDocument"]
    if not main or main[-1].lower().startswith(("word/", "ppt/", "visio/")):
        raise foreign(package)
    if main[-1].lower().endswith(".bin"):
        raise not_a_workbook("二进制格式 .xlsb，其中的日期和错误值读不准", SAVE_AS)
    return main[-1]


def relations(package: Package, part: str, folder: str) -> dict[str, Relation]:
    """The relationships by id that a .rels part lists; their targets are relative to `folder`."""
    listed = {}
    for _, attributes in elements(package, part, _RELATION):
        target = attributes.get("Target", "")
        place = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        listed[attributes.get("Id", "")] = Relation(kind, place)
    return listed


def _relation_of(attributes: Attributes, known: dict[str, Relation]) -> Relation:
    key = _id(attributes)
    if key not in known:
        raise Unusable(f"文件已损坏（工作表“{attributes.get('name', '')}”没有内容）。{ASK_AGAIN}")
    return known[key]


def _id(attributes: Attributes) -> str:
    """The relation of a sheet; the modules of Excel 5 are listed among the sheets and have none."""
    return next((value for name, value in reversed(attributes.items()) if name.rpartition(":")[2] == "id"), "")


def _sheet(index: int, attributes: Attributes, relation: Relation) -> SheetPart:
    visible = attributes.get("state", "visible") == "visible"
    return SheetPart(attributes.get("name", ""), relation.target, index, visible)


def _check_sheets(package: Package, sheets: tuple[SheetPart, ...]) -> None:
    if not sheets:
        raise Unusable(f"里面没有工作表。{SAVE_AS}")
    if len(sheets) > MOST_SHEETS:
        raise Unusable(f"里面有 {len(sheets)} 张工作表，多得不正常，没有读。请删掉用不着的工作表再试。")
    names: set[str] = set()
    for sheet in sheets:
        if sheet.name.lower() in names:
            raise Unusable(f"有两张工作表都叫“{sheet.name}”。请改名后另存再试。")
        names.add(sheet.name.lower())
        if not package.has(sheet.part):
            raise Unusable(f"文件已损坏（工作表“{sheet.name}”缺少部件 {sheet.part}）。{ASK_AGAIN}")


def _check_types(package: Package, sheets: tuple[SheetPart, ...]) -> None:
    """A worksheet that the list of content types calls another kind of sheet is shown as that one, or not at all."""
    if not package.has(_TYPES) or not any(kind in package.read(_TYPES) for kind in _OTHER_SHEETS):
        return
    others = {attributes.get("PartName", "").lstrip("/").lower() for _, attributes
              in elements(package, _TYPES, frozenset({"Override"}))
              if any(kind.decode() in attributes.get("ContentType", "") for kind in _OTHER_SHEETS)}
    for sheet in sheets:
        if sheet.part.lower() in others:
            raise Unusable(f"文件已损坏（工作表“{sheet.name}”登记成了别的部件）。{ASK_AGAIN}")


def _single(package: Package, known: dict[str, Relation], kind: str, usual: str) -> str | None:
    """The one part of a kind, by its relation, else where it usually stands."""
    named = [relation for relation in known.values() if relation.kind == kind]
    part = named[-1].target if named else usual
    return part if package.has(part) else None
