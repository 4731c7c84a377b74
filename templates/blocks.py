"""The document between narrative and typesetting: what is printed, not how.

Order of a document: letterhead (公文 only), `blocks`, imprint (公文 only).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from workbook.spans import Spans, text_of


class Role(StrEnum):
    """What a paragraph is in the form of GB/T 9704; formats hang on this alone."""

    FRONT = "题前"
    DOCUMENT_NUMBER = "发文字号"
    TITLE = "标题"
    RECIPIENT = "主送机关"
    HEADING = "章节标题"
    BODY = "正文"
    ATTACHMENT = "附件说明"
    SIGNATURE = "署名"
    DATE = "成文日期"
    NOTE = "附注"
    TABLE_TITLE = "表题"
    TABLE_UNIT = "表单位"


class Paragraph(NamedTuple):
    """One paragraph.

    `level` 1–4 is the outline level of a heading. A BODY paragraph whose
    `heading` is not empty is a run-in heading: `heading` in the font of `level`,
    then `spans` in the body's. `label` is the leading 附件：1. of an attachment,
    already part of `spans`, for its hanging indent.
    """

    role: Role
    spans: Spans
    level: int = 0
    heading: Spans = ()
    label: str = ""

    @property
    def text(self) -> str:
        return text_of(self.heading) + text_of(self.spans)


class Grid(NamedTuple):
    """A table after its title: `rows[0]` is the header; a cell is spans.

    Columns in `numeric` (from 0) are set right.
    """

    rows: tuple[tuple[Spans, ...], ...]
    numeric: frozenset[int] = frozenset()


Block = Paragraph | Grid


class Letterhead(NamedTuple):
    """版头 of GB/T 9704 7.2: empty strings print nothing."""

    marker: str
    number: str = ""
    signer: str = ""
    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""


class Imprint(NamedTuple):
    """版记 of GB/T 9704 7.4: 抄送机关, 印发机关, 印发日期 (printed form); `issued` is the date with its source."""

    copies_to: str = ""
    issuer: str = ""
    date: str = ""
    issued: Spans = ()


class Document(NamedTuple):
    """A whole report, ready for any format.

    `seal`: the signature leaves room for a seal (7.3.5.1). `plain_text` formats
    ignore `letterhead` and `imprint`.
    """

    title: str
    blocks: tuple[Block, ...]
    letterhead: Letterhead | None = None
    imprint: Imprint | None = None
    seal: bool = False
