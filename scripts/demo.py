"""`taizhang demo`: the main job on the shipped example."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from scripts.common import list_findings, tell
from workbook.findings import Refusal

EXAMPLE = "example.ledger.md"


def run(options: Namespace) -> int:
    """Write the example workbook, read it back, and make its report in every format."""
    import templates
    from templates.report import compose, render
    from workbook.book import recognize
    from workbook.files import make_folder, write_atomic
    from workbook.ledger import Ledger
    from workbook.reading.reader import read
    from workbook.standard.making import workbook_bytes
    from workbook.text import parse

    folder = Path(options.folder)
    make_folder(folder)
    text = (Path(templates.__file__).parent / EXAMPLE).read_text("utf-8")
    book = folder / "示例台账.xlsx"
    write_atomic(book, workbook_bytes(parse(text, EXAMPLE)))
    tell(f"台账：{book}", options)
    report = compose(Ledger(recognize(read(book))))
    for form in ("docx", "html", "pdf"):
        target = folder / f"示例报告.{form}"
        try:
            write_atomic(target, render(report, form))
            tell(f"报告：{target}", options)
        except Refusal as refusal:
            if form != "pdf":
                raise
            tell(f"没有出 PDF：{refusal}", options)
    tell(f"报告里有 {report.figures} 个数，每个都知道出自哪一格。", options)
    tell(f"先打开 {book}，再打开 {folder / '示例报告.docx'}。", options)
    if not options.quiet:
        list_findings(report.findings)
    return 0
