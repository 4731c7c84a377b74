"""版记: 抄送机关, 印发机关 and 印发日期 between rules at the foot of the last page (GB/T 9704 7.4).

It is a text box anchored to the foot of the 版心: frames and floating tables do not stay there in
LibreOffice. Its anchor is a blank paragraph of the same height, which keeps the text off the box and
moves to a new page, with the lines it is kept with, where the page has no room for both.
"""

from __future__ import annotations

import math

from templates.blocks import Imprint
from templates.typesetting import gongwen
from templates.typesetting.package import Reference
from templates.typesetting.wordml import attribute, paragraph, run, tab
from workbook.spans import Span

EMU = 635  # a twip in the units of DrawingML
SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def set_imprint(reference: Reference, imprint: Imprint) -> str:
    """The anchor paragraph with the box."""
    lines = _copies_lines(reference, imprint)
    rules = (3 if lines else 2) * (gongwen.RULE_LINE + gongwen.THICK * 20 // 8)
    height = (lines + 1) * gongwen.IMPRINT_LINE + rules
    form = f'<w:spacing w:line="{height}" w:lineRule="exact"/>'
    box = _box(_content(reference, imprint), reference.section.text_width, height)
    return paragraph(reference.style(gongwen.IMPRINT_PLACE), [box], form)


def _copies(imprint: Imprint) -> str:
    """抄送：… with its full stop (7.4.2), or empty."""
    names = imprint.copies_to.strip().rstrip("。")
    return f"抄送：{names}。" if names else ""


def _copies_lines(reference: Reference, imprint: Imprint) -> int:
    """How many lines 抄送 takes, rather one too many than one too few: a character may move down for a comma."""
    pen = reference.pen(gongwen.COPIES)
    room = reference.section.text_width - 6 * pen.em
    return math.ceil(pen.width(_copies(imprint)) / room)


def _content(reference: Reference, imprint: Imprint) -> str:
    rule, thin = (paragraph(reference.style(name), []) for name in (gongwen.RULE_THICK, gongwen.RULE_THIN))
    copies = paragraph(reference.style(gongwen.COPIES), [run(Span(_copies(imprint)))]) + thin
    date = [*map(run, imprint.issued or (Span(imprint.date),)), run(Span("印发"))] if imprint.date else []
    issuer = paragraph(reference.style(gongwen.ISSUER), [tab(), run(Span(imprint.issuer)), tab(), *date])
    return rule + (copies if _copies(imprint) else "") + issuer + rule


def _box(content: str, width: int, height: int) -> str:
    """A run with a text box as wide as the 版心, its lower edge on the 版心's."""
    extent = f'cx="{width * EMU}" cy="{height * EMU}"'
    drawing = (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" '
        'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>'
        '<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>'
        f'<wp:extent {extent}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="1" name="{attribute("版记")}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{SHAPE}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>"
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/></wps:wsp>'
        "</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    return f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice></mc:AlternateContent></w:r>'
