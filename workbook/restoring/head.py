"""报告信息 of a damaged file: its keys wherever they stand, each with its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workbook.book import fold_header
from workbook.findings import Cell
from workbook.raw import RawSheet, RawValue
from workbook.restoring.assembly import Assembly, Key
from workbook.restoring.balance import BLANK, key_of, shown
from workbook.restoring.columns import Candidate, inferred
from workbook.restoring.sheets import key_in, key_place
from workbook.schema import HEAD_COLUMNS, HEAD_KEYS, HEAD_SHEET, Column

_KEY, _CONTENT = HEAD_COLUMNS
_KEYS = [Column(key.title, key.type, choices=key.choices if key.title != "自称" else ()) for key in HEAD_KEYS]


class _Shape(NamedTuple):
    """Where things stand: `header` is a row from 1 (0: none is left), columns count from 1."""

    header: int
    first: int
    columns: dict[int, Key]

    def number(self, title: str) -> int:
        return next((number for number, key in self.columns.items() if key == (title, 0)), 0)


def add_head(made: Assembly, found: list[RawSheet]) -> None:
    """All keys of the sheet and, where they say something else, of its copies."""
    known: dict[str, int] = {}
    for at, raw in enumerate(found):
        if raw.name != HEAD_SHEET and at == 0:
            made.change(f"工作表“{raw.name}”是“{HEAD_SHEET}”，已改回标准名称。")
        _add(made, raw, known)
        if at:
            made.change(f"“{raw.name}”是“{HEAD_SHEET}”的副本，只补了原表里没有的项目。")


def _add(made: Assembly, raw: RawSheet, known: dict[str, int]) -> None:
    shape = _shape(raw)
    for row in range(1, shape.first):
        for at, value in enumerate(raw.rows[row - 1], 1):
            if value not in BLANK:
                made.rebuild(Cell(raw.name, row, at), value, HEAD_SHEET, sure=_names_column(shape, row, at, value))
    titles = _titles(raw, shape)
    for row in range(shape.first, len(raw.rows) + 1):
        cells = {at: value for at, value in enumerate(raw.rows[row - 1], 1) if value not in BLANK}
        if cells:
            _add_row(made, raw.name, row, cells, shape, titles.get(row, ""), known)


def _shape(raw: RawSheet) -> _Shape:
    at = key_place(raw)
    rows = raw.rows
    header = next((number for number, row in enumerate(rows, 1)
                   if {_KEY, _CONTENT} & {fold_header(value) for value in row if isinstance(value, str)}), 0)
    keyed = [number for number, row in enumerate(rows, 1) if at is not None and at < len(row) and key_in(row[at])]
    if header and keyed and header > keyed[0]:
        header = 0
    names = {number: fold_header(value) for number, value in enumerate(rows[header - 1], 1)
             if isinstance(value, str) and value.strip()} if header else {}
    key = 1 if at is None else at + 1
    content = next((number for number, name in names.items() if name == _CONTENT and number != key), key + 1)
    columns: dict[int, Key] = {key: (_KEY, 0), content: (_CONTENT, 0)}
    for number, name in names.items():
        text = str(rows[header - 1][number - 1])
        if number not in columns and name not in {fold_header(title) for title, _ in columns.values()}:
            columns[number] = (text, 0)
    first = header + 1 if header else keyed[0] if keyed else 1
    return _Shape(header, first, columns)


def _names_column(shape: _Shape, row: int, at: int, value: RawValue) -> bool:
    return row == shape.header and shape.columns.get(at, ("", 0))[0] == fold_header(value) in HEAD_COLUMNS


def _titles(raw: RawSheet, shape: _Shape) -> dict[int, str]:
    """Row -> the key it gives, or gave before it was overwritten; a repeated key is no key."""
    key, content = shape.number(_KEY) - 1, shape.number(_CONTENT) - 1
    seen: set[str] = set()
    candidates = []
    for number, row in enumerate(raw.rows[shape.first - 1:], shape.first):
        text, value = (row[at] if at < len(row) else None for at in (key, content))
        if text in BLANK and value in BLANK:
            continue
        title = key_in(text)
        candidates.append(Candidate(number, text, [value], "" if title in seen else title))
        seen.add(title)
    return {one.number: one.title for one in candidates if one.title} | inferred(candidates, _KEYS)


def _add_row(made: Assembly, name: str, row: int, cells: Mapping[int, RawValue], shape: _Shape, title: str,
             known: dict[str, int]) -> None:
    placed = {}
    for at, value in cells.items():
        cell, key = Cell(name, row, at), shape.columns.get(at, ("", 0))
        if key == (_KEY, 0) and title:
            _key_cell(made, cell, value, title)
        elif key[0]:
            placed[key] = (cell, value, value)
        else:
            made.set_aside(cell, value, "这一列没有表头")
    if title and shape.number(_KEY) not in cells:
        made.change(f"{Cell(name, row, shape.number(_KEY))} 的项目空着，按上下两行认作“{title}”，请核对。", settle=True)
    if title in known:
        _again(made, placed, known[title])
    elif title or placed:
        number = made.add_row(HEAD_SHEET, placed)
        if title:
            made.drafts[HEAD_SHEET].put(number, 0, title)
            known[title] = number


def _key_cell(made: Assembly, cell: Cell, value: RawValue, title: str) -> None:
    if key_in(value) == title:
        made.rebuild(cell, value, HEAD_SHEET, sure=True)
    else:
        made.set_aside(cell, value, f"占了项目“{title}”的位置")
        made.change(f"{cell} 的项目“{shown(value)}”，按上下两行认作“{title}”，请核对。", settle=True)


def _again(made: Assembly, placed: dict[Key, tuple[Cell, RawValue, RawValue]], number: int) -> None:
    """A key of a copy: the original's value stands, another one is set aside."""
    draft = made.drafts[HEAD_SHEET]
    for key, (cell, value, written) in placed.items():
        at, held = draft.place(key), draft.rows[number]
        mine = held[at] if at < len(held) else None
        if mine in BLANK or key_of(mine) == key_of(value):
            made.put(HEAD_SHEET, number, {key: (cell, value, written)})
        else:
            made.set_aside(cell, value, "副本里的内容和原表不同")
