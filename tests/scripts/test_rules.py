"""The rule book: the register, the case pages and what `taizhang rule` prints hold together."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

from scripts.cli import main
from scripts.rules import CASES, FAMILIES, book, page, plain_words, reason, title
from templates.check import check
from templates.lint.lint import LINT
from tests.ledgers import HEAD, ONE_CHAPTER
from tests.test_cases import cases_of
from workbook.book import recognize
from workbook.facts import Facts
from workbook.faults import FAULTS
from workbook.findings import Severity
from workbook.ledger import Ledger
from workbook.raw import RawBook
from workbook.rules.cells import cell_findings
from workbook.rules.every import RULES
from workbook.rules.registry import Inspection, Rule, run_rules
from workbook.text import parse

COMPLETE = "SCDLMNQTOWPRKGX"
"""Families whose case pages must be complete."""
NO_PAGE = {
    "X001": "只有规则自己出错才报，见下面的测试",
    "X002": "只有检查的进程停了才报，见 tests/scripts/test_check_jobs.py",
    "R003": "要五千字以上，见 tests/templates/test_readiness.py",
    "R005": "只在按季度出报告时报，见 tests/templates/test_readiness.py",
}
NEVER_TOLD: set[str] = set()
PAGES = {path.stem for path in CASES.glob("*.md")}


def test_every_code_has_a_case_page() -> None:
    wanted = {code for code in FAULTS if code[0] in COMPLETE} - NO_PAGE.keys() - NEVER_TOLD
    assert sorted(wanted - PAGES) == []


def test_every_case_page_is_about_a_registered_code() -> None:
    assert sorted(PAGES - FAULTS.keys()) == []
    assert not PAGES & NO_PAGE.keys(), "已有案例页的代码不要再列在 NO_PAGE 里"


def test_every_code_belongs_to_a_family_and_speaks_in_plain_words() -> None:
    for fault in FAULTS.values():
        assert re.fullmatch(r"[A-Z]\d{3}", fault.code)
        assert fault.code[0] in FAMILIES
        assert fault.authority.split(" ")[0] in ("法规", "国标", "条例", "惯例", "常识"), fault.code
        assert fault.message.endswith(("。", "？")), fault.code
        assert fault.hint, fault.code


def test_a_rule_says_in_chinese_why_it_matters() -> None:
    for one in (*RULES.values(), *LINT.values()):
        assert re.search("[一-鿿]", one.why), one.code
        assert one.title
        assert not one.title.endswith("。"), one.code


def test_the_printed_book_names_every_code_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule"]) == 0
    printed = re.findall(r"^  ([A-Z]\d{3})　", capsys.readouterr().out, re.MULTILINE)
    assert sorted(printed) == sorted(FAULTS)


def test_a_page_prints_message_reason_remedy_and_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "q003"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Q003　同一场活动登记了两次\n级别：提醒　依据：常识\n会说：")
    assert f"为什么：{RULES['Q003'].why}" in text
    assert f"怎么改：{FAULTS['Q003'].hint}" in text
    assert "## 活动" in text


def test_every_page_of_the_book_prints_without_open_blanks() -> None:
    for fault in FAULTS.values():
        lines = "\n".join(page(fault)[:5])
        assert not re.search(r"(?<!\{)\{\w+\}(?!\})", lines), fault.code
        assert title(fault) in lines


def test_a_message_uses_blanks_that_can_be_filled() -> None:
    for fault in FAULTS.values():
        names = [name for text in (fault.message, fault.hint) for _, name, _, _ in Formatter().parse(text)]
        assert all(name is None or name.isidentifier() for name in names), fault.code


def test_an_unknown_code_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "Z999"]) == 2
    assert "没有规则 Z999" in capsys.readouterr().err


def test_the_book_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "Q003", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["rules"]
    assert (one["code"], one["family"], one["severity"]) == ("Q003", "合理性", "warning")


def test_without_the_source_tree_the_book_still_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.rules.CASES", tmp_path)
    assert not any("例子" in line for line in page(FAULTS["Q003"]))
    assert len(book(list(FAULTS.values()))) > len(FAULTS)


def test_blanks_are_shown_as_words_or_dots() -> None:
    assert plain_words("“{column}”没有填。{near}") == "“某列”没有填。"
    assert plain_words("{{{{ {value} }}}} 是{given}。") == "{{ … }} 是…。"


def test_a_rule_that_crashes_is_told_and_the_others_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(inspection: Inspection):  # type: ignore[no-untyped-def]
        yield from ()
        raise ZeroDivisionError("乘以零")

    monkeypatch.setitem(RULES, "A000", Rule("A000", "会出错的规则", "试", crash))
    raw = parse(HEAD + ONE_CHAPTER + "\n## 股室\n\n| 代码 | 名称 |\n|---|---|\n| 办 | 办公室 |\n", "试.md")
    found = check(raw)
    (told,) = (one for one in found if one.code == "X001")
    assert "A000" in told.message
    assert "ZeroDivisionError: 乘以零" in told.message
    assert "L014" in {one.code for one in found}
    ledger = Ledger(recognize(raw))
    assert [one.code for one in run_rules(ledger, Facts(ledger), [RULES["A000"]])] == ["X001"]


def test_every_code_has_a_short_title_and_a_reason() -> None:
    for code, fault in FAULTS.items():
        assert 0 < len(title(fault)) <= 24, code
        assert reason(fault).endswith("。"), code


def test_looking_for_errors_alone_finds_every_error_of_a_cell() -> None:
    for case in (case for path in sorted(CASES.glob("[CLS]*.md")) for case in cases_of(path)):
        if isinstance(case.book, RawBook):
            whole, alone = Ledger(recognize(case.book)), Ledger(recognize(case.book))
            found = [*cell_findings(whole), *whole.findings], [*cell_findings(alone, errors=True), *alone.findings]
            one, other = ({finding for finding in some if finding.severity is Severity.ERROR} for some in found)
            assert one == other, case.name


def test_every_rule_that_can_stop_a_report_is_asked_before_one_is_made() -> None:
    alone = "from workbook.rules.errors import error_rules; print(*sorted(one.code for one in error_rules()))"
    asked = subprocess.run([sys.executable, "-c", alone], capture_output=True, text=True, check=True).stdout.split()
    assert asked == sorted(code for code in RULES if FAULTS[code].severity is Severity.ERROR)
