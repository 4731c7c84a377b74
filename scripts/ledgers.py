"""`taizhang new`, `load`, `dump`: the ledger as a workbook and as text."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from scripts.common import add_voice, tell
from workbook.book import Book
from workbook.findings import Refusal
from workbook.raw import RawBook

_EXAMPLES = {
    "new": "例：\n  taizhang new --kind 法治政府建设年度报告 --office 临溪县民政局 --year 2025 -o 台账.xlsx",
    "load": "例：\n  taizhang load 台账.md -o 台账.xlsx",
    "dump": "例：\n  taizhang dump 台账.xlsx -o 台账.md\n  taizhang dump 台账.xlsx",
}


def configure(parser: ArgumentParser, name: str) -> None:
    parser.epilog = _EXAMPLES[name]
    {"new": _configure_new, "load": _configure_load, "dump": _configure_dump}[name](parser)
    add_voice(parser, json_too=False)


def _configure_new(parser: ArgumentParser) -> None:
    from templates.kinds import kinds

    names = "、".join(kind.name for kind in kinds())
    parser.add_argument("--kind", required=True, metavar="报告类型", help=f"自带：{names}；别的名称按通用报告")
    parser.add_argument("--office", required=True, metavar="机关全称", help="如：临溪县民政局")
    parser.add_argument("--year", required=True, type=int, metavar="YYYY", help="报告年度")
    parser.add_argument("-o", "--output", metavar="BOOK.xlsx", help="默认：机关全称加年度")
    parser.add_argument("--template", metavar="PATH", help="自己的模板文件夹")
    parser.set_defaults(run=new)


def _configure_load(parser: ArgumentParser) -> None:
    parser.add_argument("ledger", metavar="LEDGER.md", help="文字台账")
    parser.add_argument("-o", "--output", required=True, metavar="BOOK.xlsx")
    parser.set_defaults(run=load)


def _configure_dump(parser: ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK.xlsx", help="Excel 台账")
    parser.add_argument("-o", "--output", metavar="LEDGER.md", help="默认印到屏幕")
    parser.set_defaults(run=dump)


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
    from workbook.reader import read
    from workbook.text import dump as dump_text

    text = dump_text(recognize(with_ids(read(options.book))))
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
