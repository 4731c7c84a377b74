"""What stands around a slot, against what the slot prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from workbook.facts import Facts
from workbook.findings import Finding, Severity
from workbook.metrics import Metric
from workbook.rules.passages import slotted
from workbook.rules.registry import Inspection, rule
from workbook.slots import Part, Slot
from workbook.wording.hits import compiled

_OTHER_WORDS = {
    "人": "[均大民员数口才次事们身群]", "个": "[人别体案性股]", "户": "[籍均主口]", "次": "[年月日序]",
    "名": "[单额称录为]", "条": "[例款件]", "项": "目", "家": "[庭长属]", "期": "[间限末]", "场": "[所地馆]",
    "件": "均", "份": "额", "元": "旦", "对": "[于比照象]", "起": "[到来]", "批": "[准评示复]", "面": "[向对积]",
    "张": "贴", "处": "[理置罚]",
}
"""Unit -> what follows it where it begins another word."""
_ABOUT = ("大约", "将近", "超过", "约", "近", "逾")
_UNIT = r"[^\d.,余多千万亿百近约逾以上一二两三四五六七八九十零]+$"
_MORE, _LESS = "增加|增长|上升|提高|提升|增多|多了|有升", "减少|下降|降低|减小|少了|有降"
_NO_STOP = r"[^，。；！\n]"
_TREND = rf"^{_NO_STOP}{{0,8}}?(?P<not>没有|未|不)?{_NO_STOP}{{0,3}}?(?:(?P<more>{_MORE})|(?P<less>{_LESS}))"


@rule("T005", "花括号旁边重复了单位或“约”“余”", "“{given}”后面又写了“{value}”，印出来会重复。",
      "请删掉花括号外面重复的字。", Severity.WARNING)
def said_twice(inspection: Inspection) -> Iterator[Finding]:
    """花括号印出来的短语带着单位和“余”“近”，外面再写就成了“12场场”“近近40次”。"""
    phrases: dict[Slot, str] = {}
    for passage, parts in slotted(inspection.ledger):
        for before, slot, after in _surrounded(parts):
            if (phrase := phrases.get(slot)) is None:
                phrase = phrases[slot] = _phrase(inspection.facts, slot)
            again = _repeated(phrase, before, after) if phrase else ""
            if again:
                yield passage.finding("T005", again, given=phrase)
        for one, other in pairwise(parts):
            if isinstance(one, Slot) and one == other and one.name:
                yield passage.finding("T005", f"{{{{ {one.body} }}}}", given=_phrase(inspection.facts, one) or one.name)


def _surrounded(parts: list[Part]) -> Iterator[tuple[str, Slot, str]]:
    """Every simple slot with the text before it and after it."""
    last = len(parts) - 1
    for at, part in enumerate(parts):
        if isinstance(part, Slot) and part.name and part.arguments is None:
            before, after = parts[at - 1] if at else "", parts[at + 1] if at < last else ""
            yield before if isinstance(before, str) else "", part, after if isinstance(after, str) else ""


def _phrase(facts: Facts, slot: Slot) -> str:
    """What a metric's slot prints; empty where it prints something else."""
    metric = facts.find(slot.name) if slot.attribute in ("", "上年") and slot.arguments is None else None
    if metric is None:
        return ""
    printed = facts.last_year(metric) if slot.attribute else (figure := facts.figure(metric)) and figure.printed
    return printed.phrase if printed else ""


def _repeated(phrase: str, before: str, after: str) -> str:
    """What the text says again beside a phrase."""
    unit = _unit_of(phrase)
    if unit and after.startswith(unit):
        other = _OTHER_WORDS.get(unit)
        if not (other and re.match(other, after[len(unit):])):
            return unit
    if unit and after.startswith(("余", "多")) and after.startswith(unit, 1):
        return after[:1 + len(unit)]
    return next(filter(before.removesuffix("\n").endswith, _ABOUT), "") if phrase.startswith(("约", "近", "逾")) else ""


@lru_cache(maxsize=1 << 12)
def _unit_of(phrase: str) -> str:
    """The unit with which a phrase ends, as far as it can be said again."""
    unit = compiled(_UNIT).search(phrase.removesuffix("以上"))
    return unit[0] if unit else ""


@rule("N020", "比上年增减说反了", "这里说“{value}”，今年是{given}，上年是{last}，说反了。", "请按数字改这句话。",
      Severity.WARNING)
def trend_is_the_other_way(inspection: Inspection) -> Iterator[Finding]:
    """上年的报告写“有所增加”，今年数降了话没有改，领导一看数就问。"""
    for passage, parts in slotted(inspection.ledger):
        for _, slot, after in _surrounded(parts):
            metric = inspection.facts.find(slot.name) if slot.attribute == "上年" else None
            match = compiled(_TREND).match(after) if metric else None
            if metric and match and not match["not"] and _against(inspection.facts, metric, bool(match["more"])):
                now, last = inspection.facts.figure(metric), inspection.facts.last_year(metric)
                yield passage.finding("N020", match["more"] or match["less"], given=now.printed.phrase if now else "",
                                      last=last.phrase if last else "")


def _against(facts: Facts, metric: Metric, more: bool) -> bool:
    """Whether the numbers do not go the way that the text says."""
    now, last = facts.amount(metric).value, metric.last_year
    if now is None or last is None:
        return False
    return now <= last.value if more else now >= last.value
