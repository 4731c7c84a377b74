"""Documents for the tests of typesetting: short ones to look into, long ones that fill pages."""

from __future__ import annotations

from templates.blocks import Block, Document, Grid, Imprint, Letterhead, Paragraph, Role
from workbook.spans import Span, Spans

TITLE = "云岭县司法局关于2024年法治政府建设情况的报告"
LONG_TITLE = "云岭县市场监督管理局关于开展2024年度重点领域行政执法专项检查工作情况的报告"
NUMBER = "云司字〔2025〕3号"
SENTENCE = "全县各级各部门坚持依法行政，把法治建设与业务工作同部署、同推进、同落实，群众满意度不断提高。"


def said(text: str, *, bold: bool = False) -> Spans:
    return (Span(text, bold=bold),)


def block(role: Role, text: str, level: int = 0) -> Paragraph:
    return Paragraph(role, said(text), level)


def run_in(heading: str, text: str, level: int = 2) -> Paragraph:
    return Paragraph(Role.BODY, said(text), level, said(heading))


def attachments(*names: str) -> list[Paragraph]:
    if len(names) == 1:
        return [Paragraph(Role.ATTACHMENT, said(f"附件：{names[0]}"), label="附件：")]
    labels = [f"{'附件：' if number == 1 else ''}{number}." for number in range(1, len(names) + 1)]
    return [
        Paragraph(Role.ATTACHMENT, said(label + name), label=label) for label, name in zip(labels, names, strict=True)
    ]


def signed(name: str = "云岭县司法局", date: str = "2025年1月9日") -> list[Paragraph]:
    return [block(Role.SIGNATURE, name), block(Role.DATE, date)]


def grid() -> Grid:
    rows = (
        ("事项", "件数", "同比", "说明"),
        ("行政规范性文件", "12", "9.1%", "全部按期办结"),
        ("重大行政决策", "7", "—", "均经公众参与、专家论证、风险评估、合法性审查和集体讨论决定，无一被撤销"),
        ("合计", "19", "", ""),
    )
    return Grid(tuple(tuple(said(cell) for cell in row) for row in rows), frozenset({1, 2}))


def body(paragraphs: int = 2, sentences: int = 2) -> list[Block]:
    """Headings of all four levels, a run-in one, and as many paragraphs of text as asked."""
    return [
        block(Role.HEADING, "一、主要做法和成效", 1),
        run_in("（一）压实责任。", SENTENCE),
        block(Role.HEADING, "1.完善制度", 3),
        block(Role.HEADING, "（1）清理文件", 4),
        *(block(Role.BODY, SENTENCE * sentences) for _ in range(paragraphs)),
        block(Role.HEADING, "（二）优化服务", 2),
        Paragraph(Role.BODY, (Span("一是", bold=True), Span(SENTENCE))),
    ]


def plain(blocks: list[Block], *, title: str = TITLE, seal: bool = False) -> Document:
    return Document(title, (block(Role.TITLE, title), *blocks), seal=seal)


HEAD = Letterhead("云岭县司法局文件", NUMBER)
IMPRINT = Imprint("县委办公室，县人大常委会办公室，县人民检察院", "云岭县司法局办公室", "2025年1月9日")


def official(blocks: list[Block], *, head: Letterhead = HEAD, title: str = TITLE, seal: bool = False) -> Document:
    """A 公文 whose 发文字号 also stands among the blocks, as the narrative gives it."""
    number = block(Role.DOCUMENT_NUMBER, head.number)
    document = plain([block(Role.RECIPIENT, "云岭县人民政府："), *blocks], title=title, seal=seal)
    return document._replace(blocks=(number, *document.blocks), letterhead=head, imprint=IMPRINT)


NAMES = ("法治政府建设任务清单", "普法活动情况统计表（名称较长，回行时应当与上一行附件名称的第一个字对齐）")
UPWARD = HEAD._replace(signer="高某某", copy_number="000012", secrecy="秘密★1年", urgency="特急")
NOTE = block(Role.NOTE, "（此件公开发布）")


def full_report() -> Document:
    """上行文 of several pages with everything the standard knows."""
    return official([*body(24, 3), *attachments(*NAMES), *signed(), NOTE], head=UPWARD)


def sealed_report() -> Document:
    return official([*body(3), *attachments(NAMES[0]), *signed(), NOTE], seal=True)


def plain_report() -> Document:
    front = [block(Role.FRONT, "索引号：2025-00012"), block(Role.FRONT, "发布机构：云岭县司法局")]
    document = plain([*body(20, 3), *signed()])
    return document._replace(blocks=(*front, block(Role.DOCUMENT_NUMBER, NUMBER), *document.blocks))


def table_report() -> Document:
    table: list[Block] = [
        block(Role.TABLE_TITLE, "2024年合法性审查情况"),
        block(Role.TABLE_UNIT, "单位：件"),
        grid(),
    ]
    return official([*body(1), *table, *body(1), *signed()], title=LONG_TITLE, seal=True)
