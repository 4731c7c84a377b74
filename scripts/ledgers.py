"""`taizhang new`, `load`, `dump`: the ledger as a workbook and as text."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from scripts.common import tell
from workbook.findings import Refusal
from workbook.standard.making import workbook_bytes


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


def _decoded(name: str, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(f"{name}：不是文本文件。请用 taizhang dump 生成的 .md 文件。")
