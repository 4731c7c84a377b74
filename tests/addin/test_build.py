"""The .xlam: the same bytes each time, source only, one public procedure, xlwings known to the letter."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from lxml import etree

from addin import VERSION
from addin.build import MAC_PYTHON, TEXTS, WINDOWS_PYTHON, addin
from addin.build.source import CHANGES, MODULE, hardened, module_source, stock
from addin.buttons import BUTTONS
from scripts.cli import main
from workbook.findings import Refusal

pytest.importorskip("pyopenvba", reason="生成加载项要用 pyopenvba")

OFFICE_LIBRARY = "{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PUBLIC = re.compile(r"^(?!Private |End |Exit )(?:Public |Static |Friend )?(?:Function|Sub|Const|Declare|Property) .*",
                     re.MULTILINE)


@pytest.fixture(scope="module")
def built() -> bytes:
    return addin(buttons=BUTTONS)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def storage(content: bytes) -> object:
    from pyopenvba.cfb import CFB

    return CFB.from_bytes(parts(content)["xl/vbaProject.bin"])


def entries(content: bytes) -> dict[str, str]:
    """The add-in's own sheet."""
    rows = etree.fromstring(parts(content)["xl/worksheets/sheet1.xml"]).iter(f"{_MAIN}row")
    return dict(["".join(cell.itertext()) for cell in row] for row in rows)  # type: ignore[misc]


def test_two_builds_are_byte_identical(built: bytes) -> None:
    assert addin(buttons=BUTTONS) == built


def test_every_module_is_source_alone_and_the_cache_says_so(built: bytes) -> None:
    """MODULEOFFSET 0 (MS-OVBA 2.3.4.2.3.2.5); _VBA_PROJECT of 7 bytes (2.3.4.1); no stream of a compiled cache."""
    from pyopenvba.vba import decompress

    project = storage(built)
    directory = decompress(project.get_stream_in_storage("VBA", "dir"))  # type: ignore[attr-defined]
    offsets = re.findall(re.escape(struct.pack("<HI", 0x31, 4)) + b"(.{4})", directory, re.DOTALL)
    assert offsets == [bytes(4)] * 3
    assert project.get_stream_in_storage("VBA", "_VBA_PROJECT").hex() == "cc61ffff000100"  # type: ignore[attr-defined]
    assert set(project.list_streams_in_storage("VBA")) == {  # type: ignore[attr-defined]
        "dir", "_VBA_PROJECT", "ThisWorkbook", "Sheet1", MODULE}


def test_the_project_has_our_name_and_the_chinese_code_page(built: bytes, tmp_path: Path) -> None:
    from pyopenvba import ExcelFile

    (tmp_path / "台账.xlam").write_bytes(built)
    with ExcelFile(tmp_path / "台账.xlam") as book:
        project = book.vba_project()
        assert project.code_page == 936
        assert project.validate() == []
        assert OFFICE_LIBRARY in [reference.guid.upper() for reference in project.references]  # IRibbonControl
        assert [one.name for one in project.modules] == ["ThisWorkbook", "Sheet1", MODULE]
        assert project.get_module(MODULE).source == module_source(BUTTONS)
    told = storage(built).get_stream("PROJECT").decode("ascii")  # type: ignore[attr-defined]
    assert '\r\nName="Taizhang"\r\n' in told
    assert "Module=Module1" not in told


def test_the_vba_is_ascii_with_windows_line_ends() -> None:
    source = module_source(BUTTONS)
    assert source.isascii()
    assert source.count("\n") == source.count("\r\n") > 300
    assert max(map(len, source.split("\r\n"))) < 1023
    assert "@" not in source.partition("TzOnAction")[2]


def test_one_procedure_is_public_and_takes_no_words() -> None:
    """Any cell can call the Public functions of an add-in: in stock xlwings RunPython and SaveConfigToFile."""
    opened = _PUBLIC.findall(module_source(BUTTONS).replace("\r", ""))
    assert opened == ["Public Sub TzOnAction(control As IRibbonControl)"]
    open_to_cells = {re.split(r"\W+", line.removeprefix("Public "))[1] for line in _PUBLIC.findall(stock())}
    assert {"RunPython", "SaveConfigToFile", "ReadFile", "ExecuteWindows"} <= open_to_cells


