"""Mail for real: thirty workbooks go out and come back through Postfix and Dovecot, whatever is killed in between."""

from __future__ import annotations

import imaplib
import json
import signal
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from scripts.cli import main
from tests.conformance import killing, mail_round
from tests.conformance.mail_round import GONE, OFFICES, Office, address, hand_in, name
from tests.conformance.mail_servers import HOME, PASSWORD, MailServers, mail_servers
from tests.returning import rows_of
from tests.workbook.letters import letter
from workbook.exchange.folder import Exchange

pytestmark = pytest.mark.conformance
Say = pytest.CaptureFixture[str]


class Round:
    """Where the round has got to: `expected` are the verdicts of what was handed in, by sender and name."""

    def __init__(self, folder: Path, servers: MailServers) -> None:
        self.folder, self.servers = folder, servers
        self.book, self.exchange = folder / "台账.xlsx", folder / "往来"
        self.expected: Counter[str] = Counter()
        (folder / "台账.md").write_text(mail_round.ledger(), "utf-8")
        assert main(["load", str(folder / "台账.md"), "-o", str(self.book), "--quiet"]) == 0
        self.dispatch = ["dispatch", str(self.book), "-o", str(self.exchange), "--due", "2099-12-01", "--send"]
        self.collect = ["collect", "imap", "--to", str(self.exchange), "--json"]

    def killed(self, kind: str, count: int, when: str, *command: str) -> None:
        """Run a command that is killed at an event of the journal."""
        done = subprocess.run([sys.executable, killing.__file__, kind, str(count), when, *command],
                              capture_output=True, check=False, text=True)
        assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in Exchange.opened(self.exchange).events() if event["event"] == kind]

    def brought(self, code: str) -> list[bytes]:
        return self.servers.letters(address(code))


@pytest.fixture
def round_(tmp_path: Path) -> Iterator[Round]:
    users = [HOME, *(address(code) for code in OFFICES if code != GONE)]
    with mail_servers(*users) as servers, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(servers.authority.file))
        patch.setenv("TAIZHANG_SMTP_URL", servers.smtps)
        patch.setenv("TAIZHANG_IMAP_URL", servers.imaps())
        patch.setenv("TAIZHANG_MAIL_PASSWORD", PASSWORD)
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        yield Round(tmp_path, servers)


