"""GB/T 9704-2012《党政机关公文格式》 as one table: page, fonts, styles, distances, each with its clause.

Drives the builder of reference.docx and the tests that read a finished document back.
Lengths are twips (1/20 pt) unless a name says otherwise; font sizes are points.
"""

from __future__ import annotations

from typing import NamedTuple

from templates.blocks import Role

FANGSONG, KAITI, HEITI, SONGTI, XIAOBIAOSONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"

# Names that Word tries, in this order, on a computer without the font: Windows itself has 仿宋 and 楷体.
OTHER_NAMES = {
    FANGSONG: "仿宋,FangSong,方正仿宋_GBK",
    KAITI: "楷体,KaiTi,方正楷体_GBK",
    HEITI: "SimHei,方正黑体_GBK",
    SONGTI: "SimSun",
    XIAOBIAOSONG: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,宋体",
}

# 5.2.2 sets digits in 仿宋 like the text around them; an office bound to another rule names its font here.
DIGITS = ""

RED, BLACK = "FF0000", "000000"  # 5.2.4, 7.2.4, 7.2.7


def mm(length: float) -> int:
    """Millimetres to twips."""
    return round(length * 1440 / 25.4)


class Page(NamedTuple):
    """A4 with 天头 37 mm, 订口 28 mm and a 版心 of 156 × 225 mm (5.1, 5.2.1)."""

    width: int = mm(210)
    height: int = mm(297)
    top: int = mm(37)
    bottom: int = mm(35)
    left: int = mm(28)
    right: int = mm(26)
    header: int = mm(15)
    footer: int = mm(25.5)  # with PAGE_NUMBER's line, the dash stands 7 mm below the 版心 (7.5)

    @property
    def text_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def text_height(self) -> int:
        return self.height - self.top - self.bottom


PAGE = Page()
LINES, CHARACTERS = 22, 28  # 5.2.3
PITCH = 579  # 22 lines fill the 版心; at 29 pt (580) the last one falls off the page
TIGHTEN = -8  # per character, so that 28 characters of 3号 fill 156 mm; at −5 LibreOffice drops hanging 。，

SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4 = 22.0, 16.0, 14.0, 12.0


class Border(NamedTuple):
    """A rule of a paragraph: eighths of a point thick, `space` points off the text."""

    side: str
    eighths: int
    space: int = 0
    colour: str = BLACK


class Style(NamedTuple):
    """One named style of reference.docx.

    `kind` is paragraph or character; of a character style only font, colour and bold count.
    `first` counts characters, the other lengths are twips; `level` 1–4 puts the paragraph into the outline.
    `grouped`: no distance between neighbours of this same style.
    """

    name: str
    clause: str
    font: str = FANGSONG
    size: float = SIZE_3
    align: str = "both"
    kind: str = "paragraph"
    tighten: int = 0
    line: int = PITCH
    before: int = 0
    after: int = 0
    first: int = 0
    left: int = 0
    hanging: int = 0
    right: int = 0
    level: int = 0
    colour: str = BLACK
    bold: bool = False
    keep: bool = False
    grouped: bool = False
    borders: tuple[Border, ...] = ()
    tabs: tuple[tuple[str, int], ...] = ()

    @property
    def digits(self) -> str:
        """The font of digits and Latin letters."""
        return DIGITS or self.font


EM = 20 * int(SIZE_3) + TIGHTEN  # the advance of one 3号 character: 一字 (3)
MARKER_SIZES = (28.0, 56.0)  # the 发文机关标志 fits its size to its length between these, then takes a second line
RED_RULE = Border("bottom", 12, 7, RED)  # 7 pt below the line are 4 mm below the 发文字号 (7.2.7)
THICK, THIN = 8, 6  # 0.35 mm and 0.25 mm (7.4.1)
IMPRINT_LINE = 440
RULE_LINE = 20  # without the rule itself
TABLE_BORDER = 6
TABLE_MARGIN = 80  # left and right of a cell's text
PAGE_NUMBER_LINE = 280


def _text(name: str, clause: str, **form: object) -> Style:
    """A style of 3号 text on the page's grid of 22 lines by 28 characters."""
    return Style(name, clause, tighten=TIGHTEN, **form)  # type: ignore[arg-type]


def _character(name: str, clause: str, font: str, **form: object) -> Style:
    return Style(name, clause, font=font, kind="character", **form)  # type: ignore[arg-type]


HEADING_FONTS = (HEITI, KAITI, FANGSONG, FANGSONG)  # 7.3.3
LEVELS = "一二三四"

HEADINGS = tuple(f"公文{level}级标题" for level in LEVELS)
RUN_INS = tuple(f"公文{level}级行内段" for level in LEVELS)
HEADING_CHARACTERS = tuple(f"公文{level}级标题字" for level in LEVELS)

MARKER, NUMBER, NUMBER_UPWARD = "公文机关标志", "公文发文字号", "公文发文字号上行"
COPY_NUMBER, SECRECY = "公文份号", "公文密级紧急"
SIGNER, BOLD = "公文签发人姓名", "公文加粗字"
SIGNATURE, SIGNATURE_SEALED = "公文署名", "公文署名用印"
TABLE, TABLE_HEAD, TABLE_END = "公文表格", "公文表头文字", "公文表后"
TABLE_TEXT, TABLE_LONG, TABLE_NUMBER = "公文表格文字", "公文表格长文", "公文表格数字"
COPIES, ISSUER, IMPRINT_PLACE = "公文抄送机关", "公文印发机关", "公文版记位"
RULE_THICK, RULE_THIN = "公文版记粗线", "公文版记细线"
PAGE_ODD, PAGE_EVEN = "公文页码单页", "公文页码双页"

