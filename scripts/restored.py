"""What repair, upgrade and adopt share: where the new workbook goes, and how its balance is told."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common import tell
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.restoring.settling import Restored

SHOWN = 30


def require_new_workbook(options: Namespace) -> None:
    """Raise Refusal where the output is no .xlsx, or is the original itself."""
    target = Path(options.output)
    if target.suffix.lower() != ".xlsx":
        raise Refusal(f"{options.output}：要写成 .xlsx 文件，请换个扩展名。")
    if target.exists() and Path(options.book).exists() and target.samefile(options.book):
        raise Refusal(f"{options.output}：就是原来的文件，请另给一个文件名，原件留着核对。")


def balance(made: Restored) -> str:
    """原有 20 格：写入 18，重建 1，移到附表 1；一格不少。"""
    counts = made.counts()
    return (f"原有 {counts['cells']} 格：写入 {counts['写入']}，重建 {counts['重建']}，"
            f"移到附表 {counts['移到附表']}；一格不少。")


def list_lines(lines: Iterable[str], options: Namespace) -> None:
    """The first lines, without any person's number in full, and how many more there are."""
    from workbook.faults import safe

    told = list(lines)
    for line in told[:SHOWN]:
        tell(f"  {safe(line)}", options)
    if len(told) > SHOWN:
        tell(f"  ……还有 {len(told) - SHOWN} 条。", options)


def as_document(options: Namespace, made: Restored) -> dict[str, object]:
    """The balance and every cell's fate for scripts."""
    from workbook.faults import safe
    from workbook.restoring.balance import shown

    return {
        "file": options.book, "output": options.output, "balance": made.counts(),
        "changes": [{"text": safe(change.text), "settle": change.settle} for change in made.changes],
        "aside": [{"sheet": one.cell.sheet, "cell": one.cell.a1, "value": shown(one.value), "reason": safe(one.why),
                   "settle": one.settle} for one in made.asides],
        "cells": [entry.as_json() for entry in made.entries],
    }
