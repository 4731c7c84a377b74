"""What a merge tells: the balance, what waits, what was sent back, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from workbook.exchange.outcome import CONFLICT, FATES, MERGED, SENT_BACK, UNCHANGED, Balance, Conflict, Fate, count
from workbook.exchange.settling import OLD, Run, sent_back
from workbook.exchange.sides import OFFICE_COLUMNS, Reader
from workbook.exchange.standing import Stored
from workbook.faults import safe
from workbook.ledger import shown
from workbook.raw import RawValue
from workbook.standard.xlsx_cells import MOST_ROWS

if TYPE_CHECKING:
    from workbook.exchange.master import Master
    from workbook.exchange.posting import Outbound
    from workbook.exchange.preparing import Note, Prepared

SHOWN = 20
INVALID = "校验有错误"


class Gathered(NamedTuple):
    """What came, what of it can be merged, what is refused for its errors, and what is to be told."""

    good: list[Stored]
    bad: list[Prepared]
    refused: list[tuple[str, str]]
    notes: list[Note]

    def doubtful(self) -> list[str]:
        """The offices of which two returns of one dispatch are equally old, or nobody knows how old."""
        ages = [(one.office, one.dispatch, one.age) for one in self.good]
        files = {one.file for one in self.good}
        return sorted({age[0] for age in ages if ages.count(age) > 1}) if len(files) > 1 else []


@dataclass(frozen=True)
class Told:
    """A merge, ready to be told; `wrong` are decisions that nobody understands, `letters` those to offices whose
    returns have errors."""

    master: Master
    gathered: Gathered
    made: Run
    wrong: list[str]
    letters: tuple[Outbound, ...] = ()

    @property
    def fates(self) -> list[Fate]:
        """Every row of every return, once, in order."""
        return self._sorted([*(fate for fate in self.made.merged.fates if fate.office in self.here), *self.refused])

    @cached_property
    def refused(self) -> list[Fate]:
        """The rows of the returns that were refused whole: too old, or for their errors."""
        old = [fate for one in self.made.stale if one.office in self.here for fate in sent_back(one.back, OLD)]
        return [*old, *(fate for one in self.gathered.bad for fate in sent_back(one.stored.back, INVALID))]

    @cached_property
    def here(self) -> set[str]:
        """The offices of which something came."""
        return {one.office for one in self.gathered.good} | {one.office for one in self.gathered.bad}

    @cached_property
    def counts(self) -> Balance:
        """The balance, office by office."""
        offices = {office: one for office, one in self.made.merged.fates.counts().items() if office in self.here}
        for fate in self.refused:
            count(offices, fate.office, fate.fate)
        return dict(sorted(offices.items()))

    def _sorted(self, fates: Iterable[Fate]) -> list[Fate]:
        sheets = list(OFFICE_COLUMNS)
        return sorted(fates, key=lambda one: (one.office, sheets.index(one.sheet), one.number or MOST_ROWS))

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What a person should know: (office or file, sentence)."""
        told = [(one.office, one.text) for one in self.gathered.notes]
        told += [(one.office, f"新增的 {one.sheet} {one.old} 编号已有，改成 {one.new}。")
                 for one in self.made.merged.renumbered]
        told += [(office, "几次交回的表保存时间一样或没有，以后收到的为准。") for office in self.gathered.doubtful()]
        told += [(one.office, f"比已经收到的旧（保存时间 {one.age or '不明'}），整张没有合入；"
                  f"它要改的：{_wanted(one, self.master.reader)}") for one in self.made.stale]
        told += [("", why) for _, why in self.gathered.refused] + [("", text) for text in self.wrong]
        return [(office, safe(text)) for office, text in told]

    @property
    def to_settle(self) -> bool:
        open_rows = any(one[FATES[CONFLICT]] or one[FATES[SENT_BACK]] for one in self.counts.values())
        return bool(open_rows or self.made.merged.conflicts or self.gathered.refused or self.wrong)

    def as_json(self) -> dict[str, object]:
        return {
            "offices": self.counts, "balance": total(self.counts),
            "rows": [{"office": one.office, "sheet": one.sheet, "key": safe(one.key), "row_id": one.id,
                      "fate": one.fate, "reason": safe(one.reason), "row": one.number or None} for one in self.fates],
            "conflicts": [_conflict(one) for one in self.made.merged.conflicts],
            "settled": [_conflict(one) | {"chosen": safe(one.chosen)} for one in self.made.merged.settled],
            "sent_back": [{"office": one.office, "file": one.opened.arrived.name,
                           "findings": [found.as_json() for found in one.errors]} for one in self.gathered.bad],
            "findings": [{"office": office, "message": text} for office, text in self.notes],
        }

    def lines(self, output: str) -> Iterator[str]:
        for name, counts in self.counts.items():
            yield f"{name}：{_counts(counts)}"
        yield f"合计：{_counts(total(self.counts))}" if self.counts else "没有可以合并的退回的表。"
        waiting = [_line(one) for one in self.made.merged.conflicts]
        yield from _clipped(waiting, f"冲突 {len(waiting)} 处，主台账先不动；在“冲突裁决”表里填好裁决，再合并一次：")
        told = (one for one in self.made.merged.fates.told() if one.office in self.here and one.fate == SENT_BACK)
        backs = [f"{one.office}　{one.sheet} {one.key or one.number}：{one.reason}" for one in self._sorted(told)]
        yield from _clipped([safe(one) for one in backs], f"退回 {len(backs)} 行：")
        for bad in self.gathered.bad:
            errors = [f"{found.where}：{found.message}{found.hint}" for found in bad.errors]
            what = f"{bad.office}的表有 {len(errors)} 处错误，整张没有合并："
            yield from _clipped([safe(one) for one in errors], what)
        yield from _clipped([f"{office}：{text}" if office else text for office, text in self.notes], "请留意：")
        yield f"已写：{output}"


