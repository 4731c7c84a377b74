"""The standing of a merge in a file: kept beside what was merged, read years later.

A zip of gzipped JSON: the standing, and each return by itself, which is unpacked only when it is asked for.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from workbook.disk.spool import Kept, Spool, no_room
from workbook.exchange.outcome import Grown
from workbook.exchange.packing import Packed, compressed, packed, side_from, side_told
from workbook.exchange.sides import Row, Side
from workbook.exchange.standing import Standing, Stored

_VERSIONS = (2, 3)
"""Version 2 told every row of the result; now a row is told by its place where it stands in the ground or a return."""
_STANDING, _NEW = "合并.json.gz", "新增.ndjson.gz"
_WHEN = (1980, 1, 1, 0, 0, 0)


def written(was: Standing) -> Kept:
    """The standing in a file, the same bytes for the same standing; cells are spelled as in
    `workbook.exchange.packing`.
    """
    spool = Spool()
    try:
        with zipfile.ZipFile(spool.file, "w", zipfile.ZIP_STORED) as made:
            _write(made, was)
    except OSError:
        raise no_room() from None
    return spool.whole()


def _write(made: zipfile.ZipFile, was: Standing) -> None:
    held = {f"{number:05d}.json.gz": one for number, one in enumerate(was.returns, 1)}
    returns = [{"file": one.file, "dispatch": one.dispatch, "age": one.age, "office": one.office, "held": name}
               for name, one in held.items()]
    new = {sheet: rows.new for sheet, rows in was.result.items() if isinstance(rows, Grown)}
    there = {sheet: rows.there if isinstance(rows, Grown) else rows for sheet, rows in was.result.items()}
    document = {"version": _VERSIONS[-1], "ledger": was.ledger, "ground": side_told(was.ground),
                "result": side_told(there, was.ground), "returns": returns, "open": sorted(was.open),
                "apart": side_told({sheet: one.apart() for sheet, one in new.items()}), "retired": sorted(was.retired)}
    made.writestr(zipfile.ZipInfo(_STANDING, _WHEN), compressed(document))
    for name, one in held.items():
        kept = one.held if isinstance(one.held, Packed) else packed(one.held)
        made.writestr(zipfile.ZipInfo(name, _WHEN), kept.data)
    lines = (line for one in new.values() for line in one.as_returned())
    with made.open(zipfile.ZipInfo(_NEW, _WHEN), "w") as member, gzip.GzipFile("", "wb", 1, member, 0) as target:
        for line in lines:
            target.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def remembered(data: bytes) -> Standing | None:
    """The standing that was written; None where the bytes are something else."""
    spool = Spool()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            told = json.loads(gzip.decompress(package.read(_STANDING)))
            if told["version"] not in _VERSIONS:
                return None
            returns = tuple(Stored(one["file"], one["dispatch"], one["age"],
                                   Packed(one["office"], spool.keep(package.read(one["held"]))))
                            for one in told["returns"])
            lines = gzip.decompress(package.read(_NEW)).splitlines() if _NEW in package.namelist() else []
        return _standing(told, returns, lines)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, KeyError, TypeError, IndexError):
        return None


def _standing(told: dict[str, Any], returns: tuple[Stored, ...], lines: list[bytes]) -> Standing:
    waiting = frozenset((sheet, name, title) for sheet, name, title in told["open"])
    ground = side_from(told["ground"])
    result: dict[str, list[Row]] = {sheet: list(rows) for sheet, rows in side_from(told["result"], ground).items()}
    for sheet, rows in side_from(told["apart"]).items() if "apart" in told else ():
        result.setdefault(sheet, []).extend(rows)
    for row in _as_returned(lines, returns):
        result.setdefault(row.sheet, []).append(row)
    return Standing(told["ledger"], ground, {sheet: tuple(rows) for sheet, rows in result.items()}, returns, waiting,
                    frozenset((sheet, key) for sheet, key in told["retired"]))


def _as_returned(lines: list[bytes], returns: tuple[Stored, ...]) -> Iterator[Row]:
    """The rows of returns that came into the master as they were, under the ids they got."""
    by_office = {one.office: one for one in returns}
    theirs: Side = {}
    last = ""
    for office, sheet, rows in map(json.loads, lines):
        if office != last:
            last, theirs = office, by_office[office].back.theirs
        held: Mapping[int, Row] = {row.number: row for row in theirs[sheet]}
        yield from (held[number]._replace(id=name) for number, name in rows)
