"""The files of a rollup: which become units, which do not and why; one bad file never stops the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from workbook.findings import Refusal
from workbook.rollup.units import TablesOf, Unit, masked_name, read_unit


class Status(StrEnum):
    """What became of a file."""

    TAKEN = "已汇总"
    SAME = "重复"
    CONFLICT = "待定"
    UNUSABLE = "没有汇总"


class Entry(NamedTuple):
    """One file of a rollup: what it is, what became of it and why."""

    file: str
    status: Status
    reason: str = ""
    unit: Unit | None = None

    def as_json(self) -> dict[str, object]:
        unit = self.unit
        return {"file": self.file, "status": self.status.value, "reason": self.reason,
                "unit": unit.name if unit else "", "year": unit.year if unit else "",
                "period": unit.span if unit else "", "digest": unit.digest if unit else ""}


def collect(files: Iterable[tuple[Path, str]], tables_of: TablesOf) -> list[Entry]:
    """An entry for every file (path, label), in an order that does not depend on the given one."""
    return settled(read_entry(path, label, tables_of) for path, label in files)


def settled(entries: Iterable[Entry]) -> list[Entry]:
    """The entries of single files, those of equal and of conflicting ledgers told apart; any order gives the same."""
    read = sorted(entries, key=_order)
    offices: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for one in read:
        if one.unit:
            offices[one.unit.name, one.unit.span].append(one)
    return [*(entry for group in offices.values() for entry in _settled(group)), *(one for one in read if not one.unit)]


def _order(one: Entry) -> tuple[str, str, str]:
    return (one.unit.name, one.unit.digest, one.file) if one.unit else ("", "", one.file)


def read_entry(path: Path, label: str, tables_of: TablesOf) -> Entry:
    """One file alone."""
    try:
        return Entry(label, Status.TAKEN, unit=read_unit(path, label, tables_of))
    except Refusal as refusal:
        return Entry(masked_name(label), Status.UNUSABLE, masked_name(str(refusal)))


def _settled(group: list[Entry]) -> Iterator[Entry]:
    """Ledgers of one office over the same days: equal ones count once, different ones wait for a person."""
    first, *others = group
    if len({one.unit.content for one in group if one.unit}) == 1:
        yield first
        for one in others:
            yield one._replace(status=Status.SAME, reason=f"内容和 {first.file} 一样，只算一次")
        return
    for one in group:
        names = "、".join(other.file for other in group if other is not one)
        yield one._replace(status=Status.CONFLICT, reason=f"同一单位、同一统计期还有 {names}，内容不一样，都没有汇总；"
                                                          "请只留一份再汇总")
