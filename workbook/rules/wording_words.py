"""Words: doubled, wrong, mixed up, or one term written two ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from workbook.findings import Finding, Severity
from workbook.rules.passages import Passage, texts
from workbook.rules.registry import Inspection, rule
from workbook.wording import words
from workbook.wording.hits import Detector, compiled


def _first(inspection: Inspection, code: str, detect: Detector) -> Iterator[Finding]:
    """One finding a cell: its first hit."""
    for passage, hit in texts(inspection.ledger).first_hits(detect):
        yield passage.finding(code, passage.around(hit))


@rule("W030", "多打了一个字", "“{value}”里“{given}”多打了一个字。", "请删掉一个。", Severity.WARNING)
def doubled_characters(inspection: Inspection) -> Iterator[Finding]:
    """重字是打字时留下的（如“限限制”），校对软件常常放过。"""
    for passage, hit in texts(inspection.ledger).hits(words.doubled_characters):
        yield passage.finding("W030", passage.around(hit, 4), given=hit.given)


@rule("W031", "词语重复", "“{given}”连写了两遍。", "请删掉一个。", Severity.WARNING)
def doubled_words(inspection: Inspection) -> Iterator[Finding]:
    """一个词连写两遍多半是粘贴时留下的。"""
    for passage in texts(inspection.ledger).matching(compiled(words.DOUBLED_WORD)):
        for hit in words.doubled_words(passage.prose):
            yield passage.finding("W031", passage.around(hit, 4), given=hit.given)


@rule("W053", "整句话写了两遍", "“{value}”这句话连着写了两遍。", "请删掉一句。", Severity.WARNING)
def sentence_said_twice(inspection: Inspection) -> Iterator[Finding]:
    """整句重复是复制粘贴时留下的，读报告的人一眼就看见。"""
    for passage in texts(inspection.ledger).holding(("。", "；")):
        for hit in words.said_twice(passage.text):
            yield passage.finding("W053", f"{hit.given}……")


@rule("W032", "法制与法治", "“{value}”里的“法制”用的是“法治”的意思。", "请改成“法治”；机构、报刊名称照原名写。",
      Severity.WARNING, "惯例")
def rule_of_law(inspection: Inspection) -> Iterator[Finding]:
    """法制是法律制度，法治是依法治理；同一份报告混用会被退改。"""
    yield from _first(inspection, "W032", words.legal_system)


@rule("W033", "截止与截至", "“{value}”里的“截止”“截至”用反了。", "到某个时候为止写“截至”，最后期限写“截止日期”。",
      Severity.WARNING, "惯例")
def up_to(inspection: Inspection) -> Iterator[Finding]:
    """截至后面跟时间，表示统计到这一天；截止表示到期停止，意思不同。"""
    yield from _first(inspection, "W033", words.up_to)


@rule("W034", "其它与其他", "“{value}”里的“其它”，公文里一般写“其他”。", "请改成“其他”。", Severity.INFO, "惯例")
def others(inspection: Inspection) -> Iterator[Finding]:
    """法律法规和公文统一用“其他”，一份报告里两种写法不齐。"""
    yield from _first(inspection, "W034", words.others)


@rule("W035", "错别字", "“{value}”里的“{given}”是错别字或漏了字。", "请改成“{right}”。", Severity.WARNING)
def wrong_words(inspection: Inspection) -> Iterator[Finding]:
    """这些写法在公文里常见而不规范，改了才不会被退回。"""
    for passage, hit in texts(inspection.ledger).hits(words.wrong_words):
        yield passage.finding("W035", passage.around(hit, 4), given=hit.given, right=hit.right)


@rule("W036", "“以《…》的”缺后半句", "“{value}”有“以”没有“为”，句子不完整。", "请补成“以……为重点”，或删掉“以”。",
      Severity.WARNING)
def with_no_as(inspection: Inspection) -> Iterator[Finding]:
    """“以……为……”只写了一半，读不通。"""
    for passage, hit in texts(inspection.ledger).first_hits(words.with_no_as):
        yield passage.finding("W036", hit.given)


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
    """Term without its marks -> spelling -> where."""
    terms: dict[str, dict[str, list[Passage]]] = defaultdict(lambda: defaultdict(list))
    for passage in texts(inspection.ledger).holding(words.TERM_SIGNS):
        for term, spelling in dict.fromkeys((term, hit.given) for term, hit in words.terms(passage.prose)):
            terms[term][spelling].append(passage)
    return terms
