"""What is to be merged: returns from a 往来 folder or from any folder, and what each office had been sent."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from workbook.book import fold, recognize
from workbook.exchange.folder import JOURNAL, KEY, Exchange, Received, original_id
from workbook.exchange.master import Master
from workbook.exchange.returned import Returned, looked_at
from workbook.exchange.seal import CODE_KEY, OFFICE_KEY
from workbook.exchange.sides import OFFICE_COLUMNS, Side, side_of, telling
from workbook.files import read_bytes
from workbook.findings import Refusal
from workbook.gate import admit
from workbook.ledger import Ledger
from workbook.raw import RawBook
from workbook.reading.reader import read_content
from workbook.reading.sniff import Unusable
from workbook.reading.unvalued import unvalued
from workbook.schema import GENERATED_SHEETS

TAKEN = ("新收", "旧版")
"""The verdicts of collect whose files are merged, or refused as too old."""
ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".et")


class Arrived(NamedTuple):
    """A file that came back: `file` names its bytes; `why` says why it cannot be merged, where it cannot.

    `read` is what it holds, where somebody has read it already.
    """

    name: str
    file: str
    data: bytes
    office: str = ""
    code: str = ""
    dispatch: str = ""
    age: str = ""
    why: str = ""
    read: Ledger | None = None


class Opened(NamedTuple):
    """A return that was read; `unread` counts the rows with a formula that has no value."""

    arrived: Arrived
    ledger: Ledger
    side: Side
    unread: int


def is_exchange(folder: str | os.PathLike[str]) -> bool:
    return (Path(folder) / JOURNAL).is_file()


class Source(NamedTuple):
    """A file that came back and that nobody has looked at yet: in a 往来 folder by its line there, else by its path."""

    name: str
    received: Received | None = None


def in_exchange(exchange: Exchange) -> list[Source]:
    """What collect took in, in order of receipt, each file once; what was refused as too old before is left out."""
    refused = {str(event.get("received")) for event in exchange.events()
               if event["event"] == "sent_back" and event.get("why") == "旧版"}
    taken = (one for one in exchange.received() if one.id not in refused and (one.verdict in TAKEN or _let_in(one)))
    first = {one.id: one for one in reversed(list(taken))}
    return [Source(one.name, one) for one in reversed(first.values())]


def _let_in(one: Received) -> bool:
    return one.accepted and one.verdict != "重复"


def in_folder(folder: Path) -> list[Source]:
    """Every workbook of a folder, in the order of names."""
    files = [folder] if folder.is_file() else sorted(
        one for one in folder.rglob("*") if one.suffix.lower() in ENDINGS and one.is_file()
        and not one.name.startswith(("~$", ".")))
    return [Source(str(one)) for one in files]


def arrived(source: Source, exchange: Exchange | None, master: Master, keys: Sequence[bytes]) -> Arrived:
    """A file with its bytes; what lies in no 往来 folder is judged by its content, sealed with any of these keys."""
    one = source.received
    if one is not None and exchange is not None:
        return Arrived(one.name, one.id, exchange.read(one.stored), one.office, one.code, one.dispatch, one.saved)
    data = read_bytes(source.name)
    found = Arrived(source.name, original_id(data), data)
    return _judged(found, looked_at(data, source.name, keys), master, bool(keys))


def seal_keys(exchanges: Sequence[Exchange]) -> list[bytes]:
    """The keys with which books that were sent from these folders are sealed."""
    return [one.key() for one in exchanges if (one.path / KEY).is_file()]


def _judged(one: Arrived, said: Returned, master: Master, known: bool) -> Arrived:
    if said.verdict:
        return one._replace(why=f"{said.verdict}：{said.why}")
    ledger = said.identity.ledger if said.identity else said.ledger
    if ledger and ledger != master.id:
        return one._replace(why="不是这本台账的表。")
    if said.identity and known and not said.sealed:
        return one._replace(why="可疑：下发标识和封签对不上，可能被改动过。请向填报人核实。")
    code = said.identity.code if said.identity else ""
    return one._replace(code=code, dispatch=said.identity.dispatch if said.identity else "", age=said.saved,
                        read=said.read)


def opened(one: Arrived, master: Master) -> Opened:
    """Read a return; raises Refusal where it is unreadable or nobody can tell whose it is."""
    ledger = one.read or Ledger(recognize(read_content(one.data, one.name, notes=True, skip=GENERATED_SHEETS)))
    admit(ledger.book)
    side = side_of(ledger, _unread(one, ledger))
    office, code = _office(one, ledger, side, master)
    if not office:
        raise Refusal(f"{one.name}：认不出是哪个股室的表。请让填报人用下发的表填报。")
    unread = sum(len(row.columns or ()) < width for sheet, rows in side.items()
                 for width in [len(telling(ledger[sheet]))] for row in rows)
    return Opened(one._replace(office=office, code=code, read=None), ledger, side, unread)


def _unread(one: Arrived, ledger: Ledger) -> dict[str, frozenset[tuple[int, int]]]:
    """(row, column) of the cells whose formula has no value, by the sheet's name."""
    names = [table.name for title, table in ledger.book.tables.items() if title in OFFICE_COLUMNS]
    try:
        found = unvalued(one.data, names)
    except Unusable as why:
        raise Refusal(f"{one.name}：{why}") from None
    raw = ledger.book.raw
    return {name: frozenset(at for at in held if _blank(raw, name, at)) for name, held in found.items()}


