"""Cells gathered into few addresses, since every call into Excel costs the same, for one cell or for forty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from workbook.findings import column_letters
from workbook.raw import Merge

LONGEST = 240
"""Excel takes an address of at most 255 characters."""
Place = tuple[int, int]
"""Row and column, counted from 1."""


class Area(NamedTuple):
    """Some cells of a sheet and the address that names them all: C3:C5,D9."""

    address: str
    places: tuple[Place, ...]


def runs(places: Iterable[Place]) -> Iterator[tuple[Place, ...]]:
    """The same cells as vertical runs, column by column, each once."""
    run: list[Place] = []
    for column, row in sorted({(column, row) for row, column in places}):
        if run and (row, column) != (run[-1][0] + 1, run[-1][1]):
            yield tuple(run)
            run = []
        run.append((row, column))
    if run:
        yield tuple(run)


def areas(places: Iterable[Place]) -> Iterator[Area]:
    """The same cells under addresses that Excel takes."""
    words: list[str] = []
    held: list[Place] = []
    for run in runs(places):
        word = spelled(run[0], run[-1])
        if words and len(word) + sum(map(len, words)) + len(words) > LONGEST:
            yield Area(",".join(words), tuple(held))
            words, held = [], []
        words.append(word)
        held += run
    if words:
        yield Area(",".join(words), tuple(held))


def rows(numbers: Iterable[int]) -> Iterator[str]:
    """Addresses of whole rows: 5:7,9:9."""
    for area in areas((number, 1) for number in numbers):
        ends = (word.replace("A", "").partition(":") for word in area.address.split(","))
        yield ",".join(f"{first}:{last or first}" for first, _, last in ends)


def spelled(first: Place, last: Place) -> str:
    """C3:C5; a single cell C3."""
    begin, end = (f"{column_letters(column)}{row}" for row, column in (first, last))
    return begin if first == last else f"{begin}:{end}"


def first_of(merges: Iterable[Merge], place: Place) -> Place:
    """The cell that shows what stands at a place: of a merged range the first."""
    row, column = place
    return next(((merge.top, merge.left) for merge in merges
                 if merge.top <= row <= merge.bottom and merge.left <= column <= merge.right), place)
