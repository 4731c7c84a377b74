"""Every return read and made ready: by this process, or by several at once where there are many."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from templates.merging.told import Gathered
from workbook.apart.helper import Helper, Limits, Lost
from workbook.disk.spool import Spool
from workbook.exchange.folder import Exchange
from workbook.exchange.incoming import Bases, Source, arrived, opened, seal_keys
from workbook.exchange.master import Master, read_master
from workbook.exchange.preparing import Note, Prepared, prepare
from workbook.exchange.standing import Stored
from workbook.findings import Refusal

WORTH_HELP = 24
"""So many files are read before another process has begun and read the master itself."""
LIMITS = Limits(seconds=120.0)
_AHEAD = 4
"""Files for each process to be busy with before the first is asked for."""


class Around(NamedTuple):
    """What a return is looked at with: `exchange` is the 往来 folder it lies in, `beside` those that may know it."""

    master: Master
    exchange: Exchange | None
    beside: Sequence[Exchange]
    bases: Bases
    keys: Sequence[bytes]


class Looked(NamedTuple):
    """What came of one file: taken, or refused, or `bad`, for which a letter is written."""

    stored: Stored | None = None
    notes: Sequence[Note] = ()
    refused: str = ""
    bad: bool = False


class Where(NamedTuple):
    """The same for another process, which reads the master for itself and must find these very bytes."""

    book: str
    digest: str
    exchange: str
    beside: tuple[str, ...]


def around(master: Master, exchange: Exchange | None, beside: Sequence[Exchange]) -> Around:
    return Around(master, exchange, beside, Bases(list(beside)), () if exchange else seal_keys(beside))


def gather(sources: Sequence[Source], at: Around, jobs: int = 1) -> Gathered:
    """Read and check every return; with several `jobs` the outcome is the same."""
    gathered, spool = Gathered([], [], [], []), Spool()
    several = jobs > 1 and len(sources) >= WORTH_HELP
    for source, found in zip(sources, _by_helpers(sources, at, jobs) if several else (
            _looked(source, at) for source in sources), strict=True):
        looked, ready = found
        if looked.bad:
            ready = ready or _looked(source, at)[1]
            assert ready is not None
            gathered.bad.append(ready)
        elif looked.refused:
            gathered.refused.append((source.name, looked.refused))
        elif looked.stored:
            gathered.good.append(looked.stored.kept(spool))
        gathered.notes.extend(looked.notes)
    return gathered


def _looked(source: Source, at: Around) -> tuple[Looked, Prepared | None]:
    try:
        one = arrived(source, at.exchange, at.master, at.keys)
        if one.why:
            raise Refusal(f"{one.name}：{one.why}")
        ready = prepare(opened(one, at.master), at.master, at.bases)
    except Refusal as why:
        return Looked(refused=str(why)), None
    bad = bool(ready.errors)
    return Looked(None if bad else ready.stored, ready.notes, "", bad), ready


def _by_helpers(sources: Sequence[Source], at: Around, jobs: int) -> Iterator[tuple[Looked, Prepared | None]]:
    """The same by other processes, in order, a few files ahead of the one that is asked for."""
    where = Where(at.master.path, _digest(at.master.data), str(at.exchange.path) if at.exchange else "",
                  tuple(str(one.path) for one in at.beside))
    idle: SimpleQueue[Helper] = SimpleQueue()
    helpers = [Helper(LIMITS) for _ in range(jobs)]
    for helper in helpers:
        idle.put(helper)
    coming: deque[Future[Looked]] = deque()
    with ThreadPoolExecutor(jobs) as crew:
        try:
            rest = iter(sources)
            for _ in sources:
                while len(coming) < jobs * _AHEAD and (source := next(rest, None)):
                    coming.append(crew.submit(_asked, idle, where, source))
                yield coming.popleft().result(), None
        finally:
            for one in coming:
                one.cancel()
            for helper in helpers:
                helper.stop()


def _asked(idle: SimpleQueue[Helper], where: Where, source: Source) -> Looked:
    helper = idle.get()
    try:
        looked = helper.call(look_there, where, source)
        assert isinstance(looked, Looked)
        return looked
    except Lost as why:
        return Looked(refused=f"{source.name}：没有读成（{why}）。请向填报人核实，再要一份。")
    finally:
        idle.put(helper)


def look_there(where: Where, source: Source) -> Looked:
    """Look at one file in a process of its own."""
    return _looked(source, _there(where))[0]


@lru_cache(1)
def _there(where: Where) -> Around:
    master = read_master(where.book)
    if _digest(master.data) != where.digest:
        raise Refusal(f"{where.book}：合并的时候被改动了，没有合并。请再试一次。")
    return around(master, Exchange(Path(where.exchange)) if where.exchange else None,
                  [Exchange(Path(one)) for one in where.beside])


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
