"""One ledger becomes the next year's: nothing is counted twice, nothing is lost without being named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbook import schema
from workbook.acknowledged import acknowledged
from workbook.book import fold, recognize
from workbook.columns import flags_of
from workbook.exchange.seal import DISPATCH_KEY, OFFICE_KEY
from workbook.facts import Facts
from workbook.findings import Refusal
from workbook.gate import admit
from workbook.identity import LEDGER_KEY, with_ids
from workbook.ledger import Ledger
from workbook.raw import RawBook, RawSheet
from workbook.rollover import rows as carrying
from workbook.rollover.bases import Change, based, next_metrics
from workbook.rollover.head import Plan, Years, next_head, years_of
from workbook.rollover.notes import Fate, Note
from workbook.schema import CASES, CHAPTERS, DICTIONARY, EVENTS, LAWS, METRICS, OFFICES, PROBLEMS, STATISTICS, TASKS

PREVIOUS_KEY = "上年台账编号"
_WHOLE = (CHAPTERS, LAWS, OFFICES, DICTIONARY)
_PRINTED_ONCE = ("条目", *schema.GENERATED_SHEETS, schema.META_SHEET)


class Rolled(NamedTuple):
    """The new ledger's cells, before its own ids, and what was carried, reset and left."""

    raw: RawBook
    notes: tuple[Note, ...]

    @property
    def to_settle(self) -> bool:
        return any(note.fate is Fate.SETTLE for note in self.notes)


def rollover(old: RawBook, year: int, *, plan: Plan | None = None, path: str = "") -> Rolled:
    """The ledger of `year` from that of the year before; `path` is what the new one is called.

    A cumulative metric (统计期 规划期, 截至) starts from its value at 统计止 with 基数截止 that day; where
    规划期止 lies before `year`, those of 规划期 start from nothing and `plan` must name the new period.
    Rows keep their ids.
    Raises Refusal where the file is no ledger or one office's part of it, `year` is not the next one, or the plan
    is missing or too early.
    """
    ledger = Ledger(admit(recognize(with_ids(old))))
    _require_whole(ledger)
    years = years_of(ledger.head, old.path, year, plan)
    facts = Facts(ledger)
    head, notes = next_head(ledger.head, years)
    sheets, said = _sheets(facts, years)
    meta = RawSheet(schema.META_SHEET, [list(schema.HEAD_COLUMNS), [PREVIOUS_KEY, ledger.book.meta[LEDGER_KEY]]], False)
    told = (*notes, *said, *_old_words((head, *sheets), years.old), *_own_sheets(ledger), *_errors(ledger, facts))
    return Rolled(RawBook(path or old.path, (head, *sheets, meta)), told)


def _require_whole(ledger: Ledger) -> None:
    office = ledger.book.meta.get(OFFICE_KEY, "")
    if ledger.book.meta.get(DISPATCH_KEY):
        raise Refusal(f"{ledger.path}：这是发给{office or '股室'}填报的一份，不是全局的台账，不能结转。请用总台账。")


def _sheets(facts: Facts, years: Years) -> tuple[list[RawSheet], list[Note]]:
    """Every record sheet of the new ledger, in the order of the schema."""
    made = {sheet.title: _whole(facts, sheet.title) for sheet in _WHOLE}
    changes, notes = next_metrics(facts, years)
    made[METRICS.title] = carrying.sheet_of(facts.ledger[METRICS.title], facts.ledger[METRICS.title].facts, changes)
    kept, said = carrying.statistics_rows(facts.ledger[STATISTICS.title])
    made[STATISTICS.title] = carrying.sheet_of(facts.ledger[STATISTICS.title], kept, {})
    going = {TASKS.title: carrying.open_tasks(facts, years), PROBLEMS.title: carrying.open_problems(facts),
             **{one: carrying.after(facts, one, years.end) for one in (EVENTS.title, CASES.title)}}
    for title, rows in going.items():
        change, lines = _changes(facts, title, going, years)
        made[title] = carrying.sheet_of(facts.ledger[title], rows, change)
        said += lines
    said += [*_whole_notes(facts), *carrying.left_notes(facts, going)]
    said += _counted_twice(facts, going[TASKS.title], years)
    none = {sheet.title: carrying.sheet_of(facts.ledger[sheet.title], (), {}) for sheet in schema.SHEETS}
    return list((none | made).values()), notes + said


