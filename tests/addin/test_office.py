"""The extension for LibreOffice where none is needed: what is packed, and the talk between its halves."""

from __future__ import annotations

import ast
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from addin.build import office_extension
from addin.build.extension import OFFICE_ICONS, PROTOCOL
from addin.buttons import BUTTONS
from addin.office import channel, engine
from addin.office.cells import areas_of
from addin.office.channel import GONE, Channel, Missing, Refused
from scripts.cli import main
from workbook.findings import Refusal

OLDEST_PYTHON = (3, 8)
_OOR = "{http://openoffice.org/2001/registry}"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_two_builds_are_byte_identical() -> None:
    assert office_extension(sys.executable) == office_extension(sys.executable)


def test_menu_and_toolbar_come_from_the_table_of_the_ribbon() -> None:
    addons = etree.fromstring(parts(office_extension(buttons=BUTTONS))["Addons.xcu"])
    for place in ("OfficeMenuBar", "OfficeToolBar"):
        part = next(one for one in addons.iter("node") if one.get(f"{_OOR}name") == place)
        asked = [one.findtext("value") for one in part.iter("prop") if one.get(f"{_OOR}name") == "URL"]
        assert asked == [PROTOCOL + button.macro for button in BUTTONS], place
    assert set(OFFICE_ICONS) == {button.macro for button in BUTTONS}


def test_what_is_packed_is_ours_and_every_listed_part_is_there() -> None:
    packed = parts(office_extension(buttons=BUTTONS))
    manifest = etree.fromstring(packed["META-INF/manifest.xml"])
    listed = {value for one in manifest for name, value in one.attrib.items() if str(name).endswith("full-path")}
    assert listed < set(packed)
    assert {name for name in packed if name.endswith((".png", ".svg", ".so"))} == set()


def test_the_inner_half_is_understood_by_the_oldest_python_of_libreoffice() -> None:
    office = Path(engine.__file__).parent
    for place in (office / "component.py", *(office / "inside").glob("*.py")):
        tree = ast.parse(place.read_text("utf-8"), feature_version=OLDEST_PYTHON)
        imported = {one.module.split(".")[0] for one in ast.walk(tree)
                    if isinstance(one, ast.ImportFrom) and one.module and not one.level}
        assert not imported & {"addin", "workbook", "templates", "xlwings"}, place.name


def test_the_interpreter_is_written_into_the_file_and_no_short_name_taken(tmp_path: Path) -> None:
    told = json.loads(parts(office_extension("/opt/台账/bin/python3"))["settings.json"])
    assert told["python"]["other"] == "/opt/台账/bin/python3"
    with pytest.raises(Refusal, match="完整的路径"):
        office_extension("python3")
    assert main(["addin", "build", "--oxt", "-o", str(tmp_path / "甲.oxt"), "--quiet"]) == 0
    assert zipfile.is_zipfile(tmp_path / "甲.oxt")


def test_addresses_of_several_areas_and_of_whole_rows() -> None:
    assert areas_of("$C$3:$C$5,D9") == [(3, 3, 5, 3), (9, 4, 9, 4)]
    assert areas_of("5:7") == [(5, 1, 7, 16384)]


def talk(*answers: Any) -> tuple[Channel, io.BytesIO]:
    asked = io.BytesIO()
    return Channel(io.BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in answers)), asked), asked


def test_questions_and_answers_are_lines_of_json() -> None:
    line, asked = talk({"said": [3, 4]}, {"refused": "protected"}, {"refused": "missing"})
    assert line.ask("used", sheet="活动") == [3, 4]
    assert json.loads(asked.getvalue()) == {"do": "used", "sheet": "活动"}
    with pytest.raises(Refused):
        line.ask("write")
    with pytest.raises(Missing):
        line.ask("read")
    with pytest.raises(Refusal) as why:
        line.ask("read")
    assert str(why.value) == GONE
    assert channel.Refused.hresult == -2147352567
