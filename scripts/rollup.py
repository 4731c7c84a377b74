"""`taizhang rollup`: many ledgers become one table, by unit and in total, shared events counted once."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scripts.batch.result import Result, Trade, Voice
from scripts.common import inputs, print_json, tell, warn
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.rollup.collecting import Entry
    from workbook.rollup.events import Decisions, Group
    from workbook.rollup.rollup import Rollup

ENDINGS = (".xlsx", ".parquet")
NAMED = 20
"""How many metrics that are counted in different ways are named; the result has all."""


class Order(NamedTuple):
    """One ledger to read; `label` is what its file is called in the result."""

    source: str
    label: str
    voice: Voice = Voice(quiet=True)


def run(options: Namespace) -> int:
    """Roll up every ledger; 1 where something waits for a decision, 2 where a file could not be used."""
    from workbook.files import write_atomic
    from workbook.rollup.collecting import Status, settled
    from workbook.rollup.rollup import roll_up

    target = Path(options.output)
    if target.suffix.lower() not in ENDINGS:
        raise Refusal(f"{options.output}：要写成 .xlsx 或 .parquet 文件，请换个扩展名。")
    orders = [Order(str(path), label.as_posix()) for path, label in inputs(options.books)
              if not _is(path, options.output, options.decided)]
    entries = settled(_entries(orders, options))
    units = [entry.unit for entry in entries if entry.status is Status.TAKEN and entry.unit]
    for entry in entries:
        if entry.status is not Status.TAKEN:
            warn(f"  {entry.status}　{entry.file}：{entry.reason.removeprefix(f'{entry.file}：')}")
    if not units:
        raise Refusal("没有一本台账可以汇总，没有写文件。请照上面说的改好再汇总。")
    made = roll_up(units, _decided(options.decided))
    write_atomic(target, _bytes(made, entries, target), keep=True, durable=True)
    _report(options, made, entries)
    return _code(made, entries)


def _entries(orders: Sequence[Order], options: Namespace) -> Iterator[Entry]:
    """What became of every file alone."""
    from scripts.batch.alone import is_batch

    if not is_batch(orders, options):
        yield from (read_one(order).facts for order in orders)
        return
    from scripts.batch.run import Batch

    batch = Batch(TRADE, orders, options, settings=[])
    for result in batch.results():
        yield result.facts
    batch.close()


def read_one(order: Order) -> Result:
    """One ledger read for a rollup."""
    from templates.unit_tables import table_cells
    from workbook.rollup.collecting import read_entry

    started = time.perf_counter()
    entry = read_entry(Path(order.source), order.label, table_cells)
    return _result(order, entry, "ok" if entry.unit else "unusable", time.perf_counter() - started)


def _lost(order: Order, why: str) -> Result:
    from workbook.rollup.collecting import Entry, Status

    return _result(order, Entry(order.label, Status.UNUSABLE, f"没有读完（{why}）。请单独再试这一份。"), "failed")


def _result(order: Order, entry: Entry, status: str, seconds: float = 0.0) -> Result:
    return Result(order.source, status, 0 if entry.unit else 2, message=entry.reason, seconds=seconds, facts=entry)


TRADE = Trade("rollup", "已读", "本", "files", read_one, _lost,
              {"ok": "已读", "unusable": "没有汇总", "failed": "没读完"}, resumable=False)


def _is(path: Path, *results: str | None) -> bool:
    """Whether an input found in a folder is a rollup itself, written there before."""
    return any(path.exists() and Path(one).exists() and path.samefile(one) for one in results if one)


def _decided(path: str | None) -> Decisions:
    from workbook.reading.reader import read
    from workbook.rollup.decisions import read_decisions

    return read_decisions(read(path)) if path else {}


def _bytes(made: Rollup, entries: Sequence[Entry], target: Path) -> bytes:
    if target.suffix.lower() == ".xlsx":
        from workbook.rollup.sheets import to_xlsx

        return to_xlsx(made, entries)
    from workbook.rollup.long_form import TITLES, facts_of
    from workbook.rollup.parquet import to_parquet

    return to_parquet(TITLES, list(facts_of(made)), numeric=("值", "分子", "分母"))


def _code(made: Rollup, entries: Sequence[Entry]) -> int:
    from workbook.rollup.collecting import Status

    if any(entry.status is Status.UNUSABLE for entry in entries):
        return 2
    waiting = any(entry.status is Status.CONFLICT for entry in entries)
    return int(waiting or bool(made.undecided) or bool(made.differences))


def _report(options: Namespace, made: Rollup, entries: Sequence[Entry]) -> None:
    if options.json:
        print_json(_document(options, made, entries))
    again = sum(len(rows) for rows in made.shared.dropped.values())
    tell(f"已汇总：{options.output}。{len(made.units)} 个单位，{len(made.lines)} 个指标，"
         f"{len({table.table for table in made.tables})} 张统计表；重复登记的活动 {again} 行，去重后不再计。", options)
    if made.undecided:
        tell(f"  可能重复、等您定的 {made.undecided} 组：看工作表“待定重复”，在“决定”里填好，"
             f"再加 --decided {options.output} 汇总一次。", options)
    if left := len(made.shared.groups) - len(_listed(options, made)):
        tell(f"  重复的太多，“待定重复”里有 {left} 组没有列出：请先按县分别汇总，各自定好。", options)
    different = made.differences
    for name, unit, lines in different[:NAMED]:
        tell(f"  “{name}”（{unit or '无单位'}）有 {len(lines)} 种口径，没有加在一起，见工作表“口径差异”。", options)
    if len(different) > NAMED:
        tell(f"  ……还有 {len(different) - NAMED} 个指标也是这样。", options)


def _listed(options: Namespace, made: Rollup) -> Sequence[Group]:
    """The groups of rows that can be seen in the result."""
    if not options.output.lower().endswith(".xlsx"):
        return made.shared.groups
    from workbook.rollup.sheets import listed

    return listed(made.shared.groups)


def _document(options: Namespace, made: Rollup, entries: Sequence[Entry]) -> dict[str, object]:
    from workbook.rollup.long_form import facts_of

    groups = [{"verdict": group.verdict.value,
               "events": [{"unit": one.unit, "key": one.key, "row_id": one.row_id, "date": one.day.isoformat(),
                           "name": one.name, "place": one.place, "role": "协办" if one.helper else "主办",
                           "counted": one.row not in made.shared.dropped.get(one.unit, ())} for one in group.events]}
              for group in made.shared.groups]
    differences = [{"name": name, "unit": unit,
                    "ways": [{"definition": line.family.definition, "method": line.family.method,
                              "period": line.family.period, "units": list(line.units)} for line in lines]}
                   for name, unit, lines in made.differences]
    return {"output": options.output, "files": [entry.as_json() for entry in entries],
            "values": [fact._asdict() for fact in facts_of(made)], "duplicates": groups, "differences": differences}
