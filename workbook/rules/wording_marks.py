"""Punctuation and characters of a text (GB/T 15834-2011, GB/T 15835-2011)."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.findings import Finding, Severity
from workbook.rules.passages import passages, texts
from workbook.rules.registry import Inspection, rule
from workbook.wording import marks
from workbook.wording.hits import Detector

_STOPS = "。，；：！？、"


def _first(inspection: Inspection, code: str, detect: Detector, *, but: tuple[str, ...] = ()) -> Iterator[Finding]:
    """One finding a cell: its first hit."""
    for passage, hit in texts(inspection.ledger).first_hits(detect):
        if passage.column not in but:
            yield passage.finding(code, passage.around(hit))


@rule("W011", "引号、括号、书名号不成对", "“{value}”这里的{given}没有成对，引文或书名从哪到哪看不清。",
      "请补上缺的一半，或删掉多的一半。", Severity.WARNING, "国标 GB/T 15834—2011 4.8、4.9、4.15")
def unpaired(inspection: Inspection) -> Iterator[Finding]:
    """标号成对使用（GB/T 15834—2011）；缺一半会改变引文、文件名的范围。"""
    for passage, hit in texts(inspection.ledger).hits(marks.unpaired):
        text = passage.text[max(0, hit.start - 6):hit.start + 8]
        yield passage.finding("W011", text.replace("\n", " "), given=hit.given)


@rule("W012", "直引号", "“{value}”里用了直引号，中文公文用弯引号“”。", "请改成“”或‘’。", Severity.WARNING,
      "国标 GB/T 15834—2011 4.8")
def straight_quotes(inspection: Inspection) -> Iterator[Finding]:
    """中文引号是“”和‘’（GB/T 15834—2011）；直引号印出来分不清左右。"""
    yield from _first(inspection, "W012", marks.straight_quotes)


@rule("W013", "汉字之间用了半角标点", "“{value}”里有半角标点，印出来疏密不匀。", "请改成全角的，。；：？！。",
      Severity.WARNING, "国标 GB/T 15834—2011 5.1")
def half_width_marks(inspection: Inspection) -> Iterator[Finding]:
    """汉字之间的标点占一个字的位置（GB/T 15834—2011）；半角标点会挤在一起。"""
    yield from _first(inspection, "W013", marks.half_width_marks)


@rule("W014", "汉字旁用了半角括号", "“{value}”里用了半角括号，和全角的混在一起不齐。", "请改成（）。", Severity.WARNING,
      "国标 GB/T 15834—2011 4.9")
def half_width_parentheses(inspection: Inspection) -> Iterator[Finding]:
    """括住汉字的括号用全角（GB/T 15834—2011）；半角括号在公文字体里偏小偏低。"""
    yield from _first(inspection, "W014", marks.half_width_parentheses, but=("附注",))


@rule("W015", "全角百分号", "“{value}”用了全角的％，公文里数字和百分号用半角。", "请改成 %。", Severity.WARNING,
      "国标 GB/T 15835—2011 5.1")
def wide_percent(inspection: Inspection) -> Iterator[Finding]:
    """阿拉伯数字用半角，百分号跟着数字（GB/T 15835—2011）；全角的会把数和号隔开。"""
    yield from _first(inspection, "W015", marks.wide_percent)


@rule("W016", "全角数字或字母", "“{value}”里有全角的数字或字母，印出来字距过宽。", "请改成半角。", Severity.WARNING,
      "国标 GB/T 15835—2011 5.1")
def wide_digits(inspection: Inspection) -> Iterator[Finding]:
    """公文里的阿拉伯数字用半角（GB/T 15835—2011）；全角的搜不到，也对不上指标。"""
    yield from _first(inspection, "W016", marks.wide_digits)


@rule("W017", "并列的书名号、引号之间用了顿号", "“{value}”：并列的书名号或引号之间一般不用顿号。", "请删掉中间的顿号。",
      Severity.WARNING, "国标 GB/T 15834—2011 4.5.3.5")
def comma_between_titles(inspection: Inspection) -> Iterator[Finding]:
    """标有书名号、引号的并列成分之间通常不用顿号（GB/T 15834—2011，4.5.3.5）。"""
    yield from _first(inspection, "W017", marks.comma_between_titles)


@rule("W018", "标点重复", "“{value}”里有两个标点连在一起。", "请留一个。", Severity.WARNING, "国标 GB/T 15834—2011 5.1")
def doubled_marks(inspection: Inspection) -> Iterator[Finding]:
    """两个点号连用是改稿时留下的（GB/T 15834—2011），句子断在哪里就说不清了。"""
    yield from _first(inspection, "W018", marks.doubled_marks)


@rule("W019", "汉字之间有空格", "“{value}”中间有空格，多半是从网页或扫描件里带来的。", "请删掉空格。", Severity.WARNING,
      "惯例")
def spaces_inside(inspection: Inspection) -> Iterator[Finding]:
    """汉字之间不空格；空格会在换行处留出缺口。"""
    yield from _first(inspection, "W019", marks.spaces_inside, but=("题前", "署名", "附件"))


@rule("W020", "形似的字符", "“{value}”里把字母或横线当成了数字或“一”。", "请改成对应的汉字或数字。", Severity.WARNING)
def look_alikes(inspection: Inspection) -> Iterator[Finding]:
    """字母 O、l 和横线看着像 0、1、一，却搜不到，也算不进去。"""
    yield from _first(inspection, "W020", marks.look_alikes)


@rule("W021", "小标题末尾标点重复", "小标题“{value}”末尾有两个标点，印出来会连在一起。",
      "请留一个，或都删掉（程序会加句号）。", Severity.WARNING, "国标 GB/T 15834—2011 5.1")
def subtitle_stops(inspection: Inspection) -> Iterator[Finding]:
    """小标题没有标点时程序加一个句号；手写两个会原样印出来。"""
    for passage in passages(inspection.ledger):
        if passage.column in ("小标题", "标题") and _ends_twice(passage.prose):
            yield passage.finding("W021", passage.text[-10:])


def _ends_twice(prose: str) -> bool:
    """Whether the last two characters are marks."""
    return len(prose) > 1 and prose[-1] in _STOPS and prose[-2] in _STOPS
