"""A standard workbook from a home-made one and its map: rows placed, the rest set aside, every cell accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from workbook.adopting.blocks import Block
from workbook.adopting.fitting import fitted
from workbook.adopting.headermap import CARRIED, OFFICE_NAME, HeaderMap, SheetMap
from workbook.adopting.taking import UNWANTED_WHY, Taking
from workbook.book import HEAD, fold
from workbook.findings import Cell
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.restoring.assembly import Assembly
from workbook.restoring.balance import BLANK, Entry, cells_of
from workbook.restoring.settling import Restored, ToBytes, settle
from workbook.rowkinds import EXAMPLE_MARK
from workbook.schema import HEAD_KEYS, HEAD_SHEET, NO_FACT_SHEETS, Column

ASIDE_SHEET = "转换说明"
_OFFICE_COLUMNS, _WORD_COLUMNS = ("代码", "名称"), ("类别", "值")


def adopt(old: RawBook, told: HeaderMap, base: RawBook, to_bytes: ToBytes) -> Restored:
    """The standard workbook of a home-made one.

    `base` is a new ledger of the kind: its outline, metrics and dictionary serve where the old file brings none;
    its examples do not. `old` is read with formulas and notes; `to_bytes` writes a standard workbook.
    Raises Refusal where the map lacks something, or is another file's.
    """
    told.require_head()
    parts = fitted(told, old)
    made = Assembly(old.path, ASIDE_SHEET)
    _head(made, told, base)
    _base(made, base, {part.target for part in told.sheets})
    taking = Taking(made, epoch1904=old.epoch1904)
    for sheet in old.sheets:
        _sheet(made, taking, sheet, parts.get(sheet.name, []))
    _lines(made, "股室", _OFFICE_COLUMNS, [*told.offices.items(), *_fixed_offices(told)])
    _lines(made, "字典", _WORD_COLUMNS, [*((name, text) for name, texts in told.words.items() for text in texts),
                                       *_fixed_words(told)])
    taking.tell_gaps()
    _remarks(made, old, taking.records)
    return _with_reasons(settle(made, old, to_bytes), taking.rewritten)


def _head(made: Assembly, told: HeaderMap, base: RawBook) -> None:
    """Every key of 报告信息: as the map has it, else as a new ledger has it."""
    sheet = base.sheet(HEAD_SHEET)
    given = {str(row[0]): row[1] for row in (sheet.rows[1:] if sheet else []) if len(row) > 1}
    given |= {key: value for key, value in told.head.items() if value not in BLANK}
    made.drafts[HEAD.title].rows += [[key.title, given.get(key.title)] for key in HEAD_KEYS]


def _base(made: Assembly, base: RawBook, targets: set[str]) -> None:
    """The outline, metrics, laws and dictionary of a new ledger, for sheets that the old file does not fill."""
    for sheet in base.sheets:
        if sheet.name not in made.drafts or sheet.name in targets | {HEAD_SHEET} or not sheet.rows:
            continue
        titles = [str(title) for title in sheet.rows[0]]
        for row in sheet.rows[1:]:
            if any(value not in BLANK for value in row) and not fold(row[0] or "").startswith(EXAMPLE_MARK):
                _line(made, sheet.name, dict(zip(titles, row, strict=False)))


def _line(made: Assembly, table: str, values: Mapping[str, RawValue]) -> None:
    draft = made.drafts[table]
    draft.rows.append([])
    for title, value in values.items():
        draft.put(len(draft.rows) - 1, draft.place((title, 0)), value)


def _lines(made: Assembly, table: str, columns: tuple[str, str], pairs: list[tuple[str, str]]) -> None:
    """New lines of 股室 or 字典, without those that are there."""
    draft = made.drafts[table]
    places = [draft.place((title, 0)) for title in columns]
    have = {tuple(row[at] if at < len(row) else None for at in places) for row in draft.rows}
    new = [pair for pair in pairs if pair not in have]
    for pair in new:
        _line(made, table, dict(zip(columns, pair, strict=True)))
    if new:
        made.change(f"“{table}”照对照表补了 {len(new)} 行。")


def _fixed(told: HeaderMap) -> Iterator[tuple[Column, str]]:
    """The fixed texts of a map with their columns."""
    for part in told.sheets:
        for title, value in part.fixed.items():
            if part.sheet and isinstance(value, str) and value:
                yield part.sheet.column(title), value


def _fixed_words(told: HeaderMap) -> list[tuple[str, str]]:
    return list(dict.fromkeys((column.dictionary, text) for column, text in _fixed(told) if column.dictionary))


def _fixed_offices(told: HeaderMap) -> list[tuple[str, str]]:
    """Offices that a person named as fixed values only, each with a code that is free."""
    if any(part.target == "股室" for part in told.sheets):
        return []
    names = dict.fromkeys(text for column, text in _fixed(told) if column.refers == OFFICE_NAME)
    codes = (code for code in (f"{at:02}" for at in count(1)) if code not in told.offices)
    return [(next(codes), name) for name in names if name not in told.offices.values()]


def _sheet(made: Assembly, taking: Taking, sheet: RawSheet, parts: list[tuple[SheetMap, Block | None]]) -> None:
    if not parts:
        return
    if parts[0][0].target == CARRIED:
        made.change(f"“{sheet.name}”原样附上。")
        made.carry(sheet, f"{sheet.name}（原表）" if sheet.name in NO_FACT_SHEETS else "")
        return
    blocks = [block for _, block in parts if block]
    top = blocks[0].top if blocks else 1
    for cell, value in cells_of(sheet).items():
        if not blocks or cell.row < top:
            made.set_aside(cell, value, "表头上面的内容" if blocks else UNWANTED_WHY, settle=False)
    following = [*(block.titles for block in blocks[1:]), range(0)]
    for (part, block), titles in zip(parts, following, strict=False):
        if block and part.sheet:
            taking.table(part, part.sheet, block, titles)
        elif block:
            _unwanted(made, block)


def _unwanted(made: Assembly, block: Block) -> None:
    for cell, value in cells_of(block.sheet).items():
        if block.top <= cell.row <= block.last:
            made.set_aside(cell, value, UNWANTED_WHY, settle=False)


def _remarks(made: Assembly, old: RawBook, records: set[tuple[str, int]]) -> None:
    """Formulas behind values, and notes on cells, as lines of their own; a record's formula without a value is open."""
    for sheet in old.sheets:
        held = cells_of(sheet)
        for (row, column), formula in sorted(old.formulas.get(sheet.name, {}).items()):
            cell = Cell(sheet.name, row, column)
            why = "原是公式，保留了算出的值" if cell in held else "原是公式，没有算出的值"
            open_one = cell not in held and (sheet.name, row) in records
            made.set_aside(cell, formula, why, settle=open_one, remark=True)
        for (row, column), note in sorted(sheet.notes.items()):
            made.set_aside(Cell(sheet.name, row, column), note, "这一格的批注", settle=False, remark=True)


def _with_reasons(made: Restored, rewritten: Mapping[Cell, str]) -> Restored:
    """The balance, saying of cells that were written in other words which map said so."""
    return made._replace(entries=tuple(_explained(entry, rewritten) for entry in made.entries))


def _explained(entry: Entry, rewritten: Mapping[Cell, str]) -> Entry:
    return entry._replace(why=rewritten[entry.cell]) if entry.cell in rewritten else entry
