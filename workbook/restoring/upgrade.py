"""Older schema versions brought forward, one step after another.

A step is one pure function over the raw file; the last one's result is rebuilt and
balanced like a repaired file, so that an upgrade loses nothing either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from workbook import schema
from workbook.book import fold_header
from workbook.findings import Refusal
from workbook.no_ledger import VERSION_KEY
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.restoring.balance import BLANK, Change, Unbalanced, cells_of
from workbook.restoring.repair import refuse_newer, repair, version_of
from workbook.restoring.settling import Restored, ToBytes
from workbook.restoring.sheets import is_ours, key_place, sort_sheets
from workbook.schema import HEAD_COLUMNS, HEAD_SHEET, ID_COLUMN, META_SHEET

UNVERSIONED = "0"
OLD_KEYS = {
    "单位名称": "机关全称", "单位全称": "机关全称", "单位简称": "机关简称", "年度": "报告年度", "报告种类": "报告类型",
    "统计开始": "统计起", "统计结束": "统计止", "统计截止": "统计止", "落款": "署名", "落款日期": "成文日期",
}
"""What keys of 报告信息 were called before the schema had a version."""


class Step(NamedTuple):
    """From one version to the next; `apply` gives the new file and what it changed."""

    before: str
    after: str
    apply: Callable[[RawBook], tuple[RawBook, list[Change]]]


def upgrade(old: RawBook, to_bytes: ToBytes) -> Restored | None:
    """The workbook in today's schema version with what was changed; None where it is of today's already.

    Raises Refusal for a file that is no ledger, or of a version that no step starts from.
    """
    if not is_ours(old, sort_sheets(old)):
        raise Refusal(f"{old.path}：看不出是标准台账。自己做的台账请用 taizhang adopt 转成标准台账。")
    version = version_of(old) or UNVERSIONED
    if version == schema.SCHEMA_VERSION:
        return None
    changes: list[Change] = []
    new = old
    for step in _path(old.path, version):
        new, done = step.apply(new)
        changes += done
    made = repair(new, to_bytes)
    held = {cell for sheet in old.sheets for cell in cells_of(sheet)}
    entries = tuple(entry for entry in made.entries if entry.cell in held)
    if len(entries) != len(held):
        raise Unbalanced(f"升级后少了 {len(held) - len(entries)} 格")
    return made._replace(entries=entries, changes=(*changes, *made.changes))


def _path(path: str, version: str) -> list[Step]:
    """The steps from a version to today's, in order."""
    refuse_newer(path, version)
    by_start = {step.before: step for step in STEPS}
    steps: list[Step] = []
    while version != schema.SCHEMA_VERSION:
        if version not in by_start:
            raise Refusal(f"{path}：架构版本“{version}”认不出来。请用 taizhang repair 修复后再试。")
        steps.append(by_start[version])
        version = steps[-1].after
    return steps


def _give_version(raw: RawBook) -> tuple[RawBook, list[Change]]:
    """Version 0 is a ledger without `_元`: keys get today's names, rows ids, the file a version.

    Sheets and columns under older names, and those that are missing, are put right when the file is rebuilt.
    """
    head = sort_sheets(raw).ours.get(HEAD_SHEET, [None])[0]
    renamed, changes = _keys_renamed(head) if head is not None else (head, [])
    sheets = [renamed if sheet is head and renamed else sheet for sheet in raw.sheets]
    changes += [Change(f"“{name}”补了列“{ID_COLUMN}”，每行给了内部编号。") for name in _without_ids(raw)]
    changes.append(Change(f"补了工作表“{META_SHEET}”，架构版本 {UNVERSIONED} 升到 1。"))
    meta = raw.sheet(META_SHEET) or RawSheet(META_SHEET, [list(HEAD_COLUMNS)], visible=False)
    entry: list[RawValue] = [VERSION_KEY, "1"]
    kept = [entry if row[:1] == [VERSION_KEY] else row for row in meta.rows]
    versioned = meta._replace(rows=kept if entry in kept else [*kept, entry])
    return raw._replace(sheets=(*(sheet for sheet in sheets if sheet is not meta), versioned)), changes


STEPS = (Step(UNVERSIONED, "1", _give_version),)
"""Every step there is; a new schema version adds one."""


def _keys_renamed(head: RawSheet) -> tuple[RawSheet, list[Change]]:
    at, rows = key_place(head), [list(row) for row in head.rows]
    keyed = [row for row in rows if at is not None and at < len(row)]
    have = {fold_header(row[at or 0]) for row in keyed}
    changes = []
    for row in keyed:
        old = row[at or 0]
        new = OLD_KEYS.get(fold_header(old)) if isinstance(old, str) else None
        if new and new not in have:
            changes.append(Change(f"{HEAD_SHEET}的项目“{old}”改为“{new}”。"))
            have.add(new)
            row[at or 0] = new
    return head._replace(rows=rows), changes


def _without_ids(raw: RawBook) -> list[str]:
    """The record sheets whose rows have no ids."""
    found = sort_sheets(raw).ours
    sheets = [sheets[0] for title, sheets in found.items() if title != HEAD_SHEET]
    return [sheet.name for sheet in sheets
            if _filled(sheet.rows) > 1 and not any(ID_COLUMN in row for row in sheet.rows)]


def _filled(rows: list[list[RawValue]]) -> int:
    return sum(any(value not in BLANK for value in row) for row in rows)
