"""`taizhang repair`, `upgrade`: a clean standard workbook from a damaged or an older one, with its balance."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from scripts.common import print_json, tell
from scripts.restored import as_document, balance, list_lines, require_new_workbook

if TYPE_CHECKING:
    from workbook.raw import RawBook
    from workbook.restoring.settling import Restored


def repair(options: Namespace) -> int:
    """Rebuild a damaged workbook; 1 where a person should look at something."""
    from workbook.restoring.repair import repair as rebuilt
    from workbook.standard.making import workbook_bytes

    return _finish(options, rebuilt(_read(options), workbook_bytes), "已修复")


def upgrade(options: Namespace) -> int:
    """Bring an older workbook forward; one of today's version is left alone and nothing is written."""
    from workbook.restoring.upgrade import upgrade as upgraded
    from workbook.schema import SCHEMA_VERSION
    from workbook.standard.making import workbook_bytes

    made = upgraded(_read(options), workbook_bytes)
    if made is not None:
        return _finish(options, made, "已升级")
    tell(f"{options.book}：架构版本已经是 {SCHEMA_VERSION}，不用升级，没有写文件。", options)
    if options.json:
        print_json({"file": options.book, "output": None, "balance": {}, "changes": [], "aside": [], "cells": []})
    return 0


def _read(options: Namespace) -> RawBook:
    from workbook.reading.reader import read

    require_new_workbook(options)
    return read(options.book, formulas=True, notes=True)


def _finish(options: Namespace, made: Restored, done: str) -> int:
    from workbook.files import write_atomic

    write_atomic(options.output, made.data, keep=True, durable=True)
    if options.json:
        print_json(as_document(options, made))
    tell(f"{done}：{options.output}。{balance(made)}", options)
    list_lines((change.text for change in made.changes), options)
    _list_asides(options, made)
    return int(made.to_settle)


def _list_asides(options: Namespace, made: Restored) -> None:
    from workbook.restoring.balance import shown
    from workbook.restoring.repair import ASIDE_SHEET

    if not made.asides:
        return
    tell(f"工作表“{ASIDE_SHEET}”里有 {len(made.asides)} 条，请看一遍：", options)
    list_lines((f"{one.cell}　{shown(one.value)}　{one.why}。" for one in made.asides), options)
