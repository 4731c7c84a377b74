"""The looks of a docx against GB/T 9704-2012: paper, margins, type, page numbers, traces of editing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from templates.lint.official import GONGWEN
from templates.lint.outline import Part, Report
from templates.lint.registry import INFO, Spot, lint_rule, whole
from templates.lint.roles import Role
from templates.lint.text import Page

_A4 = (210.0, 297.0)
_MARGINS = (("top", "上", 37.0), ("left", "左", 28.0), ("right", "右", 26.0), ("bottom", "下", 35.0))
"""5.2.1: 天头 37 mm, 订口 28 mm, 版心 156×225 mm on A4."""
_SLACK = 2.0
_SIZES = {22.0: "2号", 18.0: "小2号", 16.0: "3号", 15.0: "小3号", 14.0: "4号", 12.0: "小4号", 10.5: "5号"}
_BODY_FONTS = ("仿宋",)
_TITLE_FONTS = ("小标宋", "小标宋简体")


def _first(report: Report) -> Part | None:
    return next(iter(report.of(Role.TITLE)), next(iter(report.worded), None))


def _of_page(report: Report, fault: Callable[[Page], str]) -> Iterator[Spot]:
    """The first fault of the portrait pages, told at the title."""
    at = _first(report)
    pages = report.sheet.pages if report.sheet else ()
    told = next((said for page in pages if page.width <= page.height and (said := fault(page))), "")
    if told and at:
        yield whole(at, told)


@lint_rule("G100", "不是 A4 纸", "纸张是{value}，公文用 A4（210×297毫米）。", "请在“布局—纸张大小”里改成 A4。", INFO,
           f"{GONGWEN} 5.1")
def paper(report: Report) -> Iterator[Spot]:
    """公文用纸采用 A4 型；别的纸印出来和归档的卷宗对不齐。"""
    def fault(page: Page) -> str:
        given = (page.width, page.height)
        wrong = page.width and any(abs(one - right) > 1 for one, right in zip(given, _A4, strict=True))
        return f"{page.width:g}×{page.height:g}毫米" if wrong else ""

    return _of_page(report, fault)


@lint_rule("G101", "页边距不合版式", "页边距是{value}，公文是上37、下35、左28、右26毫米。", "请在“布局—页边距”里改。",
           INFO, f"{GONGWEN} 5.2.1")
def margins(report: Report) -> Iterator[Spot]:
    """天头 37 毫米，订口 28 毫米，版心 156×225 毫米；上下边距因页眉页脚的设法略有不同，差两毫米以内不说。"""
    def fault(page: Page) -> str:
        wrong = [f"{name}{getattr(page, side):g}" for side, name, right in _MARGINS
                 if abs(getattr(page, side) - right) > _SLACK]
        return "、".join(wrong) + "毫米" if wrong and page.top else ""

    return _of_page(report, fault)


def _look(parts: list[Part]) -> tuple[str, float]:
    """The font and the size that most characters of some parts have; blank and 0 where the file leaves them open."""
    fonts, sizes = Counter[str](), Counter[float]()
    for part in parts:
        start = part.heading.end if part.heading and not part.stands_alone else 0
        for run in part.line.runs:
            weight = max(0, run.end - max(run.start, start))
            fonts[run.font] += weight
            sizes[run.size] += weight
    return max(fonts, key=lambda one: fonts[one], default=""), max(sizes, key=lambda one: sizes[one], default=0.0)


def _named(size: float) -> str:
    return _SIZES.get(size, f"{size:g}磅")


def _typed(parts: list[Part], fonts: tuple[str, ...], size: float) -> Iterator[Spot]:
    """What the parts are set in, at the first of them, where that is not what it should be."""
    font, set_in = _look(parts)
    wrong = ([font] if font and not any(one in font for one in fonts) else []) \
        + ([_named(set_in)] if set_in and set_in != size else [])
    if wrong:
        yield whole(parts[0], "、".join(wrong))


@lint_rule("G102", "正文字体字号不合版式", "正文用的是{value}，公文正文用3号仿宋。", "请把正文改成3号仿宋。", INFO,
           f"{GONGWEN} 5.2.2")
def body_type(report: Report) -> Iterator[Spot]:
    """没有特别说明的，公文格式各要素一般用 3 号仿宋体字。"""
    parts = [part for part in report.of(Role.BODY) if len(part.line.text) > 20]
    return _typed(parts, _BODY_FONTS, 16.0) if report.sheet and parts else iter(())


@lint_rule("G103", "标题字体字号不合版式", "标题用的是{value}，公文标题用2号小标宋。", "请把标题改成2号小标宋体字。",
           INFO, f"{GONGWEN} 7.3.1")
def title_type(report: Report) -> Iterator[Spot]:
    """标题一般用 2 号小标宋体字，居中排布。"""
    parts = report.of(Role.TITLE)
    return _typed(parts, _TITLE_FONTS, 22.0) if report.sheet and parts else iter(())


@lint_rule("G104", "小标题字体不合版式", "这一层小标题用的是{value}，公文第一层用黑体、第二层用楷体。",
           "请改字体，字号仍是3号。", INFO, f"{GONGWEN} 7.3.3")
def heading_type(report: Report) -> Iterator[Spot]:
    """第一层用黑体，第二层用楷体，第三、四层用仿宋，都是 3 号；字体分出层次，读者一眼看得清。"""
    for level, font in ((1, "黑体"), (2, "楷体")):
        parts = [part for part in report.of(Role.HEADING)
                 if part.heading and part.heading.level == level and part.stands_alone]
        if report.sheet and parts:
            yield from _typed(parts, (font,), 16.0)


@lint_rule("G105", "没有页码", "文件没有页码。", "请在页脚插入页码。", INFO, f"{GONGWEN} 7.5")
def no_page_numbers(report: Report) -> Iterator[Spot]:
    """公文页码编排在版心下边缘之下；没有页码，散了页就对不上。"""
    at = _first(report)
    if report.sheet and at and not any(footer.numbered for footer in report.sheet.footers):
        yield whole(at)


@lint_rule("G106", "页码的写法不合版式", "页码用的是{value}，公文页码用4号半角宋体，左右各一条一字线。",
           "请改成“— 1 —”的样子，4号宋体。", INFO, f"{GONGWEN} 7.5")
def page_number_type(report: Report) -> Iterator[Spot]:
    """页码一般用 4 号半角宋体阿拉伯数字，左右各放一条一字线。"""
    at = _first(report)
    for footer in report.sheet.footers if report.sheet and at else ():
        wrong = ([_named(footer.size)] if footer.size and footer.size != 14.0 else []) \
            + (["没有一字线的写法"] if not any(dash in footer.text for dash in "—－–") else [])
        if footer.numbered and wrong and at:
            yield whole(at, "、".join(wrong))
            return


@lint_rule("G107", "留有修订痕迹", "文件里还有{value}段带修订痕迹。", "请在“审阅”里接受或拒绝全部修订，再报送。",
           authority="惯例")
def tracked_changes(report: Report) -> Iterator[Spot]:
    """修订痕迹会把改稿过程一起报出去、公开出去。"""
    numbers = report.sheet.revised if report.sheet else ()
    at = next((part for part in report.parts if part.line.number in numbers), None)
    if at:
        yield whole(at, str(len(numbers)))


@lint_rule("G108", "留有批注", "文件里还有{value}条批注。", "请在“审阅”里删除全部批注，再报送。", authority="惯例")
def comments(report: Report) -> Iterator[Spot]:
    """批注是内部的话，不该随报告出去。"""
    at = _first(report)
    if report.sheet and report.sheet.comments and at:
        yield whole(at, str(report.sheet.comments))
