"""Every hostile Word file ends, for every command that reads one, as its line says: read, or refused in a sentence."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from scripts.cli import main
from tests.hostile.drafting import ledger
from tests.hostile.reports import READ, REPORTS, Report
from tests.hostile.running import Ended, run_all
from tests.hostile.test_books import bounded
from workbook.reading.package import open_package

FETCHES = re.compile(rb'TargetMode="External"|vbaProject|macroEnabled|attachedTemplate|DDE|INCLUDE[TP]|oleObject')
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def orders(name: str) -> dict[str, list[str]]:
    """The commands that read a report, by their name."""
    return {"lint": [name], "trace": [name], "verify": [name, "台账.xlsx"],
            "pull": [name, "台账.xlsx", "-o", f"新.{name}.xlsx"], "publish": [name, "-o", f"公开.{name}"]}


def as_stated(said: str, code: int, error: str, name: str) -> None:
    if said == READ:
        assert code in (0, 1), error
        return
    assert code == 2, error
    assert said in error
    assert error.startswith(f"{name}：")
    assert error.count("\n") == 1


def harmless(copy: bytes) -> None:
    """What a copy for publication holds fetches nothing, starts nothing, and is a sound package."""
    open_package(copy)
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        for part in package.namelist():
            assert not FETCHES.search(package.read(part)), part


@pytest.mark.parametrize("report", [pytest.param(one, id=name) for name, one in REPORTS.items() if not one.heavy])
def test_each_command_reads_it_or_refuses_it(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("报告.docx").write_bytes(report.make())
    Path("台账.xlsx").write_bytes(ledger())
    for command, words in orders("报告.docx").items():
        code = main([command, *words])
        said = capsys.readouterr()
        assert not STEERING.search(said.out + said.err)
        as_stated(report.but.get(command, report.said), code, said.err, "报告.docx")
    if Path("公开.报告.docx").exists():
        harmless(Path("公开.报告.docx").read_bytes())
    assert not list(tmp_path.parent.glob("逃*"))


@pytest.mark.conformance
def test_all_of_them_in_bounds(tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(ledger())
    told: list[tuple[str, str]] = []
    words: list[list[str]] = []
    for number, report in enumerate(REPORTS.values()):
        name = f"{number:03d}.docx"
        (tmp_path / name).write_bytes(report.make())
        for command, given in orders(name).items():
            told.append((report.but.get(command, report.said), name))
            words.append([command, *given])
    for ended, (said, name) in zip(run_all(tmp_path, words), told, strict=True):
        bounded(ended)
        as_stated(said, ended.code, ended.error, name)
    _written_where_told(ended)


def _written_where_told(ended: Ended) -> None:
    assert all(one.startswith(("新.", "公开.")) for one in ended.left)
