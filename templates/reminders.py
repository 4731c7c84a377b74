"""催报函, 提示单 and 督办单: short letters with one table, in the form of the reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from templates.blocks import Document, Grid, Paragraph, Role
from workbook.faults import safe
from workbook.ledger import print_date
from workbook.spans import Span


def letter(title: str, to: str, lines: Sequence[str], table: Sequence[Sequence[str]], sender: str, day: dt.date
           ) -> Document:
    """A letter: `lines` before the table, whose first row is its header; numbers of persons stand masked."""
    rows = tuple(tuple((Span(safe(cell)),) for cell in row) for row in table)
    blocks = (
        _paragraph(Role.TITLE, title), _paragraph(Role.RECIPIENT, f"{to}："),
        *(_paragraph(Role.BODY, safe(line)) for line in lines), Grid(rows),
        *((_paragraph(Role.SIGNATURE, sender),) if sender else ()), _paragraph(Role.DATE, print_date(day)),
    )
    return Document(title, blocks)


def docx(document: Document) -> bytes:
    """The letter as a .docx; the same letter gives the same bytes."""
    from templates.typesetting.typeset import PLAIN, typeset

    return typeset(document, layout=PLAIN)


def _paragraph(role: Role, text: str) -> Paragraph:
    return Paragraph(role, (Span(text),))
