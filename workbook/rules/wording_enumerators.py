"""Enumerators in a text: typed by hand, nested, beginning at two, jumping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from workbook.findings import Finding, Severity
from workbook.rules.passages import Layout, Passage, layouts, passages, said_anywhere
from workbook.rules.registry import Inspection, rule
from workbook.wording.enumerators import BEYOND_ONE, FAMILIES, begins_late, jumps, marks, ordinal


def _openings(inspection: Inspection) -> Iterator[tuple[Passage, Layout | None]]:
    """The texts that stand right behind a computed enumerator: a row's 小标题, or its body without one."""
    known, begun = layouts(inspection.ledger), set()
    for passage in passages(inspection.ledger):
        key = (passage.sheet, passage.index)
        if passage.sheet in ("任务", "条目", "问题") and passage.column not in ("原因", "改进措施"):
            if passage.column in ("小标题", "标题"):
                begun.add(key)
            if passage.column in ("小标题", "标题") or key not in begun:
                yield passage, known.get(passage.chapter)


@rule("W002", "条文开头手写了序次语", "开头手写了“{value}”，本章的序次语“{given}”由程序排，会印成两个。",
      "请删掉手写的序次语。", Severity.WARNING, "惯例")
def typed_enumerator(inspection: Inspection) -> Iterator[Finding]:
    """序次语由程序按先后排；手写一个会重复，增删一条后还会错号。"""
    for passage, layout in _openings(inspection):
        if layout and layout.mark:
            first = next((match for pattern in FAMILIES.values() if (match := pattern.match(passage.prose))), None)
            if first:
                yield passage.finding("W002", first[0], given=layout.mark)
    for passage, layout in _behind_titles(inspection):
        pattern = FAMILIES.get(_family(layout)) if layout else None
        again = pattern.match(passage.prose) if pattern else None
        if layout and again:
            yield passage.finding("W002", again[0], given=layout.mark)


def _family(layout: Layout) -> str:
    return layout.mark.replace("(", "（").replace(")", "）")


def _behind_titles(inspection: Inspection) -> Iterator[tuple[Passage, Layout | None]]:
    """The bodies of rows that begin with a 小标题."""
    known, opened = layouts(inspection.ledger), {id(passage) for passage, _ in _openings(inspection)}
    bodies = (one for one in passages(inspection.ledger) if one.is_body and id(one) not in opened)
    return ((one, known.get(one.chapter)) for one in bodies)


@rule("W022", "列举词是手写的", "本章的“列举词”空着，这几条开头却手写了“{value}”“{given}”，增删一条就要一条条改号。",
      "请在章节的“列举词”里选上，删掉手写的。", Severity.WARNING, "惯例")
def enumerators_by_hand(inspection: Inspection) -> Iterator[Finding]:
    """序次语由程序按先后排；手写的在增删、调整次序以后会跳号、重号。"""
    opened: dict[tuple[str, str], list[tuple[Passage, str]]] = defaultdict(list)
    families = _families(inspection)
    for passage, layout in _openings(inspection) if families else ():
        for family in families if layout and not layout.mark else ():
            if match := FAMILIES[family].match(passage.prose):
                opened[passage.chapter, family].append((passage, match[0]))
    for rows in opened.values():
        others = [mark for _, mark in rows if mark != rows[0][1]]
        if others:
            yield rows[0][0].finding("W022", rows[0][1], given=others[0])


@rule("W003", "条文里又用了本章的序次语", "这一条里面又写了“{value}”，和本章的序次语同一个样子，读者分不清层次。",
      "请拆成几条，或换一种序次语。", Severity.WARNING, "惯例")
def nested_enumerator(inspection: Inspection) -> Iterator[Finding]:
    """外面是一是、二是，里面又是一是、二是，条与条的层次就乱了。"""
    known = layouts(inspection.ledger)
    for passage in passages(inspection.ledger):
        layout = known.get(passage.chapter) if passage.is_body else None
        family = _family(layout) if layout else ""
        if family in FAMILIES:
            inner = [mark for mark in marks(family, passage.prose) if mark.start > 0]
            if len(inner) > 1 and inner[0].number == 1:
                yield passage.finding("W003", inner[0].text)


@rule("W004", "有“二是”没有“一是”", "这里有“{value}”，前面没有“{given}”，像是漏了一段。",
      "请补上前面的一条，或改序次语。", Severity.WARNING, "常识")
def starts_at_two(inspection: Inspection) -> Iterator[Finding]:
    """从二数起，多半是复制时丢了一段。"""
    families = _families(inspection)
    firsts = _first_marks(inspection, families)
    computed = {code: layout.mark for code, layout in layouts(inspection.ledger).items() if layout.mark}
    for passage in passages(inspection.ledger):
        for family in families:
            late = begins_late(marks(family, passage.prose))
            if late is None or (passage.chapter, family) in firsts:
                continue
            if late.start > 0 or passage.chapter not in computed:
                yield passage.finding("W004", late.text, given=family)


def _families(inspection: Inspection) -> list[str]:
    """The families that number something beyond one anywhere; mostly none."""
    return [family for family, others in BEYOND_ONE.items() if said_anywhere(inspection.ledger, others)]


def _first_marks(inspection: Inspection, families: list[str]) -> set[tuple[str, str]]:
    """(chapter, family) of every chapter some text of which holds the first of a family."""
    return {(passage.chapter, family) for passage in passages(inspection.ledger) for family in families
            if any(mark.number == 1 for mark in marks(family, passage.prose))}


@rule("W005", "序次语跳号", "“{given}”后面是“{value}”，中间跳了号或重了号。", "请补上漏掉的一条，或改正序次语。",
      Severity.WARNING, "常识")
def enumerators_jump(inspection: Inspection) -> Iterator[Finding]:
    """跳号说明漏了一段或删了一段没改号，读的人会以为少印了。"""
    families = _families(inspection)
    for passage in passages(inspection.ledger):
        for family in families:
            for jump in jumps(marks(family, passage.prose)):
                yield passage.finding("W005", jump.right, given=jump.given)
    yield from _gaps_between_rows(inspection, families)


def _gaps_between_rows(inspection: Inspection, families: list[str]) -> Iterator[Finding]:
    """Rows of one chapter that open with typed enumerators, whatever their order."""
    opened: dict[tuple[str, str], dict[int, tuple[Passage, str]]] = defaultdict(dict)
    for passage, layout in _openings(inspection) if families else ():
        for family in families if layout and not layout.mark else ():
            match = FAMILIES[family].match(passage.prose)
            if match:
                opened[passage.chapter, family][ordinal(match["n"])] = passage, match[0]
    for rows in opened.values():
        for before, after in pairwise(sorted(rows)):
            if after != before + 1:
                yield rows[after][0].finding("W005", rows[after][1], given=rows[before][1])
