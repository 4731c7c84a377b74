"""Numbers of headings: gaps, levels, how they are written (GB/T 9704-2012, 7.3.3)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from templates.lint.headings import Heading
from templates.lint.outline import Part, Report
from templates.lint.registry import INFO, Spot, lint_rule, spot, whole
from templates.lint.roles import Role

LEVELS = "国标 GB/T 9704—2012 7.3.3"
_OFTEN_INLINE = 3
_SAMPLES = ("第一部分", "一、", "（一）", "1.", "（1）")
_ODD = re.compile(r"(?P<paren>[（(][^（）()]+[）)])[、.．，,]|\d{1,2}、|[一二三四五六七八九十]{1,3}[.．，,]")


def _headings(report: Report) -> Iterator[tuple[Part, Heading]]:
    return ((part, part.heading) for part in report.of(Role.HEADING) if part.heading)


def _followers(report: Report) -> Iterator[tuple[Part, Heading, Heading | None]]:
    """Each heading with the one before it of its level under the same parent; 1. that runs on in a text is one too."""
    last: dict[int, Heading] = {}
    above = ""
    for part in report.parts:
        if part.role is Role.APPENDIX:
            last = {}
        if part.heading:
            level = part.heading.level
            yield part, part.heading, _inline(part.heading, above) or last.get(level)
            last = {one: heading for one, heading in last.items() if one < level} | {level: part.heading}
        above = part.line.text if part.heading and part.heading.level < _OFTEN_INLINE else above + part.line.text


def _inline(heading: Heading, above: str) -> Heading | None:
    """The number before a low heading's where it stands in the running text above."""
    before = heading.number - 1
    mark = heading.mark.replace(str(heading.number), str(before))
    found = heading.level >= _OFTEN_INLINE and before > 0 and mark in above
    return heading._replace(number=before, mark=mark) if found else None


@lint_rule("G001", "小标题序号跳号或重号", "“{given}”后面是“{value}”，序号不连续，像是漏了一段或没有改号。",
           "请核对有没有漏掉一段，再把序号改连续。", authority=LEVELS)
def heading_jumps(report: Report) -> Iterator[Spot]:
    """层次序数应当依次使用；跳号、重号说明丢了一段或增删后没有改号，引用“第（三）条”时会指错。"""
    for part, heading, before in _followers(report):
        begins_again = heading.number == 1 and before is not None and before.number > 1
        if before and heading.number != before.number + 1 and not begins_again:
            yield spot(part, heading.start, heading.mark_end, given=before.mark)


@lint_rule("G002", "小标题不从一开始", "这一层的第一个小标题是“{value}”，前面没有“{given}”。",
           "请补上前面的一段，或改序号。", authority=LEVELS)
def heading_begins_late(report: Report) -> Iterator[Spot]:
    """同一层的序号从一数起；从二、三开始，多半是复制时丢了前面的一段。"""
    for part, heading, before in _followers(report):
        if before is None and heading.number > 1:
            yield spot(part, heading.start, heading.mark_end, given=_SAMPLES[heading.level])


@lint_rule("G003", "小标题越级", "“{value}”前面没有上一层的“{given}”。", "请补上一层的小标题，或把这一层改高一级。",
           authority=LEVELS)
def heading_without_parent(report: Report) -> Iterator[Spot]:
    """结构层次依次用“一、”“（一）”“1.”“（1）”；第二层前面没有第一层，读者不知道它属于哪一部分。"""
    levels = [heading.level for _, heading in _headings(report)]
    if 1 not in levels:
        return
    for part, heading in _headings(report):
        if heading.level <= 1:
            return
        if heading.level == 2:
            yield spot(part, heading.start, heading.mark_end, given="一、")


@lint_rule("G004", "层次序数的写法", "“{value}”不是公文的写法，应是“{given}”。", "请改成“{given}”。", INFO, LEVELS)
def odd_number(report: Report) -> Iterator[Spot]:
    """结构层次序数写作“一、”“（一）”“1.”“（1）”，括号后面不再加顿号，阿拉伯数字后面用下脚点。"""
    for part, heading in _headings(report):
        found = _ODD.match(part.line.text, heading.start)
        if found:
            yield spot(part, heading.start, found.end(), given=_right(found, heading))


def _right(found: re.Match[str], heading: Heading) -> str:
    if found["paren"]:
        return found["paren"].replace("(", "（").replace(")", "）")
    return found[0][:-1] + ("." if heading.level == 3 else "、")


@lint_rule("G005", "层次序数用了半角括号", "“{value}”用了半角括号，别处和版面都对不齐。", "请改成全角的（）。", INFO,
           LEVELS)
def half_width_number(report: Report) -> Iterator[Spot]:
    """第二层、第四层的序号用全角括号；半角括号在公文字体里又窄又低。"""
    for part, heading in _headings(report):
        if "(" in heading.mark or ")" in heading.mark:
            yield spot(part, heading.start, heading.mark_end)


@lint_rule("G006", "同一层序号写法不一致", "同一层的序号有的写“{given}”的样子，这里写“{value}”。", "请统一成一种写法。",
           INFO, LEVELS)
def mixed_numbers(report: Report) -> Iterator[Spot]:
    """同一层序号写法不一，像是几份材料拼起来的。"""
    for level in range(1, 5):
        found = [(part, heading) for part, heading in _headings(report) if heading.level == level]
        shapes = Counter(_shape(heading) for _, heading in found)
        usual = max(shapes, key=lambda one: shapes[one], default="")
        for part, heading in found:
            if _shape(heading) != usual:
                yield spot(part, heading.start, heading.mark_end, given=usual)


def _shape(heading: Heading) -> str:
    return re.sub(r"[一二三四五六七八九十]+", "一", re.sub(r"\d+", "1", heading.mark))


@lint_rule("G007", "小标题下面没有内容", "“{value}”下面没有内容，紧接着就是下一个小标题。",
           "请补写；没有内容的写“无。”或删掉这个小标题。")
def empty_heading(report: Report) -> Iterator[Spot]:
    """只有标题没有内容，报告看起来没有写完。"""
    parts = [part for part in report.worded if part.role is not Role.FRONT]
    empty = [part for part, after in zip(parts, (*parts[1:], None), strict=False) if _is_empty(part, after)]
    for part in empty:
        level = part.heading.level if part.heading else 0
        if level <= 1 or _siblings_have_text(parts, part, empty):
            yield whole(part)


def _is_empty(part: Part, after: Part | None) -> bool:
    if part.heading is None or not part.stands_alone or part.line.text.rstrip()[-1] in "。；;！":
        return False
    if after is None or after.role in (Role.SIGNATURE, Role.DATE, Role.ATTACHMENT, Role.APPENDIX):
        return part.heading.level < 2
    return after.heading is not None and after.heading.level <= part.heading.level


def _siblings_have_text(parts: list[Part], part: Part, empty: list[Part]) -> bool:
    level = part.heading.level if part.heading else 0
    same = [one for one in parts if one.heading and one.heading.level == level]
    return len([one for one in same if one in empty]) * 3 <= len(same)
