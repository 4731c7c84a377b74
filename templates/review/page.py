"""The review page: report and ledger side by side in one HTML file that needs no network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from itertools import islice
from pathlib import Path
from string import Template

from templates.blocks import Block
from templates.coverage import Coverage, coverage
from templates.page import STYLE, Inline, page_body
from templates.report import Report
from templates.review import lists
from templates.review.data import is_passage, page_data
from templates.review.marks import Reviewed, is_cited, lines, masked_report, reviewed
from templates.rowfates import Fate
from templates.untraced import Untraced, lines_of, untraced_numbers
from workbook.spans import Origin, Span, Spans

_HERE = Path(__file__).parent
_SCRIPTS = ("ledger.js", "page.js")


def review_page(report: Report) -> bytes:
    """The page of one composed and marked report; personal numbers are masked, contacts left out.

    The same report gives the same bytes. The policy in its head lets only its
    own style and script run.
    """
    report = masked_report(report)
    marks, typed = reviewed(report.document, report.facts), untraced_numbers(report.document)
    found = coverage(report)
    style = STYLE.read_text("utf-8") + (_HERE / "page.css").read_text("utf-8")
    script = "".join((_HERE / name).read_text("utf-8") for name in _SCRIPTS)
    page = Template((_HERE / "page.html").read_text("utf-8")).substitute(
        title=escape(report.document.title), style=style, script=script, style_hash=_digest(style),
        script_hash=_digest(script), report=_Setter(report, marks, typed).html(),
        data=_inert(json.dumps(page_data(report.facts.ledger, marks, lines(report.document)), ensure_ascii=False,
                               separators=(",", ":"))),
        **_counts(report, marks, typed, found), **_panels(report, marks, typed, found),
    )
    return page.encode()


def _digest(text: str) -> str:
    """A hash as Content Security Policy wants it (CSP Level 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _inert(text: str) -> str:
    """JSON that can end no script element (HTML, 4.12.1.3)."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _panels(report: Report, marks: list[Reviewed], typed: list[Untraced], found: Coverage) -> dict[str, str]:
    return {"figures": lists.figures(marks), "rows": lists.rows(found), "untraced": lists.untraced(typed),
            "findings": lists.findings(report.findings), "covered": lists.covered(found)}


def _counts(report: Report, marks: list[Reviewed], typed: list[Untraced], found: Coverage) -> dict[str, str]:
    counts = {"figure_count": sum(one.is_figure for one in marks), "mark_count": len(marks),
              "untraced_count": len(typed), "finding_count": len(report.findings),
              "unused_count": found.count(Fate.UNUSED)}
    state = "正式稿" if report.final else "草稿"
    return {name: str(count) for name, count in counts.items()} | {"state": state, "summary": escape(found.summary)}


class _Setter:
    """Sets the report with every figure a link to its line in the list of figures."""

    def __init__(self, report: Report, marks: list[Reviewed], typed: list[Untraced]) -> None:
        self.document = report.document
        self.marks = iter(marks)
        self.typed = {(one.line, one.start): (number, one.text) for number, one in enumerate(typed, 1)}
        self.line = self.block = self.passage = -1

    def html(self) -> str:
        return page_body(self.document, self._inline)

    def _inline(self, block: Block) -> Inline:
        self.block += 1
        pieces = iter(list(self._pieces(block)))
        place = iter((f'<i id="b{self.block}"></i>',))

        def inline(spans: Spans) -> str:
            return next(place, "") + "".join(islice(pieces, len(spans)))

        return inline

    def _pieces(self, block: Block) -> Iterator[str]:
        for spans in lines_of(block):
            self.line += 1
            at = 0
            for span in spans:
                piece = self._piece(span, at)
                yield f"<b>{piece}</b>" if span.bold else piece
                at += len(span.text)

    def _piece(self, span: Span, at: int) -> str:
        if is_cited(span):
            one = next(self.marks)
            return (f'<a class="mark {lists.KINDS[one.source.origin]}" id="{one.id}" href="#f{one.number}" '
                    f'data-m="{one.number}">{escape(span.text)}</a>')
        if span.source and span.source.origin is Origin.MARK:
            return escape(span.text)
        text = self._numbers(span.text, at)
        if not is_passage(span):
            return text
        self.passage += 1
        return f'<span class="passage" data-t="{self.passage}">{text}</span>'

    def _numbers(self, text: str, at: int) -> str:
        """Typed text with its untraced numbers marked."""
        pieces, done = [], 0
        for start in range(at, at + len(text)):
            if found := self.typed.get((self.line, start)):
                number, digits = found
                pieces.append(f'{escape(text[done:start - at])}<mark class="untraced" id="u{number}">'
                              f"{escape(digits)}</mark>")
                done = start - at + len(digits)
        return "".join(pieces) + escape(text[done:])
