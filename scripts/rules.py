"""`taizhang rule`: the rule book, all codes or one of them with its example."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path
from string import Formatter

from scripts.common import LABELS, print_json
from templates.lint.lint import LINT
from workbook.faults import FAULTS, Fault
from workbook.findings import Refusal
from workbook.rules.every import explained

FAMILIES = {
    "S": "表和行", "C": "单元格", "D": "日期", "L": "关联", "M": "指标", "N": "数和合计", "Q": "合理性", "T": "花括号",
    "O": "提纲", "W": "文字", "P": "个人信息和密级", "R": "报送准备", "K": "已知问题", "G": "报告和公文格式",
    "X": "程序",
}
CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"
"""The case pages, where the program stands in its source tree."""
_BLANKS = {"column": "某列", "sheet": "某表", "sheet_to": "某表", "key": "某编号", "near": ""}
"""How a blank reads in the book; any other is dots."""
_FIRST_HIT = re.compile(r"^报：.*?^~~~(?:ledger|report)\n(?P<table>.*?)^~~~$", re.MULTILINE | re.DOTALL)


def run(options: Namespace) -> int:
    """Print the book or one rule. Raises Refusal for a code that does not exist."""
    faults = [_named(options.code)] if options.code else sorted(FAULTS.values(), key=_place)
    if options.json:
        print_json({"rules": [as_json(fault) for fault in faults]})
    elif options.code:
        print("\n".join(page(faults[0])))
    else:
        print("\n".join(book(faults)))
    return 0


def _named(code: str) -> Fault:
    fault = FAULTS.get(code.strip().upper())
    if fault is None:
        raise Refusal(f"没有规则 {code}。用 taizhang rule 看全部规则。")
    return fault


def book(faults: list[Fault]) -> list[str]:
    """The lines of the rule book, a heading for each family."""
    lines: list[str] = []
    family = ""
    for fault in faults:
        if fault.code[0] != family:
            family = fault.code[0]
            lines += ["", f"{family}　{FAMILIES[family]}"]
        lines.append(f"  {fault.code}　{LABELS[fault.severity]}　{fault.authority}　{title(fault)}")
    return [*lines[1:], "", f"共 {len(faults)} 条。一条规则的说明：taizhang rule 代码"]


def page(fault: Fault) -> list[str]:
    """The lines about one rule."""
    why, shown = reason(fault), example(fault)
    lines = [f"{fault.code}　{title(fault)}", f"级别：{LABELS[fault.severity]}　依据：{fault.authority}",
             f"会说：{plain_words(fault.message)}"]
    lines += [f"为什么：{why}"] if why else []
    lines.append(f"怎么改：{plain_words(fault.hint)}")
    return lines + (["例子（会报的写法）：", "", *shown.splitlines()] if shown else [])


def as_json(fault: Fault) -> dict[str, object]:
    """One rule for scripts; `why` and `example` are empty where there is none."""
    return {
        "code": fault.code, "family": FAMILIES[fault.code[0]], "title": title(fault), "severity": fault.severity.value,
        "authority": fault.authority, "message": fault.message, "hint": fault.hint, "why": reason(fault),
        "example": example(fault),
    }


def title(fault: Fault) -> str:
    """A rule's short title; a fault without one is named by its message."""
    return _explained(fault.code)[0] or plain_words(fault.message)


def reason(fault: Fault) -> str:
    """Why it matters, on one line."""
    return _explained(fault.code)[1]


def _explained(code: str) -> tuple[str, str]:
    """Title and reason by the rules of a ledger, or else by those of a report."""
    known, lint = explained(code), LINT.get(code)
    return known if known[0] or not lint else (lint.title, " ".join(lint.why.split()))


def example(fault: Fault) -> str:
    """The first table of the case page that is told; empty where the page is not at hand."""
    path = CASES / f"{fault.code}.md"
    hit = _FIRST_HIT.search(path.read_text("utf-8")) if path.is_file() else None
    return hit["table"].strip() if hit else ""


def plain_words(text: str) -> str:
    """A message with its blanks filled by dots."""
    names = {name: "…" for _, name, _, _ in Formatter().parse(text) if name}
    return text.format(**(names | {name: word for name, word in _BLANKS.items() if name in names}))


def _place(fault: Fault) -> tuple[int, str]:
    return list(FAMILIES).index(fault.code[0]), fault.code
