"""The running text of a report between one heading and the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from templates.lint.outline import Part, Report


@dataclass(frozen=True, slots=True)
class Section:
    """The running text between one heading and the next, joined by line feeds."""

    prose: str
    parts: tuple[tuple[Part, int, int], ...]
    """(part, where its text begins in the section, where in the line)."""

    def place(self, at: int) -> tuple[Part, int]:
        """The part, and the index in its line, of a place in the section's text."""
        part, start, offset = next(one for one in reversed(self.parts) if one[1] <= at)
        return part, at - start + offset


def sections(report: Report) -> Iterator[Section]:
    """The report's running text, section by section."""
    gathered: list[Part] = []
    for part in report.prose:
        if part.heading and gathered:
            yield _section(gathered)
            gathered = []
        gathered.append(part)
    if gathered:
        yield _section(gathered)


def _section(parts: list[Part]) -> Section:
    placed, at = [], 0
    for part in parts:
        offset = part.heading.end if part.heading else len(part.line.text) - len(part.line.text.lstrip())
        placed.append((part, at, offset))
        at += len(part.line.text) - offset + 1
    return Section("\n".join(part.line.text[offset:] for part, _, offset in placed), tuple(placed))
