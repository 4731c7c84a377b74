"""Every command that writes, on a small office's files: what is there before, and what is typed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.cli import main
from tests.foreign import office_ledger
from tests.returning import LEDGER, changed
from workbook.book import Book
from workbook.exchange.returned import returned
from workbook.standard.writer import write as writer_write

NOW = "1765000000"
"""The moment of every run, in seconds since 1970: 2025-12-06."""
REPORT = "\n## 条目\n\n| 编号 | 章节 | 正文 | 责任股室 |\n|---|---|---|---|\n| T1 | 1 | 全年办结{{ M1 }}。 | 救助股 |\n"
OVERDUE = "| R2 | 1 | 核对名册 | 养老股 | 2025-12-31 | 进行中 |\n"
TEXT = LEDGER.replace(OVERDUE, OVERDUE + "| R3 | 1 | 修订制度 | 养老股 | 2025-03-31 | 进行中 |\n") + REPORT

JOBS: Mapping[str, tuple[str, ...]] = {
    "dispatch": ("dispatch", "主台账.xlsx", "-o", "新往来", "--due", "2025-12-20", "--eml"),
    "collect": ("collect", "收件箱", "--to", "往来"),
    "merge": ("merge", "台账.xlsx", "--from", "往来", "-o", "合并.xlsx"),
    "merge 普通文件夹": ("merge", "台账.xlsx", "--from", "退回的表", "-o", "结果/合并.xlsx"),
    "remind": ("remind", "往来", "--book", "台账.xlsx", "--within", "30"),
    "new": ("new", "--kind", "通用报告", "--office", "临溪县民政局", "--year", "2026", "-o", "新.xlsx"),
    "load": ("load", "台账.md", "-o", "主台账.xlsx"),
    "dump": ("dump", "台账.xlsx", "-o", "文字.md"),
    "convert": ("convert", "台账.xlsx", "-o", "出/报告.docx", "--review"),
    "convert 文件夹": ("convert", "各局", "-o", "各局报告", "--format", "txt"),
    "check --fix": ("check", "台账.xlsx", "--fix", "-o", "改好.xlsx"),
    "check --mark --html": ("check", "台账.xlsx", "--mark", "标注.xlsx", "--html", "清单.html"),
    "check --acknowledge": ("check", "台账.xlsx", "--acknowledge", "D008@任务!J5", "--reason", "同意", "-o", "认.xlsx"),
    "repair": ("repair", "台账.xlsx", "-o", "修好.xlsx"),
    "upgrade": ("upgrade", "旧.xlsx", "-o", "升级.xlsx"),
    "adopt": ("adopt", "自己的.xlsx", "-o", "标准.xlsx", "--yes", "--kind", "通用报告", "--office", "甲局",
              "--year", "2025"),
    "pull": ("pull", "改过的报告.docx", "台账.xlsx", "-o", "收回.xlsx"),
    "publish": ("publish", "报告.docx", "-o", "公开.docx"),
    "rollover": ("rollover", "台账.xlsx", "--year", "2026", "-o", "2026.xlsx"),
    "rollup": ("rollup", "各局", "-o", "汇总.xlsx"),
    "confirm": ("confirm", "台账.xlsx", "-o", "确认单"),
    "demo": ("demo", "示例"),
}
State = dict[str, bytes]


@cache
def _office() -> Path:
    """The files before any job, made once by the program itself."""
    place = Path(mkdtemp(prefix="faults-"))
    with pytest.MonkeyPatch.context() as patch:
        surroundings(patch, place)
        (place / "台账.md").write_text(TEXT, "utf-8")
        (place / "自己的.xlsx").write_bytes(office_ledger())
        _made(place)
    return place


def _made(place: Path) -> None:
    for arguments in (("load", "台账.md", "-o", "台账.xlsx"), ("load", "台账.md", "-o", "主台账.xlsx"),
                      ("dispatch", "台账.xlsx", "-o", "往来", "--due", "2025-12-01"),
                      ("convert", "台账.xlsx", "-o", "报告.docx")):
        assert main([*arguments, "--quiet"]) == 0, arguments
    _old_book(place)
    _without_ids(place / "主台账.xlsx")
    (place / "各局").mkdir()
    for name in ("甲局", "乙局"):
        shutil.copy(place / "台账.xlsx", place / "各局" / f"{name}.xlsx")
    _returns(place)
    _edited_report(place)


def _returns(place: Path) -> None:
    """One office changed a cell, the other a shared one that the coordinator changed too; a letter brings them."""
    sent = next((place / "往来").glob("*/下发"))
    for folder in ("收件箱", "退回的表"):
        (place / folder).mkdir()
    changed(sent / "JZG.xlsx", place / "退回的表" / "救助股.xlsx",
            {"活动": lambda sheet: (sheet.put("H1", 地点="会堂"), sheet.delete("H2"))})
    changed(sent / "YLG.xlsx", place / "退回的表" / "养老股.xlsx", {"活动": lambda sheet: sheet.put("H3", 地点="村部")})
    for one in (place / "退回的表").iterdir():
        shutil.copy(one, place / "收件箱" / one.name)
    (place / "收件箱" / "别的.txt").write_text("你好", "utf-8")
    assert main(["collect", "收件箱/救助股.xlsx", "--to", "往来", "--quiet"]) == 0


def _old_book(place: Path) -> None:
    import openpyxl

    from tests.workbook.test_upgrade import OLD

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in OLD.sheets:
        made = book.create_sheet(sheet.name)
        for row in sheet.rows:
            made.append(list(row))
    book.save(place / "旧.xlsx")


def _without_ids(path: Path) -> None:
    """A master of which two rows were typed in and have no id yet."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book["活动"]
    for row in sheet.iter_rows(min_row=1):
        for cell in row:
            if cell.value == "_id":
                column = cell.column
    for row in (3, 4):
        sheet.cell(row, column).value = None
    book.save(path)


def _edited_report(place: Path) -> None:
    import docx

    report = docx.Document(str(place / "报告.docx"))
    for paragraph in report.paragraphs:
        for run in paragraph.runs:
            if "全年" in run.text:
                run.text = run.text.replace("全年", "全年扎实")
    report.save(str(place / "改过的报告.docx"))


_MADE: dict[object, bytes] = {}


def _once(book: Book, metrics: object, *, dress: Any = None) -> bytes:
    """A standard workbook, typeset once for all runs: a fault of the disk does not change it."""
    key = repr(book.raw), repr(metrics), dress and (dress.facts, dress.identity)
    if key not in _MADE:
        _MADE[key] = writer_write(book, metrics, dress=dress)  # type: ignore[arg-type]
    return _MADE[key]


def surroundings(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """The folder, the clock and the chance of every run."""
    patch.chdir(folder)
    patch.setenv("SOURCE_DATE_EPOCH", NOW)
    patch.setenv("TAIZHANG_SOFFICE", "没有")
    patch.setattr("secrets.token_hex", lambda size: "5a" * size)
    patch.setattr("workbook.standard.writer.write", _once)
    patch.setattr("workbook.exchange.apart.apart", lambda: nullcontext(SimpleNamespace(look=returned)))


def fresh(folder: Path) -> Path:
    """A copy of the office's files."""
    target = folder / "办公室"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(_office(), target)
    return target


def state(folder: Path) -> State:
    """Every file by its place; what a lock says, and the record of a batch, which tells seconds, do not count."""
    return {os.path.relpath(path, folder): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith((".taizhang.lock", "批处理记录.ndjson"))}


def on_the_way(held: State) -> list[str]:
    """What a run left half-written beside its target."""
    return [name for name in held if os.path.basename(name).startswith("~taizhang-")]
