"""Answers the macros, one line of JSON for one of JSON, until there are no more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from . import desk, reading, writing
from .office import Office, Refused

OPERATIONS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (desk.books, desk.open_book, desk.save, desk.close, desk.show, desk.sheets, desk.show_sheet,
                desk.select, desk.status, desk.ask, desk.quiet, desk.aside,
                reading.used, reading.read, reading.formulas, reading.notes, reading.note, reading.colours,
                reading.colour, reading.number_format, reading.merged, reading.merge_area, reading.selection,
                writing.write, writing.write_formulas, writing.put, writing.put_format, writing.heights,
                writing.columns, writing.put_notes, writing.merge, writing.add_sheet, writing.drop_sheet)}


def serve(office: Office, lines: Iterable[bytes], answer: Callable[[bytes], Any]) -> None:
    """Do what is asked for, and only what is listed here; the office is left as it was found."""
    try:
        for line in lines:
            said = json.dumps(_answered(office, line), ensure_ascii=False, separators=(",", ":"))
            answer(said.encode("utf-8", "replace") + b"\n")
    finally:
        desk.rest(office)


def _answered(office: Office, line: bytes) -> dict[str, Any]:
    asked = json.loads(line)
    try:
        return {"said": OPERATIONS[asked.pop("do")](office, **asked)}
    except Refused as why:
        return {"refused": str(why)}
    except Exception as why:
        return {"refused": "failed", "why": f"{type(why).__name__}: {why}"}
