"""What the commands share: finding inputs, choosing outputs, telling what was found."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from workbook.faults import safe, safe_document
from workbook.findings import Finding, Refusal, Severity

BOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb", ".et")
LABELS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.INFO: "说明"}
SHOWN = 40
_STEERING = re.compile("\x1b(?!\\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def inputs(given: Sequence[str], endings: Sequence[str] = BOOK_ENDINGS, kind: str = "Excel 台账"
           ) -> list[tuple[Path, Path]]:
    """(file, name relative to what was given) of every file of a kind; folders are searched.

    Raises Refusal for a folder without any.
    """
    found: list[tuple[Path, Path]] = []
    for text in given:
        path = Path(text)
        if not path.is_dir():
            found.append((path, Path(path.name)))
            continue
        inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in endings and one.is_file()
                        and not one.name.startswith(("~$", ".")))
        if not inside:
            raise Refusal(f"{text}：文件夹里没有{' ' if kind[0].isascii() else ''}{kind}。")
        found += [(one, one.relative_to(path)) for one in inside]
    return found


def printed(text: str) -> str:
    """A text as it may go to a terminal: no person's number in full, nothing from a file that steers but colours."""
    return _STEERING.sub("", safe(text))


def tell(text: str, options: Namespace) -> None:
    """A line of human text on stdout, unless quiet or JSON was asked for."""
    if not (options.quiet or getattr(options, "json", False) or getattr(options, "ndjson", False)):
        print(printed(text))


def warn(text: str) -> None:
    """A line of diagnostics on stderr."""
    print(printed(text), file=sys.stderr)


def list_findings(findings: Iterable[Finding], *, least: Severity = Severity.WARNING) -> None:
    """Findings on stderr, errors first, a line each."""
    for line in findings_lines(findings, least=least):
        warn(line)


def findings_lines(findings: Iterable[Finding], *, least: Severity = Severity.WARNING) -> Iterator[str]:
    """Findings a line each, errors first."""
    order = list(Severity)
    wanted = [one for one in findings if order.index(one.severity) <= order.index(least)]
    wanted.sort(key=lambda one: order.index(one.severity))
    for one in wanted[:SHOWN]:
        where = f"{one.where}：" if one.where else ""
        yield f"  {LABELS[one.severity]} {one.code} {where}{one.message}{one.hint}"
    if len(wanted) > SHOWN:
        yield f"  ……还有 {len(wanted) - SHOWN} 条。"


def print_json(document: object) -> None:
    """One JSON document on stdout."""
    import json

    print(json.dumps(safe_document(document), ensure_ascii=_narrow(), indent=2))


def print_line(document: object) -> None:
    """One JSON document on one line of stdout, at once."""
    import json

    print(json.dumps(safe_document(document), ensure_ascii=_narrow()), flush=True)


def _narrow() -> bool:
    """Whether stdout is no UTF-8 (a pipe on a Chinese Windows): then JSON escapes, so that any program reads it."""
    return (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
