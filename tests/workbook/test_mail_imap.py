"""A mailbox on a server is read and never changed; each letter once, however often the line breaks."""

from __future__ import annotations

import datetime as dt
import imaplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workbook.came_back import folder, sent
from tests.workbook.letters import letter, named
from tests.workbook.pretend_imap import PASSWORD, USER, serving
from tests.workbook.pretend_imap import Server as Pretended
from workbook.exchange.accounts import Server
from workbook.exchange.collecting import collect
from workbook.exchange.folder import Exchange
from workbook.exchange.mail import imap
from workbook.exchange.returned import returned
from workbook.findings import Refusal


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    return folder(tmp_path)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, exchange: Exchange) -> Iterator[Pretended]:
    with serving() as found:
        monkeypatch.setenv("TAIZHANG_IMAP_URL", found.url)
        found.letters = {3: letter(named(sent(exchange, "BGS"), "甲.xlsx")), 5: letter(text="在吗"),
                         9: letter(named(sent(exchange, "JZG"), "乙.xlsx"), sender="jzg@lx.example")}
        yield found


def verdicts(exchange: Exchange, password: str = PASSWORD, since: dt.date | None = None) -> list[tuple[str, bool]]:
    taken = [event for event in exchange.events() if event["event"] == "imap"]
    pieces = imap.from_server(imap.mailbox(), password, taken, exchange.record, since)
    with exchange.lock():
        return [(one.received.verdict, one.new) for one in collect(exchange, pieces, returned)]


def test_every_letter_is_taken_once(exchange: Exchange, server: Pretended) -> None:
    assert verdicts(exchange) == [("新收", True), ("无附件", True), ("新收", True)]
    assert verdicts(exchange) == []
    server.letters[11] = letter(text="再问一下")
    assert verdicts(exchange) == [("无附件", True)]


def test_the_mailbox_is_only_read(exchange: Exchange, server: Pretended) -> None:
    verdicts(exchange)
    words = {command.split(" ")[0] if not command.startswith("UID") else " ".join(command.split(" ")[:2])
             for command in server.heard}
    assert words == {"CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "UID FETCH", "LOGOUT"}
    assert all("PEEK" in command or "SIZE" in command for command in server.heard if "FETCH" in command)


@pytest.mark.parametrize("letters", [0, 1, 2])
def test_a_broken_line_goes_on_where_it_broke(exchange: Exchange, server: Pretended, letters: int) -> None:
    server.dies_after = letters
    with pytest.raises(Refusal, match="接着收"):
        verdicts(exchange)
    server.dies_after = 1 << 30
    verdicts(exchange)
    assert [one.verdict for one in exchange.received()] == ["新收", "无附件", "新收"]


def test_a_mailbox_that_was_numbered_anew(exchange: Exchange, server: Pretended) -> None:
    verdicts(exchange)
    server.validity = 8
    assert [new for _, new in verdicts(exchange)] == [False] * 3
    assert len(exchange.received()) == 3


def test_a_server_that_lets_nobody_read_who_does_not_say_who_he_is(
        exchange: Exchange, server: Pretended, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(imaplib.IMAP4, "xatom", lambda *_: None)
        with pytest.raises(Refusal, match="不安全"):
            verdicts(exchange)
    assert len(verdicts(exchange)) == 3


def test_letters_since_a_day(exchange: Exchange, server: Pretended) -> None:
    server.days = {3: "1-Jan-2026", 5: "2-Jan-2026", 9: "3-Jan-2026"}
    assert len(verdicts(exchange, since=dt.date(2026, 1, 3))) == 1
    assert len(verdicts(exchange, since=dt.date(2026, 1, 2))) == 1
    assert verdicts(exchange, since=dt.date(2026, 1, 2)) == verdicts(exchange) == []


def test_a_folder_that_is_not_there_names_those_that_are(exchange: Exchange, server: Pretended,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_IMAP_URL", server.url.replace("INBOX", "普法"))
    with pytest.raises(Refusal, match=r"打不开文件夹“普法”.*INBOX、台账/普法。"):
        verdicts(exchange)


def test_a_wrong_password_is_said_and_not_shown(exchange: Exchange, server: Pretended) -> None:
    with pytest.raises(Refusal, match="不让登录") as refusal:
        verdicts(exchange, "geheim99")
    assert "geheim99" not in str(refusal.value)
    verdicts(exchange)
    assert PASSWORD not in (exchange.path / "journal.ndjson").read_text("utf-8")


@pytest.mark.parametrize(("url", "why"), [
    ("", "是空的"), ("imaps://a:geheim99@mail.b.cn", "写了密码"),
    ("https://mail.b.cn", "写法不对"), ("imaps://mail.b.cn/INBOX", "写法不对"), ("imaps://a@h:99999999", "写法不对"),
    ("imaps://[", "写法不对"),
])
def test_an_account_that_will_not_do(monkeypatch: pytest.MonkeyPatch, url: str, why: str) -> None:
    monkeypatch.setenv("TAIZHANG_IMAP_URL", url)
    with pytest.raises(Refusal, match=why) as refusal:
        imap.mailbox()
    assert "geheim99" not in str(refusal.value)


def test_an_account_by_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_IMAP_URL", "imaps://tz%40lx.example@mail.lx.example/%E5%8F%B0%E8%B4%A6")
    assert imap.mailbox() == imap.Mailbox(Server("mail.lx.example", 993, True, USER, "台账"), "台账")


@pytest.mark.parametrize(("name", "encoded"), [("INBOX", "INBOX"), ("台账", "&U,CNJg-"), ("A&B", "A&-B"),
                                                ('其他/"x"', '&UXZO1g-/\\"x\\"')])
def test_folder_names_in_the_UTF_7_of_IMAP(name: str, encoded: str) -> None:
    assert imap._utf7(name) == encoded
    assert imap._from_utf7(encoded.replace("\\", "")) == name


def test_nobody_answers(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as gone:
        monkeypatch.setenv("TAIZHANG_IMAP_URL", gone.url)
    with pytest.raises(Refusal, match="连不上"):
        verdicts(exchange)
