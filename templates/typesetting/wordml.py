"""WordprocessingML as text: runs, paragraphs, tables. Knows nothing of GB/T 9704."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from workbook.spans import Span

# Makes “”……— and the like Chinese in Word: else they take the Western font and half the width.
_CHINESE = '<w:rFonts w:hint="eastAsia"/>'


def visible(text: str) -> str:
    """The text with each control character shown as its picture (␉), what XML cannot hold as \ufffd."""
    return re.sub("[\x00-\x1f\ud800-\udfff\ufffe\uffff]", _picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def escape(text: str) -> str:
    """Text for the inside of an element."""
    if not text.isprintable():
        text = visible(text)
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def attribute(text: str) -> str:
    """Text for the inside of double quotes."""
    return escape(text).replace('"', "&quot;")


def run(span: Span, style: str = "", form: str = "") -> str:
    """One span as a run in character style `style`; the only place where a span becomes XML.

    `form` is further run properties, in the order of the schema.
    """
    text, _, _, opens, closes = span
    character = f'<w:rStyle w:val="{style}"/>' if style else ""
    made = "" if not text and closes else (
        f'<w:r><w:rPr>{character}{_CHINESE}{form}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>')
    if not (opens or closes):
        return made
    begin = [f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>' for number, name in opens]
    return "".join((*begin, made, *[f'<w:bookmarkEnd w:id="{number}"/>' for number, _ in closes]))


def runs(spans: Iterable[Span], bold: str) -> list[str]:
    """Spans as runs, the bold ones in character style `bold`."""
    return [run(span, bold) if span.bold else run(span) for span in spans]


def tab() -> str:
    """A run that jumps to the next tab stop."""
    return "<w:r><w:tab/></w:r>"


def paragraph(style: str, runs: Iterable[str], form: str = "") -> str:
    """A paragraph; `form` is further paragraph properties, in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{form}</w:pPr>{"".join(runs)}</w:p>'


def row(cells: Iterable[str], widths: Sequence[int], *, header: bool = False) -> str:
    """A table row that does not break across pages; a header row is repeated on each page."""
    head = "<w:tblHeader/>" if header else ""
    columns = (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{cell}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(columns)}</w:tr>"


def table(style: str, rows: Iterable[str], widths: Sequence[int]) -> str:
    """A table of fixed column widths (twips), centred: WPS trusts only the grid."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )
