"""The figures of a report, each with the office that answers for it, its rows and last year's value."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from templates.provenance.manifest import Mark
from templates.provenance.marking import manifest_of
from templates.report import Report
from workbook.facts import Facts, plain
from workbook.metrics import Metric
from workbook.normalize import Quantity
from workbook.schema import ITEMS, METRICS, OFFICES, PROBLEMS, TASKS

LEAD = "牵头"
NOBODY = "未写责任股室"
LONGEST_SENTENCE, LONGEST_ROWS = 40, 40


class Asked(NamedTuple):
    """One printed figure for one office to confirm; `id` is its metric and which printing of it this is.

    `digest` changes with the figure or with the rows behind it. `last_year` and `change` are as printed, empty
    where there is nothing to compare with.
    """

    id: str
    office: str
    name: str
    phrase: str
    sentence: str
    source: str
    last_year: str
    change: str
    digest: str


def asked_of(report: Report) -> tuple[Asked, ...]:
    """Every figure of a report, in print order; a 单位 printed by itself is none."""
    finder, seen = _Offices(report.facts), Counter[str]()
    asked = []
    for mark in manifest_of(report).figures:
        metric = finder.metric(mark)
        if metric and mark.phrase == metric.unit:
            continue
        name = f"{metric.code}|{mark.slot}" if metric else mark.id
        seen[name] += 1
        asked.append(_asked(f"{name}|{seen[name]}", mark, metric, finder))
    return tuple(asked)


class _Offices:
    """Who answers for a figure: 责任股室 of its metric, else of the row it is printed in, else the lead office."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.ledger = facts, facts.ledger
        records = self.ledger[METRICS.title]
        self.metrics = {f"{records.table.name}!{records.table.numbers[metric.row]}": metric for metric in facts.metrics}
        self.of_metric = records.texts("责任股室")
        self.of_row = dict(self._rows())
        self.lead = self._lead()

    def _rows(self) -> Iterator[tuple[str, str]]:
        for sheet in (TASKS, ITEMS, PROBLEMS):
            records = self.ledger[sheet.title]
            for number, office in zip(records.table.numbers, records.texts("责任股室"), strict=True):
                yield f"{records.table.name}!{number}", office

    def _lead(self) -> str:
        records = self.ledger[OFFICES.title]
        roles = zip(records.texts("角色"), records.texts("名称"), strict=True)
        return next((name for role, name in roles if role == LEAD), NOBODY)

    def metric(self, mark: Mark) -> Metric | None:
        """The metric whose definition the figure names first."""
        return next((self.metrics[row] for row in map(_row_of, mark.cells) if row in self.metrics), None)

    def office(self, mark: Mark, metric: Metric | None) -> str:
        own = self.of_metric[metric.row] if metric else ""
        return own or self.of_row.get(_row_of(mark.place), "") or self.lead


def _row_of(cell: str) -> str:
    """活动!C5 -> 活动!5."""
    sheet, _, place = cell.rpartition("!")
    return f"{sheet}!{place.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"


def _asked(name: str, mark: Mark, metric: Metric | None, finder: _Offices) -> Asked:
    compared = metric if metric and mark.slot in (metric.name, metric.identifier, metric.code) else None
    last_year, change = _compared(finder.facts, compared) if compared else ("", "")
    behind = (mark.phrase, mark.value, *(mark.row_ids if all(mark.row_ids) else mark.rows))
    return Asked(name, finder.office(mark, metric), metric.name if metric else "", mark.phrase, _sentence(mark),
                 _source(mark), last_year, change, hashlib.sha256("\0".join(behind).encode()).hexdigest()[:16])


def _compared(facts: Facts, metric: Metric) -> tuple[str, str]:
    """Last year's value as printed, and the change."""
    printed, now = facts.last_year(metric), facts.amount(metric).value
    if printed is None or metric.last_year is None or now is None:
        return "", ""
    return printed.phrase or plain(metric.last_year.value), _change(metric, metric.last_year, now)


def _change(metric: Metric, before: Quantity, now: Decimal) -> str:
    grown = now - before.value
    if not grown:
        return "持平"
    word = "增加" if grown > 0 else "减少"
    if metric.style.percent:
        return f"{word}{plain(round(abs(grown) * 100, 2))}个百分点"
    share = f"（{plain(round(abs(grown) / abs(before.value) * 100, 1))}%）" if before.value else ""
    return f"{word}{plain(round(abs(grown), 2))}{share}"


def _sentence(mark: Mark) -> str:
    """The sentence, a long one cut around the figure."""
    sentence = mark.context.strip()
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    at = max(sentence.find(mark.phrase), 0)
    start = max(0, min(at - LONGEST_SENTENCE // 2, len(sentence) - LONGEST_SENTENCE))
    end = start + LONGEST_SENTENCE
    return f"{'…' * (start > 0)}{sentence[start:end]}{'…' * (end < len(sentence))}"


def _source(mark: Mark) -> str:
    """活动 11 行之和：活动第5、7—9行; without rows the cells."""
    how = mark.how or "填报"
    return f"{how}：{_rows(mark.rows)}" if mark.rows else f"{how}：{'、'.join(mark.cells)}"


def _rows(rows: Sequence[str]) -> str:
    told = []
    for sheet, group in groupby(rows, key=lambda row: row.rpartition("!")[0]):
        told.append(f"{sheet}第{_runs([int(row.rpartition('!')[2]) for row in group])}行")
    text = "、".join(told)
    return text if len(text) <= LONGEST_ROWS else f"{text[:LONGEST_ROWS].rpartition('、')[0]}……共 {len(rows)} 行"


def _runs(numbers: list[int]) -> str:
    """5、7—9."""
    ordered = enumerate(sorted(set(numbers)))
    runs = [[number for _, number in run] for _, run in groupby(ordered, key=lambda one: one[1] - one[0])]
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs)
