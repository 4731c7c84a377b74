"""`taizhang convert`: workbooks -> reports."""

from __future__ import annotations

import datetime as dt
import re
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scripts.arguments import FORMATS
from scripts.batch.result import Result, Trade, Voice, voice_of
from scripts.common import findings_lines, inputs
from workbook.findings import Finding, Refusal

if TYPE_CHECKING:
    from templates.report import Report
    from workbook.ledger import Ledger

_QUARTER, _HALF, _MONTH, _YEAR = r"^(\d{4})Q([1-4])$", r"^(\d{4})H([12])$", r"^(\d{4})-(\d{1,2})$", r"^(\d{4})$"
TRACED = ("docx", "pdf")
_MARKS = {"ok": "已生成", "draft": "草稿", "refused": "没有生成", "failed": "失败"}


class Order(NamedTuple):
    """One conversion; small and picklable, so that a worker can take it; `keep` saves an older report as .bak."""

    source: str
    output: str
    form: str
    template: str = ""
    layout: str = ""
    period: tuple[dt.date, dt.date] | None = None
    draft: bool = False
    public: bool = False
    review: bool = False
    classified: bool = False
    cover: bool = False
    voice: Voice = Voice()
    keep: bool = False


_UNCOUNTED: Mapping[str, object] = {}


class Outcome(NamedTuple):
    """What became of one conversion; `status` is ok, draft, refused or failed."""

    source: str
    output: str
    status: str
    figures: int = 0
    untraced: int = 0
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    seconds: float = 0.0
    message: str = ""
    code: int = 0
    coverage: Mapping[str, object] = _UNCOUNTED
    review: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "file": self.source, "output": self.output, "status": self.status, "figures": self.figures,
            "untraced": self.untraced, "findings": [one.as_json() for one in self.findings],
            "missing": list(self.missing), "message": self.message, "seconds": round(self.seconds, 3),
            "coverage": dict(self.coverage), "review": list(self.review),
        }


def run(options: Namespace) -> int:
    """Convert every input; the highest exit code counts."""
    from scripts.batch.alone import alone, is_batch

    orders = _orders(options)
    if not is_batch(orders, options):
        return alone(convert(orders[0]), orders[0].voice, "reports")
    from scripts.batch.run import Batch

    return Batch(TRADE, orders, options, settings=_settings(orders[0]), record=_record(options)).run()


def _settings(order: Order) -> list[object]:
    """What all results of a run hold for; what only changes how they are told is left out."""
    plain = order._replace(source="", output="", template="", cover=False, voice=Voice())
    return [plain, Path(order.template) if order.template else ""]


def _record(options: Namespace) -> str:
    """Where a run is recorded unless --manifest says so: in the folder of the reports."""
    from scripts.batch.manifest import NAME

    target = Path(options.output)
    return str((target if _is_folder(options.output) else target.parent) / NAME)


def _is_folder(output: str) -> bool:
    target = Path(output)
    return target.is_dir() or output.endswith(("/", "\\")) or not target.suffix


def _orders(options: Namespace) -> list[Order]:
    period = parse_period(options.period) if options.period else None
    found = inputs(options.books)
    target = Path(options.output)
    into_folder = _is_folder(options.output)
    if len(found) > 1 and not into_folder:
        raise Refusal(f"有 {len(found)} 个台账，-o 要写文件夹，不能写“{options.output}”。")
    form = options.format or ("docx" if into_folder else target.suffix.lower().lstrip("."))
    if form not in FORMATS:
        raise Refusal(f"{options.output}：不认识这个扩展名，可以是 {'、'.join('.' + one for one in FORMATS)}。")
    named = _unique(found, form) if into_folder else [target]
    voice = voice_of(options, len(found))
    cover = options.json or options.ndjson or options.review or (len(found) == 1 and not options.quiet)
    return [Order(str(source), str(target / name if into_folder else name), form, options.template or "",
                  options.layout or "", period, options.draft, options.public, options.review, options.classified,
                  cover, voice)
            for (source, _), name in zip(found, named, strict=True)]


def _unique(found: list[tuple[Path, Path]], form: str) -> list[Path]:
    """Relative output names; two inputs never write one file."""
    names: list[Path] = []
    for _, relative in found:
        name, count = relative.with_suffix(f".{form}"), 2
        while name in names:
            name, count = relative.with_name(f"{relative.stem}（{count}）.{form}"), count + 1
        names.append(name)
    return names


def convert(order: Order) -> Result:
    """One workbook to one report, with everything that is printed of it."""
    started = time.perf_counter()
    outcome = outcome_of(order)
    return _told(outcome._replace(seconds=time.perf_counter() - started), order.voice)


def outcome_of(order: Order) -> Outcome:
    """One workbook to one report; a user's fault is an outcome, not an exception."""
    try:
        return _convert(order)
    except Refusal as refusal:
        return Outcome(order.source, "", "failed", message=str(refusal), code=2)


def _lost(order: Order, why: str) -> Result:
    """What is said of a workbook that could not be finished."""
    message = f"{order.source}：没有做完（{why}）。请单独再试这一份。"
    return _told(Outcome(order.source, "", "failed", message=message, code=3), order.voice)


TRADE = Trade("convert", "已转换", "份", "reports", convert, _lost, _MARKS)


