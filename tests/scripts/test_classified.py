"""A ledger with marks of secrecy: no report of it, by command, icon or button, unless the clerk says that it may be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from scripts.cli import main
from scripts.desk import report
from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.findings import Refusal
from workbook.standard.making import workbook_bytes
from workbook.text import parse

EVENT = """
## 活动

| 编号 | 开始日期 | 活动名称 | 类型 | 承办股室 | 备注 |
|---|---|---|---|---|---|
| H1 | 2025-03-01 | 保密工作培训和宪法宣传 | 培训 | 办公室 | {note} |
"""


def book(folder: Path, *, head: str = "", note: str = "", name: str = "台账.xlsx") -> Path:
    path = folder / name
    path.write_bytes(workbook_bytes(parse(HEAD + head + ONE_CHAPTER + EVENT.format(note=note), name)))
    return path


def in_a_note(path: Path) -> Path:
    made = load_workbook(path)
    made["活动"]["C3"].comment = Comment("摘自秘密★1年的文件", "某")
    made.save(path)
    return path


def in_a_header(path: Path) -> Path:
    made = load_workbook(path)
    made["活动"].oddHeader.left.text = "机密★5年"
    made.save(path)
    return path


def convert(path: Path, *options: str) -> int:
    return main(["convert", str(path), "-o", str(path.with_suffix(".docx")), "--draft", *options])


@pytest.mark.parametrize(("told", "where"), [
    ({"head": "| 密级 | 秘密★1年 |\n"}, "报告信息!"), ({"head": "| 密级 | 内部 |\n"}, "报告信息!"),
    ({"note": "摘自绝密★的文件"}, "活动!"), ({"name": "秘密★台账.xlsx"}, "文件名"),
])
def test_it_is_named_by_its_cell_and_no_report_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                       told: dict[str, str], where: str) -> None:
    path = book(tmp_path, **told)
    assert convert(path) == 2
    said = capsys.readouterr().err
    assert "有密级标志，没有生成报告" in said
    assert where in said
    assert "--classified" in said
    assert len(said.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("marked", [in_a_note, in_a_header])
def test_notes_and_page_headers_are_looked_at_too(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                  marked: Callable[[Path], Path]) -> None:
    path = marked(book(tmp_path))
    assert convert(path) == 2
    assert "有密级标志" in capsys.readouterr().err


def test_with_the_flag_it_is_made_and_a_public_copy_still_is_not(tmp_path: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path, head="| 密级 | 秘密★1年 |\n")
    assert convert(path, "--classified") in (0, 1)
    assert path.with_suffix(".docx").exists()
    assert convert(path, "--classified", "--public") == 2
    assert "没有生成公开用的副本" in capsys.readouterr().err


@pytest.mark.parametrize("head", ["", "| 密级 | |\n", "| 密级 | 非密 |\n"])
def test_words_about_secrecy_and_an_empty_grade_are_no_mark(tmp_path: Path, head: str) -> None:
    path = book(tmp_path, head=head, note="★★★服务之星")
    assert convert(path) in (0, 1)
    assert path.with_suffix(".docx").exists()


def test_one_of_many_is_left_out_and_the_others_are_made(tmp_path: Path) -> None:
    one, other = book(tmp_path, note="秘密★", name="甲.xlsx"), book(tmp_path, name="乙.xlsx")
    assert main(["convert", str(one), str(other), "-o", str(tmp_path / "出"), "--draft", "--quiet"]) == 2
    assert [path.name for path in (tmp_path / "出").glob("*.docx")] == ["乙.docx"]


def test_the_icon_says_the_same(tmp_path: Path) -> None:
    done = report([book(tmp_path, note="秘密★")])
    assert (done.code, done.opened) == (2, ())
    assert "有密级标志，没有生成报告" in done.said


def test_the_button_says_the_same(tmp_path: Path) -> None:
    from addin.reports import write_report
    from workbook.reading.reader import read

    path = book(tmp_path, note="秘密★")
    opened = SimpleNamespace(path=path, raw=lambda: read(path), tell=print)
    with pytest.raises(Refusal, match="有密级标志，没有生成报告"):
        write_report(opened)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == [path]
