"""The chain: ledger -> facts -> outline -> narrative -> document -> bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from templates.blocks import Block, Document, Grid
from templates.chapters import ChapterPrinter
from templates.front import Front
from templates.kinds import Kind, kind_named
from templates.narrative import narrate
from templates.outline import build_outline
from templates.readiness import readiness
from templates.statistics import StatisticsReader
from workbook.facts import Facts, Window, window_of
from workbook.faults import found
from workbook.fill import Filler
from workbook.findings import Finding
from workbook.ledger import Ledger
from workbook.schema import KNOWN_ISSUES
from workbook.spans import Origin, Spans, text_of

if TYPE_CHECKING:
    from templates.provenance.carriers import Trace

LAYOUTS = ("公文", "普通")
FORMATS = ("docx", "pdf", "html", "md", "txt")


class Report(NamedTuple):
    """A composed report: what it prints and what was noticed on the way.

    `missing` are the facts a final may not lack, in the clerk's words.
    """

    document: Document
    layout: str
    kind: Kind
    facts: Facts
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]

    @property
    def final(self) -> bool:
        """Whether nothing is missing and no error was found."""
        return not self.missing and not any(one.blocks for one in self.findings)

    @property
    def figures(self) -> int:
        """How many printed figures know their cells."""
        return sum(span.source is not None and span.source.origin is Origin.FIGURE
                   for block in self.document.blocks for span in spans_of(block))


def compose(ledger: Ledger, *, kind: Kind | None = None, layout: str = "", window: Window | None = None,
            facts: Facts | None = None, traced: bool = True) -> Report:
    """Everything but the typesetting; `facts` where they are already counted.

    Without `traced` the words of the document do not know their cells: enough for its findings.

    Raises Refusal where the template is at fault.
    """
    head = ledger.head
    kind = kind or kind_named(head.text("报告类型"))
    layout = layout or ("公文" if head.text("发文机关标志") else "普通")
    facts = facts or Facts(ledger, window)
    filler = Filler(ledger, facts, traced=traced)
    outline = build_outline(ledger, filler)
    printer = ChapterPrinter(StatisticsReader(ledger, filler))
    front = Front(head, filler, kind)
    before = front.before()
    blocks: list[Block] = [*before, *narrate(kind, filler, outline, printer), *front.after()]
    document = Document(
        text_of(front.title()), tuple(blocks), front.letterhead() if layout == "公文" else None,
        front.imprint() if layout == "公文" else None, head.text("印章") == "有",
    )
    findings = [*ledger.findings, *facts.findings, *outline.findings, *filler.findings,
                *printer.findings, *printer.tables.findings]
    findings += readiness(ledger, kind, facts, document)
    findings += [found("T003", value=what) for what in filler.missing]
    return Report(document, layout, kind, facts, tuple(dict.fromkeys(findings)), tuple(filler.missing))


def judged(report: Report) -> Report:
    """The report with every error that check finds: a final may have none, but those that 已知问题 lets stand."""
    from workbook.rules.errors import errors_of

    ledger, facts = report.facts.ledger, report.facts
    whole = facts if facts.window == window_of(ledger) else Facts(ledger)
    findings = list(dict.fromkeys((*report.findings, *errors_of(ledger, whole))))
    if ledger.book.raw.sheet(KNOWN_ISSUES):
        from workbook.acknowledged import acknowledged

        findings = acknowledged(ledger, findings)
    return report._replace(findings=tuple(findings))


def spans_of(block: Block) -> Spans:
    """Every span of a block, in print order."""
    if isinstance(block, Grid):
        return tuple(span for row in block.rows for cell in row for span in cell)
    return block.heading + block.spans


def render(report: Report, form: str, *, trace: Trace | None = None) -> bytes:
    """The report in one of FORMATS; heavy parts are loaded when needed. `trace` is the manifest a docx carries."""
    document = report.document
    if form == "txt":
        from templates.plain import to_text

        return to_text(document).encode()
    if form == "md":
        from templates.plain import to_markdown

        return to_markdown(document).encode()
    if form == "html":
        from templates.page import to_html

        return to_html(document).encode()
    from templates.typesetting.typeset import typeset

    data = typeset(document, layout=report.layout, reference=report.kind.reference(), trace=trace)
    if form == "docx":
        return data
    from templates.typesetting.pdf import to_pdf

    return to_pdf(data)


def template_folder(path: str | Path) -> Kind:
    """An office's own template folder."""
    from templates.kinds import load_kind

    return load_kind(Path(path))
