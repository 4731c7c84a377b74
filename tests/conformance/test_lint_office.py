"""Lint reads what LibreOffice saves: our own report stays clean, a real slip stays where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

import templates
from templates.lint.lint import lint
from templates.report import compose, render
from tests.conformance.programs import output, require
from workbook.book import recognize
from workbook.ledger import Ledger
from workbook.text import parse

pytestmark = pytest.mark.conformance


def _saved(path: Path, folder: Path) -> Path:
    profile = (folder / "profile").as_uri()
    output(require("soffice"), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "docx", "--outdir",
           folder / "out", path)
    return folder / "out" / f"{path.stem}.docx"


def test_our_report_is_clean_after_libreoffice_has_saved_it(tmp_path: Path) -> None:
    example = Path(templates.__file__).parent / "example.ledger.md"
    path = tmp_path / "报告.docx"
    path.write_bytes(render(compose(Ledger(recognize(parse(example.read_text("utf-8"), "示例.md")))), "docx"))
    assert [(one.code, one.line, one.text) for one in lint(str(_saved(path, tmp_path)))] == []


def test_a_slip_in_a_text_file_keeps_its_place_in_the_docx(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text("临溪县民政局关于2023年工作情况的报告\n受人员限限制，工作推进较慢。\n", "utf-8")
    remarks = lint(str(_saved(path, tmp_path)))
    found = [(one.code, one.line, one.column) for one in remarks if not one.code.startswith("G1")]
    assert found == [("W030", 2, 4)]