def total(offices: dict[str, dict[str, int]]) -> dict[str, int]:
    """The balance of all offices together."""
    return {name: sum(counts[name] for counts in offices.values()) for name in ("returned", *FATES.values())}


def _counts(counts: dict[str, int]) -> str:
    parts = " + ".join(f"{fate} {counts[FATES[fate]]}" for fate in (MERGED, UNCHANGED, CONFLICT, SENT_BACK))
    return f"收回 {counts['returned']} 行 = {parts}"


def _clipped(lines: list[str], what: str) -> Iterator[str]:
    if lines:
        yield what
    for line in lines[:SHOWN]:
        yield f"  {line}"
    if len(lines) > SHOWN:
        yield f"  ……还有 {len(lines) - SHOWN} 处。"


def _line(one: Conflict) -> str:
    theirs = "、".join(f"{each.office} {_said(each.value)}" for each in one.theirs)
    place = " ".join(filter(None, (one.sheet, one.key, one.column)))
    before = f"下发时 {_said(one.base)}，主台账 {_said(one.ours)}，" if one.column else ""
    return safe(f"{place}：{one.reason}（{before}{theirs}）")


def _conflict(one: Conflict) -> dict[str, object]:
    theirs = [{"office": each.office, "value": safe(shown(each.value))} for each in one.theirs]
    return {"sheet": one.sheet, "key": safe(one.key), "row_id": one.id, "column": one.column,
            "base": safe(shown(one.base)), "ours": safe(shown(one.ours)), "theirs": theirs, "reason": safe(one.reason)}


def _said(value: RawValue) -> str:
    return shown(value) or "空"


def _wanted(one: Stored, reader: Reader) -> str:
    """What a return that is too old would have changed, in short."""
    sent = {(sheet, row.id): row for sheet, rows in one.back.base.items() for row in rows}
    told = []
    for row in (row for rows in one.back.theirs.values() for row in rows):
        base = sent.get((row.sheet, row.id))
        titles = reader.changed(base, row) if base else ["新增"]
        if titles:
            told.append(f"{row.sheet} {row.key or row.number}（{'、'.join(titles)}）")
    more = f"等 {len(told)} 行" if len(told) > SHOWN else ""
    return ("；".join(told[:SHOWN]) + more or "没有") + "。"
