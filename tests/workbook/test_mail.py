"""Letters are taken apart by content: every attachment under the name its sender gave it, nothing opened."""

from __future__ import annotations

import base64
import io
import quopri
import random
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.letters import (
    attachment,
    enclosed,
    letter,
    mailbox,
    message_tree,
    named,
    outlook,
    pieces,
    told,
    winmail,
    word,
    zipped,
)
from workbook.exchange.mail import msg, tnef
from workbook.exchange.mail.addresses import address_in
from workbook.exchange.mail.mime import is_message
from workbook.exchange.mail.names import LONGEST_NAME, header_text, shown, text_of, words
from workbook.exchange.mail.opening import DEEPEST, from_path
from workbook.exchange.mail.texts import cloud_link, secrecy_mark, secrecy_mark_in
from workbook.findings import Refusal
from workbook.reading.sniff import Unusable

NAME = "社会救助股2025年台账（定稿）.xlsx"
DATA = bytes(range(256)) * 20
PERSON = "11010519491231002X"


def percent(text: str, charset: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode(charset))


DISPOSITIONS = {
    "RFC 2231，UTF-8": f"; filename*=UTF-8''{percent(NAME, 'utf-8')}".encode(),
    "RFC 2231，GB18030": f"; filename*=gb18030''{percent(NAME, 'gb18030')}".encode(),
    "RFC 2231，写成 GB2312": f"; filename*=gb2312''{percent(NAME, 'gbk')}".encode(),
    "RFC 2231，分成三段": "; filename*0*=utf-8''{};\r\n filename*1*={};\r\n filename*2*={}".format(
        *(percent(NAME[a:b], "utf-8") for a, b in ((0, 5), (5, 12), (12, None)))).encode(),
    "RFC 2231 旁边还有一个英文名": f"; filename=\"tz.xlsx\"; filename*=UTF-8''{percent(NAME, 'utf-8')}".encode(),
    "RFC 2047，UTF-8": f'; filename="{word(NAME)}"'.encode(),
    "RFC 2047，GB18030": f'; filename="{word(NAME, "gb18030")}"'.encode(),
    "RFC 2047，引号外": f"; filename={word(NAME, 'gbk')}".encode(),
    "RFC 2047，从一个字中间截断": b'; filename="=?utf-8?B?' + base64.b64encode(NAME.encode()[:10])
                                  + b'?=\r\n =?utf-8?B?' + base64.b64encode(NAME.encode()[10:]) + b'?="',
    "RFC 2047，Q 编码": b'; filename="=?gbk?Q?'
                        + quopri.encodestring(NAME.encode("gbk"), header=True).replace(b"=\n", b"") + b'?="',
    "直接写 UTF-8": f'; filename="{NAME}"'.encode(),
    "直接写 GB18030": f'; filename="{NAME}"'.encode("gb18030"),
    "没有写，在 Content-Type 里": b"",
}


@pytest.mark.parametrize("how", DISPOSITIONS)
def test_Chinese_attachment_names_come_out_right(how: str) -> None:
    kind = f'application/vnd.ms-excel; name="{word(NAME, "gbk")}"'.encode() if not DISPOSITIONS[how] else b"a/b"
    piece, = pieces(letter(attachment(DATA, DISPOSITIONS[how], kind)))
    assert (piece.name, piece.data, piece.senders) == (NAME, DATA, ("bgs@lx.example",))


def test_a_raw_GBK_name_whose_second_byte_is_a_backslash() -> None:
    name = "誠.xlsx"
    assert b"\\" in name.encode("gbk")
    piece, = pieces(letter(attachment(DATA, b'; filename="' + name.encode("gbk") + b'"')))
    assert piece.name == name


