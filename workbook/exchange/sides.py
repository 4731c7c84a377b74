"""A ledger as a merge sees it: rows by id, cells by what they mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from workbook.book import LONGEST_WORD, fold
from workbook.habits import ALPHANUMERIC
from workbook.ledger import Ledger, Records
from workbook.normalize import Quantity, read_date, read_number, read_text, read_yes_no
from workbook.raw import RawValue
from workbook.schema import BY_TITLE, ID_COLUMN, Type

OFFICE_COLUMNS = {"任务": "责任股室", "条目": "责任股室", "问题": "责任股室", "活动": "承办股室", "办件": "承办股室",
                  "指标": "责任股室"}
"""The sheets whose rows belong to offices, with the column that says to which."""
SHARED_SHEETS = frozenset({"指标"})
"""Sheets whose rows without an office are everyone's."""
_TITLES = {"活动": ("开始日期", "活动名称", "类型")}


class Row(NamedTuple):
    """One row of a record sheet; `values` by column title, blanks left out; `number` is its row in the file.

    `columns` are those whose cells the file tells, None for all: a column that is gone, or a
    formula without its value, says nothing.
    """

    sheet: str
    number: int
    id: str
    key: str
    values: Mapping[str, RawValue]
    fact: bool = True
    columns: frozenset[str] | None = None

    @property
    def office(self) -> str:
        """The office it belongs to, as compared; "" where it names none."""
        value = self.values.get(OFFICE_COLUMNS[self.sheet])
        return fold(value) if value is not None else ""


Side = Mapping[str, Sequence[Row]]
"""Rows by sheet; a sheet that the file does not have is not a key."""


class Reader(NamedTuple):
    """What cells mean in a ledger of this year."""

    year: int | None = None
    epoch1904: bool = False

    def same(self, sheet: str, title: str, one: RawValue, other: RawValue) -> bool:
        """Whether two values of a column mean the same."""
        if one == other and type(one) is type(other):
            return True
        return self.meaning(sheet, title, one) == self.meaning(sheet, title, other)

    def changed(self, base: Row, other: Row) -> list[str]:
        """The columns in which `other`, as far as it tells them, says something else than `base`."""
        if base.values == other.values:
            return []
        titles = dict.fromkeys((*base.values, *other.values))
        return [title for title in titles if (other.columns is None or title in other.columns)
                and not self.same(base.sheet, title, base.values.get(title), other.values.get(title))]

    def content(self, row: Row) -> str:
        """What a row says, as a text that spelling does not change."""
        year, epoch, values = self.year, self.epoch1904, row.values
        return "\n".join([said for title, kind in _in_order(row.sheet, tuple(values))
                          if (said := _said(title, kind, values[title], year, epoch))])

    def name(self, row: Row) -> tuple[object, ...] | None:
        """What makes two new rows likely the same thing (date, name, type); None where the sheet has no such name."""
        titles = _TITLES.get(row.sheet)
        if titles is None or any(row.values.get(title) is None for title in titles):
            return None
        return (row.sheet, *(self.meaning(row.sheet, title, row.values[title]) for title in titles))

    def meaning(self, sheet: str, title: str, value: RawValue) -> object:
        """A cell as compared: a date however spelled, a number however written, a text without what nobody sees."""
        return _means(_type(sheet, title), value, self.year, self.epoch1904)

    def stands(self, sheet: str, title: str, value: RawValue) -> RawValue:
        """A value as it is written: a day that stands as text as a day, which formulas count too; all else as it is."""
        if type(value) is not str or _type(sheet, title) is not Type.DATE:
            return value
        day = self.meaning(sheet, title, value)
        return day if isinstance(day, dt.date) else value


def dated(sheet: str) -> list[str]:
    """The columns of a sheet that hold days."""
    return [column.title for column in BY_TITLE[sheet].columns if column.type is Type.DATE]


