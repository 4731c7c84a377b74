"""The 往来 folder: what was sent, what came back, and the journal from which everything else can be made again.

    往来/journal.ndjson              every event, one line each
    往来/收发登记簿.xlsx             the journal as a clerk reads it
    往来/封签.key                    the seal key; never mailed
    往来/收回/‹id›‹ext›              originals as received
    往来/‹dispatch›/下发/‹代码›.xlsx  what each office was sent
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.disk.locks import locked
from workbook.exchange import journal
from workbook.faults import safe
from workbook.files import long_path, make_folder, read_bytes, stamp, write_atomic
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.disk.spool import Kept

JOURNAL, REGISTER, KEY, LOCK = "journal.ndjson", "收发登记簿.xlsx", "封签.key", ".taizhang.lock"
SENT_FOLDER, RECEIVED_FOLDER = "下发", "收回"
VERDICTS = ("新收", "重复", "旧版", "非本台账", "他单位", "加密", "损坏", "仅云链接", "退信", "自动回复", "无附件",
            "可疑", "疑似涉密")
"""What a message or attachment can turn out to be."""
ID_LENGTH = 16
_KEY_BYTES = 32
_ENDING = re.compile(r"\.[a-z0-9]{1,8}\Z")


class Sent(NamedTuple):
    """The workbook one office was sent: `file` is relative to the folder, `digest` the SHA-256 of its bytes.

    `content` names what it holds, whenever and under whichever dispatch it went out.
    """

    office: str
    code: str
    file: str
    digest: str
    seal: str
    content: str = ""


class Dispatch(NamedTuple):
    """One dispatch to one or several offices; `made` and `due` are ISO, `due` may be ""."""

    id: str
    made: str
    due: str
    ledger_id: str
    offices: tuple[Sent, ...]


class Received(NamedTuple):
    """One message or attachment: `id` names its bytes, `stored` is the original relative to the folder.

    `name` as received, `source` where it came from, `received` when (ISO), `saved` its
    保存时间 or "", `accepted` whether a coordinator let in what was set aside.
    """

    id: str
    office: str
    code: str
    dispatch: str
    stored: str
    verdict: str
    name: str
    source: str
    received: str
    saved: str = ""
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A 往来 folder at `path`; nothing is created until something is written."""

    path: Path

    @classmethod
    def opened(cls, path: str | os.PathLike[str]) -> Exchange:
        """The folder at `path`, which need not exist yet; raises Refusal where a file stands there."""
        if os.path.exists(path) and not os.path.isdir(path):
            raise Refusal(f"{os.fspath(path)}：是文件，不是往来文件夹。请另给一个文件夹。")
        return cls(Path(path))

    def events(self) -> list[dict[str, Any]]:
        """Every event of the journal, in order."""
        return journal.events(self._at(JOURNAL))

    def dispatches(self) -> tuple[Dispatch, ...]:
        """Every dispatch, in order."""
        return tuple(map(_dispatch, self._of("dispatch")))

    def received(self) -> tuple[Received, ...]:
        """Everything that came back, in order of receipt; what was accepted later is marked so."""
        accepted = {event["received"] for event in self._of("accepted")}
        return tuple(_received(event, accepted) for event in self._of("received"))

    def record(self, event: Mapping[str, object]) -> None:
        """Add one event (`event` names its kind; `at`, when it happened, is filled in); hold `lock()` meanwhile.

        Raises Refusal where it cannot be written.
        """
        assert event.get("event"), event
        self._make()
        journal.append(self._at(JOURNAL), {"at": stamp().isoformat(), **event})

    def record_dispatch(self, dispatch: Dispatch, **more: object) -> None:
        """Add a dispatch to the journal; `more` is what letters need (`sender`, `mails`)."""
        offices = [one._asdict() for one in dispatch.offices]
        self.record({"event": "dispatch", **dispatch._asdict(), "offices": offices, **more})

    def record_received(self, received: Received) -> None:
        """Add something that came back to the journal; numbers of persons in names stand masked."""
        told = received._replace(name=safe(received.name), source=safe(received.source))
        self.record({"event": "received", **told._asdict()})

    def store(self, data: bytes, ext: str) -> tuple[str, str]:
        """Keep an original untouched; (its id, its path relative to the folder). The same bytes are kept once."""
        name = original_id(data)
        ending = ext.lower() if _ENDING.match(ext.lower()) else ".bin"
        relative = f"{RECEIVED_FOLDER}/{name}{ending}"
        target = self.path / relative
        if not (os.path.exists(long_path(target)) and read_bytes(target) == data):
            self._make(RECEIVED_FOLDER)
            write_atomic(target, data, durable=True)
        return name, relative

    def write(self, relative: str, data: bytes | Kept) -> None:
        """Put a file of our own making into the folder, in one step."""
        self._make(os.path.dirname(relative))
        write_atomic(self.path / relative, data, durable=True)

    def read(self, relative: str) -> bytes:
        """The bytes of a file of the folder; raises Refusal where it is gone or the path leads outside."""
        target = self.path / relative
        if not target.resolve().is_relative_to(self.path.resolve()):
            raise Refusal(f"{self._at(JOURNAL)}：记着文件夹外面的文件“{relative}”，可能被改动了。请用备份换回来。")
        return read_bytes(target)

    def key(self) -> bytes:
        """The seal key of the folder, made on first use, readable by its owner alone; hold `lock()` meanwhile."""
        target = self._at(KEY)
        if not os.path.exists(long_path(target)):
            self._make()
            write_atomic(target, secrets.token_hex(_KEY_BYTES).encode(), durable=True, private=True)
        try:
            found = bytes.fromhex(read_bytes(target).decode())
        except ValueError:
            found = b""
        if len(found) != _KEY_BYTES:
            raise Refusal(f"{target}：封签密钥坏了，认不出哪些表是从这里下发的。请用备份里的这个文件换回来。")
        return found

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep every other process out; raises Refusal, and says who is in, where one is. Not to be nested."""
        self._make()
        with locked(self._at(LOCK), str(self.path), f"{stamp():%Y-%m-%d %H:%M:%S}"):
            yield

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events() if event["event"] == kind]

    def _at(self, name: str) -> str:
        return str(self.path / name)

    def _make(self, inside: str = "") -> None:
        make_folder(self.path / inside)


def original_id(data: bytes) -> str:
    """The id of an original: the first 16 hexadecimal digits of the SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()[:ID_LENGTH]


def _dispatch(event: Mapping[str, Any]) -> Dispatch:
    offices = tuple(Sent(*(str(one.get(name, "")) for name in Sent._fields)) for one in event["offices"])
    head = {name: str(event.get(name, "")) for name in Dispatch._fields if name != "offices"}
    return Dispatch(**head, offices=offices)


def _received(event: Mapping[str, Any], accepted: set[object]) -> Received:
    texts = {name: str(event.get(name, "")) for name in Received._fields if name != "accepted"}
    return Received(**texts, accepted=bool(event.get("accepted")) or event["id"] in accepted)