def test_of_the_workbook_in_front_only_its_being_there_is_asked() -> None:
    asked = re.findall(r"^(?! *').*\b(ActiveWorkbook.*)", module_source(BUTTONS).replace("\r", ""), re.MULTILINE)
    assert set(asked) == {"ActiveWorkbook Is Nothing Then Application.Workbooks.Add", "ActiveWorkbook Is Nothing Then"}
    assert len(re.findall("ActiveWorkbook", stock())) > 20


def test_every_called_procedure_is_there() -> None:
    """What was cut out of xlwings' text is called nowhere."""
    def procedures(text: str) -> set[str]:
        return set(re.findall(r"^(?:Public |Private )?(?:Function|Sub) (\w+)", text, re.MULTILINE))

    source = module_source(BUTTONS).replace("\r", "")
    code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("'"))
    cut = procedures(stock()) - procedures(source)
    assert cut >= {"XLPy", "RunFrozenPython", "GetConfigFromSheet", "SaveConfigToFile", "CheckConda"}
    assert [name for name in sorted(cut) if re.search(rf"\b{name}\b", code)] == []


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.start.splitlines()[0].strip()[:40])
def test_another_xlwings_is_refused(change: object) -> None:
    start = change.start  # type: ignore[attr-defined]
    with pytest.raises(Refusal, match="没有生成加载项"):
        hardened(stock().replace(start, "", 1))
    with pytest.raises(Refusal, match="没有生成加载项"):
        hardened(stock() + start)


def test_the_licence_of_xlwings_goes_with_its_text() -> None:
    assert "BSD 3-clause" in module_source(BUTTONS)
    assert "Zoomer Analytics" in module_source(BUTTONS)


def test_settings_and_texts_stand_in_the_add_ins_own_sheet(built: bytes) -> None:
    told = entries(built)
    assert told == {"INTERPRETER_WIN": WINDOWS_PYTHON, "INTERPRETER_MAC": MAC_PYTHON, "VERSION": VERSION, **TEXTS}
    asked = set(re.findall(r'(?:TzText|GetConfig)\("(\w+)"\)', module_source(BUTTONS)))
    assert asked == set(told) - {"VERSION"}


@pytest.mark.parametrize(("python", "kind"), [
    (r"D:\程序 & 数据\python.exe", "INTERPRETER_WIN"), (r"\\服务器\台账\python.exe", "INTERPRETER_WIN"),
    (r"%APPDATA%\t\python.exe", "INTERPRETER_WIN"), ("/opt/台账/bin/python", "INTERPRETER_MAC"),
])
def test_another_place_for_python(python: str, kind: str) -> None:
    assert entries(addin(python, BUTTONS[:1]))[kind] == python


@pytest.mark.parametrize("python", ["python", "", r"bin\python.exe", "C:python.exe"])
def test_a_bare_name_is_no_place_for_python(python: str) -> None:
    with pytest.raises(Refusal, match="完整"):
        addin(python, BUTTONS)


def test_no_button_no_add_in() -> None:
    with pytest.raises(Refusal, match="没有一个按钮"):
        addin(buttons=())


def test_the_command_writes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                     capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("addin.build.working", lambda: BUTTONS)
    made = tmp_path / "加载项 & 台账.xlam"
    assert main(["addin", "build", "-o", str(made)]) == 0
    assert made.read_bytes() == addin(buttons=BUTTONS)
    assert "加载项" in capsys.readouterr().out
    assert main(["addin", "build", "-o", str(made), "--python", "python"]) == 2
    assert main(["addin"]) == 2


def test_the_version_it_names_is_the_distributions() -> None:
    assert version("taizhang") == VERSION
    assert f"--addin={VERSION}" in module_source(BUTTONS)


def test_without_pyopenvba_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyopenvba", None)
    with pytest.raises(Refusal, match="pyopenvba"):
        addin(buttons=BUTTONS)
