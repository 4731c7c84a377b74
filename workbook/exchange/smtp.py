"""An SMTP server (RFC 5321) that we hand letters to: what it refuses, and where the line breaks, in Chinese."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from workbook.exchange import accounts
from workbook.exchange.mail.addresses import addresses, on_the_wire
from workbook.findings import Refusal

URL = "TAIZHANG_SMTP_URL"
_PORTS = {"smtps": 465, "smtp": 587}
_SHAPE = "请写成 smtps://账号%40单位域名@邮件服务器 这样的地址（账号里的 @ 写成 %40）"
_LONGEST_ACCEPTANCE = 600.0
"""Seconds a server may take to accept a text (RFC 5321, 4.5.3.2.6): hanging up earlier makes letters doubtful."""
_STATUS = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
"""An enhanced status code (RFC 3463)."""
_NAMELESS = "[127.0.0.1]"
"""What we call ourselves (RFC 5321, 4.1.3): the name of a computer may be in Chinese, and is nobody's business."""
_LATER = "服务器暂时不收（{told}）。过一会儿再运行一次同样的命令。"
_TOO_LARGE = "信太大，服务器不收（{told}）。请改用别的办法送达。"
_SPAM = "服务器拒收（{told}），可能当成了垃圾邮件。请改用别的办法送达，或问邮箱管理员。"
_NOT_FROM = "服务器不收这个发件地址（{told}）。请核对 TAIZHANG_SMTP_URL 里的账号。"
_NOT_TO = "服务器不收这个收件人（{told}）。请核对邮箱地址。"
_ONLY_ASCII = "邮箱地址里有中文，这个邮件服务器不支持。请换一个邮箱，或改用别的办法送达。"


class Refused(Exception):
    """The server said no: the letter did not go."""


class Broken(Exception):
    """The line broke while a text was handed over."""


class Sender(NamedTuple):
    """How to send: `address` is the sender's; no `password`, no login. Never printed."""

    server: accounts.Server
    address: str
    password: str

    def __repr__(self) -> str:
        return f"Sender({self.server.host}:{self.server.port})"


class Offer(NamedTuple):
    """The addresses that a server takes a text for, and what it says of the others."""

    taken: list[str]
    why: str


def sender() -> Sender:
    """The account that the environment names; raises Refusal where something is missing or unsafe."""
    of = accounts.server(URL, _PORTS, _SHAPE)
    address = of.user if "@" in of.user else f"{of.user or accounts.SERVICE}@{of.host}"
    if addresses(address) != [address] or not address.isascii():
        raise Refusal(f"环境变量 {URL} 里的账号不是邮箱地址，收件人不知道是谁发的。{_SHAPE}。")
    return Sender(of, address, accounts.password_of(of.user))


