"""One ledger as a unit of a rollup: who it is, what it counts, and that nothing of it must stay at home."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from workbook.book import recognize
from workbook.exchange.seal import DISPATCH_KEY
from workbook.facts import Facts
from workbook.files import read_bytes
from workbook.findings import Finding, Refusal
from workbook.gate import admit
from workbook.identity import content_digest, with_ids
from workbook.ledger import Ledger
from workbook.personal import masked, personal_numbers
from workbook.reading.reader import read
from workbook.rollup.events import Event, events_of
from workbook.rollup.measures import Tallies, tallies
from workbook.schema import EVENTS, GENERATED_SHEETS, HEAD_SHEET, METRICS, STATISTICS

_CARRIED = {
    HEAD_SHEET: None, STATISTICS.title: None, METRICS.title: None,
    EVENTS.title: {"编号", "活动名称", "地点", "参与（人次）"},
}
"""The columns whose texts a rollup carries; None: any."""
_SECRET = ("P007", "P008")
_PERSONAL = ("P001", "P002", "P003", "P004", "P005", "P006")


class TableCell(NamedTuple):
    """One cell of a 统计表; `value` is exact where a metric gave it; a `ratio` cannot be added up."""

    table: str
    row: str
    column: str
    unit: str
    value: str
    ratio: bool


class Unit(NamedTuple):
    """One ledger that is rolled up, as plain values; `content` tells equal ledgers from different ones."""

    name: str
    region: str
    file: str
    digest: str
    content: str
    year: str
    span: str
    events: tuple[Event, ...]
    tallies: Tallies
    tables: tuple[TableCell, ...]


TablesOf = Callable[[Ledger, Facts], tuple[TableCell, ...]]


def read_unit(path: Path, label: str, tables_of: TablesOf) -> Unit:
    """One ledger, ready to be rolled up; `label` is what its file is called in the result.

    Raises Refusal for a file that is no ledger, does not say whose or for which days, or holds what must not travel.
    """
    if personal_numbers(label):
        raise Refusal(f"{masked_name(label)}：文件名里有个人号码，没有汇总。请改名后再汇总。")
    digest = hashlib.sha256(read_bytes(path)).hexdigest()
    ledger = Ledger(admit(recognize(with_ids(read(str(path), notes=True, skip=GENERATED_SHEETS)))))
    return unit_of(ledger, label, digest, tables_of)


def unit_of(ledger: Ledger, label: str, digest: str, tables_of: TablesOf) -> Unit:
    """A ledger whose rows have ids as a unit; `digest` is its file's. Raises Refusal as `read_unit` does."""
    facts = Facts(ledger)
    name = "".join(ledger.head.text("机关全称").split())
    if not name or facts.window.start is None or facts.window.end is None:
        raise Refusal(f"{label}：报告信息的机关全称、统计起、统计止没有填全，不知道是谁的、哪一段的数，没有汇总。"
                      "请补填。")
    if ledger.book.meta.get(DISPATCH_KEY):
        raise Refusal(f"{label}：这是发给股室填报的一份，不是全局的台账，没有汇总。请用总台账。")
    refuse_secrets(ledger, facts, label)
    return Unit(name, ledger.head.text("行政区划"), label, digest, content_digest(ledger.book),
                ledger.head.text("报告年度"), f"{facts.window.start}至{facts.window.end}",
                tuple(events_of(name, facts)), tallies(facts), tables_of(ledger, facts))


def masked_name(text: str) -> str:
    """A file name with its personal numbers masked."""
    for one in reversed(personal_numbers(text)):
        text = text[:one.start] + masked(one) + text[one.end:]
    return text


def refuse_secrets(ledger: Ledger, facts: Facts, label: str) -> None:
    """Raise Refusal, naming the cell, for a 密级 anywhere and for personal data in what a rollup carries."""
    from workbook.rules.every import RULES
    from workbook.rules.registry import run_rules

    for one in run_rules(ledger, facts, [RULES[code] for code in (*_SECRET, *_PERSONAL)]):
        if one.code in _SECRET:
            raise Refusal(f"{label}：{one.where or '文件'}有密级（{one.value}），汇总不收，没有读入。"
                          "请按保密规定处理这份文件。")
        if _is_carried(ledger, one):
            raise Refusal(f"{label}：{one.where}有个人信息（{one.value}），汇总不带走，没有读入。请删掉后再汇总。")


def _is_carried(ledger: Ledger, one: Finding) -> bool:
    tables = (ledger.book.head, *ledger.book.tables.values())
    title = next((table.sheet.title for table in tables if one.cell and table.name == one.cell.sheet), "")
    columns = _CARRIED.get(title, set())
    return columns is None or one.column in columns
