"""`taizhang rollover`: next year's ledger from this one, with what was carried, reset and left."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common import print_json, tell
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.rollover.head import Plan
    from workbook.rollover.notes import Note
    from workbook.rollover.rollover import Rolled

SHOWN = 30
_KEYS = {"带入": "carried", "重置": "reset", "没有带": "left", "请核对": "look", "要处理": "settle"}


def run(options: Namespace) -> int:
    """Write the next year's workbook; 1 where a number of it cannot be relied on yet."""
    from workbook.files import write_atomic
    from workbook.reading.reader import read
    from workbook.rollover.rollover import rollover
    from workbook.schema import GENERATED_SHEETS
    from workbook.standard.making import workbook_bytes

    target = Path(options.output)
    if target.suffix.lower() != ".xlsx":
        raise Refusal(f"{options.output}：要写成 .xlsx 文件，请换个扩展名。")
    if target.exists():
        raise Refusal(f"{options.output}：已经有这个文件，没有覆盖。请换个名称，或先移走它。")
    made = rollover(read(options.book, skip=GENERATED_SHEETS), options.year, plan=_plan(options), path=target.name)
    write_atomic(target, workbook_bytes(made.raw), durable=True)
    _report(options, made)
    return int(made.to_settle)


def _plan(options: Namespace) -> Plan | None:
    from workbook.rollover.head import Plan

    start, end = _day(options.plan_start, "--plan-start"), _day(options.plan_end, "--plan-end")
    if options.plan is None and (start or end):
        raise Refusal("--plan-start、--plan-end 要和 --plan 一起用，请写明新规划期的名称。")
    return None if options.plan is None else Plan(options.plan, start, end)


def _day(text: str | None, option: str) -> dt.date | None:
    from workbook.normalize import read_date

    if text is None:
        return None
    day = read_date(text, year=None).value
    if day is None:
        raise Refusal(f"{option} 不能是“{text}”，请写成 2026-01-01 这样的日期。")
    return day


def _report(options: Namespace, made: Rolled) -> None:
    from workbook.faults import safe

    groups = {word: [note for note in made.notes if note.fate == word] for word in _KEYS}
    if options.json:
        lines = {_KEYS[word]: [{key: safe(text) for key, text in one.as_json().items()} for one in notes]
                 for word, notes in groups.items()}
        print_json({"file": options.book, "output": options.output, "year": options.year, **lines})
    tell(f"已结转：{options.output}（{options.year}年）。", options)
    for word, notes in groups.items():
        if notes:
            tell(f"{word} {len(notes)} 条：", options)
        for note in notes[:SHOWN]:
            tell(f"  {safe(_told(note))}", options)
        if len(notes) > SHOWN:
            tell(f"  ……还有 {len(notes) - SHOWN} 条，加 --json 全部列出。", options)
    tell(f"接着校验：taizhang check {options.output}", options)


def _told(note: Note) -> str:
    where = f"{note.sheet} {note.key}".strip()
    return f"{where}　{note.text}" if where else note.text
