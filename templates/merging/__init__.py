"""Returns go into the master: gathered, checked, merged, written, entered into the journal.

The command `merge` and the button 收回合并 both do it through here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from templates.merging.gathering import around, gather
from templates.merging.told import INVALID, Told
from workbook.disk.halves import pieces_of
from workbook.disk.spool import Kept
from workbook.exchange.decisions import choices_in, not_understood
from workbook.exchange.folder import Exchange
from workbook.exchange.incoming import exchanges_near, in_exchange, in_folder, is_exchange
from workbook.exchange.letters.return_letters import return_letter
from workbook.exchange.letters.wording import sender_of
from workbook.exchange.master import Master, read_master
from workbook.exchange.master import written as master_bytes
from workbook.exchange.memory import remembered, written
from workbook.exchange.posting import Outbound
from workbook.exchange.preparing import Prepared
from workbook.exchange.register import try_register
from workbook.exchange.settling import Run
from workbook.exchange.settling import run as settle
from workbook.exchange.standing import Standing
from workbook.files import KEPT_VERSIONS, make_folder, read_bytes, write_atomic
from workbook.findings import Refusal
from workbook.reading.reader import LARGEST_TOTAL, beyond_reading

MEMORY, LETTERS = "合并", "退回"
Say = Callable[[str], None]


class Order(NamedTuple):
    """A master, the folder of what came back (往来, or any), and where the result goes; `drafts`: the letters to
    offices whose returns have errors are also written as mail drafts; `jobs`: so many processes read at once."""

    book: str
    source: Path
    output: str
    drafts: bool = True
    jobs: int = 1


def merge(order: Order, warn: Say) -> Told:
    """Merge a folder of returns; `warn` gets what a person should know meanwhile.

    Raises Refusal where the folder is missing or the result cannot be a workbook like the master.
    """
    if not order.source.exists():
        raise Refusal(f"{order.source}：找不到这个文件夹。请核对 --from。")
    _refuse_odd(order)
    exchange = Exchange(order.source) if is_exchange(order.source) else None
    with exchange.lock() if exchange else nullcontext():
        return _merge(order, exchange, warn)


def _refuse_odd(order: Order) -> None:
    if Path(order.output).suffix.lower() not in (".xlsx", ".xlsm"):
        raise Refusal(f"{order.output}：要写成 .xlsx 文件，请换个扩展名。")
    if Path(order.output).suffix.lower() != Path(order.book).suffix.lower():
        raise Refusal(f"{order.output}：扩展名要和主台账“{order.book}”一样。"
                      "旧格式的台账请先用 taizhang repair 转成 .xlsx。")


def _merge(order: Order, exchange: Exchange | None, warn: Say) -> Told:
    master = read_master(order.book)
    beside = [exchange] if exchange else exchanges_near(order.source, Path(order.book), warn)
    at = around(master, exchange, beside)
    gathered = gather(in_exchange(exchange) if exchange else in_folder(order.source), at, order.jobs)
    last, choices = _remembered(master, order, beside, warn), choices_in(master.raw)
    made = settle(master.id, master.side, gathered.good, master.reader, was=last and last[0], choices=choices,
                  order=at.bases.order, by_receipt=exchange is not None)
    told = Told(master, gathered, made, not_understood(made.merged, choices, master.reader))
    name = _write(order, master, made, last[1] if last else b"", exchange, warn)
    letters = _back(order, master, gathered.bad, exchange)
    if exchange:
        _record(exchange, order, told, name)
        said = try_register(exchange)
        if said:
            warn(said)
    return replace(told, letters=tuple(letters))


def _memory(output: str) -> Path:
    """Where a merge of a plain folder keeps what the next one must know: beside its result."""
    return Path(f"{output}.{MEMORY}.zip")


def _remembered(master: Master, order: Order, beside: list[Exchange], warn: Say) -> tuple[Standing, bytes] | None:
    """What the merge that wrote the master left, and its file; none where it was written by none, or that is gone."""
    if not master.run:
        return None
    places = [exchange.path / MEMORY / f"{master.run}.zip" for exchange in beside]
    beside_books = [_memory(order.book), _memory(order.output)]
    places += [Path(f"{one}{version}") for version in ("", *KEPT_VERSIONS) for one in beside_books]
    for place in places:
        data = read_bytes(place) if place.is_file() else b""
        was = remembered(data) if data and run_name(data) == master.run else None
        if was and was.ledger == master.id:
            return was, data
    warn(f"{order.book}：找不到它上次合并留下的记录（合并批次 {master.run}），按第一次合并处理。")
    return None


def run_name(kept: bytes | Kept) -> str:
    """What names a merge: what it began with, what came, what it made."""
    digest = hashlib.sha256()
    for piece in pieces_of(kept):
        digest.update(piece)
    return digest.hexdigest()[:12]


def _write(order: Order, master: Master, made: Run, last: bytes, exchange: Exchange | None, warn: Say) -> str:
    """Write the result, and return the run's name; `last` is what the merge before left.

    The memory first: a result without it would be merged anew as if nothing had been.
    """
    kept: bytes | Kept = written(made.kept)
    name = run_name(kept)
    data = master_bytes(master, made.target, made.merged, name)
    if data == master.data:
        kept = last
    make_folder(Path(order.output).parent)
    if exchange and kept:
        exchange.write(f"{MEMORY}/{run_name(kept)}.zip", kept)
    elif kept:
        write_atomic(_memory(order.output), kept, keep=True)
    write_atomic(order.output, data, keep=True, durable=True)
    if size := beyond_reading(data.spool.file if isinstance(data, Kept) else BytesIO(data)):
        warn(f"{order.output}：内容解开后有 {size >> 20} MB，本程序一次最多读 {LARGEST_TOTAL >> 20} MB，这本台账以后"
             "读不了。请把退回的表分成几份，各合并成一本，再用 taizhang rollup 汇总。")
    return name


def _back(order: Order, master: Master, bad: list[Prepared], exchange: Exchange | None) -> list[Outbound]:
    """Write a letter for every return that has errors; the same, to be sent."""
    ids = {str(event["id"]): str(event.get("message_id", "")) for event in exchange.events()
           if event["event"] == "received"} if exchange else {}
    made = [return_letter(master.ledger, sender_of(master.ledger.head), one, ids) for one in bad]
    for one, letter in zip(bad, made, strict=True):
        for name, data in letter.files(order.drafts).items():
            if exchange:
                exchange.write(f"{one.stored.dispatch or MEMORY}/{LETTERS}/{name}", data)
            else:
                target = Path(order.output).parent / LETTERS / name
                make_folder(target.parent)
                write_atomic(target, data)
    return [letter.outbound for letter in made]


def _record(exchange: Exchange, order: Order, told: Told, name: str) -> None:
    """Enter into the journal what became of every file, once, and the balance of the run."""
    gathered, made = told.gathered, told.made
    known = {(str(event["event"]), str(event.get("received"))) for event in exchange.events()}
    merged = {one.file for one in made.kept.returns}
    fates = [("merged", one.file, "", one.office) for one in gathered.good if one.file in merged]
    fates += [("sent_back", one.file, "旧版", one.office) for one in made.stale]
    fates += [("sent_back", one.stored.file, INVALID, one.office) for one in gathered.bad]
    for event, file, why, office in fates:
        if (event, file) not in known:
            exchange.record({"event": event, "received": file, "office": office, **({"why": why} if why else {})})
    exchange.record({"event": "merge", "book": str(order.book), "output": str(order.output),
                     "run": name, "balance": told.counts})
