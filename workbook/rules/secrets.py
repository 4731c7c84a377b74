"""Marks of state secrets in a whole ledger: whether one may be there, where they are, who goes no further."""

from __future__ import annotations

import os
import re
from itertools import chain
from typing import TYPE_CHECKING

from workbook.findings import Finding, Refusal
from workbook.ledger import Ledger

if TYPE_CHECKING:
    from workbook.reading.package import Package

_TOLD = 5
_IN_UTF8 = re.compile(b"\xe2\x98")
_REFERRED = re.compile(rb"&#(?:0*973|x0*26)")
"""How ★ and ☆ begin in UTF-8 and as references."""
_UTF8 = re.compile(rb'(?:\xef\xbb\xbf)?<(?!\?xml[^>]*?encoding=["\'](?!utf-8|us-ascii))', re.IGNORECASE)
_IN_OLD = ("★".encode("utf-16-le"), "☆".encode("utf-16-le"))


def secrets_in(ledger: Ledger) -> list[Finding]:
    """A 密级 that is filled in and every mark like 秘密★; the ledger is to be read with its notes and all sheets."""
    import workbook.rules.secrecy  # noqa: F401  (registers the rules)
    from workbook.facts import Facts
    from workbook.rules.registry import RULES, run_rules

    chosen = ["P007", "P008"] if _any_star(ledger) else ["P007"]
    return run_rules(ledger, Facts(ledger), [RULES[code] for code in chosen])


def listed(found: list[Finding]) -> str:
    """The first of them, each with its place."""
    more = f"；还有 {len(found) - _TOLD} 处" if len(found) > _TOLD else ""
    return "；".join(f"{one.where or '文件'}：{one.message.rstrip('。')}" for one in found[:_TOLD]) + more


def require_unmarked(ledger: Ledger) -> None:
    """Raises Refusal, naming the cells, where a report is not to be made of a ledger."""
    found = secrets_in(ledger)
    if found:
        raise Refusal(f"{ledger.path}：有密级标志，没有生成报告。{listed(found)}。不涉密的，改掉这里再试；"
                      "确属涉密、这台计算机也可以办理的，用命令 taizhang convert 加 --classified。")


def require_unmarked_file(ledger: Ledger, data: bytes) -> None:
    """The same for a file that was read without its notes and headers: read again only where a mark may be."""
    from workbook.book import recognize
    from workbook.reading.reader import read_content

    if _may_be_marked(ledger, data):
        require_unmarked(Ledger(recognize(read_content(data, ledger.path, notes=True))))


def _may_be_marked(ledger: Ledger, data: bytes) -> bool:
    """Quick, and never wrong where it says no."""
    entry = ledger.head.entries.get("密级")
    return bool(entry and entry.text) or (
        _starred(os.path.basename(ledger.path)) or _any_in_package(data) if data.startswith(b"PK")
        else _any_star(ledger) or any(star in data for star in _IN_OLD))


def _any_star(ledger: Ledger) -> bool:
    """Whether any text of the ledger, as far as it was read, holds what every mark holds."""
    raw = ledger.book.raw
    said = [os.path.basename(ledger.path), *(sheet.name for sheet in raw.sheets), *(text for _, text in raw.elsewhere),
            *(note for sheet in raw.sheets for note in sheet.notes.values())]
    cells = chain.from_iterable(row for sheet in raw.sheets for row in sheet.rows)
    return _starred("\n".join([*said, *(value for value in cells if type(value) is str)]))


def _starred(text: str) -> bool:
    return "★" in text or "☆" in text


def _any_in_package(data: bytes) -> bool:
    from workbook.reading.package import open_package

    package = open_package(data)
    return any(_in_part(package, name) for name in package.parts if name.endswith((".xml", ".rels", ".vml")))


def _in_part(package: Package, name: str) -> bool:
    """Whether a part may hold a mark; one whose encoding is unusual may."""
    from workbook.reading.sniff import Unusable

    try:
        content = package.read(name)
    except Unusable:
        return True
    return bool((b"\xe2" in content and _IN_UTF8.search(content)) or (b"#" in content and _REFERRED.search(content))
                or b"\0" in content or not _UTF8.match(content))
