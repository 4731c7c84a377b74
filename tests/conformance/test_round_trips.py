"""A ledger saved by another program is the same ledger."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from templates.plain import to_text
from templates.report import compose
from tests.conformance.programs import require
from workbook.book import recognize
from workbook.ledger import Ledger
from workbook.reading.reader import read
from workbook.standard.making import workbook_bytes
from workbook.text import dump, parse

pytestmark = pytest.mark.conformance
GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.ledger.md"))


def written(ledger: Path, folder: Path) -> Path:
    path = folder / "台账.xlsx"
    path.write_bytes(workbook_bytes(parse(ledger.read_text("utf-8"), ledger.name)))
    return path


def saved_by_libreoffice(source: Path, form: str, folder: Path) -> Path:
    profile = folder / "profile"
    subprocess.run([require("soffice"), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form,
                    "--outdir", str(folder / form), str(source)], check=True, capture_output=True, timeout=180)
    return folder / form / f"{source.stem}.{form}"


def ledger_text(path: Path) -> str:
    return dump(recognize(read(path)))


@pytest.mark.parametrize("ledger", GOLDEN, ids=lambda path: path.name.split(".")[0])
@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_a_ledger_saved_by_libreoffice_prints_the_same_report(ledger: Path, form: str, tmp_path: Path) -> None:
    saved = saved_by_libreoffice(written(ledger, tmp_path), form, tmp_path)
    expected = ledger.with_name(ledger.name.replace(".ledger.md", ".expected.txt")).read_text("utf-8")
    assert to_text(compose(Ledger(recognize(read(saved)))).document) == expected


@pytest.mark.parametrize("ledger", GOLDEN, ids=lambda path: path.name.split(".")[0])
def test_a_ledger_saved_by_libreoffice_keeps_every_cell(ledger: Path, tmp_path: Path) -> None:
    source = written(ledger, tmp_path)
    saved = saved_by_libreoffice(source, "xlsx", tmp_path)
    assert ledger_text(saved) == ledger_text(source)
