"""What a mark looks like: a colour and a word for each severity, the note, and how it is told from a clerk's own.

The colours differ in lightness too, so that they are told apart without hue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbook.findings import Finding, Severity
from workbook.patching.styles import Styles

AUTHOR = "台账校验"
BEGIN, END = f"【{AUTHOR}】", "（以上由台账校验写入，再次校验时更新）"
_OURS = re.compile(f"{re.escape(BEGIN)}.*?(?:{re.escape(END)}|$)", re.DOTALL)
COLOURS = {Severity.ERROR: 0xF4A08A, Severity.WARNING: 0xFFE48C, Severity.INFO: 0xD8EAF8}
_RANK = tuple(Severity)


def gravity(findings: Sequence[Finding]) -> int:
    """How grave the gravest is: 0 for an error."""
    return min(_RANK.index(finding.severity) for finding in findings)


def worst(findings: Sequence[Finding]) -> Severity:
    return _RANK[gravity(findings)]


def note_text(findings: Sequence[Finding]) -> str:
    """What the note of a cell says below its first line, the gravest finding first."""
    ordered = sorted(findings, key=lambda finding: _RANK.index(finding.severity))
    said = (f"{finding.severity.label} {finding.code}：{finding.message}{finding.hint}" for finding in ordered)
    return "\n".join((*dict.fromkeys(said), END))


def fills(styles: Styles) -> dict[Severity, int]:
    """The fill of each severity, in colours that the workbook has nowhere yet."""
    taken, found = styles.part.data.upper(), {}
    for severity, colour in COLOURS.items():
        while f"{colour:06X}".encode() in taken:
            colour -= 1
        found[severity] = styles.add("fills", solid(styles, f"{colour:06X}"))
    return found


def solid(styles: Styles, colour: str) -> bytes:
    """A fill of one colour (RRGGBB)."""
    return styles.own(b'<fill><patternFill patternType="solid"><fgColor rgb="FF' + colour.encode()
                      + b'"/><bgColor indexed="64"/></patternFill></fill>')


def without_marks(note: str) -> str:
    """The clerk's own words of a note that may also hold ours."""
    return _OURS.sub("", note).strip()
