"""Rows as compressed JSON: what thousands of returns say, held and kept in little room, read years later."""

from __future__ import annotations

import gzip
import json
from typing import Any, NamedTuple

from workbook.cells_text import read_cell, write_cell
from workbook.exchange.outcome import Return
from workbook.exchange.sides import Row, Side
from workbook.raw import RawValue


class Packed(NamedTuple):
    """A return as gzipped JSON."""

    office: str
    data: bytes

    def unpacked(self) -> Return:
        """The return it was; raises ValueError, KeyError, TypeError, IndexError or OSError for other bytes."""
        told = json.loads(gzip.decompress(self.data))
        return Return(told["office"], side_from(told["base"]), side_from(told["theirs"]), told["guessed"])


def packed(back: Return) -> Packed:
    """The return in little room; the same return gives the same bytes."""
    told = {"office": back.office, "guessed": back.guessed, "base": side_told(back.base),
            "theirs": side_told(back.theirs)}
    return Packed(back.office, compressed(told))


def compressed(told: object) -> bytes:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8", "surrogatepass"), 1, mtime=0)


def side_told(side: Side) -> dict[str, Any]:
    """A side for JSON: texts and plain numbers as they are, any other cell in a list, spelled as in the text form."""
    kinds: list[frozenset[str] | None] = list(dict.fromkeys(row.columns for rows in side.values() for row in rows))
    place = {columns: at for at, columns in enumerate(kinds)}
    sheets = {sheet: [[row.number, row.id, row.key, {title: _told(value) for title, value in row.values.items()},
                       row.fact, place[row.columns]] for row in rows] for sheet, rows in side.items()}
    return {"columns": [None if one is None else sorted(one) for one in kinds], "sheets": sheets}


def side_from(told: dict[str, Any]) -> Side:
    kinds = [None if one is None else frozenset(one) for one in told["columns"]]
    return {sheet: tuple(Row(sheet, number, name, key, {title: _read(value) for title, value in values.items()},
                             fact, kinds[at]) for number, name, key, values, fact, at in rows)
            for sheet, rows in told["sheets"].items()}


def _told(value: RawValue) -> object:
    plain = value.__class__ in (str, int, bool) or (value.__class__ is float and value == value)
    return value if plain else [write_cell(value)]


def _read(value: Any) -> RawValue:
    return read_cell(value[0]) if value.__class__ is list else value
