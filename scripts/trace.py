"""`taizhang trace`: where every figure of a report, or every metric of a ledger, comes from."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common import BOOK_ENDINGS, print_json, tell
from workbook.findings import Refusal

if TYPE_CHECKING:
    from templates.provenance.manifest import Manifest, Mark

FOLDED = 10


def run(options: Namespace) -> int:
    """Explain the figures of a report, or the metrics of a ledger."""
    path = options.report
    is_book = Path(path).suffix.lower() in BOOK_ENDINGS
    manifest = _metrics(path) if is_book else report_manifest(path)
    marks = _chosen(manifest, options.figure, everything=options.all)
    if not marks and options.figure:
        raise Refusal(f"{path}：没有“{options.figure}”这个有出处的数。不加 --figure 可以看全部。")
    if options.json:
        print_json({"report": "" if is_book else path, "ledger": manifest.ledger_file,
                    "ledger_id": manifest.ledger_id, "title": manifest.title, "period": manifest.period,
                    "figures": [mark_json(mark) for mark in marks]})
        return 0
    for mark in marks:
        tell(_told(mark, everything=options.all), options)
    tell(f"{path}：{sum(mark.origin == '数字' for mark in marks)} 个数有出处，台账 {manifest.ledger_file}。", options)
    return 0


def report_manifest(path: str) -> Manifest:
    """The manifest of a report or of its .trace.json; where a docx carries none, of the .trace.json beside it.

    Raises Refusal where there is none.
    """
    from templates.provenance.carriers import manifest_in
    from templates.provenance.manifest import SUFFIX, from_json
    from workbook.files import read_bytes

    data, beside = read_bytes(path), Path(f"{path}{SUFFIX}")
    try:
        if path.lower().endswith(".json"):
            return from_json(data.decode("utf-8-sig", "replace"))
        manifest = manifest_in(data) if data[:2] == b"PK" or _says_docx(path, beside) else None
    except Refusal as refusal:
        raise Refusal(f"{path}：{refusal}") from None
    if manifest is None and beside.is_file():
        return from_json(read_bytes(beside))
    if manifest is None:
        raise Refusal(f"{path}：里面没有溯源信息，旁边也没有 {beside.name}。"
                      "请用 taizhang convert 从台账生成报告；公开用的副本请指给台账旁边的 .trace.json。")
    return manifest


def _says_docx(path: str, beside: Path) -> bool:
    """Whether a file calls itself a .docx and nothing beside it could stand for its manifest."""
    return path.lower().endswith(".docx") and not beside.is_file()


def mark_json(mark: Mark) -> dict[str, object]:
    """One figure with the keys that other offices' scripts rely on."""
    return {
        "id": mark.id, "phrase": mark.phrase, "value": mark.value, "cells": list(mark.cells), "rows": list(mark.rows),
        "how": mark.how, "origin": mark.origin, "slot": mark.slot, "place": mark.place, "column": mark.column,
        "context": mark.context, "row_ids": list(mark.row_ids),
    }


def _chosen(manifest: Manifest, figure: str | None, *, everything: bool) -> tuple[Mark, ...]:
    if figure:
        return tuple(mark for mark in manifest.marks
                     if figure in (mark.id, mark.slot) or (mark.origin != "文字" and figure in mark.phrase))
    return manifest.marks if everything else manifest.figures


def _told(mark: Mark, *, everything: bool) -> str:
    how = f"　{mark.how}" if mark.how else ""
    value = f"（{mark.value}）" if mark.value not in mark.phrase and mark.origin == "数字" else ""
    lines = [f"{mark.phrase}{value}{how}", f"    句子　{mark.context}" if mark.context else "",
             f"    格子　{'、'.join(mark.cells)}" if mark.cells else "", _rows(mark.rows, everything=everything)]
    return "\n".join(line for line in lines if line)


def _rows(rows: Sequence[str], *, everything: bool) -> str:
    if not rows:
        return ""
    shown = rows if everything else rows[:FOLDED]
    more = f" 等 {len(rows)} 行" if len(rows) > len(shown) else ""
    return f"    各行　{'、'.join(shown)}{more}"


def _metrics(path: str) -> Manifest:
    """Every metric of a ledger that has a value, as a manifest without a report."""
    from templates.provenance.marking import metrics_manifest
    from workbook.book import recognize
    from workbook.facts import Facts
    from workbook.ledger import Ledger
    from workbook.reading.reader import read
    from workbook.schema import GENERATED_SHEETS

    return metrics_manifest(Facts(Ledger(recognize(read(path, skip=GENERATED_SHEETS)))), file=path)
