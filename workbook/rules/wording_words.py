"""Words: doubled, wrong, mixed up, or one term written two ways."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from workbook.findings import Finding, Severity
from workbook.rules.passages import HAN, SLOT, Passage, passages, said_anywhere
from workbook.rules.registry import Inspection, rule
from workbook.rules.wording_tables import (
    ACROSS_WORDS,
    DOUBLED,
    DOUBLED_BEFORE,
    DOUBLED_WORDS,
    RIGHT_LEGAL_SYSTEM,
    WRONG_CORES,
    WRONG_WORDS,
)

_DOUBLED = re.compile(f"([{''.join(DOUBLED)}])\\1")
_DOUBLED_WORD = re.compile(rf"([{HAN}]{{2,6}})\1")
_LEGAL_SYSTEM = re.compile(rf"法制(?!{'|'.join(RIGHT_LEGAL_SYSTEM)}|[{ACROSS_WORDS}])")
_QUOTED = re.compile(r"《[^》]*》")
_UP_TO = re.compile(rf"截止(?:到|至)?(?=[\d{SLOT}]|目前|今|年底|年末|当前|上?月底|去年|上年|本年)|截至(?=日期|时间)")
_OTHERS = re.compile("其它")
_WHO = re.compile(rf"谁(?P<a>[{HAN}]{{1,3}}?)[、，,]?谁(?P<b>[{HAN}]{{2}})")
_TERM = re.compile(rf"“([{HAN}0-9+、，,·]{{3,15}})”")
_TERM_MARKS = re.compile("[、，,·]")
_WITH_NO_AS = re.compile(r"(?:抓好|抓住|做好|突出)以(?:《[^》\n]+》)+的[^为，。；、\n]*[、，。；]")


def _blot(prose: str) -> str:
    """A prose whose 《》 are blotted out: names keep their own wording."""
    return _QUOTED.sub(lambda match: SLOT * len(match[0]), prose)


@rule("W030", "多打了一个字", "“{value}”里“{given}”多打了一个字。", "请删掉一个。", Severity.WARNING)
def doubled_characters(inspection: Inspection) -> Iterator[Finding]:
    """重字是打字时留下的（如“限限制”），校对软件常常放过。"""
    for passage in passages(inspection.ledger):
        for match in _DOUBLED.finditer(passage.prose):
            if _is_slip(passage.prose, match):
                yield passage.finding("W030", passage.around(match, 4), given=match[0])


def _is_slip(prose: str, match: re.Match[str]) -> bool:
    before, after = prose[match.start() - 1:match.start()], prose[match.end():match.end() + 1]
    if _pair(prose[match.end():match.end() + 2]) or _pair(prose[max(0, match.start() - 2):match.start()]):
        return False
    words_before, words_after = DOUBLED[match[1]]
    fits_before = words_before == "*" or (before != "" and before in words_before)
    fits_after = words_after == "*" or (after != "" and after in words_after)
    return not (fits_before and fits_after)


def _pair(text: str) -> bool:
    """Whether the neighbours are doubled too (实实在在)."""
    return len(text) == 2 and text[0] == text[1]


@rule("W031", "词语重复", "“{given}”连写了两遍。", "请删掉一个。", Severity.WARNING)
def doubled_words(inspection: Inspection) -> Iterator[Finding]:
    """一个词连写两遍多半是粘贴时留下的。"""
    for passage in passages(inspection.ledger):
        for match in _DOUBLED_WORD.finditer(passage.prose):
            word = match[1]
            names_a_thing = passage.prose[match.end():].startswith(DOUBLED_BEFORE)
            if word not in DOUBLED_WORDS and word[0] not in "一每逐越" and len(set(word)) > 1 and not names_a_thing:
                yield passage.finding("W031", passage.around(match, 4), given=word)


@rule("W032", "法制与法治", "“{value}”里的“法制”用的是“法治”的意思。", "请改成“法治”；机构、报刊名称照原名写。",
      Severity.WARNING, "惯例")
def rule_of_law(inspection: Inspection) -> Iterator[Finding]:
    """法制是法律制度，法治是依法治理；同一份报告混用会被退改。"""
    for passage in passages(inspection.ledger):
        match = _LEGAL_SYSTEM.search(_blot(passage.prose))
        if match:
            yield passage.finding("W032", passage.around(match))


@rule("W033", "截止与截至", "“{value}”里的“截止”“截至”用反了。", "到某个时候为止写“截至”，最后期限写“截止日期”。",
      Severity.WARNING, "惯例")
def up_to(inspection: Inspection) -> Iterator[Finding]:
    """截至后面跟时间，表示统计到这一天；截止表示到期停止，意思不同。"""
    for passage in passages(inspection.ledger):
        match = _UP_TO.search(passage.prose)
        if match:
            yield passage.finding("W033", passage.around(match))


@rule("W034", "其它与其他", "“{value}”里的“其它”，公文里一般写“其他”。", "请改成“其他”。", Severity.INFO, "惯例")
def others(inspection: Inspection) -> Iterator[Finding]:
    """法律法规和公文统一用“其他”，一份报告里两种写法不齐。"""
    for passage in passages(inspection.ledger):
        match = _OTHERS.search(passage.prose)
        if match:
            yield passage.finding("W034", passage.around(match))


@rule("W035", "错别字", "“{value}”里的“{given}”是错别字或漏了字。", "请改成“{right}”。", Severity.WARNING)
def wrong_words(inspection: Inspection) -> Iterator[Finding]:
    """这些写法在公文里常见而不规范，改了才不会被退回。"""
    cores = set(said_anywhere(inspection.ledger, WRONG_CORES))
    for core, (pattern, right) in zip(WRONG_CORES, WRONG_WORDS, strict=True):
        if core in cores:
            for passage in passages(inspection.ledger):
                match = re.search(pattern, _blot(passage.prose)) if core in passage.prose else None
                if match:
                    yield passage.finding("W035", passage.around(match, 4), given=match[0], right=right)


@rule("W036", "“以《…》的”缺后半句", "“{value}”有“以”没有“为”，句子不完整。", "请补成“以……为重点”，或删掉“以”。",
      Severity.WARNING)
def with_no_as(inspection: Inspection) -> Iterator[Finding]:
    """“以……为……”只写了一半，读不通。"""
    for passage in passages(inspection.ledger):
        match = _WITH_NO_AS.search(passage.prose)
        if match:
            yield passage.finding("W036", match[0])


@rule("W037", "同一提法写成两样", "“{value}”和别处的“{given}”写法不一样。", "请统一成一种写法。", Severity.WARNING,
      "惯例")
def two_spellings(inspection: Inspection) -> Iterator[Finding]:
    """同一个提法有的带顿号、有的不带，像是从几份材料里拼来的。"""
    for spellings in _terms(inspection).values():
        if len(spellings) > 1:
            usual = max(spellings, key=lambda one: (len(spellings[one]), -len(one)))
            for spelling, places in spellings.items():
                if spelling != usual:
                    for passage in dict.fromkeys(places):
                        yield passage.finding("W037", spelling, given=usual)


def _terms(inspection: Inspection) -> dict[str, dict[str, list[Passage]]]:
    """Term without its marks -> spelling -> where; 谁执法谁普法 and whatever stands in quotes."""
    terms: dict[str, dict[str, list[Passage]]] = defaultdict(lambda: defaultdict(list))
    for passage in passages(inspection.ledger):
        spellings = Counter(match[0] for match in _WHO.finditer(passage.prose))
        spellings.update(match[1] for match in _TERM.finditer(passage.prose) if "谁" not in match[1])
        for spelling in spellings:
            terms[_TERM_MARKS.sub("", spelling)][spelling].append(passage)
    return terms
