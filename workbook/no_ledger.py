"""Why a workbook is no ledger, or none that this program knows: one sentence about its cells as they stand.

What stands in the way is said once; its fifty consequences are not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from workbook import schema
from workbook.raw import RawBook

VERSION_KEY = "架构版本"
SHEETS_NAMED = 6


def why_no_ledger(raw: RawBook, recognized: Collection[str], missing: Sequence[str]) -> str:
    """The sentence about a workbook that lacks required sheets; `recognized` are the titles it has."""
    if newer := other_version(raw):
        return newer
    names = quoted(missing)
    if not recognized:
        have = "、".join(sheet.name for sheet in raw.sheets[:SHEETS_NAMED]) or "无"
        more = "等" if len(raw.sheets) > SHEETS_NAMED else ""
        return (f"{raw.path}：不是标准台账，没有工作表{names}（现有工作表：{have}{more}）。"
                f"自己做的台账请用 taizhang adopt 转成标准台账，或用 taizhang new 新建一本。")
    present = [title for title in missing if raw.sheet(title)]
    if present:
        return headers_gone(raw, present)
    return f"{named(raw)}缺少工作表{names}，无法出报告。请用 taizhang repair 补上这张表后再试。"


def who(raw: RawBook) -> str:
    """`临溪县民政局2025年` as far as 报告信息 can be read, else nothing."""
    sheet = raw.sheet(schema.HEAD_SHEET)
    office, year = (_beside(sheet.rows, key) if sheet else "" for key in ("机关全称", "报告年度"))
    return f"{office}{year}年" if office and year else office


def other_version(raw: RawBook) -> str:
    """What is said of a schema version that is not this program's; "" where it is."""
    meta = raw.sheet(schema.META_SHEET)
    version = _beside(meta.rows, VERSION_KEY) if meta else ""
    if version in ("", schema.SCHEMA_VERSION):
        return ""
    if not version.isdecimal():
        return f"{named(raw)}架构版本“{version}”认不出来。请用 taizhang repair 修复后再试。"
    if int(version) > int(schema.SCHEMA_VERSION):
        return f"{named(raw)}架构版本是 {version}，比本程序的 {schema.SCHEMA_VERSION} 新。请先更新程序。"
    return (f"{named(raw)}架构版本是 {version}，比本程序的 {schema.SCHEMA_VERSION} 旧。"
            f"请先用 taizhang upgrade 升级台账。")


def headers_gone(raw: RawBook, names: Sequence[str]) -> str:
    """What is said of sheets whose header row cannot be told."""
    return f"{named(raw)}工作表{quoted(names)}的表头认不出来，可能被改动了。请用 taizhang repair 修复表头后再试。"


def named(raw: RawBook) -> str:
    """How a sentence about this workbook begins: its path and whose it is."""
    whose = who(raw)
    return f"{raw.path}：{f'（{whose}）' if whose else ''}"


def quoted(names: Iterable[str]) -> str:
    """“甲”、“乙”."""
    return "、".join(f"“{name}”" for name in names)


def _beside(rows: Sequence[Sequence[object]], key: str) -> str:
    """The first value to the right of a key, wherever it stands."""
    for row in rows:
        cells = [str(value).strip() for value in row if value is not None]
        if key in cells:
            return next(filter(None, cells[cells.index(key) + 1:]), "")
    return ""
