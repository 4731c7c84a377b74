"""The register of lint rules, and the one place that runs them.

A rule is a generator over a report that yields spots; its docstring says why it matters. A rule of a fault that a
cell rule already words carries that code: one fault, one wording, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from templates.lint.outline import Part, Report
from templates.lint.text import Line
from workbook.faults import found, register
from workbook.findings import Severity
from workbook.personal import mask
from workbook.rules.every import RULES


class Spot(NamedTuple):
    """Where a rule found its fault; `value` is what the message names (blank: the text there).

    `column` is told instead of the place in the text where that has left the fault out.
    """

    line: Line
    start: int
    end: int
    value: str = ""
    given: str = ""
    right: str = ""
    column: int = 0


class Remark(NamedTuple):
    """One piece of advice; `line` and `column` count from 1; in `sentence` the hit stands from `start` to `end`."""

    code: str
    severity: Severity
    line: int
    column: int
    text: str
    message: str
    hint: str
    authority: str
    sentence: str = ""
    start: int = 0
    end: int = 0

    def as_json(self) -> dict[str, object]:
        """The keys that other offices' scripts rely on."""
        return {
            "code": self.code, "severity": self.severity.value, "line": self.line, "column": self.column,
            "text": self.text, "message": self.message, "hint": self.hint, "authority": self.authority,
        }


Look = Callable[[Report], Iterator[Spot]]


class LintRule(NamedTuple):
    """One rule; `title` names the fault in a few words, `why` is its docstring."""

    code: str
    title: str
    why: str
    look: Look


LINT: dict[str, LintRule] = {}
WARNING, INFO = Severity.WARNING, Severity.INFO


def lint_rule(code: str, title: str, message: str, hint: str, severity: Severity = WARNING, authority: str = "常识"
              ) -> Callable[[Look], Look]:
    """Register the decorated generator as the lint rule of `code`."""

    def add(look: Look) -> Look:
        register(code, severity, message, hint, authority)
        LINT[code] = LintRule(code, title, (look.__doc__ or "").strip(), look)
        return look

    return add


def lint_rule_of(code: str) -> Callable[[Look], Look]:
    """Register the decorated generator as what a cell rule looks for, in a report."""

    def add(look: Look) -> Look:
        LINT[code] = LintRule(code, RULES[code].title, RULES[code].why, look)
        return look

    return add


def spot(part: Part, start: int, end: int, value: str = "", *, given: str = "", right: str = "") -> Spot:
    """A spot in a part."""
    return Spot(part.line, start, end, value, given, right)


def whole(part: Part, value: str = "", *, given: str = "") -> Spot:
    """A spot that is a whole line, without the spaces around it."""
    text = part.line.text
    start = len(text) - len(text.lstrip())
    return Spot(part.line, start, len(text.rstrip()), value, given)


def run_lint(report: Report, codes: Iterable[str] = ()) -> list[Remark]:
    """Every remark, in the order of the report; each once."""
    wanted = set(codes)
    told = [remark for one in LINT.values() if not wanted or one.code in wanted for remark in _run(one, report)]
    once = {(one.line, one.column, one.code): one for one in reversed(told)}
    return [once[key] for key in sorted(once)]


def _run(rule: LintRule, report: Report) -> list[Remark]:
    remarks: list[Remark] = []
    try:
        remarks.extend(_remark(rule.code, one) for one in rule.look(report))
    except Exception as error:
        fault = found("X001", value=rule.code, given=f"{type(error).__name__}: {error}")
        remarks.append(Remark("X001", fault.severity, 0, 0, rule.code, fault.message, fault.hint, fault.authority))
    return remarks


def _remark(code: str, at: Spot) -> Remark:
    text = at.line.text[at.start:at.end] or at.value
    fault = found(code, value=mask(at.value or text), given=at.given, right=at.right)
    column = at.column or at.line.column(at.start)
    return Remark(code, fault.severity, at.line.number, column, mask(text), fault.message, fault.hint,
                  fault.authority, mask(at.line.text), at.start, at.end)
