"""The rows behind a figure, named when somebody asks: a figure of the largest ledger has two hundred thousand."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import overload

Numbers = Sequence[tuple[str, Sequence[int]]]
"""Row numbers, sheet by sheet."""
MOST_ROWS, LAST_ROW = 40_000_000, 1_048_576
"""How many rows all figures of a report may name; the last row that a sheet has."""


class _Named(Sequence[str]):
    """Texts that are made one by one."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self.numbers)

    @abstractmethod
    def __iter__(self) -> Iterator[str]: ...

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        if isinstance(at, slice):
            return tuple(islice(self, *at.indices(len(self))))
        return next(islice(self, range(len(self))[at], None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class RowNames(_Named):
    """活动!5, 活动!6 …"""

    def __iter__(self) -> Iterator[str]:
        return (f"{sheet}!{row}" for sheet, rows in self.numbers for row in rows)


class RowIds(_Named):
    """The `_id`s of the same rows, blank where a row has none; `known` are they by sheet and row."""

    def __init__(self, numbers: Numbers, known: Mapping[str, Mapping[int, str]]) -> None:
        super().__init__(numbers)
        self.known = known

    def __iter__(self) -> Iterator[str]:
        return (ids.get(row, "") for sheet, rows in self.numbers for ids in [self.known.get(sheet, {})] for row in rows)


class Unfolder:
    """活动!5-7 12 becomes its row numbers; no more of them than a report can have. Raises ValueError."""

    def __init__(self) -> None:
        self.room = MOST_ROWS

    def rows(self, folded: Iterable[str]) -> Numbers:
        return tuple((sheet, self._numbers(runs)) for sheet, _, runs in (one.rpartition("!") for one in folded))

    def _numbers(self, runs: str) -> Sequence[int]:
        found = array("I")
        for run in runs.split(" "):
            first, _, last = run.partition("-")
            numbers = range(int(first), int(last or first) + 1)
            self.room -= len(numbers)
            if self.room < 0 or not 0 < numbers.start <= numbers.stop <= LAST_ROW + 1:
                raise ValueError(run)
            found.extend(numbers)
        return found
