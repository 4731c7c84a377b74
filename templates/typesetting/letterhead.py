"""版头: 份号, 密级, 紧急程度, the red 发文机关标志, 发文字号 and 签发人 over the red rule (GB/T 9704 7.2)."""

from __future__ import annotations

from templates.blocks import Letterhead
from templates.typesetting import gongwen, titles
from templates.typesetting.package import Reference
from templates.typesetting.wordml import paragraph, run, tab
from workbook.spans import Span, Spans

COPY_LINES = 3  # lines kept above the 发文机关标志, which stands 35 mm down the 版心 whatever they hold


def set_letterhead(reference: Reference, letterhead: Letterhead, number: Spans) -> list[str]:
    """The paragraphs of a 版头; `number` is the 发文字号 with its sources."""
    return [
        *_corner(reference, letterhead),
        _marker(reference, letterhead.marker),
        _upward(reference, letterhead, number) if letterhead.signer else _number(reference, number),
    ]


def _corner(reference: Reference, letterhead: Letterhead) -> list[str]:
    """份号, 密级 and 紧急程度 from the top, one a line, then blank lines (7.2.1–7.2.3)."""
    copy_number, secrecy = reference.style(gongwen.COPY_NUMBER), reference.style(gongwen.SECRECY)
    given = [(copy_number, letterhead.copy_number), (secrecy, letterhead.secrecy), (secrecy, letterhead.urgency)]
    printed = [paragraph(style, [run(Span(text))]) for style, text in given if text]
    return printed + [paragraph(copy_number, [])] * (COPY_LINES - len(printed))


def _marker(reference: Reference, text: str) -> str:
    """The 发文机关标志 as large as its length allows, on several even lines where it is very long (7.2.4)."""
    width, (least, most) = reference.section.text_width, gongwen.MARKER_SIZES
    lines = titles.lines(text, width / 20 / least)
    size = int(2 * min(most, width / 20 / titles.width_of(lines))) / 2
    form = f'<w:spacing w:line="{round(20 * size)}" w:lineRule="exact"/>' + narrowed(lines, size, width)
    sized = f'<w:sz w:val="{round(2 * size)}"/><w:szCs w:val="{round(2 * size)}"/>'
    return paragraph(reference.style(gongwen.MARKER), [run(Span(text), form=sized)], form)


def narrowed(lines: tuple[str, ...], size: float, width: int) -> str:
    """Equal indents left and right at which a centred text of this size (points) wraps into these lines."""
    if len(lines) < 2:
        return ""
    side = max(0, (width - round(20 * size * titles.roomy_width(lines))) // 2)
    return f'<w:ind w:left="{side}" w:right="{side}"/>'


def _number(reference: Reference, number: Spans) -> str:
    return paragraph(reference.style(gongwen.NUMBER), map(run, number))


def _upward(reference: Reference, letterhead: Letterhead, number: Spans) -> str:
    """上行文: 发文字号 at the left, 签发人 at the right of one line (7.2.5, 7.2.6)."""
    signer = [run(Span("签发人：")), run(Span(letterhead.signer), reference.style(gongwen.SIGNER))]
    return paragraph(reference.style(gongwen.NUMBER_UPWARD), [tab(), *map(run, number), tab(), *signer])
