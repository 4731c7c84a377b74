"""The text of any .docx as it reads once every tracked change is accepted, with its bookmarks.

Body, tables and text boxes, in document order; headers, footers, notes and comments stay apart. The
package is bounded before it is unpacked, and a document type is refused.
"""

from __future__ import annotations

from typing import NamedTuple

from templates.docx_package import open_docx
from templates.docx_parts import BODY_TEXT, Built, Range, TooLong, read_part, value_of
from workbook.findings import Refusal
from workbook.reading.package import Package
from workbook.reading.sniff import CHECK_FILE, Unusable
from workbook.reading.xmlstream import elements, small_number


class Paragraph(NamedTuple):
    """One paragraph: `style` as Word names it, `level` 1–9 of a heading or 0.

    A bookmark over several paragraphs is a range in each of them.
    """

    text: str
    style: str = ""
    level: int = 0
    bookmarks: tuple[Range, ...] = ()
    table: bool = False


class _Style(NamedTuple):
    name: str
    level: int | None
    parent: str


def paragraphs(data: bytes, name: str = "这个文件") -> tuple[Paragraph, ...]:
    """Every paragraph of a .docx, blank ones too; raises Refusal, naming the file, where it is none."""
    try:
        package = open_docx(data)
        main = _main_part(package)
        styles = _styles(package, main)
        reader = read_part(package, main)
    except Unusable as why:
        raise Refusal(f"{name}：{why}") from None
    except TooLong:
        raise Refusal(f"{name}：正文长得不正常，没有读。请核对是不是选错了文件。") from None
    return tuple(
        Paragraph(one.text, styles[one.style].name if one.style in styles else one.style,
                  _level(one, styles), tuple(reader.ranges.get(index, ())), one.around == "tbl")
        for index, one in enumerate(reader.built)
    )


def _level(one: Built, styles: dict[str, _Style]) -> int:
    """The heading level of a paragraph, its own or its style's or that of a style it is based on."""
    level, style, seen = one.level, styles.get(one.style), 0
    while level is None and style is not None and seen < len(styles):
        level, style, seen = style.level, styles.get(style.parent), seen + 1
    return level + 1 if level is not None and level < BODY_TEXT else 0


def _main_part(package: Package) -> str:
    for _, attributes in elements(package, "_rels/.rels", frozenset(("Relationship",))):
        if attributes.get("Type", "").endswith("/officeDocument"):
            target = attributes.get("Target", "").lstrip("/")
            if not target.endswith(".xml") or "xl/" in target or "ppt/" in target:
                break
            return target
    raise Unusable(f"里面没有 Word 正文。{CHECK_FILE}")


def _styles(package: Package, main: str) -> dict[str, _Style]:
    """Styles by id: name, outline level from 0, the style each is based on."""
    folder = main.rpartition("/")[0]
    part = f"{folder}/styles.xml" if folder else "styles.xml"
    if not package.has(part):
        return {}
    wanted = frozenset(("style", "name", "basedOn", "outlineLvl"))
    styles: dict[str, _Style] = {}
    current = ""
    for element, attributes in elements(package, part, wanted):
        value = value_of(attributes, "val")
        if element == "style":
            current = value_of(attributes, "styleId")
            styles[current] = _Style("", None, "")
        elif current and element == "name":
            styles[current] = styles[current]._replace(name=value)
        elif current and element == "basedOn":
            styles[current] = styles[current]._replace(parent=value)
        elif current:
            styles[current] = styles[current]._replace(level=small_number(value, BODY_TEXT))
    return styles
