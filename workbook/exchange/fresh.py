"""The new rows of a return, put away: what tells whether they collide is at hand, they themselves when asked for."""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple

from workbook.book import fold
from workbook.disk.spool import Kept, Spool
from workbook.exchange.sides import Reader, Row

Data = bytes | Kept
NOTHING = 0
"""The mark of what has none."""


class Index(NamedTuple):
    """The rows of one sheet in short, in their order."""

    numbers: list[int]
    ids: list[str]
    keys: list[str]


class Fresh(NamedTuple):
    """The new rows of one office on one sheet.

    `names`, `keys` and `given` are marks, a row each: of what makes it likely the same as another's (date, name, type),
    of its 编号, of an id that stands in the file. `strange` are the places of rows that name another office.
    """

    office: str
    sheet: str
    titles: tuple[str, ...]
    names: bytes
    keys: bytes
    given: bytes
    strange: tuple[int, ...]
    short_data: Data
    rows_data: Data

    @property
    def number(self) -> int:
        """How many."""
        return len(self.keys) // 8

    @property
    def short(self) -> Index:
        short: Index = loaded(self.short_data)
        return short

    @property
    def rows(self) -> list[Row]:
        rows: list[Row] = loaded(self.rows_data)
        return rows

    def kept(self, spool: Spool) -> Fresh:
        """The same, its rows put away."""
        return self._replace(short_data=put_away(self.short_data, spool), rows_data=put_away(self.rows_data, spool))


def fresh(office: str, rows: Sequence[Row], own: frozenset[str], reader: Reader) -> Fresh:
    """New rows of one sheet; `own` are the ids that stand in the file."""
    short = Index([row.number for row in rows], [row.id for row in rows], [row.key for row in rows])
    owner = fold(office)
    return Fresh(
        office, rows[0].sheet, tuple(dict.fromkeys(title for row in rows for title in row.values)),
        _marks(_name(row, reader) for row in rows), _marks(key_mark(row.sheet, row.key) for row in rows),
        _marks(mark("id", row.sheet, row.id) if row.id in own else NOTHING for row in rows),
        tuple(at for at, row in enumerate(rows) if row.office not in ("", owner)),
        pickle.dumps(short, 5), pickle.dumps(rows, 5))


def mark(*parts: object) -> int:
    """64 bits that tell texts apart, the same in every process."""
    told = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(told, digest_size=8).digest()) or 1


def key_mark(sheet: str, key: str) -> int:
    return mark(sheet, fold(key)) if key else NOTHING


def marks_of(data: bytes) -> array[int]:
    found = array("Q")
    found.frombytes(data)
    return found


def repeated(groups: Iterable[bytes]) -> frozenset[int]:
    """The marks that stand in more than one group."""
    every = array("Q")
    for data in groups:
        every.extend(set(marks_of(data)) - {NOTHING})
    ordered = sorted(every)
    return frozenset(one for one, other in pairwise(ordered) if one == other)


def loaded(data: Data) -> Any:
    """What was put away; it never came from outside."""
    return pickle.loads(data if isinstance(data, bytes) else data.read())


def put_away(data: Data, spool: Spool) -> Data:
    return spool.keep(data) if isinstance(data, bytes) else data


def _name(row: Row, reader: Reader) -> int:
    name = reader.name(row)
    return mark(*name) if name else NOTHING


def _marks(found: Iterator[int]) -> bytes:
    return array("Q", found).tobytes()
