"""Postfix and Dovecot on this machine, with their own configuration, ports, users and mailboxes, for one test run.

Nothing of the system's own mail is used or touched, and nothing leaves the machine: letters go to the mailboxes of
the users named here, and those to anybody else come back as Postfix reports them.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from tests.certificates import Authority
from tests.conformance.programs import missing, require

PASSWORD = "shouquanma-123456"
HOME = "tz@lx.example"
"""The coordinator's address."""
_PATIENCE = 30.0
T = TypeVar("T")

_DOVECOT = """
base_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1, 127.0.0.2
auth_failure_delay = 0
mail_location = maildir:~/Maildir
disable_plaintext_auth = no
auth_mechanisms = plain login
imap_id_log = *
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/boxes/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = .
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service auth {{
  unix_listener sasl {{
    mode = 0666
  }}
}}
"""
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mail.lx.example
mydestination =
alias_maps =
virtual_mailbox_domains = static:all
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = texthash:{folder}/users
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
default_transport = error:nothing leaves this machine
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/run/sasl
smtpd_tls_auth_only = yes
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_reject_unlisted_recipient = no
"""
_MASTER = """
127.0.0.1:{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.2:{smtp} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


class MailServers:
    """Both servers, for these users; `authority` signed their certificates."""

    def __init__(self, folder: Path, users: Sequence[str]) -> None:
        self.folder, self.users, self.authority = folder, users, Authority(folder)
        self.smtp_port, self.smtps_port, self.imap_port, self.imaps_port = _free(4)

    @property
    def smtps(self) -> str:
        return f"smtps://{_user(HOME)}@127.0.0.1:{self.smtps_port}"

    @property
    def smtp(self) -> str:
        """The port that wants STARTTLS, at an address of this machine that is not excused from it."""
        return f"smtp://{_user(HOME)}@127.0.0.2:{self.smtp_port}"

    def imaps(self, user: str = HOME, folder: str = "INBOX") -> str:
        return f"imaps://{_user(user)}@127.0.0.1:{self.imaps_port}/{folder}"

    @property
    def imap(self) -> str:
        """The port where encryption begins by STARTTLS, at an address that is not excused from it."""
        return f"imap://{_user(HOME)}@127.0.0.2:{self.imap_port}/INBOX"

    def maildir(self, user: str = HOME, folder: str = "") -> Path:
        """The Maildir of a user, or of one of its folders by the name on disk."""
        return self.folder / "boxes" / user / "Maildir" / folder

    def letters(self, user: str) -> list[bytes]:
        """What lies in a user's mailbox, in order of delivery."""
        found = [one for name in ("new", "cur") for one in (self.maildir(user) / name).glob("*")]
        return [one.read_bytes() for one in sorted(found, key=lambda one: one.stat().st_mtime_ns)]

    def wait_for(self, user: str, letters: int) -> list[bytes]:
        """The same, when so many have been delivered."""
        return _until(lambda: found if len(found := self.letters(user)) >= letters else None, self.logs)

    def drop(self, letters: Iterable[bytes], user: str = HOME, folder: str = "") -> None:
        """Put letters into a mailbox as they are, without a server looking at them."""
        place = self.maildir(user, folder)
        for name in ("tmp", "cur", "new"):
            (place / name).mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(letters):
            (place / "new" / f"{time.time_ns()}.{number}.lx.example").write_bytes(data)
        for one in (place, *place.rglob("*")):
            shutil.chown(one, "nobody", "nogroup")

    def logs(self) -> str:
        return "\n".join(one.read_text("utf-8", "replace")[-3000:] for one in self.folder.glob("*.log"))

    @contextlib.contextmanager
    def running(self) -> Iterator[MailServers]:
        """Started, and stopped by the processes that were started."""
        with contextlib.ExitStack() as stack:
            for command in (self._dovecot(), self._postfix()):
                stack.enter_context(_process(command, self.folder))
            for host, port in (("127.0.0.1", self.smtps_port), ("127.0.0.2", self.smtp_port),
                               ("127.0.0.1", self.imaps_port)):
                _until(lambda host=host, port=port: _open(host, port), self.logs)  # type: ignore[misc]
            yield self

    def _dovecot(self) -> list[str]:
        self._write("dovecot.conf", _DOVECOT)
        return [require("dovecot"), "-F", "-c", str(self.folder / "dovecot.conf")]

    def _postfix(self) -> list[str]:
        for name in ("etc", "queue", "data", "boxes"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        shutil.chown(self.folder / "boxes", "nobody", "nogroup")
        (self.folder / "users").write_text("".join(f"{one} {one}/Maildir/\n" for one in self.users), "ascii")
        self._write("etc/main.cf", _MAIN)
        self._write("etc/master.cf", _MASTER)
        made = subprocess.run([require("postfix"), "-c", str(self.folder / "etc"), "check"], capture_output=True,
                              text=True, check=False)
        assert made.returncode == 0, made.stderr + self.logs()
        return ["/usr/lib/postfix/sbin/master", "-c", str(self.folder / "etc"), "-d"]

    def _write(self, name: str, text: str) -> None:
        certificate, key = self.authority.server("127.0.0.1", "127.0.0.2")
        (self.folder / name).write_text(text.format(
            folder=self.folder, certificate=certificate, key=key, password=PASSWORD, smtp=self.smtp_port,
            smtps=self.smtps_port, imap=self.imap_port, imaps=self.imaps_port), "utf-8")


@contextlib.contextmanager
def mail_servers(*users: str) -> Iterator[MailServers]:
    """Both servers with these users' mailboxes, while they are needed; skips where they cannot run."""
    for program in ("dovecot", "postfix"):
        require(program)
    if getpass.getuser() != "root":
        missing("root 权限（Postfix 和 Dovecot 要用自己的账号运行）")
    with tempfile.TemporaryDirectory(prefix="tz-mail-") as name:  # short: sockets lie in it
        os.chmod(name, 0o755)
        with MailServers(Path(name), users).running() as servers:
            yield servers


@contextlib.contextmanager
def _process(command: list[str], folder: Path) -> Iterator[None]:
    with open(folder / f"{Path(command[0]).name}-output.log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE)


def _user(address: str) -> str:
    return address.replace("@", "%40")


def _free(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def _open(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
        return True
    return False


def _until(found: Callable[[], T | None], logs: Callable[[], str]) -> T:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.02)
    raise AssertionError(logs())
