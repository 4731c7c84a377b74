"""Which mark of the report as the ledger gives it now is which mark of the report as it was printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from templates.provenance.manifest import Manifest, Mark
from workbook.spans import Origin

_Key = tuple[str, str, str]


def counterparts(then: Manifest, now: Manifest) -> dict[str, Mark]:
    """Id then -> mark now. Parts of one slot pair by what they are, not by their place in the list."""
    groups_now, found = _groups(now.marks), {}
    by_id = {mark.id: mark for mark in now.marks}
    labels = _labels(then), _labels(now)
    for marks in _groups(then.marks).values():
        linked = next((by_id[mark.id] for mark in marks if mark.id in by_id), None)
        if linked is not None:
            found.update(_paired(marks, groups_now[_key(linked)], *labels))
    if not any(mark.row_ids for mark in now.marks if mark.origin == Origin.TEXT):
        found.update(_without_ids(then, now, found))
    return found


def added(now: Manifest, pairs: dict[str, Mark]) -> list[Mark]:
    """What the ledger would print now and the report never did."""
    known = {mark.id for mark in pairs.values()}
    return [mark for mark in now.marks if mark.id not in known]


def _key(mark: Mark) -> _Key:
    return mark.origin, mark.slot, mark.place if mark.place or mark.slot else "|".join(mark.cells)


def _groups(marks: Iterable[Mark]) -> dict[_Key, list[Mark]]:
    groups: dict[_Key, list[Mark]] = defaultdict(list)
    for mark in marks:
        groups[_key(mark)].append(mark)
    return groups


def _labels(manifest: Manifest) -> dict[str, str]:
    """What each mark is called: a name or law itself, of a figure the name it stands against."""
    names = {(mark.paragraph, mark.end): mark.phrase for mark in manifest.marks if mark.origin == Origin.NAME}
    return {mark.id: mark.phrase if mark.origin != Origin.FIGURE else names.get((mark.paragraph, mark.start), "")
            for mark in manifest.marks}


def _paired(then: Sequence[Mark], now: Sequence[Mark], called: dict[str, str],
            called_now: dict[str, str]) -> dict[str, Mark]:
    """The marks of one slot in one cell: in order where as many, else by name; laws by name first."""
    if then[0].origin != Origin.LAW and len(then) == len(now):
        return dict(zip((mark.id for mark in then), now, strict=True))
    by_name = {called_now[mark.id] or str(mark.cells): mark for mark in now}
    found = {mark.id: by_name[name] for mark in then if (name := called[mark.id] or str(mark.cells)) in by_name}
    taken = {mark.id for mark in found.values()}
    old, new = [mark for mark in then if mark.id not in found], [mark for mark in now if mark.id not in taken]
    return found | (dict(zip((mark.id for mark in old), new, strict=True)) if len(then) == len(now) else {})


def _without_ids(then: Manifest, now: Manifest, found: dict[str, Mark]) -> dict[str, Mark]:
    """A ledger whose rows have no ids: what moved with its row is known by its slot, or by its text."""
    taken = {mark.id for mark in found.values()}
    old: dict[_Key, list[Mark]] = defaultdict(list)
    new: dict[_Key, list[Mark]] = defaultdict(list)
    for marks, groups, gone in ((then.marks, old, found.keys()), (now.marks, new, taken)):
        for mark in marks:
            if mark.id not in gone:
                groups[mark.origin, mark.slot, mark.value if mark.origin == Origin.TEXT else mark.column].append(mark)
    return {mark.id: other for key, marks in old.items() if len(marks) == len(new[key])
            for mark, other in zip(marks, new[key], strict=True)}
