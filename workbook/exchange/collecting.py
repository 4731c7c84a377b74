"""What came back is looked at, judged, kept and written down: one line for each piece, once, whatever happens."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from workbook.exchange.folder import ID_LENGTH, Dispatch, Exchange, Received, Sent, original_id
from workbook.exchange.mail.addresses import addresses_in
from workbook.exchange.mail.mime import is_message
from workbook.exchange.mail.names import line_of, shown
from workbook.exchange.mail.pieces import BOUNCED, Piece, named
from workbook.exchange.mail.texts import secrecy_mark
from workbook.exchange.mailboxes import mailboxes
from workbook.exchange.returned import Returned
from workbook.files import stamp
from workbook.findings import Refusal
from workbook.reading.sniff import Container

NEW, AGAIN, OUTDATED, SECRET, ASIDE, OTHERS = "新收", "重复", "旧版", "疑似涉密", "可疑", "他单位"
TO_SETTLE = (ASIDE, SECRET, "加密", "损坏", OTHERS, "仅云链接", "退信")
"""The verdicts after which somebody has to do something."""
ACCEPTABLE = (ASIDE, OTHERS)
Look = Callable[[bytes, str, bytes], Returned]
"""(bytes, name, seal key) -> what the file is."""


class Collected(NamedTuple):
    """One line of the register, with the reason, the sender, and whether this run wrote it."""

    received: Received
    why: str
    sender: str
    new: bool

    @property
    def open(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.received.verdict in TO_SETTLE and not self.received.accepted

    def as_json(self) -> dict[str, object]:
        return {**self.received._asdict(), "why": self.why, "sender": self.sender, "new": self.new}


class _Finding(NamedTuple):
    verdict: str
    why: str = ""
    office: str = ""
    code: str = ""
    dispatch: str = ""
    saved: str = ""


def collect(exchange: Exchange, pieces: Iterable[Piece], look: Look) -> Iterator[Collected]:
    """Register every piece that is not yet, and yield its line, and the line of every piece that is.

    The caller holds the folder's lock. Stopped anywhere and run again on the same sources, it goes on where it was.
    """
    collecting = _Collecting(exchange, look)
    for piece in pieces:
        yield collecting.take(piece)


def dispatched(exchange: Exchange) -> tuple[Dispatch, ...]:
    """What was sent from a folder; raises Refusal where nothing ever was."""
    found = exchange.dispatches()
    if not found:
        raise Refusal(f"{exchange.path}：这里没有下发过台账，认不出哪些是退回来的。"
                      f"请核对 --to，或先用 taizhang dispatch 下发。")
    return found


def accept(exchange: Exchange, ids: Iterable[str]) -> list[Received]:
    """Let in what was set aside, by id; raises Refusal, before anything is written, for an id that cannot be."""
    known = exchange.received()
    chosen = [_acceptable(known, one) for one in dict.fromkeys(ids)]
    for one in chosen:
        if not one.accepted:
            exchange.record({"event": "accepted", "received": one.id})
    return [one._replace(accepted=True) for one in chosen]


def _acceptable(known: Iterable[Received], name: str) -> Received:
    named = [one for one in known if one.id == name]
    if not named:
        raise Refusal(f"--accept {name}：收发登记里没有这个编号。请照 taizhang collect 列出的编号写。")
    found = next((one for one in named if one.verdict in ACCEPTABLE), None)
    if found is None:
        raise Refusal(f"--accept {name}：登记的是“{named[-1].verdict}”，不是搁置的台账，不用也不能准收。")
    if not found.code:
        raise Refusal(f"--accept {name}：“{found.name}”认不出是哪个股室的台账，不能合并。请让对方用下发的表重新填报。")
    return found


class _Collecting:
    """What is known so far; every piece adds to it."""

    def __init__(self, exchange: Exchange, look: Look) -> None:
        self.exchange, self.look = exchange, look
        self.dispatches = dispatched(exchange)
        self.key = exchange.key()
        self.received = list(exchange.received())
        events = exchange.events()
        self.mailboxes = mailboxes(events)
        written = [one for one in events if one["event"] == "received"]
        self.lines = {str(event.get("place", "")): (line, event)
                      for line, event in zip(self.received, written, strict=True)}
        self.places: Counter[str] = Counter()

    def take(self, piece: Piece) -> Collected:
        self.places[piece.origin] += 1
        place = named(piece.origin, str(self.places[piece.origin]))[:ID_LENGTH]
        if place in self.lines:
            line, event = self.lines[place]
            return Collected(line, str(event.get("why", "")), str(event.get("sender", "")), False)
        found = self._settled(piece, self._judged(piece))
        return self._written(piece, place, found)

    def _written(self, piece: Piece, place: str, found: _Finding) -> Collected:
        """Keep the original, then write the line: killed between the two, the next run writes it."""
        name = original_id(piece.data) if piece.data else place
        stored = ""
        if piece.data and found.verdict != SECRET:
            name, stored = self.exchange.store(piece.data, _ending(piece.data, found.verdict))
        sender = piece.senders[-1] if piece.senders else ""
        line = Received(name, found.office, found.code, found.dispatch, stored, found.verdict, shown(piece.name),
                        piece.source, stamp().isoformat(), found.saved)
        why = line_of(found.why, 300)
        event: dict[str, Any] = {"event": "received", **line._asdict(), "why": why, "sender": line_of(sender),
                                 "sent": piece.date, "place": place,
                                 **({"message_id": piece.message_id} if piece.message_id else {})}
        self.exchange.record(event)
        self.received.append(line)
        self.lines[place] = line, event
        return Collected(line, why, line_of(sender), True)

    def _settled(self, piece: Piece, found: _Finding) -> _Finding:
        """The same bytes again are 重复, unless they were set aside before and are sound now."""
        if not piece.data or found.verdict == SECRET:
            return found
        name = original_id(piece.data)
        before = [one for one in self.received if one.id == name and one.verdict != AGAIN]
        first = next((one for one in before if one.accepted or one.verdict in (NEW, OUTDATED, found.verdict)), None)
        if first is None:
            return found
        return found._replace(verdict=AGAIN, why=f"和 {_minute(first.received)} 收到的“{first.name}”一样。")

    def _judged(self, piece: Piece) -> _Finding:
        mark = next(filter(None, map(secrecy_mark, (piece.name, *piece.route, *piece.texts))), "")
        if mark:
            return _Finding(SECRET, f"文件名或邮件里有密级标志“{mark}”，没有收进来。请按保密规定处理。")
        if piece.verdict == BOUNCED:
            return self._bounced(piece)
        settled = Returned(piece.verdict, piece.why) if piece.verdict else None
        found = settled or self.look(piece.data, piece.name, self.key)
        if found.verdict == SECRET:
            return _Finding(SECRET, f"{found.why}没有收进来，请按保密规定处理。")
        return self._of_office(piece, found)

    def _bounced(self, piece: Piece) -> _Finding:
        """Whose letter came back: that of the one office of which a mailbox is named."""
        named = addresses_in("\n".join((piece.why, *piece.texts)))
        codes = {code for one in named for code in self.mailboxes.codes(one)}
        sent = next((sent for one in reversed(self.dispatches) for sent in one.offices if codes == {sent.code}), None)
        if sent is None:
            return _Finding(BOUNCED, piece.why)
        why = f"发给{sent.office}的信退回来了（{piece.why}）。请核对它的邮箱，改好后再发一次。"
        return _Finding(BOUNCED, why, sent.office, sent.code)

    def _of_office(self, piece: Piece, found: Returned) -> _Finding:
        """Whose return it is, and whether it can be let in."""
        identity = found.identity
        dispatch = next((one for one in self.dispatches if identity and one.id == identity.dispatch), None)
        sent = next((one for one in dispatch.offices if identity and one.code == identity.code), None) if dispatch \
            else None
        known = _Finding("", "", sent.office, sent.code, dispatch.id, found.saved) if sent and dispatch else \
            _Finding("", saved=found.saved)
        verdict, why = (found.verdict, found.why) if found.verdict else self._borne_out(found, sent)
        if not verdict and sent and dispatch:
            verdict, why = self._from_them(piece, sent) or self._in_order(sent, dispatch, found) or (NEW, "")
        return known._replace(verdict=verdict, why=why)

    def _borne_out(self, found: Returned, sent: Sent | None) -> tuple[str, str]:
        """What its identity says against it; nothing where all is well."""
        ours = {one.ledger_id for one in self.dispatches}
        identity = found.identity
        if identity is None:
            if not found.agree:
                return ASIDE, "几处下发标识互相矛盾，认不出是谁的。请向股室核实。"
            if found.ledger in ours:
                return ASIDE, "是这本台账，但没有下发标识（是主台账，或标识被删了）。请让股室用下发的表填报。"
            return "非本台账", "是台账，但不是从这里下发的。"
        if identity.ledger not in ours:
            return "非本台账", "是别的台账的下发表。"
        if sent is None or not found.sealed:
            return ASIDE, "封签对不上：台账、下发编号或股室代码被改过，或不是从这个文件夹下发的。请向股室核实。"
        if not found.agree:
            return ASIDE, "几处下发标识不一致，可能是拼起来的表。请向股室核实。"
        return "", ""

    def _from_them(self, piece: Piece, sent: Sent) -> tuple[str, str] | None:
        """What the senders of the mail say against it."""
        if not piece.senders or set(piece.senders) <= self.mailboxes.of(sent.code):
            return None
        for sender in reversed(piece.senders):
            codes = self.mailboxes.codes(sender)
            if not codes:
                who = f"发件人 {sender} 不在“股室”表的邮箱里" if sender else "邮件没有发件人"
                return ASIDE, f"{who}。请向{sent.office}核实后准收。"
            if sender == piece.senders[-1] and sent.code not in codes:
                return OTHERS, f"是{sent.office}的表，却是从别的股室的邮箱（{sender}）寄来的。请核实后准收。"
        return None

    def _in_order(self, sent: Sent, dispatch: Dispatch, found: Returned) -> tuple[str, str] | None:
        """旧版: an older dispatch, or an older save of the same one, than what this office already returned."""
        order = {one.id: at for at, one in enumerate(self.dispatches)}
        for one in self.received:
            if one.code != sent.code or not (one.verdict == NEW or one.accepted):
                continue
            if order.get(one.dispatch, -1) > order[dispatch.id]:
                return OUTDATED, f"是更早一次下发的表；{sent.office}已交来后一次的“{one.name}”。"
            if one.dispatch == dispatch.id and _earlier(found.saved, one.saved):
                times = f"{_minute(found.saved)}，那份 {_minute(one.saved)}"
                return OUTDATED, f"保存得比已收到的“{one.name}”早（{times}）。"
        return None


def _earlier(one: str, other: str) -> bool:
    return bool(one and other) and dt.datetime.fromisoformat(one) < dt.datetime.fromisoformat(other)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _ending(data: bytes, verdict: str) -> str:
    """What the kept original is called: a name that programs open only where opening it is sound."""
    if is_message(data):
        return ".eml"
    if data.startswith(Container.ZIP.value) and b"vbaProject.bin" not in data:
        return ".xlsx" if b"[Content_Types].xml" in data else ".zip"
    sound = data.startswith(Container.OLE.value) and verdict not in (ASIDE, "损坏", "非本台账", "加密")
    return ".xls" if sound else ".bin"
