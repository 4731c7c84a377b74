"""Names and numbers copied or typed: other counties, last year, figures that no metric backs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from workbook.book import fold
from workbook.facts import Facts
from workbook.faults import found
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger
from workbook.metrics import Metric
from workbook.normalize import placeholder, quantities
from workbook.rules.once import once_a_ledger
from workbook.rules.passages import Passage, passages, texts
from workbook.rules.registry import Inspection, rule
from workbook.wording.days import impossible_days, other_plans
from workbook.wording.hits import SLOT, compiled, unquoted
from workbook.wording.places import county_signs, last_year_in_text, last_year_in_title, other_counties

_COUNTY = r"[一-鿿]{2,3}?(?P<level>自治县|县|区|市|旗)"
_UNITS = (
    "件次|人次|场次|户次|家次|万元|亿元|公里|平方米|百分点|个百分点|件|场|次|人|名|份|条|张|户|家|元|批|起|宗|篇|期|例|台|套|项|个"
    "|册|幅|处|所|吨|亩|辆|%|％"
)
_TYPED = (
    rf"(?<![\d.第年月A-Za-z{SLOT}])(?<!每)(?<!每.)(?<!每..)(?<!不少于)(?<!至少)(?<!不超过)(?<!不低于)(?P<number>\d[\d,，]*(?:\.\d+)?)(?P<mark>[余多]?[万千亿百]?[余多]?)(?P<unit>{_UNITS})"
    r"(?!方面|层面|[月工]作?日|月|小时|点|人大|条例|条规定|级|号|类人|\d)"
)
_HUNDREDS = "(?=[一二两三四五六七八九十百千万]*[十百千万])[一二两三四五六七八九十百千万]"
_LARGE = "十百千万"
_IN_CHINESE = (
    rf"(?<![第每余多.\d一二两三四五六七八九十百千万{SLOT}])(?:{_HUNDREDS}+[余多]|{_HUNDREDS}{{2,}})(?:{_UNITS})"
    r"(?!方面|层面|小时|点|五|级|号)"
)
_SAYINGS = "千家万户|万家灯火|千方百计|百家|万户"


@rule("W044", "写了别的县", "“{value}”不是本机关所在的“{given}”，像是从别处复制来的。", "请核对；是复制来的就改过来。",
      Severity.WARNING)
def another_county(inspection: Inspection) -> Iterator[Finding]:
    """借用别处材料时漏改地名，是最难看的差错。"""
    head = inspection.ledger.head
    own, bureau = head.text("行政区划"), head.text("机关全称")
    for passage in texts(inspection.ledger).holding(county_signs(own, bureau)):
        for hit in other_counties(passage.prose, own, bureau):
            yield passage.finding("W044", hit.given, given=own)
    entry, match = head.entries.get("机关全称"), None if placeholder(own) else compiled(_COUNTY).match(bureau)
    if entry and match and own.endswith(match["level"]) and match[0] not in own and not bureau.startswith(own):
        yield found("W044", entry.cell, column="机关全称", value=match[0], given=own)


@rule("W045", "写了上一年", "“{value}”写的是上一年，本报告是{given}年的。",
      "请核对；台账里年份写成 {{{{ 报告年度 }}}} 就不会再错。", Severity.WARNING)
def last_year(inspection: Inspection) -> Iterator[Finding]:
    """从上年报告复制时漏改年份，全篇的数就对不上时间。"""
    year = inspection.ledger.head.year
    if year is None:
        return
    for passage in texts(inspection.ledger).holding([f"{year - 1}年"]):
        title = passage.column == "标题" and passage.sheet in ("报告信息", "章节")
        hit = next(last_year_in_title(passage.prose, year) if title else last_year_in_text(passage.prose, year), None)
        if hit:
            yield passage.finding("W045", passage.around(hit), given=str(year))


@rule("W052", "没有这一天", "日历上没有“{value}”。", "请核对日期。", Severity.WARNING)
def impossible_days_in_text(inspection: Inspection) -> Iterator[Finding]:
    """写出 2月30日、13月，说明日期抄错了，事情发生在哪天就没有了依据。"""
    for passage, hit in texts(inspection.ledger).hits(impossible_days):
        yield passage.finding("W052", hit.given)


@rule("W054", "写了别的规划期", "“{value}”不是本台账的规划期，报告信息里写的是“{given}”。",
      "请核对；写过去或以后的规划期没有错的，记进“已知问题”。", Severity.WARNING)
def other_plan_period(inspection: Inspection) -> Iterator[Finding]:
    """规划期五年一换，从旧报告复制的句子最容易忘了改。"""
    own = inspection.ledger.head.text("规划期名称")
    for passage in texts(inspection.ledger).holding(("五",)) if own else ():
        for hit in other_plans(passage.prose, own):
            yield passage.finding("W054", hit.given, given=own)


@rule("W049", "汉字写的数没有指标", "“{value}”是汉字写的数，没有指标支撑，台账改了它不会跟着改。",
      "要紧的数请在“指标”里建一个，正文写 {{{{ 指标名称 }}}}。", Severity.INFO, "惯例")
def number_in_chinese(inspection: Inspection) -> Iterator[Finding]:
    """“三千余份”和 3000余份 一样是数，核对时容易漏看。"""
    for passage in texts(inspection.ledger).holding(_LARGE):
        if passage.column not in ("题前", "附注"):
            prose = compiled(_SAYINGS).sub(lambda match: SLOT * len(match[0]), unquoted(passage.prose))
            for match in compiled(_IN_CHINESE).finditer(prose):
                yield passage.finding("W049", match[0])


@once_a_ledger
def _typed_numbers(ledger: Ledger) -> list[tuple[Passage, re.Match[str]]]:
    """Every number with a unit that was typed into a text."""
    printed = texts(ledger)
    return [(passage, match) for passage in printed.holding(printed.digits) if passage.column not in ("题前", "附注")
            for match in compiled(_TYPED).finditer(unquoted(passage.prose))]


_Values = dict[tuple[Decimal, str], Metric]


def _values(facts: Facts) -> _Values:
    """What each metric prints: (value without scale, unit) -> metric; the first of equals."""
    values: _Values = {}
    for metric in facts.metrics:
        figure = facts.figure(metric)
        for one in quantities(figure.printed.phrase) if figure else ():
            values.setdefault((one.value, fold(one.unit)), metric)
    return values


def _backed(passage: Passage, match: re.Match[str], values: _Values) -> Metric | None:
    read = quantities(match[0])
    return values.get((read[0].value, fold(read[0].unit))) if read else None


@rule("W046", "手写的数没有指标", "“{value}”是手写的数，没有指标支撑，别的股室没法核对。",
      "请在“指标”里建一个，正文写 {{{{ 指标名称 }}}}。", Severity.WARNING, "惯例")
def number_without_metric(inspection: Inspection) -> Iterator[Finding]:
    """手写的数不跟着台账变，改了台账，报告里还是旧数。"""
    for passage, match, metric in _judged(inspection):
        if metric is None:
            yield passage.finding("W046", match[0])


@rule("W047", "手写的数等于某个指标", "“{value}”和指标“{given}”的值一样，手写的不会跟着台账变。",
      "核对后改成 {{{{ {given} }}}}。", Severity.WARNING, "惯例")
def number_of_a_metric(inspection: Inspection) -> Iterator[Finding]:
    """同一个数手写一遍，台账一改就出现两个数。"""
    for passage, match, metric in _judged(inspection):
        if metric is not None:
            yield passage.finding("W047", match[0], given=metric.name)


def _judged(inspection: Inspection) -> Iterator[tuple[Passage, re.Match[str], Metric | None]]:
    """Each typed number with the metric that has its value."""
    typed = _typed_numbers(inspection.ledger)
    values = _values(inspection.facts) if typed else {}
    return ((passage, match, _backed(passage, match, values)) for passage, match in typed)


@rule("W048", "标题里没有行政区划", "标题“{value}”没有写明是哪个地方。",
      "请在标题前面加上{given}，或用 {{{{ 机关全称 }}}}。", Severity.INFO, "惯例")
def title_without_county(inspection: Inspection) -> Iterator[Finding]:
    """报告要报上级、要公开，标题里没有地名，看不出是谁的。"""
    own = inspection.ledger.head.text("行政区划")
    for passage in passages(inspection.ledger):
        if own and passage.sheet == "报告信息" and passage.column == "标题":
            named = any(name in passage.text for name in (own, "机关全称", "行政区划", "署名", "发文机关标志"))
            if not named:
                yield passage.finding("W048", passage.text, given=own)
