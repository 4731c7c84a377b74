"""Events that stand in more than one ledger: what is surely one counts once, what may be one is listed for decision."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from workbook.book import fold
from workbook.facts import Facts
from workbook.schema import EVENTS, ID_COLUMN

HELPER = "协办"
ALIKE_HERE, ALIKE = 0.5, 0.7
"""How much of two names must agree (Dice's coefficient of their letter pairs): at one place, and where one is blank."""

Mark = tuple[str, str]
"""Unit and row id."""
Decisions = Mapping[frozenset[Mark], bool]
"""What a person has decided of a group of rows: True, one event."""


class Verdict(StrEnum):
    """What is held of a group of rows; only 待定 waits for a person."""

    SAME = "同一件"
    OPEN = "待定"
    APART = "不是同一件"
    NO_HOST = "未见主办"


class Event(NamedTuple):
    """One row of 活动 of one unit; `row` counts from 0."""

    unit: str
    row: int
    row_id: str
    key: str
    day: dt.date
    name: str
    place: str
    helper: bool
    people: str
    region: str

    @property
    def mark(self) -> Mark:
        return self.unit, self.row_id

    @property
    def rank(self) -> tuple[bool, str, str, int]:
        """The lowest of a group counts: a 主办 row before a 协办 one."""
        return self.helper, self.unit, self.row_id, self.row


Cluster = tuple[Event, ...]


class Group(NamedTuple):
    """Rows of several units that are, or may be, one event."""

    verdict: Verdict
    events: Cluster


class Shared(NamedTuple):
    """Every group to look at, and by unit the rows that count in another unit."""

    groups: tuple[Group, ...]
    dropped: Mapping[str, frozenset[int]]


def events_of(unit: str, facts: Facts) -> list[Event]:
    """The counting rows of 活动 that name a day."""
    records = facts.ledger[EVENTS.title]
    ids, names, places, people = (records.texts(title) for title in (ID_COLUMN, "活动名称", "地点", "参与（人次）"))
    days, roles = records.dates("开始日期"), records.value_sets("角色")
    region = fold(facts.ledger.head.text("行政区划"))
    return [Event(unit, row, ids[row], records.key(row), day, names[row], places[row], HELPER in roles[row],
                  people[row], region) for row in records.facts if (day := days[row]) is not None]


def shared(events: Iterable[Event], decided: Decisions) -> Shared:
    """What stands in several ledgers; the same for any order of the events."""
    clusters = _clusters(events)
    judged = [Group(_verdict(Verdict.SAME if len(_hosts(one)) <= 1 else Verdict.OPEN, one, decided), one)
              for one in clusters if _several(one)]
    apart = {group.events for group in judged if group.verdict is not Verdict.SAME}
    pairs = [Group(_verdict(Verdict.OPEN, (one[0], other[0]), decided), (one[0], other[0]))
             for one, other in _likely(clusters)]
    known = {event.mark for group in (*judged, *pairs) for event in group.events}
    alone = [Group(Verdict.NO_HOST, one) for one in clusters if one[0].helper and one[0].mark not in known]
    joined = _joined([one for one in clusters if one not in apart], [p for p in pairs if p.verdict is Verdict.SAME])
    return Shared(tuple(sorted((*judged, *pairs, *alone), key=_order)), _dropped(joined))


def _order(group: Group) -> tuple[dt.date, list[tuple[bool, str, str, int]]]:
    return group.events[0].day, [event.rank for event in group.events]


def _several(cluster: Cluster) -> bool:
    return len({event.unit for event in cluster}) > 1


def _hosts(events: Iterable[Event]) -> set[str]:
    """The 行政区划 that say they host it: an event of two counties with one name may well be two."""
    regions = {event.region for event in events if event.region and not event.helper}
    return {one for one in regions if not any(other in one for other in regions - {one})}


def _clusters(events: Iterable[Event]) -> list[Cluster]:
    """The rows of one day, one name and no two places, the one that counts first; most rows stand alone."""
    buckets: dict[tuple[dt.date, str], list[Event]] = defaultdict(list)
    for event in events:
        buckets[event.day, fold(event.name)].append(event)
    found = [cluster for bucket in buckets.values() for cluster in _by_place(bucket)]
    return sorted((tuple(sorted(one, key=lambda event: event.rank)) for one in found),
                  key=lambda one: (one[0].day, one[0].rank))


def _by_place(bucket: list[Event]) -> Iterator[list[Event]]:
    """One group where no two places are named; else one a place, rows without a place by unit. Where nobody names a
    place and two 行政区划 host it, one a 行政区划."""
    places = {fold(event.place) for event in bucket} - {""}
    if len(places) == 1 or (not places and len(_hosts(bucket)) <= 1):
        yield bucket
        return
    parts: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in bucket:
        told = fold(event.place) if places else event.region
        parts[told, "" if told else event.unit].append(event)
    yield from parts.values()


class _Trait(NamedTuple):
    """What a cluster is compared by, folded once."""

    cluster: Cluster
    unit: str
    place: str
    region: str
    pairs: frozenset[str]


def _likely(clusters: Sequence[Cluster]) -> Iterator[tuple[Cluster, Cluster]]:
    """Pairs of one day and no two 行政区划, at one place or without, whose names are alike."""
    near = _near({cluster[0].region for cluster in clusters})
    days: dict[dt.date, dict[str, dict[str, list[_Trait]]]] = defaultdict(dict)
    for cluster in clusters:
        first, places = cluster[0], days[cluster[0].day]
        one = _Trait(cluster, first.unit, fold(first.place), first.region, _letter_pairs(first.name))
        for there in (one.place, "") if one.place else list(places):
            held = places.get(there, {})
            yield from ((other.cluster, cluster) for region in near[one.region] for other in held.get(region, ())
                        if _alike(other, one))
        places.setdefault(one.place, {}).setdefault(one.region, []).append(one)


def _near(regions: Collection[str]) -> dict[str, list[str]]:
    """For each 行政区划 those that may be the same (临溪县, 云州市临溪县), and what names none."""
    return {one: [other for other in sorted(regions) if not (one and other) or one in other or other in one]
            for one in regions}


def _alike(one: _Trait, other: _Trait) -> bool:
    """Most names are too different in length, or share nothing."""
    if one.unit == other.unit:
        return False
    here, sizes = one.place and one.place == other.place, (len(one.pairs), len(other.pairs))
    least = (ALIKE_HERE if here else ALIKE) * sum(sizes)
    if 2 * min(sizes) < least or one.pairs.isdisjoint(other.pairs):
        return False
    return 2 * len(one.pairs & other.pairs) >= least


def _letter_pairs(name: str) -> frozenset[str]:
    text = fold(name)
    return frozenset(text[at:at + 2] for at in range(max(1, len(text) - 1)))


def _verdict(found: Verdict, events: Cluster, decided: Decisions) -> Verdict:
    answer = decided.get(frozenset(event.mark for event in events))
    return found if answer is None else Verdict.SAME if answer else Verdict.APART


def _joined(clusters: Sequence[Cluster], pairs: Sequence[Group]) -> list[Cluster]:
    """The groups that count once: those of one event, and those that a person has put together."""
    of: dict[Mark, set[Event]] = {}
    for cluster in clusters:
        whole = set(cluster)
        of |= {event.mark: whole for event in cluster}
    for pair in pairs:
        one, other = (of.setdefault(event.mark, {event}) for event in pair.events)
        whole = one | other
        of |= {event.mark: whole for event in whole}
    groups = {tuple(sorted(group, key=lambda event: event.rank)) for group in of.values()}
    return [group for group in groups if _several(group)]


def _dropped(groups: Iterable[Cluster]) -> dict[str, frozenset[int]]:
    """All rows but those of the unit that counts."""
    rows: dict[str, set[int]] = defaultdict(set)
    for group in groups:
        for event in group:
            if event.unit != group[0].unit:
                rows[event.unit].add(event.row)
    return {unit: frozenset(some) for unit, some in rows.items()}
