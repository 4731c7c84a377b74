"""`taizhang repair`, `upgrade`: a clean standard workbook from a damaged or an older one, with its balance."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common import print_json, tell
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.raw import RawBook
    from workbook.restoring.settling import Restored

SHOWN = 20


def repair(options: Namespace) -> int:
    """Rebuild a damaged workbook; 1 where a person should look at something."""
    from scripts.ledgers import workbook_bytes
    from workbook.restoring.repair import repair as rebuilt

    return _finish(options, rebuilt(_read(options), workbook_bytes), "已修复")


def upgrade(options: Namespace) -> int:
    """Bring an older workbook forward; one of today's version is left alone and nothing is written."""
    from scripts.ledgers import workbook_bytes
    from workbook.restoring.upgrade import upgrade as upgraded
    from workbook.schema import SCHEMA_VERSION

    made = upgraded(_read(options), workbook_bytes)
    if made is not None:
        return _finish(options, made, "已升级")
    tell(f"{options.book}：架构版本已经是 {SCHEMA_VERSION}，不用升级，没有写文件。", options)
    if options.json:
        print_json({"file": options.book, "output": None, "balance": {}, "changes": [], "aside": [], "cells": []})
    return 0


def _read(options: Namespace) -> RawBook:
    from workbook.reading.reader import read

    target = Path(options.output)
    if target.suffix.lower() != ".xlsx":
        raise Refusal(f"{options.output}：要写成 .xlsx 文件，请换个扩展名。")
    if target.exists() and Path(options.book).exists() and target.samefile(options.book):
        raise Refusal(f"{options.output}：就是原来的文件，请另给一个文件名，原件留着核对。")
    return read(options.book, formulas=True, notes=True)


def _finish(options: Namespace, made: Restored, done: str) -> int:
    from workbook.files import write_atomic

    write_atomic(options.output, made.data, keep=True, durable=True)
    if options.json:
        print_json(_document(options, made))
    counts = made.counts()
    tell(f"{done}：{options.output}。原有 {counts['cells']} 格：写入 {counts['写入']}，重建 {counts['重建']}，"
         f"移到附表 {counts['移到附表']}；一格不少。", options)
    _list((change.text for change in made.changes), options)
    _list_asides(options, made)
    return int(made.to_settle)


def _list_asides(options: Namespace, made: Restored) -> None:
    from workbook.restoring.balance import shown
    from workbook.restoring.repair import ASIDE_SHEET

    if not made.asides:
        return
    tell(f"工作表“{ASIDE_SHEET}”里有 {len(made.asides)} 条，请看一遍：", options)
    _list((f"{one.cell}　{shown(one.value)}　{one.why}。" for one in made.asides), options)


def _list(lines: Iterable[str], options: Namespace) -> None:
    told = list(lines)
    for line in told[:SHOWN]:
        tell(f"  {line}", options)
    if len(told) > SHOWN:
        tell(f"  ……还有 {len(told) - SHOWN} 条。", options)


def _document(options: Namespace, made: Restored) -> dict[str, object]:
    from workbook.faults import safe
    from workbook.restoring.balance import shown

    return {
        "file": options.book, "output": options.output, "balance": made.counts(),
        "changes": [{"text": safe(change.text), "settle": change.settle} for change in made.changes],
        "aside": [{"sheet": one.cell.sheet, "cell": one.cell.a1, "value": shown(one.value), "reason": one.why,
                   "settle": one.settle} for one in made.asides],
        "cells": [entry.as_json() for entry in made.entries],
    }