def _means(kind: Type, value: RawValue, year: int | None, epoch1904: bool) -> object:
    """Long texts are seldom the same; all else is read once."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) > LONGEST_WORD:
        return _read(kind, value, year, epoch1904)
    return _read_once(kind, value, year, epoch1904)


def _tell(title: str, kind: Type, value: RawValue, year: int | None, epoch1904: bool) -> str:
    """A cell as the text of a row tells it; nothing for a blank one."""
    meaning = _means(kind, value, year, epoch1904)
    return "" if meaning is None else f"{title}|{meaning}"


_tell_once = lru_cache(1 << 12, typed=True)(_tell)


def _said(title: str, kind: Type, value: RawValue, year: int | None, epoch1904: bool) -> str:
    """The same; long texts are seldom the same, all else is told once."""
    long = isinstance(value, str) and len(value) > LONGEST_WORD
    return (_tell if long else _tell_once)(title, kind, value, year, epoch1904)


def _read(kind: Type, value: RawValue, year: int | None, epoch1904: bool) -> object:
    if kind is Type.DATE:
        return read_date(value, year=year, epoch1904=epoch1904).value or read_text(value)
    if kind in (Type.INTEGER, Type.NUMBER, Type.PERCENT):
        return _number(value, percent=kind is Type.PERCENT)
    if kind is Type.YES_NO:
        flag = read_yes_no(value).value
        return read_text(value) if flag is None else flag
    if kind in (Type.CHOICE, Type.REFERENCE):
        return fold(value)
    return read_text(value).translate(ALPHANUMERIC) or None


_read_once = lru_cache(1 << 13, typed=True)(_read)


def _number(value: RawValue, *, percent: bool) -> object:
    """A number by its value, unit and how exact it is; not by how it is written."""
    said = read_number(value, percent=percent).value
    if isinstance(said, Quantity):
        return str(said.value.normalize()), said.unit, said.mark
    return read_text(value)


def side_of(ledger: Ledger, unread: Mapping[str, frozenset[tuple[int, int]]] | None = None) -> Side:
    """The rows of a ledger that travel; what was filled down or merged stands in each row.

    `unread` are the (row, column) of cells, by the sheet's name, whose value the file does not tell.
    """
    return {title: tuple(_rows(ledger[title], (unread or {}).get(ledger.book.tables[title].name, frozenset())))
            for title in OFFICE_COLUMNS if title in ledger.book.tables}


def unrepeated(side: Side) -> Side:
    """The rows of a master: of those with one id only the first keeps it."""
    sheets: dict[str, tuple[Row, ...]] = {}
    for sheet, rows in side.items():
        seen: set[str] = set()
        kept = []
        for row in rows:
            kept.append(row._replace(id="") if row.id in seen else row)
            seen.add(row.id)
        sheets[sheet] = tuple(kept)
    return sheets


def _rows(records: Records, unread: frozenset[tuple[int, int]]) -> Iterable[Row]:
    table, facts = records.table, set(records.facts)
    places = telling(records)
    told = frozenset(places)
    columns = [records.raw(title) for title in places]
    ids, keys = records.texts(ID_COLUMN), records.texts(records.sheet.key)
    for index, cells in enumerate(zip(*columns, strict=True)):
        number = table.numbers[index]
        values = {title: value for title, value in zip(places, cells, strict=True) if value is not None and value != ""}
        hidden = {title for title, at in places.items() if (number, at) in unread} if unread else frozenset()
        if values:
            yield Row(records.sheet.title, number, ids[index], keys[index], values, index in facts,
                      told - hidden if hidden else told)


def telling(records: Records) -> dict[str, int]:
    """The columns whose cells travel, with their places."""
    return {one.title: one.number for one in records.table.headers
            if one.title != ID_COLUMN and not (one.column and one.column.computed)}


@cache
def _type(sheet: str, title: str) -> Type:
    known = {column.title: column.type for column in BY_TITLE[sheet].columns}
    if title in known:
        return known[title]
    return Type.NUMBER if BY_TITLE[sheet].open_quantities and title.endswith("）") else Type.TEXT


@lru_cache(1 << 10)
def _in_order(sheet: str, titles: tuple[str, ...]) -> list[tuple[str, Type]]:
    """Columns by their titles, each with its type."""
    return [(title, _type(sheet, title)) for title in sorted(titles)]
