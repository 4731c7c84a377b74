"""The report as one HTML file: opens from disk, prints like the docx, needs no network."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from templates.blocks import Block, Document, Grid, Paragraph, Role
from workbook.spans import Spans

_CLASSES = {
    Role.FRONT: "front", Role.DOCUMENT_NUMBER: "number", Role.TITLE: "title", Role.RECIPIENT: "recipient",
    Role.BODY: "body", Role.ATTACHMENT: "attachment", Role.SIGNATURE: "signature", Role.DATE: "date",
    Role.NOTE: "note", Role.TABLE_TITLE: "caption", Role.TABLE_UNIT: "unit",
}
STYLE = Path(__file__).with_name("page.css")
Inline = Callable[[Spans], str]
"""Spans as they stand in a line of HTML."""


def to_html(document: Document) -> str:
    """A single-file page with the styles inside."""
    body = page_body(document)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>\n{STYLE.read_text('utf-8')}</style>\n</head>\n"
        f'<body>\n<main class="page">\n{body}</main>\n</body>\n</html>\n'
    )


def page_body(document: Document, inlines: Callable[[Block], Inline] | None = None) -> str:
    """版头, text and 版记; `inlines` gives for a block what sets its spans, default plain text."""
    blocks = [(block, inlines(block) if inlines else inline) for block in document.blocks]
    body = "\n".join(_block(block, inside) for block, inside in blocks if not _in_letterhead(block, document))
    return f"{_letterhead(document, blocks)}{body}\n{_imprint(document)}"


def _in_letterhead(block: Block, document: Document) -> bool:
    return isinstance(block, Paragraph) and block.role is Role.DOCUMENT_NUMBER and document.letterhead is not None


def _letterhead(document: Document, blocks: list[tuple[Block, Inline]]) -> str:
    head = document.letterhead
    if head is None:
        return ""
    number = "".join(inside(block.spans) for block, inside in blocks
                     if isinstance(block, Paragraph) and _in_letterhead(block, document)) or escape(head.number)
    marks = "".join(f"<div>{escape(text)}</div>" for text in (head.copy_number, head.secrecy, head.urgency) if text)
    signer = f'<span>签发人：<span class="signer">{escape(head.signer)}</span></span>' if head.signer else ""
    kind = "up" if head.signer else "down"
    return (f'<header class="letterhead">{marks}<div class="marker">{escape(head.marker)}</div>'
            f'<div class="reference {kind}"><span>{number}</span>{signer}</div></header>\n')


def _imprint(document: Document) -> str:
    imprint = document.imprint
    if imprint is None:
        return ""
    copies = f"<div>抄送：{escape(imprint.copies_to)}。</div>" if imprint.copies_to else ""
    date = f"<span>{escape(imprint.date)}印发</span>" if imprint.date else ""
    issuer = f'<div class="issuer"><span>{escape(imprint.issuer)}</span>{date}</div>' if imprint.issuer else ""
    return f'<footer class="imprint">{copies}{issuer}</footer>\n'


def _block(block: Block, inside: Inline) -> str:
    if isinstance(block, Grid):
        return _table(block, inside)
    if block.role is Role.TITLE:
        return f"<h1>{inside(block.spans)}</h1>"
    if block.role is Role.HEADING:
        return f'<h{block.level + 1} class="level{block.level}">{inside(block.spans)}</h{block.level + 1}>'
    return f'<p class="{_CLASSES[block.role]}">{_run_in(block, inside)}{inside(block.spans)}</p>'


def _run_in(block: Paragraph, inside: Inline) -> str:
    return f'<span class="level{block.level}">{inside(block.heading)}</span>' if block.heading else ""


def _table(grid: Grid, inside: Inline) -> str:
    header, *rows = grid.rows
    top = "".join(f"<th>{inside(cell)}</th>" for cell in header)
    body = "".join(
        "<tr>" + "".join(f"<td{' class=numeric' if at in grid.numeric else ''}>{inside(cell)}</td>"
                         for at, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def inline(spans: Spans) -> str:
    """Spans as text, the bold ones in bold."""
    return "".join(f"<b>{escape(one.text)}</b>" if one.bold else escape(one.text) for one in spans)
