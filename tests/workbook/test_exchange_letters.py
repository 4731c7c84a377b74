"""Letters: what other mail programs read in a draft; sent by SMTP once each, and no secret shown."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchanged import written
from workbook.exchange.dispatching import Prepared, dispatch, prepare
from workbook.exchange.folder import Exchange
from workbook.exchange.letters.dispatch_letters import Mail, composed, mails, notice, write_drafts
from workbook.exchange.letters.drafts import Attached, addresses, message
from workbook.exchange.letters.wording import Letter, Sender, attachment_name, reminder, request
from workbook.exchange.posting import Account, account, post
from workbook.findings import Refusal

SENDER = Sender("临溪县民政局", "民政局2025年台账", "温亦舟", "0000-5550101")
SECRET = "kouling-bu-waichuan"


def parsed(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=default)
    assert isinstance(found, EmailMessage)
    return found


class TestDrafts:
    def test_a_draft_opens_unsent_with_everything(self) -> None:
        letter = request(SENDER, "救助股", "柴知秋", "2025-12-05")
        found = parsed(message(letter, ["a@office.example.invalid"], [Attached("台账（救助股）.xlsx", b"PK\x03\x04")]))
        assert found["X-Unsent"] == "1"
        assert found["To"] == "a@office.example.invalid"
        assert found["Subject"] == "请填报：民政局2025年台账（救助股），2025年12月5日前交回"
        assert found["From"] is None
        (book,) = found.iter_attachments()
        assert book.get_filename() == "台账（救助股）.xlsx"
        assert book.get_content() == b"PK\x03\x04"
        text = found.get_body().get_content()
        assert "2025年12月5日" in text
        assert "温亦舟（0000-5550101）" in text
        assert "非涉密使用" in text

    def test_a_program_that_knows_no_rfc_2231_finds_the_name(self) -> None:
        raw = message(Letter("试", "试"), [], [Attached("一个很长的文件名称要分成几个编码词才写得下来.xlsx", b"x")])
        named = raw.partition(b'name="')[2].partition(b'"')[0].decode("ascii")
        assert "".join(part.decode(code or "ascii") if isinstance(part, bytes) else part
                       for part, code in decode_header(named)) == "一个很长的文件名称要分成几个编码词才写得下来.xlsx"

    @given(subject=st.text(max_size=80), body=st.text(max_size=200), name=st.text(min_size=1, max_size=60))
    def test_any_text_stays_inside_its_place(self, subject: str, body: str, name: str) -> None:
        raw = message(Letter(subject, body), ["a@b.example.invalid"], [Attached(name, b"x")])
        head = raw.partition(b"\r\n\r\n")[0]
        fields = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
        assert fields == [b"To", b"Subject", b"X-Unsent", b"MIME-Version", b"Content-Type"] or not subject
        assert raw.isascii()
        assert max(map(len, raw.split(b"\r\n"))) < 998
        assert [part.get_content_type() for part in message_from_bytes(raw).get_payload()] == [
            "text/plain", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]

    def test_the_same_letter_gives_the_same_bytes(self) -> None:
        assert message(Letter("一", "二"), ["a@b.c"]) == message(Letter("一", "二"), ["a@b.c"])

    @pytest.mark.parametrize(("cell", "found"), [
        ("a@b.example.invalid；c＠d.example.invalid", ["a@b.example.invalid", "c@d.example.invalid"]),
        ("无", []), ("", []), ("a@b.c\r\nBcc: x@y.z", ["a@b.c", "x@y.z"]), ("<a@b.c>", []), ("a@b", ["a@b"]),
        ("a@b.c>\nRCPT TO:<x@y.z", []),
    ])
    def test_only_addresses_become_recipients(self, cell: str, found: list[str]) -> None:
        assert addresses(cell) == found

    def test_a_reminder_says_how_late(self) -> None:
        told = reminder(SENDER, "救助股", "", "2025-12-05", "已过 3 个工作日")
        assert told.body.startswith("救助股：\n")
        assert "已过 3 个工作日" in told.body
        assert attachment_name(SENDER, "救助股") == "民政局2025年台账（救助股）.xlsx"


@pytest.fixture
def outgoing(tmp_path: Path) -> tuple[Exchange, Prepared, list[Mail]]:
    exchange, order = Exchange.opened(tmp_path / "往来"), prepare(written(tmp_path))
    done = dispatch(exchange, order, "2025-12-05")
    found = mails(done.standing)
    return exchange, order, [one._replace(to=one.to or ["yl@office.example.invalid"]) for one in found]


class TestWhatGoesWithADispatch:
    def test_each_office_has_its_own_workbook_in_its_draft(
            self, outgoing: tuple[Exchange, Prepared, list[Mail]]) -> None:
        exchange, order, found = outgoing
        for path, mail in zip(write_drafts(exchange, order.sender, found), found, strict=True):
            (book,) = parsed(exchange.read(path)).iter_attachments()
            assert path.endswith(f"/邮件/{mail.sent.code}.eml")
            assert book.get_content() == exchange.read(mail.sent.file)

    def test_the_notice_names_every_office_and_the_day(self, outgoing: tuple[Exchange, Prepared, list[Mail]]) -> None:
        _, order, found = outgoing
        text = notice(order.sender, found)
        assert all(mail.share.office.name in text for mail in found)
        assert "2025年12月5日" in text

    def test_the_seal_key_is_in_no_mail(self, outgoing: tuple[Exchange, Prepared, list[Mail]]) -> None:
        exchange, order, found = outgoing
        for mail in found:
            data = composed(exchange, order.sender, mail)
            (book,) = parsed(data).iter_attachments()
            assert exchange.key().hex().encode() not in data + book.get_content()


class FakeServer:
    """An SMTP server on loopback: keeps what it is told; `drop_after` letters it hangs up, `deny` refuses a login."""

    def __init__(self, *, drop_after: int = 99, deny: bool = False) -> None:
        self.letters: list[bytes] = []
        self.said: list[str] = []
        self.drop_after, self.deny = drop_after, deny
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb", buffering=0) as file:
                self._talk(file)

    def _talk(self, file) -> None:  # type: ignore[no-untyped-def]
        file.write(b"220 ready\r\n")
        while line := file.readline():
            word = line.decode().strip()
            self.said.append(word)
            if len(self.letters) >= self.drop_after and word.upper().startswith("MAIL"):
                return
            if word.upper() == "DATA":
                file.write(b"354 go on\r\n")
                lines = iter(file.readline, b".\r\n")
                self.letters.append(b"".join(lines))
            if word.upper().startswith("EHLO"):
                file.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif word.upper().startswith("AUTH"):
                file.write(f"535 {SECRET}\r\n".encode() if self.deny else b"235 in\r\n")
            else:
                file.write(b"250 ok\r\n")


@pytest.fixture
def server() -> Iterator[FakeServer]:
    made = FakeServer()
    yield made
    made.socket.close()


def by(server: FakeServer, password: str = "") -> Account:
    return Account("127.0.0.1", server.port, False, "zh@office.example.invalid", "zh@office.example.invalid", password)


class TestPosting:
    def test_each_letter_goes_once(self, outgoing: tuple[Exchange, Prepared, list[Mail]], server: FakeServer) -> None:
        exchange, order, found = outgoing
        assert list(post(exchange, order.sender, found, by(server))) == [("救助股", ""), ("养老股", "")]
        assert list(post(exchange, order.sender, found, by(server))) == []
        assert [parsed(one)["To"] for one in server.letters] == [mail.to[0] for mail in found]
        assert all(parsed(one)["X-Unsent"] is None and parsed(one)["Date"] for one in server.letters)

    def test_a_broken_run_goes_on_where_it_stopped(
            self, outgoing: tuple[Exchange, Prepared, list[Mail]], server: FakeServer) -> None:
        exchange, order, found = outgoing
        breaking = FakeServer(drop_after=1)
        told = dict(post(exchange, order.sender, found, by(breaking)))
        assert told["救助股"] == ""
        assert "请核对" in told["养老股"]
        assert dict(post(exchange, order.sender, found, by(server))) == {"养老股": ""}
        assert len(breaking.letters) == len(server.letters) == 1

    def test_a_password_never_shows(self, outgoing: tuple[Exchange, Prepared, list[Mail]], tmp_path: Path) -> None:
        exchange, order, found = outgoing
        own = by(FakeServer(deny=True), SECRET)
        with pytest.raises(Refusal) as refused:
            list(post(exchange, order.sender, found, own))
        assert SECRET not in str(refused.value) + repr(own)
        assert "账号或密码不对" in str(refused.value)
        assert all(SECRET.encode() not in one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())

    def test_no_login_in_the_clear_beyond_this_machine(
            self, outgoing: tuple[Exchange, Prepared, list[Mail]], server: FakeServer,
            monkeypatch: pytest.MonkeyPatch) -> None:
        exchange, order, found = outgoing
        monkeypatch.setattr(smtplib.SMTP, "_get_socket",
                            lambda self, host, port, timeout: socket.create_connection(("127.0.0.1", server.port)))
        with pytest.raises(Refusal, match="不支持加密"):
            list(post(exchange, order.sender, found, by(server, SECRET)._replace(host="mail.example.invalid")))
        assert server.letters == []
        assert not any(word.upper().startswith(("AUTH", "MAIL")) for word in server.said)

    def test_a_server_that_is_not_there_is_one_sentence(self, outgoing: tuple[Exchange, Prepared, list[Mail]]) -> None:
        exchange, order, found = outgoing
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with pytest.raises(Refusal, match="连不上邮件服务器"):
            list(post(exchange, order.sender, found, Account("127.0.0.1", port, False, "", "a@b.c", "")))

    def test_a_password_typed_in_chinese_is_one_sentence(
            self, outgoing: tuple[Exchange, Prepared, list[Mail]], server: FakeServer) -> None:
        exchange, order, found = outgoing
        with pytest.raises(Refusal, match="中文或全角字符") as refused:
            list(post(exchange, order.sender, found, by(server, "ｐａｓｓ１")))
        assert "ｐａｓｓ" not in str(refused.value)

    @pytest.mark.parametrize(("url", "said"), [
        ("", "是空的"), ("http://a", "写法不对"), ("smtps://", "写法不对"), ("smtps://h:9999999", "写法不对"),
        (f"smtps://a%40b.c:{SECRET}@h", "里写了密码"), ("smtps://a b@h", "不是邮箱地址"),
    ])
    def test_an_account_that_cannot_be_is_refused(self, monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
        monkeypatch.setenv("TAIZHANG_SMTP_URL", url)
        with pytest.raises(Refusal, match=said) as refused:
            account()
        assert SECRET not in str(refused.value)

    def test_an_account_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TAIZHANG_SMTP_URL", "smtps://zh%40office.example.invalid@mail.example.invalid")
        monkeypatch.setenv("TAIZHANG_MAIL_PASSWORD", SECRET)
        found = account()
        assert (found.host, found.port, found.tls) == ("mail.example.invalid", 465, True)
        assert (found.user, found.address, found.password) == (*["zh@office.example.invalid"] * 2, SECRET)
