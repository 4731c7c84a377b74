"""Personal numbers and marks of secrecy, wherever they stand: what must not travel stays, and is never said in full."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts.cli import main
from tests.faults.jobs import fresh, surroundings
from tests.faults.planted import (
    CARD,
    FINE,
    IDENTITY,
    MOBILE,
    PERSONAL,
    PLACES,
    ROUNDED,
    SECRETS,
    holding,
    plant,
    plant_number,
)
from tests.workbook.letters import letter, named

NUMBERS = (IDENTITY, MOBILE, CARD, str(ROUNDED))
SOME = ("单元格", "批注", "深度隐藏的表", "文本框")
TRAVELS = {"dispatch": ("dispatch", "甲.xlsx", "-o", "新往来"),
           "convert --public": ("convert", "甲.xlsx", "-o", "公开.docx", "--public")}
TAKES_IN = {**TRAVELS, "merge": ("merge", "甲.xlsx", "--from", "退回的表", "-o", "合并.xlsx"),
            "rollup": ("rollup", "甲.xlsx", "-o", "汇总.xlsx")}


def conformance(value: str) -> Any:
    return pytest.param(value, marks=pytest.mark.conformance)


everywhere = pytest.mark.parametrize("place", [one if one in SOME else conformance(one) for one in PLACES])
"""Some places in every run of the tests, all with `-m conformance`."""


class Desk:
    """The office's files, and what a command says about them."""

    def __init__(self, folder: Path, said: pytest.CaptureFixture[str]) -> None:
        self.folder, self.said = folder, said
        self.before = set(folder.rglob("*"))

    def plant(self, place: str, text: str, name: str = "甲.xlsx") -> Path:
        return plant(self.folder / "台账.xlsx", self.folder / name, place, text)

    def run(self, *arguments: str) -> tuple[int, str]:
        """(exit code, all that was said); no number of a person stands in it in full."""
        self.said.readouterr()
        code = main(list(arguments))
        told = self.said.readouterr()
        text = told.out + told.err
        assert [number for number in NUMBERS if number in text] == [], arguments
        assert "程序出错" not in text, arguments
        return code, text

    def new(self, *inputs: str) -> list[str]:
        """The files that came into being, but for the inputs; a lock is none."""
        made = (path for path in self.folder.rglob("*") if path.is_file() and path not in self.before)
        return sorted(path.name for path in made if path.name not in (*inputs, ".taizhang.lock"))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    here = fresh(tmp_path)
    surroundings(monkeypatch, here)
    return Desk(here, capsys)


# --- what must not travel does not


@everywhere
def test_an_identity_number_is_not_sent_out_wherever_it_stands(desk: Desk, place: str) -> None:
    desk.plant(place, f"户主{IDENTITY}")
    for arguments in TRAVELS.values():
        code, said = desk.run(*arguments)
        assert (code, desk.new("甲.xlsx")) == (2, [])
        assert "11010********7475" in said


@everywhere
@pytest.mark.parametrize("mark", [SECRETS[0], *(conformance(one) for one in SECRETS[1:])])
def test_a_mark_of_secrecy_is_taken_in_by_nothing(desk: Desk, place: str, mark: str) -> None:
    desk.plant(place, f"转发{mark}文件")
    for arguments in TAKES_IN.values():
        code, said = desk.run(*arguments)
        assert (code, desk.new("甲.xlsx")) == (2, []), arguments
        assert "密" in said
    (desk.folder / "信").mkdir()
    shutil.move(desk.folder / "甲.xlsx", desk.folder / "信" / "甲.xlsx")
    code, said = desk.run("collect", "信", "--to", "往来")
    assert (code, "疑似涉密" in said) == (1, True)


@pytest.mark.parametrize("text", PERSONAL.values(), ids=PERSONAL)
def test_every_kind_of_personal_data_stays_at_home(desk: Desk, text: str) -> None:
    desk.plant("单元格", text)
    for arguments in TRAVELS.values():
        code, _ = desk.run(*arguments)
        assert (code, desk.new("甲.xlsx")) == (2, [])
    assert desk.run("check", "甲.xlsx", "--json")[0] == 0


def test_a_number_that_excel_has_rounded_stays_at_home(desk: Desk) -> None:
    plant_number(desk.folder / "台账.xlsx", desk.folder / "甲.xlsx", ROUNDED)
    for arguments in TRAVELS.values():
        assert desk.run(*arguments)[0] == 2


@pytest.mark.parametrize("place", ["单元格", *map(conformance, ("批注", "页眉", "文档属性", "文本框"))])
def test_what_only_looks_like_it_travels(desk: Desk, place: str) -> None:
    desk.plant(place, "；".join(FINE))
    for arguments in TAKES_IN.values():
        assert desk.run(*arguments)[0] == 0, arguments


