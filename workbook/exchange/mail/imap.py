"""A mailbox on a server, read over IMAP (RFC 9051) and never changed: EXAMINE and BODY.PEEK only.

Which letters were taken is remembered by UIDVALIDITY and UID.
"""

from __future__ import annotations

import base64
import datetime as dt
import imaplib
import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from workbook.exchange import accounts
from workbook.exchange.mail.mime import LARGEST_LETTER, too_large
from workbook.exchange.mail.opening import from_bytes
from workbook.exchange.mail.pieces import Piece
from workbook.findings import Refusal
from workbook.personal import mask

URL = "TAIZHANG_IMAP_URL"
_PORTS = {"imaps": 993, "imap": 143}
_SHAPE = "请写成 imaps://账号%40单位域名@邮件服务器/INBOX 这样的地址（账号里的 @ 写成 %40）"
_AGENT = '("name" "taizhang" "vendor" "taizhang")'
_FAILURES = (OSError, imaplib.IMAP4.error, UnicodeError, ValueError)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LISTED = re.compile(r'\((?P<marks>[^)]*)\) (?:"(?P<mark>[^"\\]|\\.)"|NIL) '
                     r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>\S+))')
_EMPTY = re.compile(r"(?i)\\(?:Noselect|NonExistent)\b")
"""What stands at a name that only holds other folders (RFC 9051, 7.3.1)."""
_SHOWN = 12


class Mailbox(NamedTuple):
    """A folder on a server; the password is asked for apart."""

    server: accounts.Server
    folder: str

    @property
    def place(self) -> str:
        """What the journal calls it."""
        of = self.server
        return mask(f"{of.user}@{of.host}:{of.port}/{self.folder}")


def mailbox() -> Mailbox:
    """The mailbox that the environment names; raises Refusal where it is missing or unsafe."""
    of = accounts.server(URL, _PORTS, _SHAPE)
    if not of.user:
        raise Refusal(f"环境变量 {URL} 的写法不对：没有写账号。{_SHAPE}。")
    return Mailbox(of, of.path or "INBOX")


def from_server(of: Mailbox, password: str, taken: Iterable[Mapping[str, Any]],
                done: Callable[[Mapping[str, object]], None], since: dt.date | None = None,
                begun: Callable[[int], None] = lambda _: None) -> Iterator[Piece]:
    """The pieces of every letter that came after the last one taken, oldest first; with `since` those of every
    letter since that day that was not taken.

    `taken` are events as `done` got them: it is called once all pieces of a letter have been used; `begun` is told
    how many letters wait. Raises Refusal where the server cannot be reached or does not let us in.
    """
    with _connected(of, password) as server:
        validity = _opened(server, of)
        known = {int(one["uid"]) for one in taken if one["mailbox"] == of.place and one["validity"] == validity}
        waiting = _waiting(server, known, since)
        begun(len(waiting))
        for uid, size in waiting:
            yield from _letter(server, of, uid, size)
            done({"event": "imap", "mailbox": of.place, "validity": validity, "uid": uid})


@contextmanager
def _connected(of: Mailbox, password: str) -> Iterator[imaplib.IMAP4]:
    host, port, patience = of.server.host, of.server.port, accounts.PATIENCE
    if not password:
        raise Refusal(f"收邮件要登录，{accounts.without_password(of.server.user)}")
    trusted = accounts.trusted()
    try:
        server = (imaplib.IMAP4_SSL(host, port, ssl_context=trusted, timeout=patience) if of.server.tls
                  else imaplib.IMAP4(host, port, timeout=patience))
    except _FAILURES as error:
        raise accounts.unreachable(of.server, error) from None
    try:
        _encrypt(server, of.server, trusted)
        _let_in(server, of.server, password)
        yield server
    finally:
        with suppress(*_FAILURES):
            server.logout()


def _encrypt(server: imaplib.IMAP4, of: accounts.Server, trusted: ssl.SSLContext) -> None:
    if of.tls:
        return
    try:
        if "STARTTLS" in server.capabilities:
            server.starttls(trusted)
            return
    except _FAILURES as error:
        raise accounts.unreachable(of, error) from None
    if not of.local:
        raise Refusal(f"邮件服务器 {of.host} 不支持加密，密码和内容会被看见，没有收。请改用 imaps:// 的地址。")


def _let_in(server: imaplib.IMAP4, of: accounts.Server, password: str) -> None:
    """Log in, and say who we are where the server wants to know (RFC 2971; 163.com lets nobody read otherwise)."""
    try:
        server.login(of.user, password)
    except (imaplib.IMAP4.abort, OSError) as error:
        raise accounts.unreachable(of, error) from None
    except _FAILURES as error:
        if "UNAVAILABLE" in str(error):
            raise Refusal(f"邮件服务器 {of.host} 暂时不让登录。过一会儿再运行一次。") from None
        raise accounts.not_let_in(of, "IMAP", password) from None
    with suppress(imaplib.IMAP4.error):  # a server without it says so, and is no worse for it
        server.xatom("ID", _AGENT)


