"""What came back is judged by what it says under its seal, kept as it was, and written down once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.workbook.came_back import changed, folder, saved, sent, taken, verdicts
from tests.workbook.letters import enclosed, letter, mailbox, named, outlook, winmail, zipped
from tests.workbook.odd_files import compound
from workbook import files
from workbook.apart.helper import Limits
from workbook.exchange import journal
from workbook.exchange.apart import Apart
from workbook.exchange.collecting import accept, collect
from workbook.exchange.folder import Exchange
from workbook.exchange.mail.opening import from_path
from workbook.exchange.mailboxes import mailboxes
from workbook.exchange.returned import returned
from workbook.findings import Refusal

PERSON = "11010519491231002X"
SEAL_PARTS = r"sharedStrings|custom\.xml|xl/workbook\.xml"


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    return folder(tmp_path)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    place = tmp_path / "收件箱"
    place.mkdir()
    return place


def put(inbox: Path, *contents: bytes) -> Path:
    for number, data in enumerate(contents):
        (inbox / f"{number:03}").write_bytes(data)
    return inbox


def test_a_return_is_new_and_its_original_is_kept(exchange: Exchange, inbox: Path) -> None:
    data = sent(exchange, "BGS")
    line, = taken(exchange, put(inbox, data))
    assert (line.received.verdict, line.received.office, line.received.code) == ("新收", "办公室", "BGS")
    assert line.received.dispatch == exchange.dispatches()[0].id
    assert exchange.read(line.received.stored) == data
    assert exchange.received() == (line.received,)


@pytest.mark.parametrize("wrap", [
    lambda data: letter(named(data, "台账.dat")), lambda data: outlook(("台账.doc", data)),
    lambda data: mailbox(letter(named(data, "台账.xlsx"))), lambda data: zipped([("台账.xlsx", data)], "gbk"),
    lambda data: letter(named(winmail(("台账.xlsx", data)), "winmail.dat")),
    lambda data: letter(enclosed(letter(named(zipped([("台账.xlsx", data)]), "包.zip")))),
], ids=["eml", "msg", "mbox", "zip", "winmail.dat", "信里的信里的压缩包"])
def test_however_it_comes(exchange: Exchange, inbox: Path, wrap: Callable[[bytes], bytes]) -> None:
    assert verdicts(exchange, put(inbox, wrap(sent(exchange, "BGS")))) == ["新收"]


def test_the_same_bytes_again(exchange: Exchange, inbox: Path) -> None:
    data = sent(exchange, "BGS")
    twice = letter(named(data, "再发一次.xlsx"), subject="怕没收到")
    assert verdicts(exchange, put(inbox, data, twice, letter(named(data, "甲.xlsx")))) == ["新收", "重复", "重复"]


def test_the_same_letter_twice_is_two_letters(exchange: Exchange, inbox: Path) -> None:
    data = letter(named(sent(exchange, "BGS"), "甲.xlsx"))
    assert verdicts(exchange, put(inbox, data, data)) == ["新收", "重复"]
    assert verdicts(exchange, inbox) == ["新收", "重复"]
    assert len(exchange.received()) == 2


@pytest.mark.parametrize(("first", "second", "expected"), [
    ("2099-01-02T08:00:00Z", "2099-01-01T08:00:00Z", ["新收", "旧版"]),
    ("2099-01-01T08:00:00Z", "2099-01-02T08:00:00Z", ["新收", "新收"]),
    ("2099-01-01T08:00:00Z", "2099-01-01T08:00:00Z", ["新收", "新收"]),
], ids=["后收到的保存得早", "后收到的保存得晚", "一样早"])
def test_an_older_save(exchange: Exchange, inbox: Path, first: str, second: str, expected: list[str]) -> None:
    data = sent(exchange, "BGS")
    assert verdicts(exchange, put(inbox, saved(data, first, "改一"), saved(data, second, "改二"))) == expected


def test_an_older_save_of_another_office_is_no_matter(exchange: Exchange, inbox: Path) -> None:
    books = [saved(sent(exchange, code), f"2099-0{month}-01T00:00:00Z") for code, month in (("BGS", 2), ("JZG", 1))]
    assert verdicts(exchange, put(inbox, *books)) == ["新收", "新收"]


def test_an_older_dispatch(tmp_path: Path, inbox: Path) -> None:
    exchange = folder(tmp_path, due=("2025-12-05", "2025-12-20"))
    old, new = sent(exchange, "BGS", 0), sent(exchange, "BGS", 1)
    assert verdicts(exchange, put(inbox, old)) == ["新收"]
    assert verdicts(exchange, put(inbox, new, saved(old, "2099-01-01T00:00:00Z"))) == ["新收", "旧版"]


def test_a_book_of_another_ledger(tmp_path: Path, exchange: Exchange, inbox: Path) -> None:
    other = folder(tmp_path / "别处", office="临溪县水利局")
    bare = changed(sent(other, "BGS"), SEAL_PARTS, r"taizhang1\|[^<\"&]*", "")
    assert verdicts(exchange, put(inbox, sent(other, "BGS"), bare)) == ["非本台账"] * 2
    assert [one.office for one in exchange.received()] == ["", ""]


def test_a_book_of_this_ledger_that_another_folder_sent(tmp_path: Path, exchange: Exchange, inbox: Path) -> None:
    other = folder(tmp_path / "别处", due=("2026-01-05",))
    assert other.dispatches()[0].ledger_id == exchange.dispatches()[0].ledger_id
    assert verdicts(exchange, put(inbox, sent(other, "BGS"))) == ["可疑"]


@pytest.mark.parametrize(("old", "new", "parts"), [
    (r"\|BGS\|", "|JZG|", SEAL_PARTS), (r"\|BGS\|", "|JZG|", "sharedStrings"), (r"\|BGS\|", "|JZG|", r"custom\.xml"),
    (r"[0-9a-f]{32}(?=[<\"&])", "0" * 32, SEAL_PARTS), (r"(\|\d{8}-)\w{6}\|", r"\g<1>000000|", SEAL_PARTS),
    (r"(<t[^>]*>)BGS(</t>)", r"\g<1>JZG\g<2>", "sharedStrings"), (r"taizhang1\|[^<\"&]*", "", SEAL_PARTS),
], ids=["三处都改成别的股室", "只改表里的", "只改属性", "封签改了", "下发编号改了", "旁边的代码改了", "标识都没了"])
def test_what_the_seal_does_not_bear_out_is_set_aside(exchange: Exchange, inbox: Path, old: str, new: str,
                                                      parts: str) -> None:
    line, = taken(exchange, put(inbox, changed(sent(exchange, "BGS"), parts, old, new)))
    assert (line.received.verdict, line.open) == ("可疑", True)
    assert line.received.stored


@pytest.mark.parametrize("part", [r"custom\.xml", r"xl/workbook\.xml", "sharedStrings"])
def test_two_carriers_are_enough(exchange: Exchange, inbox: Path, part: str) -> None:
    assert verdicts(exchange, put(inbox, changed(sent(exchange, "BGS"), part, r"taizhang1\|[^<\"&]*", ""))) == ["新收"]


@pytest.mark.parametrize(("sender", "code", "verdict"), [
    ("bgs@lx.example", "BGS", "新收"), ("BGS@LX.example", "BGS", "新收"), ("stranger@qq.com", "BGS", "可疑"),
    ("bgs@lx.example", "JZG", "他单位"),
])
def test_who_sent_it(exchange: Exchange, inbox: Path, sender: str, code: str, verdict: str) -> None:
    assert verdicts(exchange, put(inbox, letter(named(sent(exchange, code), "甲.xlsx"), sender=sender))) == [verdict]


def test_an_office_writes_from_the_mailboxes_of_its_line_and_of_the_letters_to_it() -> None:
    found = mailboxes([{"event": "dispatch", "people": {"BGS": ["张", "BGS@lx.example；b2＠lx.example"]}},
                       {"event": "mailed", "code": "JZG", "to": "救助股 <jzg@lx.example>"}, {"event": "received"}])
    assert found.of("BGS") == {"bgs@lx.example", "b2@lx.example"}
    assert (found.codes("jzg@lx.example"), found.codes("x@y.example")) == ({"JZG"}, set())


@pytest.mark.parametrize(("text", "office"), [
    ("发往 jzg@lx.example 的邮件没有送达。", "救助股"), ("发往 x@elsewhere.example 的邮件没有送达。", ""),
    ("发往 jzg@lx.example、bgs@lx.example 的邮件没有送达。", ""),
])
def test_a_letter_that_came_back_is_one_line_of_the_office_it_was_for(exchange: Exchange, inbox: Path, text: str,
                                                                      office: str) -> None:
    ours = letter(named(sent(exchange, "JZG"), "甲.xlsx"), sender="tz@lx.example")
    report = letter(enclosed(ours), sender="postmaster@163.com", subject="系统退信", text=text)
    line, = taken(exchange, put(inbox, report))
    assert (line.received.verdict, line.received.office) == ("退信", office)
    assert ("请核对它的邮箱" in line.why) == bool(office)


def test_a_forwarded_letter_needs_both_senders(exchange: Exchange, inbox: Path) -> None:
    inner = letter(named(sent(exchange, "JZG"), "甲.xlsx"), sender="jzg@lx.example")
    strange, known = (letter(enclosed(inner), sender=one, subject=one) for one in ("x@qq.com", "bgs@lx.example"))
    assert verdicts(exchange, put(inbox, strange, known)) == ["可疑", "新收"]


def test_sound_bytes_count_though_a_stranger_sent_them_first(exchange: Exchange, inbox: Path) -> None:
    data = named(sent(exchange, "BGS"), "甲.xlsx")
    strange, own, again = letter(data, sender="x@qq.com"), letter(data), letter(data, sender="x@qq.com", subject="又来")
    assert verdicts(exchange, put(inbox, strange, own, again)) == ["可疑", "新收", "重复"]


def test_what_was_set_aside_is_let_in_by_name(exchange: Exchange, inbox: Path) -> None:
    line, = taken(exchange, put(inbox, letter(named(sent(exchange, "BGS"), "甲.xlsx"), sender="x@qq.com")))
    assert not line.received.accepted
    with exchange.lock():
        accept(exchange, [line.received.id])
        accept(exchange, [line.received.id])
    assert [one.accepted for one in exchange.received()] == [True]
    assert [event["event"] for event in exchange.events()].count("accepted") == 1
    line, = taken(exchange, inbox)
    assert (line.new, line.open, line.received.accepted) == (False, False, True)


def test_only_what_was_set_aside_can_be_let_in(exchange: Exchange, inbox: Path) -> None:
    good, page = taken(exchange, put(inbox, sent(exchange, "BGS"), b"<html><script>alert(1)</script>"))
    for name, why in (("0000", "没有这个编号"), (good.received.id, "新收"), (page.received.id, "认不出")):
        with exchange.lock(), pytest.raises(Refusal, match=why):
            accept(exchange, [name])
    assert not any(one.accepted for one in exchange.received())


def _secret_cell(exchange: Exchange) -> bytes:
    return changed(sent(exchange, "BGS"), "sharedStrings", "修订办法", "修订办法（秘密★10年）")


def _secret_level(exchange: Exchange) -> bytes:
    book = load_workbook(io.BytesIO(sent(exchange, "BGS")))
    sheet = book["报告信息"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "密级")
    row[1].value = "机密"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("made", [
    _secret_cell, _secret_level, lambda exchange: letter(named(sent(exchange, "BGS"), "甲.xlsx"), subject="机密★文件"),
    lambda exchange: letter(named(sent(exchange, "BGS"), "绝密☆甲.xlsx")),
    lambda exchange: letter(text="附件内容属秘密★，请注意"), lambda exchange: "秘密★1年\n".encode("gb18030"),
], ids=["格子里", "填了密级", "主题里", "文件名里", "正文里", "文本文件"])
def test_what_looks_classified_is_named_and_not_taken_in(exchange: Exchange, inbox: Path,
                                                         made: Callable[[Exchange], bytes]) -> None:
    line, = taken(exchange, put(inbox, made(exchange)))
    assert (line.received.verdict, line.received.stored, line.open) == ("疑似涉密", "", True)
    assert not (exchange.path / "收回").exists()
    assert len(line.received.id) == 16
    with exchange.lock(), pytest.raises(Refusal):
        accept(exchange, [line.received.id])


def test_secrecy_work_is_no_secret(exchange: Exchange, inbox: Path) -> None:
    data = changed(sent(exchange, "BGS"), "sharedStrings", "修订办法", "保密工作检查★宪法宣传")
    assert verdicts(exchange, put(inbox, letter(named(data, "保密工作.xlsx"), subject="保密工作"))) == ["新收"]


@pytest.mark.parametrize(("data", "verdict"), [
    (b"\xff\xd8\xff\xe0JFIF", "非本台账"), (b"%PDF-1.7", "非本台账"), ("请查收".encode(), "非本台账"),
    (zipped([("word/document.xml", b"<w/>"), ("[Content_Types].xml", b"<x/>")]), "非本台账"),
    (b"<html><table>", "可疑"), (b"MZ\x90\x00", "可疑"), (b"Rar!\x1a\x07\x00", "可疑"),
    (b"L\0\0\0\x01\x14\x02\0", "可疑"),
    (zipped([("xl/vbaProject.bin", b"x"), ("[Content_Types].xml", b"<x/>")]), "可疑"),
    (compound(Workbook=b"x", _VBA_PROJECT_CUR=b"x"), "可疑"),
    (compound(EncryptedPackage=b"x"), "加密"), (b"", "损坏"), (bytes(100), "损坏"), (b"PK\x05\x06" + bytes(18), "损坏"),
    (b"-----BEGIN PGP MESSAGE-----", "加密"), (bytes.fromhex("3080 06092a864886f70d010703"), "加密"),
], ids=["照片", "PDF", "文字", "Word", "网页", "程序", "rar", "快捷方式", "带宏", "旧版带宏", "有密码", "空", "全是零",
        "空压缩包", "PGP", "S/MIME"])
def test_what_is_no_ledger_is_named(exchange: Exchange, inbox: Path, data: bytes, verdict: str) -> None:
    assert verdicts(exchange, put(inbox, data)) == [verdict]


def test_a_name_can_only_warn(exchange: Exchange, inbox: Path) -> None:
    lines = taken(exchange, put(inbox, letter(named(b"x=1", "表.js"), named(b"\x30\x82", "smime.p7m"),
                                              named(sent(exchange, "BGS"), "表.exe"))))
    assert [one.received.verdict for one in lines] == ["可疑", "可疑", "新收"]


def test_half_a_book_is_broken(exchange: Exchange, inbox: Path) -> None:
    data = sent(exchange, "BGS")
    assert verdicts(exchange, put(inbox, letter(named(data[:len(data) // 2], "甲.xlsx")))) == ["损坏"]


def test_originals_that_may_not_be_opened_have_no_ending_that_opens(exchange: Exchange, inbox: Path) -> None:
    macro = zipped([("xl/vbaProject.bin", b"x"), ("[Content_Types].xml", b"<x/>")])
    lines = taken(exchange, put(inbox, b"<html><script>", b"MZ\x90", macro))
    assert {Path(one.received.stored).suffix for one in lines} == {".bin"}


def test_numbers_of_people_are_written_nowhere_in_full(exchange: Exchange, inbox: Path) -> None:
    strange = letter(named(sent(exchange, "BGS"), f"{PERSON}.xlsx"), sender=f"{PERSON}@qq.com",
                     subject=f"关于 {PERSON}", text=f"身份证号 {PERSON}")
    lines = taken(exchange, put(inbox, strange, letter(text=PERSON, subject=f"没有附件 {PERSON}"),
                                zipped([(f"{PERSON}/{PERSON}.txt", b"x")])))
    told = repr([one.as_json() for one in lines]) + (exchange.path / "journal.ndjson").read_text("utf-8")
    register = load_workbook(exchange.path / "收发登记簿.xlsx")
    told += repr([cell.value for sheet in register for row in sheet.iter_rows() for cell in row])
    assert PERSON[:-1] not in told
    assert "11010********002X" in told


def test_the_register_has_a_line_for_each(exchange: Exchange, inbox: Path) -> None:
    lines = taken(exchange, put(inbox, letter(named(sent(exchange, "BGS"), "甲.xlsx"), named(b"%PDF-", "乙.pdf")),
                                letter(text="在吗"), sent(exchange, "JZG")))
    rows = list(load_workbook(exchange.path / "收发登记簿.xlsx")["收回"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(lines) == 4
    assert [[row[2], row[3]] for row in rows] == [[one.received.verdict, one.received.name] for one in lines]


def test_the_originals_outside_stay_untouched(exchange: Exchange, inbox: Path) -> None:
    put(inbox, letter(named(sent(exchange, "BGS"), "甲.xlsx")), zipped([("../../../逃.xlsx", sent(exchange, "JZG"))]))
    before = {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in inbox.iterdir()}
    taken(exchange, inbox)
    assert {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in inbox.iterdir()} == before
    assert not list(exchange.path.parent.rglob("逃*"))


def test_a_folder_from_which_nothing_was_sent(tmp_path: Path, inbox: Path) -> None:
    with pytest.raises(Refusal, match="没有下发过"):
        list(collect(Exchange.opened(tmp_path / "空"), from_path(put(inbox, b"x")), returned))
    assert not (tmp_path / "空").exists()


class Killed(BaseException):
    """The power went."""


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, write: int, after: bool) -> Iterator[list[int]]:
    """The n-th write of the run is the last thing that happens, or does not happen any more."""
    done = [0]

    def fragile(real: Callable[..., object]) -> Callable[..., object]:
        def one(*given: object, **more: object) -> object:
            done[0] += 1
            if done[0] == write and not after:
                raise Killed
            found = real(*given, **more)
            if done[0] == write:
                raise Killed
            return found
        return one

    with monkeypatch.context() as patch:
        patch.setattr(files, "new_file", fragile(files.new_file))
        patch.setattr(files, "replace", fragile(files.replace))
        patch.setattr(journal, "append", fragile(journal.append))
        yield done


def _state(exchange: Exchange) -> object:
    lines = [(one.id, one.verdict, one.name, one.stored, one.code) for one in exchange.received()]
    kept = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in (exchange.path / "收回").iterdir()
            if not one.name.startswith("~")}
    rows = load_workbook(exchange.path / "收发登记簿.xlsx")["收回"].max_row
    return lines, kept, rows


@pytest.mark.parametrize("after", [False, True], ids=["写之前", "写之后"])
def test_killed_at_any_write_and_run_again_nothing_is_twice_and_nothing_missing(
        tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    monkeypatch.setattr("tests.workbook.came_back.returned", lru_cache(returned))
    whole = folder(tmp_path / "一次做完")
    data = sent(whole, "BGS")
    put(inbox, letter(named(data, "甲.xlsx"), named(b"%PDF-", "乙.pdf")), letter(named(data, "再.xlsx"), subject="再"),
        zipped([("丙.xlsx", sent(whole, "JZG"))]), letter(text="在吗"))
    taken(whole, inbox)
    expected, write = _state(whole), 0
    while True:
        write += 1
        broken = folder(tmp_path / f"断在{write}")
        try:
            with killed_at(monkeypatch, write, after):
                taken(broken, inbox)
            break
        except Killed:
            taken(broken, inbox)
        assert _state(broken) == expected
    assert write > 10


def test_a_file_that_the_reader_dies_of_is_set_aside_and_the_next_is_read(exchange: Exchange) -> None:
    key = exchange.key()
    starved, usual = Apart(Limits(seconds=60, memory=1)), Apart()
    try:
        assert starved.look(sent(exchange, "BGS"), "甲", key).verdict == "可疑"
        assert usual.look(sent(exchange, "BGS"), "甲", key).sealed
    finally:
        starved.stop()
        usual.stop()
