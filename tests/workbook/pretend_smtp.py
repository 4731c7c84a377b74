"""An SMTP server on this machine that plays what real ones do on bad days; it notes what it was told."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER = "zh@office.example.invalid"
HANG_UP = "hang up"
"""An answer that is none."""


class Letter(NamedTuple):
    """What arrived: for these addresses, with this text."""

    to: tuple[str, ...]
    data: bytes


class Server:
    """`letters` arrived; `greeted` are the names it was greeted by.

    `plays` says what it answers next at MAIL, RCPT, `RCPT address`, DATA or TEXT (after the text): each answer once,
    `always` again and again; `keeps`: a text is kept although the answer is a bad one.
    """

    def __init__(self, password: str) -> None:
        self.letters: list[Letter] = []
        self.plays: dict[str, list[str]] = {}
        self.always: dict[str, str] = {}
        self.keeps = False
        self.greeted: list[str] = []
        self.password, self.port = password, 0

    def answer(self, server: SMTP, *stages: str) -> str:
        """What is to be said at this stage, or nothing."""
        for stage in stages:
            said = self.plays[stage].pop(0) if self.plays.get(stage) else self.always.get(stage, "")
            if said == HANG_UP:
                server.transport.abort()
            if said:
                return said if said[0].isdigit() else "421 gone"
        return ""

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, data: Any) -> AuthResult:
        return AuthResult(success=data.login == USER.encode() and data.password == self.password.encode(),
                          handled=False)

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
                          ) -> list[str]:
        session.host_name = name
        self.greeted.append(name)
        return answers

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
                          ) -> str:
        if said := self.answer(server, "MAIL"):
            return said
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
                          ) -> str:
        if said := self.answer(server, f"RCPT {address}", "RCPT"):
            return said
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.answer(server, "TEXT")
        if not said or self.keeps:
            assert isinstance(envelope.content, bytes)
            self.letters.append(Letter(tuple(map(str, envelope.rcpt_tos)), envelope.content))
        return said or "250 2.0.0 accepted"


class _Talk(SMTP):
    """DATA can be refused before the text comes."""

    async def smtp_DATA(self, argument: str) -> None:
        said = self.event_handler.answer(self, "DATA")
        if said:
            await self.push(said)
        else:
            await super().smtp_DATA(argument)


class _Playing(Controller):
    def factory(self) -> SMTP:
        return _Talk(self.handler, **self.SMTP_kwargs)


@contextmanager
def serving(password: str = "", *, files: tuple[Path, Path] | None = None, starttls: bool = False, limit: int = 1 << 25,
            utf8: bool = True) -> Iterator[Server]:
    """A server while it is needed: with a password it offers a login, with certificate and key it encrypts."""
    made, context = Server(password), _context(files)
    with socket.create_server(("127.0.0.1", 0)) as free:
        made.port = free.getsockname()[1]
    options: dict[str, Any] = {"tls_context": context} if starttls else {}
    if password:
        options |= {"authenticator": made.authenticate, "auth_require_tls": False}
    playing = _Playing(made, "127.0.0.1", made.port, enable_SMTPUTF8=utf8, data_size_limit=limit,
                       server_hostname="mail.example.invalid", ssl_context=None if starttls else context, **options)
    playing.start()
    try:
        yield made
    finally:
        playing.stop()


def _context(files: tuple[Path, Path] | None) -> ssl.SSLContext | None:
    if files is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    return context
