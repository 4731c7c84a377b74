"""`--fix`: faults with one mechanical remedy, mended in the clerk's own file, each listed as before and after.

A fix writes down what the program reads anyway, or what follows from the row itself;
nothing is guessed. Mending what is mended changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from workbook import habits
from workbook.book import recognize
from workbook.faults import safe
from workbook.findings import Cell
from workbook.habits import ALPHANUMERIC, Habit
from workbook.ledger import Ledger, shown
from workbook.raw import Merge, RawBook, RawSheet, RawValue
from workbook.schema import GENERATED_SHEETS, TASKS
from workbook.wording.marks import spaces_inside, wide_percent

_SLOT = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
_WIDE_SLOT = re.compile(r"｛｛|｝｝")
_SPACED_TITLES = ("题前", "署名", "附件")
_PASSES = 4
_WHYS = {
    "date": "日期写成日期", "number": "数写成数", "listed": "和可选的值一致", "tidy": "去掉多余的空格",
    "key": "补上编号", "filled": "每行写全", "text": "全角改半角、去掉空格", "state": "有完成日期，状态是已完成",
}


class Change(NamedTuple):
    """One cell that was mended; `before` and `after` as a clerk sees them, numbers of persons masked."""

    cell: Cell
    before: str
    after: str
    why: str

    def as_json(self) -> dict[str, object]:
        return {"sheet": self.cell.sheet, "cell": self.cell.a1, "before": self.before, "after": self.after,
                "why": self.why}


class Mended(NamedTuple):
    """A mended file and what was changed in it."""

    data: bytes
    changes: tuple[Change, ...]


class Mending(NamedTuple):
    """What is to be written where, and which merged ranges are to be undone."""

    book: RawBook
    values: dict[Cell, RawValue]
    unmerge: tuple[tuple[str, Merge], ...]
    changes: tuple[Change, ...]


def mend(data: bytes, path: str) -> Mended:
    """Mend an .xlsx or .xlsm; everything else in the package stays as it is.

    Raises Refusal where the file is no ledger or cannot be changed in place.
    """
    from workbook.patching.cells import with_cells
    from workbook.patching.figures import with_figures
    from workbook.reading.reader import read_content

    mending = mend_book(read_content(data, path, skip=GENERATED_SHEETS))
    if not mending.changes:
        return Mended(data, ())
    done = with_cells(data, mending.values, unmerge=mending.unmerge, path=path)
    return Mended(with_figures(done, path=path), mending.changes)


def mend_book(raw: RawBook) -> Mending:
    """The same book mended, until there is nothing left to mend."""
    values: dict[Cell, RawValue] = {}
    unmerge: list[tuple[str, Merge]] = []
    changes: dict[Cell, Change] = {}
    for _ in range(_PASSES):
        ledger = Ledger(recognize(raw))
        undone = list(_vertical_merges(ledger))
        found = {one.cell: (why, one) for why, one in _mends(ledger)}
        if not found and not undone:
            break
        for cell, (why, one) in found.items():
            before = changes[cell].before if cell in changes else _visible(one.before)
            changes[cell] = Change(cell, before, _visible(one.after), _WHYS[why])
            values[cell] = one.after
        unmerge += undone
        raw = _written(raw, {cell: one.after for cell, (_, one) in found.items()}, undone)
    return Mending(raw, values, tuple(unmerge), tuple(changes.values()))


def _visible(value: RawValue) -> str:
    return safe(value if isinstance(value, str) else shown(value))


def _mends(ledger: Ledger) -> Iterator[tuple[str, Habit]]:
    """Every mend of one pass; of several for one cell the last counts, the others come in the next pass."""
    kinds = {"text": _prose, "tidy": habits.untidy_texts, "listed": habits.listed_otherwise,
             "number": habits.numbers_as_text, "date": habits.dates_as_text, "key": habits.missing_numbers,
             "state": _states, "filled": habits.filled_cells}
    return chain.from_iterable(((why, one) for one in kind(ledger)) for why, kind in kinds.items())


def _vertical_merges(ledger: Ledger) -> Iterator[tuple[str, Merge]]:
    """The merges that `habits.filled_cells` fills: one column, below the header."""
    for table in ledger.book.tables.values():
        for merge in table.raw.merges:
            if merge.left == merge.right and merge.top > table.header_row:
                yield table.name, merge


def _states(ledger: Ledger) -> Iterator[Habit]:
    """A task with a completion date, not cancelled and with no other progress than 100 %, is done."""
    records = ledger[TASKS.title]
    if not (len(records) and records.has("状态") and records.has("完成日期")):
        return
    states, days = records.texts("状态"), records.dates("完成日期")
    progress = records.raw("进度") if records.has("进度") else [None] * len(records)
    until = ledger.head.date("成文日期") or ledger.head.date("统计止")
    for index in records.facts:
        day = days[index]
        if day and states[index] in ("", "未开始", "进行中") and until and day <= until:
            number = records.number_at(index, "进度", percent=True) if progress[index] is not None else None
            if number is None or number.value == 1:
                yield Habit(records.cell(index, "状态"), "状态", records.key(index),
                            records.table.value(index, "状态"), "已完成")


def _prose(ledger: Ledger) -> Iterator[Habit]:
    """Full-width digits, letters and ％, spaces between Chinese characters, full-width braces of slots."""
    table = ledger.head.table
    for index, (key, text) in enumerate(zip(table.values("项目"), table.values("内容"), strict=True)):
        if key not in _SPACED_TITLES and isinstance(text, str) and _plain(text) != text:
            yield Habit(table.cell(index, "内容"), str(key), "", text, _plain(text))
    for other in ledger.book.tables.values():
        records = ledger[other.sheet.title]
        printed = [column.title for column in other.sheet.columns if column.slots and not column.numeric]
        for title in filter(records.has, printed):
            stored = other.values(title)
            for index in records.facts:
                text = stored[index]
                if isinstance(text, str) and _plain(text) != text:
                    yield Habit(other.cell(index, title), title, records.key(index), text, _plain(text))


def _plain(text: str) -> str:
    parts = _SLOT.split(_WIDE_SLOT.sub(lambda match: "{{" if match[0] == "｛｛" else "}}", text))
    return "".join(part if part.startswith("{{") else _plain_prose(part) for part in parts)


def _plain_prose(text: str) -> str:
    text = text.translate(ALPHANUMERIC)
    hits = sorted((*wide_percent(text), *spaces_inside(text)), key=lambda hit: hit.start, reverse=True)
    for start, end in [(hit.start, hit.end) for hit in hits]:
        text = text[:start] + ("%" if text[start] == "％" else "") + text[end:]
    return text


def _written(raw: RawBook, values: dict[Cell, RawValue], undone: list[tuple[str, Merge]]) -> RawBook:
    """The book with these values, without these merges."""
    return raw._replace(sheets=tuple(_sheet(sheet, values, undone) for sheet in raw.sheets))


def _sheet(sheet: RawSheet, values: dict[Cell, RawValue], undone: list[tuple[str, Merge]]) -> RawSheet:
    here = {cell: value for cell, value in values.items() if cell.sheet == sheet.name}
    gone = {merge for name, merge in undone if name == sheet.name}
    if not here and not gone:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for cell, value in here.items():
        row = rows[cell.row - 1]
        row.extend([None] * (cell.column - len(row)))
        row[cell.column - 1] = value
    return sheet._replace(rows=rows, merges=tuple(merge for merge in sheet.merges if merge not in gone))
