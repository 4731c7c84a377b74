"""`taizhang new`, `load`, `dump`: the ledger as a workbook and as text."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from scripts.common import tell
from workbook.book import Book
from workbook.findings import Refusal
from workbook.raw import RawBook


def new(options: Namespace) -> int:
    """A blank standard workbook with the kind's outline and examples."""
    from templates.starter import starter
    from workbook.files import write_atomic

    target = Path(options.output or f"{options.office}{options.year}年台账.xlsx")
    if target.exists():
        raise Refusal(f"{target}：已经有这个文件，没有覆盖。请换个名称，或先移走它。")
    raw = starter(options.kind, options.office, options.year, template=options.template)
    write_atomic(target, workbook_bytes(raw), durable=True)
    tell(f"已建好：{target}。打开后先看“填写说明”，再填“报告信息”。", options)
    return 0


def load(options: Namespace) -> int:
    """The text form becomes a workbook; computed columns and charts are made anew."""
    from workbook.files import read_bytes, write_atomic
    from workbook.text import parse

    text = _decoded(options.ledger, read_bytes(options.ledger))
    data = workbook_bytes(parse(text, options.ledger))
    write_atomic(options.output, data, keep=True, durable=True)
    tell(f"已生成：{options.output}", options)
    return 0


def dump(options: Namespace) -> int:
    """The workbook as text, for reading, comparing and version control."""
    from workbook.book import recognize
    from workbook.files import write_atomic
    from workbook.identity import with_ids
    from workbook.reading.reader import read
    from workbook.schema import GENERATED_SHEETS
    from workbook.text import dump as dump_text

    text = dump_text(recognize(with_ids(read(options.book, skip=GENERATED_SHEETS))))
    if not options.output:
        sys.stdout.write(text)
        return 0
    write_atomic(options.output, text.encode())
    tell(f"已生成：{options.output}", options)
    return 0


def workbook_bytes(raw: RawBook) -> bytes:
    """The standard workbook of raw ledger cells: ids assigned, metrics computed."""
    from workbook.book import recognize
    from workbook.identity import with_ids
    from workbook.standard.writer import write

    book = recognize(with_ids(raw))
    return write(book, metric_values(book))


def metric_values(book: Book):  # type: ignore[no-untyped-def]
    """What the computed columns of 指标 hold, by the metric's row in the table."""
    from workbook.standard.cached import cached_values

    return cached_values(book)


def _decoded(name: str, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(f"{name}：不是文本文件。请用 taizhang dump 生成的 .md 文件。")
