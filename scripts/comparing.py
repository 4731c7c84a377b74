"""What `verify` and `pull` share: a report, its manifest, and the same report as the ledger gives it now."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbook.findings import Refusal

if TYPE_CHECKING:
    from templates.provenance.manifest import Manifest
    from templates.provenance.verify import Verification
    from templates.report import Report

_LABELS = ("签发人：", "抄送：", "印发")


class Compared(NamedTuple):
    """The outcome with the manifest that was found."""

    checked: Verification
    manifest: Manifest


def compare(options: Namespace) -> Compared:
    """Hold REPORT.docx against BOOK.xlsx; raises Refusal where they do not belong together."""
    from templates.docx_text import paragraphs
    from templates.provenance.marking import manifest_of
    from templates.provenance.verify import verify
    from workbook.files import read_bytes

    printed = paragraphs(read_bytes(options.report), options.report)
    then = _manifest(options)
    report = _recomposed(options, then)
    now = manifest_of(report, file=options.book)
    if then.ledger_id != now.ledger_id and not options.force:
        raise Refusal(f"{options.report}：不是从这本台账出的（报告的台账编号 {then.ledger_id or '没有'}，"
                      f"{options.book} 的是 {now.ledger_id}）。请核对是不是拿错了文件；确实要比，加 --force。")
    return Compared(verify(then, printed, now, known=formal_texts(report)), then)


def _manifest(options: Namespace) -> Manifest:
    """Of the report itself, of --trace, or of the .trace.json beside the report or the ledger."""
    from scripts.trace import report_manifest
    from templates.provenance.manifest import SUFFIX

    if options.trace:
        return report_manifest(options.trace)
    beside = Path(options.book).with_name(f"{Path(options.report).name}{SUFFIX}")
    try:
        return report_manifest(options.report)
    except Refusal:
        if not beside.is_file():
            raise
        return report_manifest(str(beside))


def _recomposed(options: Namespace, then: Manifest) -> Report:
    """The report as the ledger gives it now, over the same days, in the same kind and layout."""
    from templates.kinds import kind_named
    from templates.report import compose, template_folder
    from workbook.book import recognize
    from workbook.facts import Window
    from workbook.ledger import Ledger
    from workbook.reading.reader import read
    from workbook.schema import GENERATED_SHEETS

    ledger = Ledger(recognize(read(options.book, skip=GENERATED_SHEETS)))
    kind = template_folder(options.template) if options.template else kind_named(then.kind)
    if kind.name != then.kind:
        raise Refusal(f"{options.report}：是用“{then.kind}”的模板生成的，请用 --template 说明这个模板文件夹在哪里。")
    first, _, last = then.period.partition("..")
    days = (dt.date.fromisoformat(first), dt.date.fromisoformat(last)) if last else None
    window = Window(*days, ledger.head.date("规划期起")) if days else None
    return compose(ledger, kind=kind, layout=then.layout, window=window)


def formal_texts(report: Report) -> list[str]:
    """The texts of 版头 and 版记, which no manifest names."""
    head, foot = report.document.letterhead, report.document.imprint
    texts = [head.marker, head.signer, head.copy_number, head.secrecy, head.urgency] if head else []
    texts += [f"{foot.copies_to}。", foot.copies_to, foot.issuer] if foot else []
    return [*filter(None, texts), *_LABELS]
