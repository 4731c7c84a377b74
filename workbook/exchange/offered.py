"""What returns together propose for one row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from workbook.exchange.outcome import BLANK, Proposal
from workbook.exchange.sides import Row


@dataclass(slots=True)
class Offered:
    """All that returns propose for one row that was sent."""

    base: Row
    cells: dict[str, list[Proposal]] = field(default_factory=lambda: defaultdict(list))
    deleted_by: list[str] = field(default_factory=list)
    guessed: bool = False

    @property
    def editors(self) -> list[str]:
        return sorted({one.office for cell in self.cells.values() for one in cell})

    def told(self, office: str) -> str:
        """What an office changed in the row, in one line."""
        cells = [(title, one.value) for title, cell in sorted(self.cells.items()) for one in cell
                 if one.office == office]
        return "；".join(f"{title}：{BLANK if value is None else value}" for title, value in cells)


def line(row: Row) -> str:
    """What a new row says, in one line."""
    return "；".join(f"{title}：{value}" for title, value in row.values.items())
