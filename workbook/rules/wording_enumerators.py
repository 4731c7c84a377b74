"""Enumerators in a text: typed by hand, nested, beginning at two, jumping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from workbook.findings import Finding, Severity
from workbook.ledger import Ledger
from workbook.rules.once import once_a_ledger
from workbook.rules.passages import Layout, Passage, layouts, passages, texts
from workbook.rules.registry import Inspection, rule
from workbook.wording.enumerators import (
    BEYOND_ONE,
    FAMILIES,
    SIGNS,
    Mark,
    begins_late,
    jumps,
    marks,
    may_begin,
    opens_with,
)

_HEADINGS = "（一）"


@once_a_ledger
def _openings(ledger: Ledger) -> list[tuple[Passage, Layout | None]]:
    """The texts that stand right behind a computed enumerator: a row's 小标题, or its body without one."""
    known, begun, openings = layouts(ledger), set(), []
    for passage in passages(ledger):
        if passage.sheet in ("任务", "条目", "问题") and passage.column not in ("原因", "改进措施"):
            key, titled = (passage.sheet, passage.row), passage.column in ("小标题", "标题")
            if titled or key not in begun:
                openings.append((passage, known.get(passage.chapter)))
            if titled:
                begun.add(key)
    return openings


@rule("W002", "条文开头手写了序次语", "开头手写了“{value}”，本章的序次语“{given}”由程序排，会印成两个。",
      "请删掉手写的序次语。", Severity.WARNING, "惯例")
def typed_enumerator(inspection: Inspection) -> Iterator[Finding]:
    """序次语由程序按先后排；手写一个会重复，增删一条后还会错号。"""
    for passage, layout in _openings(inspection.ledger):
        if layout and layout.mark:
            first = next((mark for family in FAMILIES if (mark := opens_with(family, passage.prose))), None)
            if first:
                yield passage.finding("W002", first.text, given=layout.mark)
    for passage, layout in _behind_titles(inspection):
        again = opens_with(_family(layout), passage.prose) if layout and _family(layout) in FAMILIES else None
        if layout and again:
            yield passage.finding("W002", again.text, given=layout.mark)


def _family(layout: Layout) -> str:
    return layout.mark.replace("(", "（").replace(")", "）")


def _behind_titles(inspection: Inspection) -> Iterator[tuple[Passage, Layout | None]]:
    """The bodies of rows that begin with a 小标题."""
    known, opened = layouts(inspection.ledger), {id(passage) for passage, _ in _openings(inspection.ledger)}
    bodies = (one for one in passages(inspection.ledger) if one.is_body and id(one) not in opened)
    return ((one, known.get(one.chapter)) for one in bodies)


@rule("W022", "列举词是手写的", "本章的“列举词”空着，这几条开头却手写了“{value}”“{given}”，增删一条就要一条条改号。",
      "请在章节的“列举词”里选上，删掉手写的。", Severity.WARNING, "惯例")
def enumerators_by_hand(inspection: Inspection) -> Iterator[Finding]:
    """序次语由程序按先后排；手写的在增删、调整次序以后会跳号、重号。"""
    opened: dict[tuple[str, str], list[tuple[Passage, str]]] = defaultdict(list)
    for passage, family, mark in _opened_by_hand(inspection.ledger):
        opened[passage.chapter, family].append((passage, mark.text))
    for rows in opened.values():
        others = [mark for _, mark in rows if mark != rows[0][1]]
        if others:
            yield rows[0][0].finding("W022", rows[0][1], given=others[0])


@once_a_ledger
def _opened_by_hand(ledger: Ledger) -> list[tuple[Passage, str, Mark]]:
    """The texts of chapters without a 列举词 that open with an enumerator of a family, with it."""
    families = _families(ledger)
    return [(passage, family, mark) for passage, layout in (_openings(ledger) if families else ())
            if layout and not layout.mark for family in families if (mark := opens_with(family, passage.prose))]


@rule("W003", "条文里又用了本章的序次语", "这一条里面又写了“{value}”，和本章的序次语同一个样子，读者分不清层次。",
      "请拆成几条，或换一种序次语。", Severity.WARNING, "惯例")
