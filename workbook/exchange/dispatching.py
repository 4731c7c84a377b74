"""dispatch: one workbook for every office, sealed, entered in the journal; the same again sends nothing new."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workbook.book import recognize
from workbook.exchange import seal
from workbook.exchange.cover import Cover, Facts
from workbook.exchange.folder import SENT_FOLDER, Dispatch, Exchange, Sent
from workbook.exchange.letters.wording import Sender, sender_of
from workbook.exchange.master_ids import missing_ids, with_missing_ids
from workbook.exchange.outgoing import Outgoing, book_of, left_formulas, outgoing
from workbook.exchange.shares import FILLS, Share, Stays, chosen, offices_of, repeated_ids, shares
from workbook.exchange.withheld import require_harmless
from workbook.files import read_bytes, stamp, write_atomic
from workbook.findings import Cell, Refusal
from workbook.gate import admit
from workbook.identity import LEDGER_KEY, with_ids
from workbook.ledger import Ledger
from workbook.raw import RawValue
from workbook.reading.reader import read_content

_ID_LENGTH = 6
_NAMED = 5


class Prepared(NamedTuple):
    """A master that may be sent: nothing has been written yet.

    `ids` are the cells of the master that still lack an id; `stays` the rows that go to nobody.
    """

    path: str
    data: bytes
    ledger: Ledger
    ids: dict[Cell, RawValue]
    shares: list[Share]
    stays: list[Stays]

    @property
    def sender(self) -> Sender:
        return sender_of(self.ledger.head)


class Dispatched(NamedTuple):
    """What a run did: `new` is None where nothing had changed; `standing` is what each chosen office has now."""

    new: Dispatch | None
    standing: tuple[tuple[Dispatch, Sent, Share], ...]
    formulas: list[tuple[Cell, str]]
    ids_written: int


def prepare(path: str) -> Prepared:
    """Read a master and decide who gets what.

    Raises Refusal where it is no ledger, where something in it must not travel, where rows
    share an id, or where no office fills in.
    """
    data = read_bytes(path)
    raw = read_content(data, path, formulas=True, notes=True)
    admit(recognize(raw))
    named = with_ids(raw)
    ledger = Ledger(recognize(named))
    require_harmless(ledger, "下发")
    _refuse_copies(ledger)
    offices = offices_of(ledger)
    if all(one.role != FILLS for one in offices):
        raise Refusal(f"{path}：“股室”表里没有“角色”是“{FILLS}”的股室，不知道下发给谁。请先填好“股室”表。")
    made, stays = shares(ledger, offices)
    return Prepared(path, data, ledger, missing_ids(raw, named), made, stays)


def dispatch(exchange: Exchange, order: Prepared, due: str = "", offices: Collection[str] = ()) -> Dispatched:
    """Write and enter a workbook for every office whose rows, due date or dictionaries changed since its last one.

    `due` is ISO or ""; `offices` names some, by 名称 or 代码. The caller holds the lock.
    Raises Refusal; killed at any write, the next run completes.
    """
    if read_bytes(order.path) != order.data:
        raise Refusal(f"{order.path}：刚刚被改过，没有下发。请再运行一次。")
    wanted = chosen(order.shares, offices)
    sent = [outgoing(order.ledger, one) for one in wanted]
    current = latest(exchange.dispatches())
    fresh = [one for one in sent if not _stands(current.get(one.share.office.code), one, due)]
    written = _write_ids(order) if fresh else 0
    new = _send(exchange, order, fresh, due) if fresh else None
    current = latest(exchange.dispatches())
    standing = tuple((*current[one.office.code], one) for one in wanted)
    return Dispatched(new, standing, left_formulas(order.ledger, wanted), written)


def latest(dispatches: Iterable[Dispatch]) -> dict[str, tuple[Dispatch, Sent]]:
    """What each office was sent last, by its code."""
    return {sent.code: (one, sent) for one in dispatches for sent in one.offices}


def _stands(current: tuple[Dispatch, Sent] | None, one: Outgoing, due: str) -> bool:
    return current is not None and current[1].content == one.content(due)


def _refuse_copies(ledger: Ledger) -> None:
    cells = repeated_ids(ledger)
    if cells:
        told = "、".join(map(str, cells[:_NAMED])) + ("等" if len(cells) > _NAMED else "")
        raise Refusal(f"{ledger.path}：{told}共 {len(cells)} 行是连内部编号一起复制来的，收回来就分不清是哪一行，"
                      f"没有下发。请先用 taizhang repair 修复，或删掉多余的行。")


def _write_ids(order: Prepared) -> int:
    """Give the master's rows their ids; the previous version is kept as .bak."""
    if order.ids:
        write_atomic(order.path, with_missing_ids(order.data, order.ids, order.path), keep=True, durable=True)
    return len(order.ids)


def _send(exchange: Exchange, order: Prepared, fresh: Sequence[Outgoing], due: str) -> Dispatch:
    key, ledger = exchange.key(), order.ledger.book.meta[LEDGER_KEY]
    name, made = _begun(exchange, [one.content(due) for one in fresh])
    sent = []
    for one in fresh:
        office = one.share.office
        identity = seal.sealed(key, ledger, name, office.code, one.rows)
        data = _workbook(order, one, identity, due, made)
        file = f"{name}/{SENT_FOLDER}/{office.code}.xlsx"
        exchange.write(file, data)
        digest = hashlib.sha256(data).hexdigest()
        sent.append(Sent(office.name, office.code, file, digest, identity.seal, one.content(due)))
    done = Dispatch(name, made, due, ledger, tuple(sent))
    people = {one.share.office.code: [one.share.office.clerk, one.share.office.mail] for one in fresh}
    exchange.record_dispatch(done, sender=order.sender._asdict(), people=people, book=Path(order.path).name)
    return done


def _begun(exchange: Exchange, contents: Sequence[str]) -> tuple[str, str]:
    """The id and the moment of a dispatch: those of a run that was killed, where it was the same."""
    events = exchange.events()
    known = [event["id"] for event in events if event["event"] == "dispatch"]
    for event in events:
        if event["event"] == "preparing" and event["id"] not in known and event["contents"] == list(contents):
            return str(event["id"]), str(event["made"])
    when = stamp()
    told = "\0".join((str(len(known)), *contents))
    name = f"{when:%Y%m%d}-{hashlib.sha256(told.encode()).hexdigest()[:_ID_LENGTH]}"
    begun: Mapping[str, Any] = {"id": name, "made": when.isoformat(), "contents": list(contents)}
    exchange.record({"event": "preparing", **begun})
    return name, when.isoformat()


def _workbook(order: Prepared, one: Outgoing, identity: seal.Identity, due: str, made: str) -> bytes:
    from workbook.standard.cached import cached_values
    from workbook.standard.writer import write

    book, office, sender = book_of(one, identity.ledger, identity, due, made), one.share.office, order.sender
    facts = Facts(f"{sender.ledger}填报表", office.name, office.clerk, due, sender.contact, sender.phone,
                  identity.dispatch)
    return write(book, cached_values(book), dress=Cover(facts, book.tables, identity))
