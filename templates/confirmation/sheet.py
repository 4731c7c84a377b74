"""The page an office gets: its figures in a table, and a place to sign."""

from __future__ import annotations

from collections.abc import Sequence

from templates.blocks import Block, Document, Grid, Paragraph, Role
from templates.confirmation.figures import Asked
from templates.confirmation.record import State
from workbook.faults import safe
from workbook.spans import Span, Spans

TITLE = "数据确认单"
HEADERS = ("序", "报告里的数", "所在的句子", "台账里的出处", "上年和增减", "核对")
BLANK_DATE = "日期：　　　　年　　月　　日"
SIGN = "填报人（签名）：　　　　　　　　负责人（签名）："

Line = tuple[Asked, State, str]
"""A figure, how far it is confirmed, and what it was before it changed."""


def sheet(title: str, office: str, lines: Sequence[Line]) -> Document:
    """The 数据确认单 of one office for the report of that title."""
    changed = [line for line in lines if line[1] is State.CHANGED]
    body = [f"《{title}》里有 {len(lines)} 个数由你股室负责。请对照台账逐个核对：对的在“核对”栏打勾，"
            "不对的写上正确的数，并在台账里改正。核对完请签名，交回牵头股室。"]
    if changed:
        body.append(f"其中 {len(changed)} 个数上次送核以后改过，标了“{State.CHANGED}”，请重新核对。")
    blocks: tuple[Block, ...] = (
        Paragraph(Role.TITLE, (Span(TITLE),)), Paragraph(Role.RECIPIENT, (Span(f"{office}："),)),
        *(Paragraph(Role.BODY, (Span(text),)) for text in body), _grid(lines),
        *(Paragraph(Role.BODY, (Span(text),)) for text in (SIGN, BLANK_DATE)),
    )
    return Document(TITLE, blocks)


def _grid(lines: Sequence[Line]) -> Grid:
    rows = [_cells(HEADERS)]
    for number, (one, state, before) in enumerate(lines, 1):
        compared = f"{one.last_year}，{one.change}" if one.last_year else "—"
        rows.append(_cells((str(number), one.phrase, safe(one.sentence), one.source, compared, _box(state, before))))
    return Grid(tuple(rows))


def _cells(texts: Sequence[str]) -> tuple[Spans, ...]:
    return tuple((Span(text),) for text in texts)


def _box(state: State, before: str) -> str:
    if state is State.CHANGED:
        return f"{state}（原{before}）" if before else str(state)
    return str(state) if state is State.SIGNED else "□"
