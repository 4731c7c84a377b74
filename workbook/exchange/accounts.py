"""Which mail servers, and with which password: from the environment and the system's keyring, shown nowhere.

TLS always, except to this machine (RFC 8314): from the first byte (smtps, imaps) or by STARTTLS (smtp, imap).
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from workbook.findings import Refusal

PASSWORD, CERTIFICATES = "TAIZHANG_MAIL_PASSWORD", "SSL_CERT_FILE"
SERVICE = "taizhang"
"""The name under which the system's keyring keeps the password."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PATIENCE = 60.0
"""Seconds that a server may take to answer."""
_BY_CODE = ("163.com", "126.com", "yeah.net", "188.com", "qq.com", "foxmail.com", "sina.com", "sina.cn", "sohu.com",
            "aliyun.com", "139.com", "189.cn")
_CODE_HINT = "这家邮箱要用“授权码”，不是网页登录密码：在网页邮箱的“设置”里开通 {kind}，就能得到"
_NOT_TRUSTED = {
    9: "证书还没有生效，请核对电脑的日期", 10: "证书已经过期", 62: "证书不是发给这个服务器名的",
    64: "证书不是发给这个服务器名的",
}
"""What OpenSSL's verification codes mean to a clerk."""


class Server(NamedTuple):
    """A mail server and who we are there; `tls`: encrypted from the first byte; `path` is the URL's."""

    host: str
    port: int
    tls: bool
    user: str
    path: str

    @property
    def local(self) -> bool:
        """Whether it is this machine."""
        return self.host in LOOPBACK


def server(variable: str, ports: Mapping[str, int], shape: str) -> Server:
    """The server that an environment variable names, by a URL of one of these schemes; the first one is encrypted
    from the first byte. Raises Refusal where the URL is missing, wrong, or has a password in it.
    """
    given = os.environ.get(variable, "").strip()
    if not given:
        raise Refusal(f"没有写用哪个邮箱：环境变量 {variable} 是空的。{shape}。")
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port or ports.get(parts.scheme, 0)
    except ValueError:
        host, port, parts = "", 0, urlsplit("")
    if parts.scheme not in ports or not host:
        raise Refusal(f"环境变量 {variable} 的写法不对。{shape}。")
    if parts.password is not None:
        raise Refusal(f"环境变量 {variable} 里写了密码，容易泄露，没有连接。请去掉它，密码放在 {PASSWORD} 里。")
    tls = parts.scheme == next(iter(ports))
    return Server(host, port, tls, unquote(parts.username or ""), unquote(parts.path.strip("/")))


def password_of(user: str) -> str:
    """The password of a mail account, from the environment or the system's keyring; "" where neither has it."""
    given = os.environ.get(PASSWORD, "")
    if given or not user:
        return given
    try:
        import keyring

        return keyring.get_password(SERVICE, user) or ""
    except Exception:  # not installed, or the system has none that opens
        return ""


def without_password(user: str) -> str:
    """What to do where there is no password."""
    return (f"没有密码：请放在环境变量 {PASSWORD} 里，或存进系统的密码库"
            f"（先 pip install \"taizhang[keyring]\"，再 keyring set {SERVICE} {user}）。")


def trusted() -> ssl.SSLContext:
    """The certificates that are believed: the system's, or those of SSL_CERT_FILE; raises Refusal for a bad file."""
    file = os.environ.get(CERTIFICATES) or None
    try:
        return ssl.create_default_context(cafile=file)
    except OSError:  # ssl.SSLError is one
        raise Refusal(f"环境变量 {CERTIFICATES} 指的证书文件“{file}”读不了。请核对这个文件，或去掉这个变量。") from None


def unreachable(of: Server, error: Exception) -> Refusal:
    """The refusal of a server that did not come to an agreement with us about anything."""
    if isinstance(error, ssl.SSLError):
        return Refusal(f"邮件服务器 {of.host}:{of.port} 的加密连接没有建成：{_untrusted(error)}。")
    return Refusal(f"连不上邮件服务器 {of.host}:{of.port}（{_why(error)}）。请核对地址和网络。")


def not_let_in(of: Server, kind: str, password: str) -> Refusal:
    """The refusal of a server that did not take user and password; `kind` is SMTP or IMAP."""
    hint = _CODE_HINT.format(kind=kind) if of.host.endswith(_BY_CODE) or of.user.endswith(_BY_CODE) else \
        "多数邮箱要用授权码代替密码，并先在网页邮箱的“设置”里开通 " + kind
    if not password.isascii():
        hint = "密码里有中文或全角字符，请核对输入法后重填"
    elif password != password.strip():
        hint = "密码前后有空格，请去掉"
    return Refusal(f"邮件服务器 {of.host} 不让登录：账号或 {PASSWORD} 里的密码不对。{hint}。")


def broke_off(error: Exception) -> str:
    """Why a connection is of no more use, in a few words."""
    return "加密连接出错" if isinstance(error, ssl.SSLError) else _why(error)


def _untrusted(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        told = _NOT_TRUSTED.get(error.verify_code, "")
        return f"{told}，没有连接" if told else (
            f"证书不是可信机构发的，没有连接。单位自建的邮件服务器，请把它的根证书存成文件，用 {CERTIFICATES} 指给程序")
    return "这个端口可能不是加密的。465、993 端口写 smtps://、imaps://，587、143 端口写 smtp://、imap://"


def _why(error: BaseException) -> str:
    """In a few words; smtplib wraps what the system said."""
    if isinstance(error.__context__, OSError):
        error = error.__context__
    if code := getattr(error, "smtp_code", 0):
        return f"服务器答复 {code}"
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return "找不到这个服务器名"
    if isinstance(error, ConnectionRefusedError):
        return "这个端口没有邮件服务"
    return f"等了 {PATIENCE:.0f} 秒没有回答" if isinstance(error, TimeoutError) else "连接断了"
