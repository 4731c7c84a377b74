"""均达到: whether ratios that a sentence calls equal are equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from workbook.facts import Facts
from workbook.faults import found
from workbook.findings import Cell, Finding, Severity
from workbook.ledger import Ledger, Records
from workbook.metrics import PERCENT_UNITS, Metric
from workbook.readings import compiled
from workbook.rules.registry import Inspection, rule
from workbook.schema import HEAD_BY_TITLE, SHEETS
from workbook.slots import BadSlot, Slot, parse_slots

_FUNCTION = "均达到"
_ALL_REACH = r"(?<![人户平月日年场批次])均(?:已)?(?:达到?|为|保持在)"
_SENTENCE = r"[。；！\n]"
_PERCENT = r"\d+(?:\.\d+)?[%％]"
_BOUNDS = ("以上", "左右", "以内", "以下")


class _Text(NamedTuple):
    """One text cell that may hold slots."""

    text: str
    cell: Cell
    column: str
    key: str

    def finding(self, code: str, phrases: Iterable[str]) -> Finding:
        return found(code, self.cell, column=self.column, key=self.key, value="、".join(phrases))


@rule("N005", "“均达到”的几个数不相等", "写着“均”，几个数却是{value}，不相等。",
      "请核对数据，或写成 {{{{ 均达到(\"甲\", \"乙\") }}}}，由程序按实际写。", Severity.WARNING)
def unequal_ratios_all_reach(look: Inspection) -> Iterator[Finding]:
    """“参学率、合格率均达到100%”，合格率其实是98%，这句话就不实。"""
    percents = [metric for metric in look.facts.metrics if metric.name and _is_percent(metric)]
    for one in _texts(look.ledger, "均"):
        for phrases in _reached(one.text, look.facts, percents):
            if len(phrases) > 1:
                yield one.finding("N005", phrases)


@rule("N006", "均达到()的几个数不相等", "几个数是{value}，不相等，报告里改印“分别为”。", "请核对数据；属实的不用改。",
      Severity.INFO)
def reach_prints_apart(look: Inspection) -> Iterator[Finding]:
    """以为都达到了，实际没有，应当知道是哪一个没有达到。"""
    for one in _texts(look.ledger, _FUNCTION):
        for slot in parse_slots(one.text):
            if isinstance(slot, Slot) and slot.name == _FUNCTION and slot.arguments:
                metrics = (look.facts.find(name) for name in slot.arguments)
                phrases = _phrases((metric for metric in metrics if metric), look.facts)
                if len(phrases) > 1:
                    yield one.finding("N006", phrases)


def _texts(ledger: Ledger, word: str) -> Iterator[_Text]:
    """Every cell that may hold slots and holds `word`."""
    for entry in ledger.head.entries.values():
        known = HEAD_BY_TITLE.get(entry.title)
        if known and known.slots and word in entry.text:
            yield _Text(entry.text, entry.cell, entry.title, entry.title)
    for sheet in SHEETS:
        records = ledger[sheet.title]
        for column in sheet.columns:
            if column.slots and records.has(column.title):
                for index in records.rows_where(column.title, _holding(word, records, column.title)):
                    yield _Text(records.text(index, column.title), records.cell(index, column.title), column.title,
                                records.key(index))


def _holding(word: str, records: Records, title: str) -> list[bool]:
    """Which of the different texts of a column hold a word."""
    return [word in text for text in records.different_texts(title)]


def _reached(text: str, facts: Facts, percents: list[Metric]) -> Iterator[list[str]]:
    """For every sentence that says 均达到 in plain words: the different percentages it gives."""
    for sentence in _sentences(text):
        words = "".join(part for part in sentence if isinstance(part, str))
        if not compiled(_ALL_REACH).search(words) or any(bound in words for bound in _BOUNDS):
            continue
        slots = [part for part in sentence if isinstance(part, Slot) and part.attribute in ("", "数")]
        used = [metric for slot in slots if (metric := facts.find(slot.name)) and _is_percent(metric)]
        named = [metric for metric in percents if metric.name in words]
        typed = (one.replace("％", "%") for one in compiled(_PERCENT).findall(words))
        yield list(dict.fromkeys([*_phrases((*used, *named), facts), *typed]))


def _sentences(text: str) -> Iterator[list[str | Slot]]:
    sentence: list[str | Slot] = []
    for part in parse_slots(text):
        if isinstance(part, str):
            first, *rest = compiled(_SENTENCE).split(part)
            sentence.append(first)
            for more in rest:
                yield sentence
                sentence = [more]
        elif not isinstance(part, BadSlot):
            sentence.append(part)
    yield sentence


def _phrases(metrics: Iterable[Metric], facts: Facts) -> list[str]:
    """The different ways the metrics print, in order."""
    figures = (facts.figure(metric) for metric in metrics)
    return list(dict.fromkeys(figure.printed.phrase for figure in figures if figure))


def _is_percent(metric: Metric) -> bool:
    return metric.unit in PERCENT_UNITS or metric.style.numerals == "百分比"