@pytest.mark.parametrize(("text", "meant"), [
    (word("二〇二五年") + " " + word("台账"), "二〇二五年台账"),
    ("=?gb2312?B?" + base64.b64encode("镕基".encode("gbk")).decode() + "?=", "镕基"),
    ("=?utf-8?Q?=E5=8F=B0_=E8=B4=A6?=", "台 账"),
    ("=?unknown-8bit?B?" + base64.b64encode("台账".encode("gbk")).decode() + "?=", "台账"),
    ("=?x-nonsense?B?" + base64.b64encode("台账".encode()).decode() + "?=", "台账"),
    ("没有编码 plain", "没有编码 plain"), ("=?utf-8?B?####?=", ""), ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
])
def test_encoded_words(text: str, meant: str) -> None:
    assert words(text) == meant


@given(st.text(st.characters(codec="gb18030"), max_size=40), st.sampled_from(["utf-8", "gb18030"]), st.integers(1, 7))
def test_words_cut_anywhere_are_joined(text: str, charset: str, size: int) -> None:
    data = text.encode(charset)
    cut = " ".join(f"=?{charset}?B?{base64.b64encode(data[at:at + size]).decode()}?="
                   for at in range(0, len(data), size))
    assert header_text(cut) == text


@given(st.binary(max_size=60), st.sampled_from(["", "utf-8", "gb2312", "latin-1", "utf-16", "idna", "??", "base64"]))
def test_any_bytes_become_a_text(data: bytes, charset: str) -> None:
    text_of(data, charset).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(("given_name", "safe"), [
    ("../../etc/passwd", "passwd"), ("C:\\Windows\\台账.xlsx", "台账.xlsx"), ("a\r\nb\x00.xlsx", "ab.xlsx"),
    ("\u202exslx.exe", "xslx.exe"), ("", "未命名"), ("..", "未命名"), (f"{PERSON}.xlsx", "11010********002X.xlsx"),
])
def test_a_name_is_only_shown(given_name: str, safe: str) -> None:
    assert shown(given_name) == safe


@given(st.text(max_size=300))
def test_a_shown_name_is_short_and_no_path(name: str) -> None:
    found = shown(name)
    assert 0 < len(found) <= LONGEST_NAME
    assert not set(found) & set("/\\\r\n\0")
    assert found not in (".", "..")


@pytest.mark.parametrize(("name", "encoding"), [("儿童福利股 台账.xlsx", "gbk"), ("儿童福利股 台账.xlsx", "utf-8"),
                                                 ("子文件夹/龘龘.xlsx", "gb18030"), ("../../逃.xlsx", "utf-8")])
def test_names_in_a_zip(name: str, encoding: str) -> None:
    piece, = pieces(zipped([(name, DATA)], encoding), "压缩.dat")
    assert (piece.name, piece.data, piece.route) == (name.rpartition("/")[2], DATA, ("压缩.dat",))


def test_what_contains_what() -> None:
    inner = letter(named(DATA, "里.xlsx"), sender="jzg@lx.example", subject="转来的")
    outer = letter(named(zipped([("信.txt", inner)]), "包.bin"), named(DATA, "外.xlsx"), subject="打包")
    assert [(one.name, one.route, one.senders) for one in pieces(outer)] == [
        ("里.xlsx", ("《打包》", "包.bin", "《转来的》"), ("bgs@lx.example", "jzg@lx.example")),
        ("外.xlsx", ("《打包》",), ("bgs@lx.example",))]


def test_a_letter_in_a_letter() -> None:
    found = pieces(letter(enclosed(letter(named(DATA, NAME), subject="原信")), subject="转发"))
    assert [(one.name, one.route) for one in found] == [(NAME, ("《转发》", "《原信》"))]


def test_a_letter_wrongly_put_into_base64() -> None:
    inner = attachment(letter(named(DATA, NAME)), b"; filename=x.eml", b"message/rfc822")
    assert told(letter(inner)) == [("", NAME)]


def test_a_mailbox() -> None:
    box = mailbox(letter(named(DATA, "甲.xlsx")), letter(text="问好\nFrom 此起 2025\n"), letter(named(DATA, "乙.xlsx")))
    assert told(box) == [("", "甲.xlsx"), ("无附件", "《台账》"), ("", "乙.xlsx")]


