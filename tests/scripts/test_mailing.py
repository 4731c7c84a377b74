"""`--send` of dispatch, remind and merge: each letter once, what follows what, what did not go is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import openpyxl
import pytest

from scripts.cli import main
from tests.exchanged import METRICS, master, written
from tests.returning import Office
from tests.scripts.test_exchange_commands import CLEAN
from tests.workbook.letters import letter, named
from tests.workbook.pretend_smtp import HANG_UP, Server, serving

OFFICES = """
## 股室

| 代码 | 名称 | 填报人 | 邮箱 | 角色 |
|---|---|---|---|---|
| ZH | 综合股 | 俞望舒 | zh@office.example.invalid | 牵头 |
| JZ | 救助股 | 柴知秋 | jz@office.example.invalid | 填报 |
| YL | 养老股 | 纪晚舟 | yl@office.example.invalid | 填报 |
"""
TASKS = """
## 任务

| 编号 | 任务名称 | 责任股室 | 完成时限 | 状态 |
|---|---|---|---|---|
| R1 | 办一件事 | 救助股 | 2025-11-28 | 进行中 |
| R2 | 办另一件 | 养老股 | 2025-12-10 | 进行中 |
"""


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, 5)


def on(monkeypatch: pytest.MonkeyPatch, december: int) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1764900000 + (december - 5) * 86400))  # 2025-12-05


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as made:
        monkeypatch.setenv("TAIZHANG_SMTP_URL", f"smtp://zh%40office.example.invalid@127.0.0.1:{made.port}")
        monkeypatch.delenv("TAIZHANG_MAIL_PASSWORD", raising=False)
        yield made


@pytest.fixture
def book(tmp_path: Path) -> str:
    return written(tmp_path, master(CLEAN + "\n", METRICS, TASKS, offices=OFFICES))


def to(server: Server) -> list[str]:
    return [one.to[0].partition("@")[0] for one in server.letters]


def parsed(server: Server) -> list[EmailMessage]:
    found = [message_from_bytes(one.data, policy=default) for one in server.letters]
    assert all(isinstance(one, EmailMessage) for one in found)
    return found  # type: ignore[return-value]


def test_dispatch_reminders_and_task_letters_go_once(tmp_path: Path, book: str, server: Server,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(tmp_path / "往来")
    for _ in range(2):
        assert main(["dispatch", book, "-o", folder, "--due", "2025-12-08", "--send", "--quiet"]) == 0
    assert to(server) == ["jz", "yl"]
    on(monkeypatch, 9)
    for _ in range(2):
        assert main(["remind", folder, "--book", book, "--send", "--quiet"]) == 0
    assert to(server)[2:] == ["jz", "yl", "yl", "jz"]
    assert not list((tmp_path / "往来").rglob("*.eml"))
    brought, _, reminded, _, _, urged = parsed(server)
    assert reminded["In-Reply-To"] == brought["Message-ID"]
    assert "已过 1 个工作日" in reminded.get_body().get_content()
    assert urged["Subject"].startswith("督办单：")
    assert "R1 办一件事：2025年11月28日到期，逾期 7 个工作日" in urged.get_body().get_content()
    (paper,) = urged.iter_attachments()
    assert paper.get_filename() == "督办单（救助股）.docx"
    assert paper.get_content().startswith(b"PK")
    on(monkeypatch, 10)
    assert main(["remind", folder, "--send", "--quiet"]) == 0
    assert to(server)[6:] == ["jz", "yl"]
    assert main(["remind", folder, "--send", "--again", "养老股", "--quiet"]) == 0
    assert to(server)[8:] == ["yl"]
    register = openpyxl.load_workbook(tmp_path / "往来" / "收发登记簿.xlsx")["发信"]
    lines = [(row[1], row[3], row[5]) for row in register.iter_rows(min_row=2, values_only=True)]
    assert [line[:2] for line in lines[:3]] == [("下发", "救助股"), ("下发", "养老股"), ("催报", "救助股")]
    assert {line[2] for line in lines} == {"已发"}
    assert len(lines) == len(server.letters)


def test_drafts_beside_what_is_sent(tmp_path: Path, book: str, server: Server) -> None:
    folder = str(tmp_path / "往来")
    main(["dispatch", book, "-o", folder, "--quiet"])
    assert main(["remind", folder, "--send", "--eml", "--quiet"]) == 0
    assert len(server.letters) == len(list((tmp_path / "往来").rglob("*.eml"))) == 2


def test_a_doubtful_letter_is_named_until_somebody_says_what_to_do(
        tmp_path: Path, book: str, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["dispatch", book, "-o", str(tmp_path / "往来"), "--send"]
    server.plays["TEXT"], server.keeps = [HANG_UP], True
    for _ in range(2):
        assert main([*arguments, "--json"]) == 1
        told = capsys.readouterr()
        assert json.loads(told.out)["unsent"] == ["救助股"]
        assert "救助股（下发）：" in told.err
        assert "--again 救助股" in told.err
    register = openpyxl.load_workbook(tmp_path / "往来" / "收发登记簿.xlsx")["发信"]
    assert {row[5] for row in register.iter_rows(min_row=2, values_only=True)} == {
        "发到一半断了，对方收到没有不清楚", "已发"}
    assert main([*arguments, "--again", "救助股"]) == 0
    assert main(arguments) == 0
    assert to(server) == ["jz", "yl", "jz"]


def test_a_doubtful_letter_that_arrived_is_not_sent_again(tmp_path: Path, book: str, server: Server) -> None:
    arguments = ["dispatch", book, "-o", str(tmp_path / "往来"), "--send", "--quiet"]
    server.plays["TEXT"], server.keeps = [HANG_UP], True
    assert main(arguments) == 1
    assert main([*arguments, "--arrived", "JZ"]) == 0
    assert main(arguments) == 0
    assert to(server) == ["jz", "yl"]


@pytest.mark.parametrize("option", ["--again", "--arrived"])
def test_what_belongs_to_sending_needs_sending(tmp_path: Path, book: str, option: str,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dispatch", book, "-o", str(tmp_path / "往来"), option, "救助股"]) == 2
    assert f"{option} 要和 --send 一起用" in capsys.readouterr().err


def test_an_office_that_is_not_there_cannot_be_sent_to_again(tmp_path: Path, book: str, server: Server,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    main(["dispatch", book, "-o", str(tmp_path / "往来"), "--send", "--again", "救济股"])
    assert "救济股没有要发的信" in capsys.readouterr().err


def test_a_server_that_is_gone_leaves_what_was_made(tmp_path: Path, book: str, server: Server,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    server.always["MAIL"] = HANG_UP
    assert main(["dispatch", book, "-o", str(tmp_path / "往来"), "--send"]) == 2
    told = capsys.readouterr()
    assert "已下发 2 个股室" in told.out
    assert "余下的没有发" in told.err
    assert (tmp_path / "往来" / "收发登记簿.xlsx").exists()


def test_a_return_with_errors_goes_back_by_mail_once_as_an_answer(tmp_path: Path, server: Server) -> None:
    office = Office(tmp_path)
    back = office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 开始日期="某天"))
    mail = letter(named(back.read_bytes(), "台账.xlsx"), sender="jz@example.cn",
                  headers=b"Message-ID: <7@example.cn>\r\n")
    (tmp_path / "回信.eml").write_bytes(mail)
    assert main(["collect", str(tmp_path / "回信.eml"), "--to", str(office.exchange), "--quiet"]) == 0
    for _ in range(2):
        assert main(["merge", str(office.master), "--from", str(office.exchange), "-o", str(tmp_path / "合并.xlsx"),
                     "--send", "--quiet"]) == 1
    assert not list(office.exchange.rglob("*.eml"))
    (found,) = parsed(server)
    assert (found["In-Reply-To"], found["Reply-To"]) == ("<7@example.cn>", "office@example.cn")
    assert str(found["To"]) == "云小满 <jz@example.cn>"
    (marked,) = found.iter_attachments()
    assert marked.get_content().startswith(b"PK")


def test_a_plain_folder_remembers_nothing_and_sends_nothing(tmp_path: Path, server: Server,
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    office = Office(tmp_path)
    assert main(["merge", str(office.master), "--from", str(office.returns), "-o", str(tmp_path / "合并.xlsx"),
                 "--send"]) == 2
    assert "不是往来文件夹" in capsys.readouterr().err
    assert not (tmp_path / "合并.xlsx").exists()