def _blank(raw: RawBook, name: str, at: tuple[int, int]) -> bool:
    sheet = raw.sheet(name)
    row = sheet.rows[at[0] - 1] if sheet and at[0] <= len(sheet.rows) else []
    return at[1] > len(row) or row[at[1] - 1] in (None, "")


def _office(one: Arrived, ledger: Ledger, side: Side, master: Master) -> tuple[str, str]:
    """The office's name and code: as sealed or registered, as `_元` says, else the only one that its rows name."""
    records = master.ledger["股室"]
    names = dict(zip(records.texts("代码"), records.texts("名称"), strict=True))
    code = one.code or ledger.book.meta.get(CODE_KEY, "")
    if code in names:
        return names[code], code
    name = one.office or ledger.book.meta.get(OFFICE_KEY, "")
    named = {row.office for rows in side.values() for row in rows if row.office}
    wanted = fold(name) if name else named.pop() if len(named) == 1 else ""
    return next(((title, key) for key, title in names.items() if fold(title) == wanted), (name, code))


def exchanges_near(folder: Path, book: Path, say: Callable[[str], object]) -> list[Exchange]:
    """往来 folders beside or above a folder of returns or the master; `say` is told of one that cannot be read."""
    above = [*folder.resolve().parents[:2], book.resolve().parent]
    places = dict.fromkeys([*above, *(inside for one in above for inside in _folders_in(one))])
    return [found for found in map(Exchange, filter(is_exchange, places)) if _is_sound(found, say)]


def _folders_in(folder: Path) -> list[Path]:
    """Its folders by name; none where we may not look."""
    try:
        return sorted(one for one in folder.iterdir() if one.is_dir())
    except OSError:
        return []


def _is_sound(exchange: Exchange, say: Callable[[str], object]) -> bool:
    try:
        exchange.dispatches()
        if (exchange.path / KEY).is_file():
            exchange.key()
    except (Refusal, LookupError, TypeError, AttributeError) as why:
        reason = why if isinstance(why, Refusal) else f"{exchange.path / JOURNAL}：读不懂，可能被改动了。"
        say(f"旁边的往来文件夹读不了，没有用它：{reason}")
        return False
    return True


class Bases:
    """What offices were sent; the last one that was read is kept, as the next to be asked for is mostly another."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self.exchanges = exchanges
        self.order = {one.id: at for exchange in exchanges for at, one in enumerate(exchange.dispatches())}
        self._files = {(one.id, sent.code): (exchange, sent) for exchange in reversed(exchanges)
                       for one in exchange.dispatches() for sent in one.offices}
        self._last: tuple[tuple[str, str], Ledger | None] | None = None

    def sent(self, dispatch: str, code: str) -> Ledger | None:
        """The ledger an office was sent; None where it is not known.

        Raises Refusal where the file in the folder is not the one that was sent.
        """
        if self._last is None or self._last[0] != (dispatch, code):
            self._last = (dispatch, code), self._read(dispatch, code)
        return self._last[1]

    def _read(self, dispatch: str, code: str) -> Ledger | None:
        exchange, sent = self._files.get((dispatch, code), (None, None))
        if exchange is None or sent is None:
            return None
        data = exchange.read(sent.file)
        if hashlib.sha256(data).hexdigest() != sent.digest:
            raise Refusal(f"{exchange.path / sent.file}：下发以后被改过，不能再作比较的底稿。请用备份换回来。")
        return Ledger(recognize(read_content(data, sent.file, skip=GENERATED_SHEETS)))
