"""Names of laws: wrong ones, ones without 《》, two names for one law, repealed ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from workbook.book import fold
from workbook.conditions import split_values
from workbook.findings import Finding, Severity
from workbook.laws import Law, LawTable, fold_title, national_laws, table_with
from workbook.ledger import Ledger, Records
from workbook.rules.once import once_a_ledger
from workbook.rules.passages import Passage, texts
from workbook.rules.registers import bare_names
from workbook.rules.registry import Inspection, rule
from workbook.schema import EVENTS, LAWS, TASKS
from workbook.wording.hits import SLOT, UNTITLED, Hit, hit_of
from workbook.wording.law_names import (
    any_of,
    may_be_obeyed,
    needs_marks,
    obeyed,
    repealed_titles,
    titled,
    untitled,
    wrong_titles,
)

T = TypeVar("T")
_CITING = ((TASKS.title, "依据法规"), (EVENTS.title, "涉及法规"))


@once_a_ledger
def own_laws(ledger: Ledger) -> list[Law]:
    """The laws of the office's sheet 法规, their names folded as the texts are."""
    records = ledger[LAWS.title]
    names = [[text.strip("《》") for text in records.folded(title)] for title in ("正式名称", "简称")]
    wrong, states = records.texts("误名"), records.folded("状态")
    return [
        Law(names[0][index], tuple(filter(None, [names[1][index]])),
            tuple(fold(name).strip("《》") for name in split_values(wrong[index])), status=states[index])
        for index in records.facts if names[0][index]
    ]


@once_a_ledger
def _table(ledger: Ledger) -> LawTable:
    """The national laws and the office's own."""
    return table_with(own_laws(ledger))


@once_a_ledger
def _titles(ledger: Ledger) -> list[str]:
    """Every different name in 《》."""
    return list(dict.fromkeys(hit.given for one in texts(ledger).holding("《") for hit in titled(one.prose)))


def _naming(ledger: Ledger, names: Iterable[str]) -> list[Passage]:
    """The texts that name any of these in 《》."""
    return texts(ledger).holding(f"《{name}》" for name in names)


def _once(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Of each name its first hit."""
    return iter({hit.given: hit for hit in reversed(list(hits))}.values())


@rule("W040", "用了误名", "“{value}”不是这部法规的名称。", "请改成《{given}》。", Severity.WARNING, "法规")
def wrong_law_name(inspection: Inspection) -> Iterator[Finding]:
    """法规名称写错，引用就不成立，被引的可能是另一部。"""
    ledger, table = inspection.ledger, _table(inspection.ledger)
    wrong = {name: law.official for law in own_laws(ledger) for name in law.wrong}
    right = {name for law in own_laws(ledger) for name in law.names}
    pattern = any_of([*wrong, *right]) if texts(ledger).said(wrong) else None
    astray = [f"《{name}》" for name in _titles(ledger) if table.meant(name)]
    for passage in texts(ledger).holding([*wrong, *astray]):
        found = [hit_of(match) for match in pattern.finditer(passage.prose)] if pattern else []
        told = {hit.given: wrong[hit.given] for hit in found if hit.given in wrong}
        for hit in _once(wrong_titles(passage.prose, table)):
            told.setdefault(hit.given, hit.right)
        for name, official in told.items():
            yield passage.finding("W040", name, given=official)

    def meant(name: str) -> str | None:
        law = None if name in right else table.wrong.get(fold_title(name))
        return wrong.get(name) or (law.official if law else None)

    for records, index, title, name, official in _cited(ledger, meant):
        yield records.finding("W040", index, title, value=name, given=official)


def _cited(ledger: Ledger, judge: Callable[[str], T | None]) -> Iterator[tuple[Records, int, str, str, T]]:
    """The laws named in the columns that list them of which something is to be said: row, column, name, and what."""
    for sheet, title in _CITING:
        records = ledger[sheet]
        told = [[(name, said) for name in bare_names(text) if (said := judge(name)) is not None]
                for text in records.different_texts(title)]
        for index in records.rows_where(title, told):
            for name, said in told[records.column(title).codes[index]]:
                yield records, index, title, name, said


@rule("W041", "法规名称没有书名号", "“{value}”是法规名称，没有加书名号。", "请写成《{value}》。", Severity.WARNING,
      "国标 GB/T 15834—2011 4.15")
def untitled_law(inspection: Inspection) -> Iterator[Finding]:
    """法规名称用书名号标示（GB/T 15834—2011，4.15）；不加书名号，看不出是哪一部。"""
    names = texts(inspection.ledger).said(_worth_marks(inspection.ledger))
    if names:
        printed = texts(inspection.ledger)
        metrics = printed.said(one.name for one in inspection.facts.metrics if any(name in one.name for name in names))
        labels = re.compile("|".join([*map(re.escape, metrics), UNTITLED]))
        for passage in printed.holding(names):
            prose = labels.sub(lambda match: SLOT * len(match[0]), passage.prose)
            for hit in _once((*untitled(prose, names), *obeyed(prose, names))):
                yield passage.finding("W041", hit.given)


def _worth_marks(ledger: Ledger) -> list[str]:
    """Names that need 《》, of the office's laws and the national ones."""
    laws = (*own_laws(ledger), *national_laws())
    return [name for name in dict.fromkeys(name for law in laws for name in law.names)
            if needs_marks(name) or may_be_obeyed(name)]


@rule("W042", "一部法规两个名称", "这里写《{value}》，别处写《{given}》，是同一部法规。",
      "请统一用全称或简称；先全称、后简称的，注明“以下简称”。", Severity.INFO, "惯例")
def two_law_names(inspection: Inspection) -> Iterator[Finding]:
    """同一部法规有时全称、有时简称，读者会以为是两部。"""
    used: dict[str, list[Passage]] = defaultdict(list)
    twice = [law for law in own_laws(inspection.ledger) if law.shorts]
    sought = {name for law in twice for name in (law.official, law.shorts[0])}
    for passage in _naming(inspection.ledger, (name for name in _titles(inspection.ledger) if fold(name) in sought)):
        for hit in _once(titled(passage.prose)):
            used[fold(hit.given)].append(passage)
    for law in twice:
        if law.official in used and law.shorts[0] in used:
            rare, usual = sorted((law.official, law.shorts[0]), key=lambda name: len(used[name]))
            for passage in used[rare]:
                yield passage.finding("W042", rare, given=usual)


@rule("W043", "引用了已废止的法规", "《{value}》已经废止。", "请改引现行的法规；确要提到的，写明已废止。",
      Severity.WARNING, "法规")
def repealed_law(inspection: Inspection) -> Iterator[Finding]:
    """已废止的法规不能再作依据，印进报告会被当成差错。"""
    ledger, table = inspection.ledger, _table(inspection.ledger)

    def repealed(name: str) -> Law | None:
        law = table.named(name)
        return law if law and law.repealed else None

    for passage in _naming(ledger, filter(repealed, _titles(ledger))):
        for hit in _once(repealed_titles(passage.prose, table)):
            yield passage.finding("W043", hit.given)
    start = inspection.facts.window.start
    for records, index, title, name, _ in _cited(ledger, repealed):
        day = inspection.facts.day(records, index)
        if not (day and start and day < start):
            yield records.finding("W043", index, title, value=name)
