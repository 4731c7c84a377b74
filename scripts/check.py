"""`taizhang check`: every fault of a ledger, each with its cell and what to do."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass

from scripts.common import LABELS, inputs, print_json, print_line, tell, warn
from workbook.findings import Finding, Refusal, Severity


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one file; `refusal` where it cannot be read at all."""

    file: str
    findings: tuple[Finding, ...] = ()
    refusal: str = ""

    def count(self, severity: Severity) -> int:
        return sum(one.severity is severity for one in self.findings)

    def as_json(self) -> dict[str, object]:
        document: dict[str, object] = {
            "file": self.file, "findings": [one.as_json() for one in self.findings],
            "errors": self.count(Severity.ERROR), "warnings": self.count(Severity.WARNING),
        }
        return document | ({"refused": self.refusal} if self.refusal else {})

    def code(self, *, strict: bool) -> int:
        if self.refusal:
            return 2
        return int(bool(self.count(Severity.ERROR) or (strict and self.count(Severity.WARNING))))


def run(options: Namespace) -> int:
    """Check every input; the highest exit code counts."""
    checked = []
    for path, _ in inputs(options.books):
        one = check_file(str(path))
        checked.append(one)
        _show(one, options)
    if options.json:
        print_json({"files": [one.as_json() for one in checked]})
    return max(one.code(strict=options.strict) for one in checked)


def check_file(path: str) -> Checked:
    """The findings of one file; a file that cannot be read is a refusal, not an exception."""
    from templates.check import check
    from workbook.reading.reader import read
    from workbook.schema import GENERATED_SHEETS

    try:
        return Checked(path, tuple(check(read(path, formulas=True, skip=GENERATED_SHEETS))))
    except Refusal as refusal:
        return Checked(path, refusal=str(refusal))


def _show(one: Checked, options: Namespace) -> None:
    if options.ndjson:
        print_line(one.as_json())
    if one.refusal:
        warn(one.refusal)
        return
    for finding in one.findings:
        where = f"{finding.where}　" if finding.where else ""
        tell(f"{LABELS[finding.severity]} {finding.code}　{where}{finding.message}{finding.hint}", options)
    tell(f"{one.file}：错误 {one.count(Severity.ERROR)}，提醒 {one.count(Severity.WARNING)}，"
         f"说明 {one.count(Severity.INFO)}。", options)
