"""Letters, mailboxes and archives as nobody should send them, around one sound return, and what each is taken for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.hostile import making as a
from tests.hostile.making import NAME, XLS, mail, other
from tests.workbook.letters import attachment, enclosed, letter, mailbox, named, outlook, winmail, zipped
from workbook.reading.unlocking import PASSWORD

NEW, AGAIN, ASIDE, OTHER, BROKEN, LOCKED = "新收", "重复", "可疑", "非本台账", "损坏", "加密"
_MANY = 10_000


class Sent(NamedTuple):
    """What arrives, made around a sound return; `verdicts` are the lines it must get, in order; `file` its name."""

    make: Callable[[bytes], bytes]
    verdicts: tuple[str, ...]
    file: str = "来信.eml"
    heavy: bool = False


def _is(make: Callable[[bytes], bytes], *verdicts: str, file: str = "来信.eml", heavy: bool = False) -> Sent:
    return Sent(make, verdicts, file, heavy)


def _names() -> Iterator[tuple[str, Sent]]:
    """The sound return under names that no file should have: it is the content that counts."""
    for name in ("../../../逃.xlsx", "..\\..\\启动\\逃.xlsx", "/etc/cron.d/逃.xlsx", "C:\\Windows\\逃.xlsx",
                 "\\\\127.0.0.1\\share\\逃.xlsx", "CON.xlsx", "NUL", "COM1.xlsx", "台账\u202exslx.exe", "台账.xlsx.exe",
                 "台账.pdf.xlsx", "甲" * 300 + ".xlsx", " ", ".", "..", "台账.xlsx:流:$DATA", "台账.xlsx. ",
                 "~$台账.xlsx", ".htaccess", "desktop.ini", "a\x00.exe", "a\r\nBcc: x@x.example\r\n.xlsx",
                 "$(touch 逃).xlsx", "=cmd|' /C calc'!A0.xlsx", "\u200b\ufeff.xlsx", "%2e%2e%2f逃.xlsx",
                 "\ud800.xlsx"):
        shown = name.encode("unicode_escape").decode()[:40]
        yield f"附件叫 {shown}", _is(lambda book, name=name: letter(a.under(book, name)), NEW)


LETTERS: dict[str, Sent] = dict(_names()) | {
    "完好": _is(lambda book: mail(book), NEW),
    # boundaries and nesting
    "最后的边界没有了": _is(lambda book: mail(book).rpartition(b"--b")[0], NEW),
    "用的不是说的边界": _is(lambda book: mail(book).replace(b'boundary="b', b'boundary="c'), OTHER),
    "没有说边界": _is(lambda book: a.raw(b"Content-Type: multipart/mixed", body=named(book, NAME)), OTHER),
    "边界是空的": _is(lambda book: a.mixed(b"--\r\n" + named(book, NAME) + b"\r\n----\r\n", b""), NEW),
    "里外用同一个边界": _is(lambda book: a.mixed(
        b"--b\r\n" + enclosed(a.mixed(b"--b\r\n" + named(book, NAME) + b"\r\n--b--\r\n")) + b"\r\n--b--\r\n"),
        "无附件", NEW),
    "转发了三层": _is(lambda book: letter(enclosed(letter(enclosed(letter(enclosed(mail(book)))))),
                    ), NEW),
    "套了一百层": _is(lambda book: a.deep(mail(book), 100), ASIDE),
    "边界套了一千层": _is(lambda book: a.alternatives(1000), ASIDE),
    "一万个部分": _is(lambda book: letter(*[b"\r\nx"] * _MANY), ASIDE),
    "四百个附件": _is(lambda book: letter(*[named(b"%d" % at, f"{at}.txt") for at in range(400)]), *[OTHER] * 400,
                 heavy=True),
    # headers
    "主题一兆长": _is(lambda book: mail(book, subject="长" * 300_000), NEW),
    "十万行头": _is(lambda book: mail(book, headers=b"X-A: b\r\n" * 100_000), NEW),
    "主题里藏着头": _is(lambda book: mail(book, subject="好\r\nBcc: x@x.example\r\n\r\n正文"), NEW),
    "主题里藏着控制符": _is(lambda book: mail(book, subject="好\x1b[2J\u202e\x00了"), NEW),
    "头中间有一行乱码": _is(lambda book: mail(book, headers=b"\xff\xfe garbage\r\n"), BROKEN),
    "头里有 NUL": _is(lambda book: mail(book, headers=b"X-\0: \0\0\r\n"), NEW),
    "原样的 GBK 头": _is(lambda book: letter(
        attachment(book, '; filename="台账.xlsx"'.encode("gbk")), headers="X-A: 邮件\r\n".encode("gbk")), NEW),
    "声称的字符集不存在": _is(lambda book: mail(book, headers=b"X-A: =?hex?B?zzzz?= =?x-y?Q?=ZZ?=\r\n")
                     .replace(b"charset=gb18030", b"charset=rot13"), NEW),
    "声称 UTF-8，其实 GBK": _is(lambda book: mail(book).replace(b"charset=gb18030", b"charset=utf-8"), NEW),
    "两个发件人头": _is(lambda book: mail(book, headers=b"From: evil@x.example\r\n"), NEW),
    "名字冒充别的邮箱": _is(lambda book: mail(book).replace(
        b"<bgs@lx.example>", b'"bgs@lx.example" <evil@x.example>', 1), ASIDE),
    "没有发件人": _is(lambda book: mail(book).partition(b"\r\n")[2], ASIDE),
    "一万个发件人": _is(lambda book: mail(book).replace(
        b"<bgs@lx.example>", b",".join(b"<%d@x.example>" % at for at in range(_MANY)), 1), ASIDE),
    "日期乱写": _is(lambda book: mail(book).replace(b"Mon, 24 Nov 2025", b"\xff, 99 Foo 99999"), NEW),
    "时区离谱": _is(lambda book: mail(book).replace(b"+0800", b"+99999999"), NEW),
    "只有头": _is(lambda book: b"From: bgs@lx.example\r\nTo: tz@lx.example\r\n", "无附件"),
    "半行头": _is(lambda book: b"From: bgs@lx.exam", OTHER),
    # names, twice and nowhere
    "没有名称的附件": _is(lambda book: letter(attachment(book, b"")), NEW),
    "同名的两个附件": _is(lambda book: letter(named(book, NAME), named(book + b"\0" * 9, NAME)), NEW, NEW),
    "名称写了三遍": _is(lambda book: a.called(book, b"a.xlsx; filename=b.exe; filename*=utf-8''%E5%8F%B0.xlsx"), NEW),
    "名称分成一千段": _is(lambda book: letter(
        attachment(book, b"".join(b";\r\n filename*%d=a" % at for at in range(1000)))), NEW),
    "名称的段号离谱": _is(lambda book: a.called(book, b"a; filename*99999999999=b; filename*0*=''%zz"), NEW),
    # encodings
    "base64 里夹着垃圾": _is(lambda book: mail(book).replace(b"\r\nUEsDB", b"\r\n!<>UE\0sDB"), NEW),
    "base64 断了": _is(lambda book: (lambda data: data[:len(data) * 2 // 3])(mail(book)), BROKEN),
    "quoted-printable 的附件": _is(lambda book: a.encoded(b"quoted-printable", a.quoted(book)), NEW),
    "quoted-printable 有错": _is(
        lambda book: a.encoded(b"quoted-printable", a.quoted(book)[:-9] + b"=ZZ=\r\n"), BROKEN),
    "uuencode 的附件": _is(lambda book: a.encoded(b"x-uuencode", a.uuencoded(book)), NEW),
    "uuencode 写在正文里": _is(lambda book: letter().rstrip() + b"\r\n\r\n" + a.uuencoded(book), NEW),
    "uuencode 断了": _is(lambda book: letter().rstrip() + b"\r\n\r\n" + a.uuencoded(book)[:3000], BROKEN),
    "没听说过的编码": _is(lambda book: a.encoded(b"x-rot13", book[:50]), BROKEN),
    "分段的信": _is(lambda book: a.raw(
        b'Content-Type: message/partial; id="1"; number=1; total=2', body=named(book, NAME)), BROKEN),
    "附件在别处": _is(lambda book: letter(b'Content-Type: message/external-body; access-type=URL;\r\n '
                     b'URL="http://127.0.0.1:9/a.xlsx"\r\n\r\nContent-Type: application/zip\r\n\r\n'), OTHER),
    # Outlook
    "winmail.dat": _is(lambda book: letter(attachment(winmail((NAME, book)), b'; filename="winmail.dat"')), NEW),
    "winmail.dat 断了": _is(a.torn_winmail, BROKEN),
    "winmail.dat 声称四吉字节": _is(lambda book: letter(attachment(
        winmail((NAME, book)).replace(b"\x0f\x80\x06\x00", b"\x0f\x80\x06\x00\xff\xff\xff\xff", 1), b"")), BROKEN),
    "winmail.dat 一万个附件": _is(lambda book: letter(attachment(winmail(*[("a", b"")] * _MANY), b"")), ASIDE),
    "msg": _is(lambda book: outlook((NAME, book)), NEW, file="来信.msg"),
    "msg 断了": _is(lambda book: outlook((NAME, book))[:-2000], BROKEN, file="来信.msg"),
    "msg 绕圈": _is(a.cyclic, BROKEN, file="来信.msg"),
    "msg 套了六十层": _is(lambda book: a.nested_outlook(book, 60), BROKEN, file="来信.msg"),
    "msg 在信里": _is(lambda book: other(outlook((NAME, book)), "来信.msg"), NEW),
    # archives
    "zip": _is(lambda book: other(zipped([(NAME, book)]), "台账.zip"), NEW),
    "zip 走出文件夹": _is(lambda book: zipped([("../../逃.xlsx", book), ("/逃.xlsx", book), ("C:\\逃.xlsx", book)]),
                    NEW, AGAIN, AGAIN, file="来信.zip"),
    "zip 里同名": _is(lambda book: zipped([(NAME, book), (NAME, book + b"\0")]), NEW, NEW, file="来信.zip"),
    "zip 炸弹": _is(lambda book: a.swollen("a.xlsx"), ASIDE, file="来信.zip", heavy=True),
    "zip 说小了": _is(a.lying_zip, BROKEN, file="来信.zip"),
    "zip 重叠九千次": _is(lambda book: a.overlapping(9000), OTHER, *[AGAIN] * 126, ASIDE, file="来信.zip", heavy=True),
    "zip 一万一千个文件": _is(lambda book: zipped([(f"{at}.txt", b"") for at in range(11_000)]), ASIDE,
                       file="来信.zip", heavy=True),
    "zip 套 zip": _is(lambda book: zipped([("里.zip", zipped([(NAME, book)]))]), NEW, file="来信.zip"),
    "zip 套了六层": _is(lambda book: a.matryoshka(zipped([(NAME, book)]), 6), ASIDE, file="来信.zip"),
    "zip 有密码": _is(a.locked_zip, LOCKED, file="来信.zip"),
    "zip 里是链接": _is(lambda book: a.zip_with(a.linked, b"/etc/passwd"), OTHER, file="来信.zip"),
    "zip 是空的": _is(lambda book: zipped([]), BROKEN, file="来信.zip"),
    "zip 断了": _is(lambda book: zipped([(NAME, book)])[:-100], BROKEN, file="来信.zip"),
    "rar": _is(lambda book: other(b"Rar!\x1a\x07\x01\x00" + bytes(99), "台账.rar"), ASIDE),
    "7z": _is(lambda book: other(b"7z\xbc\xaf\x27\x1c" + bytes(99), "台账.7z"), ASIDE),
    "rar 改名": _is(lambda book: other(b"Rar!\x1a\x07\x01\x00" + bytes(99)), ASIDE),
    # what is no return
    "有打开密码": _is(lambda book: other(a.protected(book, "1234")), LOCKED),
    "Excel 自己的密码": _is(lambda book: other(a.protected(book, PASSWORD)), NEW),
    "带宏的 xlsm": _is(lambda book: other(a.with_part(book, "xl/vbaProject.bin"), "台账.xlsm"), ASIDE),
    "带宏的 xlsx": _is(lambda book: other(a.with_part(book, "xl/vbaProject.bin")), ASIDE),
    "旧版带宏": _is(lambda book: other(
        XLS + "_VBA_PROJECT".encode("utf-16-le") + bytes(999), "台账.xls"), ASIDE),
    "坏了的 xls": _is(lambda book: other(XLS + bytes(999), "台账.xls"), BROKEN),
    "坏了的 et": _is(lambda book: other(XLS + bytes(999), "台账.et"), BROKEN),
    "csv": _is(lambda book: other("编号,名称\r\n1,甲".encode("gbk"), "台账.csv"), OTHER),
    "ods": _is(lambda book: letter(named(zipped([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")]),
        "台账.ods")), BROKEN),
    "程序": _is(lambda book: other(b"MZ" + bytes(99)), ASIDE),
    "快捷方式": _is(lambda book: other(b"L\0\0\0\x01\x14\x02\0" + bytes(99), "台账.xlsx.lnk"), ASIDE),
    "脚本": _is(lambda book: other(b"@echo off\r\n"), ASIDE),
    "网页改名": _is(lambda book: other(b"<html><script>x</script>", "台账.xls"), ASIDE),
    "加密的信": _is(lambda book: other(b"-----BEGIN PGP MESSAGE-----\n", "a.asc"), LOCKED),
    "空附件": _is(lambda book: other(b""), BROKEN),
    # who sent it
    "改成别的股室的代码": _is(lambda book: letter(named(a.recoded(book, "JZG"), NAME), sender="jzg@lx.example"), ASIDE),
    "代码是乱的": _is(lambda book: other(a.recoded(book, "../逃")), ASIDE),
    "别的股室寄来的": _is(lambda book: mail(book, sender="jzg@lx.example"), "他单位"),
    "陌生人寄来的": _is(lambda book: mail(book, sender="x@x.example"), ASIDE),
    # mailboxes
    "mbox": _is(lambda book: mailbox(mail(book), letter(text="好")), NEW, "无附件", file="邮箱.mbox"),
    "mbox 中间坏了一封": _is(lambda book: mailbox(letter(), letter(*[b"\r\nx"] * 600), mail(book)),
                      "无附件", ASIDE, NEW, file="邮箱.mbox"),
    "mbox 里有假的开头": _is(lambda book: mailbox(letter(text="好\nFrom 2025\nFrom: x@x.example"), mail(book)),
                      "无附件", NEW, file="邮箱.mbox"),
}
