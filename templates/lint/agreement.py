"""Whether a report agrees with itself: sums, ratios, one quantity with two values, years, names, repeats."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from templates.lint.outline import Part, Report
from templates.lint.registry import INFO, Spot, lint_rule, spot, whole
from templates.lint.roles import Role
from workbook.dates import read_date
from workbook.wording.hits import HAN

_COUNT = "件次|人次|场次|户次|家次|件|场|次|人|名|份|条|张|户|家|起|项|个|处|篇|期|批|万元|元"
_NUMBER = r"(?<![\d.〔第])(?P<n>\d[\d,]*(?:\.\d+)?)"
_TOTAL = re.compile(
    rf"(?<![\d.])(?P<total>\d[\d,]{{0,20}}+(?:\.\d+)?)(?P<unit>{_COUNT})[，,（(：:]?(?:其中)[：:，,]?(?P<parts>[^。；;]*)"
)
_PIECE = re.compile(
    rf"(?:^|[、，,及和])[{HAN}“”《》（）]{{1,20}}?(?P<n>\d[\d,]*(?:\.\d+)?)(?P<unit>{_COUNT})(?=[、，,和）)]|$)"
)
_RATE = re.compile(rf"[{HAN}]{{1,6}}率(?:为|达到|达|是)?(?P<rate>\d+(?:\.\d+)?)[%％]")
_COUNTED = re.compile(rf"(?<![\d.])(?P<n>\d[\d,]{{0,20}}+)(?P<unit>{_COUNT})")
_CLAUSE = re.compile(
    rf"(?:^|(?<=[，。；、：]))(?P<what>[{HAN}“”《》]{{4,24}}?){_NUMBER}(?P<mark>[余多]?)(?P<unit>{_COUNT})(?=[，。；、]|$)"
)
_SUMMED = re.compile("共|累计|总计|全年")
_FILLER = re.compile(
    r"^(?:共计|累计|总计|一共|总共|全年|全县|目前|已经|共|已|并|还|也)+|(?:共计|累计|总计|一共|总共|共|了)+$"
)
_OTHER_TIMES = re.compile("季度|上半年|下半年|月份|同期|去年|上年|[上前]一年|其中|分别|每|同比|年前")
_AS_OF = re.compile(r"截[至止]到?(?P<day>\d{4}年\d{1,2}月\d{1,2}日)")
_NUMBERED = re.compile(r"[〔\[（(](?P<year>\d{4})[〕\]）)]\s*\d+号")
_HALF_YEAR = re.compile(r"(?:现将|现就)[^。]{0,20}(?:上半年|[一二三]季度)|上半年以来")
_SENTENCE = re.compile(r"[^。！？；\n]{16,}+[。！？；]|[^。！？；\n]++")
_LEAST, _MOST = Decimal("0.95"), Decimal("1.2")
"""How far a sum may be off to be a slip: 其中 may name a part only, or ways of counting that overlap."""
_UNITS_OF_OFFICE = ("局", "委员会", "政府", "办公室", "委", "厅", "院", "中心", "站", "所", "大队")


def _value(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@lint_rule("G040", "同一个数写了两个值", "这里写“{value}”，前面写的是“{given}”，同一件事两个数。",
           "请核对后改成一样的。")
def two_values(report: Report) -> Iterator[Spot]:
    """同一个总数前后不一，读者不知道信哪个，审核时必被退回。只比“共”“累计”“全年”的数：一次活动一个数，本来就不同。"""
    seen: dict[tuple[str, str], tuple[Decimal, str]] = {}
    for part in report.prose:
        for match in _CLAUSE.finditer(part.line.text):
            what = _FILLER.sub("", match["what"])
            summed_up = _SUMMED.search(match["what"]) and len(what) >= 4
            if not summed_up or _OTHER_TIMES.search(part.line.text[max(0, match.start() - 20):match.end()]):
                continue
            value, said = _value(match["n"]), match["n"] + match["mark"] + match["unit"]
            before, words = seen.setdefault((what, match["unit"]), (value, said))
            if before != value:
                yield spot(part, match.start("what"), match.end("unit"), given=words)


@lint_rule("G041", "分项之和与总数不符", "总数是{given}，后面各项加起来是{value}。", "请核对各项和总数。")
def parts_and_total(report: Report) -> Iterator[Spot]:
    """“共…其中…”的各项对不上总数，公开后最容易被人指出来。差得远的不说：“其中”可以只列一部分。"""
    for part in report.prose:
        for match in _TOTAL.finditer(part.line.text):
            pieces = [one for one in _PIECE.finditer(match["parts"]) if one["unit"] == match["unit"]]
            total, summed = _value(match["total"]), sum((_value(one["n"]) for one in pieces), Decimal(0))
            slip = total != summed and total * _LEAST <= summed <= total * _MOST
            if len(pieces) > 1 and slip and "等" not in match["parts"]:
                yield spot(part, match.start(), match.end("parts"), f"{summed}{match['unit']}",
                           given=f"{total}{match['unit']}")


@lint_rule("G042", "比率和前面的数对不上", "按前面的数算是{given}%，写的是“{value}”。", "请核对两个数和比率。")
def ratio_and_counts(report: Report) -> Iterator[Spot]:
    """受理数、办结数和办结率写在一句话里，一除就知道对不对。"""
    for part in report.prose:
        text = part.line.text
        for match in _RATE.finditer(text):
            before = re.split("[。；;：:]", text[:match.start()])[-1]
            counts = list(_COUNTED.finditer(before))
            rate = _value(match["rate"])
            if len(counts) == 2 and counts[0]["unit"] == counts[1]["unit"] and _same_deed(before, counts, match[0]):
                base, some = (_value(one["n"]) for one in counts)
                if base >= some and base > 0 and _differs(some * 100 / base, rate):
                    start = match.start() - len(before) + counts[0].start()
                    yield spot(part, start, match.end(), match["rate"] + "%", given=f"{some * 100 / base:.1f}")


def _same_deed(before: str, counts: list[re.Match[str]], rate: str) -> bool:
    """Whether the second number counts what the ratio is of: 办结50件，办结率."""
    stem = rate.partition("率")[0][-2:]
    return stem in before[counts[0].end():counts[1].start()]


def _differs(exact: Decimal, rate: Decimal) -> bool:
    """Whether a ratio is more than one step of the printed digits away from what is printed."""
    return abs(exact - rate) >= Decimal(1).scaleb(int(rate.as_tuple().exponent))


@lint_rule("G043", "成文日期和报告年度不合", "报告写的是{given}年，成文日期是“{value}”。",
           "请核对标题的年份和成文日期。")
def date_and_year(report: Report) -> Iterator[Spot]:
    """年度报告在当年年底或次年写成；差得更远，不是标题就是日期忘了改。"""
    if report.year and report.date:
        part, day = report.date
        if day.year not in (report.year, report.year + 1):
            yield whole(part, given=str(report.year))


@lint_rule("G044", "截至的日子晚于成文日期", "“{value}”晚于成文日期{given}。", "请核对两个日期。")
def as_of_after_date(report: Report) -> Iterator[Spot]:
    """统计截止日在成文之后，数字从哪里来就说不清了。"""
    if report.date:
        _, day = report.date
        for part in report.prose:
            for match in _AS_OF.finditer(part.line.text):
                until = read_date(match["day"], year=None).value
                if until and until > day:
                    yield spot(part, match.start(), match.end(), given=f"{day.year}年{day.month}月{day.day}日")


@lint_rule("G045", "发文字号的年份和成文日期不合", "发文字号“{value}”的年份和成文日期的{given}年不一样。",
           "请核对发文字号和成文日期。")
def number_and_date(report: Report) -> Iterator[Spot]:
    """发文字号的年份是发文当年；和成文日期不同年，多半是套用上年文件忘了改。"""
    if report.date:
        _, day = report.date
        for part in report.of(Role.FRONT):
            match = _NUMBERED.search(part.line.text)
            if match and int(match["year"]) != day.year:
                yield whole(part, given=str(day.year))


@lint_rule("G046", "年度报告写成了半年或季度", "标题是年度报告，这里写“{value}”。", "请改成全年的说法。")
def half_year(report: Report) -> Iterator[Spot]:
    """半年总结改成年度报告时漏改的话，会让人以为下半年没有写。"""
    if report.year and not re.search("半年|季度|月", report.title):
        for part in report.prose:
            for match in _HALF_YEAR.finditer(part.line.text):
                yield spot(part, match.start(), match.end())


@lint_rule("G047", "署名和标题的机关不一样", "署名是“{value}”，标题里是“{given}”。", "请核对是哪个机关的报告。")
def two_offices(report: Report) -> Iterator[Spot]:
    """套用别处的稿子，标题或落款没有改全，是最难看的差错。"""
    signed = [part for part in report.of(Role.SIGNATURE) if part.line.text.strip().endswith(_UNITS_OF_OFFICE)]
    named = report.bureau
    if len(signed) == 1 and named:
        own = signed[0].line.text.replace(" ", "").replace("\u3000", "").removeprefix("中共")
        if not (own in named or named in own or own[-3:] != named[-3:]):
            yield whole(signed[0], given=named)


@lint_rule("G048", "同一句话写了两遍", "这句话和第{given}行的一句完全一样。", "请删掉一处。", INFO)
def repeated_sentences(report: Report) -> Iterator[Spot]:
    """粘贴时重复的句子，读的人会以为是凑字数。"""
    seen: dict[str, list[tuple[Part, int, int]]] = defaultdict(list)
    for part in report.prose:
        for match in _SENTENCE.finditer(part.body):
            if match[0][-1] not in "。！？；":
                continue
            offset = len(part.line.text) - len(part.body)
            key = re.sub(r"^[一二三四五六七八九十]{1,2}是|\s", "", match[0])
            seen[key].append((part, match.start() + offset, match.end() + offset))
    for found in seen.values():
        for part, start, end in found[1:]:
            yield spot(part, start, end, given=str(found[0][0].line.number))
