"""Texts of an expression or a template that remember their cells.

They stand in for values while Jinja2 works; where one is printed it leaves a single
private character, which `Marks.spans` turns back into spans. So a figure keeps its
source through filters, joins, conditions and loops.
"""

from __future__ import annotations

import re
from typing import Any

from workbook.spans import Source, Span, Spans, text_of

FIRST = 0xF0000  # the planes for private use: 131,068 marks
LAST = 0x10FFFD
MARK = re.compile(f"([{chr(FIRST)}-{chr(LAST)}])")


class Marks:
    """What was printed so far, each behind one character."""

    def __init__(self) -> None:
        self._values: list[Any] = []

    def add(self, value: Any) -> str:
        """The character that stands for a value; raises ValueError where there are too many."""
        if FIRST + len(self._values) > LAST:
            raise ValueError("印出来的数太多")
        self._values.append(value)
        return chr(FIRST + len(self._values) - 1)

    def value(self, mark: str) -> Any:
        """What a character stands for; None where it is the template's own."""
        at = ord(mark) - FIRST
        return self._values[at] if at < len(self._values) else None

    def spans(self, text: str, source: Source | None = None) -> Spans:
        """A printed text with its marks replaced; `source` is that of the words between."""
        spans: list[Span] = []
        for part in filter(None, MARK.split(text)):
            value = self.value(part) if MARK.fullmatch(part) else None
            spans += [Span(part, source)] if value is None else value
        return tuple(spans)


class Text:
    """Filled text: prints as a mark, compares and tests as its text."""

    def __init__(self, marks: Marks, spans: Spans) -> None:
        self._marks, self._spans = marks, spans

    def __str__(self) -> str:
        return self._marks.add(self._spans)

    def __format__(self, form: str) -> str:
        return str(self)

    def _text(self) -> str:
        return text_of(self._spans)

    def __bool__(self) -> bool:
        return bool(self._spans)

    def __eq__(self, other: object) -> bool:
        return self._text() == (other._text() if isinstance(other, Text) else other)

    def __lt__(self, other: object) -> bool:
        return self._text() < (other._text() if isinstance(other, Text) else str(other))

    def __hash__(self) -> int:
        return hash(self._text())

    def __len__(self) -> int:
        return len(self._text())

    def __contains__(self, part: object) -> bool:
        return (part._text() if isinstance(part, Text) else str(part)) in self._text()

    def __add__(self, other: object) -> Text:
        return Text(self._marks, self._spans + self._others(other))

    def __radd__(self, other: object) -> Text:
        return Text(self._marks, self._others(other) + self._spans)

    def _others(self, other: object) -> Spans:
        if not isinstance(other, Text | str):
            raise TypeError
        return other._spans if isinstance(other, Text) else self._marks.spans(other)

    def __getitem__(self, key: slice | int) -> Text:
        """A part of the text; every part keeps the sources of what it is cut from."""
        letters = [span._replace(text=letter) for span in self._spans for letter in span.text]
        return Text(self._marks, _merged(letters[key] if isinstance(key, slice) else [letters[key]]))


def _merged(letters: list[Span]) -> Spans:
    spans: list[Span] = []
    for letter in letters:
        if spans and spans[-1]._replace(text="") == letter._replace(text=""):
            spans[-1] = spans[-1]._replace(text=spans[-1].text + letter.text)
        else:
            spans.append(letter)
    return tuple(spans)
