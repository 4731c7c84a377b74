"""生成报告 and 核对稿: from the workbook as it is on the screen to files beside it; the workbook is not saved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from addin.sheet import OpenBook
from templates.issue import REVIEW_DOCX, REVIEW_PAGE, issued, review_copies
from templates.report import Report, compose, judged
from workbook.book import recognize
from workbook.files import write_atomic
from workbook.findings import Refusal
from workbook.gate import admit
from workbook.ledger import Ledger
from workbook.rules.secrets import require_unmarked

NOT_SAVED = "台账还没有存到本机的文件夹里，不知道把结果写在哪里。请先保存台账，再点一次；结果会写在台账旁边。"
NOT_MADE = "没有生成报告。"
SHOWN = 6


def write_report(book: OpenBook) -> str:
    """Write the report and its .trace.json; an earlier report is kept as .bak.

    What is not complete becomes a draft only on yes. Raises Refusal where the
    workbook has no folder yet, is no ledger, or where the report is open in Word.
    """
    from templates.provenance.manifest import SUFFIX

    path = beside(book)
    report = _composed(book)
    if not report.final and book.ask(_why_draft(report), "台账 生成报告") != "yes":
        return NOT_MADE
    book.tell("正在排版……")
    made = issued(report, "docx", source=path.name)
    target = path.with_suffix(".docx")
    old = _write({target: made.data, target.with_name(f"{target.name}{SUFFIX}"): made.trace.encode()})
    state = "" if report.final else "（草稿）"
    return f"已生成{state}：{target}\n{report.figures} 个数有出处。{old}"


def write_review(book: OpenBook) -> str:
    """Write the report with its comments and the page of all figures, complete or not."""
    path = beside(book)
    report = _composed(book)
    book.tell("正在写核对稿……")
    copies = review_copies(report, source=path.name)
    docx, page = path.with_name(f"{path.stem}{REVIEW_DOCX}"), path.with_name(f"{path.stem}{REVIEW_PAGE}")
    old = _write({docx: copies.docx, page: copies.page})
    return f"核对稿：{docx}\n清单：{page}\n内部用，不外发。{old}"


def beside(book: OpenBook) -> Path:
    """Where the workbook is saved on this machine; raises Refusal where it is not."""
    if book.path is None:
        raise Refusal(NOT_SAVED)
    return book.path


def _composed(book: OpenBook) -> Report:
    raw = book.raw()
    book.tell("正在算数……")
    ledger = Ledger(admit(recognize(raw)))
    require_unmarked(ledger)
    return judged(compose(ledger))


def _why_draft(report: Report) -> str:
    lines = [f"缺：{what}" for what in report.missing]
    lines += [f"{one.where}：{one.message}" for one in report.findings if one.blocks and one.code != "T003"]
    more = f"\n……共 {len(lines)} 处" if len(lines) > SHOWN else ""
    return "还不能出正式稿：\n" + "\n".join(lines[:SHOWN]) + more + "\n先出草稿吗？"


def _write(files: Mapping[Path, bytes]) -> str:
    """Write files, each in one step; what to say of the versions before."""
    there = [path for path in files if path.exists()]
    for path, data in files.items():
        write_atomic(path, data, keep=True)
    return f"原来的 {there[0].name} 留作 .bak。" if there else ""
