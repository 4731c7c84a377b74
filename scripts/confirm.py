"""`taizhang confirm`: a 数据确认单 for every office, and the record of what has been signed."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common import print_json, tell

if TYPE_CHECKING:
    from templates.confirmation.figures import Asked
    from templates.confirmation.record import Record
    from templates.confirmation.sheet import Line
    from templates.report import Report

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def run(options: Namespace) -> int:
    """Write the pages of all offices; 1 where a figure has changed since its office was asked."""
    from templates.confirmation.figures import asked_of
    from templates.confirmation.record import FILE_NAME, State, gone, issued, signed, state_of, to_json
    from workbook.files import make_folder, write_atomic

    report, ledger_id = _report(options)
    folder = Path(options.output)
    record = _record(folder / FILE_NAME, ledger_id)
    for office in options.signed:
        record = signed(record, _office(report, office))
    asked = asked_of(report)
    lines: list[Line] = [(one, *state_of(record, one)) for one in asked]
    make_folder(folder)
    pages = _write(folder, report, lines)
    for one in gone(record, asked):
        tell(f"  {one.office}确认过的 {one.base_phrase}，报告里已经没有了。", options)
    write_atomic(folder / FILE_NAME, to_json(issued(record, asked)).encode(), durable=True)
    _tell(options, pages, lines)
    return int(any(state is State.CHANGED for _, state, _ in lines))


def _report(options: Namespace) -> tuple[Report, str]:
    """The report as it would be printed, and the id of its ledger."""
    from templates.report import compose, template_folder
    from workbook.book import recognize
    from workbook.gate import admit
    from workbook.identity import LEDGER_KEY, with_ids
    from workbook.ledger import Ledger
    from workbook.reading.reader import read
    from workbook.schema import GENERATED_SHEETS

    book = admit(recognize(with_ids(read(options.book, skip=GENERATED_SHEETS))))
    kind = template_folder(options.template) if options.template else None
    return compose(Ledger(book), kind=kind), book.meta[LEDGER_KEY]


def _record(path: Path, ledger_id: str) -> Record:
    from templates.confirmation.record import Record, from_json
    from workbook.files import read_bytes
    from workbook.findings import Refusal

    if not path.exists():
        return Record(ledger_id, {})
    record = from_json(read_bytes(path).decode("utf-8-sig", "replace"), str(path))
    if record.ledger != ledger_id:
        raise Refusal(f"{path.parent}：里面是另一本台账的确认单。请用 -o 换一个文件夹。")
    return record


def _office(report: Report, given: str) -> str:
    """An office by its 名称 or its 代码."""
    records = report.facts.ledger["股室"]
    names = dict(zip(records.texts("代码"), records.texts("名称"), strict=True))
    return names.get(given, given)


def _write(folder: Path, report: Report, lines: list[Line]) -> dict[str, tuple[str, list[Line]]]:
    """A page for each office; office -> file and its figures."""
    from templates.confirmation.sheet import TITLE, sheet
    from templates.typesetting.typeset import PLAIN, typeset
    from workbook.files import write_atomic

    pages = {}
    for office in dict.fromkeys(one.office for one, _, _ in lines):
        own = [line for line in lines if line[0].office == office]
        name = f"{TITLE}-{_NOT_IN_NAMES.sub('_', office)}.docx"
        data = typeset(sheet(report.document.title, office, own), layout=PLAIN, reference=report.kind.reference())
        write_atomic(folder / name, data)
        pages[office] = name, own
    return pages


def _tell(options: Namespace, pages: dict[str, tuple[str, list[Line]]], lines: list[Line]) -> None:
    from templates.confirmation.record import State

    if options.json:
        print_json({"file": options.book, "output": options.output,
                    "offices": {office: {"file": name, "figures": len(own), **_counts(own)}
                                for office, (name, own) in pages.items()},
                    "figures": [_as_json(one, state, before) for one, state, before in lines]})
    tell(f"已生成：{options.output}，{len(pages)} 个股室，{len(lines)} 个数。", options)
    for office, (name, own) in pages.items():
        counts = "、".join(f"{word} {count}" for word, count in _counts(own).items() if count)
        tell(f"  {office}　{counts}　{name}", options)
    for one, state, before in lines:
        if state is State.CHANGED:
            tell(f"  {state}　{one.office}　{one.name or one.phrase}：{before} → {one.phrase}", options)


def _counts(lines: list[Line]) -> dict[str, int]:
    from templates.confirmation.record import State

    return {state.value: sum(one is state for _, one, _ in lines) for state in State}


def _as_json(one: Asked, state: str, before: str) -> dict[str, str]:
    from workbook.faults import safe

    told = {key: safe(text) for key, text in one._asdict().items()}
    return {**told, "state": str(state), "before": before}