def thirty_workbooks_go_out_and_none_goes_twice(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    for kind, count, when in (("mailing", 5, "before"), ("mailing", 8, "after"), ("mailed", 8, "before"),
                              ("mailed", 5, "after")):
        round_.killed(kind, count, when, *round_.dispatch)
    assert main([*round_.dispatch, "--json"]) == 1
    unsure = json.loads(capsys.readouterr().out)["unsent"]
    assert unsure == [name("O12"), name("O20")]
    arrived = [code for code in OFFICES if code != GONE and code != "O12"]
    for code in arrived:
        assert len(round_.servers.wait_for(address(code), 1)) == 1
    assert round_.brought("O12") == []
    assert main([*round_.dispatch, "--again", name("O12"), "--quiet"]) == 1
    assert len(round_.servers.wait_for(address("O12"), 1)) == 1
    assert main([*round_.dispatch, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["unsent"] == [name("O20")]
    assert {len(round_.brought(code)) for code in OFFICES if code != GONE} == {1}
    assert len({message_from_bytes(round_.brought(code)[0])["Message-ID"] for code in arrived}) == 28


def what_an_office_finds_in_its_mailbox(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    raw = round_.brought("O03")[0]
    assert mail_round.file_names(raw) == {"临溪县民政局2025年台账（第3股）.xlsx"}
    read = message_from_bytes(raw, policy=default)
    assert (str(read["To"]), str(read["From"])) == (f"填报员3 <{address('O03')}>", f"临溪县民政局 <{HOME}>")
    assert read["Subject"] == "请填报：临溪县民政局2025年台账（第3股），2099年12月1日前交回"
    assert not any(part.defects for part in read.walk())
    sent = Exchange.opened(round_.exchange).dispatches()[0].offices[2]
    (book,) = read.iter_attachments()
    assert book.get_content() == (round_.exchange / sent.file).read_bytes()


def every_answer_has_its_lines_whatever_is_killed(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    offices = {code: Office(code, round_.brought(code)[0], round_.folder) for code in OFFICES if code != GONE}
    count = 1  # what Postfix says of the office that is not there
    round_.servers.wait_for(HOME, 1)
    for code, letters in mail_round.answers(offices).items():
        for data, verdicts in letters:
            hand_in(round_.servers, code, data)
            count += 1
            round_.servers.wait_for(HOME, count)
            round_.expected.update((code, verdict) for verdict in verdicts)  # type: ignore[arg-type]
    for kind, at, when in (("received", 3, "before"), ("received", 7, "after"), ("imap", 10, "before"),
                           ("imap", 4, "after")):
        round_.killed(kind, at, when, *round_.collect)
    assert main(round_.collect) == 1
    capsys.readouterr()
    lines = Exchange.opened(round_.exchange).received()
    told = Counter((event["sender"][:3].upper(), event["verdict"]) for event in round_.events("received"))
    wanted = round_.expected + Counter({("MAI", "退信"): 1})  # type: ignore[operator]
    wanted[("STR", "可疑")] = wanted.pop(("O15", "可疑"))  # type: ignore[index,arg-type]
    assert told == wanted
    assert len(round_.events("imap")) == count
    assert {one.name for one in lines if one.verdict == "新收" and one.code <= "O18"} == {
        f"临溪县民政局2025年台账（{name(code)}）.xlsx" for code in OFFICES[:12] if code not in ("O08", "O09", "O10")}
    (bounce,) = (event for event in round_.events("received") if event["verdict"] == "退信")
    assert (bounce["office"], address(GONE) in bounce["why"]) == (name(GONE), True)
    secret, = (one for one in lines if one.verdict == "疑似涉密")
    assert secret.stored == ""


def the_mailbox_is_as_it_was(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    before = len(round_.events("received"))
    assert main(round_.collect) == 0
    assert json.loads(capsys.readouterr().out)["items"] == []
    assert _of_last_session(round_.servers, "body_count") == "0"
    assert len(round_.events("received")) == before
    trusted = ssl.create_default_context(cafile=str(round_.servers.authority.file))
    with imaplib.IMAP4_SSL("127.0.0.1", round_.servers.imaps_port, ssl_context=trusted) as server:
        server.login(HOME, PASSWORD)
        server.select("INBOX", readonly=True)
        _, flags = server.fetch("1:*", "(FLAGS)")
    assert len(flags) == len(round_.events("imap"))
    assert not any(b"Seen" in one or b"Flagged" in one for one in flags if isinstance(one, bytes))
    assert "name=taizhang" in round_.servers.logs()


def _of_last_session(servers: MailServers, figure: str) -> str:
    """What Dovecot counted in the session that ended last."""
    ended = [line for line in servers.logs().splitlines() if "Logged out" in line]
    return next(word.partition("=")[2] for word in ended[-1].split() if word.startswith(figure))


def only_who_is_known_is_spoken_to(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    elsewhere = {"TAIZHANG_IMAP_URL": round_.servers.imaps().replace("127.0.0.1", "localhost"),
                 "TAIZHANG_SMTP_URL": round_.servers.smtps.replace("127.0.0.1", "localhost")}
    for changed, why in ((elsewhere, "证书不是发给这个服务器名的"), ({"SSL_CERT_FILE": ""}, "证书不是可信机构发的"),
                         ({"TAIZHANG_MAIL_PASSWORD": "wrong"}, "不让登录"),
                         ({"TAIZHANG_MAIL_PASSWORD": ""}, "没有密码")):
        with patch.context() as inside:
            for variable, value in changed.items():
                inside.setenv(variable, value)
            for command in (round_.collect, [*round_.dispatch, "--again", "O01"]):
                assert main(command) == 2
                assert why in capsys.readouterr().err
    patch.setenv("TAIZHANG_IMAP_URL", round_.servers.imap)
    assert main(round_.collect) == 1  # another server, as far as anyone knows: all is looked at, nothing is new
    assert not any(one["new"] for one in json.loads(capsys.readouterr().out)["items"])
    patch.setenv("TAIZHANG_IMAP_URL", round_.servers.imaps())


def a_mailbox_that_is_numbered_anew(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    before = len(round_.events("imap"))
    for one in round_.servers.maildir().glob("dovecot*"):
        one.unlink()
    assert main(round_.collect) == 1
    items = json.loads(capsys.readouterr().out)["items"]
    assert len(items) == len(round_.events("received"))
    assert not any(one["new"] for one in items)
    assert len({event["validity"] for event in round_.events("imap")}) == 2
    assert len(round_.events("imap")) == before + before // 2


def folders_in_chinese_and_many_letters(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    on_disk = ".&X1JoYw-.&Zm5s1Q-"
    many = (letter(text=f"第 {at} 封", sender="o01@lx.example") for at in range(520))
    round_.servers.drop(many, HOME, on_disk)
    patch.setenv("TAIZHANG_IMAP_URL", round_.servers.imaps(folder="%E5%BD%92%E6%A1%A3/%E6%99%AE%E6%B3%95"))
    round_.killed("imap", 200, "after", *round_.collect)
    assert main(round_.collect) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {"无附件": 320}
    assert len({event["place"] for event in round_.events("received") if event["verdict"] == "无附件"}) == 521
    patch.setenv("TAIZHANG_IMAP_URL", round_.servers.imaps(folder="%E5%BD%92%E6%A1%A3/%E6%B2%A1%E6%9C%89"))
    assert main(round_.collect) == 2
    told = capsys.readouterr().err.strip().partition("邮箱里有：")[2]
    assert set(told.rstrip("。").split("、")) == {"INBOX", "归档/普法"}


def rows_are_merged_and_wrong_ones_go_back(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    merged = round_.folder / "合并.xlsx"
    for _ in range(2):
        assert main(["merge", str(round_.book), "--from", str(round_.exchange), "-o", str(merged), "--send",
                     "--json"]) == 1
    notes = {key: row.get("备注", "") for key, row in rows_of(merged, "任务").items()}
    filled = {code for code in OFFICES if notes[f"R{code[1:]}"]}
    assert filled == {f"O{at:02}" for at in (1, 2, 3, 4, 5, 6, 7, 11, 12, 19, 20)}
    assert notes["R12"] == "新的"
    _, back = round_.servers.wait_for(address("O26"), 2)
    read = message_from_bytes(back, policy=default)
    assert isinstance(read, EmailMessage)
    assert read["In-Reply-To"].startswith("<O26.")
    assert "“完成时限”填的是“某天”" in read.get_body().get_content()
    capsys.readouterr()


def those_who_said_nothing_are_reminded_once_a_day(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("TAIZHANG_SMTP_URL", round_.servers.smtp)
    patch.setenv("TAIZHANG_IMAP_URL", round_.servers.imaps())
    command = ["remind", str(round_.exchange), "--send", "--json"]
    round_.killed("mailed", 3, "before", *command)
    assert main(command) == 1
    document = json.loads(capsys.readouterr().out)
    late = [one["code"] for one in document["offices"]]
    assert set(late) >= {"O08", "O09", "O10", "O16", "O18", "O26", "O27", "O28", "O29", "O30"}
    assert not {"O01", "O12", "O20"} & set(late)
    assert len(document["unsent"]) == 1
    assert main(command) == 1
    for code in ("O16", "O27"):
        first, reminded = round_.servers.wait_for(address(code), 2)
        assert message_from_bytes(reminded)["In-Reply-To"] == message_from_bytes(first)["Message-ID"]
    assert max(len(round_.brought(code)) for code in late if code not in (GONE, "O26")) == 2


def no_password_is_anywhere(round_: Round, capsys: Say, patch: pytest.MonkeyPatch) -> None:
    assert not [one for one in round_.folder.rglob("*") if one.is_file() and PASSWORD.encode() in one.read_bytes()]


def test_a_round_of_mail(round_: Round, capsys: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    thirty_workbooks_go_out_and_none_goes_twice(round_, capsys, monkeypatch)
    what_an_office_finds_in_its_mailbox(round_, capsys, monkeypatch)
    every_answer_has_its_lines_whatever_is_killed(round_, capsys, monkeypatch)
    the_mailbox_is_as_it_was(round_, capsys, monkeypatch)
    only_who_is_known_is_spoken_to(round_, capsys, monkeypatch)
    a_mailbox_that_is_numbered_anew(round_, capsys, monkeypatch)
    folders_in_chinese_and_many_letters(round_, capsys, monkeypatch)
    rows_are_merged_and_wrong_ones_go_back(round_, capsys, monkeypatch)
    those_who_said_nothing_are_reminded_once_a_day(round_, capsys, monkeypatch)
    no_password_is_anywhere(round_, capsys, monkeypatch)
