"""Letters sent by SMTP, one at a time, each entered in the journal, so that a broken run goes on where it stopped.

A letter is entered twice: `mailing` before its text goes over the line, then what the server said: `mailed` or
`unmailed`. Where a run was killed between the two, or the line broke there, nobody knows whether it went: it is not
sent again, but named, until a person says so. Which addresses have it is remembered address by address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.exchange.letters.drafts import Head

if TYPE_CHECKING:
    from workbook.exchange.smtp import Line, Sender

MAILING, MAILED, UNMAILED = "mailing", "mailed", "unmailed"
DOUBTFUL = "发到一半断了，对方收到没有不清楚"
_PROOF = ("新收", "旧版", "重复")
_ASK = "不知道对方收到没有{so}。请问一声：没有收到，加 --again {office} 重发；收到了，加 --arrived {office} 记下。"


class Outbound(NamedTuple):
    """One letter to one office: what has this `id` goes once to each address. `more` is written down beside it."""

    id: str
    kind: str
    office: str
    code: str
    to: Sequence[str]
    written: Callable[[Head], bytes]
    more: Mapping[str, object] = {}

    @property
    def told(self) -> dict[str, object]:
        """How the journal names it."""
        return {"letter": self.id, "kind": self.kind, "office": self.office, "code": self.code, **self.more}


class Outcome(NamedTuple):
    """What became of a letter: `why` is "" where it went."""

    letter: Outbound
    why: str = ""


class Fate(NamedTuple):
    """What is known of a letter: which addresses took it, which may have, how often it went, and under which id."""

    taken: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    times: int = 0
    message_id: str = ""

    def arrived(self) -> Fate:
        """The same where the office has it, however it came."""
        return self._replace(taken=self.taken | self.doubtful, doubtful=frozenset())

    def after(self, event: Mapping[str, Any]) -> Fate:
        """The same after one more event."""
        to, kind = frozenset(str(event["to"]).split(", ")), event["event"]
        if kind == MAILING:
            return self._replace(doubtful=self.doubtful | to, message_id=str(event.get("message_id", "")))
        if kind == UNMAILED:
            return self._replace(doubtful=self.doubtful - to)
        return self._replace(taken=self.taken | to, doubtful=self.doubtful - to, times=self.times + 1)


def letter_id(dispatch: str, code: str) -> str:
    """What names the letter that brings an office its workbook."""
    return f"下发 {dispatch} {code}"


def fates(events: Iterable[Mapping[str, Any]]) -> dict[str, Fate]:
    """What is known of every letter, by its id; a workbook that came back had arrived."""
    found: dict[str, Fate] = {}
    for event in events:
        if event["event"] == "received" and event["verdict"] in _PROOF:
            name = letter_id(event["dispatch"], event["code"])
            if name in found:
                found[name] = found[name].arrived()
        if event["event"] in (MAILING, MAILED, UNMAILED) and (name := str(event.get("letter", ""))):
            found[name] = found.get(name, Fate()).after(event)
    return found


def post(letters: Iterable[Outbound], sender: Sender, events: Iterable[Mapping[str, Any]],
         record: Callable[[Mapping[str, object]], None], again: Collection[str] = (), arrived: Collection[str] = ()
         ) -> Iterator[Outcome]:
    """Send what no address has yet, and tell what became of it.

    `again` and `arrived` name offices or their codes: letters are sent to the former once more, and doubtful ones
    to the latter are known to have arrived. `events` are the journal's so far, `record` adds one; the caller holds
    the folder's lock. Raises Refusal where the server cannot be reached, does not let us in, or breaks off again
    and again.
    """
    from workbook.exchange.smtp import Line

    known = fates(events)
    with Line(sender) as line:
        for one in letters:
            fate = known.get(one.id, Fate())
            if fate.doubtful and (one.office in arrived or one.code in arrived):
                event = {"event": MAILED, **one.told, "to": ", ".join(sorted(fate.doubtful))}
                record(event)
                fate = fate.after(event)
            forced = one.office in again or one.code in again
            to = [each for each in one.to if forced or each not in fate.taken | fate.doubtful]
            if to:
                yield Outcome(one, _sent(line, one._replace(to=to), fate, record))
            if not forced and fate.doubtful.intersection(one.to):
                yield Outcome(one, "上次发到一半断了，" + _ASK.format(so="，没有再发", office=one.office))


def message_id(letter: str, sender: str, times: int) -> str:
    """The Message-ID of a letter (RFC 5322, 3.6.4): the same until it went, so that a doubtful one sent again is
    known to be the same."""
    told = hashlib.sha256("\0".join((letter, sender, str(times))).encode()).hexdigest()[:32]
    return f"<taizhang.{told}@{sender.rpartition('@')[2]}>"


def _sent(line: Line, one: Outbound, fate: Fate, record: Callable[[Mapping[str, object]], None]) -> str:
    """Send one letter; why it did not go, or did not go to all, or nothing."""
    from workbook.exchange.smtp import Broken, Refused

    name = message_id(one.id, line.sender.address, fate.times)
    data = one.written(Head(to=one.to, sender=line.sender.address, date=formatdate(localtime=True), id=name))
    try:
        offer = line.offer(one.to, data)
    except Refused as refused:
        return str(refused)
    told = {**one.told, "to": ", ".join(offer.taken), "message_id": name}
    record({"event": MAILING, **told})
    try:
        line.deliver(data)
    except Refused as refused:
        record({"event": UNMAILED, **told, "why": str(refused)})
        return str(refused)
    except Broken as broken:
        return f"发到一半，{broken}，" + _ASK.format(so="", office=one.office)
    record({"event": MAILED, **told})
    return offer.why
