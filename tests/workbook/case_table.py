"""Case tables as text: one case a line, cells between bars, the first cell its name."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet


def cases(table: str) -> list[ParameterSet]:
    """Every line of a table as a parameter set; a blank cell is ""."""
    lines = [line for line in table.splitlines() if line.strip()]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [pytest.param(*row, id="-".join(cell for cell in row[:2] if cell)) for row in rows]


def column(table: str) -> list[str]:
    """The first cell of every line."""
    return [line.split("|")[0].strip() for line in table.splitlines() if line.strip()]
