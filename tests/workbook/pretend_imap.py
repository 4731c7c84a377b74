"""A mail server on this machine that lets a mailbox be read and nothing else; it notes what it was told."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

USER, PASSWORD = "tz@lx.example", "code 1234"


class Server(socketserver.ThreadingTCPServer):
    """`letters` by UID, `days` when they came (compared as text); `heard` are the commands without the password;
    `dies_after` letters it hangs up."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: dict[int, bytes] = {}
        self.days: dict[int, str] = {}
        self.validity = 7
        self.heard: list[str] = []
        self.dies_after = 1 << 30

    @property
    def url(self) -> str:
        return f"imap://{USER.replace('@', '%40')}@127.0.0.1:{self.server_address[1]}/INBOX"


class _Talk(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self.server.heard.append(re.sub(r"(?<=LOGIN ).*", "…", command))
            found = self.answer(command)
            if found is None:
                return
            told, _, status = found.rpartition(b"TAG")
            self.wfile.write(told + tag.encode() + status)

    def answer(self, command: str) -> bytes | None:
        word, _, rest = command.partition(" ")
        if word == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 ID\r\nTAG OK done\r\n"
        if word == "LOGIN":
            return b"TAG OK in\r\n" if rest == f'{USER} "{PASSWORD}"' else b"TAG NO wrong password\r\n"
        if word == "EXAMINE" and not any(one.startswith("ID ") for one in self.server.heard):
            return b"TAG NO EXAMINE Unsafe Login. Please contact kefu@188.com for help\r\n"  # as 163.com says it
        if word == "EXAMINE" and rest == '"INBOX"':
            return b"* OK [UIDVALIDITY %d] ok\r\n* 0 EXISTS\r\nTAG OK [READ-ONLY] done\r\n" % self.server.validity
        if word == "LOGOUT":
            return b"* BYE\r\nTAG OK bye\r\n"
        if word == "LIST":
            return b'* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST () "/" "&U,CNJg-/&Zm5s1Q-"\r\nTAG OK done\r\n'
        return b"TAG OK done\r\n" if word == "ID" else self.of_letters(rest) if word == "UID" else b"TAG NO no\r\n"

    def of_letters(self, command: str) -> bytes | None:
        if listed := re.fullmatch(r"FETCH (\d+):\* \(RFC822\.SIZE\)", command):
            last = [max(self.server.letters)] if self.server.letters else []
            found = sorted({uid for uid in self.server.letters if uid >= int(listed[1])} | set(last))
            lines = (b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, uid, len(self.server.letters[uid]))
                     for uid in found)
            return b"".join(lines) + b"TAG OK done\r\n"
        if command.startswith("SEARCH SINCE "):
            found = sorted(uid for uid, day in self.server.days.items() if day >= command.removeprefix("SEARCH SINCE "))
            return b"* SEARCH %s\r\nTAG OK done\r\n" % " ".join(map(str, found)).encode()
        asked = re.fullmatch(r"FETCH (\d+) \(BODY\.PEEK\[\]\)", command)
        if asked is None:
            return b"TAG BAD only reading\r\n"
        data = self.server.letters[int(asked[1])]
        self.server.dies_after -= 1
        if self.server.dies_after < 0:
            return None
        return b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\nTAG OK done\r\n" % (len(data), data)


@contextmanager
def serving() -> Iterator[Server]:
    """A server while it is needed."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
