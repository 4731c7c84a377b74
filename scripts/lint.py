"""`taizhang lint`: advice on the wording and the form of any report; no file is changed."""

from __future__ import annotations

from argparse import Namespace
from typing import NamedTuple

from scripts.common import LABELS, inputs, print_json, print_line, tell, warn
from scripts.workers import in_turn
from templates.lint.outline import Office
from templates.lint.registry import Remark
from workbook.findings import Refusal

AROUND = 18
"""Characters shown on both sides of a hit."""


class Order(NamedTuple):
    """One report to look at; small and picklable, so that a worker can take it."""

    file: str
    office: Office | None = None


class Linted(NamedTuple):
    """What was found in one report; `refusal` where it cannot be read."""

    file: str
    remarks: tuple[Remark, ...] = ()
    refusal: str = ""

    @property
    def code(self) -> int:
        return 2 if self.refusal else int(bool(self.remarks))

    def as_json(self) -> dict[str, object]:
        document: dict[str, object] = {"file": self.file, "findings": [one.as_json() for one in self.remarks]}
        return document | ({"refused": self.refusal} if self.refusal else {})


def run(options: Namespace) -> int:
    """Look at every report; the highest exit code counts. Raises Refusal for a --laws that is no ledger."""
    from templates.lint.reading import ENDINGS

    office = office_of(options.laws) if options.laws else None
    orders = [Order(str(path), office) for path, _ in inputs(options.reports, ENDINGS, "报告（.docx、.txt、.md）")]
    linted = []
    for one in in_turn(lint_file, orders, options.jobs, _died):
        linted.append(one)
        _show(one, options)
    if options.json:
        print_json({"files": [one.as_json() for one in linted]})
    return max(one.code for one in linted)


def office_of(book: str) -> Office:
    """The laws, the county and the name of the office whose ledger this is. Raises Refusal."""
    from workbook.book import recognize
    from workbook.laws import table_with
    from workbook.ledger import Ledger
    from workbook.reading.reader import read
    from workbook.rules.wording_laws import own_laws
    from workbook.schema import GENERATED_SHEETS

    ledger = Ledger(recognize(read(book, skip=GENERATED_SHEETS)))
    return Office(table_with(own_laws(ledger)), ledger.head.text("行政区划"), ledger.head.text("机关全称"))


def lint_file(order: Order) -> Linted:
    """The remarks on one file; a file that cannot be read is a refusal, not an exception."""
    from templates.lint.lint import lint

    try:
        return Linted(order.file, tuple(lint(order.file, order.office)))
    except Refusal as refusal:
        return Linted(order.file, refusal=str(refusal))


def _died(order: Order) -> Linted:
    return Linted(order.file, refusal=f"{order.file}：检查它的进程停了，没有查完。请单独再查这一份。")


def _show(one: Linted, options: Namespace) -> None:
    if options.ndjson:
        print_line(one.as_json())
    if one.refusal:
        warn(one.refusal)
        return
    for remark in one.remarks:
        tell(f"{one.file}:{remark.line}:{remark.column} {LABELS[remark.severity]} {remark.code}　"
             f"{remark.message}{remark.hint}（{remark.authority}）", options)
        tell(f"    {excerpt(remark)}", options)
    tell(f"{one.file}：{len(one.remarks)} 处。" if one.remarks else f"{one.file}：没有发现问题。", options)


def excerpt(remark: Remark) -> str:
    """The words around a hit, the hit in 【】; a long hit is cut."""
    text, start, end = remark.sentence, remark.start, remark.end
    hit = text[start:end] if end - start <= 2 * AROUND else f"{text[start:start + AROUND]}…{text[end - AROUND:end]}"
    before, after = text[max(0, start - AROUND):start], text[end:end + AROUND]
    left, right = "…" if start > AROUND else "", "…" if end + AROUND < len(text) else ""
    return f"{left}{before}【{hit}】{after}{right}".replace("\n", " ").strip()
