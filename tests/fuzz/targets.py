"""What must hold of any bytes: a reader ends in a result or in one sentence, never in an exception."""

from __future__ import annotations

import contextlib
import os
import tempfile

from tests.hostile.books import sound
from tests.ledgers import HEAD, ONE_CHAPTER
from tests.report_files import docx
from tests.workbook.came_back import OFFICES, TASKS
from tests.workbook.letters import letter, named, zipped
from workbook.findings import Refusal
from workbook.text import parse


def reader(data: bytes) -> None:
    """The reader of workbooks."""
    from workbook.reading.reader import read_content

    with contextlib.suppress(Refusal):
        read_content(data, "台账.xlsx", formulas=True, notes=True)


def mail(data: bytes) -> None:
    """The reader of letters, mailboxes and archives."""
    from workbook.exchange.mail.opening import from_bytes

    assert list(from_bytes(data, "来件", ""))


def document(data: bytes) -> None:
    """The reader of reports, and the rules that look at one."""
    from templates.lint.lint import lint

    with tempfile.NamedTemporaryFile(suffix=".docx", delete=False) as file:
        file.write(data)
    try:
        with contextlib.suppress(Refusal):
            assert all(one.code != "X001" for one in lint(file.name))
    finally:
        os.unlink(file.name)


def values(data: bytes) -> None:
    """Every reader of a cell's text."""
    from workbook.normalize import read_date, read_number, read_text, read_yes_no

    text = data.decode("utf-8", "replace")
    for one in (read_number(text), read_yes_no(text), read_date(text, year=2025)):
        assert one is not None
    read_text(text)


def report(data: bytes) -> None:
    """The templates and slots: any text in a cell ends in a report, findings, or a sentence."""
    from templates.report import compose, render
    from workbook.book import recognize
    from workbook.ledger import Ledger

    text = data.decode("utf-8", "replace")
    raw = parse(HEAD + ONE_CHAPTER + "\n".join(line.strip() for line in (OFFICES + TASKS).splitlines()), "台账.md")
    sheets = tuple(sheet._replace(rows=[[text if cell == "修订办法" else cell for cell in row] for row in sheet.rows])
                   for sheet in raw.sheets)
    with contextlib.suppress(Refusal):
        found = compose(Ledger(recognize(raw._replace(sheets=sheets))))
        assert all(one.code != "X001" for one in found.findings)
        render(found, "md")


def seeds() -> dict[str, bytes]:
    """One sound input a target."""
    book = sound()
    return {"reader": book, "mail": letter(named(book, "台账.xlsx"), named(zipped([("a.xlsx", b"x")]), "a.zip")),
            "document": docx("关于工作情况的报告\n一、工作\n开展活动3次。"),
            "values": "2025年3月31日，1.5万人次".encode(), "report": "共{{数:M01}}次，其中{{ 表:任务 }}".encode()}


TARGETS = {"reader": reader, "mail": mail, "document": document, "values": values, "report": report}
