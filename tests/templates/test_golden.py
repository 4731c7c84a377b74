"""Ledgers with the text they must print: our own (always) and the two real reports (where ../shared is)."""

from __future__ import annotations

import io
from difflib import unified_diff
from pathlib import Path

import docx
import pytest

from templates.blocks import Paragraph
from templates.plain import to_text
from templates.report import Report, compose, render
from workbook.book import recognize
from workbook.ledger import Ledger
from workbook.raw import RawBook
from workbook.reading.reader import read
from workbook.standard.making import workbook_bytes
from workbook.text import parse

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.ledger.md"))
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
SEED_NAMES = ("S0", "S1")


def expected(ledger: Path) -> str:
    return ledger.with_name(ledger.name.replace(".ledger.md", ".expected.txt")).read_text("utf-8")


def parsed(ledger: Path) -> RawBook:
    return parse(ledger.read_text("utf-8"), ledger.name)


def through_excel(raw: RawBook, folder: Path) -> RawBook:
    path = folder / "台账.xlsx"
    path.write_bytes(workbook_bytes(raw))
    return read(path)


def same(got: str, want: str) -> None:
    difference = "\n".join(unified_diff(want.splitlines(), got.splitlines(), "应印", "实印", lineterm="", n=0))
    assert got == want, difference


def composed(raw: RawBook) -> Report:
    return compose(Ledger(recognize(raw)))


def docx_lines(report: Report) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(render(report, "docx"))).paragraphs if p.text.strip()]


def printed_lines(report: Report) -> list[str]:
    return [block.text for block in report.document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("ledger", GOLDEN, ids=lambda path: path.name.split(".")[0])
def test_golden_ledger_prints_its_expected_text(ledger: Path, tmp_path: Path) -> None:
    same(to_text(composed(parsed(ledger)).document), expected(ledger))
    same(to_text(composed(through_excel(parsed(ledger), tmp_path)).document), expected(ledger))


@pytest.mark.parametrize("ledger", GOLDEN, ids=lambda path: path.name.split(".")[0])
def test_docx_paragraphs_carry_the_same_text(ledger: Path) -> None:
    report = composed(parsed(ledger))
    assert docx_lines(report) == printed_lines(report)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="两份真实报告不随项目分发")
@pytest.mark.parametrize("name", SEED_NAMES)
def test_real_report_comes_out_character_for_character(name: str, tmp_path: Path) -> None:
    ledger = SEEDS / f"{name}.ledger.md"
    report = composed(through_excel(parsed(ledger), tmp_path))
    same(to_text(report.document), expected(ledger))
    assert report.final
    assert docx_lines(report) == expected(ledger).splitlines()
