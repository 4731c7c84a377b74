"""`taizhang rollup`: what it writes, what it says, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.cli import main
from tests.reference_ledgers import fleet
from tests.workbook.test_rollup import own, text
from workbook.standard.making import workbook_bytes
from workbook.text import parse


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("汇总") / "各局"
    place.mkdir()
    for office in ("甲局", "乙局"):
        (place / f"{office}.xlsx").write_bytes(workbook_bytes(parse(text(office, own(office, 5)), office)))
    return place


def test_写成_xlsx_没有要定的返回_0(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "汇总.xlsx"
    assert main(["rollup", str(folder), "-o", str(target)]) == 0
    assert "2 个单位" in capsys.readouterr().out
    assert target.read_bytes()[:2] == b"PK"


def test_汇总写在台账的文件夹里_再汇总时不把它当台账(folder: Path) -> None:
    target = folder / "汇总.xlsx"
    try:
        assert [main(["rollup", str(folder), "-o", str(target), "--quiet"]) for _ in range(2)] == [0, 0]
    finally:
        target.unlink()


def test_带着决定再汇总(folder: Path, tmp_path: Path) -> None:
    first = folder / "汇总.xlsx"
    try:
        main(["rollup", str(folder), "-o", str(first), "--quiet"])
        again = ["rollup", str(folder), "-o", str(tmp_path / "新汇总.xlsx"), "--decided", str(first), "--quiet"]
        assert main(again) == 0
    finally:
        first.unlink()


def test_写成_parquet(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "汇总.parquet"
    assert main(["rollup", str(folder), "-o", str(target)]) == 0
    assert target.read_bytes()[:4] == b"PAR1"


def test_json_有文件_数_重复和口径差异(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollup", str(folder), "-o", str(tmp_path / "汇总.xlsx"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"output", "files", "values", "duplicates", "differences"}
    total = next(one for one in told["values"] if one["name"] == "参与" and one["level"] == "合计")
    assert total["value"] == 10
    assert [one["status"] for one in told["files"]] == ["已汇总", "已汇总"]


def test_有一本读不了_别的照样汇总_返回_2(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, target = tmp_path / "坏.xlsx", tmp_path / "汇总.xlsx"
    bad.write_bytes("不是表格".encode())
    assert main(["rollup", str(folder), str(bad), "-o", str(target)]) == 2
    assert "没有汇总　" in capsys.readouterr().err
    assert target.exists()


def test_一本都读不了_不写文件(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, target = tmp_path / "坏.xlsx", tmp_path / "汇总.xlsx"
    bad.write_bytes("不是表格".encode())
    assert main(["rollup", str(bad), "-o", str(target)]) == 2
    assert "没有一本台账可以汇总" in capsys.readouterr().err
    assert not target.exists()


def test_扩展名不对_先说(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollup", str(folder), "-o", str(tmp_path / "汇总.docx")]) == 2
    assert ".xlsx 或 .parquet" in capsys.readouterr().err


def test_口径不同的要人看_返回_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, raw in enumerate(fleet(2)):
        (tmp_path / f"{number}.xlsx").write_bytes(workbook_bytes(raw))
    assert main(["rollup", str(tmp_path), "-o", str(tmp_path / "汇总.xlsx")]) == 1
    assert "种口径，没有加在一起" in capsys.readouterr().out
