"""Rows as compressed JSON: what thousands of returns say, held and kept in little room, read years later."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from workbook.cells_text import read_cell, write_cell
from workbook.disk.spool import Kept, Spool
from workbook.exchange.outcome import Return
from workbook.exchange.sides import Row, Side
from workbook.raw import RawValue

_PLAIN = frozenset((str, int, bool))


class Packed(NamedTuple):
    """A return as gzipped JSON, at hand or put away."""

    office: str
    held: bytes | Kept

    @property
    def data(self) -> bytes:
        return self.held if isinstance(self.held, bytes) else self.held.read()

    def unpacked(self) -> Return:
        """The return it was; raises ValueError, KeyError, TypeError, IndexError or OSError for other bytes."""
        told = json.loads(gzip.decompress(self.data))
        base = side_from(told["base"])
        return Return(told["office"], base, side_from(told["theirs"], base), told["guessed"])

    def kept(self, spool: Spool) -> Packed:
        """The same, put away."""
        return self._replace(held=spool.keep(self.data))


def packed(back: Return) -> Packed:
    """The return in little room; the same return gives the same bytes."""
    told = {"office": back.office, "guessed": back.guessed, "base": side_told(back.base),
            "theirs": side_told(back.theirs, back.base)}
    return Packed(back.office, compressed(told))


def compressed(told: object) -> bytes:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8", "surrogatepass"), 1, mtime=0)


def side_told(side: Side, other: Side | None = None) -> dict[str, Any]:
    """A side for JSON: texts and plain numbers as they are, any other cell in a list, spelled as in the text form.

    A row that `other` has just so is told by its place there.
    """
    kinds: list[frozenset[str] | None] = list(dict.fromkeys(row.columns for rows in side.values() for row in rows))
    place = {columns: at for at, columns in enumerate(kinds)}
    sheets = {sheet: [_row_told(row, there, place[row.columns]) for row in rows] for sheet, rows in side.items()
              for there in [_places((other or {}).get(sheet, ()))]}
    return {"columns": [None if one is None else sorted(one) for one in kinds], "sheets": sheets}


def side_from(told: dict[str, Any], other: Side | None = None) -> Side:
    kinds = [None if one is None else frozenset(one) for one in told["columns"]]
    return {sheet: tuple((other or {})[sheet][row] if row.__class__ is int else _row_from(sheet, row, kinds)
                         for row in rows) for sheet, rows in told["sheets"].items()}


def _places(rows: Sequence[Row]) -> dict[str, tuple[int, Row]]:
    return {row.id: (at, row) for at, row in enumerate(rows)}


def _row_told(row: Row, there: Mapping[str, tuple[int, Row]], kind: int) -> object:
    at, same = there.get(row.id, (0, None))
    if same is not None and row == same and all(type(one) is type(same.values[title])
                                                for title, one in row.values.items()):
        return at
    values = {title: value if value.__class__ in _PLAIN else _told(value) for title, value in row.values.items()}
    return [row.number, row.id, row.key, values, row.fact, kind]


def _row_from(sheet: str, told: list[Any], kinds: Sequence[frozenset[str] | None]) -> Row:
    number, name, key, values, fact, at = told
    return Row(sheet, number, name, key, {title: _read(value) for title, value in values.items()}, fact, kinds[at])


def _told(value: RawValue) -> object:
    plain = value.__class__ in _PLAIN or (value.__class__ is float and value == value)
    return value if plain else [write_cell(value)]


def _read(value: Any) -> RawValue:
    return read_cell(value[0]) if value.__class__ is list else value
