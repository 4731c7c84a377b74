"""Letters sent by SMTP, one at a time, each entered in the journal, so that a broken run goes on where it stopped.

TLS always, except to this machine (RFC 8314); the password comes from the environment or
the system's keyring and appears in no message, file or log.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from email.utils import formatdate
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from workbook.exchange.folder import Exchange
from workbook.exchange.letters.dispatch_letters import Mail, composed
from workbook.exchange.letters.drafts import addresses
from workbook.exchange.letters.wording import Sender
from workbook.findings import Refusal

URL, PASSWORD = "TAIZHANG_SMTP_URL", "TAIZHANG_MAIL_PASSWORD"
SERVICE = "taizhang"
"""The name under which the system's keyring keeps the password."""
_PORTS = {"smtps": 465, "smtp": 587}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PATIENCE = 60
_SHAPE = "请写成 smtps://账号%40单位域名@邮件服务器 这样的地址（账号里的 @ 写成 %40）"


class Account(NamedTuple):
    """How to send: `address` is the sender's; no `password`, no login. Never printed."""

    host: str
    port: int
    tls: bool
    user: str
    address: str
    password: str

    def __repr__(self) -> str:
        return f"Account({self.host}:{self.port})"


def account() -> Account:
    """The account that the environment names; raises Refusal where something is missing or unsafe."""
    given = os.environ.get(URL, "")
    if not given:
        raise Refusal(f"没有写怎样发邮件：环境变量 {URL} 是空的。{_SHAPE}，或用 --eml 生成草稿自己发。")
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port, parts = "", 0, urlsplit("")
    user = unquote(parts.username or "")
    if parts.scheme not in _PORTS or not host:
        raise Refusal(f"环境变量 {URL} 的写法不对。{_SHAPE}。")
    if parts.password:
        raise Refusal(f"环境变量 {URL} 里写了密码，容易泄露，没有发。请去掉它，密码放在 {PASSWORD} 里。")
    sender = user if "@" in user else f"{user or SERVICE}@{host}"
    if addresses(sender) != [sender]:
        raise Refusal(f"环境变量 {URL} 里的账号不是邮箱地址，收件人不知道是谁发的。{_SHAPE}。")
    return Account(host, port, parts.scheme == "smtps", user, sender, password_of(user))


def post(exchange: Exchange, sender: Sender, mails: Sequence[Mail], by: Account) -> Iterator[tuple[str, str]]:
    """Send what has not been sent, and say of each office ("" or why it did not go); the caller holds the lock.

    Raises Refusal where the server cannot be reached or does not let us in.
    """
    sent = {(event["dispatch"], event["code"]) for event in exchange.events() if event["event"] == "mailed"}
    waiting = [mail for mail in mails if (mail.dispatch.id, mail.sent.code) not in sent]
    if not waiting:
        return
    server = _connected(by)
    try:
        for mail in waiting:
            why = _sent(server, exchange, sender, mail, by)
            if not why:
                exchange.record({"event": "mailed", "dispatch": mail.dispatch.id, "code": mail.sent.code,
                                 "digest": mail.sent.digest, "to": ", ".join(mail.to)})
            yield mail.share.office.name, why
    finally:
        _quit(server)


def password_of(user: str) -> str:
    """The password of a mail account, from the environment or the system's keyring; "" where neither has it."""
    given = os.environ.get(PASSWORD, "")
    if given or not user:
        return given
    try:
        import keyring  # type: ignore[import-not-found,unused-ignore]

        return keyring.get_password(SERVICE, user) or ""
    except Exception:  # not installed, or the system has none that opens
        return ""


def _connected(by: Account) -> smtplib.SMTP:
    trusted = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or None)
    try:
        server = (smtplib.SMTP_SSL(by.host, by.port, timeout=_PATIENCE, context=trusted) if by.tls
                  else smtplib.SMTP(by.host, by.port, timeout=_PATIENCE))
    except (OSError, smtplib.SMTPException) as error:
        raise Refusal(f"连不上邮件服务器 {by.host}:{by.port}（{_reason(error)}），没有发。"
                      f"请核对地址和网络。") from None
    try:
        _let_in(server, by, trusted)
    except BaseException:
        _quit(server)
        raise
    return server


def _let_in(server: smtplib.SMTP, by: Account, trusted: ssl.SSLContext) -> None:
    """Encrypt where that is still to be done, then log in."""
    try:
        server.ehlo()
        if not (by.tls or by.host in LOOPBACK):
            if not server.has_extn("starttls"):
                raise Refusal(f"邮件服务器 {by.host} 不支持加密，密码和内容会被看见，没有发。请改用 smtps:// 的地址。")
            server.starttls(context=trusted)
            server.ehlo()
        if by.password:
            server.login(by.user, by.password)
    except UnicodeError:
        raise Refusal(f"{PASSWORD} 里的密码有中文或全角字符，邮件服务器不认，没有发。请核对输入法后重填。") from None
    except (OSError, smtplib.SMTPException) as error:
        raise Refusal(f"邮件服务器 {by.host} 不让登录（{_reason(error)}）。"
                      f"请核对账号和 {PASSWORD} 里的密码（多数邮箱要用授权码）。") from None


def _sent(server: smtplib.SMTP, exchange: Exchange, sender: Sender, mail: Mail, by: Account) -> str:
    """Send one; why it did not go, or nothing."""
    data = composed(exchange, sender, mail, unsent=False, by=by.address, date=formatdate(localtime=True))
    try:
        refused = server.sendmail(by.address, mail.to, data)
    except (OSError, smtplib.SMTPException) as error:
        return f"{_reason(error)}。请核对邮箱地址再试。"
    return f"服务器不收 {'、'.join(refused)}。请核对邮箱地址。" if refused else ""


def _reason(error: Exception) -> str:
    """What went wrong, without what the server echoes of us."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "账号或密码不对"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"服务器答复 {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "服务器不收这个收件人"
    if isinstance(error, ssl.SSLError):
        return "加密连接没有建成"
    return "网络断了" if isinstance(error, smtplib.SMTPServerDisconnected) else type(error).__name__


def _quit(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