def test_a_line_that_begins_with_From_is_text_again() -> None:
    part = b"Content-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n\r\na\r\nFrom b\r\n"
    piece, = pieces(mailbox(letter(part)))
    assert piece.data.replace(b"\r", b"").rstrip() == b"a\nFrom b"


def test_a_Maildir_and_what_is_beside_it(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "信箱" / folder).mkdir(parents=True)
    (tmp_path / "信箱/cur/1764.M1:2,S").write_bytes(letter(named(DATA, "甲.xlsx")))
    (tmp_path / "信箱/new/1765.M2").write_bytes(letter(named(DATA, "乙.xlsx")))
    (tmp_path / "信箱/tmp/1766.M3").write_bytes(letter(named(DATA, "半封.xlsx")))
    (tmp_path / "~$乙.xlsx").write_bytes(b"x")
    (tmp_path / "往来").mkdir()
    (tmp_path / "往来/下发.xlsx").write_bytes(DATA)
    assert [one.name for one in from_path(tmp_path, without=tmp_path / "往来")] == ["甲.xlsx", "乙.xlsx"]


def test_nothing_of_this_name(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="找不到"):
        list(from_path(tmp_path / "没有"))


@pytest.mark.parametrize("wrapped", [True, False], ids=["在信里", "单独的"])
def test_winmail_dat_is_opened(wrapped: bool) -> None:
    data = winmail((NAME, DATA), ("第二个.xlsx", b"2"))
    data = letter(attachment(data, b"; filename=winmail.dat", b"application/ms-tnef")) if wrapped else data
    assert [(one.name, one.data) for one in pieces(data)] == [(NAME, DATA), ("第二个.xlsx", b"2")]


def test_a_short_winmail_dat_is_named() -> None:
    assert told(letter(named(winmail((NAME, DATA))[:-50], "winmail.dat")))[-1] == ("损坏", "winmail.dat")


def test_an_Outlook_message_with_one_inside() -> None:
    inner = message_tree(("里.xlsx", DATA), sender="jzg@lx.example", subject="原信")
    found = pieces(outlook((NAME, DATA * 3), ("小.xlsx", b"1"), inner, subject="转发"))
    assert [(one.name, one.data, one.route, one.senders[-1]) for one in found] == [
        (NAME, DATA * 3, ("《转发》",), "bgs@lx.example"), ("小.xlsx", b"1", ("《转发》",), "bgs@lx.example"),
        ("里.xlsx", DATA, ("《转发》", "《原信》"), "jzg@lx.example")]


@pytest.mark.parametrize(("data", "verdict"), [
    (letter(text="收到，谢谢。"), "无附件"),
    (letter(text="见 https://pan.baidu.com/s/1x 提取码 ab12"), "仅云链接"),
    (letter(text="从邮箱发来的超大附件 https://files.office.example/d/1"), "仅云链接"),
    (letter(subject="自动回复: 台账", text="我在休假"), "自动回复"),
    (letter(headers=b"Auto-Submitted: auto-replied\r\n"), "自动回复"),
    (letter(sender="postmaster@163.com", subject="系统退信"), "退信"),
    (letter(sender="MAILER-DAEMON@qq.com", subject="Undelivered Mail Returned to Sender"), "退信"),
    (outlook(text="好的"), "无附件"),
    (outlook(kind="REPORT.IPM.Note.NDR"), "退信"),
    (outlook(kind="REPORT.IPM.Note.IPNRN"), "自动回复"),
    (outlook(text="https://wx.mail.qq.com/ftn/download?func=3&k=1"), "仅云链接"),
], ids=["没有附件", "网盘", "别处的超大附件", "主题说自动回复", "标着自动回复", "163 退信", "QQ 退信", "msg 没有附件",
        "msg 退信", "msg 已读", "msg 超大附件"])
def test_a_letter_with_nothing_attached_says_what_it_is(data: bytes, verdict: str) -> None:
    assert [one.verdict for one in pieces(data)] == [verdict]


