"""The text of any .docx as it reads once every tracked change is accepted, with its bookmarks.

Body, tables and text boxes, in document order; headers, footers, notes and comments stay apart. The
package is bounded before it is unpacked, and a document type is refused.
"""

from __future__ import annotations

from typing import NamedTuple

from templates.docx_parts import BODY_TEXT, Built, Range, TooLong, read_part, value_of
from workbook.findings import Refusal
from workbook.reading.package import Package, open_package
from workbook.reading.sniff import Unusable
from workbook.reading.xmlstream import elements, small_number

_SAVE_AS = "请在 Word 或 WPS 里打开，另存为 .docx 再试。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


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
    if data.startswith(_OLE):
        raise Refusal(f"{name}：是旧格式（.doc）或加了密码的文档，读不了。{_SAVE_AS}")
    try:
        package = open_package(data)
        main = _main_part(package)
        styles = _styles(package, main)
        reader = read_part(package, main)
    except Unusable:
        raise Refusal(f"{name}：不是完好的 Word 文档（.docx），没有读。{_SAVE_AS}") from None
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
    raise Unusable("不是 Word 文档。")


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