class Line:
    """A connection that is made when it is needed, and made again after it broke."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def offer(self, to: Sequence[str], data: bytes) -> Offer:
        """Ask the server to take a text for these addresses; raises Refused where it takes it for none.

        Raises Refusal where it cannot be reached, does not let us in, or breaks off again on a new line.
        """
        if self._server is not None:
            with suppress(OSError):
                return self._asked(self._server, to, data)
            self._hang_up()
        self._server = _connected(self.sender)
        try:
            return self._asked(self._server, to, data)
        except OSError as error:
            self._hang_up()
            raise Refusal(f"邮件服务器 {self.sender.server.host} 不等发完就断开（{accounts.broke_off(error)}），"
                          f"余下的没有发。过一会儿再运行一次同样的命令，接着发。") from None

    def deliver(self, data: bytes) -> None:
        """Hand over the text that was offered; raises Refused, and Broken where nobody knows whether it went."""
        server = self._server
        assert server is not None
        try:
            _wait(server, _LONGEST_ACCEPTANCE)
            code, reply = server.data(data)
            _wait(server, accounts.PATIENCE)
        except smtplib.SMTPDataError as error:
            self._forget()
            raise Refused(_said(error.smtp_code, error.smtp_error, _SPAM)) from None
        except OSError as error:
            self._hang_up()
            raise Broken(accounts.broke_off(error)) from None
        if code != 250:
            self._forget()
            raise Refused(_said(code, reply, _SPAM))

    def _asked(self, server: smtplib.SMTP, to: Sequence[str], data: bytes) -> Offer:
        options = [f"size={len(data)}"] if server.has_extn("size") else []
        if not all(on_the_wire(one).isascii() for one in to):
            if not server.has_extn("smtputf8"):
                raise Refused(_ONLY_ASCII)
            options.append("SMTPUTF8")
        code, reply = _answered(server.mail(self.sender.address, options))
        if code != 250:
            self._forget()
            raise Refused(_said(code, reply, _NOT_FROM))
        answers = {one: _answered(server.rcpt(on_the_wire(one))) for one in to}
        taken = [one for one, (code, _) in answers.items() if code in (250, 251)]
        why = "".join(f"{one}：{_said(code, reply, _NOT_TO)}" for one, (code, reply) in answers.items()
                      if one not in taken)
        if not taken:
            self._forget()
            raise Refused(why)
        return Offer(taken, why)

    def _forget(self) -> None:
        """Take back what was begun; a line that is gone is noticed with the next letter."""
        if self._server is not None:
            with suppress(OSError):
                self._server.rset()

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError):
                server.quit()
            server.close()


def _wait(server: smtplib.SMTP, seconds: float) -> None:
    """How long to wait for an answer from now on."""
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _answered(answer: tuple[int, bytes]) -> tuple[int, bytes]:
    """An answer, unless it is that the server hangs up (RFC 5321, 3.8)."""
    if answer[0] == 421:
        raise smtplib.SMTPServerDisconnected("421")
    return answer


def _said(code: int, reply: bytes | str, otherwise: str) -> str:
    """What an answer means, without the words of the server, which may echo ours."""
    status = _STATUS.match(reply if isinstance(reply, bytes) else reply.encode())
    told = f"{code} {status[0].decode()}" if status else str(code)
    if code < 500:
        return _LATER.format(told=told)
    if code == 552 or (status and status[0].endswith((b".3.4", b".2.3"))):
        return _TOO_LARGE.format(told=told)
    return otherwise.format(told=told)


def _connected(by: Sender) -> smtplib.SMTP:
    of, trusted = by.server, accounts.trusted()
    try:
        server = (smtplib.SMTP_SSL(of.host, of.port, _NAMELESS, timeout=accounts.PATIENCE, context=trusted) if of.tls
                  else smtplib.SMTP(of.host, of.port, _NAMELESS, timeout=accounts.PATIENCE))
    except (OSError, UnicodeError) as error:
        raise accounts.unreachable(of, error) from None
    try:
        _let_in(server, by, trusted)
    except smtplib.SMTPAuthenticationError as error:
        server.close()
        raise _not_let_in(by, error) from None
    except (OSError, UnicodeError) as error:
        server.close()
        raise accounts.unreachable(of, error) from None
    except BaseException:
        server.close()
        raise
    return server


def _let_in(server: smtplib.SMTP, by: Sender, trusted: ssl.SSLContext) -> None:
    """Encrypt where that is still to be done, then log in where the server wants it."""
    server.ehlo()
    if not by.server.tls and server.has_extn("starttls"):
        server.starttls(context=trusted)
        server.ehlo()
    elif not (by.server.tls or by.server.local):
        raise Refusal(f"邮件服务器 {by.server.host} 不支持加密，密码和内容会被看见，没有发。请改用 smtps:// 的地址。")
    if by.server.user and server.has_extn("auth"):
        if not by.password:
            raise Refusal(f"邮件服务器 {by.server.host} 要登录，{accounts.without_password(by.server.user)}")
        if not by.password.isascii():
            raise accounts.not_let_in(by.server, "SMTP", by.password)
        server.login(by.server.user, by.password)


def _not_let_in(by: Sender, error: smtplib.SMTPAuthenticationError) -> Refusal:
    if error.smtp_code < 500:
        return Refusal(f"邮件服务器 {by.server.host} 暂时不让登录（{error.smtp_code}）。过一会儿再运行一次。")
    return accounts.not_let_in(by.server, "SMTP", by.password)