@pytest.mark.parametrize("name", [f"秘密★名册{IDENTITY}.xlsx", "机密★台账.xlsx"])
def test_a_file_name_says_enough(desk: Desk, name: str) -> None:
    shutil.copy(desk.folder / "台账.xlsx", desk.folder / name)
    for arguments in TAKES_IN.values():
        code, said = desk.run(*(name if one == "甲.xlsx" else one for one in arguments))
        assert (code, desk.new(name)) == (2, []), arguments
        assert "密级" in said or "个人号码" in said
    desk.run("collect", name, "--to", "往来")
    assert holding(desk.folder / "往来", IDENTITY) == []
    assert not list((desk.folder / "往来" / "收回").glob("*.bin"))


# --- mail


@pytest.mark.parametrize(("subject", "text", "name"), [
    ("秘密★1年 台账", "请查收。", "甲.xlsx"), ("台账", "随文附机密★材料。", "甲.xlsx"),
    ("台账", "请查收。", "绝密★.xlsx"),
], ids=["主题", "正文", "附件名"])
def test_a_letter_with_a_mark_is_only_named(desk: Desk, subject: str, text: str, name: str) -> None:
    book = (desk.folder / "退回的表" / "养老股.xlsx").read_bytes()
    kept = sorted((desk.folder / "往来" / "收回").iterdir())
    (desk.folder / "信.eml").write_bytes(letter(named(book, name), sender="yl@example.cn", subject=subject, text=text))
    code, said = desk.run("collect", "信.eml", "--to", "往来")
    assert code == 1
    assert "疑似涉密" in said
    assert sorted((desk.folder / "往来" / "收回").iterdir()) == kept


def test_numbers_in_a_letter_never_reach_the_register(desk: Desk) -> None:
    book = (desk.folder / "退回的表" / "养老股.xlsx").read_bytes()
    data = letter(named(book, f"{IDENTITY}.xlsx"), sender="yl@example.cn", subject=f"电话{MOBILE}", text=f"卡号{CARD}")
    (desk.folder / f"{MOBILE}.eml").write_bytes(data)
    desk.run("collect", f"{MOBILE}.eml", "--to", "往来", "--json")
    desk.run("status", "往来", "--json")
    desk.run("remind", "往来", "--json")
    for number in NUMBERS:
        assert holding(desk.folder / "往来", number) == []


# --- what is written and said about a ledger that holds some


def test_nothing_that_is_written_about_a_ledger_repeats_a_number(desk: Desk) -> None:
    """The ledger's own copies keep what the clerk wrote; pages, letters, records and JSON do not."""
    book = f"{MOBILE}台账.xlsx"
    desk.plant("单元格", f"户主{IDENTITY}，{MOBILE}，卡{CARD}", book)
    for arguments in (("check", book, "--html", "出/清单.html", "--json"), ("check", book, "--all"),
                      ("convert", book, "-o", "出/报告.docx", "--review", "--json"),
                      ("convert", book, "台账.xlsx", "-o", "出/批", "--json"),
                      ("trace", book, "--json"), ("trace", "出/报告.docx", "--all"),
                      ("verify", "出/报告.docx", book, "--json"), ("confirm", book, "-o", "出/确认单", "--json"),
                      ("lint", "出/报告.docx", "--laws", book, "--json"),
                      ("merge", book, "--from", "退回的表", "-o", "合并.xlsx", "--json"),
                      ("rollup", book, "-o", "出/汇总.xlsx"),
                      ("remind", "往来", "--book", book, "--json"), ("check", "没有" + book)):
        desk.run(*arguments)
    assert (desk.folder / "出" / "清单.html").is_file()
    found = [name for number in NUMBERS for name in holding(desk.folder / "出", number)
             if not Path(name).name.startswith(MOBILE)]
    assert found == []


def test_a_return_that_is_sent_back_says_no_number(desk: Desk) -> None:
    """Letters and findings stand masked; the office's own workbook goes back to it as it came."""
    place = desk.folder / "退回的表" / "养老股.xlsx"
    plant(place, place, "单元格", f"{IDENTITY}")
    desk.run("merge", "台账.xlsx", "--from", "退回的表", "-o", "结果/合并.xlsx", "--json")
    letters = [path for path in (desk.folder / "结果").rglob("*") if path.suffix in (".docx", ".txt", ".eml")]
    texts = [re.sub(rb"(?s)Content-Transfer-Encoding: base64.*?(?=\n--)", b"", path.read_bytes()) for path in letters]
    assert [path.name for path, text in zip(letters, texts, strict=True) if IDENTITY.encode() in text] == []
    assert base64.b64encode(IDENTITY.encode()) not in b"".join(texts)
