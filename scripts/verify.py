"""`taizhang verify`: after people edited the report and the ledger, which figures still match."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scripts.common import print_json, tell
from scripts.comparing import compare
from scripts.trace import mark_json

if TYPE_CHECKING:
    from templates.provenance.verify import Verdict, Verification
    from templates.provenance.wording import Wording

AROUND = 16
_ADVICE = {
    "报告已改": "报告改得对，就改台账；改错了，把报告改回来。",
    "台账已改": "请把报告改过来，或重新生成报告。",
    "两边都改": "请核对哪个对，两边改成一样。",
    "缺失": "报告里找不到这个数；删得对，台账的文字里也去掉它。",
}
_TEXT_ADVICE = {
    "报告已改": "改得对，用 taizhang pull 收回台账。",
    "台账已改": "请把报告改过来，或重新生成报告。",
    "两边都改": "请核对后两边改成一样。",
    "缺失": "报告里删了；以后也不再写，就在台账里把“入报告”改成否。",
}


def run(options: Namespace) -> int:
    """Compare, tell, and return 1 where anything is left to settle."""
    checked, manifest = compare(options)
    if options.json:
        print_json({"report": options.report, "ledger": options.book, "title": manifest.title,
                    "period": manifest.period, **as_json(checked)})
    for line in _lines(checked):
        tell(line, options)
    tell(_summary(checked, options), options)
    return int(checked.differs)


def as_json(checked: Verification) -> dict[str, object]:
    """The keys that other offices' scripts rely on."""
    return {
        "figures": [verdict_json(one) for one in checked.figures],
        "untraced": [{"text": one.text, "context": one.context, "note": one.note} for one in checked.untraced],
        "texts": [_text_json(one) for one in checked.texts],
        "unplaced": [one._asdict() for one in checked.unplaced],
        "added": [mark_json(one) for one in checked.added],
    }


def verdict_json(one: Verdict) -> dict[str, object]:
    return mark_json(one.mark) | {"status": one.status.value, "report": one.report, "ledger": one.ledger,
                                  "note": one.note, "now": one.context}


def _text_json(one: Wording) -> dict[str, object]:
    return {"cell": one.cell, "column": one.column, "status": one.status.value, "before": one.base,
            "report": one.report, "ledger": one.ledger, "problem": one.problem}


def _lines(checked: Verification) -> Iterator[str]:
    for status, advice in _ADVICE.items():
        found = [one for one in checked.figures if one.status == status]
        if found:
            yield f"{status}（{len(found)} 个数）　{advice}"
            yield from map(_figure, found)
    texts = [one for one in checked.texts if one.status != "一致"]
    if texts or checked.unplaced:
        yield f"文字不一样（{len(texts) + len(checked.unplaced)} 处）"
        yield from map(_text, texts)
        yield from (f"  {difference(one.before, one.after)}　{one.reason}。" for one in checked.unplaced)
    if checked.untraced:
        yield f"新增未溯源（{len(checked.untraced)} 个数）　报告里新写的，台账里没有出处：请记进台账，或核对后删去。"
        yield from (f"  {one.text}　{clipped(one.context, one.text)}" for one in checked.untraced)
    if checked.added:
        yield f"台账新增（{len(checked.added)} 处）　台账里有、报告里还没有：请写进报告，或重新生成报告。"
        yield from (f"  {clipped(one.phrase, '')}（{one.place or '、'.join(one.cells[:1])}）" for one in checked.added)


def _figure(one: Verdict) -> str:
    """报告“25件”，台账“23件”（指标!H12）　…审查25件，比上年…"""
    report = f"报告“{one.report}”" if one.report else "报告里没有"
    gone = "台账里已删" if one.note == "已删" else "台账里没有"
    ledger = f"台账“{one.ledger}”" if one.ledger else gone
    was = f"，原来“{one.mark.phrase}”" if one.mark.phrase not in (one.report, one.ledger) else ""
    return f"  {report}，{ledger}{was}（{'、'.join(one.mark.cells[:3])}）　{clipped(one.context, one.report)}"


def _text(one: Wording) -> str:
    after = one.report if one.report is not None else one.printed
    changed = one.ledger or "" if one.status == "台账已改" else after
    advice = f"{one.problem}。" if one.problem else _TEXT_ADVICE[one.status]
    return f"  {one.status} {one.cell} {one.column}　{difference(one.base, changed)}　{advice}"


def difference(before: str, after: str) -> str:
    """“…切实做好…” → “…做好…”: only where two texts differ, with some words around it."""
    if before == after:
        return f"“{clipped(before, '')}”"
    head, most = 0, min(len(before), len(after))
    while head < most and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < most - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    shown = [_cut(text, max(0, head - AROUND // 2), min(len(text), len(text) - tail + AROUND // 2))
             for text in (before, after)]
    return " → ".join(f"“{text}”" if text else "（没有）" for text in shown)


def clipped(sentence: str, around: str) -> str:
    """Some words of a sentence around what matters."""
    at = max(sentence.find(around), 0)
    return _cut(sentence, max(0, at - AROUND), min(len(sentence), at + len(around) + AROUND))


def _cut(text: str, start: int, end: int) -> str:
    if end - start > 4 * AROUND:
        end = start + 4 * AROUND
    shown = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{shown}{'…' if end < len(text) else ''}" if shown else ""


def _summary(checked: Verification, options: Namespace) -> str:
    counts = {status: sum(one.status == status for one in checked.figures) for status in ("一致", *_ADVICE)}
    told = "，".join(f"{status} {count}" for status, count in counts.items() if count or status == "一致")
    texts = sum(one.status != "一致" for one in checked.texts) + len(checked.unplaced)
    more = f"；文字不一样 {texts} 处" if texts else ""
    more += f"；新增未溯源 {len(checked.untraced)} 个" if checked.untraced else ""
    return f"{options.report} 对 {options.book}：{told}{more}。"
