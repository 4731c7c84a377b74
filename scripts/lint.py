"""`taizhang lint`: advice on the wording and the form of any report; no file is changed."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from scripts.batch.result import Result, Trade, Voice, voice_of
from scripts.common import LABELS, inputs
from templates.lint.outline import Office
from templates.lint.registry import Remark
from workbook.findings import Refusal

AROUND = 18
"""Characters shown on both sides of a hit."""


class Order(NamedTuple):
    """One report to look at; `laws` is the ledger whose laws count, or empty."""

    source: str
    laws: str = ""
    voice: Voice = Voice()


class Linted(NamedTuple):
    """What was found in one report; `refusal` where it cannot be read."""

    file: str
    remarks: tuple[Remark, ...] = ()
    refusal: str = ""

    @property
    def code(self) -> int:
        return 2 if self.refusal else int(bool(self.remarks))

    def as_json(self) -> dict[str, object]:
        document: dict[str, object] = {"file": self.file, "findings": [one.as_json() for one in self.remarks]}
        return document | ({"refused": self.refusal} if self.refusal else {})


def run(options: Namespace) -> int:
    """Look at every report; the highest exit code counts. Raises Refusal for a --laws that is no ledger."""
    from scripts.batch.alone import alone, is_batch
    from templates.lint.reading import ENDINGS

    laws = options.laws or ""
    if laws:
        office_of(laws)
    voice = voice_of(options)
    orders = [Order(str(path), laws, voice) for path, _ in inputs(options.reports, ENDINGS, "报告（.docx、.txt、.md）")]
    if not is_batch(orders, options):
        return alone(lint_file(orders[0]), voice, TRADE.key)
    from scripts.batch.run import Batch

    return Batch(TRADE, orders, options, settings=[Path(laws) if laws else ""]).run()


@lru_cache(1)
def office_of(book: str) -> Office:
    """The laws, the county and the name of the office whose ledger this is. Raises Refusal."""
    from workbook.book import recognize
    from workbook.laws import table_with
    from workbook.ledger import Ledger
    from workbook.reading.reader import read
    from workbook.rules.wording_laws import own_laws
    from workbook.schema import GENERATED_SHEETS

    ledger = Ledger(recognize(read(book, skip=GENERATED_SHEETS)))
    return Office(table_with(own_laws(ledger)), ledger.head.text("行政区划"), ledger.head.text("机关全称"))


def lint_file(order: Order) -> Result:
    """The remarks on one file; a file that cannot be read is a refusal, not an exception."""
    from templates.lint.lint import lint

    started = time.perf_counter()
    try:
        one = Linted(order.source, tuple(lint(order.source, office_of(order.laws) if order.laws else None)))
    except Refusal as refusal:
        one = Linted(order.source, refusal=str(refusal))
    return _told(one, order.voice, time.perf_counter() - started)


def _lost(order: Order, why: str) -> Result:
    one = Linted(order.source, refusal=f"{order.source}：没有查完（{why}）。请单独再查这一份。")
    return _told(one, order.voice)._replace(status="failed", code=3)


TRADE = Trade("lint", "已检查", "份", "files", lint_file, _lost,
              {"ok": "没有发现问题", "remarks": "有意见", "unusable": "不能用", "failed": "没查完"},
              frozenset(("unusable", "failed")))


def _told(one: Linted, voice: Voice, seconds: float = 0.0) -> Result:
    status = "unusable" if one.refusal else "remarks" if one.remarks else "ok"
    said = "\n".join(_said(one)) if voice.speaks and not one.refusal else ""
    return Result(one.file, status, one.code, (), one.refusal, seconds, said, one.refusal,
                  voice.document(one.as_json()) if voice.written else "")


def _said(one: Linted) -> Iterator[str]:
    for remark in one.remarks:
        yield (f"{one.file}:{remark.line}:{remark.column} {LABELS[remark.severity]} {remark.code}　"
               f"{remark.message}{remark.hint}（{remark.authority}）")
        yield f"    {excerpt(remark)}"
    yield f"{one.file}：{len(one.remarks)} 处。" if one.remarks else f"{one.file}：没有发现问题。"


def excerpt(remark: Remark) -> str:
    """The words around a hit, the hit in 【】; a long hit is cut."""
    text, start, end = remark.sentence, remark.start, remark.end
    hit = text[start:end] if end - start <= 2 * AROUND else f"{text[start:start + AROUND]}…{text[end - AROUND:end]}"
    before, after = text[max(0, start - AROUND):start], text[end:end + AROUND]
    left, right = "…" if start > AROUND else "", "…" if end + AROUND < len(text) else ""
    return f"{left}{before}【{hit}】{after}{right}".replace("\n", " ").strip()