REPORT = (b"From: MAILER-DAEMON@lx.example\r\nTo: tz@lx.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
          b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n--B\r\n\r\nsorry\r\n--B\r\n"
          b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; lx\r\n\r\n"
          b"Final-Recipient: rfc822; jzg@lx.example\r\nAction: %s\r\n\r\n--B\r\n"
          b"Content-Type: message/rfc822\r\n\r\n%s\r\n--B--\r\n")


@pytest.mark.parametrize(("action", "verdict"), [
    (b"failed", "退信"), (b"delivered", "自动回复"), (b"delayed", "自动回复"),
])
def test_a_report_of_the_mail_system_is_one_piece(action: bytes, verdict: str) -> None:
    piece, = pieces(REPORT % (action, letter(named(DATA, "下发的.xlsx"))))
    assert (piece.verdict, "jzg@lx.example" in piece.why) == (verdict, True)


def test_a_picture_in_the_signature_is_part_of_the_text() -> None:
    related = (b'Content-Type: multipart/related; boundary="R"\r\n\r\n--R\r\nContent-Type: text/html\r\n\r\n'
               b"<img src=cid:1>\r\n--R\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <1>\r\n"
               b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--R--\r\n")
    assert told(letter(related, named(DATA, NAME))) == [("", NAME)]


def test_nesting_ends_somewhere() -> None:
    data = letter(named(DATA, NAME))
    for _ in range(DEEPEST + 3):
        data = letter(enclosed(data), named(b"+", "旁边.txt"))
    found = told(data)
    assert found.count(("", "旁边.txt")) == DEEPEST
    assert [verdict for verdict, _ in found if verdict] == ["可疑"]  # the letter that was not opened


def test_zip_bombs_are_refused() -> None:
    single = zipped([("大.xlsx", bytes(40 << 20))])
    assert [verdict for verdict, _ in told(single)] == ["可疑"]
    nested = zipped([(f"{number}.zip", single) for number in range(3)])
    assert [verdict for verdict, _ in told(nested)] == ["可疑"] * 3


def test_more_than_anyone_sends_ends_the_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook.exchange.mail.opening.MOST_PIECES", 20)
    inner = zipped([(f"{number}.txt", b"%d" % number) for number in range(15)])
    found = told(zipped([("甲.zip", inner), ("乙.zip", inner)]))
    assert len(found) <= 21
    assert found[-1] == ("可疑", "来件")


def test_a_locked_zip_is_one_piece() -> None:
    data = bytearray(zipped([("甲.xlsx", DATA), ("乙.xlsx", DATA)]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    piece, = pieces(bytes(data), "加密.zip")
    assert (piece.verdict, piece.name, "2 个文件" in piece.why) == ("加密", "加密.zip", True)


def test_one_broken_file_in_a_zip_stops_no_other() -> None:
    data = zipped([("甲.xlsx", b"first" * 9), ("乙.xlsx", b"second" * 9)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.infolist()[0].header_offset
    broken = data[:at + 40] + b"\xff\xff" + data[at + 42:]
    assert told(broken) == [("", "乙.xlsx"), ("损坏", "来件")]


@pytest.mark.parametrize(("data", "is_one"), [
    (letter(), True), (b"Received: by x\r\nFrom: a@b\r\n\r\n", True), ("## 报告信息\n\n| 项目 |\n".encode(), False),
    (b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<html>", False), (b"a: b\nc: d\n", False), (b"", False),
    (b"From a@b.example\nReceived: from c\nSubject: d\n", True), (b"From a@b.example\nhello\n", False),
], ids=["信", "只有两行", "文字台账", "单个文件的网页", "别的文字", "空", "从信箱文件里取出的信", "只像信箱的文字"])
def test_what_is_a_letter(data: bytes, is_one: bool) -> None:
    assert is_message(data) is is_one


def test_a_name_that_poses_as_an_address() -> None:
    assert address_in('"bgs@lx.example" <thief@evil.example>') == "thief@evil.example"


@pytest.mark.parametrize(("text", "mark"), [
    ("秘密★10年", "秘密★"), ("机 密 ★", "机密★"), ("绝密☆", "绝密☆"), ("保密工作", ""), ("严守国家秘密", ""),
    ("宪法宣传★", ""), ("国家秘密\n★重点", ""),
])
def test_marks_of_secrecy(text: str, mark: str) -> None:
    assert secrecy_mark(text) == mark


@pytest.mark.parametrize("data", [
    "秘密★".encode(), "机密★1年".encode("gb18030"), bytes(9) + "秘密★".encode("utf-16-le"),
    zipped([("word/header1.xml", "<w:p><w:t>秘</w:t><w:t>密</w:t><w:t>★</w:t></w:p>".encode())]),
], ids=["文本", "GB18030", "旧版 Word", "docx 页眉，字拆开了"])
def test_marks_of_secrecy_in_files(data: bytes) -> None:
    assert secrecy_mark_in(data)


def test_two_cells_make_no_mark() -> None:
    cells = "<si><t>国家秘密</t></si><si><t>★重点</t></si>".encode()
    assert not secrecy_mark_in(zipped([("xl/sharedStrings.xml", cells)]))


def test_a_plain_link_is_no_cloud_disk() -> None:
    assert cloud_link("http://www.gov.cn/a https://mail.qq.com/") == ""


TREES = st.recursive(st.just(None), lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=8)


def _built(tree: object, path: str, leaves: list[str], pack: random.Random) -> bytes:
    """A file for a leaf, else a letter, archive or mailbox of what is below."""
    if tree is None:
        leaves.append(f"件{path}.xlsx")
        return f"内容{path}".encode()
    assert isinstance(tree, list)
    inside = [(_built(one, f"{path}-{at}", leaves, pack), one) for at, one in enumerate(tree)]
    files = [(f"件{path}-{at}.xlsx", data) for at, (data, _) in enumerate(inside)]
    kind = pack.randrange(4)
    if kind == 0:
        return zipped(files, pack.choice(["utf-8", "gb18030"]))
    if kind == 1:
        return winmail(*files)
    if kind == 2:
        return outlook(*files)
    return letter(*(named(data, name) for name, data in files), subject=path)


@settings(max_examples=60, deadline=None)
@given(TREES, st.randoms(use_true_random=False))
def test_however_nested_every_attachment_is_one_piece(tree: object, pack: random.Random) -> None:
    leaves: list[str] = []
    data = _built([tree], "", leaves, pack)
    found = pieces(data)
    if not any(one.verdict for one in found):  # not deeper than allowed
        assert [one.name for one in found] == leaves
    assert len({one.origin for one in found}) == len(found)
    assert [one.origin for one in found] == [one.origin for one in pieces(data)]


SEEDS = (letter(named(DATA, NAME), enclosed(letter(named(b"1", "二.xlsx")))), winmail((NAME, DATA)),
         outlook((NAME, DATA), message_tree(("里.xlsx", b"1"))), zipped([(NAME, DATA), ("二.xlsx", b"2")], "gbk"),
         mailbox(letter(named(DATA, NAME)), letter()), REPORT % (b"failed", letter()))


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(max_size=4)), max_size=6),
       st.integers(0, 1 << 20))
def test_damaged_mail_never_stops_the_run(seed: bytes, edits: list[tuple[int, bytes]], cut: int) -> None:
    data = bytearray(seed)
    for at, new in edits:
        data[at % len(data):at % len(data) + len(new)] = new
    data = data[:cut % len(data)] if cut % 3 == 0 else data
    assert len(pieces(bytes(data))) >= 1


@given(st.binary(max_size=400))
def test_any_bytes_behind_the_marks(data: bytes) -> None:
    for start in (tnef.MARK, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"From a 2025\nFrom: b@c.d\n",
                  b"From: a@b.c\nTo: d\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"):
        assert len(pieces(start + data)) >= 1


def test_an_OLE_directory_that_leads_in_circles() -> None:
    data = bytearray(outlook((NAME, DATA)))
    at = data.find("__properties_version1.0".encode("utf-16-le"))
    struct.pack_into("<I", data, at + 72, 1)
    with pytest.raises(Unusable):
        msg.read_msg(bytes(data))
