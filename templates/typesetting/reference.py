"""Builds reference.docx, the home of all formats, from the table of GB/T 9704 in `templates.typesetting.gongwen`.

An office opens the built file in Word and changes what it likes; the program only names styles.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from templates.typesetting import gongwen
from templates.typesetting.gongwen import PAGE, PITCH, TIGHTEN, Border, Style

if TYPE_CHECKING:
    from docx.document import Document

KEPT_STYLES = ("Normal", "Default Paragraph Font", "Normal Table", "No List")
KEPT_PARTS = ("/styles", "/settings", "/fontTable")
KEPT_PACKAGE_PARTS = ("/core-properties", "/officeDocument")
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EPOCH = (1980, 1, 1, 0, 0, 0)


@cache
def build() -> bytes:
    """reference.docx: no text, one section, the named styles; the same bytes on every computer and day."""
    from docx import Document

    document = Document()
    _strip(document)
    _defaults(document)
    for style in gongwen.STYLES:
        _add_style(document, style)
    _add_table_style(document)
    _settings(document)
    _fonts(document)
    _page(document)
    return _pack(document)


def _elements(xml: str) -> list[Any]:
    from docx.oxml import parse_xml

    return list(parse_xml(f'<w:body xmlns:w="{NAMESPACE}">{xml}</w:body>'))


def _replace(parent: Any, xml: str) -> None:
    """Every child of `parent` gives way to `xml`."""
    for child in list(parent):
        parent.remove(child)
    parent.text = None
    parent.extend(_elements(xml))


def _strip(document: Document) -> None:
    """Out with the theme (its fonts override named ones), thumbnail, numbering and the ready-made styles."""
    part = document.part
    for owner, kept in ((part, KEPT_PARTS), (part.package, KEPT_PACKAGE_PARTS)):
        for key in [key for key, rel in owner.rels.items() if not rel.reltype.endswith(kept)]:
            del owner.rels[key]
    styles = document.styles.element
    for child in list(styles):
        if child.tag.endswith("latentStyles") or getattr(child, "name_val", "Normal") not in KEPT_STYLES:
            styles.remove(child)


def _run_form(style: Style) -> str:
    """rPr of a style, in the order of the schema."""
    fonts = f'w:ascii="{style.digits}" w:eastAsia="{style.font}" w:hAnsi="{style.digits}" w:cs="{style.digits}"'
    size = round(2 * style.size)
    sized = f'<w:spacing w:val="{style.tighten}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    return (
        "<w:rPr>"
        + (f'<w:rFonts w:hint="eastAsia" {fonts}/>' if style.font else "")
        + ("<w:b/><w:bCs/>" if style.bold else "")
        + (f'<w:color w:val="{style.colour}"/>{sized}' if style.kind == "paragraph" else "")
        + "</w:rPr>"
    )


def _border(border: Border) -> str:
    return (
        f'<w:{border.side} w:val="single" w:sz="{border.eighths}" w:space="{border.space}" w:color="{border.colour}"/>'
    )


def _indent(style: Style) -> str:
    """A first line counted in characters holds at any size; the length beside it is for programs without that."""
    em = round(20 * style.size) + style.tighten
    sides = [f'w:left="{style.left}"', f'w:right="{style.right}"']
    if style.hanging:
        sides.append(f'w:hanging="{style.hanging}"')
    if style.first:
        sides.append(f'w:firstLineChars="{style.first * 100}" w:firstLine="{style.first * em}"')
    return f"<w:ind {' '.join(sides)}/>"


def _paragraph_form(style: Style, common: str = "") -> str:
    """pPr of a style, in the order of the schema; `common` is what all styles have from Normal."""
    borders = "".join(map(_border, style.borders))
    tabs = "".join(f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in style.tabs)
    return (
        "<w:pPr>"
        + ("<w:keepNext/>" if style.keep else "")
        + (f"<w:pBdr>{borders}</w:pBdr>" if borders else "")
        + (f"<w:tabs>{tabs}</w:tabs>" if tabs else "")
        + common
        + f'<w:spacing w:before="{style.before}" w:after="{style.after}" w:line="{style.line}" w:lineRule="exact"/>'
        + _indent(style)
        + ("<w:contextualSpacing/>" if style.grouped else "")
        + f'<w:jc w:val="{style.align}"/>'
        + (f'<w:outlineLvl w:val="{style.level - 1}"/>' if style.level else "")
        + "</w:pPr>"
    )


# No 。 outside the 版心, no gap between 汉字 and digits, every line as high as its style says: 22 fill a page.
COMMON = (
    '<w:widowControl w:val="0"/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
    '<w:snapToGrid w:val="0"/>'
)
BODY_TEXT = Style("Normal", "5.2.2, 5.2.3", tighten=TIGHTEN)


def _defaults(document: Document) -> None:
    """Normal is the body of a 公文, so that what a clerk types into the finished report looks right too."""
    styles = document.styles.element
    run = _run_form(BODY_TEXT).replace("</w:rPr>", '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>')
    defaults = styles.find(f"{{{NAMESPACE}}}docDefaults")
    _replace(defaults, f"<w:rPrDefault>{run}</w:rPrDefault><w:pPrDefault/>")
    normal = document.styles["Normal"].element
    form = _paragraph_form(BODY_TEXT, COMMON) + _run_form(BODY_TEXT)
    _replace(normal, f'<w:name w:val="Normal"/><w:qFormat/>{form}')


def _add_style(document: Document, style: Style) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    kind = WD_STYLE_TYPE.PARAGRAPH if style.kind == "paragraph" else WD_STYLE_TYPE.CHARACTER
    added = document.styles.add_style(style.name, kind)
    added.quick_style = True
    if style.kind == "paragraph":
        added.base_style = document.styles["Normal"]
        added.element.extend(_elements(_paragraph_form(style)))
    added.element.extend(_elements(_run_form(style)))


def _add_table_style(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(_border(Border(side, gongwen.TABLE_BORDER)) for side in sides)
    margins = "".join(f'<w:{side} w:w="{gongwen.TABLE_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    table = document.styles.add_style(gongwen.TABLE, WD_STYLE_TYPE.TABLE)
    table.base_style = document.styles["Normal Table"]
    table.element.extend(
        _elements(f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>")
    )


def _settings(document: Document) -> None:
    """Odd and even pages differ (7.5); characters keep their full width; Word opens it without 兼容模式."""
    uri = "http://schemas.microsoft.com/office/word"
    modes = (("compatibilityMode", 15), ("overrideTableStyleFontSizeAndJustification", 1))
    compat = "".join(f'<w:compatSetting w:name="{name}" w:uri="{uri}" w:val="{value}"/>' for name, value in modes)
    _replace(
        document.settings.element,
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:compat><w:useFELayout/>{compat}</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>',
    )


def _fonts(document: Document) -> None:
    """The font table with the names under which other computers have the same faces."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in gongwen.OTHER_NAMES.items()
    )
    part = document.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable"
    )
    part._blob = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{NAMESPACE}">{fonts}</w:fonts>'
    ).encode()


