"""The manifest: every marked stretch of a report with its cells, as a value and as JSON.

The JSON is compact: each source stands once, rows that follow one another are
folded, phrases and sentences are cut from the paragraphs when it is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby, islice
from typing import Any, NamedTuple

from templates.provenance.rownames import RowIds, RowNames, Unfolder
from templates.provenance.sentences import sentence_at
from workbook.findings import Refusal
from workbook.spans import Origin

VERSION = 1
SUFFIX = ".trace.json"
LARGEST = 128 << 20
"""Characters of its JSON; the report of the largest ledger has 90 million."""
_BROKEN = "溯源信息已损坏，读不出来。请从台账重新生成报告。"
_NEWER = "溯源信息由更新版本的程序写成，这个版本读不了。请升级程序后再试。"


class Mark(NamedTuple):
    """A stretch of one paragraph with its source; `id` is also the name of its bookmark.

    `start` and `end` are places in the paragraph's text. `cells` are 指标!H12, `rows`
    活动!5; `row_ids` are the `_id`s of `rows`, empty where a row has none. A mark of
    origin 文字 is the whole text of one cell (`place`) in this paragraph: `value` is
    what the cell holds, slots and all, `column` its header (in 报告信息 its 项目).
    For others `place` is the text cell the figure is printed in, empty for a
    template's own text. `context` is the sentence around it, itself included.
    """

    id: str
    paragraph: int
    start: int
    end: int
    phrase: str
    value: str
    origin: str
    cells: tuple[str, ...] = ()
    rows: Sequence[str] = ()
    how: str = ""
    slot: str = ""
    row_ids: Sequence[str] = ()
    column: str = ""
    place: str = ""
    context: str = ""


class Manifest(NamedTuple):
    """All marks of one report and the ledger it was printed from.

    `paragraphs` are the texts of the report in the order of the docx: every
    paragraph, then cell by cell every table; of 版头 only 发文字号, of 版记 only
    印发日期. `period` is FROM..TO, both days included, empty where unknown.
    """

    version: int = VERSION
    ledger_id: str = ""
    ledger_digest: str = ""
    ledger_file: str = ""
    title: str = ""
    period: str = ""
    kind: str = ""
    layout: str = ""
    paragraphs: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def figures(self) -> tuple[Mark, ...]:
        """The marks of figures."""
        return tuple(mark for mark in self.marks if mark.origin == Origin.FIGURE)


def to_json(manifest: Manifest) -> str:
    """The manifest as one JSON document; the same manifest gives the same text."""
    import json

    rows = {id(mark.rows): mark for mark in manifest.marks}  # figures of one metric share theirs
    folded = {one: _folded(mark.rows) for one, mark in rows.items()}
    sources: dict[tuple[Any, ...], int] = {}
    marks = [(mark.id, mark.paragraph, mark.start, mark.end, mark.slot, mark.place, mark.column,
              sources.setdefault(_source(mark, folded), len(sources))) for mark in manifest.marks]
    document = manifest._asdict() | {
        "marks": marks, "sources": list(sources), "row_ids": _ids_by_sheet(rows.values()),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str | bytes) -> Manifest:
    """The manifest of a JSON document; raises Refusal where it is damaged or of a newer version."""
    import json

    if len(text) > LARGEST:
        raise Refusal(_BROKEN)
    try:
        document = json.loads(text)
        if document["version"] > VERSION:
            raise Refusal(_NEWER)
        return _read(document)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        raise Refusal(_BROKEN) from None


def _source(mark: Mark, folded: Mapping[int, tuple[str, ...]]) -> tuple[Any, ...]:
    value = "" if mark.value == mark.phrase else mark.value
    return mark.origin, value, mark.how, mark.cells, folded[id(mark.rows)]


def _ids_by_sheet(marks: Iterable[Mark]) -> dict[str, dict[int, str]]:
    """Sheet -> row number -> `_id`, of every row that a mark names."""
    sheets: dict[str, dict[int, str]] = {}
    for mark in marks:
        ids = iter(mark.row_ids)
        for sheet, numbers in _by_sheet(mark.rows):
            its = tuple(islice(ids, len(numbers)))
            if any(its):
                pairs = zip(numbers, its, strict=False)
                sheets.setdefault(sheet, {}).update(pairs if all(its) else [pair for pair in pairs if pair[1]])
    return sheets


def _by_sheet(rows: Sequence[str]) -> Sequence[tuple[str, Sequence[int]]]:
    """活动!5, 活动!6, 办件!7 -> 活动 (5, 6), 办件 (7)."""
    if isinstance(rows, RowNames):
        return rows.numbers
    places = [(sheet, int(number)) for sheet, _, number in (row.rpartition("!") for row in rows)]
    return [(sheet, [number for _, number in group]) for sheet, group in groupby(places, key=lambda place: place[0])]


def _folded(rows: Sequence[str]) -> tuple[str, ...]:
    """活动!5, 活动!6, 活动!7, 活动!12 -> 活动!5-7 12."""
    groups = _by_sheet(rows)
    if len(groups) > 1:
        groups = [(sheet, list(chain.from_iterable(numbers for _, numbers in some)))
                  for sheet, some in groupby(groups, key=lambda group: group[0])]
    return tuple(f"{sheet}!{' '.join(_runs(numbers))}" for sheet, numbers in groups)


def _runs(numbers: Sequence[int]) -> list[str]:
    """5, 6, 7, 12 -> 5-7, 12."""
    runs, first, last = [], numbers[0], numbers[0]
    for number in (*numbers[1:], -1):
        if number != last + 1:
            runs.append(f"{first}-{last}" if last > first else str(first))
            first = number
        last = number
    return runs


def _read(document: Mapping[str, Any]) -> Manifest:
    paragraphs = tuple(map(str, document["paragraphs"]))
    ids = {str(sheet): {int(number): str(one) for number, one in rows.items()}
           for sheet, rows in document["row_ids"].items()}
    unfolder = Unfolder()
    sources = [_read_source(source, ids, unfolder) for source in document["sources"]]
    texts = {key: str(document[key]) for key in Manifest._fields if key not in ("version", "paragraphs", "marks")}
    marks = tuple(_read_mark(one, paragraphs, sources) for one in document["marks"])
    for day in filter(None, texts["period"].split("..")):
        dt.date.fromisoformat(day)
    return Manifest(version=document["version"], paragraphs=paragraphs, marks=marks, **texts)


def _read_source(source: Sequence[Any], ids: Mapping[str, Mapping[int, str]], unfolder: Unfolder) -> dict[str, Any]:
    origin, value, how, cells, folded = source
    rows = unfolder.rows(folded)
    return {"origin": str(Origin(origin)), "value": str(value), "how": str(how), "cells": tuple(map(str, cells)),
            "rows": RowNames(rows), "row_ids": RowIds(rows, ids)}


def _read_mark(fields: Sequence[Any], paragraphs: Sequence[str], sources: Sequence[dict[str, Any]]) -> Mark:
    name, paragraph, start, end, slot, place, column, source = fields
    text = paragraphs[paragraph]
    if not (paragraph >= 0 and source >= 0 and 0 <= start <= end <= len(text)):
        raise ValueError(name)
    phrase = text[start:end]
    known = sources[source] | ({} if sources[source]["value"] else {"value": phrase})
    return Mark(id=str(name), paragraph=paragraph, start=start, end=end, phrase=phrase, slot=str(slot),
                place=str(place), column=str(column), context=sentence_at(text, start, end), **known)
