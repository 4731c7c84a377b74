"""The .oxt in a real window: installed, its menu worked with real key presses, told by what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook

from addin import VERSION
from addin.build import office_extension
from addin.install.extension import extension_checks, unpacked
from addin.install.installing import install, uninstall
from addin.install.machine import Machine, NoRegistry
from scripts.check_one import Order, check_one
from templates.docx_text import paragraphs
from tests.conformance.calc_office import plain_surroundings
from tests.conformance.desktop_calc import NOBODY, Desktop, opened, waited
from tests.conformance.programs import require
from tests.conformance.test_live_calc import EXAMPLE, FAULTS
from workbook.findings import Cell
from workbook.patching.cells import with_cells
from workbook.patching.result_sheet import TITLE
from workbook.standard.making import workbook_bytes
from workbook.text import parse

pytestmark = pytest.mark.conformance


def test_install_puts_the_menu_into_libreoffice_and_uninstall_takes_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    require("unopkg")
    if os.geteuid() == 0:  # unopkg refuses root
        monkeypatch.setattr(subprocess, "run", partial(subprocess.run, user=NOBODY, group=NOBODY, extra_groups=[]))
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        here = Machine(sys.platform, {**plain_surroundings(), "XDG_CONFIG_HOME": ""}, NoRegistry(), home,
                       Path(sys.executable))
        home.chmod(0o777)
        done = {one.path.name: one for one in install(here)}
        assert (done["taizhang.oxt"].what, done["taizhang.oxt"].why) == ("写入", "")
        assert [(one.level, one.text) for one in extension_checks(here)] == [
            ("好", f"LibreOffice 里的“台账”菜单 {VERSION}：{unpacked(here)}")]
        assert {one.what for one in install(here)} == {"没有变"}
        uninstall(here)
        assert unpacked(here) is None


def saved(desktop: Desktop, book: Path) -> None:
    """Save with Ctrl+S, pressed until the window takes it: while a macro runs it takes nothing."""
    before = book.stat().st_mtime_ns

    def done() -> bool:
        desktop.keys(desktop.window("LibreOffice Calc"), "ctrl+s")
        time.sleep(2)
        return book.stat().st_mtime_ns != before and zipfile.is_zipfile(book)

    waited(done)


def test_a_clerk_checks_walks_mends_and_reports_from_the_menu(tmp_path: Path) -> None:
    book = tmp_path / "台账 甲=乙.xlsx"
    data = with_cells(workbook_bytes(parse(EXAMPLE.read_text("utf-8"), "示例")), FAULTS)
    book.write_bytes(data)
    wanted = [one for one in check_one(Order(str(book))).findings if one.open]
    with opened(book, office_extension(sys.executable)) as desktop:
        desktop.choose("check")
        desktop.window("台账 校验")
        desktop.shot("校验")
        assert book.read_bytes() == data, "never saved behind the clerk's back"
        desktop.answered("台账 校验")
        desktop.choose("next_finding")
        saved(desktop, book)
        desktop.choose("trace")
        desktop.answered("台账 数字来源")
        marked = load_workbook(book)
        assert [row[2].value for row in marked[TITLE].iter_rows(min_row=4)] == [one.code for one in wanted]
        first = next(one.cell for one in wanted if one.cell)
        here = marked[first.sheet]
        assert (marked.active.title, here.sheet_view.selection[-1].activeCell) == (first.sheet, first.a1)
        assert here.cell(first.row, first.column).fill.fgColor.rgb[2:] in ("F4A08A", "FFE48C", "D8EAF8")
        desktop.choose("fix")
        desktop.answered("台账 自动修正", "alt+y")
        desktop.answered("台账 自动修正")
        desktop.choose("report")
        desktop.agreed("台账 生成报告", book.with_suffix(".docx").exists)
        saved(desktop, book)
        desktop.shot("生成报告")
    mended = next(cell for cell in FAULTS if cell == Cell("任务", 4, 9))
    assert load_workbook(book)[mended.sheet].cell(mended.row, mended.column).is_date
    assert len(paragraphs(book.with_suffix(".docx").read_bytes())) > 20