def nested_enumerator(inspection: Inspection) -> Iterator[Finding]:
    """外面是一是、二是，里面又是一是、二是，条与条的层次就乱了。"""
    families = {code: _family(layout) for code, layout in layouts(inspection.ledger).items()}
    numbered = {code: family for code, family in families.items() if family in FAMILIES}
    for passage in passages(inspection.ledger) if numbered else ():
        family = numbered.get(passage.chapter, "") if passage.is_body else ""
        if family and may_begin(family, passage.prose):
            inner = [mark for mark in marks(family, passage.prose) if mark.start > 0]
            if len(inner) > 1 and inner[0].number == 1:
                yield passage.finding("W003", inner[0].text)


@rule("W055", "条文里手写了标题的序次", "这一条里面手写了“{value}”“{given}”，是标题的序次，增删一条就错号。",
      "请拆成几条，由程序排序次；要在一条里分点的，用“一是”或“1.”。", Severity.WARNING, "惯例")
def heading_number_inside(inspection: Inspection) -> Iterator[Finding]:
    """（一）（二）是第二层标题的序次，夹在一段文字里，读者以为换了标题。"""
    families = {code: _family(layout) for code, layout in layouts(inspection.ledger).items()}
    for passage in texts(inspection.ledger).holding(SIGNS[_HEADINGS]):
        if passage.is_body and families.get(passage.chapter) != _HEADINGS and may_begin(_HEADINGS, passage.prose):
            found = [mark for mark in marks(_HEADINGS, passage.prose) if mark.start > 0]
            if [mark.number for mark in found[:2]] == [1, 2]:
                yield passage.finding("W055", found[0].text, given=found[1].text)


@rule("W004", "有“二是”没有“一是”", "这里有“{value}”，前面没有“{given}”，像是漏了一段。",
      "请补上前面的一条，或改序次语。", Severity.WARNING, "常识")
def starts_at_two(inspection: Inspection) -> Iterator[Finding]:
    """从二数起，多半是复制时丢了一段。"""
    numbered = _numbered(inspection.ledger)
    firsts = {(passage.chapter, family) for passage, family, found in numbered if any(one.number == 1 for one in found)}
    computed = {code: layout.mark for code, layout in layouts(inspection.ledger).items() if layout.mark}
    for passage, family, found in numbered:
        late = begins_late(found)
        if late is None or (passage.chapter, family) in firsts:
            continue
        if late.start > 0 or passage.chapter not in computed:
            yield passage.finding("W004", late.text, given=family)


@once_a_ledger
def _families(ledger: Ledger) -> list[str]:
    """The families that number something beyond one anywhere; mostly none."""
    return [family for family, others in BEYOND_ONE.items() if texts(ledger).said(others)]


@once_a_ledger
def _numbered(ledger: Ledger) -> list[tuple[Passage, str, list[Mark]]]:
    """The texts that hold enumerators of these families, text by text and family by family."""
    families = _families(ledger)
    holding = texts(ledger).holding({sign for family in families for sign in SIGNS[family]})
    found = ((passage, family, marks(family, passage.prose)) for passage in holding for family in families)
    return [one for one in found if one[2]]


@rule("W005", "序次语跳号", "“{given}”后面是“{value}”，中间跳了号或重了号。", "请补上漏掉的一条，或改正序次语。",
      Severity.WARNING, "常识")
def enumerators_jump(inspection: Inspection) -> Iterator[Finding]:
    """跳号说明漏了一段或删了一段没改号，读的人会以为少印了。"""
    for passage, _, found in _numbered(inspection.ledger):
        for jump in jumps(found):
            yield passage.finding("W005", jump.right, given=jump.given)
    yield from _gaps_between_rows(inspection)


def _gaps_between_rows(inspection: Inspection) -> Iterator[Finding]:
    """Rows of one chapter that open with typed enumerators, whatever their order."""
    opened: dict[tuple[str, str], dict[int, tuple[Passage, str]]] = defaultdict(dict)
    for passage, family, mark in _opened_by_hand(inspection.ledger):
        opened[passage.chapter, family][mark.number] = passage, mark.text
    for rows in opened.values():
        for before, after in pairwise(sorted(rows)):
            if after != before + 1:
                yield rows[after][0].finding("W005", rows[after][1], given=rows[before][1])
