"""`taizhang merge`: returns go into the master; every row has one fate, and what two sides want waits for a person."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scripts.common import print_json, warn
from workbook.findings import Refusal

if TYPE_CHECKING:
    from scripts.merge_text import Told
    from workbook.exchange.folder import Exchange
    from workbook.exchange.incoming import Arrived, Bases
    from workbook.exchange.master import Master
    from workbook.exchange.preparing import Note, Prepared
    from workbook.exchange.settling import Run
    from workbook.exchange.standing import Standing

MEMORY, LETTERS = "合并", "退回"


class Gathered(NamedTuple):
    """What came, what of it can be merged, what is refused for its errors, and what is to be told."""

    good: list[Prepared]
    bad: list[Prepared]
    refused: list[tuple[str, str]]
    notes: list[Note]

    def doubtful(self) -> list[str]:
        """The offices of which two returns of one dispatch are equally old, or nobody knows how old."""
        ages = [(one.office, one.stored.dispatch, one.stored.age) for one in self.good]
        files = {one.stored.file for one in self.good}
        return sorted({age[0] for age in ages if ages.count(age) > 1}) if len(files) > 1 else []


def run(options: Namespace) -> int:
    """Merge a folder of returns; 1 where a row waits or was sent back."""
    from workbook.exchange.folder import Exchange
    from workbook.exchange.incoming import is_exchange

    source = Path(options.source)
    if not source.exists():
        raise Refusal(f"{source}：找不到这个文件夹。请核对 --from。")
    _refuse_odd(options)
    exchange = Exchange(source) if is_exchange(source) else None
    with exchange.lock() if exchange else nullcontext():
        return _merge(options, source, exchange)


def _refuse_odd(options: Namespace) -> None:
    if Path(options.output).suffix.lower() not in (".xlsx", ".xlsm"):
        raise Refusal(f"{options.output}：要写成 .xlsx 文件，请换个扩展名。")
    if Path(options.output).suffix.lower() != Path(options.book).suffix.lower():
        raise Refusal(f"{options.output}：扩展名要和主台账“{options.book}”一样。"
                      "旧格式的台账请先用 taizhang repair 转成 .xlsx。")


def _merge(options: Namespace, source: Path, exchange: Exchange | None) -> int:
    from scripts import merge_text
    from workbook.exchange.decisions import choices_in, not_understood
    from workbook.exchange.incoming import Bases, exchanges_near, from_exchange, from_folder
    from workbook.exchange.master import read_master
    from workbook.exchange.settling import run as settle

    master = read_master(options.book)
    beside = [exchange] if exchange else exchanges_near(source, Path(options.book))
    bases = Bases(beside)
    arrived = list(from_exchange(exchange) if exchange else from_folder(source, master, beside))
    gathered = gather(arrived, master, bases)
    was, choices = _remembered(master, options, beside), choices_in(master.raw)
    made = settle(master.id, master.side, [one.stored for one in gathered.good], master.reader, was=was,
                  choices=choices, order=bases.order, by_receipt=exchange is not None)
    told = merge_text.Told(master, gathered, made, not_understood(made.merged, choices, master.reader))
    _write(options, master, made, was, exchange)
    _back(options, master, gathered.bad, exchange)
    if exchange:
        _record(exchange, options, gathered, made, told)
    if options.json:
        print_json(told.as_json())
    elif not options.quiet:
        print("\n".join(told.lines(options.output)))
    return int(told.to_settle)


def gather(arrived: Iterable[Arrived], master: Master, bases: Bases) -> Gathered:
    """Read and check every return."""
    from templates.check import check_ledger
    from workbook.exchange.incoming import opened
    from workbook.exchange.preparing import prepare

    gathered = Gathered([], [], [], [])
    for one in arrived:
        try:
            if one.why:
                raise Refusal(f"{one.name}：{one.why}")
            read = opened(one, master)
            ready = prepare(read, master, bases, check_ledger(read.ledger))
        except Refusal as why:
            gathered.refused.append((one.name, str(why)))
            continue
        (gathered.bad if ready.errors else gathered.good).append(ready)
        gathered.notes.extend(ready.notes)
    return gathered


def _memory(output: str) -> Path:
    """Where a merge of a plain folder keeps what the next one must know: beside its result."""
    return Path(f"{output}.{MEMORY}.json")


def _remembered(master: Master, options: Namespace, beside: list[Exchange]) -> Standing | None:
    """What the merge that wrote the master left; none where it was written by none, or that is gone."""
    from workbook.exchange.memory import remembered
    from workbook.files import KEPT_VERSIONS, read_bytes

    if not master.run:
        return None
    places = [exchange.path / MEMORY / f"{master.run}.json" for exchange in beside]
    beside_books = [_memory(options.book), _memory(options.output)]
    places += [Path(f"{one}{version}") for version in ("", *KEPT_VERSIONS) for one in beside_books]
    for place in places:
        was = remembered(read_bytes(place)) if place.is_file() else None
        if was and was.ledger == master.id and run_name(was) == master.run:
            return was
    warn(f"{options.book}：找不到它上次合并留下的记录（合并批次 {master.run}），按第一次合并处理。")
    return None


def run_name(kept: Standing) -> str:
    """What names a merge: what it began with, what came, what it made."""
    import hashlib

    from workbook.exchange.memory import written

    return hashlib.sha256(written(kept)).hexdigest()[:12]


def _write(options: Namespace, master: Master, made: Run, was: Standing | None, exchange: Exchange | None) -> None:
    """The memory first: a result without it would be merged anew as if nothing had been."""
    from workbook.exchange.master import written as master_bytes
    from workbook.exchange.memory import written
    from workbook.files import write_atomic

    name = run_name(made.kept)
    data = master_bytes(master, made.target, made.merged, name)
    kept = made.kept if data != master.data else was
    if exchange and kept:
        exchange.write(f"{MEMORY}/{run_name(kept)}.json", written(kept))
    elif kept:
        write_atomic(_memory(options.output), written(kept), keep=True)
    Path(options.output).parent.mkdir(parents=True, exist_ok=True)
    write_atomic(options.output, data, keep=True, durable=True)


def _back(options: Namespace, master: Master, bad: list[Prepared], exchange: Exchange | None) -> None:
    """Write a letter for every return that has errors."""
    from workbook.exchange.letters.return_letters import files
    from workbook.exchange.letters.wording import sender_of
    from workbook.files import write_atomic

    for one in bad:
        for name, data in files(master.ledger, sender_of(master.ledger.head), one).items():
            if exchange:
                exchange.write(f"{one.stored.dispatch or MEMORY}/{LETTERS}/{name}", data)
            else:
                target = Path(options.output).parent / LETTERS / name
                target.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(target, data)


def _record(exchange: Exchange, options: Namespace, gathered: Gathered, made: Run, told: Told) -> None:
    """Enter into the journal what became of every file, once, and the balance of the run."""
    from scripts import merge_text
    from scripts.exchange_dispatch import register
    from workbook.exchange.outcome import balance

    known = {(str(event["event"]), str(event.get("received"))) for event in exchange.events()}
    merged = {one.file for one in made.kept.returns}
    fates = [("merged", one.stored.file, "", one.office) for one in gathered.good if one.stored.file in merged]
    fates += [("sent_back", one.file, "旧版", one.back.office) for one in made.stale]
    fates += [("sent_back", one.stored.file, merge_text.INVALID, one.office) for one in gathered.bad]
    for event, file, why, office in fates:
        if (event, file) not in known:
            exchange.record({"event": event, "received": file, "office": office, **({"why": why} if why else {})})
    exchange.record({"event": "merge", "book": str(options.book), "output": str(options.output),
                     "run": run_name(made.kept), "balance": balance(told.fates)})
    register(exchange)


if __name__ == "__main__":
    from scripts.cli import main

    sys.exit(main(["merge", *sys.argv[1:]]))
