"""Names and numbers copied or typed: laws, other counties, last year, figures that no metric backs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from workbook.book import fold
from workbook.conditions import split_values
from workbook.facts import Facts
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger
from workbook.metrics import Metric
from workbook.normalize import quantities
from workbook.rules.passages import HAN, SLOT, Passage, passages, said_anywhere
from workbook.rules.registry import Inspection, rule
from workbook.schema import LAWS

_LAW_END = ("法", "条例", "办法", "规定")
_NOT_A_LAW = r"(?![律规治院官庭学制定人宣])"
_TITLES = re.compile(r"《([^《》\n]+)》")
_BLOT = re.compile(r"《[^》\n]*》|“[^”\n]*”|〔[^〕\n]*〕")
_UNITS = (
    "件次|人次|场次|户次|家次|万元|亿元|公里|平方米|百分点|个百分点|件|场|次|人|名|份|条|张|户|家|元|批|起|宗|篇|期|例|台|套|项|个"
    "|册|幅|处|所|吨|亩|辆|%|％"
)
_TYPED = re.compile(
    rf"(?<![\d.第年月A-Za-z{SLOT}])(?<!每)(?<!每.)(?<!每..)(?<!不少于)(?<!至少)(?<!不超过)(?<!不低于)(?P<number>\d[\d,，]*(?:\.\d+)?)(?P<mark>[余多]?[万千亿百]?[余多]?)(?P<unit>{_UNITS})"
    r"(?!方面|层面|[月工]作?日|月|小时|点|人大|条例|条规定|级|号|类人|\d)"
)
_COMPARE = re.compile("[较比去上]")
_GENERIC = frozenset("全我本各该外邻市区跨省每两几多个数百强州到在向由经请和与同为对从使让被把按据合及、入出于往建成")
_VERBS = (
    "配合", "联合", "会同", "协助", "协调", "邀请", "提请", "报请", "按照", "根据", "通过", "围绕", "依托", "结合",
    "对照", "组织", "推动", "推进", "服务", "支持", "建议", "示范", "试点", "重点", "先进", "文明", "平安", "法治",
    "上级", "相关", "有关", "周边", "相邻", "毗邻", "其他", "指导", "参加", "争取", "协同", "联系", "函请", "商请",
    "督促", "报送", "报告", "上报", "提交", "汇同", "牵头", "负责", "推荐", "反馈", "移送", "抄送", "确定", "委托",
)
"""Words that stand before 县民政局 and are no name of a county."""
_BESIDE = re.compile("(?:与|和|同|赴|到|向|邻|及|往|对|、)$")


@dataclass(frozen=True, slots=True)
class _Law:
    """One law of sheet 法规; `wrong` are names it is wrongly given."""

    official: str
    short: str
    wrong: tuple[str, ...]
    repealed: bool

    @property
    def right(self) -> str:
        return self.short or self.official


def _laws(ledger: Ledger) -> list[_Law]:
    records = ledger[LAWS.title]
    names = [[text.strip("《》") for text in records.folded(title)] for title in ("正式名称", "简称")]
    wrong, states = records.texts("误名"), records.folded("状态")
    return [
        _Law(names[0][index], names[1][index], tuple(fold(name).strip("《》") for name in split_values(wrong[index])),
             states[index] == "已废止")
        for index in records.facts if names[0][index]
    ]


def _titled(passage: Passage) -> Iterator[str]:
    return (fold(match[1]) for match in _TITLES.finditer(passage.prose) if SLOT not in match[1])


@rule("W040", "用了误名", "“{value}”不是这部法规的名称。", "请改成《{given}》。", Severity.WARNING, "法规")
def wrong_law_name(inspection: Inspection) -> Iterator[Finding]:
    """法规名称写错，引用就不成立，被引的可能是另一部。"""
    laws = _laws(inspection.ledger)
    wrong = {name: law.official for law in laws for name in law.wrong}
    right = {name for law in laws for name in (law.official, law.short)}
    pattern = _any_of([*wrong, *right]) if said_anywhere(inspection.ledger, wrong) else None
    if pattern:
        for passage in passages(inspection.ledger):
            for name in dict.fromkeys(match[0] for match in pattern.finditer(passage.prose)):
                if name in wrong:
                    yield passage.finding("W040", name, given=wrong[name])


def _any_of(names: list[str], tail: str = "") -> re.Pattern[str] | None:
    """A pattern of any of the names, the longest first."""
    longest = sorted({name for name in names if name}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, longest))}){tail}") if longest else None


@rule("W041", "法规名称没有书名号", "“{value}”是法规名称，没有加书名号。", "请写成《{value}》。", Severity.WARNING,
      "国标")
def untitled_law(inspection: Inspection) -> Iterator[Finding]:
    """法规名称用书名号标示（GB/T 15834—2011）；不加书名号，看不出是哪一部。"""
    names = [name for law in _laws(inspection.ledger) for name in (law.official, law.short)
             if len(name) >= 5 and name.endswith(_LAW_END)]
    pattern = _any_of(said_anywhere(inspection.ledger, names), _NOT_A_LAW)
    if pattern:
        named = [re.escape(one.name) for one in inspection.facts.metrics if pattern.search(one.name)]
        labels = re.compile("|".join([*named, _BLOT.pattern]))
        for passage in passages(inspection.ledger):
            prose = labels.sub(lambda match: SLOT * len(match[0]), passage.prose)
            for name in dict.fromkeys(match[0] for match in pattern.finditer(prose)):
                yield passage.finding("W041", name)


@rule("W042", "一部法规两个名称", "这里写《{value}》，别处写《{given}》，是同一部法规。",
      "请统一用全称或简称；先全称、后简称的，注明“以下简称”。", Severity.INFO, "惯例")
def two_law_names(inspection: Inspection) -> Iterator[Finding]:
    """同一部法规有时全称、有时简称，读者会以为是两部。"""
    used: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages(inspection.ledger):
        for name in dict.fromkeys(_titled(passage)):
            used[name].append(passage)
    for law in _laws(inspection.ledger):
        if law.short and law.official in used and law.short in used:
            rare, usual = sorted((law.official, law.short), key=lambda name: len(used[name]))
            for passage in used[rare]:
                yield passage.finding("W042", rare, given=usual)


@rule("W043", "引用了已废止的法规", "《{value}》在“法规”表里是已废止。", "请改引现行的法规；确要提到的，写明已废止。",
      Severity.WARNING, "法规")
def repealed_law(inspection: Inspection) -> Iterator[Finding]:
    """已废止的法规不能再作依据，印进报告会被当成差错。"""
    names = [name for law in _laws(inspection.ledger) if law.repealed for name in (law.official, law.short)]
    if names:
        for passage in passages(inspection.ledger):
            for name in dict.fromkeys(_titled(passage)):
                if name in names and "废止" not in passage.text:
                    yield passage.finding("W043", name)


@rule("W044", "写了别的县", "“{value}”不是本机关所在的“{given}”，像是从别处复制来的。", "请核对；是复制来的就改过来。",
      Severity.WARNING)
def another_county(inspection: Inspection) -> Iterator[Finding]:
    """借用别处材料时漏改地名，是最难看的差错。"""
    head = inspection.ledger.head
    own, bureau = head.text("行政区划"), head.text("机关全称")
    level = next((end for end in ("自治县", "县", "区", "市", "旗") if own.endswith(end)), "")
    if not level or not bureau.startswith(own) or len(bureau) == len(own):
        return
    named = rf"(?P<name>[{HAN}]{{2,3}}){level}(?={re.escape(bureau[len(own):])})"
    placed = rf"(?<=[在由经])(?P<name>[{HAN}]{{2,3}}){level}(?=委|人民政府|政府|境内|全域)"
    for passage in passages(inspection.ledger):
        for match in (*re.finditer(named, passage.prose), *re.finditer(placed, passage.prose)):
            if _is_foreign(passage.prose, match, own.removesuffix(level)):
                yield passage.finding("W044", match["name"] + level, given=own)


def _is_foreign(prose: str, match: re.Match[str], own: str) -> bool:
    name = match["name"]
    generic = name[-1] in _GENERIC or name.endswith(_VERBS)
    beside = _BESIDE.search(prose[:match.start("name")]) or name[0] in "与和同赴到向邻及往对"
    return not (name.endswith(own) or generic or beside)


@rule("W045", "写了上一年", "“{value}”写的是上一年，本报告是{given}年的。",
      "请核对；年份写成 {{{{ 报告年度 }}}} 就不会再错。", Severity.WARNING)
def last_year(inspection: Inspection) -> Iterator[Finding]:
    """从上年报告复制时漏改年份，全篇的数就对不上时间。"""
    year = inspection.ledger.head.year
    if year is None:
        return
    pattern = re.compile(rf"(?:^|(?<=[。；，：\n自]))(?:{year - 1})年(?:以来|度|全年|，|,)|截[至止]{year - 1}年")
    in_title = re.compile(rf"{year - 1}年(?!.*(?:整改|以来|对比))")
    for passage in passages(inspection.ledger):
        titled = passage.column == "标题" and passage.sheet in ("报告信息", "章节")
        match = (in_title if titled else pattern).search(passage.prose)
        if match and not _COMPARE.search(passage.prose[max(0, match.start() - 4):match.start()]):
            yield passage.finding("W045", passage.around(match), given=str(year))


def _typed_numbers(passage: Passage) -> Iterator[re.Match[str]]:
    prose = _BLOT.sub(lambda match: SLOT * len(match[0]), passage.prose)
    return _TYPED.finditer(prose)


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
    typed = [(passage, match) for passage in passages(inspection.ledger) if passage.column not in ("题前", "附注")
             for match in _typed_numbers(passage)]
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
