"""`taizhang confirm`: a page for each office, the record beside them, the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document

from scripts.cli import main
from templates.confirmation.record import FILE_NAME
from tests.ledgers import ledger
from tests.templates.test_confirmation import EVENTS, ITEMS, METRICS, MORE, OFFICES
from workbook.standard.making import workbook_bytes


def book(folder: Path, events: str = EVENTS) -> str:
    path = folder / "台账.xlsx"
    path.write_bytes(workbook_bytes(ledger(METRICS, events, ITEMS, OFFICES).book.raw))
    return str(path)


def cells(path: Path) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in Document(str(path)).tables[0].rows]


def test_每个股室一张_旁边有记录(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "确认单"
    assert main(["confirm", book(tmp_path), "-o", str(target)]) == 0
    assert {one.name for one in target.iterdir()} == {"数据确认单-办公室.docx", "数据确认单-法规股.docx", FILE_NAME}
    assert cells(target / "数据确认单-办公室.docx")[1][:3] == ["1", "3场", "办了3场讲座。"]
    assert "2 个股室，3 个数" in capsys.readouterr().out


def test_改了台账再出_标待重新确认_签回以后就是已确认(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "确认单"
    main(["confirm", book(tmp_path), "-o", str(target)])
    again = ["confirm", book(tmp_path, MORE), "-o", str(target)]
    assert main(again) == 1
    assert "待重新确认　办公室　讲座：3场 → 4场" in capsys.readouterr().out
    assert cells(target / "数据确认单-办公室.docx")[1][-1] == "待重新确认（原3场）"
    assert main([*again, "--signed", "01"]) == 0
    assert cells(target / "数据确认单-办公室.docx")[1][-1] == "已确认"


def test_json_按股室和按数都有(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["confirm", book(tmp_path), "-o", str(tmp_path / "确认单"), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["offices"]["办公室"] == {"file": "数据确认单-办公室.docx", "figures": 2, "待确认": 2, "已确认": 0,
                                     "待重新确认": 0}
    first = told["figures"][0]
    assert (first["office"], first["phrase"], first["state"]) == ("办公室", "3场", "待确认")


def test_别的台账的文件夹不动(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "确认单"
    main(["confirm", book(tmp_path), "-o", str(target)])
    other = ledger(METRICS, EVENTS, ITEMS, OFFICES, head="| 报告类型 | 通用报告 |").book.raw
    head = [["机关全称", "别的局"] if row[0] == "机关全称" else row for row in other.sheets[0].rows]
    path = tmp_path / "别的.xlsx"
    path.write_bytes(workbook_bytes(other._replace(sheets=(other.sheets[0]._replace(rows=head), *other.sheets[1:]))))
    before = (target / FILE_NAME).read_bytes()
    assert main(["confirm", str(path), "-o", str(target)]) == 2
    assert "另一本台账的确认单" in capsys.readouterr().err
    assert (target / FILE_NAME).read_bytes() == before
