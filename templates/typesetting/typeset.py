"""From a document to a .docx by GB/T 9704-2012; all formats are named styles of reference.docx.

One block is one paragraph whose text is the block's. Computed here are only indents that depend on the
text (title, 附件说明, 署名, 成文日期), the size of the 发文机关标志 and what must stay together on a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeGuard

from templates.blocks import Block, Document, Grid, Paragraph, Role
from templates.provenance.carriers import Trace
from templates.typesetting import gongwen, titles
from templates.typesetting.ending import set_ending
from templates.typesetting.grid import set_grid
from templates.typesetting.imprint import set_imprint
from templates.typesetting.letterhead import narrowed, set_letterhead
from templates.typesetting.package import Reference, open_reference, standard_reference, write
from templates.typesetting.wordml import paragraph, run, runs
from workbook.spans import Span

OFFICIAL, PLAIN = "公文", "普通"
ENDING = frozenset((Role.ATTACHMENT, Role.SIGNATURE, Role.DATE, Role.NOTE))
KEEP = "<w:keepNext/>"


def typeset(
    document: Document, *, layout: str, reference: bytes | None = None, trace: Trace | None = None
) -> bytes:
    """A docx of the document in layout 公文 (red letterhead, 版记) or 普通.

    `reference` is a reference.docx of an office, None the program's own; raises
    Refusal where it cannot be used; `trace` is the manifest that the docx carries.
    The same document gives the same bytes.
    """
    if layout not in (OFFICIAL, PLAIN):
        raise ValueError(layout)
    opened = open_reference(standard_reference() if reference is None else reference)
    paragraphs = _official(opened, document) if layout == OFFICIAL else _main(opened, document.blocks, document.seal)
    return write(opened, "".join(paragraphs), document.title, trace)


def _official(reference: Reference, document: Document) -> Iterator[str]:
    """版头, 主体, 版记; a 发文字号 among the blocks moves into the 版头 with its sources (7.1)."""
    head, blocks = document.letterhead, document.blocks
    if head:
        numbers = [block for block in blocks if _is_number(block, head.number)]
        number = numbers[0].spans if numbers else (Span(head.number),)
        yield from set_letterhead(reference, head, number)
        blocks = tuple(block for block in blocks if not _is_number(block, head.number))
    yield from _main(reference, blocks, document.seal, more=document.imprint is not None)
    if document.imprint:
        yield set_imprint(reference, document.imprint)


def _is_number(block: Block, number: str) -> TypeGuard[Paragraph]:
    return isinstance(block, Paragraph) and block.role is Role.DOCUMENT_NUMBER and block.text == number


def _main(reference: Reference, blocks: Sequence[Block], seal: bool, *, more: bool = False) -> Iterator[str]:
    """主体: the end, with the 版记 if there is `more`, stays on one page with the last lines of the text (7.3.5.5)."""
    count = len(blocks)
    while count and _ends(blocks[count - 1]):
        count -= 1
    for index, block in enumerate(blocks[:count], 1):
        keep = KEEP if index == count and (more or count < len(blocks)) else ""
        if isinstance(block, Grid):
            yield from set_grid(reference, block, keep=keep)
        else:
            yield _text(reference, block, keep)
    yield from set_ending(reference, [block for block in blocks[count:] if isinstance(block, Paragraph)], seal)


def _ends(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.role in ENDING


def _text(reference: Reference, block: Paragraph, keep: str) -> str:
    if block.heading:
        return _run_in(reference, block, keep)
    style = gongwen.HEADINGS[block.level - 1] if block.role is Role.HEADING else gongwen.ROLE_STYLES[block.role]
    form = keep + _title_form(reference, block.text) if block.role is Role.TITLE else keep
    return paragraph(reference.style(style), runs(block.spans, reference.style(gongwen.BOLD)), form)


def _run_in(reference: Reference, block: Paragraph, keep: str) -> str:
    """A heading that its text follows: its font ends with it, its level is the paragraph's (7.3.3)."""
    style = reference.style(gongwen.HEADING_CHARACTERS[block.level - 1])
    heading = [run(span, style, "<w:b/>" if span.bold else "") for span in block.heading]
    text = runs(block.spans, reference.style(gongwen.BOLD))
    return paragraph(reference.style(gongwen.RUN_INS[block.level - 1]), heading + text, keep)


def _title_form(reference: Reference, text: str) -> str:
    """Indents that break a long title where it reads well (7.3.1)."""
    size = reference.pen(gongwen.ROLE_STYLES[Role.TITLE]).em / 20
    width = reference.section.text_width
    return narrowed(titles.lines(text, width / 20 / size), size, width)
