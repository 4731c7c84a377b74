"""One unit of work inside a warm process, timed by the process itself: what a batch or a ribbon button costs.

Run as `python -m tests.bench.inside WORK STACK ARGUMENTS…`; prints the CPU seconds of one unit.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from tests.bench.measure import INSIDE
from workbook.raw import RawBook

PARAGRAPHS = 5000
MARKS = [(row, 7) for row in range(3, 203)]
"""Row and column of the cells of 任务 that get a finding."""
TEXT = "年初定清单、年中看进度、年底对结果，全年开展普法宣传活动 {} 场，有关情况已在局务会上通报。"
Work = Callable[[], object]


def seconds(work: Work, units: int = 1) -> float:
    """CPU seconds of one unit, where a call does `units` of them."""
    started = time.process_time()
    work()
    return (time.process_time() - started) / units


def batch(stack: str, folder: str, out: str, template: str) -> float:
    """A folder of workbooks to reports, per report; the first one only warms up."""
    first, *rest = sorted(Path(folder).glob("*.xlsx"))
    convert = _converter(stack, template)
    convert(str(first), os.path.join(out, "first.docx"))
    return seconds(lambda: [convert(str(one), os.path.join(out, f"{one.stem}.docx")) for one in rest], len(rest))


def _converter(stack: str, template: str) -> Callable[[str, str], object]:
    if stack == "naive":
        from tests.bench import naive

        return lambda source, target: naive.convert(source, target, template)
    if stack == "peer":
        from tests.bench import peer

        return peer.convert
    if stack == "limit":
        from tests.bench import limit

        return lambda source, target: limit.read(source)
    from scripts.convert import Order, convert
    from workbook.apart.child import prepare

    prepare(0)
    return lambda source, target: convert(Order(source, target, "docx"))


def paragraphs(stack: str, template: str) -> float:
    """One document of 5,000 paragraphs with a figure in each, the second time."""
    write = _paragraph_writer(stack, template)
    write()
    return seconds(write)


def _paragraph_writer(stack: str, template: str) -> Work:
    texts = [TEXT.format(number) for number in range(PARAGRAPHS)]
    if stack == "naive":
        return lambda: _docxtpl(template, texts)
    if stack == "peer":
        return lambda: _python_docx(texts)
    if stack == "limit":
        from tests.bench import limit

        return lambda: limit.write(os.devnull, texts)
    return _typesetter()


def _docxtpl(template: str, texts: Sequence[str]) -> None:
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]

    document = DocxTemplate(template)
    document.render({"title": "报告", "chapters": [{"title": "正文", "rows": texts}]})
    document.save(BytesIO())


def _python_docx(texts: Sequence[str]) -> None:
    from docx import Document

    document = Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(BytesIO())


def _typesetter() -> Work:
    from templates.blocks import Document, Paragraph, Role
    from templates.typesetting.typeset import typeset
    from workbook.findings import Cell
    from workbook.spans import Origin, Source, Span

    before, after = TEXT.split("{}")
    blocks = tuple(
        Paragraph(Role.BODY, (Span(before), Span(str(number), Source(Origin.FIGURE, (Cell("指标", number + 3, 2),))),
                              Span(after)))
        for number in range(PARAGRAPHS)
    )
    return lambda: typeset(Document("报告", blocks), layout="普通")


def write(stack: str, size: str) -> float:
    """The workbook of a reference ledger, from its cells."""
    from tests.reference_ledgers import reference_ledger

    raw = reference_ledger(size)
    sheets: dict[str, Sequence[Sequence[object]]] = {sheet.name: sheet.rows for sheet in raw.sheets}
    if stack == "naive":
        return seconds(lambda: _pandas_book(sheets))
    if stack == "peer":
        return seconds(lambda: _xlsxwriter_book(sheets))
    from workbook.standard.making import workbook_bytes

    return seconds(lambda: workbook_bytes(raw))


def _pandas_book(sheets: dict[str, Sequence[Sequence[object]]]) -> None:
    import pandas as pd

    with pd.ExcelWriter(BytesIO(), engine="openpyxl") as book:
        for name, (headers, *rows) in sheets.items():
            pd.DataFrame(rows, columns=list(map(str, headers))).to_excel(book, sheet_name=name, index=False)


def _xlsxwriter_book(sheets: dict[str, Sequence[Sequence[object]]]) -> None:
    from xlsxwriter import Workbook

    with Workbook(BytesIO(), {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def read(stack: str, source: str) -> float:
    """Every cell of a workbook, once, in a process of its own."""
    if stack == "naive":
        import pandas as pd

        return seconds(lambda: pd.read_excel(source, sheet_name=None))
    if stack == "peer":
        from tests.bench import peer

        return seconds(lambda: peer.read(source))
    if stack == "limit":
        from tests.bench import limit

        return seconds(lambda: limit.read(source))
    from workbook.reading.reader import read as read_book

    return seconds(lambda: read_book(source))


def check(stack: str, size: str, *parts: str) -> float:
    """Every fault of a reference ledger whose cells are read: all rules, or pandas' twenty-five.

    pandas: `parts` are what is counted, `frame` (the DataFrame is made) and `rules`.
    """
    from tests.reference_ledgers import reference_ledger

    raw = reference_ledger(size)
    if stack == "ours":
        from templates.check import check as check_book

        return seconds(lambda: check_book(raw))
    from tests.bench import frames

    events = frames.frame(raw)
    works = {"frame": lambda: frames.frame(raw), "rules": lambda: frames.faults(events)}
    return sum(seconds(works[part]) for part in parts)


def mark(stack: str, source: str) -> float:
    """Findings put into a workbook: a sheet that lists them; by us their cells coloured and noted besides, the second
    time."""
    if stack == "naive":
        return seconds(lambda: _openpyxl_marks(source))
    from workbook.faults import found
    from workbook.findings import Cell
    from workbook.patching.marks import marked

    data = Path(source).read_bytes()
    findings = [found("C005", Cell("任务", row, column), column="责任股室", value="甲股", near="")
                for row, column in MARKS]
    marked(data, findings, path=source)
    return seconds(lambda: marked(data, findings, path=source))


def _openpyxl_marks(source: str) -> None:
    from openpyxl import load_workbook

    book = load_workbook(source)
    sheet = book.create_sheet("校验结果")
    for row, column in MARKS:
        sheet.append(["任务", f"{row}:{column}", "责任股室", "不在股室表里"])
    book.save(BytesIO())


def gate(stack: str, size: str) -> float:
    """What a conversion adds to refuse a faulty ledger: the cells and the rules that are errors, warm."""
    from tests.reference_ledgers import reference_ledger

    raw = reference_ledger(size)
    _errors(raw)
    return _errors(raw)


def _errors(raw: RawBook) -> float:
    import workbook.rules.every  # noqa: F401
    from templates.report import compose
    from workbook.book import recognize
    from workbook.faults import FAULTS
    from workbook.findings import Severity
    from workbook.ledger import Ledger
    from workbook.rules.cells import cell_findings
    from workbook.rules.registry import RULES, run_rules

    ledger = Ledger(recognize(raw))
    facts = compose(ledger).facts
    errors = [rule for code, rule in RULES.items() if FAULTS[code].severity is Severity.ERROR]
    return seconds(lambda: [*cell_findings(ledger, errors=True), *run_rules(ledger, facts, errors)])


WORKS: dict[str, Callable[..., float]] = {"batch": batch, "paragraphs": paragraphs, "write": write, "read": read,
                                          "check": check, "gate": gate, "mark": mark}

if __name__ == "__main__":
    print(f"{INSIDE}{WORKS[sys.argv[1]](*sys.argv[2:]):.6f}")
