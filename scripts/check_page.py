"""The findings of checked ledgers as one web page, and the titles of their rules."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.faults import safe
from workbook.files import shown_name

if TYPE_CHECKING:
    from scripts.check_one import Checked
    from templates.findings_page import Part


def part_of(one: Checked) -> Part:
    """One ledger's part of the page."""
    from templates.findings_page import Part

    return Part(safe(shown_name(one.file)), str(one.plate or ""), one.refusal, one.sightings)


def write_page(parts: Sequence[Part], path: str) -> None:
    """Write the page; raises Refusal where that cannot be."""
    from templates.findings_page import to_page
    from workbook.files import make_folder, write_atomic

    make_folder(Path(path).parent)
    write_atomic(path, to_page(parts, titles()).encode("utf-8", "replace"))


@cache
def titles() -> dict[str, str]:
    """What each rule is called, by its code."""
    from workbook.faults import FAULTS
    from workbook.rules.every import explained

    return {code: explained(code)[0] for code in FAULTS}