def _page(document: Document) -> None:
    section = document.sections[0]
    form = section._sectPr
    _replace(
        form,
        f'<w:pgSz w:w="{PAGE.width}" w:h="{PAGE.height}"/>'
        f'<w:pgMar w:top="{PAGE.top}" w:right="{PAGE.right}" w:bottom="{PAGE.bottom}" w:left="{PAGE.left}" '
        f'w:header="{PAGE.header}" w:footer="{PAGE.footer}" w:gutter="0"/>'
        f'<w:cols w:space="720"/><w:docGrid w:type="lines" w:linePitch="{PITCH}"/>',
    )
    for attribute in list(form.attrib):
        del form.attrib[attribute]
    for footer, style in ((section.footer, gongwen.PAGE_ODD), (section.even_page_footer, gongwen.PAGE_EVEN)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles[style]
        paragraph._p.extend(_elements(_page_number()))


def _page_number() -> str:
    """— 1 —, each piece of the field in a run of its own: WPS reads no other form (7.5)."""
    pieces = (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    )
    return "".join(f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>{piece}</w:r>' for piece in pieces)


def _pack(document: Document) -> bytes:
    """The package with no author and no clock, stored: another zlib would deflate to other bytes."""
    _blank_properties(document)
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return packed.getvalue()


def _blank_properties(document: Document) -> None:
    properties = document.core_properties._element
    for child in list(properties):
        properties.remove(child)
    properties.text = None


if __name__ == "__main__":
    Path(__file__).with_name("reference.docx").write_bytes(build())
