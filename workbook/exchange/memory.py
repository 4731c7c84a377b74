"""The standing of a merge in a file: kept beside what was merged, read years later.

A zip of gzipped JSON: the standing, and each return by itself, which is unpacked only when it is asked for.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import Any

from workbook.exchange.packing import Packed, compressed, packed, side_from, side_told
from workbook.exchange.standing import Standing, Stored

_VERSION = 2
_STANDING = "合并.json.gz"
_WHEN = (1980, 1, 1, 0, 0, 0)


def written(was: Standing) -> bytes:
    """The standing as bytes, the same for the same standing; cells are spelled as in `workbook.exchange.packing`."""
    held = {f"{number:05d}.json.gz": one for number, one in enumerate(was.returns, 1)}
    returns = [{"file": one.file, "dispatch": one.dispatch, "age": one.age, "office": one.office, "held": name}
               for name, one in held.items()]
    document = {"version": _VERSION, "ledger": was.ledger, "ground": side_told(was.ground),
                "result": side_told(was.result), "returns": returns, "open": sorted(was.open),
                "retired": sorted(was.retired)}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        made.writestr(zipfile.ZipInfo(_STANDING, _WHEN), compressed(document))
        for name, one in held.items():
            kept = one.held if isinstance(one.held, Packed) else packed(one.held)
            made.writestr(zipfile.ZipInfo(name, _WHEN), kept.data)
    return target.getvalue()


def remembered(data: bytes) -> Standing | None:
    """The standing that was written; None where the bytes are something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            told = json.loads(gzip.decompress(package.read(_STANDING)))
            held = {name: package.read(name) for name in package.namelist()}
        if told["version"] != _VERSION:
            return None
        returns = tuple(Stored(one["file"], one["dispatch"], one["age"], Packed(one["office"], held[one["held"]]))
                        for one in told["returns"])
        return _standing(told, returns)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, KeyError, TypeError, IndexError):
        return None


def _standing(told: dict[str, Any], returns: tuple[Stored, ...]) -> Standing:
    waiting = frozenset((sheet, name, title) for sheet, name, title in told["open"])
    return Standing(told["ledger"], side_from(told["ground"]), side_from(told["result"]), returns, waiting,
                    frozenset((sheet, key) for sheet, key in told["retired"]))