ROLE_STYLES = {
    Role.FRONT: "公文题前",
    Role.DOCUMENT_NUMBER: "公文文号",
    Role.TITLE: "公文标题",
    Role.RECIPIENT: "公文主送机关",
    Role.BODY: "公文正文",
    Role.ATTACHMENT: "公文附件说明",
    Role.SIGNATURE: SIGNATURE,
    Role.DATE: "公文成文日期",
    Role.NOTE: "公文附注",
    Role.TABLE_TITLE: "公文表题",
    Role.TABLE_UNIT: "公文表单位",
}

_LETTERHEAD = (
    _text(COPY_NUMBER, "7.2.1", align="left"),
    _text(SECRECY, "7.2.2, 7.2.3", font=HEITI, align="left"),
    Style(
        MARKER,
        "7.2.4",
        font=XIAOBIAOSONG,
        size=MARKER_SIZES[1],
        align="center",
        line=round(20 * MARKER_SIZES[1]),
        before=mm(35) - 3 * PITCH,
        colour=RED,
    ),
    _text(NUMBER, "7.2.5, 7.2.7", align="center", before=2 * PITCH, after=2 * PITCH, borders=(RED_RULE,)),
    _text(
        NUMBER_UPWARD,
        "7.2.5, 7.2.6, 7.2.7",
        align="left",
        before=2 * PITCH,
        after=2 * PITCH,
        borders=(RED_RULE,),
        tabs=(("left", EM), ("right", PAGE.text_width - EM)),
    ),
    _character(SIGNER, "7.2.6", KAITI),
)

_BODY = (
    _text(ROLE_STYLES[Role.FRONT], "", align="left", after=PITCH, grouped=True),
    _text(ROLE_STYLES[Role.DOCUMENT_NUMBER], "7.2.5", align="center", after=PITCH),
    Style(
        ROLE_STYLES[Role.TITLE],
        "7.3.1",
        font=XIAOBIAOSONG,
        size=SIZE_2,
        align="center",
        after=PITCH,
        keep=True,
        grouped=True,
    ),
    _text(ROLE_STYLES[Role.RECIPIENT], "7.3.2", align="left"),
    _text(ROLE_STYLES[Role.BODY], "7.3.3", first=2),
    *(
        _text(name, "7.3.3", font=font, first=2, level=level, keep=True)
        for level, (name, font) in enumerate(zip(HEADINGS, HEADING_FONTS, strict=True), 1)
    ),
    *(_text(name, "7.3.3", first=2, level=level) for level, name in enumerate(RUN_INS, 1)),
    *(_character(name, "7.3.3", font) for name, font in zip(HEADING_CHARACTERS, HEADING_FONTS, strict=True)),
    _character(BOLD, "", "", bold=True),
)

_END = (
    _text(ROLE_STYLES[Role.ATTACHMENT], "7.3.4", before=PITCH, left=6 * EM, hanging=4 * EM, keep=True, grouped=True),
    _text(SIGNATURE, "7.3.5.2", align="right", before=PITCH, right=2 * EM, keep=True, grouped=True),
    _text(SIGNATURE_SEALED, "7.3.5.1", align="right", before=2 * PITCH, right=4 * EM, keep=True, grouped=True),
    _text(ROLE_STYLES[Role.DATE], "7.3.5.4", align="right", right=4 * EM, keep=True),
    _text(ROLE_STYLES[Role.NOTE], "7.3.6", first=2, keep=True),
)

_TABLE = (
    Style(ROLE_STYLES[Role.TABLE_TITLE], "", font=HEITI, size=SIZE_4, align="center", keep=True),
    Style(ROLE_STYLES[Role.TABLE_UNIT], "", size=SIZE_SMALL_4, align="right", line=400, keep=True),
    Style(TABLE_HEAD, "", font=HEITI, size=SIZE_SMALL_4, align="center", line=400, keep=True),
    Style(TABLE_TEXT, "", size=SIZE_SMALL_4, align="center", line=400),
    Style(TABLE_LONG, "", size=SIZE_SMALL_4, align="left", line=400),
    Style(TABLE_NUMBER, "", size=SIZE_SMALL_4, align="right", line=400),
    Style(TABLE_END, "", line=240),
)

_IMPRINT = (
    Style(COPIES, "7.4.2", size=SIZE_4, line=IMPRINT_LINE, left=4 * 280, hanging=3 * 280, right=280),
    Style(
        ISSUER,
        "7.4.3",
        size=SIZE_4,
        align="left",
        line=IMPRINT_LINE,
        tabs=(("left", 280), ("right", PAGE.text_width - 280)),
    ),
    Style(RULE_THICK, "7.4.1", size=1, line=RULE_LINE, borders=(Border("bottom", THICK),)),
    Style(RULE_THIN, "7.4.1", size=1, line=RULE_LINE, borders=(Border("bottom", THIN),)),
    Style(IMPRINT_PLACE, "7.4.1"),
)

_PAGE_NUMBER = (
    Style(PAGE_ODD, "7.5", font=SONGTI, size=SIZE_4, align="right", line=PAGE_NUMBER_LINE, right=280),
    Style(PAGE_EVEN, "7.5", font=SONGTI, size=SIZE_4, align="left", line=PAGE_NUMBER_LINE, left=280),
)

STYLES = _LETTERHEAD + _BODY + _END + _TABLE + _IMPRINT + _PAGE_NUMBER