def _whole(facts: Facts, title: str) -> RawSheet:
    return carrying.sheet_of(facts.ledger[title], facts.ledger[title].facts, {})


def _changes(facts: Facts, title: str, going: dict[str, list[int]], years: Years
             ) -> tuple[dict[int, Change], list[Note]]:
    records, rows = facts.ledger[title], going[title]
    if title == TASKS.title:
        return carrying.task_changes(records, rows, years.old)
    changes, notes = carrying.linked(records, rows, years.old), carrying.carried_notes(records, rows)
    if title == EVENTS.title:
        tasks = facts.ledger[TASKS.title]
        kept = {tasks.folded("编号")[index] for index in going[TASKS.title]}
        lost, said = carrying.lost_links(facts, title, "关联任务", rows, kept)
        changes = {index: change | lost.get(index, {}) for index, change in changes.items()}
        notes += said
    return changes, notes


def _whole_notes(facts: Facts) -> Iterator[Note]:
    for sheet in (*_WHOLE, METRICS):
        count = len(facts.ledger[sheet.title].facts)
        if count:
            yield Note(Fate.CARRIED, sheet.title, f"{count} 行全部带入。")


def _counted_twice(facts: Facts, tasks: list[int], years: Years) -> Iterator[Note]:
    """A base that holds open tasks: they count again when they are finished."""
    going = set(tasks)
    for metric in facts.metrics:
        kept = not (years.plan and metric.period == "规划期")
        if metric.source == TASKS.title and based(metric) and kept:
            addends = facts.amount(metric).addends
            again = sum(flag and index in going for one in addends
                        for index, flag in enumerate(flags_of(one.chosen, len(one.table))))
            if again:
                text = f"“{metric.name}”的基数里有 {again} 项结转的任务，办结后会再算一次，请核对条件。"
                yield Note(Fate.LOOK, METRICS.title, text, metric.code)


def _old_words(sheets: tuple[RawSheet, ...], year: int) -> Iterator[Note]:
    """Carried texts that print the old year."""
    words = f"{year}年"
    for sheet in sheets:
        known = schema.BY_TITLE.get(sheet.name)
        slots = [column.title for column in known.columns if column.slots] if known else ["内容"]
        for row in sheet.rows[1:]:
            for title, value in zip(sheet.rows[0], row, strict=False):
                if title in slots and isinstance(value, str) and words in value:
                    yield Note(Fate.LOOK, sheet.name, f"{row[0]}的{title}里写着“{words}”，请看要不要改。", str(row[0]))


def _own_sheets(ledger: Ledger) -> Iterator[Note]:
    for sheet in ledger.book.others:
        if sheet.name not in _PRINTED_ONCE:
            yield Note(Fate.LEFT, sheet.name, "不是标准台账的表，没有带；要用的请从原台账复制。")
    if ledger.book.raw.sheet(schema.KNOWN_ISSUES):
        yield Note(Fate.LEFT, schema.KNOWN_ISSUES, "上一年的确认不带入，新台账重新核对。")


def _errors(ledger: Ledger, facts: Facts) -> Iterator[Note]:
    from workbook.rules.errors import errors_of

    wrong = [one for one in acknowledged(ledger, errors_of(ledger, facts)) if one.open]
    if wrong:
        first = f"{fold(wrong[0].where)} {wrong[0].message}"
        yield Note(Fate.SETTLE, "", f"原台账还有 {len(wrong)} 处错误（如 {first}），上年值和基数可能不对。"
                                    "请先用 taizhang check 改好，再结转一次。")
