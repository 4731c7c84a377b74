"""A table in plain text is adopted: whatever its encoding and separator, every cell as it stands, and it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.cli import main
from workbook.adopting.separated import decoded, separated
from workbook.findings import Refusal

TABLE = '编号,任务名称,备注\r\nRW-1,"修订办法,两个",=cmd|\' /C calc\'!A0\r\n007,,\r\n'
ROWS = [["编号", "任务名称", "备注"], ["RW-1", "修订办法,两个", "=cmd|' /C calc'!A0"], ["007", None, None]]


@pytest.mark.parametrize(("data", "encoding"), [
    (TABLE.encode("gb18030"), "gb18030"),
    (TABLE.encode(), "utf-8"),
    (TABLE.encode("utf-8-sig"), "utf-8"),
    (b"\xff\xfe" + TABLE.replace(",", "\t").replace("法\t", "法,").encode("utf-16-le"), "utf-16-le"),
    (TABLE.replace(",", ";").replace("法;", "法,").encode("gb18030"), "gb18030"),
])
def test_every_cell_is_a_text_as_it_stands(data: bytes, encoding: str) -> None:
    found = separated(data, "任务.csv")
    assert found is not None
    book, told = found
    assert told == encoding
    assert [sheet.name for sheet in book.sheets] == ["任务"]
    assert book.sheets[0].rows == ROWS


def test_gbk_that_could_be_utf_8_is_gbk() -> None:
    assert decoded("联通,联通".encode("gbk")) == ("gb18030", "联通,联通")
    assert decoded(b"a,b") == ("utf-8", "a,b")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>,", b'{"a": 1, ', "一列\n没有逗号".encode(), b"\0,\1"])
def test_what_is_no_table_is_left_to_others(data: bytes) -> None:
    assert separated(data, "任务.csv") is None


@pytest.mark.parametrize(("data", "said"), [(b'a,"' + b"b" * 200_000, "写坏了"),
                                            (b"," * 5000 + b"\n" + b"a\n" * 1001, "多得不正常")])
def test_a_broken_or_boundless_one_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=f"任务.csv：.*{said}"):
        separated(data, "任务.csv")


def test_adopt_says_in_which_encoding_it_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("任务.csv").write_bytes("编号,任务名称,完成时限\r\nRW-1,修订办法,2025-03-31\r\n".encode("gb18030"))
    told = ["--kind", "通用报告", "--office", "临溪县民政局", "--year", "2025", "--yes"]
    assert main(["adopt", "任务.csv", "-o", "台账.xlsx", *told]) == 1
    assert "按 GB18030 编码读" in capsys.readouterr().out
    assert main(["dump", "台账.xlsx"]) == 0
    assert "修订办法" in capsys.readouterr().out