def _convert(order: Order) -> Outcome:
    from templates.report import compose, judged, template_folder
    from templates.untraced import untraced_numbers
    from workbook.facts import Window

    ledger = _ledger(order)
    kind = template_folder(order.template) if order.template else None
    window = Window(*order.period, ledger.head.date("规划期起")) if order.period else None
    report = judged(compose(ledger, kind=kind, layout=order.layout, window=window))
    outcome = Outcome(order.source, order.output, "ok", report.figures, len(untraced_numbers(report.document)),
                      report.findings, report.missing)
    if order.cover:
        from templates.coverage import coverage

        outcome = outcome._replace(coverage=coverage(report).as_json())
    if not report.final and not order.draft:
        return outcome._replace(output="", status="refused", code=1, message="缺内容或有错误，没有生成正式稿")
    if order.public:
        from scripts.publish import refuse_what_must_not_travel

        refuse_what_must_not_travel(report)
    outcome = outcome._replace(beside=_write(order, report))
    if order.review:
        from scripts.review import write_review

        outcome = outcome._replace(review=write_review(report, order.source, order.output, public=order.public))
    return outcome if report.final else outcome._replace(status="draft", code=1)


def _ledger(order: Order) -> Ledger:
    """The ledger; raises Refusal for one with marks of secrecy, unless the clerk said that it may be."""
    from workbook.book import recognize
    from workbook.files import read_bytes
    from workbook.gate import admit
    from workbook.ledger import Ledger
    from workbook.reading.reader import read_content
    from workbook.schema import GENERATED_SHEETS

    data = read_bytes(order.source)
    ledger = Ledger(admit(recognize(read_content(data, order.source, notes=order.public, skip=GENERATED_SHEETS))))
    if not (order.classified or order.public):
        from workbook.rules.secrets import require_unmarked_file

        require_unmarked_file(ledger, data)
    return ledger


def _write(order: Order, report: Report) -> tuple[str, ...]:
    """The report, and beside it (a public copy: beside the ledger) what it was made of; names the latter."""
    from templates.report import render
    from workbook.files import make_folder, write_atomic

    make_folder(Path(order.output).parent)
    if order.form not in TRACED and not order.public:
        write_atomic(order.output, render(report, order.form))
        return ()
    from templates.issue import issued
    from templates.provenance.manifest import SUFFIX, to_json
    from templates.provenance.marking import marked

    if order.public:
        manifest = marked(report, file=order.source, unseen=True).manifest
        data, text = _public(render(report, order.form), order.form, manifest.title), to_json(manifest)
    else:
        data, _, text = issued(report, order.form, source=order.source)
    write_atomic(order.output, data, keep=order.keep)
    beside = Path(order.source if order.public else order.output).parent / f"{Path(order.output).name}{SUFFIX}"
    write_atomic(beside, text.encode())
    return (str(beside),)


def _public(data: bytes, form: str, title: str) -> bytes:
    from templates.publication.public import public_copy

    return public_copy(data, title=title) if form == "docx" else data


def _told(outcome: Outcome, voice: Voice) -> Result:
    """An outcome with everything that is printed of it."""
    said = "\n".join(_said(outcome)) if voice.speaks else ""
    outputs = tuple(filter(None, (outcome.output, *outcome.beside, *outcome.review)))
    return Result(outcome.source, outcome.status, outcome.code, outputs, outcome.message, outcome.seconds, said,
                  "\n".join(_noted(outcome, voice)), voice.document(outcome.as_json()) if voice.written else "")


def _said(outcome: Outcome) -> Iterator[str]:
    if outcome.output:
        yield f"{_MARKS[outcome.status]}：{outcome.output}（{outcome.figures} 个数有出处）"
        if outcome.coverage:
            yield str(outcome.coverage["summary"])
    for path in outcome.review:
        yield f"核对用：{path}"


def _noted(outcome: Outcome, voice: Voice) -> Iterator[str]:
    if outcome.status == "failed":
        yield outcome.message
        return
    if outcome.status == "refused":
        yield f"{outcome.source}：没有生成正式稿，先补上下面的内容，或加 --draft 先出草稿。"
    lines = [] if voice.quiet else list(findings_lines(outcome.findings))
    if lines and voice.many and outcome.status != "refused":
        yield f"{outcome.source}："
    yield from lines


def parse_period(text: str) -> tuple[dt.date, dt.date]:
    """2025Q1, 2025H1, 2025-03, 2025 or FROM..TO, both days included.

    Raises Refusal.
    """
    first, between, last = text.partition("..")
    try:
        if between:
            days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            if days[0] > days[1]:
                raise ValueError
            return days
        return _months(text.strip())
    except ValueError:
        raise Refusal(f"--period 不能是“{text}”，请写 2025Q1、2025H1、2025-03 或 2025-01-01..2025-06-30。") from None


def _months(text: str) -> tuple[dt.date, dt.date]:
    for pattern, length in ((_QUARTER, 3), (_HALF, 6), (_MONTH, 1), (_YEAR, 12)):
        match = re.match(pattern, text, re.IGNORECASE)
        if match:
            year, part = int(match[1]), int(match[2]) if match.lastindex == 2 else 1
            last = part * length
            following = dt.date(year + last // 12, last % 12 + 1, 1)
            return dt.date(year, last - length + 1, 1), following - dt.timedelta(days=1)
    raise ValueError(text)


if __name__ == "__main__":
    from scripts.cli import main

    sys.exit(main(["convert", *sys.argv[1:]]))
