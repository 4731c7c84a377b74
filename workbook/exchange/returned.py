"""One file that came back: is it a ledger, whose, and since when; what must not be opened is only named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbook.book import recognize
from workbook.exchange import seal
from workbook.exchange.mail.texts import secrecy_mark_in
from workbook.findings import Refusal
from workbook.identity import LEDGER_KEY
from workbook.reading.package import open_package
from workbook.reading.reader import read_content
from workbook.reading.sniff import Container, Unusable
from workbook.reading.unlocking import unlocked
from workbook.reading.xmlstream import parse

if TYPE_CHECKING:
    from workbook.book import Book
    from workbook.ledger import Ledger

_VERDICTS = (
    (r"内容已经丢失", "损坏"), (r"密码|加密", "加密"), (r"恶意|被人改动|不正常", "可疑"),
    (r"网页|程序|压缩包|xlsb|XML 表格|很早的", "可疑"), (r"不是 Excel 工作簿|临时文件", "非本台账"),
)
_MACROS = ("vbaproject.bin", "xl/macrosheets/", "activex/")
_OLD_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Ole10Native"))
_NEVER_OPENED = (
    (rb"\x4c\x00\x00\x00\x01\x14\x02\x00", "快捷方式"), (rb"#!|@echo|(?i:\s*<script|\s*<hta:)", "脚本"),
)
_RISKY_NAME = re.compile(
    r"(?i)\.(?:exe|com|scr|pif|bat|cmd|ps1|vbs?|vbe|jse?|wsf|hta|lnk|msi|reg|jar|iso|img|cpl|html?|mht(?:ml)?|svg|p7m)\Z")
_LOCKED = ((rb"(?s).{0,40}\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", "加密的邮件（S/MIME）"),
           (rb"-----BEGIN PGP MESSAGE", "加密的邮件（PGP）"))
_MODIFIED = "docProps/core.xml"


class Returned(NamedTuple):
    """What a file is: `verdict` and `why` where it is no readable ledger, else who it is.

    `identity` is what most carriers say, `agree` whether none says otherwise, `sealed` whether the seal bears it out;
    `ledger` is the 台账编号 of a ledger without any; `saved` is ISO, local, or ""; `read` is what was read of it.
    """

    verdict: str = ""
    why: str = ""
    identity: seal.Identity | None = None
    agree: bool = True
    sealed: bool = False
    ledger: str = ""
    saved: str = ""
    read: Ledger | None = None


def returned(data: bytes, name: str, key: bytes) -> Returned:
    """Look at one file; `name` only serves to warn, its content decides. Never raises."""
    return looked_at(data, name, [key])._replace(read=None)


def looked_at(data: bytes, name: str, keys: Sequence[bytes]) -> Returned:
    """The same with what was read, sealed with any of these keys."""
    data = unlocked(data)
    mark = secrecy_mark_in(data)
    if mark:
        return Returned("疑似涉密", f"里面有{mark if '密级' in mark else f'密级标志“{mark}”'}。")
    for signature, what in _LOCKED:
        if re.match(signature, data):
            return Returned("加密", f"是{what}，打不开。请解密后放进文件夹再收。")
    risk = _risk(data, name)
    if risk:
        return Returned("可疑", f"{risk}，没有打开。请向发件人核实，要填报的 .xlsx 原件。")
    from workbook.ledger import Ledger

    try:
        ledger = Ledger(recognize(read_content(data, name, notes=True)))
    except Refusal as why:
        return _unreadable(data, str(why).removeprefix(f"{name}："), keys)
    return _secret(ledger) or _ledger(data, ledger, keys)


def _risk(data: bytes, name: str) -> str:
    """What makes a file one that is never opened, else nothing."""
    if data.startswith(Container.ZIP.value) and _has_macros(data):
        return "带宏的 Office 文件"
    if data.startswith(Container.OLE.value):
        return "带宏或嵌入程序的旧版 Office 文件" if any(one in data for one in _OLD_MACROS) else ""
    what = next((what for signature, what in _NEVER_OPENED if re.match(signature, data)), "")
    ending = _RISKY_NAME.search(name)
    if ending and not data.startswith(Container.ZIP.value):
        what = what or f"扩展名是 {ending[0].lower()} 的文件"
    return what


def _has_macros(data: bytes) -> bool:
    try:
        parts = open_package(data).parts
    except Unusable:
        return False
    return any(mark in part for part in parts for mark in _MACROS)


def _unreadable(data: bytes, why: str, keys: Sequence[bytes]) -> Returned:
    if "不是标准台账" in why or "缺少工作表" in why or "表头" in why or "架构版本" in why:
        judged = _judged(seal.carriers(data, {}), keys)
        if judged.identity is None:
            return Returned("非本台账", "是 Excel 表格，不是下发的台账。")
        return Returned("损坏", why, judged.identity, judged.agree, judged.sealed)
    verdict = next((verdict for pattern, verdict in _VERDICTS if re.search(pattern, why)), "损坏")
    return Returned(verdict, why)


def _judged(said: Iterable[seal.Identity | None], keys: Sequence[bytes]) -> seal.Judged:
    """Who a file is, by the key that made its seal where one of these did."""
    found = [seal.judged(said, key) for key in keys or (b"",)]
    return next((one for one in found if one.sealed), found[0])


def _secret(ledger: Ledger) -> Returned | None:
    """A 密级 that is filled in, or a mark in a cell or note, by the rules that check knows them by."""
    from workbook.rules.secrets import secrets_in

    return next((Returned("疑似涉密", f"{one.where}：{one.message}") for one in secrets_in(ledger)), None)


def _ledger(data: bytes, ledger: Ledger, keys: Sequence[bytes]) -> Returned:
    meta = ledger.book.meta
    said = seal.carriers(data, meta)
    judged = _judged(said, keys)
    identity, told = judged.identity, {one for one in said if one is not None}
    agree = len(told) <= 1 and (identity is None or _meta_agrees(ledger.book, identity))
    saved = max(filter(None, (_moment(meta.get(seal.SAVED_KEY, "")), _modified(data))), default=None)
    return Returned("", "", identity, agree, judged.sealed, meta.get(LEDGER_KEY, ""),
                    saved.isoformat() if saved else "", ledger)


def _meta_agrees(book: Book, identity: seal.Identity) -> bool:
    """Whether the cells beside the sealed line, where they are there, say the same."""
    pairs = ((LEDGER_KEY, identity.ledger), (seal.DISPATCH_KEY, identity.dispatch), (seal.CODE_KEY, identity.code))
    return all(book.meta.get(name) in (None, "", value) for name, value in pairs)


def _moment(text: str) -> dt.datetime | None:
    """An ISO moment as local time without zone."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
        return found.astimezone().replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError, OSError):
        return None


def _modified(data: bytes) -> dt.datetime | None:
    """When a program says it last saved the file (dcterms:modified, [ECMA-376] part 2, 11)."""
    texts: list[str] = []
    inside: list[bool] = []
    try:
        package = open_package(data)
        if not package.has(_MODIFIED):
            return None
        parse(package.pieces(_MODIFIED), _MODIFIED, lambda name, _: inside.append(name == "modified"),
              lambda _: inside.__delitem__(-1), lambda text: texts.append(text) if inside and inside[-1] else None)
    except Unusable:
        return None
    return _moment("".join(texts))
