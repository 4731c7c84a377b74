"""Letters are sent once each, whatever the server does; what is not known is said, and no secret is shown."""

from __future__ import annotations

import smtplib
import socket
import sys
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from tests.certificates import Authority
from tests.workbook.pretend_smtp import HANG_UP, USER, Server, serving
from workbook.exchange import accounts, smtp
from workbook.exchange.folder import Exchange, Received
from workbook.exchange.letters.drafts import addressed, message
from workbook.exchange.letters.wording import Letter, Sender
from workbook.exchange.posting import Outbound, post
from workbook.findings import Refusal

SENDER = Sender("临溪县民政局", "民政局2025年台账", "温亦舟", "0000-5550101")
SECRET = "kouling-bu-waichuan"
JZ, YL = "jz@office.example.invalid", "yl@office.example.invalid"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (smtp.URL, accounts.PASSWORD, accounts.CERTIFICATES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    return Exchange.opened(tmp_path / "往来")


@pytest.fixture
def letters() -> list[Outbound]:
    """One to 救助股, one to 养老股."""
    return [Outbound(f"下发 1 {code}", "下发", office, code, [to],
                     lambda head: message(Letter("请填报", "见附件"), addressed(head, SENDER, "柴知秋")))
            for office, code, to in (("救助股", "JZ", JZ), ("养老股", "YL", YL))]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


def by(server: Server, password: str = "", host: str = "127.0.0.1", tls: bool = False) -> smtp.Sender:
    return smtp.Sender(accounts.Server(host, server.port, tls, USER if password else "", ""), USER, password)


def sent(exchange: Exchange, letters: list[Outbound], sender: smtp.Sender, *again: str) -> list[tuple[str, str]]:
    return [(one.letter.office, one.why)
            for one in post(letters, sender, exchange.events(), exchange.record, again)]


def kinds(exchange: Exchange) -> list[str]:
    return [event["event"] for event in exchange.events() if "letter" in event]


class Killed(BaseException):
    """The power went."""


class TestOnceEach:
    def test_each_letter_goes_once(self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        assert sent(exchange, letters, by(server)) == [("救助股", ""), ("养老股", "")]
        assert sent(exchange, letters, by(server)) == []
        assert [one.to for one in server.letters] == [(JZ,), (YL,)]
        assert len(server.greeted) == 1
        assert kinds(exchange) == ["mailing", "mailed"] * 2

    def test_the_headers_of_what_is_sent(self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        sent(exchange, letters, by(server))
        found = message_from_bytes(server.letters[0].data, policy=default)
        assert str(found["From"]) == f"临溪县民政局 <{USER}>"
        assert str(found["To"]) == f"柴知秋 <{JZ}>"
        assert found["Date"].datetime is not None
        assert found["Message-ID"].endswith("@office.example.invalid>")
        assert (found["Auto-Submitted"], found["X-Unsent"]) == ("auto-generated", None)

    def test_the_name_of_the_computer_is_told_to_nobody(
            self, exchange: Exchange, letters: list[Outbound], server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "getfqdn", lambda *_: "张三的电脑")
        assert sent(exchange, letters, by(server)) == [("救助股", ""), ("养老股", "")]
        assert server.greeted == ["[127.0.0.1]"]

    def test_killed_while_a_text_was_on_its_way_it_is_not_sent_again(
            self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        with pytest.raises(Killed):
            list(post(letters, by(server), exchange.events(), _dying_after(exchange, "mailing")))
        assert server.letters == []
        first, second = sent(exchange, letters, by(server))
        assert first == ("养老股", "") or second == ("养老股", "")
        why = dict((first, second))["救助股"]
        assert "不知道对方收到没有" in why
        assert "--again 救助股" in why
        assert len(server.letters) == 1

    def test_killed_before_the_text_it_is_sent_the_next_time(
            self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        def dying(event: Any) -> None:
            raise Killed

        with pytest.raises(Killed):
            list(post(letters, by(server), exchange.events(), dying))
        assert sent(exchange, letters, by(server)) == [("救助股", ""), ("养老股", "")]

    @pytest.mark.parametrize("keeps", [True, False], ids=["其实收下了", "其实没有收"])
    def test_a_line_that_breaks_after_the_text_leaves_a_doubt(
            self, exchange: Exchange, letters: list[Outbound], server: Server, keeps: bool) -> None:
        server.plays["TEXT"], server.keeps = [HANG_UP], keeps
        told = dict(sent(exchange, letters, by(server)))
        assert "不知道对方收到没有" in told["救助股"]
        assert told["养老股"] == ""
        assert [office for office, why in sent(exchange, letters, by(server)) if why] == ["救助股"]
        assert sent(exchange, letters, by(server), "JZ") == [("救助股", "")]
        assert sent(exchange, letters, by(server)) == []
        names = [message_from_bytes(one.data)["Message-ID"] for one in server.letters if one.to == (JZ,)]
        assert len(names) == 1 + keeps
        assert len(set(names)) == 1

    @pytest.mark.parametrize(("verdict", "settled"), [("新收", True), ("可疑", False)])
    def test_a_workbook_that_came_back_had_arrived(self, exchange: Exchange, letters: list[Outbound], server: Server,
                                                   verdict: str, settled: bool) -> None:
        server.plays["TEXT"], server.keeps = [HANG_UP], True
        sent(exchange, letters, by(server))
        exchange.record_received(Received("1" * 16, "救助股", "JZ", "1", "x", verdict, "x", "x", "2025-12-01"))
        assert [office for office, _ in sent(exchange, letters, by(server))] == ([] if settled else ["救助股"])

    def test_sent_again_on_demand_under_a_new_id(
            self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        sent(exchange, letters, by(server))
        assert sent(exchange, letters, by(server), "救助股") == [("救助股", "")]
        assert len({message_from_bytes(one.data)["Message-ID"] for one in server.letters}) == 3

    def test_an_address_that_was_put_right_gets_the_letter(
            self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        sent(exchange, letters, by(server))
        right = [letters[0]._replace(to=[JZ, "new@office.example.invalid"]), letters[1]]
        assert sent(exchange, right, by(server)) == [("救助股", "")]
        assert server.letters[-1].to == ("new@office.example.invalid",)


def _dying_after(exchange: Exchange, kind: str) -> Callable[[Any], None]:
    def record(event: Any) -> None:
        exchange.record(event)
        if event["event"] == kind:
            raise Killed
    return record


class TestBadDays:
    @pytest.mark.parametrize(("stage", "said", "why"), [
        ("MAIL", "451 4.7.1 greylisted, sorry", "暂时不收（451 4.7.1）"),
        ("MAIL", "553 not you", "这个发件地址（553）"),
        ("RCPT", "450 4.2.0 greylisted", "暂时不收（450 4.2.0）"), ("RCPT", "550 5.1.1 nobody", "收件人（550 5.1.1）"),
        ("DATA", "451 busy", "暂时不收（451）"), ("DATA", "554 5.7.1 no", "拒收（554 5.7.1）"),
        ("TEXT", "452 4.3.1 full", "暂时不收（452 4.3.1）"), ("TEXT", "550 spam", "拒收（550）"),
        ("TEXT", "552 5.3.4 large", "信太大"),
    ])
    def test_a_letter_that_is_refused_stops_no_other_and_goes_the_next_time(
            self, exchange: Exchange, letters: list[Outbound], server: Server, stage: str, said: str, why: str) -> None:
        server.plays[stage] = [said]
        told = dict(sent(exchange, letters, by(server)))
        assert why in told["救助股"]
        assert said.partition(" ")[2].split()[-1] not in told["救助股"]
        assert told["养老股"] == ""
        assert sent(exchange, letters, by(server)) == [("救助股", "")]
        assert len(server.letters) == 2

    @pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
    def test_a_line_that_breaks_before_the_text_is_made_anew(
            self, exchange: Exchange, letters: list[Outbound], server: Server, stage: str) -> None:
        server.plays[stage] = ["", HANG_UP]
        assert [why for _, why in sent(exchange, letters, by(server))] == ["", ""]
        assert (len(server.greeted), len(server.letters)) == (2, 2)

    def test_a_server_that_hangs_up_after_every_letter(
            self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        many = [letters[0]._replace(id=str(at)) for at in range(5)]
        server.plays["MAIL"] = ["", "421 too many", "", "421 too many", ""]
        assert [why for _, why in sent(exchange, many, by(server))] == [""] * 5
        assert len(server.letters) == 5

    def test_a_server_that_always_hangs_up_is_one_sentence(
            self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        server.always["MAIL"] = HANG_UP
        with pytest.raises(Refusal, match="余下的没有发"):
            sent(exchange, letters, by(server))
        assert kinds(exchange) == []

    def test_one_recipient_of_two_is_refused(
            self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        two = [letters[0]._replace(to=[JZ, "gone@office.example.invalid"])]
        server.plays["RCPT gone@office.example.invalid"] = ["550 5.1.1 nobody"]
        ((_, why),) = sent(exchange, two, by(server))
        assert why.startswith("gone@office.example.invalid：")
        assert JZ not in why
        assert sent(exchange, two, by(server)) == [("救助股", "")]
        assert [one.to for one in server.letters] == [(JZ,), ("gone@office.example.invalid",)]

    def test_a_letter_above_the_servers_limit(self, exchange: Exchange, letters: list[Outbound]) -> None:
        with serving(limit=500) as small:
            assert ["信太大" in why for _, why in sent(exchange, letters, by(small))] == [True, True]
            assert small.letters == []

    def test_a_mailbox_in_chinese(self, exchange: Exchange, letters: list[Outbound], server: Server) -> None:
        chinese = [letters[0]._replace(to=["柴知秋@民政.中国"]), letters[1]._replace(to=["yl@民政.中国"])]
        with serving(utf8=False) as old:
            told = dict(sent(exchange, chinese, by(old)))
            assert "不支持" in told["救助股"]
            assert [one.to for one in old.letters] == [("yl@xn--5bvs5m.xn--fiqs8s",)]
        assert sent(exchange, chinese, by(server)) == [("救助股", "")]
        assert server.letters[0].to == ("柴知秋@xn--5bvs5m.xn--fiqs8s",)
        assert "柴知秋@".encode() in server.letters[0].data


class TestTheWayIn:
    @pytest.fixture
    def authority(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
        made = Authority(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
        return made

    @pytest.mark.parametrize("starttls", [False, True])
    def test_encrypted_and_logged_in(self, exchange: Exchange, letters: list[Outbound], authority: Authority,
                                     starttls: bool) -> None:
        with serving(SECRET, files=authority.server("127.0.0.1"), starttls=starttls) as safe:
            assert sent(exchange, letters, by(safe, SECRET, tls=not starttls)) == [("救助股", ""), ("养老股", "")]

    @pytest.mark.parametrize("starttls", [False, True])
    @pytest.mark.parametrize(("host", "expired", "why"), [
        ("mail.elsewhere.invalid", False, "证书不是发给这个服务器名的"), ("127.0.0.1", True, "证书已经过期")])
    def test_a_certificate_that_will_not_do(self, exchange: Exchange, letters: list[Outbound], authority: Authority,
                                            host: str, expired: bool, why: str, starttls: bool) -> None:
        with serving(SECRET, files=authority.server(host, expired=expired), starttls=starttls) as odd:
            with pytest.raises(Refusal, match=why):
                sent(exchange, letters, by(odd, SECRET, tls=not starttls))
            assert odd.letters == []

    def test_a_certificate_of_nobody_we_trust(self, exchange: Exchange, letters: list[Outbound], authority: Authority,
                                              monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("SSL_CERT_FILE")
        with serving(SECRET, files=authority.server("127.0.0.1")) as odd, pytest.raises(
                Refusal, match=r"不是可信机构发的.*SSL_CERT_FILE"):
            sent(exchange, letters, by(odd, SECRET, tls=True))

    def test_a_list_of_certificates_that_is_none(self, exchange: Exchange, letters: list[Outbound], server: Server,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", "没有.pem")
        with pytest.raises(Refusal, match="”读不了"):
            sent(exchange, letters, by(server))

    def test_smtps_where_nothing_is_encrypted(self, exchange: Exchange, letters: list[Outbound], server: Server
                                              ) -> None:
        with pytest.raises(Refusal, match="端口可能不是加密的"):
            sent(exchange, letters, by(server, tls=True))

    def test_no_login_in_the_clear_beyond_this_machine(self, exchange: Exchange, letters: list[Outbound],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
        with serving(SECRET) as bare:
            monkeypatch.setattr(smtplib.SMTP, "_get_socket",
                                lambda self, host, port, timeout: socket.create_connection(("127.0.0.1", bare.port)))
            with pytest.raises(Refusal, match="不支持加密"):
                sent(exchange, letters, by(bare, SECRET, "mail.example.invalid"))
            assert bare.letters == []

    @pytest.mark.parametrize(("host", "password", "hint"), [
        ("127.0.0.1", "wrong", "网页邮箱的“设置”里开通 SMTP"), ("127.0.0.1", f"{SECRET} ", "前后有空格"),
        ("127.0.0.1", "ｐａｓｓ１", "中文或全角字符"), ("smtp.163.com", "wrong", "要用“授权码”"),
        ("smtp.qq.com", "wrong", "要用“授权码”")])
    def test_a_login_that_fails(self, exchange: Exchange, letters: list[Outbound], monkeypatch: pytest.MonkeyPatch,
                                host: str, password: str, hint: str, tmp_path: Path, authority: Authority) -> None:
        with serving(SECRET, files=authority.server(host), starttls=True) as strict:
            monkeypatch.setattr(smtplib.SMTP, "_get_socket",
                                lambda self, host, port, timeout: socket.create_connection(("127.0.0.1", strict.port)))
            own = by(strict, password, host)
            with pytest.raises(Refusal, match=hint) as refused:
                sent(exchange, letters, own)
        assert password not in str(refused.value) + repr(own)
        assert "不让登录" in str(refused.value)
        assert all(password.encode() not in one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())

    def test_a_server_that_wants_a_login_and_no_password(self, exchange: Exchange, letters: list[Outbound]) -> None:
        with serving(SECRET) as strict, pytest.raises(Refusal, match=r"MAIL_PASSWORD.*keyring set taizhang zh@"):
            sent(exchange, letters, by(strict, "x")._replace(password=""))

    def test_a_server_that_is_not_there(self, exchange: Exchange, letters: list[Outbound]) -> None:
        with serving() as gone:
            pass
        with pytest.raises(Refusal, match=r"连不上邮件服务器.*没有邮件服务"):
            sent(exchange, letters, by(gone))

    def test_a_server_that_says_nothing(self, exchange: Exchange, letters: list[Outbound],
                                        monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(accounts, "PATIENCE", 0.05)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            silently = accounts.Server("127.0.0.1", silent.getsockname()[1], False, "", "")
            with pytest.raises(Refusal, match="没有回答"):
                sent(exchange, letters, smtp.Sender(silently, USER, ""))


class TestTheAccount:
    @pytest.mark.parametrize(("url", "said"), [
        ("", "是空的"), ("http://a", "写法不对"), ("smtps://", "写法不对"), ("smtps://h:9999999", "写法不对"),
        (f"smtps://a%40b.c:{SECRET}@h", "里写了密码"), (f"smtps://a@b.c:{SECRET}@h", "里写了密码"),
        ("smtps://a b@h", "不是邮箱地址"), ("smtps：//a@h", "写法不对"),
    ])
    def test_what_cannot_be_is_refused(self, monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
        monkeypatch.setenv("TAIZHANG_SMTP_URL", url)
        with pytest.raises(Refusal, match=said) as refused:
            smtp.sender()
        assert SECRET not in str(refused.value)

    def test_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TAIZHANG_SMTP_URL", "smtps://zh%40office.example.invalid@mail.example.invalid")
        monkeypatch.setenv("TAIZHANG_MAIL_PASSWORD", SECRET)
        found = smtp.sender()
        assert found.server == accounts.Server("mail.example.invalid", 465, True, USER, "")
        assert (found.address, found.password) == (USER, SECRET)
        assert SECRET not in repr(found)

    def test_the_password_is_in_the_systems_keyring(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Fake(KeyringBackend):
            priority = 1  # type: ignore[assignment]

            def get_password(self, service: str, username: str) -> str | None:
                return SECRET if (service, username) == ("taizhang", USER) else None

            def set_password(self, service: str, username: str, password: str) -> None:
                raise NotImplementedError

        before = keyring.get_keyring()
        keyring.set_keyring(Fake())
        try:
            assert (accounts.password_of(USER), accounts.password_of("x@y.z")) == (SECRET, "")
            monkeypatch.setenv("TAIZHANG_MAIL_PASSWORD", "die hier zuerst")
            assert accounts.password_of(USER) == "die hier zuerst"
        finally:
            keyring.set_keyring(before)

    @pytest.mark.parametrize("found", [None, SimpleNamespace(get_password=lambda *_: 1 / 0)],
                             ids=["没有装 keyring", "密码库打不开"])
    def test_without_a_keyring(self, monkeypatch: pytest.MonkeyPatch, found: object) -> None:
        monkeypatch.setitem(sys.modules, "keyring", found)
        assert accounts.password_of(USER) == ""
