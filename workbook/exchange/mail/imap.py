"""A mailbox on a server, read over IMAP (RFC 9051) and never changed: EXAMINE and BODY.PEEK only.

TLS always, except to this machine (RFC 8314). Which letters were taken is remembered by UIDVALIDITY and UID.
"""

from __future__ import annotations

import base64
import imaplib
import os
import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from workbook.exchange.mail.opening import from_bytes
from workbook.exchange.mail.pieces import Piece
from workbook.exchange.posting import LOOPBACK, PASSWORD
from workbook.files import LARGEST_FILE
from workbook.findings import Refusal
from workbook.personal import mask

URL = "TAIZHANG_IMAP_URL"
_PORTS = {"imaps": 993, "imap": 143}
_PATIENCE = 60
_SHAPE = "请写成 imaps://账号%40单位域名@邮件服务器/INBOX 这样的地址（账号里的 @ 写成 %40）"
_AGENT = '("name" "taizhang" "vendor" "taizhang")'
_FAILURES = (OSError, imaplib.IMAP4.error, UnicodeError, ValueError)


class Account(NamedTuple):
    """Where to read; the password is asked for apart and never printed."""

    host: str
    port: int
    tls: bool
    user: str
    folder: str

    @property
    def place(self) -> str:
        """What the journal calls it."""
        return mask(f"{self.user}@{self.host}:{self.port}/{self.folder}")


def account() -> Account:
    """The mailbox that the environment names; raises Refusal where it is missing or unsafe."""
    given = os.environ.get(URL, "")
    if not given:
        raise Refusal(f"没有写收哪个邮箱：环境变量 {URL} 是空的。{_SHAPE}。")
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port, parts = "", 0, urlsplit("")
    if parts.scheme not in _PORTS or not host or not parts.username:
        raise Refusal(f"环境变量 {URL} 的写法不对。{_SHAPE}。")
    if parts.password:
        raise Refusal(f"环境变量 {URL} 里写了密码，容易泄露，没有收。请去掉它，密码放在 {PASSWORD} 里。")
    if parts.scheme == "imap" and host not in LOOPBACK:
        raise Refusal(f"环境变量 {URL} 写的是不加密的 imap://，密码和内容会被看见，没有收。请改用 imaps://。")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Account(host, port, parts.scheme == "imaps", unquote(parts.username), folder)


def from_server(of: Account, password: str, taken: Iterable[Mapping[str, Any]],
                done: Callable[[Mapping[str, object]], None]) -> Iterator[Piece]:
    """The pieces of every letter that was not taken yet, oldest first.

    `taken` are events as `done` got them: it is called once all pieces of a letter have been used. Raises Refusal
    where the server cannot be reached or does not let us in.
    """
    with _connected(of, password) as server:
        validity = _opened(server, of)
        last = max((int(one["uid"]) for one in taken
                    if one["mailbox"] == of.place and one["validity"] == validity), default=0)
        for uid in _waiting(server, last):
            yield from _letter(server, of, uid)
            done({"event": "imap", "mailbox": of.place, "validity": validity, "uid": uid})


@contextmanager
def _connected(of: Account, password: str) -> Iterator[imaplib.IMAP4]:
    trusted = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or None)
    try:
        server = (imaplib.IMAP4_SSL(of.host, of.port, ssl_context=trusted, timeout=_PATIENCE) if of.tls
                  else imaplib.IMAP4(of.host, of.port, timeout=_PATIENCE))
    except _FAILURES as error:
        raise Refusal(f"连不上邮件服务器 {of.host}:{of.port}（{type(error).__name__}），没有收。"
                      f"请核对地址和网络。") from None
    try:
        _let_in(server, of, password)
        yield server
    finally:
        with suppress(*_FAILURES):
            server.logout()


def _let_in(server: imaplib.IMAP4, of: Account, password: str) -> None:
    """Log in, and say who we are where the server wants to know (RFC 2971; 163.com lets nobody read otherwise)."""
    try:
        server.login(of.user, password)
        if "ID" in server.capabilities:
            server.xatom("ID", _AGENT)
    except _FAILURES:
        raise Refusal(f"邮件服务器 {of.host} 不让登录。请核对账号和 {PASSWORD} 里的密码（多数邮箱要用授权码，"
                      f"并在网页上开通 IMAP）。") from None


def _opened(server: imaplib.IMAP4, of: Account) -> int:
    """Open the folder for reading alone; its UIDVALIDITY."""
    try:
        status, _ = server.select(f'"{_utf7(of.folder)}"', readonly=True)
        told = server.response("UIDVALIDITY")[1][0]
        if status == "OK" and told:
            return int(told)
    except _FAILURES:
        pass
    raise Refusal(f"邮箱里打不开文件夹“{of.folder}”。请核对 {URL} 最后一段。")


def _waiting(server: imaplib.IMAP4, last: int) -> list[int]:
    """The UIDs above the last one taken."""
    try:
        _, found = server.uid("SEARCH", "UID", f"{last + 1}:*")
        numbers = [int(one) for line in found if line for one in line.split()]
    except _FAILURES:
        raise _broken() from None
    return sorted(one for one in set(numbers) if one > last)  # n:* always names the last letter (RFC 9051, 6.4.4)


def _letter(server: imaplib.IMAP4, of: Account, uid: int) -> Iterator[Piece]:
    name, origin = f"邮件 {uid}", f"{of.place}\0{uid}"
    try:
        size = _size(server, uid)
        if size > LARGEST_FILE:
            yield Piece(name, b"", verdict="损坏", why=f"邮件有 {size >> 20} MB，太大了，没有收。", origin=origin)
            return
        _, found = server.uid("FETCH", str(uid), "(BODY.PEEK[])")
    except _FAILURES:
        raise _broken() from None
    data = next((one[1] for one in found if isinstance(one, tuple)), None)
    if data is not None:  # a letter may be deleted while we read
        yield from from_bytes(data, name, origin)


def _size(server: imaplib.IMAP4, uid: int) -> int:
    _, found = server.uid("FETCH", str(uid), "(RFC822.SIZE)")
    match = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(one for one in found if isinstance(one, bytes)))
    return int(match[1]) if match else 0


def _broken() -> Refusal:
    return Refusal("邮件收到一半断了。已登记的都在，再运行一次同样的命令，接着收。")


def _utf7(name: str) -> str:
    """A folder's name in the modified UTF-7 of IMAP (RFC 3501, 5.1.3), fit to stand between quotation marks."""
    encoded = re.sub(r"[^\x20-\x7e]+", lambda match: "&" + base64.b64encode(match[0].encode("utf-16-be")).decode()
                     .rstrip("=").replace("/", ",") + "-", name.replace("&", "&-"))
    return encoded.replace("\\", "\\\\").replace('"', '\\"')
