"""Sentences and paragraphs: what was left unfinished, marks at their edges, set phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator

from templates.lint.outline import Part, Report
from templates.lint.registry import INFO, Spot, lint_rule, spot, whole
from templates.lint.roles import Role
from templates.lint.text import Place
from workbook.names import placeholder
from workbook.wording.hits import HAN, Detect, each

MARKS = "国标 GB/T 15834—2011"
_LONGEST_SENTENCE = 220
_SHORTEST_PARAGRAPH = 30
"""Shorter lines without a stop may be subtitles."""
_SHOWN = 12
_FINAL = "。！？：；…”’）》】!?:;)"
_WORD_HOLDERS = re.compile(
    r"【(?:待补|待定|待填|填写|此处)[^】]*】|[（(](?:待补充?|待定|待填|待核实?|略|此处[^）)]{0,10})[）)]"
    r"|\{\{[^{}\n]*\}\}|｛｛[^｛｝\n]*｝｝"
    r"|某某+|(?<![A-Za-z])Lorem ipsum|\d{4}年[Xx×]+月|(?<!\d)20[Xx×_]{2}年?|(?<!\d)20\d[Xx×_]年"
    r"|TODO|_{3,}|\?{3,}|？{3,}"
)
_CONTACT = re.compile("联系人|电话|邮编|网址|地址|邮箱")
_SENTENCE = re.compile(r"[^。！？；;!?\n]+")
_FIXED = re.compile(
    r"习近平新时代(?!中国特色社会主义(?:经济)?思想|“)[^，。；、]{0,12}|习近平法制思想|“四个(?:意识|自信)”、?(?:做到|坚决做到)“四个"
    r"|(?:坚定|坚持)“四个意识”|(?:增强|树牢|强化)“四个自信”|(?:增强|坚定)“两个维护”|(?:做到|坚决做到)“两个确立”"
)
_AIMLESS = re.compile(
    r"(?:^|(?<=[。！？]))为(?:了|进一步|更好)?(?:加强|推进|促进|提高|提升|深化|规范|落实|贯彻|做好|切实|全面|保障|维护|优化|增强|确保|推动)"
    r"(?:(?!提供|奠定|营造|创造|打下|注入|贡献|作出|做出|保驾|夯实|筑牢|制定|根据|特|开展|召开|举办|印发|成立|建立|组织|了|而|是|要|需)[^，。；：\n])*。"
)
_ONLY_GROUNDS = re.compile(
    r"(?:^|(?<=[。！？]))(?:按照|根据|依照)[^，。；：\n]{4,}，(?:结合|围绕|立足|对照)[^，。；：\n]{2,}(?:实际|情况|要求|部署|精神|任务)。"
)

edge_marks = each(r"^[\s\u3000]*[，。；：、！？”）》](?=.)")
dots = each(r"\.{3,}|。{2,}|(?<!…)…(?!…)|·{3,}")
etcetera = each(r"……等|等等?……")
nested_titles = each(r"《[^《》\n]*《[^《》\n]*》[^《》\n]*》")
thin_dashes = each(rf"(?<=[{HAN}])--+(?=[{HAN}“])")
digit_spaces = each(rf"(?<=[{HAN}])[ \u3000]+(?=\d)|(?<=\d)[ \u3000]+(?=[{HAN}%])")
colon_after_ordinal = each(
    r"(?:^|(?<=[。；：，\n]))"
    r"(?:[一二三四五六七八九十]是[：:，,、]|第[一二三四五六七八九十][、：:](?![第一二三四五六七八九十])|首先[、：:])"
)


def _told(parts: list[Part], detect: Detect) -> Iterator[Spot]:
    for part in parts:
        for hit in detect(part.line.text):
            yield spot(part, hit.start, hit.end)


@lint_rule("G060", "占位的字没有替换", "“{value}”还是占位的字，没有换成真实的内容。", "请补上真实的内容。")
def placeholders(report: Report) -> Iterator[Spot]:
    """模板里的 XX、待补印出来，报告等于没有写完；真实报送的材料里常见。"""
    for part in report.worded:
        text = part.line.text
        found = [(one.start(), one.end()) for one in _WORD_HOLDERS.finditer(text)]
        held = placeholder(text)
        at = text.find(held) if held else -1
        while held and at >= 0:
            found.append((at, at + len(held)))
            at = text.find(held, at + len(held))
        for start, end in found:
            yield spot(part, start, end)


@lint_rule("G061", "段末没有句末标点", "这一段末尾是“{value}”，没有句号，像是没有写完或被断开了。",
           "请补上句号，或把断开的段落接起来。", authority=f"{MARKS} 4.1")
def unfinished(report: Report) -> Iterator[Spot]:
    """一段话没有句号就结束，不是漏了标点，就是一段被分页、复制断成了两段。"""
    for part in report.of(Role.BODY, Role.HEADING):
        text = part.line.text.rstrip()
        body = part.body.strip()
        broken = len(body) >= _SHORTEST_PARAGRAPH or (body.endswith(("，", "、")) and len(body) > 4)
        running = part.line.place is Place.BODY and part.line.level == 0 and not _CONTACT.search(body)
        if broken and running and text[-1] not in _FINAL and "。" not in text[-2:]:
            yield spot(part, max(0, len(text) - 1), len(text), text[-_SHOWN:])


@lint_rule("G062", "一句话太长", "这一句有{value}字，超过{given}字，读的人抓不住要点。", "请拆成几句。", INFO, "惯例")
def long_sentences(report: Report) -> Iterator[Spot]:
    """公文语句以简明为要；一句两百多字，念不断，也容易前后不搭。"""
    for part in report.prose:
        for match in _SENTENCE.finditer(part.line.text):
            if len(match[0]) > _LONGEST_SENTENCE:
                yield spot(part, match.start(), match.end(), str(len(match[0])), given=str(_LONGEST_SENTENCE))


@lint_rule("G063", "段首是标点", "这一段以“{value}”开头。", "请把它移到上一段末尾，或删掉。", authority=f"{MARKS} 5.1")
def mark_at_start(report: Report) -> Iterator[Spot]:
    """点号和后半个标号不出现在一行之首；出现在段首，多半是段落被断开了。"""
    return _told(report.prose, edge_marks)


@lint_rule("G064", "省略号的写法", "“{value}”不是省略号的写法。", "请改成“……”（六个点）。", INFO, f"{MARKS} 4.11")
def ellipses(report: Report) -> Iterator[Spot]:
    """省略号是六个点，占两个字的位置；用句号、三个点代替不合标准。"""
    return _told(report.prose, dots)


@lint_rule("G065", "省略号和“等”一起用", "“{value}”里省略号和“等”意思重复。", "请留一个。", authority=f"{MARKS} 4.11")
def dots_and_others(report: Report) -> Iterator[Spot]:
    """省略号和“等”都表示没有列完，只用一个。"""
    return _told(report.prose, etcetera)


@lint_rule("G066", "书名号里面又用双书名号", "“{value}”：书名号里面再用书名号时，里面的用单书名号。",
           "请把里面的改成〈〉。", INFO, f"{MARKS} 4.15")
def titles_in_titles(report: Report) -> Iterator[Spot]:
    """书名号里还要用书名号时，外面用《》，里面用〈〉；否则看不出名称到哪里为止。"""
    return _told(report.worded, nested_titles)


@lint_rule("G067", "破折号写成了短横", "“{value}”应是破折号。", "请改成“——”。", INFO, f"{MARKS} 4.10")
def hyphens_for_dashes(report: Report) -> Iterator[Spot]:
    """破折号是一条长线，占两个字的位置；短横连写会在行末断开。"""
    return _told(report.prose, thin_dashes)


@lint_rule("G068", "数字旁边有空格", "数字和汉字之间有空格，多半是从网页带来的。", "请删掉空格。", INFO, "惯例")
def spaces_by_digits(report: Report) -> Iterator[Spot]:
    """公文里数字和汉字之间不空格；有的空有的不空，版面疏密不匀。一行只说第一处。"""
    for part in report.of(Role.TITLE, Role.HEADING, Role.BODY):
        hit = next(digit_spaces(part.line.text.strip("\u3000 ")), None)
        if hit:
            lead = len(part.line.text) - len(part.line.text.lstrip("\u3000 "))
            yield spot(part, hit.start + lead, hit.end + lead)


@lint_rule("G069", "序次语后面的标点", "“{value}”的标点不对：“一是”后面不用标点，“第一”“首先”后面用逗号。",
           "请照此改正。", INFO, f"{MARKS} 4.4")
def marks_after_ordinals(report: Report) -> Iterator[Spot]:
    """“第一”“首先”一类序次语后面用逗号；“一是”是主谓，后面不断开。"""
    return _told(report.prose, colon_after_ordinal)


@lint_rule("G070", "固定提法写错", "“{value}”不是通行的提法。", "请照中央文件的原文改正。", authority="惯例")
def fixed_phrases(report: Report) -> Iterator[Spot]:
    """重要提法字字有据，缺一个字、搭配错一个词都会被退回。"""
    for part in report.worded:
        for match in _FIXED.finditer(part.line.text):
            yield spot(part, match.start(), match.end())


@lint_rule("G071", "只有目的，没有主句", "“{value}”只写了目的或依据，没有说做了什么。",
           "请补上后半句，或把句号改成逗号接到下一句。")
def aims_without_deeds(report: Report) -> Iterator[Spot]:
    """“为了……。”“按照……，结合……实际。”单独成句，话没有说完，多半是句号用错了。"""
    for part in report.of(Role.BODY, Role.HEADING):
        offset = len(part.line.text) - len(part.body)
        for pattern in (_AIMLESS, _ONLY_GROUNDS):
            for match in pattern.finditer(part.body):
                yield spot(part, match.start() + offset, match.end() + offset)


@lint_rule("G072", "留下了排版标记", "“{value}”是 Markdown 的排版标记，印出来会原样出现。",
           "请删掉标记，要加粗就在 Word 里加粗。", authority="惯例")
def leftover_markup(report: Report) -> Iterator[Spot]:
    """从聊天工具、网页复制来的 **、# 不是公文的字，印出来很难看。一行只说第一处。"""
    for part in report.worded:
        marks = part.line.markup
        if marks:
            after = next((at for at in range(len(part.line.text)) if part.line.column(at) > marks[0]), 0)
            yield Spot(part.line, after, after, "**", column=marks[0])


@lint_rule("G073", "整段重复", "这一段和上一段完全一样。", "请删掉一段。")
def repeated_paragraphs(report: Report) -> Iterator[Spot]:
    """整段粘贴了两遍。"""
    before = ""
    for part in report.prose:
        text = part.line.text.strip()
        if text == before and len(text) > _SHOWN:
            yield whole(part)
        before = text
