"""The record of a batch: a line of JSON for every file, written as results arrive; a run that was cut off can go on.

The first line tells the command and a digest of its settings, the last one sums up. Paths are
relative to the record's folder, with slashes. A later line about a file counts more than an
earlier one; half a line, as a power cut leaves it, is cut off.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scripts.batch.identity import Content, content_of
from scripts.batch.result import Result, Trade
from workbook.disk.errors import NOT_WRITTEN, explained
from workbook.disk.halves import SHARED, write_all
from workbook.disk.locks import taken
from workbook.disk.system import BINARY
from workbook.faults import safe
from workbook.files import long_path, make_folder, write_atomic
from workbook.findings import Refusal

NAME = "批处理记录.ndjson"
VERSION = 1
_SECONDS_TO_DISK = 5.0


class Entry(NamedTuple):
    """One file's line."""

    file: str
    size: int
    sha256: str
    output: str
    beside: tuple[str, ...]
    status: str
    code: int
    message: str
    seconds: float

    @property
    def content(self) -> Content:
        return Content(self.size, self.sha256)


class Manifest:
    """The record at `path`, open for appending; `settings` is the digest that its results hold for."""

    def __init__(self, path: str, trade: Trade, settings: str, *, resume: bool) -> None:
        self.path, self.trade, self.settings = path, trade, settings
        self.folder = os.path.dirname(os.path.abspath(path))
        self._file = self._locked()
        try:
            self.known = self._known() if resume else {}
            self._begin(resume)
        except BaseException:
            self.release()
            raise

    def relative(self, path: str) -> str:
        """A path as the record writes it, without any person's number in full."""
        try:
            return safe(Path(os.path.relpath(path, self.folder)).as_posix())
        except ValueError:  # another drive
            return safe(Path(path).absolute().as_posix())

    def done(self, source: str) -> Entry | None:
        """The line of a file that need not be worked on: same content, done before, and what was written is there."""
        entry = self.known.get(self.relative(source))
        if entry is None or entry.status in self.trade.again or not entry.sha256:
            return None
        there = all(os.path.exists(os.path.join(self.folder, one)) for one in (entry.output, *entry.beside) if one)
        return entry if there and entry.content == content_of(source) else None

    def add(self, result: Result, content: Content) -> None:
        """Write a file's line."""
        output, *beside = [self.relative(one) for one in result.outputs] or [""]
        self._write(Entry(self.relative(result.source), *content, output, tuple(beside), result.status, result.code,
                          safe(result.message), round(result.seconds, 3))._asdict())

    def close(self, summary: Mapping[str, Any]) -> None:
        """Write the last line, and return when the disk has everything."""
        try:
            self._write({"summary": summary})
            with explained(self.path, NOT_WRITTEN, "批处理记录没有写成"):
                os.fsync(self._file)
        finally:
            self.release()

    def release(self) -> None:
        """Let another run have the record, whatever stopped this one."""
        os.close(self._file)

    def _known(self) -> dict[str, Entry]:
        """What an earlier run recorded, if its settings were these. Raises Refusal for another command's record."""
        if not os.path.getsize(long_path(self.path)):
            return {}
        known: dict[str, Entry] = {}
        head: dict[str, Any] = {}
        with open(long_path(self.path), encoding="utf-8", errors="replace") as file:
            for line in map(_read, file):
                if "command" in line:
                    head, known = line, known if line.get("settings") == self.settings else {}
                elif "file" in line:
                    _remember(known, line)
        if head.get("command") != self.trade.name or head.get("version") != VERSION:
            raise Refusal(f"{self.path}：不是 taizhang {self.trade.name} 的批处理记录，不能接着做。"
                          "请用 --manifest 写对的文件，或去掉 --resume。")
        return known if head.get("settings") == self.settings else {}

    def _locked(self) -> int:
        """The open record, which is ours alone until it is closed. Raises Refusal where another run writes it."""
        make_folder(self.folder)
        with explained(self.path, NOT_WRITTEN, "批处理记录没有写成"):
            file = os.open(long_path(self.path), os.O_RDWR | os.O_CREAT | os.O_APPEND | BINARY, SHARED)
        if not taken(file):
            os.close(file)
            raise Refusal(f"{self.path}：另一个 taizhang 正在做这一批，结果也记在这里。"
                          "请等它做完再试；两批要同时做，用 --manifest 各记各的。")
        return file

    def _begin(self, resume: bool) -> None:
        """Let the record end with its last whole line, or keep it as .bak and begin anew."""
        with explained(self.path, NOT_WRITTEN, "批处理记录没有写成"):
            held = _held(self._file)
            if not resume and held:
                write_atomic(f"{self.path}.bak", held)
            os.ftruncate(self._file, held.rfind(b"\n") + 1 if resume else 0)
        self._synced = time.monotonic()
        self._write({"command": self.trade.name, "version": VERSION, "settings": self.settings})

    def _write(self, line: Mapping[str, Any]) -> None:
        with explained(self.path, NOT_WRITTEN, "批处理记录没有写成"):
            write_all(self._file, json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            if time.monotonic() - self._synced > _SECONDS_TO_DISK:
                os.fsync(self._file)
                self._synced = time.monotonic()


def _read(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _remember(known: dict[str, Entry], line: Mapping[str, Any]) -> None:
    try:
        entry = Entry(**line)
    except TypeError:
        return
    known[entry.file] = entry._replace(beside=tuple(entry.beside))


def _held(file: int) -> bytes:
    """All that an open file holds."""
    os.lseek(file, 0, os.SEEK_SET)
    return b"".join(iter(lambda: os.read(file, 1 << 20), b""))
