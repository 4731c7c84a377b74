"""附件说明, 署名, 成文日期 and 附注: the end of a text, whose indents hang on what it says (GB/T 9704 7.3.4–7.3.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from templates.blocks import Paragraph, Role
from templates.typesetting import gongwen
from templates.typesetting.package import Reference
from templates.typesetting.stylesheet import Pen
from templates.typesetting.wordml import paragraph, runs


def set_ending(reference: Reference, blocks: Sequence[Paragraph], seal: bool) -> Iterator[str]:
    """The paragraphs of the end; `seal` leaves room for one over 署名 and 成文日期."""
    signature = gongwen.SIGNATURE_SEALED if seal else gongwen.SIGNATURE
    pen = reference.pen(signature)
    name, date = _longest(blocks, Role.SIGNATURE, pen), _longest(blocks, Role.DATE, pen)
    right = (_sealed if seal else _unsealed)(name, date, pen.em)
    first = Role.SIGNATURE if name else Role.DATE
    for block in blocks:
        style = signature if block.role is first else gongwen.ROLE_STYLES[block.role]
        form = _form(reference.pen(style), block, name, right)
        yield paragraph(reference.style(style), runs(block.spans, reference.style(gongwen.BOLD)), form)


def _longest(blocks: Sequence[Paragraph], role: Role, pen: Pen) -> int:
    return max((pen.width(block.text) for block in blocks if block.role is role), default=0)


def _form(pen: Pen, block: Paragraph, name: int, right: tuple[int, int]) -> str:
    """The indents of one paragraph; of several 署名 the shorter ones are centred on the longest."""
    if block.role is Role.ATTACHMENT:
        return _hanging(pen, block.label)
    if block.role is Role.SIGNATURE:
        return f'<w:ind w:right="{right[0] + (name - pen.width(block.text)) // 2}"/>'
    return f'<w:ind w:right="{right[1]}"/>' if block.role is Role.DATE else ""


def _sealed(name: int, date: int, em: int) -> tuple[int, int]:
    """Right indents of 署名 and 成文日期: the date ends four characters in, the name stands over its middle (7.3.5.1).

    A name too long for that reaches the edge of the 版心 and takes the date with it.
    """
    indent = max(4 * em, (name - date) // 2)
    return indent + (date - name) // 2, indent


def _unsealed(name: int, date: int, em: int) -> tuple[int, int]:
    """Right indents: the name ends two characters in, the date begins two after the name's beginning (7.3.5.2).

    Of a date longer than the name it is the date that ends two characters in.
    """
    return (2 * em, name - date) if name >= date else (4 * em + date - name, 2 * em)


def _hanging(pen: Pen, label: str) -> str:
    """Further lines begin under the first character of the name; 2. stands under 1. (7.3.4)."""
    begin = pen.width("二字" if "：" in label else "二字附件：")
    width = pen.width(label)
    return f'<w:ind w:left="{begin + width}" w:hanging="{width}"/>'
