"""`taizhang publish`: a report, edited or not, as the copy that may leave the office."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common import tell
from workbook.findings import Refusal

if TYPE_CHECKING:
    from templates.report import Report


def run(options: Namespace) -> int:
    """Strip one docx; what is printed stays as it is."""
    from templates.publication.public import public_copy
    from workbook.files import read_bytes, write_atomic

    if Path(options.output).suffix.lower() != ".docx":
        raise Refusal(f"{options.output}：公开用的副本是 .docx，请把 -o 的扩展名改成 .docx。")
    data = read_bytes(options.report)
    try:
        copy = public_copy(data, title=_title(data), accept_changes=options.accept_changes)
    except Refusal as refusal:
        raise Refusal(f"{options.report}：{refusal}") from None
    write_atomic(options.output, copy)
    tell(f"已生成公开用的副本：{options.output}。", options)
    tell("出处、批注、修订、隐藏文字、作者等都已去掉，印出来和原来一样。", options)
    return 0


def _title(data: bytes) -> str:
    """The report's own title, where it carries its manifest; a damaged one is no hindrance."""
    from templates.provenance.carriers import manifest_in

    try:
        manifest = manifest_in(data)
    except Refusal:
        return ""
    return manifest.title if manifest else ""


def refuse_what_must_not_travel(report: Report) -> None:
    """Raise Refusal, naming the cells, where the ledger behind a report for publication holds personal data or secrets.

    Findings that 已知问题 lets stand do not count; those of identity numbers and secrets never can.
    """
    import workbook.rules.secrecy  # noqa: F401  (registers the rules)
    from workbook.acknowledged import acknowledged
    from workbook.findings import Severity
    from workbook.rules.registry import RULES, run_rules

    rules = [rule for code, rule in RULES.items() if code.startswith("P")]
    ledger = report.facts.ledger
    found = [one for one in acknowledged(ledger, run_rules(ledger, report.facts, rules))
             if one.severity is not Severity.INFO]
    if found:
        named = "；".join(f"{one.where} {one.message}".strip() for one in found[:3])
        more = f"，等 {len(found)} 处" if len(found) > 3 else ""
        raise Refusal(f"{ledger.path}：台账里有个人信息或密级，没有生成公开用的副本。{named}{more}")
