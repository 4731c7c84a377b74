"""The standing of a merge as text: kept beside what was merged, read years later."""

from __future__ import annotations

import json
from typing import Any

from workbook.cells_text import read_cell, write_cell
from workbook.exchange.outcome import Return
from workbook.exchange.sides import Row, Side
from workbook.exchange.standing import Standing, Stored

_VERSION = 1


def written(was: Standing) -> bytes:
    """The standing as JSON; cells are spelled as in the text form (`workbook.cells_text`)."""
    returns = [{"file": one.file, "dispatch": one.dispatch, "age": one.age, "office": one.back.office,
                "guessed": one.back.guessed, "base": _side(one.back.base), "theirs": _side(one.back.theirs)}
               for one in was.returns]
    document = {"version": _VERSION, "ledger": was.ledger, "ground": _side(was.ground), "result": _side(was.result),
                "returns": returns, "open": sorted(was.open),
                "retired": sorted(was.retired)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def remembered(data: bytes) -> Standing | None:
    """The standing that was written; None where the text is something else."""
    try:
        told = json.loads(data.decode("utf-8", "surrogatepass"))
        if told["version"] != _VERSION:
            return None
        returns = tuple(_stored(one) for one in told["returns"])
        waiting = frozenset((sheet, name, title) for sheet, name, title in told["open"])
        return Standing(told["ledger"], _read_side(told["ground"]), _read_side(told["result"]), returns, waiting,
                        frozenset((sheet, key) for sheet, key in told["retired"]))
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def _stored(told: dict[str, Any]) -> Stored:
    back = Return(told["office"], _read_side(told["base"]), _read_side(told["theirs"]), told["guessed"])
    return Stored(told["file"], told["dispatch"], told["age"], back)


def _side(side: Side) -> dict[str, Any]:
    kinds: list[frozenset[str] | None] = list(dict.fromkeys(row.columns for rows in side.values() for row in rows))
    place = {columns: at for at, columns in enumerate(kinds)}
    sheets = {sheet: [[row.number, row.id, row.key, {title: write_cell(value) for title, value in row.values.items()},
                       row.fact, place[row.columns]] for row in rows] for sheet, rows in side.items()}
    return {"columns": [None if one is None else sorted(one) for one in kinds], "sheets": sheets}


def _read_side(told: dict[str, Any]) -> Side:
    kinds = [None if one is None else frozenset(one) for one in told["columns"]]
    return {sheet: tuple(Row(sheet, number, name, key, {title: read_cell(text) for title, text in values.items()},
                             fact, kinds[at]) for number, name, key, values, fact, at in rows)
            for sheet, rows in told["sheets"].items()}
