"""status: where every office stands, told from the journal alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from workbook.exchange.dispatching import latest
from workbook.exchange.folder import Dispatch, Exchange, Received, Sent
from workbook.exchange.mail.pieces import BOUNCED
from workbook.exchange.working_days import unknown_years, working_days

RETURNED, ASIDE, STALE = "新收", "可疑", "旧版"
_CONTACTS = ("mailed", "reminded", "sent_back")


class State(StrEnum):
    """Where an office's workbook is."""

    OUT = "未交回"
    BOUNCED = "退信"
    ASIDE = "待核实"
    BACK = "已交回"
    SENT_BACK = "已退回"
    MERGED = "已合并"


class Progress(NamedTuple):
    """One office: `returned` is when its last usable return came ("" for none), `contact` the last time anything
    went either way; `overdue` counts working days since the due date, 0 where in time or without one.
    """

    office: str
    code: str
    clerk: str
    mail: str
    dispatch: str
    due: str
    state: State
    late: bool
    overdue: int
    returned: str
    contact: str
    counts: Mapping[str, int]

    @property
    def waiting(self) -> bool:
        """Whether its workbook has still to come back; what somebody sent in its name and was set aside is none."""
        return self.state in (State.OUT, State.BOUNCED, State.SENT_BACK, State.ASIDE)

    def as_json(self) -> dict[str, object]:
        """For `status --json`."""
        kept = {name: value for name, value in self._asdict().items() if name not in ("clerk", "mail")}
        return kept | {"state": self.state.value, "counts": dict(self.counts)}


def progress(exchange: Exchange, today: dt.date) -> list[Progress]:
    """Every office that was ever sent anything, by its last dispatch, in the order of sending."""
    events = exchange.events()
    received = exchange.received()
    people: dict[str, Sequence[str]] = {}
    for event in events:
        if event["event"] == "dispatch":
            people |= event.get("people", {})
    return [_progress(one, sent, people.get(code, ("", "")), _of(received, code), events, today)
            for code, (one, sent) in latest(exchange.dispatches()).items()]


def uncertain_years(found: Iterable[Progress], today: dt.date) -> list[int]:
    """The years in which overdue days were counted by weekends alone."""
    days = [dt.date.fromisoformat(one.due) for one in found if one.due and one.overdue]
    return sorted({year for day in days for year in unknown_years(day, today)})


def _of(received: Iterable[Received], code: str) -> list[Received]:
    return [one for one in received if one.code == code]


def _progress(one: Dispatch, sent: Sent, person: Sequence[str], received: Sequence[Received],
              events: Sequence[Mapping[str, Any]], today: dt.date) -> Progress:
    stale = {event.get("received") for event in events if event["event"] == "sent_back" and event.get("why") == STALE}
    answers = [came for came in received if came.dispatch == one.id and came.id not in stale]
    usable = [came for came in answers if came.verdict == RETURNED or came.accepted]
    state, counts = _state(answers, usable, events, sent.office)
    if state is State.OUT and _came_back(sent.code, received, events):
        state = State.BOUNCED
    returned = usable[-1].received if usable else ""
    late, overdue = _lateness(one.due, returned if state is not State.SENT_BACK else "", today)
    return Progress(sent.office, sent.code, person[0], person[1], one.id, one.due, state, late, overdue, returned,
                    _contact(one, sent, received, events), counts)


def _state(answers: Sequence[Received], usable: Sequence[Received], events: Sequence[Mapping[str, Any]], office: str
           ) -> tuple[State, Mapping[str, int]]:
    """The state, by what was done last with the last usable return, and what a merge counted."""
    if not usable:
        return (State.ASIDE if any(came.verdict == ASIDE for came in answers) else State.OUT), {}
    done = [event for event in events if event.get("received") == usable[-1].id
            and event["event"] in ("merged", "sent_back")]
    if not done:
        return State.BACK, {}
    if done[-1]["event"] == "sent_back":
        return State.SENT_BACK, {}
    balances = [event["balance"] for event in events if event["event"] == "merge"]
    return State.MERGED, done[-1].get("counts") or (balances[-1].get(office, {}) if balances else {})


def _came_back(code: str, received: Sequence[Received], events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a letter to an office came back after the last one was sent by us."""
    bounced = [came.received for came in received if came.verdict == BOUNCED]
    sent = [str(event["at"]) for event in events if event["event"] == "mailed" and event.get("code") == code]
    return bool(bounced) and max(bounced) >= max(sent, default="")


def _lateness(due: str, returned: str, today: dt.date) -> tuple[bool, int]:
    """Whether it came, or still has to come, after the due date; the working days since then."""
    if not due:
        return False, 0
    day = dt.date.fromisoformat(due)
    until = dt.date.fromisoformat(returned[:10]) if returned else today
    return until > day, working_days(day, until) if until > day else 0


def _contact(one: Dispatch, sent: Sent, received: Sequence[Received], events: Sequence[Mapping[str, Any]]) -> str:
    moments = [one.made, *(came.received for came in received)]
    names = (sent.code, sent.office)
    moments += [str(event["at"]) for event in events
                if event["event"] in _CONTACTS and (event.get("code") or event.get("office")) in names]
    return max(moments)
