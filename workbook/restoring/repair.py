"""A clean standard workbook around a damaged one's data: every row, column and sheet carried, every cell accounted for.

What the program makes anew anyway (headers, formulas, board, guide) is made anew; what
has no place goes to the sheet 修复说明 with its old place and the reason.
"""

from __future__ import annotations

from workbook import schema
from workbook.findings import Cell, Refusal
from workbook.no_ledger import VERSION_KEY
from workbook.raw import RawBook, RawSheet
from workbook.restoring.assembly import Assembly, Placed, Spot
from workbook.restoring.balance import BLANK, cells_of
from workbook.restoring.head import add_head
from workbook.restoring.rows import add_records
from workbook.restoring.settling import Restored, ToBytes, settle
from workbook.restoring.sheets import alike, is_ours, sort_sheets
from workbook.schema import GENERATED_SHEETS, HEAD_COLUMNS, HEAD_SHEET, KNOWN_ISSUES, META_SHEET, OPTIONS_SHEET

ASIDE_SHEET = "修复说明"
_WRITTEN_ANEW = ("填写说明", "看板", OPTIONS_SHEET)


def repair(old: RawBook, to_bytes: ToBytes) -> Restored:
    """A new standard workbook with everything the old file holds.

    `old` is read with formulas and notes; `to_bytes` writes a standard workbook.
    Raises Refusal for a file that never was one, or is of a newer program.
    """
    found = sort_sheets(old)
    if not is_ours(old, found):
        raise Refusal(f"{old.path}：看不出是标准台账。自己做的台账请用 taizhang adopt 转成标准台账。")
    _refuse_version(old.path, version_of(old))
    made = Assembly(old.path, ASIDE_SHEET)
    if HEAD_SHEET in found.ours:
        add_head(made, found.ours[HEAD_SHEET])
    for sheet in schema.SHEETS:
        add_records(made, sheet, found.ours.get(sheet.title, []), epoch1904=old.epoch1904)
    _tell_missing(made, set(found.ours))
    _meta(made, old)
    _generated(made, old)
    for other in found.others:
        made.carry(other)
    for name, title in alike(found).items():
        made.change(f"“{name}”的表头像“{title}”，但不是它的副本，没有并进去，原样带着。")
    _remarks(made, old)
    return settle(made, old, to_bytes)


def version_of(raw: RawBook) -> str:
    """What `_元` says of the schema version; nothing where it says nothing."""
    meta = raw.sheet(META_SHEET)
    pairs = ([*row, None, None][:2] for row in (meta.rows if meta else []))
    return next((str(value) for key, value in pairs if key == VERSION_KEY and value not in BLANK), "")


def _refuse_version(path: str, version: str) -> None:
    refuse_newer(path, version)
    if version.isdecimal() and version != schema.SCHEMA_VERSION:
        raise Refusal(f"{path}：架构版本是 {version}，比本程序的 {schema.SCHEMA_VERSION} 旧。"
                      "请先用 taizhang upgrade 升级台账。")


def refuse_newer(path: str, version: str) -> None:
    """Raises Refusal for a version that only a newer program knows."""
    if version.isdecimal() and int(version) > int(schema.SCHEMA_VERSION):
        raise Refusal(f"{path}：架构版本是 {version}，比本程序的 {schema.SCHEMA_VERSION} 新。请先更新程序。")


def _tell_missing(made: Assembly, have: set[str]) -> None:
    lost = [title for title in (HEAD_SHEET, *schema.BY_TITLE) if title not in have]
    needed = [title for title in lost if title in schema.REQUIRED_SHEETS]
    if lost:
        made.change(f"没有工作表{'、'.join(f'“{title}”' for title in lost)}，补了空表。", settle=bool(needed))


def _meta(made: Assembly, old: RawBook) -> None:
    """`_元`: the first value of every key; a version that is none is put right."""
    sheet = old.sheet(META_SHEET) or RawSheet(META_SHEET, [])
    for cell, value in cells_of(sheet).items():
        row = sheet.rows[cell.row - 1]
        key = str(row[0]) if row[0] not in BLANK else ""
        if cell.column > 2 or not key or (cell.column == 1 and key in made.meta):
            made.set_aside(cell, value, "_元 里多出的内容")
        elif key == HEAD_COLUMNS[0]:
            made.rebuild(cell, value, META_SHEET, sure=True)
        elif cell.column == 1:
            made.meta[key] = None
            _place_meta(made, cell, key, 0, value)
        elif made.meta[key] not in BLANK:
            made.set_aside(cell, value, "_元 里重复的内容")
        elif key == VERSION_KEY and value != schema.SCHEMA_VERSION:
            made.meta[key] = schema.SCHEMA_VERSION
            made.set_aside(cell, value, f"不是架构版本，已改成 {schema.SCHEMA_VERSION}")
        else:
            made.meta[key] = value
            _place_meta(made, cell, key, 1, value)


def _place_meta(made: Assembly, cell: Cell, key: str, column: int, value: object) -> None:
    spot = Spot(META_SHEET, list(made.meta).index(key), column)
    made.placed.append(Placed(cell, value, value, spot))  # type: ignore[arg-type]


def _generated(made: Assembly, old: RawBook) -> None:
    """The program's own sheets are made anew; those it makes only on request travel under another name."""
    for sheet in old.sheets:
        if sheet.name in _WRITTEN_ANEW:
            formulas = old.formulas.get(sheet.name, {})
            for cell, value in cells_of(sheet).items():
                sure = (cell.row, cell.column) in formulas
                made.rebuild(cell, value, sheet.name, sure=sure, by_place=True)
        elif sheet.name in GENERATED_SHEETS:
            made.carry(sheet, f"{sheet.name}（修复前）")
            made.change(f"“{sheet.name}”是程序以前生成的，改名为“{sheet.name}（修复前）”带着。")
        elif sheet.name == KNOWN_ISSUES:
            made.carry(sheet)


def _remarks(made: Assembly, old: RawBook) -> None:
    """Formulas behind kept values, and notes on cells, as lines of their own."""
    for sheet in old.sheets:
        if sheet.name in _WRITTEN_ANEW:
            continue
        held = cells_of(sheet)
        for (row, column), formula in sorted(old.formulas.get(sheet.name, {}).items()):
            cell = Cell(sheet.name, row, column)
            if (sheet.name, column) not in made.computed:
                why = "这一格原是公式，保留了算出的值" if cell in held else "这一格原是公式，没有算出的值"
                made.set_aside(cell, formula, why, settle=cell not in held, remark=True)
        for (row, column), note in sorted(getattr(sheet, "notes", {}).items()):
            made.set_aside(Cell(sheet.name, row, column), note, "这一格的批注", settle=False, remark=True)