def _opened(server: imaplib.IMAP4, of: Mailbox) -> int:
    """Open the folder for reading alone; its UIDVALIDITY."""
    try:
        mark, folders = _folders(server)
        status, told = server.select(f'"{_utf7(of.folder.replace("/", mark))}"', readonly=True)
        validity = server.response("UIDVALIDITY")[1][0]
        if status == "OK" and validity:
            return int(validity)
    except _FAILURES as error:
        raise accounts.unreachable(of.server, error) from None
    if b"Unsafe" in (told[0] or b""):
        raise Refusal(f"邮件服务器 {of.server.host} 把这次登录当成不安全的，不让收。请在网页邮箱的“设置”里"
                      f"重新开通 IMAP 再试，或把邮件存成 .eml 放进文件夹再收。")
    raise Refusal(f"邮箱里打不开文件夹“{of.folder}”。请核对 {URL} 最后一段；邮箱里有：{_told(folders)}。")


def _folders(server: imaplib.IMAP4) -> tuple[str, list[str]]:
    """The mark between the levels of folder names, and the names with / in its place."""
    _, lines = server.list('""', '"*"')
    found = [match for line in lines if isinstance(line, bytes) and (match := _LISTED.match(line.decode("latin-1")))]
    mark = next((one["mark"][-1] for one in found if one["mark"]), "/")
    names = (one["plain"] or re.sub(r"\\(.)", r"\1", one["quoted"]) for one in found
             if not _EMPTY.search(one["marks"]))
    return mark, [_from_utf7(name).replace(mark, "/") for name in names]


def _told(folders: list[str]) -> str:
    more = f"等 {len(folders)} 个" if len(folders) > _SHOWN else ""
    return "、".join(mask(one) for one in folders[:_SHOWN]) + more


def _waiting(server: imaplib.IMAP4, known: set[int], since: dt.date | None) -> list[tuple[int, int]]:
    """The UIDs to be taken, in order, with the letters' sizes in bytes."""
    try:
        wanted = _since(server, since) - known if since else None
        if wanted is not None and not wanted:
            return []
        first = min(wanted) if wanted else max(known, default=0) + 1
        _, lines = server.uid("FETCH", f"{first}:*", "(RFC822.SIZE)")
    except _FAILURES:
        raise _broken() from None
    found = sorted(_sizes(line for line in lines if isinstance(line, bytes)).items())
    # n:* always names the last letter, however old (RFC 9051, 6.4.9)
    return [(uid, size) for uid, size in found if (uid in wanted if wanted else uid >= first)]


def _since(server: imaplib.IMAP4, day: dt.date) -> set[int]:
    _, found = server.uid("SEARCH", "SINCE", f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}")
    return {int(one) for line in found if line for one in line.split()}


def _sizes(lines: Iterable[bytes]) -> dict[int, int]:
    found = {}
    for line in lines:
        uid, size = re.search(rb"\bUID (\d+)", line), re.search(rb"RFC822\.SIZE (\d+)", line)
        if uid and size:
            found[int(uid[1])] = int(size[1])
    return found


def _letter(server: imaplib.IMAP4, of: Mailbox, uid: int, size: int) -> Iterator[Piece]:
    name, origin = f"邮件 {uid}", f"{of.place}\0{uid}"
    if size > LARGEST_LETTER:
        yield Piece(name, b"", verdict="可疑", why=too_large(size), origin=origin)
        return
    try:
        _, found = server.uid("FETCH", str(uid), "(BODY.PEEK[])")
    except _FAILURES:
        raise _broken() from None
    data = next((one[1] for one in found if isinstance(one, tuple)), None)
    if data is not None:  # a letter may be deleted while we read
        yield from from_bytes(data, name, origin)


def _broken() -> Refusal:
    return Refusal("邮件收到一半断了。已登记的都在，再运行一次同样的命令，接着收。")


def _utf7(name: str) -> str:
    """A folder's name in the modified UTF-7 of IMAP (RFC 3501, 5.1.3), fit to stand between quotation marks."""
    encoded = re.sub(r"[^\x20-\x7e]+", lambda match: "&" + base64.b64encode(match[0].encode("utf-16-be")).decode()
                     .rstrip("=").replace("/", ",") + "-", name.replace("&", "&-"))
    return encoded.replace("\\", "\\\\").replace('"', '\\"')


def _from_utf7(name: str) -> str:
    """A folder's name as it is read; what is no such name stays."""
    def meant(match: re.Match[str]) -> str:
        packed = match[1].replace(",", "/")
        return base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-16-be") if packed else "&"

    try:
        return re.sub(r"&([A-Za-z0-9+,]*)-", meant, name)
    except ValueError:
        return name
