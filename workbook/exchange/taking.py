"""A return told apart row by row, in little room: what it wants changed, what is new, what needs no decision."""

from __future__ import annotations

import pickle
from array import array
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from workbook.book import fold
from workbook.disk.spool import Spool
from workbook.exchange.fresh import Data, Fresh, fresh, key_mark, loaded, put_away
from workbook.exchange.matching import Kind, Match
from workbook.exchange.outcome import DELETED, SENT_BACK, UNCHANGED, Fate, Return
from workbook.exchange.sides import Reader, Row

_NO_SHEET = "退回的表里没有这张工作表"
_BACK = {Kind.COPY: "和另一行完全一样", Kind.FOREIGN: "没有下发给本单位", Kind.NO_FACT: "不是事项（合计、分段或示例）"}


class Offer(NamedTuple):
    """What a return wants of one row that was sent: other values in these columns, or with `theirs` None no row.

    Its fate hangs on what others want of it.
    """

    fate: Fate
    base: Row
    theirs: Row | None
    titles: tuple[str, ...]


class Taking(NamedTuple):
    """A return beside what its office was sent; `guessed` as in `Return`.

    `still` are the fates of the rows that nobody changed, `unchanged` of them; `apart` those of rows sent back;
    `sent` marks the 编号 that the office was sent, `known` are these.
    """

    office: str
    guessed: bool
    unchanged: int
    still_data: Data
    apart: tuple[Fate, ...]
    offers: tuple[Offer, ...]
    fresh: tuple[Fresh, ...]
    sent: bytes
    known_data: Data

    @property
    def still(self) -> list[Fate]:
        told: list[tuple[str, int, str, str, str]] = loaded(self.still_data)
        return [Fate(self.office, sheet, number, key, name, UNCHANGED, why) for sheet, number, key, name, why in told]

    @property
    def known(self) -> frozenset[tuple[str, str]]:
        """The (sheet, 编号) that the office was sent."""
        known: frozenset[tuple[str, str]] = loaded(self.known_data)
        return known

    def kept(self, spool: Spool) -> Taking:
        """The same, its rows put away."""
        return self._replace(still_data=put_away(self.still_data, spool), known_data=put_away(self.known_data, spool),
                             fresh=tuple(one.kept(spool) for one in self.fresh))


def taken(back: Return, matches: Iterable[Match], reader: Reader) -> Taking:
    """Sort the rows of a return into offers, new rows and what needs no decision."""
    still: list[tuple[str, int, str, str, str]] = []
    apart, offers = [], []
    new: dict[str, list[Row]] = defaultdict(list)
    for found in matches:
        row = found.row
        if found.kind is Kind.NEW:
            new[row.sheet].append(row)
        elif found.kind in _BACK:
            apart.append(Fate(back.office, row.sheet, row.number, row.key, row.id, SENT_BACK, _BACK[found.kind]))
        elif offer := _offer(back.office, found, reader):
            offers.append(offer)
        else:
            still.append((row.sheet, row.number, row.key, row.id, ""))
    still += [(sheet, 0, row.key, row.id, _NO_SHEET) for sheet, rows in back.base.items() if sheet not in back.theirs
              for row in rows]
    own = frozenset(row.id for rows in back.theirs.values() for row in rows if row.id)
    keys = frozenset((sheet, fold(row.key)) for sheet, rows in back.base.items() for row in rows)
    return Taking(
        back.office, back.guessed, len(still), pickle.dumps(still, 5), tuple(apart), tuple(offers),
        tuple(fresh(back.office, rows, own, reader) for rows in new.values()),
        array("Q", [key_mark(sheet, key) for sheet, key in keys]).tobytes(), pickle.dumps(keys, 5))


def _offer(office: str, found: Match, reader: Reader) -> Offer | None:
    """What a return wants of a row that was sent; nothing where it wants nothing."""
    assert found.base is not None
    row, missing = found.row, found.theirs is None
    titles = reader.changed(found.base, found.theirs) if found.theirs else [""]
    fate = Fate(office, row.sheet, 0 if missing else row.number, row.key, row.id, "", DELETED * missing)
    return Offer(fate, found.base, found.theirs, tuple(titles)) if titles else None
