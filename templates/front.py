"""What stands before and after the narrative: 文号, title, 附件, 署名, 版记."""

from __future__ import annotations

from templates.blocks import Imprint, Letterhead, Paragraph, Role
from templates.kinds import Kind
from workbook.fill import Filler
from workbook.ledger import Head, print_date
from workbook.spans import Origin, Source, Span, Spans, computed, split_lines, text_of

PUBLIC, PUBLIC_NOTE = "主动公开", "此件公开发布"
_DEFAULT_TITLE = "{{ 机关全称 }}{{ 报告年度 }}年工作情况的报告"


class Front:
    """The formal elements of one report, from 报告信息."""

    def __init__(self, head: Head, filler: Filler, kind: Kind) -> None:
        self.head = head
        self.filler = filler
        self.kind = kind

    def before(self) -> list[Paragraph]:
        """题前, 发文字号, title, 主送机关."""
        front = [Paragraph(Role.FRONT, line) for line in split_lines(self._fill("题前"))]
        number = self.number()
        front += [Paragraph(Role.DOCUMENT_NUMBER, number)] if number else []
        front += [Paragraph(Role.TITLE, line) for line in split_lines(self.title())]
        recipient = self._fill("主送机关")
        if recipient:
            colon = () if _ends(recipient, "：", ":") else (Span("："),)
            front.append(Paragraph(Role.RECIPIENT, (*recipient, *colon)))
        return front

    def after(self) -> list[Paragraph]:
        """附件, 署名, 成文日期, 附注."""
        tail = self._attachments()
        signature = self._fill("署名")
        tail += [Paragraph(Role.SIGNATURE, line) for line in split_lines(signature)]
        tail += [Paragraph(Role.DATE, self._date("成文日期"))] if self._date("成文日期") else []
        note = self._fill("附注") or ((Span(PUBLIC_NOTE),) if self.head.text("公开属性") == PUBLIC else ())
        if note:
            bracketed = text_of(note).startswith(("（", "(")) and _ends(note, "）", ")")
            tail.append(Paragraph(Role.NOTE, note if bracketed else (Span("（"), *note, Span("）"))))
        return tail

    def title(self) -> Spans:
        """标题, or the kind's own pattern."""
        return self._fill("标题") or self.filler.fill(self.kind.title or _DEFAULT_TITLE, None)

    def number(self) -> Spans:
        """新民字〔2024〕2号 (7.2.5: no 第, no leading zeros); empty unless all three parts are given."""
        parts = [self.head.entries.get(key) for key in ("机关代字", "发文年份", "发文顺序号")]
        if not all(part and part.text for part in parts):
            return ()
        texts = [part.printed for part in parts if part]
        cells = tuple(part.cell for part in parts if part)
        number = f"{texts[0]}〔{texts[1]}〕{texts[2]}号"
        return (Span(number, Source(Origin.NAME, cells, slot="发文字号", value=number)),)

    def letterhead(self) -> Letterhead | None:
        """版头, where 发文机关标志 is filled or 公文 is asked for."""
        text = self.head.text
        marker = text("发文机关标志") or text("机关全称")
        return Letterhead(marker, text_of(self.number()), text("签发人"), text("份号"), text("密级"), text("紧急程度"))

    def imprint(self) -> Imprint | None:
        """版记, where any of its parts is given."""
        text = self.head.text
        issued = self._date("印发日期") or (self._date("成文日期") if text("印发机关") else ())
        imprint = Imprint(text("抄送机关").rstrip("。"), text("印发机关"), text_of(issued), issued)
        return imprint if imprint.copies_to or imprint.issuer else None

    def _attachments(self) -> list[Paragraph]:
        names = split_lines(self._fill("附件"))
        paragraphs = []
        for position, name in enumerate(names, 1):
            label = ("附件：" if position == 1 else "") + (f"{position}." if len(names) > 1 else "")
            paragraphs.append(Paragraph(Role.ATTACHMENT, (computed(label), *name), label=label))
        return paragraphs

    def _date(self, key: str) -> Spans:
        day, entry = self.head.date(key), self.head.entries.get(key)
        if day is None or entry is None:
            return ()
        return (Span(print_date(day), Source(Origin.DATE, (entry.cell,), slot=key, value=day.isoformat())),)

    def _fill(self, key: str) -> Spans:
        entry = self.head.entries.get(key)
        return self.filler.fill(entry.text, entry.cell) if entry and entry.text else ()


def _ends(spans: Spans, *endings: str) -> bool:
    return text_of(spans).rstrip().endswith(endings)
