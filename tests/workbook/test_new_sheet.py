"""A worksheet more in a clerk's file: last, empty, and nothing else changed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.findings import Refusal
from workbook.patching.new_sheet import with_sheet
from workbook.reading.reader import read
from workbook.standard.making import workbook_bytes
from workbook.text import parse

CHANGED = {"[Content_Types].xml", "docProps/app.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def made() -> bytes:
    return workbook_bytes(parse(HEAD + ONE_CHAPTER, "试.md"))


def test_the_sheet_comes_last_and_is_empty(tmp_path: Path) -> None:
    place = tmp_path / "台账.xlsx"
    place.write_bytes(with_sheet(made(), "已知问题", (10, 60)))
    sheets = read(place).sheets
    assert (sheets[-1].name, sheets[-1].rows, sheets[-1].visible) == ("已知问题", [], True)


def test_no_other_part_changes() -> None:
    before, after = parts(made()), parts(with_sheet(made(), "甲<&\"乙", (10,)))
    assert {name for name, content in before.items() if after[name] != content} == CHANGED
    assert len(after.keys() - before.keys()) == 1


def test_two_sheets_have_names_and_numbers_of_their_own(tmp_path: Path) -> None:
    place = tmp_path / "台账.xlsx"
    place.write_bytes(with_sheet(with_sheet(made(), "甲", ()), "乙", ()))
    names = [sheet.name for sheet in read(place).sheets]
    assert names[-2:] == ["甲", "乙"]


def test_a_book_without_names_gets_none() -> None:
    import openpyxl

    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    assert b"definedName>" not in parts(with_sheet(target.getvalue(), "甲", ()))["xl/workbook.xml"]


def test_what_is_no_xlsx_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match=r"坏\.xlsx："):
        with_sheet(b"PK\x03\x04", "甲", (), path="坏.xlsx")
