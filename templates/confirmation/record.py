"""确认记录: what each office was asked and has signed, so that a later change is seen."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from templates.confirmation.figures import Asked
from workbook.findings import Refusal

VERSION = 1
FILE_NAME = "确认记录.json"


class State(StrEnum):
    """How far a figure is confirmed."""

    OPEN = "待确认"
    SIGNED = "已确认"
    CHANGED = "待重新确认"


class Standing(NamedTuple):
    """One figure as it was asked: `base` is what later runs are held against, `issued` what was printed last."""

    office: str
    base: str
    base_phrase: str
    issued: str
    issued_phrase: str
    signed: bool = False


class Record(NamedTuple):
    """All standings of one ledger, by the id of the figure."""

    ledger: str
    standings: Mapping[str, Standing]


def to_json(record: Record) -> str:
    standings = {key: one._asdict() for key, one in sorted(record.standings.items())}
    return json.dumps({"version": VERSION, "ledger": record.ledger, "figures": standings}, ensure_ascii=False, indent=1)


def from_json(text: str, path: str) -> Record:
    """The record of a file; raises Refusal where it is damaged or of a newer version."""
    try:
        told = json.loads(text)
        if told["version"] > VERSION:
            raise Refusal(f"{path}：由更新版本的程序写成，这个版本读不了。请升级程序后再试。")
        return Record(str(told["ledger"]), {key: Standing(**one) for key, one in told["figures"].items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refusal(f"{path}：确认记录已损坏，读不出来。请移走它再运行，各股室的数要从头确认。") from None


def signed(record: Record, office: str) -> Record:
    """The record after an office has signed what was printed for it last.

    Raises Refusal where it was never asked.
    """
    if not any(one.office == office for one in record.standings.values()):
        offices = "、".join(sorted({one.office for one in record.standings.values()})) or "无"
        raise Refusal(f"还没有给“{office}”出过确认单，不能记作已签。出过的有：{offices}。")
    return record._replace(standings={
        key: one._replace(base=one.issued, base_phrase=one.issued_phrase, signed=True) if one.office == office else one
        for key, one in record.standings.items()})


def issued(record: Record, asked: Iterable[Asked]) -> Record:
    """The record after these figures have been printed; those no longer in the report are dropped."""
    standings = {}
    for one in asked:
        known = _known(record, one) or Standing(one.office, one.digest, one.phrase, "", "")
        standings[one.id] = known._replace(issued=one.digest, issued_phrase=one.phrase)
    return record._replace(standings=standings)


def state_of(record: Record, one: Asked) -> tuple[State, str]:
    """How far a figure is confirmed, and where it has changed what it was."""
    known = _known(record, one)
    if known is None:
        return State.OPEN, ""
    if known.base != one.digest:
        return State.CHANGED, known.base_phrase
    return (State.SIGNED if known.signed else State.OPEN), ""


def gone(record: Record, asked: Collection[Asked]) -> list[Standing]:
    """What was confirmed and is no longer printed."""
    ids = {one.id for one in asked}
    return [one for key, one in record.standings.items() if key not in ids and one.signed]


def _known(record: Record, one: Asked) -> Standing | None:
    """The standing of a figure; one that another office answers for now starts anew."""
    known = record.standings.get(one.id)
    return known if known and known.office == one.office else None
