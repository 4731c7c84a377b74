"""Letters: what other mail programs read in them, as drafts and as they are sent."""

from __future__ import annotations

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
from workbook.exchange.letters.drafts import Attached, Head, addressed, message
from workbook.exchange.letters.wording import Letter, Sender, attachment_name, reminder, request
from workbook.exchange.mail.addresses import addresses, addresses_in

SENDER = Sender("临溪县民政局", "民政局2025年台账", "温亦舟", "0000-5550101")


def parsed(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=default)
    assert isinstance(found, EmailMessage)
    return found


class TestDrafts:
    def test_a_draft_opens_unsent_with_everything(self) -> None:
        letter = request(SENDER, "救助股", "柴知秋", "2025-12-05")
        head = Head(["a@office.example.invalid"])
        found = parsed(message(letter, head, [Attached("台账（救助股）.xlsx", b"PK\x03\x04")]))
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
        raw = message(Letter("试", "试"), Head(), [Attached("一个很长的文件名称要分成几个编码词才写得下来.xlsx", b"x")])
        named = raw.partition(b'name="')[2].partition(b'"')[0].decode("ascii")
        assert "".join(part.decode(code or "ascii") if isinstance(part, bytes) else part
                       for part, code in decode_header(named)) == "一个很长的文件名称要分成几个编码词才写得下来.xlsx"

    @given(subject=st.text(max_size=80), body=st.text(max_size=200), name=st.text(min_size=1, max_size=60))
    def test_any_text_stays_inside_its_place(self, subject: str, body: str, name: str) -> None:
        raw = message(Letter(subject, body), Head(["a@b.example.invalid"], name), [Attached(name, b"x")])
        head = raw.partition(b"\r\n\r\n")[0]
        fields = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
        assert fields == [b"To", b"Subject", b"X-Unsent", b"MIME-Version", b"Content-Type"] or not subject
        assert raw.isascii()
        assert max(map(len, raw.split(b"\r\n"))) < 998
        assert [part.get_content_type() for part in message_from_bytes(raw).get_payload()] == [
            "text/plain", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]

    def test_the_same_letter_gives_the_same_bytes(self) -> None:
        assert message(Letter("一", "二"), Head(["a@b.c"])) == message(Letter("一", "二"), Head(["a@b.c"]))

    @pytest.mark.parametrize(("cell", "found"), [
        ("a@b.example.invalid；c＠d.example.invalid", ["a@b.example.invalid", "c@d.example.invalid"]),
        ("无", []), ("", []), ("a@b.c\r\nBcc: x@y.z", ["a@b.c", "x@y.z"]), ("<a@b.c>", []), ("a@b", ["a@b"]),
        ("a@b.c>\nRCPT TO:<x@y.z", []), ("柴知秋@民政.中国", ["柴知秋@民政.中国"]), ("柴知秋jz@b.c", []), ("jz@.c", []),
        ("jz@-b.c", []), ("a@b.c a@b.c", ["a@b.c"]), (f"jz@{'民' * 80}.c", []),
    ])
    def test_only_addresses_become_recipients(self, cell: str, found: list[str]) -> None:
        assert addresses(cell) == found

    @pytest.mark.parametrize(("text", "found"), [
        ("温亦舟 BGS@lx.example；b2＠lx.example", ["bgs@lx.example", "b2@lx.example"]),
        ("请找bgs@lx.example请", ["bgs@lx.example"]), ("柴知秋@民政.中国", ["柴知秋@xn--5bvs5m.xn--fiqs8s"]),
    ])
    def test_addresses_in_a_text(self, text: str, found: list[str]) -> None:
        assert addresses_in(text) == found

    def test_a_letter_that_is_sent_says_from_whom_to_whom_and_what_it_follows(self) -> None:
        head = Head(["jz@office.example.invalid"], answers=["<1@x.invalid>", "<2@x.invalid>"], reply_to="zh@b.invalid",
                    sender="zh@office.example.invalid", date="Fri, 05 Dec 2025 09:00:00 +0800", id="<3@x.invalid>")
        found = parsed(message(Letter("试", "试"), addressed(head, SENDER, "柴知秋")))
        assert (found["From"].addresses[0].display_name, found["From"].addresses[0].addr_spec) == (
            "临溪县民政局", "zh@office.example.invalid")
        assert str(found["To"]) == "柴知秋 <jz@office.example.invalid>"
        assert (found["Reply-To"], found["Message-ID"]) == ("zh@b.invalid", "<3@x.invalid>")
        assert (found["In-Reply-To"], found["References"]) == ("<2@x.invalid>", "<1@x.invalid> <2@x.invalid>")
        assert found["Auto-Submitted"] == "auto-generated"
        assert found["X-Unsent"] is None
        assert not any(part.defects for part in found.walk())

    def test_a_long_name_is_cut_into_lines_that_are_put_together_again(self) -> None:
        name = f"临溪县人民政府{'某某' * 30}台账（救助股）.xlsx"
        raw = message(Letter("试", "试"), Head(), [Attached(name, b"x")])
        assert max(len(line) for line in raw.split(b"\r\n") if b"%" in line) <= 78
        (book,) = parsed(raw).iter_attachments()
        assert book.get_filename() == name

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
            data = composed(exchange, order.sender, mail, Head(mail.to))
            (book,) = parsed(data).iter_attachments()
            assert exchange.key().hex().encode() not in data + book.get_content()
