"""The notes on an xlsx sheet's cells, old and threaded ([ECMA-376] part 1, 18.7; [MS-XLSX] 2.6.205)."""

from __future__ import annotations

import posixpath
import re

from workbook.reading.outline import relations
from workbook.reading.package import Package
from workbook.reading.stringsxml import TextRuns
from workbook.reading.xmlstream import Attributes, parse

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_NOTE = {"comment": "text", "threadedComment": "text"}
Notes = dict[tuple[int, int], str]


def read_notes(package: Package, sheet_part: str) -> Notes:
    """The text of each note by (row, column) from 1; several on one cell stand on lines of their own."""
    folder, base = posixpath.split(sheet_part)
    listed = posixpath.join(folder, "_rels", f"{base}.rels")
    notes: Notes = {}
    if not package.has(listed):
        return notes
    for relation in relations(package, listed, folder).values():
        if relation.kind in ("comments", "threadedComment") and package.has(relation.target):
            for place, text in _NoteReader(package, relation.target).notes:
                _add(notes, place, text)
    return notes


def _add(notes: Notes, place: tuple[int, int], text: str) -> None:
    before = notes.get(place, "")
    if text.strip() and text not in before:
        notes[place] = f"{before}\n{text}" if before else text


def _place(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.match(reference.upper())
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


class _NoteReader:
    """Both forms of part: a note is an element with `ref`; its text stands in runs, or in `text` itself."""

    def __init__(self, package: Package, part: str) -> None:
        self.notes: list[tuple[tuple[int, int], str]] = []
        self._place: tuple[int, int] | None = None
        self._runs = TextRuns()
        self._plain: list[str] | None = None
        parse(package.pieces(part), part, self._start, self._end, self._text)

    def _start(self, name: str, attributes: Attributes) -> None:
        if name in _NOTE:
            self._place = _place(attributes.get("ref", ""))
            self._runs.begin()
        elif name == "text" and self._place:
            self._plain = []
        self._runs.start(name, attributes)

    def _text(self, text: str) -> None:
        self._runs.more(text)
        if self._plain is not None and self._runs.open is None:
            self._plain.append(text)

    def _end(self, name: str) -> None:
        self._runs.end(name)
        if name in _NOTE and self._place:
            self.notes.append((self._place, self._runs.whole() or "".join(self._plain or ()).strip()))
            self._place = self._plain = None
